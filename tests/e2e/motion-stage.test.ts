import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataPath, describeWithData } from '../support/data.ts';
import { ROOT } from '../support/source-tree.ts';
import { findings } from './axe.ts';
import { describeStories, STORY_MS, savedText } from './chromium.ts';
import { ANALYSIS_MS, PatientsPage } from './pages.ts';

const timeout = ANALYSIS_MS;

describeStories('the stage of motion', [], (tell) => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'msdt-stage-'));
    const args = [join(ROOT, 'src/cli/main.ts'), 'simulate', '--preset', 'demo', '--spacing', '3', '--out', folder];
    const made = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(made.stderr);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it(
    "a surgeon sees the patient's own vertebrae bend, and an engineer which sensor to doubt",
    () =>
      tell(async (page) => {
        const bend = join(folder, 'motion', 'bend-before');
        const twin = await new PatientsPage(page).dropFiles([
          join(folder, 'vertebrae.nii.gz'),
          join(bend, 'skeleton.parquet'),
          join(bend, 'imu.parquet'),
        ]);
        const motion = await twin.motion();
        await twin.idle();
        await motion.stage().waitFor();

        // bones of the CT stand beside the skeleton, with what is to be known of them
        await expect.poll(() => motion.extras(), { timeout }).toContain('own-bones');
        const note = page.getByTestId('bone-note');
        await expect.poll(() => note.textContent()).toContain('not measured themselves');
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
        await expect.poll(() => cards.count()).toBe(7);
        await expect
          .poll(() => cards.evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.state)))
          .toSatisfy((states: string[]) => states.every((state) => state === 'fine' || state === 'doubtful'));
        const pelvis = page.getByRole('region', { name: 'Sensors, table' }).getByRole('row', { name: /^pelvis/ });
        await expect
          .poll(async () => Number.parseFloat((await pelvis.getByRole('cell').nth(1).textContent()) ?? ''))
          .toBeLessThan(3);
        expect(await findings(page)).toEqual([]);
        await page.getByRole('button', { name: 'Save table' }).click();
        const text = await savedText(page, () => page.getByRole('menuitem', { name: 'CSV' }).click());
        expect(text.split('\r\n')[0]).toContain('gravity_residual [deg]');
      }),
    STORY_MS,
  );

  describeWithData('c3d-opensim-walking', () => {
    it(
      'a therapist sees the ground push back, to scale',
      () =>
        tell(async (page) => {
          const twin = await new PatientsPage(page).dropFiles([dataPath('c3d-opensim-walking', 'walking5.c3d')]);
          const motion = await twin.motion();
          const legend = page.getByTestId('force-legend');
          await legend.getByText(/\d+ N$/).waitFor({ timeout });
          await expect.poll(() => motion.extras()).toContain('force-plates');
          const bar = legend.locator('b');
          await expect.poll(async () => (await bar.boundingBox())?.width ?? 0).toBeGreaterThan(5);
          await motion.layer('Forces').click();
          await expect.poll(() => motion.extras()).not.toContain('force-plates');
          await legend.waitFor({ state: 'detached' });
        }),
      STORY_MS,
    );
  });
});
