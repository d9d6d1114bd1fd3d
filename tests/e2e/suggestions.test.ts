import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { spineBundle } from '../support/record/spine-bundle.ts';
import { ROOT } from '../support/source-tree.ts';
import { findings } from './axe.ts';
import { describeStories, drop, expectToFit, PHONE, STORY_MS, savedText } from './chromium.ts';
import { ANALYSIS_MS, PatientsPage, SuggestionsColumn } from './pages.ts';

const BUNDLE = { name: 'patient.fhir.json', mimeType: 'application/fhir+json', buffer: Buffer.from(spineBundle()) };
const timeout = ANALYSIS_MS;

/** Imports the bundle and opens what is inferred from it. */
async function openBundle(page: Page): Promise<SuggestionsColumn> {
  const twin = await new PatientsPage(page).dropFiles([BUNDLE]);
  await twin.inference();
  const suggestions = new SuggestionsColumn(page);
  await suggestions.redFlags.first().waitFor({ timeout });
  // the first assessment stands before the bundle is read
  await page
    .getByText(/ODI|Oswestry/)
    .first()
    .waitFor({ timeout });
  return suggestions;
}

describeStories('suggestions', [], (tell) => {
  it(
    'a clinician imports a bundle, answers a question, sees a red flag, and overrides it with a reason',
    () =>
      tell(async (page) => {
        const suggestions = await openBundle(page);
        const emergency = suggestions.card('R01');
        const says = () => emergency.textContent();
        await suggestions.redFlags.getByText('none fires').waitFor();

        await suggestions.answerRedFlag('flag.saddleNumbness', 'Yes');
        await suggestions.redFlags.getByTestId('suggestion-R01').waitFor({ timeout });
        await expect.poll(says).toMatch(/Emergency MRI.*Saddle numbness: yes/s);

        // an override without a reason is not taken
        await suggestions.override('R01', ' ');
        await expect.poll(says).toContain('An override needs a reason');
        await emergency.getByRole('button', { name: 'Cancel' }).click();
        await suggestions.override('R01', 'MRI of this morning shows no compression');
        await expect.poll(says).toContain('overridden: “MRI of this morning shows no compression”');

        // the decision stays, and a new one stands beside it
        await page.reload();
        await emergency.getByRole('button', { name: 'Unfold' }).click();
        await emergency.getByRole('button', { name: 'Change decision' }).click();
        await emergency.getByRole('button', { name: 'Accept' }).click();
        await expect.poll(says).toContain('accepted');
        await emergency.getByRole('button', { name: 'Unfold' }).click();
        await emergency.getByLabel('Earlier decisions').getByText('overridden').first().waitFor();

        // the answer is taken back, and the red flag with it
        await page.getByRole('button', { name: /^Take back/ }).click();
        await emergency.waitFor({ state: 'detached', timeout });
        await page.getByRole('button', { name: 'Undo' }).first().click();
        await emergency.waitFor({ timeout });
        expect(await findings(page)).toEqual([]);
      }),
    STORY_MS,
  );

  it(
    'a reason leads to its fact in the record, and the record says what was left out',
    () =>
      tell(async (page) => {
        const suggestions = await openBundle(page);
        await page
          .getByLabel('Suggestions', { exact: true })
          .getByRole('button', { name: /Duration of symptoms/ })
          .first()
          .click({ timeout });
        const record = page.getByTestId('record');
        await record
          .locator('[data-chosen]')
          .getByText(/Lumbar radiculopathy|Low back pain/)
          .first()
          .waitFor();
        await record.getByText('Not taken over').click();
        await expect.poll(() => record.textContent()).toContain('Practitioner');
        expect(await record.textContent()).not.toContain('Example');
        await record.getByRole('textbox', { name: 'Search the record' }).fill('protein');
        await expect.poll(() => record.getByText('C-reactive protein').count()).toBe(1);
        await expect.poll(() => record.getByText('Oswestry').count()).toBe(0);
        await page.keyboard.press('Escape');
        await record.waitFor({ state: 'detached' });
        await suggestions.redFlags.waitFor();
        expect(await findings(page)).toEqual([]);
      }),
    STORY_MS,
  );

  it(
    'a recording of muscle joins the record, and the risk and its interval move',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'msdt-emg-'));
      try {
        const args = ['simulate', '--motion', 'bend', '--taken-at', '2026-03-01T09:00:00Z', '--out', folder];
        await promisify(execFile)(process.execPath, [join(ROOT, 'src/cli/main.ts'), ...args], { maxBuffer: 2 ** 26 });
        await tell(async (page) => {
          await openBundle(page);
          const logit = page.getByText(/Intercept of the setting/).first();
          const before = await logit.textContent({ timeout });
          // the skeleton tells when the trunk bends: the phases of flexion and extension
          await drop(page, [join(folder, 'emg.parquet'), join(folder, 'skeleton.parquet')]);
          await expect.poll(() => logit.textContent(), { timeout }).not.toBe(before);
          await expect.poll(() => page.getByTestId('risk-move').textContent()).toMatch(/%.*→.*%/s);
        });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    STORY_MS,
  );

  it(
    'a researcher scores a generated cohort, which says on every face that it is no performance',
    () =>
      tell(
        async (page) => {
          await openBundle(page);
          await page.getByRole('tab', { name: 'Cohort' }).click();
          await page.getByRole('textbox', { name: 'Patients' }).fill('400');
          await page.getByRole('button', { name: 'Run a synthetic cohort' }).click();
          const result = page.getByTestId('cohort-result');
          await result.waitFor({ timeout });
          await expect.poll(() => result.getByRole('note').textContent()).toMatch(/SYNTHETIC.*never a performance/s);
          const save = result.getByRole('button', { name: 'Save Calibration as CSV' });
          expect(await savedText(page, () => save.click())).toMatch(/^"?SYNTHETIC/);
          expect(await findings(page)).toEqual([]);
          await expectToFit(page);
        },
        { size: PHONE, theme: 'light' },
      ),
    STORY_MS,
  );
});
