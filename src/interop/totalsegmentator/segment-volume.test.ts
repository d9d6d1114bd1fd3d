import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nifti } from '../../formats/nifti/index.ts';
import type { Labelmap, Volume } from '../../model/index.ts';
import { argumentsFor, findTotalSegmentator, segmentWithTotalSegmentator, silentEnvironment } from './index.ts';

const GRID = {
  size: [4, 5, 6],
  spacing: [2, 2, 3],
  origin: [10, 20, 30],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
} as const;

const volume: Volume = { ...GRID, data: new Int16Array(120).fill(40), unit: "[hnsf'U]" };
const ct = { kind: 'volume.ct' as const, payload: volume };

/** A stand-in for the program: writes down how it was called and gives the label map beside it, or fails as told. */
const FAKE = `#!${process.execPath}
const { readFileSync, writeFileSync, copyFileSync } = require('node:fs');
const { join, dirname } = require('node:path');
const here = dirname(process.argv[1]);
const args = process.argv.slice(2);
if (args[0] === '--version') { console.log('9.8.7'); process.exit(0); }
const config = JSON.parse(readFileSync(join(process.env.TOTALSEG_HOME_DIR, 'config.json'), 'utf8'));
writeFileSync(join(here, 'called.json'), JSON.stringify({ args, config, weights: process.env.TOTALSEG_WEIGHTS_PATH }));
console.log('Predicting...');
if (process.env.FAKE === 'fail') { console.error('RuntimeError: out of memory'); process.exit(2); }
if (process.env.FAKE === 'hang') setInterval(() => {}, 1000);
else if (process.env.FAKE !== 'nothing') copyFileSync(join(here, 'labels.nii.gz'), args[args.indexOf('-o') + 1]);
`;

let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'msdt-fake-'));
  const program = join(folder, 'bin', 'TotalSegmentator');
  await mkdir(dirname(program), { recursive: true });
  await writeFile(program, FAKE);
  await chmod(program, 0o755);
  await writeFile(join(folder, 'bin', 'package.json'), '{"type":"commonjs"}');
  const labels: Labelmap = {
    ...GRID,
    data: new Uint8Array(120).map((_, at) => (at < 60 ? 27 : 28)),
    labels: [
      { value: 27, name: 'vertebrae_L5' },
      { value: 28, name: 'vertebrae_L4' },
    ],
  };
  const written = await nifti.write?.(
    { kind: 'labelmap.source', payload: labels, name: 'labels' },
    { choices: { compress: 'gzip' } },
  );
  await writeFile(join(folder, 'bin', 'labels.nii.gz'), written![0].bytes);
  const home = join(folder, 'home');
  await mkdir(join(home, 'nnunet', 'results'), { recursive: true });
  await writeFile(
    join(home, 'config.json'),
    JSON.stringify({ totalseg_id: 'totalseg_ABC', send_usage_stats: true, license_number: 'aca_123' }),
  );
  env = {
    ...process.env,
    PATH: [join(folder, 'bin'), dirname(process.execPath)].join(delimiter),
    TOTALSEG_HOME_DIR: home,
    TOTALSEG_WEIGHTS_PATH: undefined,
  };
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const called = async () => JSON.parse(await readFile(join(folder, 'bin', 'called.json'), 'utf8'));

describe.skipIf(process.platform === 'win32')('TotalSegmentator', () => {
  it('is found on the PATH, or not', async () => {
    expect(await findTotalSegmentator(env.PATH)).toBe(join(folder, 'bin', 'TotalSegmentator'));
    expect(await findTotalSegmentator(join(folder, 'nowhere'))).toBeUndefined();
  });

  it('gets the volume, and its label map comes back with names and place', async () => {
    const lines: string[] = [];
    const made = await segmentWithTotalSegmentator(ct, {
      task: 'total',
      fast: true,
      env,
      onLine: (l) => lines.push(l),
    });
    expect(made).toMatchObject({ kind: 'labelmap.source', name: 'total' });
    expect(made.payload.labels.map(({ name }) => name)).toEqual(['vertebrae_L5', 'vertebrae_L4']);
    expect([made.payload.size, made.payload.origin]).toEqual([
      [4, 5, 6],
      [10, 20, 30],
    ]);
    expect(lines).toContain('Predicting...');
    expect((await called()).args).toEqual(expect.arrayContaining(['-ta', 'total', '--ml', '--fast']));
  });

  it('never sends usage statistics, keeps the licence, finds the weights, and leaves the settings alone', async () => {
    await segmentWithTotalSegmentator(ct, { task: 'vertebrae_body', env });
    const { config, weights } = await called();
    expect(config).toEqual({
      totalseg_id: '',
      send_usage_stats: false,
      prediction_counter: 0,
      license_number: 'aca_123',
    });
    expect(weights).toBe(join(folder, 'home', 'nnunet', 'results'));
    const own = JSON.parse(await readFile(join(folder, 'home', 'config.json'), 'utf8'));
    expect(own.send_usage_stats).toBe(true);
  });

  it('has a silent home even where the user has none', async () => {
    const home = join(folder, 'fresh');
    const made = await silentEnvironment(home, { TOTALSEG_HOME_DIR: join(folder, 'absent') });
    expect(made).toEqual({ TOTALSEG_HOME_DIR: home });
    expect(JSON.parse(await readFile(join(home, 'config.json'), 'utf8')).send_usage_stats).toBe(false);
  });

  it('says what went wrong, in the program’s own words and without paths of this machine', async () => {
    const run = (mode: string) => segmentWithTotalSegmentator(ct, { task: 'total', env: { ...env, FAKE: mode } });
    await expect(run('fail')).rejects.toMatchObject({
      code: 'tool.failed',
      detail: expect.stringContaining('out of memory'),
    });
    await expect(run('nothing')).rejects.toMatchObject({ code: 'tool.failed' });
    await expect(
      segmentWithTotalSegmentator(ct, { task: 'total', env: { ...env, PATH: folder } }),
    ).rejects.toMatchObject({ code: 'tool.missing' });
  });

  it('ends with the user’s cancel', async () => {
    const cancel = new AbortController();
    const running = segmentWithTotalSegmentator(ct, {
      task: 'total',
      env: { ...env, FAKE: 'hang' },
      signal: cancel.signal,
      onLine: () => cancel.abort(),
    });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('passes the choices of a run and nothing else', () => {
    expect(argumentsFor('in', 'out', { task: 'vertebrae_mr', device: 'cpu' })).toEqual([
      '-i',
      'in',
      '-o',
      'out',
      '-ta',
      'vertebrae_mr',
      '--ml',
      '--device',
      'cpu',
    ]);
  });
});
