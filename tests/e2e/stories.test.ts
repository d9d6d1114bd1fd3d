import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { dataPath, describeWithData } from '../support/data.ts';
import { findings } from './axe.ts';
import { describeStories, expectToFit, holdBytes, PHONE, STORY_MS, WIDE } from './chromium.ts';
import { ANALYSIS_MS, PatientsPage, type SpineScreen } from './pages.ts';

const timeout = ANALYSIS_MS;

async function measured(spine: SpineScreen) {
  const lordosis = spine.number(/lumbar lordosis/i).first();
  await lordosis.waitFor({ timeout });
  return lordosis;
}

describeStories('a newcomer', ['--demo'], (tell) => {
  it(
    'opens the demo, finds L4 everywhere, and reads that it is synthetic',
    () =>
      tell(async (page) => {
        const patients = new PatientsPage(page);
        await patients.twin('Demo subject').getByText('SYNTHETIC').waitFor({ timeout });
        const twin = await patients.open('Demo subject');
        await page.getByTestId('research-line').getByText('Research use only').waitFor();
        expect(await findings(page)).toEqual([]);
        const spine = await twin.spine();
        await measured(spine);
        const before = await spine.slice('axial').textContent();
        await spine.level('L4').click();
        await expect.poll(() => spine.level('L4').getAttribute('aria-pressed')).toBe('true');
        await expect.poll(() => spine.slice('axial').textContent()).not.toBe(before);
        await expect.poll(() => spine.slice('axial').textContent()).toContain('L4');
        for (const plane of ['axial', 'sagittal', 'coronal'] as const) await spine.slice(plane).waitFor();
        expect(await findings(page)).toEqual([]);
      }),
    STORY_MS,
  );

  it(
    'reads the level on a slice whose labels arrive long after the crosshair came to rest',
    () =>
      tell(async (page, server) => {
        const release = await holdBytes(page, server, ({ kind }) => kind.startsWith('labelmap.'));
        const patients = new PatientsPage(page);
        await patients.twin('Demo subject').getByText('SYNTHETIC').waitFor({ timeout });
        const spine = await (await patients.open('Demo subject')).spine();
        await measured(spine);
        const axial = () => spine.slice('axial').textContent();
        await spine.level('L4').click();
        // value and place are there, and cannot have a level yet
        await expect.poll(axial).toMatch(/HU\s+[LR] \d+ +[PA] \d+ +[SI] \d+ mm/);
        expect(await axial()).not.toContain('L4');
        release();
        await expect.poll(axial).toMatch(/HU +L4\s+[LR] \d+/);
      }),
    STORY_MS,
  );

  it.each([WIDE, PHONE])(
    'finds no serious barrier in the light theme at $width pixels',
    (size) =>
      tell(
        async (page) => {
          const patients = new PatientsPage(page);
          await patients.twin('Demo subject').waitFor();
          expect(await findings(page), 'patients').toEqual([]);
          const twin = await patients.open('Demo subject');
          expect(await findings(page), 'overview').toEqual([]);
          await twin.spine();
          expect(await findings(page), 'spine').toEqual([]);
          await expectToFit(page);
        },
        { size, theme: 'light' },
      ),
    STORY_MS,
  );

  it(
    'moves all labels by one level and back',
    () =>
      tell(async (page) => {
        const spine = await (await new PatientsPage(page).open('Demo subject')).spine();
        await measured(spine);
        await spine.shiftLabels('up');
        await expect.poll(() => spine.level('C7').count(), { timeout }).toBe(1);
        await spine.shiftLabels('down');
        await expect.poll(() => spine.level('C7').count(), { timeout }).toBe(0);
      }),
    STORY_MS,
  );
});

describeStories('a researcher', [], (tell) => {
  describeWithData('ct-torso-totalsegmentator', () => {
    it(
      'drops a CT with labels, reads the lordosis, measures, undoes and takes results along',
      () =>
        tell(async (page) => {
          const twin = await new PatientsPage(page).dropFiles([
            dataPath('ct-torso-totalsegmentator', 'example_ct.nii.gz'),
            dataPath('ct-torso-totalsegmentator', 'spine_report', 'example_ct_report', 'totalseg.nii.gz'),
            dataPath(
              'ct-torso-totalsegmentator',
              'spine_report',
              'example_ct_report',
              'totalseg_vertebrae_body.nii.gz',
            ),
          ]);
          const spine = await twin.spine();
          await spine.level('L4').waitFor({ timeout });
          const lordosis = await measured(spine);
          const degrees = async () => {
            const spoken = await lordosis.ariaSnapshot();
            return Number(/(-?\d+(\.\d+)?)\s*(°|degrees)/.exec(spoken)?.[1]);
          };
          await expect.poll(degrees).toSatisfy((angle: number) => angle > 15 && angle < 75);

          await spine.drawDistance('axial', [0.4, 0.5], [0.6, 0.5]);
          await spine.panel('Measure');
          const count = () => spine.measurements().count();
          await expect.poll(count).toBe(1);
          await expect.poll(() => spine.measurements().first().textContent()).toMatch(/\d+(\.\d+)?\s*mm/);
          await page.keyboard.press('Control+z');
          await expect.poll(count).toBe(0);
          await page.keyboard.press('Control+Shift+z');
          await expect.poll(count).toBe(1);

          const table = await spine.export('Features as CSV');
          expect(await readFile(await table.path(), 'utf8')).toContain('spine.lumbarLordosis');
          const surface = await spine.export(/as STL$/);
          const stl = await readFile(await surface.path());
          expect(stl.length).toBe(84 + 50 * stl.readUInt32LE(80));

          await page.reload();
          await spine.panel('Measure');
          await expect.poll(count).toBe(1);
        }),
      STORY_MS,
    );

    it(
      'is told which file is broken and what to do, and the rest goes on',
      () =>
        tell(async (page) => {
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
          await page.getByText('<b>broken</b>.nii').first().waitFor({ timeout });
        }),
      STORY_MS,
    );
  });
});
