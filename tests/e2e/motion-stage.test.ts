import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, type RunningServer, startBrowser, startServer, visit, WEB_BUILT } from '../support/application.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { ROOT } from '../support/source-tree.ts';
import { findings } from './axe.ts';
import { PatientsPage } from './pages.ts';

const ANALYSIS_MS = 150_000;
const why = CHROMIUM
  ? WEB_BUILT
    ? ''
    : ' (the web application is not built: npm run build)'
  : ' (no Chromium: set MSDT_CHROMIUM)';

describe.skipIf(why !== '')(`the stage of motion in Chromium${why}`, () => {
  let browser: Browser;
  let server: RunningServer;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'msdt-stage-'));
    const args = [join(ROOT, 'src/cli/main.ts'), 'simulate', '--preset', 'demo', '--spacing', '3', '--out', folder];
    const made = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(made.stderr);
    browser = await startBrowser();
    server = await startServer();
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it(
    "a surgeon sees the patient's own vertebrae bend, and an engineer which sensor to doubt",
    async () => {
      const { page, errors } = await visit(browser, server.url);
      const bend = join(folder, 'motion', 'bend-before');
      const twin = await new PatientsPage(page).dropFiles([
        join(folder, 'vertebrae.nii.gz'),
        join(bend, 'skeleton.parquet'),
        join(bend, 'imu.parquet'),
      ]);
      const motion = await twin.motion();
      await page.getByLabel(/^jobs \d+ running/).waitFor({ state: 'detached', timeout: ANALYSIS_MS });
      await motion.stage().waitFor();

      // bones of the CT stand beside the skeleton, with what is to be known of them
      await expect.poll(() => motion.extras(), { timeout: ANALYSIS_MS }).toContain('own-bones');
      const note = page.getByTestId('bone-note');
      expect(await note.textContent()).toContain('not measured themselves');
      await note
        .getByText(/not measured/)
        .first()
        .click();
      await note.getByText(/White & Panjabi/).waitFor();
      await motion.lanes().focus();
      await page.keyboard.press('Shift+ArrowRight');
      await motion.layer('Own bones').click();
      await expect.poll(() => motion.extras()).not.toContain('own-bones');
      await motion.layer('Own bones').click();
      await expect.poll(() => motion.extras()).toContain('own-bones');

      await motion.panel('Calibration');
      const cards = page.getByTestId('sensor-check');
      await cards.first().waitFor();
      expect(await cards.count()).toBe(7);
      const states = await cards.evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.state));
      expect(states.every((state) => state === 'fine' || state === 'doubtful')).toBe(true);
      const pelvis = page.getByRole('region', { name: 'Sensors, table' }).getByRole('row', { name: /^pelvis/ });
      expect(Number.parseFloat((await pelvis.getByRole('cell').nth(1).textContent()) ?? '')).toBeLessThan(3);
      expect(await findings(page)).toEqual([]);
      await page.getByRole('button', { name: 'Save table' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: 'CSV' }).click(),
      ]);
      const text = await readFile(await download.path(), 'utf8');
      expect(text.split('\r\n')[0]).toContain('gravity_residual [deg]');
      expect(errors).toEqual([]);
      await page.context().close();
    },
    ANALYSIS_MS * 2,
  );

  describeWithData('c3d-opensim-walking', () => {
    it(
      'a therapist sees the ground push back, to scale',
      async () => {
        const { page, errors } = await visit(browser, server.url);
        const twin = await new PatientsPage(page).dropFiles([dataPath('c3d-opensim-walking', 'walking5.c3d')]);
        const motion = await twin.motion();
        const legend = page.getByTestId('force-legend');
        await legend.waitFor({ timeout: ANALYSIS_MS });
        expect(await legend.textContent()).toMatch(/\d+ N$/);
        expect(await motion.extras()).toContain('force-plates');
        const bar = await legend.locator('b').boundingBox();
        expect(bar?.width ?? 0).toBeGreaterThan(5);
        await motion.layer('Forces').click();
        await expect.poll(() => motion.extras()).not.toContain('force-plates');
        expect(await legend.count()).toBe(0);
        expect(errors).toEqual([]);
        await page.context().close();
      },
      ANALYSIS_MS * 2,
    );
  });
});
