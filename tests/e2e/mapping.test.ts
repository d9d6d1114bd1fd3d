import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, type RunningServer, startBrowser, startServer, visit, WEB_BUILT } from '../support/application.ts';
import { findings } from './axe.ts';
import { PatientsPage, TwinPage } from './pages.ts';

const READ_MS = 60_000;
const why = CHROMIUM
  ? WEB_BUILT
    ? ''
    : ' (the web application is not built: npm run build)'
  : ' (no Chromium: set MSDT_CHROMIUM)';

/** Counts of an amplifier, whose header says nothing that a program could know. */
function table(name: string, separator = ';') {
  const lines = ['export of a lab amplifier', ['Ch1', 'Ch2', 'AccX', 'Trigger'].join(separator)];
  for (let i = 0; i < 3000; i++) {
    const burst = i % 1000 < 500 ? 900 : 40;
    const [a, b] = [Math.sin(i * 2.1) * Math.sin(i * i), Math.sin(i * 1.7) * Math.cos(i * i)];
    lines.push([Math.round(burst * a), Math.round(burst * b), i % 50, i % 1000 === 0 ? 1 : 0].join(separator));
  }
  return { name, mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) };
}

/** The form as a person speaks of it. */
class MappingForm {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async opened(): Promise<void> {
    await this.page.getByTestId('mapping').waitFor({ timeout: READ_MS });
  }

  says(words: string | RegExp): Promise<void> {
    return this.page.getByRole('status').getByText(words).first().waitFor({ timeout: 10_000 });
  }

  async set(label: string, column: string, value: string): Promise<void> {
    const field = this.page.getByLabel(`${label} of ${column}`, { exact: true });
    if ((await field.evaluate((element) => element.tagName)) === 'SELECT') await field.selectOption(value);
    else await field.fill(value);
  }

  button(name: string | RegExp) {
    return this.page.getByTestId('mapping').getByRole('button', { name });
  }
}

