/**
 * Takes the pictures of README and user guide from the demo twin: `npm run build && node scripts/screenshots.ts`.
 *
 * Needs Chromium (MSDT_CHROMIUM or the usual places).
 */

import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ANALYSIS_MS, PatientsPage } from '../tests/e2e/pages.ts';
import { startBrowser, startServer, visit } from '../tests/support/application.ts';
import { ROOT } from '../tests/support/source-tree.ts';

const SETTLE_MS = 4000;

/** Files of the virtual subject that bends forward four times (SYNTHETIC). */
async function bendingSubject(): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'msdt-bend-'));
  const args = [join(ROOT, 'src/cli/main.ts'), 'simulate', '--motion', 'bend', '--out', folder];
  await promisify(execFile)(process.execPath, args);
  return ['skeleton', 'emg', 'imu'].map((name) => join(folder, `${name}.parquet`));
}

const server = await startServer(['--demo']);
const browser = await startBrowser();
try {
  const { page } = await visit(browser, server.url);
  const save = async (name: string): Promise<void> => {
    await page.waitForTimeout(SETTLE_MS);
    await page.screenshot({ path: join(ROOT, 'docs/images', `${name}.png`) });
  };
  const patients = new PatientsPage(page);
  await patients.twin('Demo subject').waitFor({ timeout: ANALYSIS_MS });
  const spineTwin = await patients.open('Demo subject');
  const spine = await spineTwin.spine();
  await spine.level('L4').waitFor({ timeout: ANALYSIS_MS });
  await spineTwin.idle();
  await page.waitForTimeout(SETTLE_MS * 2);
  await spine.level('L2').click();
  await save('spine');
  await spineTwin.overview();
  await save('overview');
  await spineTwin.inference();
  await save('inference');
  await page.goto(server.url.replace(/#.*/, ''));
  await patients.twin('Demo subject').waitFor();
  await save('patients');
  const moving = await patients.dropFiles(await bendingSubject());
  const motion = await moving.motion();
  await moving.idle();
  await page.getByLabel('Phases').getByRole('button').nth(1).click();
  await motion.seek(0.37);
  await save('motion');
} finally {
  await browser.close();
  await server.stop();
}
