import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, type RunningServer, startBrowser, startServer, visit, WEB_BUILT } from '../support/application.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { findings } from './axe.ts';
import { PatientsPage } from './pages.ts';

const BUILD_MS = 90_000;
const why = CHROMIUM
  ? WEB_BUILT
    ? ''
    : ' (the web application is not built: npm run build)'
  : ' (no Chromium: set MSDT_CHROMIUM)';

describe.skipIf(why !== '')(`stories in Chromium${why}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());

  describe('a newcomer', () => {
    let server: RunningServer;

    beforeAll(async () => {
      server = await startServer(['--demo']);
    });
    afterAll(() => server.stop());

    it(
      'opens the demo, finds L4 everywhere, and reads that it is synthetic',
      async () => {
        const { page, errors } = await visit(browser, server.url);
        const patients = new PatientsPage(page);
        await patients.twin('Demo subject').getByText('SYNTHETIC').waitFor({ timeout: BUILD_MS });
        const twin = await patients.open('Demo subject');
        expect(await page.getByTestId('research-line').textContent()).toContain('Research use only');
        expect(await findings(page)).toEqual([]);
        const spine = await twin.spine();
        await spine
          .number(/lumbar lordosis/i)
          .first()
          .waitFor({ timeout: BUILD_MS });
        const before = await spine.slice('axial').textContent();
        await spine.level('L4').click();
        await expect.poll(() => spine.level('L4').getAttribute('aria-pressed')).toBe('true');
        await expect.poll(() => spine.slice('axial').textContent(), { timeout: 10_000 }).not.toBe(before);
        await expect.poll(() => spine.slice('axial').textContent()).toContain('L4');
        for (const plane of ['axial', 'sagittal', 'coronal'] as const)
          expect(await spine.slice(plane).isVisible()).toBe(true);
        expect(await findings(page)).toEqual([]);
        expect(errors).toEqual([]);
        await page.context().close();
      },
      BUILD_MS * 2,
    );

    it('finds no serious barrier in the light theme and on a phone', async () => {
      for (const size of [
        { width: 1440, height: 900 },
        { width: 390, height: 844 },
      ]) {
        const { page, errors } = await visit(browser, server.url, size, 'light');
        const patients = new PatientsPage(page);
        await patients.twin('Demo subject').waitFor();
        expect(await findings(page), `patients at ${size.width}`).toEqual([]);
        const twin = await patients.open('Demo subject');
        expect(await findings(page), `overview at ${size.width}`).toEqual([]);
        await twin.spine();
        expect(await findings(page), `spine at ${size.width}`).toEqual([]);
        await expect
          .poll(() => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), {
            message: `nothing runs off the side at ${size.width}`,
            timeout: 15_000,
          })
          .toBeLessThanOrEqual(0);
        expect(errors).toEqual([]);
        await page.context().close();
      }
    });

    it(
      'moves all labels by one level and back',
      async () => {
        const { page } = await visit(browser, server.url);
        const twin = await new PatientsPage(page).open('Demo subject');
        const spine = await twin.spine();
        await spine
          .number(/lumbar lordosis/i)
          .first()
          .waitFor({ timeout: BUILD_MS });
        await spine.shiftLabels('up');
        await expect.poll(() => spine.level('C7').count(), { timeout: BUILD_MS }).toBe(1);
        await spine.shiftLabels('down');
        await expect.poll(() => spine.level('C7').count(), { timeout: BUILD_MS }).toBe(0);
        await page.context().close();
      },
      BUILD_MS * 2,
    );
  });

  describeWithData('ct-torso-totalsegmentator', () => {
    let server: RunningServer;

    beforeAll(async () => {
      server = await startServer();
    });
    afterAll(() => server.stop());

    it(
      'a researcher drops a CT with labels, reads the lordosis, measures, undoes and takes results along',
      async () => {
        const { page, errors } = await visit(browser, server.url);
        const patients = new PatientsPage(page);
        const twin = await patients.dropFiles([
          dataPath('ct-torso-totalsegmentator', 'example_ct.nii.gz'),
          dataPath('ct-torso-totalsegmentator', 'spine_report', 'example_ct_report', 'totalseg.nii.gz'),
          dataPath('ct-torso-totalsegmentator', 'spine_report', 'example_ct_report', 'totalseg_vertebrae_body.nii.gz'),
        ]);
        const spine = await twin.spine();
        await spine.level('L4').waitFor({ timeout: BUILD_MS });
        const lordosis = spine.number(/lumbar lordosis/i).first();
        await lordosis.waitFor({ timeout: BUILD_MS });
        const spoken = (await lordosis.getAttribute('aria-label')) ?? '';
        const degrees = Number(/(-?\d+(\.\d+)?)\s*(°|degrees)/.exec(spoken)?.[1]);
        expect(degrees).toBeGreaterThan(15);
        expect(degrees).toBeLessThan(75);

        await spine.drawDistance('axial', [0.4, 0.5], [0.6, 0.5]);
        await spine.panel('Measure');
        await expect.poll(() => spine.measurements().count()).toBe(1);
        expect(await spine.measurements().first().textContent()).toMatch(/\d+(\.\d+)?\s*mm/);
        await page.keyboard.press('Control+z');
        await expect.poll(() => spine.measurements().count()).toBe(0);
        await page.keyboard.press('Control+Shift+z');
        await expect.poll(() => spine.measurements().count()).toBe(1);

        const table = await spine.export('Features as CSV');
        const csv = await readFile((await table.path()) as string, 'utf8');
        expect(csv).toContain('spine.lumbarLordosis');
        const surface = await spine.export(/as STL$/);
        const stl = await readFile((await surface.path()) as string);
        expect(stl.length).toBe(84 + 50 * stl.readUInt32LE(80));
        expect(errors).toEqual([]);

        await page.reload();
        await spine.panel('Measure');
        await expect.poll(() => spine.measurements().count(), { timeout: 10_000 }).toBe(1);
        await page.context().close();
      },
      BUILD_MS * 2,
    );

    it(
      'is told which file is broken and what to do, and the rest goes on',
      async () => {
        const { page } = await visit(browser, server.url);
        await new PatientsPage(page).dropFiles([
          {
            name: '<b>broken</b>.nii',
            mimeType: 'application/octet-stream',
            buffer: Buffer.concat([Buffer.from([92, 1, 0, 0]), Buffer.alloc(344, 1), Buffer.from('n+1\0')]),
          },
          {
            name: 'example_ct.nii.gz',
            mimeType: 'application/gzip',
            buffer: await readFile(dataPath('ct-torso-totalsegmentator', 'example_ct_sm.nii.gz')),
          },
        ]);
        await page.getByRole('button', { name: /job/i }).first().click();
        await page.getByText('<b>broken</b>.nii').first().waitFor({ timeout: BUILD_MS });
        await page.context().close();
      },
      BUILD_MS,
    );
  });
});