describe.skipIf(why !== '')(`the columns of a table in Chromium${why}`, () => {
  let browser: Browser;
  let server: RunningServer;

  beforeAll(async () => {
    browser = await startBrowser();
    server = await startServer();
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  it(
    'a researcher drops a table of counts, says what its columns are, keeps that, and reads the next table by it',
    async () => {
      const { page, errors } = await visit(browser, server.url);
      const form = new MappingForm(page);
      await page.getByTestId('files-input').setInputFiles(table('trial-1.csv'));
      await form.opened();
      await form.says(/how fast it was sampled/);
      expect(await form.button('Import with this mapping').isDisabled()).toBe(true);

      await form.set('Measures', 'Ch1', 'emg');
      await form.set('Unit', 'Ch1', 'uV');
      await form.set('Muscle', 'Ch1', 'erectorSpinae');
      await form.set('Measures', 'Ch2', 'emg');
      await form.set('Measures', 'Trigger', 'leave-out');
      await form.set('Scale', 'Ch1', '0.25x');
      await form.says(/scale cannot be 0.25x/);
      await form.set('Scale', 'Ch1', '0,25');
      await form.button('Same for Ch2').click();
      await form.set('Side', 'Ch1', 'left');
      await form.set('Side', 'Ch2', 'right');
      await form.set('Unit', 'AccX', '[g]');
      await page.getByLabel('Rate, Hz').fill('1000');
      await form.says(/EMG, 2 channels at 1000 Hz · Inertial sensor, 1 channel at 1000 Hz/);
      expect(await findings(page)).toEqual([]);

      await page.getByLabel('Save as').fill('lab amplifier');
      await form.button('Save mapping').click();
      await expect.poll(() => page.getByLabel('Mapping', { exact: true }).inputValue()).toBe('lab amplifier');
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        form.button('Download mapping as JSON').click(),
      ]);
      const kept = JSON.parse(await readFile((await download.path()) as string, 'utf8'));
      expect(kept.streams[0]).toMatchObject({
        rateHz: 1000,
        channels: [{ column: 'Ch1', scale: 0.25, side: 'left' }, { unit: 'uV' }, {}],
      });

      await form.button('Import with this mapping').click();
      await page.getByRole('button', { name: 'Create and upload' }).click();
      const motion = await new TwinPage(page).motion();
      await motion.ready(READ_MS);
      await motion.lanes().getByText('Ch1').first().waitFor({ timeout: READ_MS });

      // the next one, in another dialect of CSV, from the palette and by the keyboard
      await page.keyboard.press('Control+k');
      await page.getByLabel('Search commands').fill('map columns');
      await page.keyboard.press('Enter');
      await page.getByTestId('tables-input').setInputFiles(table('trial-2.csv', '\t'));
      await form.opened();
      await page.getByLabel('Mapping', { exact: true }).selectOption('lab amplifier');
      await form.says(/EMG, 2 channels at 1000 Hz/);
      await form.button('Import with this mapping').click();
      const card = page.getByTestId('upload').filter({ hasText: 'trial-2.csv' });
      await card.getByText(/^read(;|$)/).waitFor({ timeout: READ_MS });
      expect(errors).toEqual([]);
      await page.context().close();
    },
    READ_MS * 2,
  );

  it(
    'a clinician drops a table of visits, says what its columns mean, and reads it into the record',
    async () => {
      const { page, errors } = await visit(browser, server.url);
      const form = new MappingForm(page);
      const text = 'when;Surname;ODI;b;c;d\n03/04/2026;Doe;44;7;0,9;x\n05/05/2026;Doe;38;six;0,2;y\n';
      const visits = { name: 'visits.csv', mimeType: 'text/csv', buffer: Buffer.from(text) };
      await page.getByTestId('files-input').setInputFiles(visits);
      await form.opened();
      await form.says(/leave open which number is the month/);
      expect(await page.getByTestId('mapping').innerText()).not.toContain('Doe');
      await page.getByLabel('03/04/2026 is').selectOption('day-first');
      await form.set('Unit', 'ODI', '%');
      await form.set('Means', 'b', 'pain.leg');
      await form.set('Means', 'c', 'lab.crp');
      expect(await page.getByLabel('Unit of c', { exact: true }).inputValue()).toBe('');
      await form.set('Unit', 'c', 'mg/dL');
      await form.says('Reads as 5 dated facts; never taken: Surname');
      await form.says(/row 3, column b/);
      expect(await findings(page)).toEqual([]);
      await page.getByLabel('Save as').fill('spine clinic');
      await form.button('Save mapping').click();
      await expect.poll(() => page.getByLabel('Mapping', { exact: true }).inputValue()).toBe('spine clinic');
      await form.button('Import with this mapping').click();
      await page.getByRole('button', { name: 'Create and upload' }).click();
      const card = page.getByTestId('upload').filter({ hasText: 'visits.csv' });
      await card.getByText(/^read(;|$)/).waitFor({ timeout: READ_MS });
      expect(errors).toEqual([]);
      await page.context().close();
    },
    READ_MS * 2,
  );

  it('fits a phone in the light theme, and leaves a table a table', async () => {
    const { page, errors } = await visit(browser, server.url, { width: 390, height: 844 });
    await page.getByRole('button', { name: 'Light theme' }).click();
    await page.getByTestId('files-input').setInputFiles(table('list.csv'));
    const form = new MappingForm(page);
    await form.opened();
    await form.says(/how fast it was sampled/);
    expect(await findings(page)).toEqual([]);
    const wider = await page.getByTestId('mapping').evaluate((element) => element.scrollWidth - element.clientWidth);
    expect(wider).toBeLessThanOrEqual(0);
    await form.button('Keep as a plain table').click();
    await page.getByRole('button', { name: 'Create and upload' }).click();
    await page.getByTestId('upload').getByRole('button', { name: 'Map columns…' }).click({ timeout: READ_MS });
    await form.opened();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByTestId('mapping').count()).toBe(0);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('asks nothing of tables that speak for themselves', async () => {
    const { page } = await visit(browser, server.url);
    const rows = Array.from({ length: 500 }, (_, i) => `${i / 1000},${Math.sin(i).toFixed(4)}`);
    const buffer = Buffer.from(['time (s),EMG L4 left [mV]', ...rows].join('\n'));
    await new PatientsPage(page).dropFiles([{ name: 'known.csv', mimeType: 'text/csv', buffer }]);
    expect(await page.getByTestId('mapping').count()).toBe(0);
    await page.context().close();
  });
});
