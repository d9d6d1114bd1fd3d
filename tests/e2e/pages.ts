/** The screens as a person speaks of them. */

import type { Download, Locator, Page } from 'playwright-core';

/** As long as reading files and all that is measured on them may take on a busy machine. */
export const ANALYSIS_MS = 180_000;

/** The list of twins. */
export class PatientsPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  twin(alias: string): Locator {
    return this.page.getByTestId('twin').filter({ hasText: alias });
  }

  async open(alias: string): Promise<TwinPage> {
    await this.page.getByRole('button', { name: `Open ${alias}` }).click();
    return new TwinPage(this.page);
  }

  /** Opens the twin that was made last. */
  async openLast(): Promise<TwinPage> {
    await this.page
      .getByRole('button', { name: /^Open / })
      .last()
      .click();
    return new TwinPage(this.page);
  }

  /** Gives files to the drop zone, takes the proposed pseudonym, and lands on the new twin. */
  async dropFiles(files: Parameters<Locator['setInputFiles']>[0]): Promise<TwinPage> {
    await this.page.getByTestId('files-input').setInputFiles(files);
    await this.page.getByRole('button', { name: 'Create and upload' }).click();
    await this.page.getByRole('navigation', { name: 'Screens' }).waitFor();
    return new TwinPage(this.page);
  }
}

/** One twin: the frame around all its screens. */
export class TwinPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async spine(): Promise<SpineScreen> {
    await this.page.getByRole('navigation', { name: 'Screens' }).getByText('Spine').click();
    await this.page.getByTestId('scene').waitFor();
    return new SpineScreen(this.page);
  }

  async motion(): Promise<MotionScreen> {
    await this.page.getByRole('navigation', { name: 'Screens' }).getByText('Motion').click();
    await this.page.getByTestId('lanes').or(this.page.getByTestId('stage')).first().waitFor();
    return new MotionScreen(this.page);
  }

  async inference(): Promise<InferenceScreen> {
    await this.page.getByRole('navigation', { name: 'Screens' }).getByText('Inference').click();
    await this.page.getByTestId('risk-card').waitFor();
    return new InferenceScreen(this.page);
  }

  async overview(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Screens' }).getByText('Overview').click();
  }

  /** nothing runs any more */
  async idle(): Promise<void> {
    await this.page.getByLabel(/^jobs \d+ running/).waitFor({ state: 'detached', timeout: ANALYSIS_MS });
  }
}

/** 3D, slices and the panel. */
export class SpineScreen {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  slice(plane: 'axial' | 'sagittal' | 'coronal'): Locator {
    return this.page.getByTestId(`slice-${plane}`);
  }

  level(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** the large numbers of the whole column */
  number(name: RegExp): Locator {
    return this.page.getByLabel('Numbers of the whole column').getByRole('button', { name });
  }

  async panel(name: 'Spine' | 'Labels' | 'Measure' | 'About'): Promise<void> {
    await this.page.getByRole('tablist', { name: 'Panels' }).getByRole('tab', { name }).click();
  }

  /** Moves all labels by one level, through the question what it means. */
  async shiftLabels(way: 'up' | 'down'): Promise<void> {
    await this.panel('Labels');
    await this.page.getByRole('button', { name: `Shift ${way}` }).click();
    await this.page
      .getByRole('alertdialog', { name: 'Shift labels' })
      .getByRole('button', { name: `Shift ${way}` })
      .click();
    await this.panel('Spine');
  }

  measurements(): Locator {
    return this.page.getByTestId('measurement');
  }

  /** Draws a distance over the middle of a slice. */
  async drawDistance(
    plane: 'axial' | 'sagittal' | 'coronal',
    from: [number, number],
    to: [number, number],
  ): Promise<void> {
    const box = await this.slice(plane).boundingBox();
    if (!box) throw new Error(`the ${plane} slice is not on the screen`);
    await this.page.keyboard.press('d');
    for (const [x, y] of [from, to]) await this.page.mouse.click(box.x + box.width * x, box.y + box.height * y);
    await this.page.keyboard.press('Escape');
  }

  async export(item: string | RegExp): Promise<Download> {
    await this.page.getByRole('button', { name: 'Export', exact: true }).click();
    return downloadOf(this.page, () => this.page.getByRole('menuitem', { name: item }).first().click());
  }
}

/** Body, lanes and the panels of motion. */
export class MotionScreen {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  lanes(): Locator {
    return this.page.getByTestId('lanes');
  }

