import { expect, it } from 'vitest';
import { dataPath, describeWithData } from '../support/data.ts';
import { findings } from './axe.ts';
import { describeStories, expectToFit, PHONE, STORY_MS, WIDE } from './chromium.ts';
import { ANALYSIS_MS, downloadOf, numberOf, PatientsPage } from './pages.ts';

const timeout = ANALYSIS_MS;

describeStories('motion', [], (tell) => {
  describeWithData('c3d-pyomeca-vicon', () => {
    it(
      'a therapist drops a C3D with EMG, finds where the trunk bends most, and reads RMS and median frequency there',
      () =>
        tell(async (page) => {
          const twin = await new PatientsPage(page).dropFiles([dataPath('c3d-pyomeca-vicon', 'markers_analogs.c3d')]);
          const motion = await twin.motion();
          await motion.stage().waitFor({ timeout });
          await motion.lanes().getByText('trunk flexion').waitFor({ timeout });
          await motion.ready();
          await motion.lanes().getByText('YXZ 3 of 3, + forward').waitFor();

          // the number leads to its moment
          await page.getByRole('button', { name: /Greatest angle .*trunk flexion/ }).click();
          await expect.poll(() => motion.time()).toBeGreaterThan(0.5);
          await page.keyboard.press('Escape');

          await motion.brush(0.15, 0.5);
          const row = motion.row(/EMG\d/).first();
          await row.waitFor();
          await expect
            .poll(async () => (await row.getByRole('cell').allTextContents()).map(numberOf))
            .toSatisfy(([mean, rms]: number[]) => rms > 0 && Math.abs(mean) <= rms);
          await page
            .getByLabel('Measured here')
            .getByRole('button', { name: /Median frequency/ })
            .first()
            .waitFor({ timeout });

          // the cursor plays, and stops
          await page.keyboard.press('Escape');
          await motion.lanes().focus();
          const before = await motion.time();
          await page.keyboard.press('Space');
          await expect.poll(() => motion.time()).not.toBe(before);
          await page.keyboard.press('Space');
          await page.keyboard.press('ArrowRight');
          expect(await findings(page)).toEqual([]);
        }),
      STORY_MS,
    );
  });

  describeWithData('skel-utd-mhad', () => {
    it(
      'an engineer drops skeleton and IMU, aligns their clocks, nudges one and takes it back',
      () =>
        tell(async (page) => {
          const twin = await new PatientsPage(page).dropFiles([
            dataPath('skel-utd-mhad', 'Skeleton', 'a10_s1_t1_skeleton.mat'),
            dataPath('skel-utd-mhad', 'Inertial', 'a10_s1_t1_inertial.mat'),
          ]);
          const motion = await twin.motion();
          await twin.idle();
          await motion.panel('Clocks');
          await page.getByRole('button', { name: /^Align/ }).click();
          const map = page.getByTestId('clock-map').first();
          const mapSays = () => map.textContent();
          await expect.poll(mapSays, { timeout }).toMatch(/sync (good|fair|poor)/);
          // three seconds of one movement prove nothing by themselves: the engineer knows that they belong together
          await page.getByRole('button', { name: 'They were: align by likeness' }).click();
          await expect.poll(mapSays, { timeout }).toContain('cross-correlation');
          await motion.stage().waitFor();
          await motion.lanes().getByText('angular rate').first().waitFor();
          await page.getByRole('button', { name: '+10 ms' }).click();
          await expect.poll(mapSays, { timeout }).toContain('10 ms');
          await page.getByRole('button', { name: 'Undo' }).click();
          await expect.poll(mapSays, { timeout }).toContain('none');
          expect(await findings(page)).toEqual([]);
        }),
      STORY_MS,
    );

    it(
      'a researcher lays a recording over an earlier one and takes the curves along',
      () =>
        tell(async (page) => {
          const twin = await new PatientsPage(page).dropFiles([
            dataPath('skel-utd-mhad', 'Inertial', 'a10_s1_t1_inertial.mat'),
            dataPath('skel-utd-mhad', 'Inertial', 'a10_s1_t2_inertial.mat'),
          ]);
          const motion = await twin.motion();
          await motion.ready();
          await motion.panel('Compare');
          await page.getByText('Another recording').click();
          await page.getByRole('combobox', { name: 'Recording' }).click();
          await page.getByRole('option').first().click();
          await page.getByRole('img', { name: /over 0 to 100 %/ }).waitFor({ timeout });
          await expect.poll(() => page.getByLabel('Both windows in numbers').getByRole('row').count()).toBe(6);
          // what was chosen stays while another panel is looked at
          await motion.panel('Window');
          await page.getByLabel('Numbers of the window').waitFor();
          await motion.panel('Compare');
          await page.getByRole('img', { name: /over 0 to 100 %/ }).waitFor({ timeout });
          await page.getByRole('button', { name: 'Save curves' }).click();
          const curves = await downloadOf(page, () => page.getByRole('menuitem', { name: 'Excel' }).click());
          expect(curves.suggestedFilename()).toMatch(/\.xlsx$/);

          // lanes make a picture also where there is no body, and menus say to everyone what is on
          await page.getByRole('button', { name: 'Export', exact: true }).click();
          const picture = await downloadOf(page, () => page.getByRole('menuitem', { name: 'Picture as PNG' }).click());
          expect(picture.suggestedFilename()).toMatch(/motion\.png$/);
          await page.getByRole('button', { name: 'Lanes', exact: true }).click();
          await page.getByRole('menuitemcheckbox', { checked: true }).first().waitFor();
          expect(await findings(page)).toEqual([]);
        }),
      STORY_MS,
    );

    it(
      'a surgeon in the corridor: a tab lifts the sheet, all tabs can be reached, a finger held still brushes',
      () =>
        tell(
          async (page) => {
            const motion = await (await new PatientsPage(page).openLast()).motion();
            await motion.ready();
            const sheet = page.getByRole('complementary', { name: 'Panel' });
            const height = async () => (await sheet.boundingBox())?.height ?? 0;
            await page.getByRole('button', { name: 'Height of the panel' }).click();
            await expect.poll(height).toBeLessThan(100);
            await motion.panel('About');
            await expect.poll(height).toBeGreaterThan(200);
            await page.getByTestId('panel-about').waitFor();
            expect((await page.getByTestId('panel-about').boundingBox())?.x).toBe(0);
            expect(await findings(page)).toEqual([]);

            await motion.panel('Window');
            await page.getByRole('heading', { name: /^Whole recording/ }).waitFor();
            const lanes = await motion.lanes().locator('section canvas').first().boundingBox();
            if (!lanes) throw new Error('the lanes are not on the screen');
            const finger = await page.context().newCDPSession(page);
            const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', share = 0) =>
              finger.send('Input.dispatchTouchEvent', {
                type,
                touchPoints: type === 'touchEnd' ? [] : [{ x: lanes.x + share * lanes.width, y: lanes.y + 40 }],
              });
            await touch('touchStart', 0.3);
            await page.getByRole('heading', { name: /^Window/ }).waitFor();
            await touch('touchMove', 0.5);
            await touch('touchMove', 0.7);
            await touch('touchEnd');
            await expect
              .poll(() => page.getByRole('heading', { name: /^Window/ }).textContent())
              .not.toContain('· 0.00 s');
          },
          { size: PHONE, theme: 'light' },
        ),
      STORY_MS,
    );

    it.each([WIDE, PHONE])(
      'finds no serious barrier in the light theme at $width pixels',
      (size) =>
        tell(
          async (page) => {
            const patients = new PatientsPage(page);
            const motion = await (await patients.openLast()).motion();
            await motion.ready();
            expect(await findings(page)).toEqual([]);
            await expectToFit(page);
          },
          { size, theme: 'light' },
        ),
      STORY_MS,
    );
  });
});
