import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { findings } from './axe.ts';
import { describeStories, expectToFit, PHONE, STORY_MS } from './chromium.ts';
import { ANALYSIS_MS, PatientsPage, SpineScreen } from './pages.ts';

const timeout = ANALYSIS_MS;
const DAY_MS = 86_400_000;

async function openDemo(page: Page) {
  const patients = new PatientsPage(page);
  await patients.twin('Demo subject').getByText('SYNTHETIC').waitFor({ timeout });
  return (await patients.open('Demo subject')).inference();
}

describeStories('inference', ['--demo'], (tell) => {
  it(
    'a surgeon reads the risk, sees it move with the day, and follows a ribbon to a vertebra',
    () =>
      tell(async (page) => {
        const inference = await openDemo(page);
        // the risk is there at once, and moves by itself as the scan is measured
        await inference.driver(/^Disc height for level.*mm/).waitFor({ timeout });
        const card = () => inference.risk().textContent();
        for (const words of [
          'SYNTHETIC',
          'Prior-driven',
          'not validated locally',
          'base rate',
          'Risk that surgery happens',
        ])
          await expect.poll(card).toContain(words);
        // never a bare number: every horizon is an interval
        for (const months of ['0 to 6 months', '6 to 12 months', '0 to 12 months'])
          await expect.poll(card).toMatch(new RegExp(`${months}[\\d.<]+ to [\\d.]+\u00a0% ?point`));

        await inference.setIndexDate(new Date(Date.now() + DAY_MS).toISOString().slice(0, 10));
        await expect.poll(() => inference.move().textContent()).toMatch(/→.*Index date changed/);

        // what the table adds up to is what the card shows, each row rounded to three decimals
        await page.getByRole('button', { name: 'As a table' }).click();
        await expect
          .poll(() => inference.contributions())
          .toSatisfy(
            ({ parts, intercept, logit }: { parts: number[]; intercept: number; logit: number }) =>
              parts.length > 0 &&
              Math.abs(parts.reduce((total, part) => total + part, intercept) - logit) < 0.0005 * (parts.length + 2),
          );
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
        await expect.poll(() => chosen.getAttribute('aria-label')).toMatch(/Disc height.*L\d-(L\d|S1): [\d.]+ mm/i);
        const spine = new SpineScreen(page);
        // the pointer, left where the button was, would read the slice below it instead
        await page.mouse.move(2, 2);
        await expect.poll(() => spine.slice('sagittal').textContent()).toMatch(/[LR] \d+ .*mm/);
      }),
    STORY_MS,
  );

  it(
    'walks the graph of the patient, reads an older assessment, and stays within a phone',
    () =>
      tell(
        async (page) => {
          const inference = await openDemo(page);
          await inference.tab('Graph');
          await inference.node(/^Disc height for level/).click({ timeout });
          await page.getByTestId('graph-node').getByText('Ways to the outcome').waitFor();
          await page.keyboard.press('ArrowRight');
          await page.getByTestId('graph-node').getByRole('heading', { name: 'Degeneration' }).waitFor();
          expect(await findings(page)).toEqual([]);
          await inference.tab('Over time');
          await page.getByRole('button', { name: 'Read assessment 1', exact: true }).click();
          await page.getByText(/Assessment 1 of \d+/).waitFor();
          expect(await findings(page)).toEqual([]);
          await page.getByRole('button', { name: 'Back to the newest' }).click();

          await page.setViewportSize(PHONE);
          await inference.risk().waitFor();
          expect(await findings(page)).toEqual([]);
          await expectToFit(page);
        },
        { theme: 'light' },
      ),
    STORY_MS,
  );
});
