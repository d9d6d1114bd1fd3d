/**
 * What the subject did, and when: walking from feet that swing in turn, squats and standing up from both knees, bends and turns of the trunk
 * from its angles. The task is guessed from the size of these curves unless the user names it. O(frames · repetitions).
 */

import {
  bridgeGaps,
  type Excursion,
  findExcursions,
  quantile,
  standardDeviation,
  zeni2008,
} from '../../../kernel/index.ts';
import type { MotionEvent } from '../../../model/index.ts';
import type { Body } from '../points/body.ts';
import type { AngleTrack } from '../pose/angles.ts';
import { findTransitions } from './transitions.ts';

/** Tasks that are told apart. */
export const TASKS = ['gait', 'squat', 'sit-to-stand', 'bend', 'lateral-bend', 'trunk-rotation', 'other'] as const;

export type Task = (typeof TASKS)[number];

/** One repetition, where the leading angle bent one way or, for turns to a side, the other. */
export interface TaskRepetition extends Excursion {
  side?: 'left' | 'right';
}

/** Foot contacts of one side · indices of frames. */
export interface Contacts {
  strikes: number[];
  lifts: number[];
}

/** What was found in a recording. */
export interface Movement {
  task: Task;
  guessed: boolean;
  /** angle whose curve shows the repetitions */
  leading?: string;
  repetitions: TaskRepetition[];
  /** seated to standing and back · indices of frames */
  transitions: { start: number; end: number; up: boolean }[];
  contacts?: { left: Contacts; right: Contacts };
}

/** Smallest movement that counts as one repetition · deg */
const LEAST_DEG = { knee: 35, trunk: 15, other: 20 };
/** Frames within this share of the amplitude belong to the rest. */
const REST_SHARE = 0.05;

/** Range between the 2nd and 98th percentile of what was seen; 0 without any. */
function spanOf(values: ArrayLike<number>): number {
  const seen = Float64Array.from(values).filter((value) => !Number.isNaN(value));
  return seen.length ? quantile(seen, 0.98) - quantile(seen, 0.02) : 0;
}

/** Finds task, repetitions, transitions and steps. */
export function findMovement(body: Body, angles: readonly AngleTrack[], asked: Task | 'auto'): Movement {
  const curve = (id: string) => angles.find((track) => track.id === id)?.values;
  const knees = meanCurve([curve('knee.flexion.left'), curve('knee.flexion.right')]);
  const task = asked === 'auto' ? guessTask(body, curve, knees) : asked;
  const movement: Movement = { task, guessed: asked === 'auto', repetitions: [], transitions: [] };
  const distance = Math.max(1, Math.round(0.4 * body.rateHz));
  const repeat = (id: string, values: Float64Array, least: number): void => {
    movement.leading = id;
    movement.repetitions = findExcursions(bridgeGaps(values, body.count), least, REST_SHARE, distance);
  };
  const toBothSides = (id: string): void => {
    const values = curve(id);
    if (!values) return;
    const bridged = bridgeGaps(values, body.count);
    movement.leading = id;
    const positive = id === 'trunk.lateral' ? 'right' : 'left';
    const other = positive === 'right' ? 'left' : 'right';
    const rest = restOf(bridged);
    const half = (sign: 1 | -1, side: 'left' | 'right') =>
      findExcursions(
        bridged.map((value) => Math.max(0, sign * (value - rest))),
        LEAST_DEG.trunk,
        REST_SHARE,
        distance,
      ).map((rep) => ({ ...rep, side }));
    movement.repetitions = [...half(1, positive), ...half(-1, other)].sort((a, b) => a.peak - b.peak);
  };
  if (task === 'gait') movement.contacts = stepsOf(body);
  else if (task === 'squat' && knees) repeat('knee.flexion', knees, LEAST_DEG.knee);
  else if (task === 'sit-to-stand' && knees) {
    movement.leading = 'knee.flexion';
    movement.transitions = findTransitions(
      bridgeGaps(
        knees.map((value) => -value),
        body.count,
      ),
      LEAST_DEG.knee,
    );
  } else if (task === 'bend') repeatCurve(curve('trunk.flexion'), 'trunk.flexion', LEAST_DEG.trunk, repeat);
  else if (task === 'lateral-bend') toBothSides('trunk.lateral');
  else if (task === 'trunk-rotation') toBothSides('trunk.rotation');
  else {
    const widest = [...angles].sort((a, b) => b.trust * spanOf(b.values) - a.trust * spanOf(a.values))[0];
    if (widest) repeat(widest.id, widest.values, Math.max(LEAST_DEG.other, 0.5 * spanOf(widest.values)));
  }
  return movement;
}

function repeatCurve(
  values: Float64Array | undefined,
  id: string,
  least: number,
  repeat: (id: string, values: Float64Array, least: number) => void,
) {
  if (values) repeat(id, values, Math.max(least, 0.4 * spanOf(values)));
}

/** Where a curve that swings to both sides rests: the median of its first and last tenth. */
function restOf(values: Float64Array): number {
  const tenth = Math.max(1, Math.floor(values.length / 10));
  const ends = [...values.subarray(0, tenth), ...values.subarray(-tenth)].filter((value) => !Number.isNaN(value));
  return ends.length ? quantile(ends, 0.5) : 0;
}