  stage(): Locator {
    return this.page.getByTestId('stage');
  }

  /** one of the buttons for what stands on the stage */
  layer(name: string): Locator {
    return this.page.getByRole('toolbar', { name: 'Layers of the stage' }).getByRole('button', { name, exact: true });
  }

  /** what stands on the stage beside bodies */
  async extras(): Promise<string> {
    return (await this.stage().getAttribute('data-extras')) ?? '';
  }

  /** all lanes that are shown have their curves */
  async ready(timeout = ANALYSIS_MS): Promise<void> {
    await this.page.waitForFunction(
      () => {
        const { lanes, read } = document.querySelector<HTMLElement>('[data-testid="lanes"]')?.dataset ?? {};
        return Number(lanes) > 0 && lanes === read;
      },
      undefined,
      { timeout },
    );
  }

  async panel(name: 'Window' | 'Compare' | 'Clocks' | 'Calibration' | 'Similarity' | 'About'): Promise<void> {
    await this.page.getByRole('tablist', { name: 'Panels' }).getByRole('tab', { name }).click();
  }

  /** seconds under the cursor */
  async time(): Promise<number> {
    const text = (await this.page.getByTestId('motion-time').textContent()) ?? '';
    const [seconds, minutes = '0'] = text.replace(' s', '').split(':').reverse();
    return 60 * Number(minutes) + Number(seconds);
  }

  /** Puts the cursor at a share of the lanes' width. */
  async seek(share: number): Promise<void> {
    const box = await this.lanes().locator('section canvas').first().boundingBox();
    if (box) await this.page.mouse.click(box.x + share * box.width, box.y + 60);
  }

  /** Brushes a window, from one share of the lanes' width to another. */
  async brush(from: number, to: number): Promise<void> {
    const box = await this.lanes().locator('section canvas').first().boundingBox();
    if (!box) throw new Error('the lanes are not on the screen');
    const y = box.y + 60;
    await this.page.mouse.move(box.x + from * box.width, y);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + ((from + to) / 2) * box.width, y, { steps: 4 });
    await this.page.mouse.move(box.x + to * box.width, y, { steps: 4 });
    await this.page.mouse.up();
  }

  /** a row of the table of the window: the numbers of one channel */
  row(channel: string | RegExp): Locator {
    return this.page.getByLabel('Numbers of the window').getByRole('row', { name: channel });
  }

  async session(title: string | RegExp): Promise<void> {
    await this.page.getByRole('toolbar', { name: 'Motion' }).getByRole('button').first().click();
    await this.page.getByRole('menuitem', { name: title }).click();
  }
}

/** Risk, its reasons, the chord graph, the graph of the patient, suggestions. */
export class InferenceScreen {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  risk(): Locator {
    return this.page.getByTestId('risk-card');
  }

  /** what the newest assessment did to the number */
  move(): Locator {
    return this.page.getByTestId('risk-move');
  }

  async tab(name: 'Patient' | 'Graph' | 'Over time' | 'Cohort' | 'Model'): Promise<void> {
    await this.page.getByRole('tablist', { name: 'Inference' }).getByRole('tab', { name }).click();
  }

  /** Assesses as of a day. */
  async setIndexDate(day: string): Promise<void> {
    await this.page.getByRole('button', { name: /^Index date/ }).click();
    await this.page.getByLabel('Index date', { exact: true }).last().fill(day);
    await this.page.getByRole('button', { name: 'Assess as of this day' }).click();
  }

  driver(name: RegExp): Locator {
    return this.page.getByTestId('drivers').getByRole('button', { name });
  }

