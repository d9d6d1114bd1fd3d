/** The screens as a person speaks of them. */

import type { Download, Locator, Page } from 'playwright-core';

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
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.page.getByRole('menuitem', { name: item }).first().click(),
    ]);
    return download;
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
  async ready(timeout: number): Promise<void> {
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

  node(name: RegExp): Locator {
    return this.page.getByTestId('patient-graph').getByRole('option', { name });
  }
}
