/** C3D in the hands of other people's readers: ezc3d and py-c3d (Python, where installed), on our files and on real ones. */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { c3d, readC3d, writeC3d } from '../../src/formats/index.ts';
import { groundReactions } from '../../src/hme/force-plates/index.ts';
import type { PointSequence, Signals } from '../../src/model/index.ts';
import { dataPath } from '../support/data.ts';
import { memoryFile, readOne } from '../support/formats/formats.ts';
import { payloadOf, readData } from '../support/motion/motion-data.ts';
import {
  emgSignals,
  eventList,
  forceSignals,
  markerSequence,
  skeletonSequence,
} from '../support/motion/motion-samples.ts';
import { describeWithPython, runPython } from '../support/python.ts';

const script = join(dirname(fileURLToPath(import.meta.url)), 'c3d_read.py');
const folder = mkdtempSync(join(tmpdir(), 'msdt-c3d-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Numbers = (number | null)[];

interface Seen {
  error?: string;
  labels: string[];
  unit: string;
  points: Numbers;
  rate: number;
  first: number;
  channels: string[];
  units: string[];
  analog: Numbers[];
  analogRate: number;
  events: string[];
  rotations: Numbers;
  plates: { force: Numbers; moment: Numbers; pressure: Numbers; free: Numbers; moments: string }[];
}

function seenBy(reader: 'ezc3d' | 'c3d', path: string): Seen {
  const seen = (JSON.parse(runPython(script, [reader, path])) as Record<string, Seen>)[path];
  expect(seen.error).toBeUndefined();
  return seen;
}

/** Every number equal within `within`; null and NaN are one. */
function expectSame(found: Numbers, wanted: ArrayLike<number>, within: number, what: string): void {
  expect(found.length, what).toBe(wanted.length);
  let [worst, gaps] = [0, 0];
  for (const [at, value] of found.entries()) {
    if (value === null || Number.isNaN(wanted[at])) gaps += Number(value !== null) + Number(!Number.isNaN(wanted[at]));
    else worst = Math.max(worst, Math.abs(value - wanted[at]));
  }
  expect([what, gaps]).toEqual([what, 0]);
  expect(worst, what).toBeLessThanOrEqual(within);
}

/** Single precision of coordinates of some metres · mm */
const SINGLE_MM = 1e-3;

function written(): { path: string; markers: PointSequence; emg: Signals; force: Signals } {
  const markers = { ...markerSequence(), startS: 0.5 };
  const emg = { ...emgSignals(100), startS: 0.5 };
  const force = { ...forceSignals(100), startS: 0.5, rateHz: 2000 };
  const kinds = { markers, emg, force };
  const artifacts = [
    { kind: 'sequence.markers' as const, payload: kinds.markers, name: 'm' },
    { kind: 'signal.emg' as const, payload: kinds.emg, name: 'e' },
    { kind: 'signal.force' as const, payload: kinds.force, name: 'f' },
    { kind: 'events' as const, payload: eventList(), name: 'x' },
  ];
  const files = (c3d.writeTogether?.(artifacts, 'together') ?? []) as { name: string; bytes: Uint8Array }[];
  expect(files).toHaveLength(1);
  const path = join(folder, files[0].name);
  writeFileSync(path, files[0].bytes);
  return { path, ...kinds };
}

describeWithPython('ezc3d', () => {
  it('reads our file: markers, muscles, plate, events', () => {
    const { path, markers, emg, force } = written();
    const seen = seenBy('ezc3d', path);
    expect(seen).toMatchObject({ labels: markers.names, unit: 'mm', rate: 100, analogRate: 2000, first: 50 });
    expectSame(seen.points, markers.positions, SINGLE_MM, 'points');
    const names = [...emg.channels, ...force.channels].map(({ name }) => name);
    expect(seen.channels).toEqual(names);
    expect(seen.units.slice(0, 3)).toEqual(['uV', 'uV', 'N']);
    for (const [index, { values }] of [...emg.channels, ...force.channels].entries())
      expectSame(seen.analog[index], values, 1e-6, names[index]);
    expect(seen.events).toEqual(['Foot Strike', 'bend']);
  });

  it('reads a skeleton with the turns of its joints', () => {
    const skeleton = skeletonSequence();
    const [{ name, bytes }] = (c3d.write?.({ kind: 'sequence.skeleton', payload: skeleton, name: 'body' }) ?? []) as {
      name: string;
      bytes: Uint8Array;
    }[];
    writeFileSync(join(folder, name), bytes);
    const seen = seenBy('ezc3d', join(folder, name));
    expectSame(seen.points, skeleton.positions, SINGLE_MM, 'joints');
    // matrices row by row: the last column of the first joint is its place
    expect(seen.rotations).toHaveLength(16 * 3 * 4);
  });

  // big-endian (SGI) files ezc3d refuses; py-c3d reads them, below
  it.each(['dec'] as const)('reads what we write for %s machines', (processor) => {
    const { path, markers } = written();
    const { document } = readC3d(new Uint8Array(readFileSync(path)), path);
    const other = join(folder, `${processor}.c3d`);
    writeFileSync(other, writeC3d({ ...document, processor }));
    expectSame(seenBy('ezc3d', other).points, markers.positions, SINGLE_MM, processor);
  });
});

describeWithPython('c3d', () => {
  it.each(['pc', 'dec', 'sgi'] as const)('reads what we write for %s machines', (processor) => {
    const { path, markers, emg } = written();
    const { document } = readC3d(new Uint8Array(readFileSync(path)), path);
    const other = join(folder, `py-${processor}.c3d`);
    writeFileSync(other, writeC3d({ ...document, processor }));
    const seen = seenBy('c3d', other);
    expect(seen).toMatchObject({ labels: markers.names, rate: 100, analogRate: 2000 });
    expectSame(seen.points, markers.positions, SINGLE_MM, 'points');
    expectSame(seen.analog[0], emg.channels[0].values, 1e-6, 'EMG1');
  });
});

const REAL = [
  'c3d-pyomeca-vicon/markers_analogs.c3d',
  'c3d-opensim-walking/walking2.c3d',
  'c3d-vendors/BTS.c3d',
  'c3d-vendors/Qualisys.c3d',
  'c3d-vendors/FP_Type1.c3d',
  'c3d-vendors/C3DRotationExample.c3d',
  'c3d-kineticstoolkit/walkingOptiTrack.c3d',
].filter((name) => existsSync(dataPath(...name.split('/'))));

describe('real files', () => {
  describeWithPython('ezc3d', () => {
    it.skipIf(REAL.length === 0).each(REAL)('%s means the same to both', async (name) => {
      const parts = name.split('/');
      const item = await readData(c3d, parts, { prefix: 'keep' });
      const seen = seenBy('ezc3d', dataPath(...parts));
      const mm = seen.unit === 'm' ? 1000 : 1;
      const markers = item.artifacts.find(({ kind }) => kind === 'sequence.markers')?.payload as
        | PointSequence
        | undefined;
      if (markers) {
        expect(markers.names).toEqual(seen.labels);
        const theirs = seen.points.map((value) => (value === null ? null : value * mm));
        // a place that is exactly the origin was not seen: ezc3d leaves it there
        for (let at = 0; at < theirs.length; at += 3)
          if (theirs[at] === 0 && theirs[at + 1] === 0 && theirs[at + 2] === 0) theirs.fill(null, at, at + 3);
        expectSame(theirs, markers.positions, SINGLE_MM, 'points');
      }
      const channels = item.artifacts
        .filter(({ kind }) => kind.startsWith('signal.'))
        .flatMap(({ payload }) => (payload as Signals).channels);
      expect(channels).toHaveLength(seen.channels.length);
      for (const [index, label] of seen.channels.entries()) {
        const own = channels.find((channel) => channel.name === label);
        const size = Math.max(1e-9, ...seen.analog[index].map((value) => Math.abs(value ?? 0)));
        expectSame(seen.analog[index], own?.values ?? [], 1e-6 * size, label);
      }
      if (name.includes('Rotation')) {
        const skeleton = payloadOf(item, 'sequence.skeleton');
        const places = Array.from({ length: skeleton.positions.length }, (_, at) => {
          // matrices come column by column: the fourth holds the place
          const value = seen.rotations[16 * Math.floor(at / 3) + 12 + (at % 3)];
          return value;
        });
        expectSame(places, skeleton.positions, SINGLE_MM, 'segments');
      }
    });

    it.skipIf(!REAL.includes('c3d-vendors/BTS.c3d')).each(['c3d-vendors/BTS.c3d', 'c3d-vendors/Qualisys.c3d'])(
      'forces of %s are the same to both',
      async (name) => {
        const parts = name.split('/');
        const forces = payloadOf(await readData(c3d, parts), 'signal.force');
        const theirs = seenBy('ezc3d', dataPath(...parts)).plates;
        const ours = groundReactions(forces, 50);
        expect(ours).toHaveLength(theirs.length);
        for (const [index, plate] of ours.entries()) {
          expect(theirs[index].moments).toBe('Nmm');
          expectSame(theirs[index].force, plate.force, 1e-3, `force ${index}`);
          expectSame(theirs[index].moment, plate.moment, 0.5, `moment ${index}`);
          // where there is load: below it both divide noise by noise
          const loaded = theirs[index].pressure.map((value, at) =>
            plate.vertical[Math.floor(at / 3)] < 50 ? null : value,
          );
          expectSame(loaded, plate.pressureCentre, 0.02, `pressure ${index}`);
        }
      },
    );

    it.skipIf(!REAL.includes('c3d-vendors/FP_Type1.c3d'))('the plate of type 1 is the same to both', async () => {
      const parts = ['c3d-vendors', 'FP_Type1.c3d'];
      const forces = payloadOf(await readData(c3d, parts), 'signal.force');
      const [theirs] = seenBy('ezc3d', dataPath(...parts)).plates;
      // the other three plates have no corners
      const [ours] = groundReactions(forces, 0);
      // without force there is no centre of pressure; ezc3d gives the stored numbers there
      const pressed = (at: number) => Math.abs(ours.vertical[Math.floor(at / 3)]) > 0;
      const inMm = (values: Numbers) =>
        values.map((value, at) => (value === null || !pressed(at) ? null : value * 1000));
      expectSame(theirs.force, ours.force, 1e-6, 'force');
      expectSame(inMm(theirs.pressure), ours.pressureCentre, 1e-3, 'pressure');
      expectSame(inMm(theirs.free), ours.freeMoment, 1e-3, 'free moment');
      // ezc3d gives the moment of this type with the other sign; r × F + T is ours
      expectSame(
        theirs.moment.map((value) => (value === null ? null : -1000 * value)),
        ours.moment,
        1e-3,
        'moment',
      );
    });
  });
});

it('reads its own file without Python', async () => {
  const { path } = written();
  const item = await readOne(c3d, [memoryFile('a.c3d', new Uint8Array(readFileSync(path)))]);
  expect(item.artifacts.map(({ kind }) => kind)).toEqual(['sequence.markers', 'signal.emg', 'signal.force', 'events']);
});
