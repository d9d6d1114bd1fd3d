/** Skeletons and inertial records of UTD-MHAD through the product's own readers, as lists of examples and of recordings in question. */

import { readdirSync } from 'node:fs';
import { createRandom } from '../../../src/kernel/index.ts';
import type { ArtifactValue, PointSequence } from '../../../src/model/index.ts';
import { dataPath } from '../data-root.ts';
import { readRecordings } from './imu.ts';

/** Name of the set. */
export const ACTION_SET = 'skel-utd-mhad';

/** One repetition of an action by a subject. */
export interface Repetition {
  action: string;
  subject: number;
  skeleton: ArtifactValue;
  inertial: ArtifactValue;
}

/** All repetitions of some subjects, in order of their names; `keep` chooses among the names. */
export async function readRepetitions(
  subjects: readonly number[],
  keep: (action: number, trial: number) => boolean = () => true,
): Promise<Repetition[]> {
  const out: Repetition[] = [];
  for (const name of readdirSync(dataPath(ACTION_SET, 'Skeleton')).sort()) {
    const [, action, subject, trial] = /^a(\d+)_s(\d+)_t(\d+)/.exec(name) ?? [];
    if (!subjects.includes(Number(subject)) || !keep(Number(action), Number(trial))) continue;
    const inertial = `Inertial/${name.replace('skeleton', 'inertial')}`;
    const values = await readRecordings(ACTION_SET, `Skeleton/${name}`);
    values.push(...(await readRecordings(ACTION_SET, inertial)));
    const of = (kind: string) => values.find((value) => value.kind === kind) as ArtifactValue;
    out.push({ action, subject: Number(subject), skeleton: of('sequence.skeleton'), inertial: of('signal.imu') });
  }
  return out;
}

/** Repetitions as a list gives them to a role; a list of recordings in question says neither label nor subject. */
export function listed(repetitions: readonly Repetition[], labelled: boolean): Record<'body' | 'imu', ArtifactValue[]> {
  const about = ({ action, subject }: Repetition, row: number) => ({
    row,
    path: `${row}`,
    ...(labelled ? { label: action, subject } : {}),
  });
  return {
    body: repetitions.map((one, row) => ({ ...one.skeleton, metadata: about(one, row) })),
    imu: repetitions.map((one, row) => ({ ...one.inertial, metadata: about(one, row) })),
  };
}

/** The same repetitions with every second frame left out. */
export function atHalfRate(repetitions: readonly Repetition[]): Repetition[] {
  return changed(repetitions, (sequence) => {
    const stride = 3 * sequence.names.length;
    const frames = Math.ceil(sequence.positions.length / stride / 2);
    const positions = new Float64Array(frames * stride);
    for (let f = 0; f < frames; f++)
      positions.set(sequence.positions.subarray(2 * f * stride, (2 * f + 1) * stride), f * stride);
    return { ...sequence, rateHz: sequence.rateHz / 2, positions };
  });
}

/** The same repetitions with normal noise on each coordinate. */
export function withNoise(repetitions: readonly Repetition[], sdMm: number): Repetition[] {
  const rng = createRandom(17);
  return changed(repetitions, (sequence) => ({
    ...sequence,
    positions: Float64Array.from(sequence.positions, (v) => v + rng.normal(0, sdMm)),
  }));
}

function changed(repetitions: readonly Repetition[], change: (sequence: PointSequence) => PointSequence): Repetition[] {
  return repetitions.map((one) => ({
    ...one,
    skeleton: { ...one.skeleton, payload: change(one.skeleton.payload as PointSequence) } as ArtifactValue,
  }));
}
