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
