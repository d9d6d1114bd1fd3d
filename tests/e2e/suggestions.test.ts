import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, type RunningServer, startBrowser, startServer, visit, WEB_BUILT } from '../support/application.ts';
import { ROOT } from '../support/source-tree.ts';
import { spineBundle } from '../support/spine-bundle.ts';
import { findings } from './axe.ts';
import { PatientsPage, type TwinPage } from './pages.ts';

const ANALYSIS_MS = 150_000;
const why = CHROMIUM
  ? WEB_BUILT
    ? ''
    : ' (the web application is not built: npm run build)'
  : ' (no Chromium: set MSDT_CHROMIUM)';

const BUNDLE = { name: 'patient.fhir.json', mimeType: 'application/fhir+json', buffer: Buffer.from(spineBundle()) };

/** What to do next, beside the risk. */
class Suggestions {
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

async function openInference(twin: TwinPage): Promise<Suggestions> {
  const { page } = twin;
  await page.getByRole('navigation', { name: 'Screens' }).getByText('Inference').click();
  const suggestions = new Suggestions(page);
  await suggestions.redFlags.first().waitFor({ timeout: ANALYSIS_MS });
  return suggestions;
}

/** Drops files on whatever is on the screen. */
async function drop(page: Page, folder: string, names: readonly string[]): Promise<void> {
  const files = await Promise.all(
    names.map(async (name) => [name, (await readFile(join(folder, name))).toString('base64')] as const),
  );
  const transfer = await page.evaluateHandle((given) => {
    const data = new DataTransfer();
    for (const [name, text] of given)
      data.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
    return data;
  }, files);
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
}

describe.skipIf(why !== '')(`suggestions in Chromium${why}`, () => {
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
    'a clinician imports a bundle, answers a question, sees a red flag, and overrides it with a reason',
    async () => {
      const { page, errors } = await visit(browser, server.url);
      const twin = await new PatientsPage(page).dropFiles([BUNDLE]);
      const suggestions = await openInference(twin);
      await page
        .getByText(/ODI|Oswestry/)
        .first()
        .waitFor({ timeout: ANALYSIS_MS });
      expect(await suggestions.redFlags.textContent()).toContain('none fires');

      await suggestions.answerRedFlag('flag.saddleNumbness', 'Yes');
      await suggestions.card('R01').waitFor({ timeout: ANALYSIS_MS });
      expect(await suggestions.redFlags.getByTestId('suggestion-R01').count()).toBe(1);
      expect(await suggestions.card('R01').textContent()).toMatch(/Emergency MRI.*Saddle numbness: yes/s);

      // an override without a reason is not taken
      await suggestions.override('R01', ' ');
      expect(await suggestions.card('R01').textContent()).toContain('An override needs a reason');
      await suggestions.card('R01').getByRole('button', { name: 'Cancel' }).click();
      await suggestions.override('R01', 'MRI of this morning shows no compression');
      await expect
        .poll(() => suggestions.card('R01').textContent())
        .toContain('overridden: “MRI of this morning shows no compression”');

      // the decision stays, and a new one stands beside it
      await page.reload();
      await suggestions.card('R01').getByRole('button', { name: 'Unfold' }).click();
      await suggestions.card('R01').getByRole('button', { name: 'Change decision' }).click();
      await suggestions.card('R01').getByRole('button', { name: 'Accept' }).click();
      await expect.poll(() => suggestions.card('R01').textContent()).toContain('accepted');
      await suggestions.card('R01').getByRole('button', { name: 'Unfold' }).click();
      expect(await suggestions.card('R01').getByLabel('Earlier decisions').textContent()).toContain('overridden');

      // the answer is taken back, and the red flag with it
      await page.getByRole('button', { name: /^Take back/ }).click();
      await suggestions.card('R01').waitFor({ state: 'detached', timeout: ANALYSIS_MS });
      await page.getByRole('button', { name: 'Undo' }).first().click();
      await suggestions.card('R01').waitFor({ timeout: ANALYSIS_MS });
      expect(await findings(page)).toEqual([]);
      expect(errors).toEqual([]);
      await page.context().close();
    },
    ANALYSIS_MS * 2,
  );

  it(
    'a reason leads to its fact in the record, and the record says what was left out',
    async () => {
      const { page, errors } = await visit(browser, server.url);
      const twin = await new PatientsPage(page).dropFiles([BUNDLE]);
      const suggestions = await openInference(twin);
      await page
        .getByLabel('Suggestions', { exact: true })
        .getByRole('button', { name: /Duration of symptoms/ })
        .first()
        .click({ timeout: ANALYSIS_MS });
      const record = page.getByTestId('record');
      await record.waitFor();
      await record
        .locator('[data-chosen]')
        .getByText(/Lumbar radiculopathy|Low back pain/)
        .first()
        .waitFor();
      await record.getByText('Not taken over').click();
      expect(await record.textContent()).toContain('Practitioner');
      expect(await record.textContent()).not.toContain('Example');
      await record.getByRole('textbox', { name: 'Search the record' }).fill('protein');
      await expect.poll(() => record.getByText('C-reactive protein').count()).toBe(1);
      await expect.poll(() => record.getByText('Oswestry').count()).toBe(0);
      await page.keyboard.press('Escape');
      await record.waitFor({ state: 'detached' });
      expect(await suggestions.redFlags.count()).toBe(1);
      expect(await findings(page)).toEqual([]);
      expect(errors).toEqual([]);
      await page.context().close();
    },
    ANALYSIS_MS * 2,
  );

  it(
    'a recording of muscle joins the record, and the risk and its interval move',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'msdt-emg-'));
      const args = [
        join(ROOT, 'src/cli/main.ts'),
        'simulate',
        '--motion',
        'bend',
        '--taken-at',
        '2026-03-01T09:00:00Z',
      ];
      await promisify(execFile)(process.execPath, [...args, '--out', folder], { maxBuffer: 2 ** 26 });
      const { page, errors } = await visit(browser, server.url);
      const twin = await new PatientsPage(page).dropFiles([BUNDLE]);
      await openInference(twin);
      const logit = page.getByText(/Intercept of the setting/);
      const before = await logit.first().textContent({ timeout: ANALYSIS_MS });
      // the skeleton tells when the trunk bends: the phases of flexion and extension
      await drop(page, folder, ['emg.parquet', 'skeleton.parquet']);
      await page.getByTestId('risk-move').waitFor({ timeout: ANALYSIS_MS });
      await expect.poll(() => logit.first().textContent(), { timeout: ANALYSIS_MS }).not.toBe(before);
      expect(await page.getByTestId('risk-move').textContent()).toMatch(/%.*→.*%/s);
      await rm(folder, { recursive: true, force: true });
      expect(errors).toEqual([]);
      await page.context().close();
    },
    ANALYSIS_MS * 2,
  );

  it(
    'a researcher scores a generated cohort, which says on every face that it is no performance',
    async () => {
      const { page, errors } = await visit(browser, server.url, { width: 390, height: 844 }, 'light');
      const twin = await new PatientsPage(page).dropFiles([BUNDLE]);
      await openInference(twin);
      await page.getByRole('tab', { name: 'Cohort' }).click();
      await page.getByRole('textbox', { name: 'Patients' }).fill('400');
      await page.getByRole('button', { name: 'Run a synthetic cohort' }).click();
      const result = page.getByTestId('cohort-result');
      await result.waitFor({ timeout: ANALYSIS_MS });
      expect(await result.getByRole('note').textContent()).toMatch(/SYNTHETIC.*never a performance/s);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        result.getByRole('button', { name: 'Save Calibration as CSV' }).click(),
      ]);
      expect(await readFile(await download.path(), 'utf8')).toMatch(/^"?SYNTHETIC/);
      expect(await findings(page)).toEqual([]);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(beyond).toBeLessThanOrEqual(0);
      expect(errors).toEqual([]);
      await page.context().close();
    },
    ANALYSIS_MS * 2,
  );
});
