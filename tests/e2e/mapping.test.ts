import { expect, it } from 'vitest';
import { findings } from './axe.ts';
import { describeStories, PHONE, STORY_MS, savedText } from './chromium.ts';
import { ANALYSIS_MS, MappingForm, PatientsPage, TwinPage } from './pages.ts';

/** Counts of an amplifier, whose header says nothing that a program could know. */
function table(name: string, separator = ';') {
  const lines = ['export of a lab amplifier', ['Ch1', 'Ch2', 'AccX', 'Trigger'].join(separator)];
  for (let i = 0; i < 3000; i++) {
    const burst = i % 1000 < 500 ? 900 : 40;
    const [a, b] = [Math.sin(i * 2.1) * Math.sin(i * i), Math.sin(i * 1.7) * Math.cos(i * i)];
    lines.push([Math.round(burst * a), Math.round(burst * b), i % 50, i % 1000 === 0 ? 1 : 0].join(separator));
  }
  return { name, mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) };
}

describeStories('the columns of a table', [], (tell) => {
  it(
    'a researcher drops a table of counts, says what its columns are, keeps that, and reads the next table by it',
    () =>
      tell(async (page) => {
        const form = new MappingForm(page);
        await page.getByTestId('files-input').setInputFiles(table('trial-1.csv'));
        await form.opened();
        await form.says(/how fast it was sampled/);
        await expect.poll(() => form.button('Import with this mapping').isDisabled()).toBe(true);

        await form.set('Measures', 'Ch1', 'emg');
        await form.set('Unit', 'Ch1', 'uV');
        await form.set('Muscle', 'Ch1', 'erectorSpinae');
        await form.set('Measures', 'Ch2', 'emg');
        await form.set('Measures', 'Trigger', 'leave-out');
        await form.set('Scale', 'Ch1', '0.25x');
        await form.says(/scale cannot be 0.25x/);
        await form.set('Scale', 'Ch1', '0,25');
        await form.button('Same for Ch2').click();
        await form.set('Side', 'Ch1', 'left');
        await form.set('Side', 'Ch2', 'right');
        await form.set('Unit', 'AccX', '[g]');
        await page.getByLabel('Rate, Hz').fill('1000');
        await form.says(/EMG, 2 channels at 1000 Hz · Inertial sensor, 1 channel at 1000 Hz/);
        expect(await findings(page)).toEqual([]);

        await form.save('lab amplifier');
        const kept = JSON.parse(await savedText(page, () => form.button('Download mapping as JSON').click()));
        expect(kept.streams[0]).toMatchObject({
          rateHz: 1000,
          channels: [{ column: 'Ch1', scale: 0.25, side: 'left' }, { unit: 'uV' }, {}],
        });

        await form.button('Import with this mapping').click();
        await page.getByRole('button', { name: 'Create and upload' }).click();
        const motion = await new TwinPage(page).motion();
        await motion.ready();
        await motion.lanes().getByText('Ch1').first().waitFor({ timeout: ANALYSIS_MS });

        // the next one, in another dialect of CSV, from the palette and by the keyboard
        await page.keyboard.press('Control+k');
        await page.getByLabel('Search commands').fill('map columns');
        await page.keyboard.press('Enter');
        await page.getByTestId('tables-input').setInputFiles(table('trial-2.csv', '\t'));
        await form.opened();
        await page.getByLabel('Mapping', { exact: true }).selectOption('lab amplifier');
        await form.says(/EMG, 2 channels at 1000 Hz/);
        await form.button('Import with this mapping').click();
        await form.read('trial-2.csv');
      }),
    STORY_MS,
  );

  it(
    'a clinician drops a table of visits, says what its columns mean, and reads it into the record',
    () =>
      tell(async (page) => {
        const form = new MappingForm(page);
        const text = 'when;Surname;ODI;b;c;d\n03/04/2026;Doe;44;7;0,9;x\n05/05/2026;Doe;38;six;0,2;y\n';
        const visits = { name: 'visits.csv', mimeType: 'text/csv', buffer: Buffer.from(text) };
        await page.getByTestId('files-input').setInputFiles(visits);
        await form.opened();
        await form.says(/leave open which number is the month/);
        expect(await form.sheet().innerText()).not.toContain('Doe');
        await page.getByLabel('03/04/2026 is').selectOption('day-first');
        await form.set('Unit', 'ODI', '%');
        await form.set('Means', 'b', 'pain.leg');
        await form.set('Means', 'c', 'lab.crp');
        await expect.poll(() => page.getByLabel('Unit of c', { exact: true }).inputValue()).toBe('');
        await form.set('Unit', 'c', 'mg/dL');
        await form.says('Reads as 5 dated facts; never taken: Surname');
        await form.says(/row 3, column b/);
        expect(await findings(page)).toEqual([]);
        await form.save('spine clinic');
        await form.button('Import with this mapping').click();
        await page.getByRole('button', { name: 'Create and upload' }).click();
        await form.read('visits.csv');
      }),
    STORY_MS,
  );

  it(
    'fits a phone in the light theme, and leaves a table a table',
    () =>
      tell(
        async (page) => {
          await page.getByRole('button', { name: 'Light theme' }).click();
          await page.getByTestId('files-input').setInputFiles(table('list.csv'));
          const form = new MappingForm(page);
          await form.opened();
          await form.says(/how fast it was sampled/);
          expect(await findings(page)).toEqual([]);
          await expect
            .poll(() => form.sheet().evaluate((element) => element.scrollWidth - element.clientWidth))
            .toBeLessThanOrEqual(0);
          await form.button('Keep as a plain table').click();
          await page.getByRole('button', { name: 'Create and upload' }).click();
          const again = page.getByTestId('upload').getByRole('button', { name: 'Map columns…' });
          await again.click({ timeout: ANALYSIS_MS });
          await form.opened();
          await page.keyboard.press('Escape');
          await form.sheet().waitFor({ state: 'detached' });
        },
        { size: PHONE },
      ),
    STORY_MS,
  );

  it('asks nothing of tables that speak for themselves', () =>
    tell(async (page) => {
      const rows = Array.from({ length: 500 }, (_, i) => `${i / 1000},${Math.sin(i).toFixed(4)}`);
      const buffer = Buffer.from(['time (s),EMG L4 left [mV]', ...rows].join('\n'));
      await new PatientsPage(page).dropFiles([{ name: 'known.csv', mimeType: 'text/csv', buffer }]);
      expect(await new MappingForm(page).sheet().count()).toBe(0);
    }));
});
