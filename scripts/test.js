/**
 * `npm test`: everything. Gets a Chromium through the system's package manager where there is none, builds the web
 * application, then types, lint and every test; ends with one line of counts.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LINT, root, runSteps, TYPES, vitest } from './run-steps.js';

const CHROMIUM_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

function findChromium() {
  return [process.env.MSDT_CHROMIUM, ...CHROMIUM_PATHS].find((path) => path && existsSync(path));
}

function installChromium() {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return;
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const run = (...args) => {
    const [command, ...rest] = [...sudo, ...args];
    execFileSync(command, rest, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  };
  console.log('Chromium is missing: installing it with apt-get …');
  try {
    run('apt-get', 'update', '-qq');
    run('apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core');
  } catch (error) {
    console.error(`could not install Chromium: ${error.message}`);
  }
}

if (!findChromium()) installChromium();
const chromium = findChromium();
if (!chromium)
  console.log(
    'No Chromium on this machine: the browser stories are skipped. Install it, or set MSDT_CHROMIUM to its path.',
  );

const folder = mkdtempSync(join(tmpdir(), 'msdt-test-'));
const report = join(folder, 'report.json');
const failed = await runSteps([
  ['web build', [join(root, 'bin/build.js')]],
  TYPES,
  LINT,
  [
    'tests',
    [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { MSDT_CHROMIUM: chromium ?? '' },
  ],
]);
if (existsSync(report)) {
  const counts = JSON.parse(readFileSync(report, 'utf8'));
  const skipped = counts.numPendingTests + counts.numTodoTests;
  console.log(`\n${counts.numPassedTests} passed, ${counts.numFailedTests} failed, ${skipped} skipped`);
}
rmSync(folder, { recursive: true, force: true });
if (failed.length) console.log(`failed: ${failed.join(', ')}`);
process.exitCode = failed.length ? 1 : 0;