function meanCurve(curves: readonly (Float64Array | undefined)[]): Float64Array | undefined {
  const there = curves.filter((values) => values !== undefined);
  if (there.length === 0) return undefined;
  return there[0].map((_, i) => {
    const seen = there.map((values) => values[i]).filter((value) => !Number.isNaN(value));
    return seen.length ? seen.reduce((sum, value) => sum + value, 0) / seen.length : Number.NaN;
  });
}

function guessTask(body: Body, curve: (id: string) => Float64Array | undefined, knees: Float64Array | undefined): Task {
  const feet = (['left', 'right'] as const).map((side) => aheadOf(body, side, 'heel'));
  if (feet[0] && feet[1] && spanOf(feet[0]) > 250 && spanOf(feet[1]) > 250 && correlation(feet[0], feet[1]) < -0.4)
    return 'gait';
  const drop = dropOf(body);
  const bend = knees ? spanOf(knees) : 0;
  if (knees && bend > 40 && drop > 120) {
    const first = [...knees.subarray(0, Math.max(1, Math.round(0.2 * body.rateHz)))].filter(
      (value) => !Number.isNaN(value),
    );
    const last = [...knees.subarray(-Math.max(1, Math.round(0.2 * body.rateHz)))].filter(
      (value) => !Number.isNaN(value),
    );
    const low = quantile(
      knees.filter((value) => !Number.isNaN(value)),
      0.02,
    );
    const bentAt = (ends: number[]) => ends.length > 0 && quantile(ends, 0.5) > low + 0.6 * bend;
    return bentAt(first) || bentAt(last) ? 'sit-to-stand' : 'squat';
  }
  const trunk = (['flexion', 'lateral', 'rotation'] as const).map((motion) => spanOf(curve(`trunk.${motion}`) ?? []));
  const widest = trunk.indexOf(Math.max(...trunk));
  const arms = Math.max(...['left', 'right'].map((side) => spanOf(curve(`shoulder.elevation.${side}`) ?? [])));
  if (trunk[widest] > (arms > 60 ? 20 : 15)) return (['bend', 'lateral-bend', 'trunk-rotation'] as const)[widest];
  return 'other';
}

/** How far the pelvis goes down · mm */
function dropOf(body: Body): number {
  const track = ['pelvis', 'hip.left', 'hip.right', 'sacrum', 'psis.left']
    .map((id) => body.points.get(id))
    .find((found) => found);
  return track ? spanOf(Float64Array.from({ length: body.count }, (_, i) => track[3 * i + 1])) : 0;
}

function correlation(a: Float64Array, b: Float64Array): number {
  const both = [...a.keys()].filter((i) => !Number.isNaN(a[i] + b[i]));
  if (both.length < 3) return 0;
  const [x, y] = [both.map((i) => a[i]), both.map((i) => b[i])];
  const [mx, my] = [x, y].map((list) => list.reduce((sum, value) => sum + value, 0) / list.length);
  const product = x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0) / (x.length - 1);
  return product / (standardDeviation(x) * standardDeviation(y) || 1);
}

/** Heel or toe ahead of the pelvis · mm; ankle or foot where there is no marker on heel or toe. */
function aheadOf(body: Body, side: 'left' | 'right', part: 'heel' | 'toe'): Float64Array | undefined {
  const stems = part === 'heel' ? ['heel', 'ankle', 'ankleLateral'] : ['toe', 'mt5', 'foot', 'ankle', 'ankleLateral'];
  const foot = stems.map((stem) => body.points.get(`${stem}.${side}`)).find((track) => track);
  const pelvis = ['pelvis', 'sacrum', 'psis.left'].map((id) => body.points.get(id)).find((track) => track);
  if (!foot || !pelvis) return undefined;
  return Float64Array.from({ length: body.count }, (_, i) => foot[3 * i] - pelvis[3 * i]);
}

function stepsOf(body: Body): Movement['contacts'] {
  const contacts = (['left', 'right'] as const).map((side): Contacts => {
    const [heel, toe] = [aheadOf(body, side, 'heel'), aheadOf(body, side, 'toe')];
    if (!heel || !toe) return { strikes: [], lifts: [] };
    const distance = Math.round(0.5 * body.rateHz);
    return zeni2008(bridgeGaps(heel, body.count), bridgeGaps(toe, body.count), distance, 0.3 * spanOf(heel));
  });
  return { left: contacts[0], right: contacts[1] };
}

/** Events of a movement on the recording's clock. */
export function eventsOf(movement: Movement, timeOf: (index: number) => number): MotionEvent[] {
  const events: MotionEvent[] = [];
  for (const side of ['left', 'right'] as const) {
    for (const i of movement.contacts?.[side].strikes ?? [])
      events.push({ label: 'heel strike', timeS: timeOf(i), side });
    for (const i of movement.contacts?.[side].lifts ?? []) events.push({ label: 'toe off', timeS: timeOf(i), side });
  }
  movement.repetitions.forEach(({ start, peak, end, side }, at) => {
    const name = movement.task === 'other' ? 'repetition' : movement.task.replace('-', ' ');
    events.push({ label: `${name} ${at + 1}`, timeS: timeOf(start), endS: timeOf(end), ...(side ? { side } : {}) });
    events.push({ label: `${name} ${at + 1} peak`, timeS: timeOf(peak), ...(side ? { side } : {}) });
  });
  let [ups, downs] = [0, 0];
  for (const { start, end, up } of movement.transitions)
    events.push({ label: up ? `stand up ${++ups}` : `sit down ${++downs}`, timeS: timeOf(start), endS: timeOf(end) });
  return events.sort((a, b) => a.timeS - b.timeS);
}
