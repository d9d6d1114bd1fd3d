/**
 * Reading DICOM, row 11: `node --expose-gc bench/dicom.ts [series] [zip] [syntaxes] [vtk]` prints one JSON line a case.
 *
 * `series`: 300 uncompressed slices of 512×512 in `$PEER_DATA/dicom`, warm, into an ordinary array, into a new arena and
 * into one that is kept, beside dicom-parser in the same process (its slices sorted and rescaled by hand, as its users do). `zip`: the chest series
 * from its archive, with the peak of memory. `syntaxes`: one CT slice in every coding, decoded. `vtk`: VTK's reader on the
 * same 300 files, and the ratio. Where the 300 files are missing they are written from the generated CT, or from noise.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import dicomParser from 'dicom-parser';
import { decodeFrames, dicom, writeSeries } from '../src/formats/dicom/index.ts';
import { openZip } from '../src/formats/zip/index.ts';
import { type Arena, createArena } from '../src/kernel/index.ts';
import { HOUNSFIELD, type ReadReport, type Volume } from '../src/model/index.ts';
import { fileOnDisk } from '../src/runtime/index.ts';
import { DATA_ROOT } from '../tests/support/data-root.ts';
import { type Measured, measure, middle } from './measure.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PEER_DATA = process.env.PEER_DATA ?? '/tmp/peers_data';
const SERIES = join(PEER_DATA, 'dicom');
const CASE = '300x512x512-uncompressed-warm';
const PLANE = 512 * 512;

/** Writes the series where no peer script has. */
function prepareSeries(): string[] {
  if (!existsSync(SERIES)) {
    const source = join(PEER_DATA, 'ct_512x512x300.i16');
    const data = new Int16Array(PLANE * 300);
    if (existsSync(source)) data.set(new Int16Array(new Uint8Array(readFileSync(source)).buffer));
    else
      for (let n = 0, state = 1; n < data.length; n++)
        data[n] = ((state = Math.imul(state, 1664525) + 1013904223) >>> 21) - 1000;
    const volume: Volume = {
      size: [512, 512, 300],
      spacing: [0.78, 0.78, 1],
      origin: [0, 0, 0],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      data,
      unit: HOUNSFIELD,
    };
    mkdirSync(SERIES, { recursive: true });
    for (const { name, bytes } of writeSeries('volume.ct', volume, 'bench', { synthetic: true })) {
      writeFileSync(join(SERIES, name.split('/')[1]), bytes);
    }
  }
  return readdirSync(SERIES).filter((name) => name.endsWith('.dcm'));
}

const voxelsOf = (report: ReadReport) => (report.items[0].artifacts[0].payload as Volume).data;
const check = (voxels: ArrayLike<number>) => ({ check: voxels[100 * PLANE + 330 * 512 + 256] });

async function seriesRow(): Promise<void> {
  const names = prepareSeries();
  const open = () => Promise.all(names.map((name) => fileOnDisk(join(SERIES, name), name)));
  await measure('msdt', CASE, 300, async () => voxelsOf(await dicom.read(await open())), { after: check });
  const inArena = async (arena: Arena) =>
    voxelsOf(await dicom.read(await open(), { allocate: (type, n) => arena.allocate(type, n) }));
  await measure('msdt-new-arena', CASE, 300, () => inArena(createArena(PLANE * 600 + 65536)), { after: check });
  const kept = createArena(PLANE * 600 + 65536);
  const start = kept.mark();
  await measure(
    'msdt-kept-arena',
    CASE,
    300,
    () => {
      kept.release(start);
      return inArena(kept);
    },
    { after: check },
  );
  await measure('dicom-parser1.8-node', CASE, 300, () => parserSeries(names), { after: check });
}

/** What a user of dicom-parser writes: parse, sort, rescale. */
function parserSeries(names: string[]): Int16Array {
  const slices = names.map((name) => {
    const bytes = readFileSync(join(SERIES, name));
    const set = dicomParser.parseDicom(bytes);
    const { dataOffset, length } = set.elements.x7fe00010;
    const from = bytes.byteOffset + dataOffset;
    return {
      z: set.floatString('x00200032', 2) ?? 0,
      intercept: set.floatString('x00281052') ?? 0,
      words: new Int16Array(bytes.buffer.slice(from, from + length)),
    };
  });
  slices.sort((a, b) => a.z - b.z);
  const volume = new Int16Array(PLANE * slices.length);
  slices.forEach(({ words, intercept }, k) => {
    for (let n = 0; n < PLANE; n++) volume[k * PLANE + n] = words[n] + intercept;
  });
  return volume;
}

async function zipRow(): Promise<void> {
  const path = join(DATA_ROOT, 'ct-chest-lidc-0314/lidc-idri-0314-lower-half.zip');
  if (!existsSync(path)) return;
  await measure(
    'msdt',
    'chest-zip-512x512x72',
    72,
    async () => voxelsOf(await dicom.read(await openZip(await fileOnDisk(path)))),
    { runs: 3, warm: 0, after: () => ({ peak_rss_mb: Math.round(process.resourceUsage().maxRSS / 1024) }) },
  );
}

async function syntaxRows(): Promise<void> {
  const folder = join(DATA_ROOT, 'dicom-transfer-syntaxes');
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((file) => file.startsWith('CTImage'))) {
    const bytes = new Uint8Array(readFileSync(join(folder, name)));
    const title = /Syntax_([\d.]+)\.dcm/.exec(name)?.[1] ?? '1.2.840.10008.1.2';
    await measure('msdt', `decode-512x512-${title}`, 1, () => decodeFrames(bytes, name), { runs: 9 });
  }
}

/** VTK in turns with ours, so that a slow minute hits both; the ratio is that of the medians of CPU seconds. */
function vtkRow(): void {
  prepareSeries();
  const cpu: Record<string, number[]> = {};
  const take = (command: string, args: string[]): void => {
    const done = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, PEER_DATA } });
    for (const line of (done.stdout ?? '').split('\n').filter((text) => text.startsWith('{'))) {
      const { peer, cpu_s } = JSON.parse(line) as Measured;
      cpu[peer] = [...(cpu[peer] ?? []), cpu_s];
    }
    if (done.status !== 0) console.error(`not run: ${command}: ${done.stderr?.trim().split('\n').pop()}`);
  };
  for (let round = 0; round < 3; round++) {
    take('/usr/bin/python3', [join(ROOT, 'bench/peers/vtk_dicom.py')]);
    take(process.execPath, ['--expose-gc', join(ROOT, 'bench/dicom.ts'), 'series']);
  }
  const peer = cpu['vtk-DICOMImageReader'];
  for (const ours of ['msdt', 'msdt-new-arena', 'msdt-kept-arena', 'dicom-parser1.8-node']) {
    if (!peer || !cpu[ours]) continue;
    const ratio = middle(cpu[ours]) / middle(peer);
    console.log(JSON.stringify({ case: CASE, ours, peer: 'vtk-DICOMImageReader', ratio: Number(ratio.toFixed(2)) }));
  }
}

const wanted = process.argv.slice(2);
const rows: [string, () => void | Promise<void>][] = [
  ['zip', zipRow],
  ['series', seriesRow],
  ['syntaxes', syntaxRows],
  ['vtk', vtkRow],
];
for (const [name, row] of rows) if (wanted.length === 0 || wanted.includes(name)) await row();