  /** Walks the ribbons of the chord graph by keys until one is reached; what it says. */
  async walkTo(ribbon: RegExp, most = 120): Promise<string> {
    const list = this.page.getByRole('listbox', { name: 'Ribbons of the chord graph' });
    await list.focus();
    for (let i = 0; i < most; i++) {
      await this.page.keyboard.press('ArrowRight');
      const says = (await list.locator('[aria-selected="true"]').getAttribute('aria-label')) ?? '';
      if (ribbon.test(says)) return says;
    }
    throw new Error(`no ribbon says ${ribbon}`);
  }

  /** all behind one feature */
  sheet(): Locator {
    return this.page.getByTestId('feature-sheet');
  }

  /** rows of the table of contributions and what stands under them, read at one moment */
  async contributions(): Promise<{ parts: number[]; intercept: number; logit: number }> {
    const { parts, feet } = await this.page.getByLabel('Table of contributions').evaluate((table) => {
      const texts = (cells: string) => [...table.querySelectorAll(cells)].map(({ textContent }) => textContent);
      return { parts: texts('tbody td:nth-child(5)'), feet: texts('tfoot tr td:first-of-type') };
    });
    return { parts: parts.map(numberOf), intercept: numberOf(feet[0]), logit: numberOf(feet[1]) };
  }

  node(name: RegExp): Locator {
    return this.page.getByTestId('patient-graph').getByRole('option', { name });
  }
}

/** What to do next, beside the risk. */
export class SuggestionsColumn {
  readonly page: Page;
  readonly redFlags: Locator;

  constructor(page: Page) {
    this.page = page;
    this.redFlags = page.getByLabel('Red flags', { exact: true });
  }

  card(id: string): Locator {
    return this.page.getByTestId(`suggestion-${id}`);
  }

  async answerRedFlag(finding: string, word: 'Yes' | 'No'): Promise<void> {
    const all = this.redFlags.getByRole('button', { name: 'Show all' });
    if (await all.isVisible()) await all.click();
    await this.page.getByTestId(`ask-${finding}`).getByRole('button', { name: word }).click();
  }

  async override(id: string, reason: string): Promise<void> {
    await this.card(id).getByRole('button', { name: 'Override' }).click();
    const form = this.card(id).getByRole('form', { name: 'Override with a reason' });
    await form.getByRole('textbox', { name: 'Reason' }).fill(reason);
    await form.getByRole('button', { name: 'Override', exact: true }).click();
  }
}

/** The form that asks what the columns of a table are. */
export class MappingForm {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  sheet(): Locator {
    return this.page.getByTestId('mapping');
  }

  async opened(): Promise<void> {
    await this.sheet().waitFor({ timeout: ANALYSIS_MS });
  }

  async says(words: string | RegExp): Promise<void> {
    await this.page.getByRole('status').getByText(words).first().waitFor();
  }

  async set(label: string, column: string, value: string): Promise<void> {
    const field = this.page.getByLabel(`${label} of ${column}`, { exact: true });
    if ((await field.evaluate((element) => element.tagName)) === 'SELECT') await field.selectOption(value);
    else await field.fill(value);
  }

  button(name: string | RegExp): Locator {
    return this.sheet().getByRole('button', { name });
  }

  /** Keeps the mapping under a name, and waits until it is the one that is used. */
  async save(name: string): Promise<void> {
    await this.page.getByLabel('Save as').fill(name);
    await this.button('Save mapping').click();
    const chosen = this.page.getByLabel('Mapping', { exact: true }).locator('option:checked', { hasText: name });
    await chosen.waitFor({ state: 'attached' });
  }

  /** A file among the uploads has been read. */
  async read(file: string): Promise<void> {
    const card = this.page.getByTestId('upload').filter({ hasText: file });
    await card.getByText(/^read(;|$)/).waitFor({ timeout: ANALYSIS_MS });
  }
}

/** The number a cell shows, with a real minus sign. */
export function numberOf(text: string | null | undefined): number {
  return Number((text ?? '').replace('\u2212', '-'));
}

/** What the browser saves when `act` is done. */
export async function downloadOf(page: Page, act: () => Promise<void>): Promise<Download> {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  return download;
}
