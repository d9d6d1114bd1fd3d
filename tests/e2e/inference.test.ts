import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, type RunningServer, startBrowser, startServer, visit, WEB_BUILT } from '../support/application.ts';
import { findings } from './axe.ts';
import { PatientsPage, SpineScreen } from './pages.ts';

const BUILD_MS = 180_000;
/** an answer of a busy machine */
const ANSWER_MS = 20_000;
const DAY_MS = 86_400_000;
const why = CHROMIUM
  ? WEB_BUILT
    ? ''
    : ' (the web application is not built: npm run build)'
  : ' (no Chromium: set MSDT_CHROMIUM)';

const number = (text: string | null | undefined): number => Number((text ?? '').replace('\u2212', '-'));

describe.skipIf(why !== '')(`inference in Chromium${why}`, () => {
  let browser: Browser;
  let server: RunningServer;

  beforeAll(async () => {
    browser = await startBrowser();
    server = await startServer(['--demo']);
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  it(
    'a surgeon reads the risk, sees it move with the day, and follows a ribbon to a vertebra',
    async () => {
      const { page, errors } = await visit(browser, server.url);
      const patients = new PatientsPage(page);
      await patients.twin('Demo subject').getByText('SYNTHETIC').waitFor({ timeout: BUILD_MS });
      const twin = await patients.open('Demo subject');
      const inference = await twin.inference();
      // the risk is there at once, and moves by itself as the scan is measured
      await inference.driver(/^Disc height for level.*mm/).waitFor({ timeout: BUILD_MS });
      const card = (await inference.risk().textContent()) ?? '';
      for (const words of [
        'SYNTHETIC',
        'Prior-driven',
        'not validated locally',
        'base rate',
        'Risk that surgery happens',
      ])
        expect(card).toContain(words);
      // never a bare number: every horizon is an interval
      for (const months of ['0 to 6 months', '6 to 12 months', '0 to 12 months'])
        expect(card).toMatch(new RegExp(`${months}[\\d.<]+ to [\\d.]+\u00a0% ?point`));

      await inference.setIndexDate(new Date(Date.now() + DAY_MS).toISOString().slice(0, 10));
      await expect.poll(() => inference.move().textContent(), { timeout: ANSWER_MS }).toMatch(/→.*Index date changed/);

      // what the table adds up to is what the card shows
      await page.getByRole('button', { name: 'As a table' }).click();
      const table = page.getByLabel('Table of contributions');
      const parts = await table.locator('tbody td:nth-child(5)').allTextContents();
      const [intercept, logit] = await table.locator('tfoot tr td:first-of-type').allTextContents();
      const sum = parts.reduce((total, part) => total + number(part), number(intercept));
      // each row is rounded to three decimals
      expect(Math.abs(sum - number(logit))).toBeLessThan(0.0005 * (parts.length + 2));
      expect(await findings(page)).toEqual([]);
      await page.getByRole('button', { name: 'As a graph' }).click();

      expect(await inference.walkTo(/^Disc height/)).toMatch(/mm.*log-odds/);
      await page.keyboard.press('Enter');
      await inference
        .sheet()
        .getByText(/row \d+ of the knowledge table/)
        .waitFor();
      expect(await findings(page)).toEqual([]);
      await page
        .getByRole('button', { name: /Show where it comes from: L\d-L\d|Show where it comes from: L5-S1/ })
        .click();
      await page.getByTestId('scene').waitFor();
      // the number of that disc is chosen, and all slices stand in it
      const chosen = page.locator('[data-feature][aria-pressed="true"]').first();
      await chosen.waitFor({ timeout: ANSWER_MS });
      expect(await chosen.getAttribute('aria-label')).toMatch(/Disc height.*L\d-(L\d|S1): [\d.]+ mm/i);
      const spine = new SpineScreen(page);
      // the pointer, left where the button was, would read the slice below it instead
      await page.mouse.move(2, 2);
      await expect.poll(() => spine.slice('sagittal').textContent(), { timeout: ANSWER_MS }).toMatch(/[LR] \d+ .*mm/);
      expect(errors).toEqual([]);
      await page.context().close();
    },
    BUILD_MS * 2,
  );

  it(
    'walks the graph of the patient, reads an older assessment, and stays within a phone',
    async () => {
      const { page, errors } = await visit(browser, server.url, { width: 1440, height: 900 }, 'light');
      const twin = await new PatientsPage(page).open('Demo subject');
      const inference = await twin.inference();
      await inference.tab('Graph');
      await inference.node(/^Disc height for level/).click();
      await page.getByTestId('graph-node').getByText('Ways to the outcome').waitFor();
      await page.keyboard.press('ArrowRight');
      await page.getByTestId('graph-node').getByRole('heading', { name: 'Degeneration' }).waitFor();
      expect(await findings(page)).toEqual([]);
      await inference.tab('Over time');
      await page.getByRole('button', { name: 'Read assessment 1', exact: true }).click();
      await page.getByText(/Assessment 1 of \d+/).waitFor();
      expect(await findings(page)).toEqual([]);
      await page.getByRole('button', { name: 'Back to the newest' }).click();

      await page.setViewportSize({ width: 390, height: 844 });
      await inference.risk().waitFor();
      expect(await findings(page)).toEqual([]);
      await expect
        .poll(() => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), {
          timeout: ANSWER_MS,
        })
        .toBeLessThanOrEqual(0);
      expect(errors).toEqual([]);
      await page.context().close();
    },
    BUILD_MS,
  );
});
