import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, type RunningServer, startBrowser, startServer, visit, WEB_BUILT } from '../support/application.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { findings } from './axe.ts';
import { PatientsPage } from './pages.ts';

const ANALYSIS_MS = 150_000;
const why = CHROMIUM
  ? WEB_BUILT
    ? ''
    : ' (the web application is not built: npm run build)'
  : ' (no Chromium: set MSDT_CHROMIUM)';

describe.skipIf(why !== '')(`motion in Chromium${why}`, () => {
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

  describeWithData('c3d-pyomeca-vicon', () => {
    it(
      'a therapist drops a C3D with EMG, finds where the trunk bends most, and reads RMS and median frequency there',
      async () => {
        const { page, errors } = await visit(browser, server.url);
        const twin = await new PatientsPage(page).dropFiles([dataPath('c3d-pyomeca-vicon', 'markers_analogs.c3d')]);
        const motion = await twin.motion();
        await motion.stage().waitFor({ timeout: ANALYSIS_MS });
        await motion.lanes().getByText('trunk flexion').waitFor({ timeout: ANALYSIS_MS });
        await motion.ready(ANALYSIS_MS);
        expect(await motion.lanes().getByText('YXZ 3 of 3, + forward').count()).toBe(1);

        // the number leads to its moment
        await page.getByRole('button', { name: /Greatest angle .*trunk flexion/ }).click();
        await expect.poll(() => motion.time()).toBeGreaterThan(0.5);
        await page.keyboard.press('Escape');

        await motion.brush(0.15, 0.5);
        const row = motion.row(/EMG\d/).first();
        await row.waitFor();
        const [mean, rms] = (await row.getByRole('cell').allTextContents()).map((text) =>
          Number(text.replace('\u2212', '-')),
        );
        expect(rms).toBeGreaterThan(0);
        expect(Math.abs(mean)).toBeLessThanOrEqual(rms);
        await page
          .getByLabel('Measured here')
          .getByRole('button', { name: /Median frequency/ })
          .first()
          .waitFor({ timeout: ANALYSIS_MS });

        // the cursor plays, and stops
        await page.keyboard.press('Escape');
        await motion.lanes().focus();
        const before = await motion.time();
        await page.keyboard.press('Space');
        await expect.poll(() => motion.time()).not.toBe(before);
        await page.keyboard.press('Space');
        await page.keyboard.press('ArrowRight');
        expect(await findings(page)).toEqual([]);
        expect(errors).toEqual([]);
        await page.context().close();
      },
      ANALYSIS_MS * 2,
    );
  });

  describeWithData('skel-utd-mhad', () => {
    it(
      'an engineer drops skeleton and IMU, aligns their clocks, nudges one and takes it back',
      async () => {
        const { page, errors } = await visit(browser, server.url);
        const twin = await new PatientsPage(page).dropFiles([
          dataPath('skel-utd-mhad', 'Skeleton', 'a10_s1_t1_skeleton.mat'),
          dataPath('skel-utd-mhad', 'Inertial', 'a10_s1_t1_inertial.mat'),
        ]);
        const motion = await twin.motion();
        await page.getByLabel(/^jobs \d+ running/).waitFor({ state: 'detached', timeout: ANALYSIS_MS });
        await motion.panel('Clocks');
        await page.getByRole('button', { name: /^Align/ }).click();
        const map = page.getByTestId('clock-map').first();
        await map.waitFor({ timeout: ANALYSIS_MS });
        expect(await map.textContent()).toMatch(/sync (good|fair|poor)/);
        // three seconds of one movement prove nothing by themselves: the engineer knows that they belong together
        await page.getByRole('button', { name: 'They were: align by likeness' }).click();
        await expect.poll(() => map.textContent(), { timeout: ANALYSIS_MS }).toContain('cross-correlation');
        await motion.stage().waitFor();
        await motion.lanes().getByText('angular rate').first().waitFor();
        await page.getByRole('button', { name: '+10 ms' }).click();
        await expect.poll(() => map.textContent(), { timeout: ANALYSIS_MS }).toContain('10 ms');
        await page.getByRole('button', { name: 'Undo' }).click();
        await expect.poll(() => map.textContent(), { timeout: ANALYSIS_MS }).toContain('none');
        expect(await findings(page)).toEqual([]);
        expect(errors).toEqual([]);
        await page.context().close();
      },
      ANALYSIS_MS * 2,
    );

    it(
      'a researcher lays a recording over an earlier one and takes the curves along',
      async () => {
        const { page, errors } = await visit(browser, server.url);
        const twin = await new PatientsPage(page).dropFiles([
          dataPath('skel-utd-mhad', 'Inertial', 'a10_s1_t1_inertial.mat'),
          dataPath('skel-utd-mhad', 'Inertial', 'a10_s1_t2_inertial.mat'),
        ]);
        const motion = await twin.motion();
        await motion.ready(ANALYSIS_MS);
        await motion.panel('Compare');
        await page.getByText('Another recording').click();
        await page.getByRole('combobox', { name: 'Recording' }).click();
        await page.getByRole('option').first().click();
        await page.getByRole('img', { name: /over 0 to 100 %/ }).waitFor({ timeout: ANALYSIS_MS });
        expect(await page.getByLabel('Both windows in numbers').getByRole('row').count()).toBe(6);
        await page.getByRole('button', { name: 'Save curves' }).click();
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('menuitem', { name: 'Excel' }).click(),
        ]);
        expect(download.suggestedFilename()).toMatch(/\.xlsx$/);
        expect(errors).toEqual([]);
        await page.context().close();
      },
      ANALYSIS_MS * 2,
    );

    it(
      'finds no serious barrier in the light theme and on a phone',
      async () => {
        for (const size of [
          { width: 1440, height: 900 },
          { width: 390, height: 844 },
        ]) {
          const { page, errors } = await visit(browser, server.url, size, 'light');
          await page.evaluate(() => localStorage.setItem('mantine-color-scheme-value', 'light'));
          await page.reload();
          await page
            .getByRole('button', { name: /^Open / })
            .last()
            .click();
          await page.getByRole('navigation', { name: 'Screens' }).getByText('Motion').click();
          await page.getByTestId('lanes').waitFor();
          await page.waitForTimeout(1500);
          expect(await findings(page), `motion at ${size.width}`).toEqual([]);
          const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect(beyond, `nothing runs off the side at ${size.width}`).toBeLessThanOrEqual(0);
          expect(errors).toEqual([]);
          await page.context().close();
        }
      },
      ANALYSIS_MS,
    );
  });
});
