/** Real inertial recordings through the product's own readers, and the BROAD trials with their optical truth. */

import { readdirSync, readFileSync } from 'node:fs';
import { catalogue } from '../../../src/catalogue.ts';
import type { ArtifactValue, Signals } from '../../../src/model/index.ts';
import { readFiles } from '../../../src/runtime/index.ts';
import { dataPath } from '../data-root.ts';
import { memoryFile } from '../formats/formats.ts';

/** All artifacts of files of the real data, as capabilities take them. */
export async function readRecordings(set: string, ...names: string[]): Promise<ArtifactValue[]> {
  const files = names.map((name) => memoryFile(name, new Uint8Array(readFileSync(dataPath(set, name)))));
  const report = await readFiles(catalogue, files, {});
  if (report.errors.length > 0) throw report.errors[0].error;
  return report.items.flatMap(({ artifacts }) => artifacts.map((draft) => ({ ...draft }) as ArtifactValue));
}

/** Quaternions of one sensor, interleaved · shape [4N] */
export function quaternionsOf(signals: Signals, sensor?: string): Float64Array {
  const own = signals.channels.filter(
    (channel) => channel.quantity === 'orientation' && (sensor === undefined || channel.sensor === sensor),
  );
  const parts = (['w', 'x', 'y', 'z'] as const).map((axis) => own.find((channel) => channel.axis === axis)?.values);
  const n = parts[0]?.length ?? 0;
  return Float64Array.from({ length: 4 * n }, (_, i) => parts[i % 4]?.[i >> 2] ?? Number.NaN);
}

/** A trial of BROAD. */
export interface BroadTrial {
  name: string;
  recording: ArtifactValue<'signal.imu'>;
  /** optical orientation `[w, x, y, z]` sensor to ENU, NaN where unseen · shape [4N] */
  truth: Float64Array;
  /** 1 while the sensor moves · shape [N] */
  movement: ArrayLike<number>;
}

/** Names of the trials that are at hand, in order of their numbers. */
export function broadTrials(): string[] {
  return readdirSync(dataPath('imu-broad'))
    .filter((name) => name.endsWith('.mat'))
    .sort();
}

/** Reads a trial. */
export async function readBroad(file: string): Promise<BroadTrial> {
  const values = await readRecordings('imu-broad', file);
  const recording = values.find(({ kind }) => kind === 'signal.imu') as ArtifactValue<'signal.imu'>;
  const references = values
    .filter(({ kind }) => kind === 'signal.orientation')
    .map(({ payload }) => payload as Signals);
  const optical = references.find(({ channels }) => channels.some(({ quantity }) => quantity === 'orientation'));
  const movement = references.flatMap(({ channels }) => channels).find(({ name }) => /^movement$/i.test(name));
  if (!recording || !optical || !movement) throw new Error(`${file}: no recording, optical reference or movement mask`);
  return { name: file.replace(/\.mat$/, ''), recording, truth: quaternionsOf(optical), movement: movement.values };
}

/** Correlation, and root mean square of the difference with both means taken off. */
export function compareCurves(a: ArrayLike<number>, b: ArrayLike<number>): { correlation: number; rmsDeg: number } {
  const pairs = Array.from(a, (value, i) => [value, b[i]]).filter(([x, y]) => Number.isFinite(x + y));
  const [ma, mb] = [0, 1].map((k) => pairs.reduce((sum, pair) => sum + pair[k] / pairs.length, 0));
  let [saa, sbb, sab, sdd] = [0, 0, 0, 0];
  for (const [x, y] of pairs) {
    saa += (x - ma) ** 2;
    sbb += (y - mb) ** 2;
    sab += (x - ma) * (y - mb);
    sdd += (x - ma - y + mb) ** 2;
  }
  return { correlation: sab / Math.sqrt(saa * sbb), rmsDeg: Math.sqrt(sdd / pairs.length) };
}
