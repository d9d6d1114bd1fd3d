/** Times and lengths of steps. Lengths are taken along the direction the subject faces, foot against foot, so a treadmill needs no speed. */

import { mean } from '../../../kernel/index.ts';
import type { FeatureDraft, Unit } from '../../../model/index.ts';
import type { Contacts } from '../events/movement.ts';
import { type Emission, meanWithInterval } from './emit.ts';

/** Above this nobody walks · steps/min */
const RUNNING_PER_MIN = 150;

/** True when the steps follow each other as in a run: both feet leave the ground, and what is told of walking does not hold. */
export function runs({ movement, timeOf }: Emission): boolean {
  const times = (['left', 'right'] as const).flatMap((side) => {
    const strikes = movement.contacts?.[side].strikes ?? [];
    return strikes.slice(1).map((strike, k) => timeOf(strike) - timeOf(strikes[k]));
  });
  return times.length > 0 && 120 / mean(times) > RUNNING_PER_MIN;
}

/** Cadence, speed, stride time, step length and width, stance; of a run only stride time and cadence. */
export function gaitFeatures(emission: Emission): FeatureDraft[] {
  const { movement, body, timeOf } = emission;
  const { contacts } = movement;
  if (!contacts) return [];
  const all = [...contacts.left.strikes, ...contacts.right.strikes];
  if (all.length < 2) return [];
  const timeS: [number, number] = [timeOf(Math.min(...all)), timeOf(Math.max(...all))];
  const frameS = 1 / body.rateHz;
  const make = (
    definition: string,
    unit: Unit,
    values: number[],
    what: string,
    floor: number,
    side?: 'left' | 'right',
  ): FeatureDraft[] =>
    values.length === 0
      ? []
      : [
          {
            definition: `kinematics.${definition}`,
            ...(side ? { side } : {}),
            task: 'gait',
            unit,
            ...meanWithInterval(values, what, floor),
            quality: 0.8,
            method: 'heel strikes and toe offs by the distance of foot and pelvis (Zeni 2008)',
            evidence: [{ role: { output: 'events' }, locator: { timeS } }],
          },
        ];
  const strides = (side: Contacts) =>
    side.strikes.slice(1).map((strike, k) => timeOf(strike) - timeOf(side.strikes[k]));
  const times = [...strides(contacts.left), ...strides(contacts.right)];
  const lengths = { left: stepLengths(emission, 'left'), right: stepLengths(emission, 'right') };
  const features = [
    ...make('strideTime', 's', times, 'stride', frameS * Math.SQRT2),
    ...make(
      'cadence',
      '/min',
      times.map((time) => 120 / time),
      'stride',
      times.length ? (120 / mean(times) ** 2) * frameS : 0,
    ),
    ...(['left', 'right'] as const).flatMap((side) => [
      ...make(
        'stepLength',
        'm',
        lengths[side].map(([along]) => along / 1000),
        'step',
        0.005,
        side,
      ),
      ...make(
        'stance',
        '%',
        stanceShares(contacts[side], timeOf),
        'stride',
        times.length ? (100 * frameS) / mean(times) : 0,
        side,
      ),
    ]),
    ...make(
      'stepWidth',
      'm',
      [...lengths.left, ...lengths.right].map(([, across]) => across / 1000),
      'step',
      0.005,
    ),
  ];
  if (runs(emission)) return features.filter(({ definition }) => /strideTime|cadence/.test(definition));
  if (times.length && lengths.left.length && lengths.right.length) {
    const stride = (mean(lengths.left.map(([along]) => along)) + mean(lengths.right.map(([along]) => along))) / 1000;
    features.push(
      ...make(
        'speed',
        'm/s',
        times.map((time) => stride / time),
        'stride',
        0.01,
      ),
    );
  }
  return features;
}

/** Heel ahead of the other heel and beside it, at each strike of a side · mm */
function stepLengths({ body, movement }: Emission, side: 'left' | 'right'): [along: number, across: number][] {
  const other = side === 'left' ? 'right' : 'left';
  const heel = (which: string) =>
    ['heel', 'ankle', 'ankleLateral'].map((stem) => body.points.get(`${stem}.${which}`)).find((track) => track);
  const [own, opposite] = [heel(side), heel(other)];
  if (!own || !opposite || !movement.contacts) return [];
  return movement.contacts[side].strikes.flatMap((i): [number, number][] => {
    const along = own[3 * i] - opposite[3 * i];
    const across = Math.abs(own[3 * i + 2] - opposite[3 * i + 2]);
    return Number.isNaN(along) ? [] : [[along, across]];
  });
}

function stanceShares({ strikes, lifts }: Contacts, timeOf: (index: number) => number): number[] {
  return strikes.slice(1).flatMap((next, k) => {
    const lift = lifts.find((at) => at > strikes[k] && at < next);
    const stride = timeOf(next) - timeOf(strikes[k]);
    return lift === undefined ? [] : [(100 * (timeOf(lift) - timeOf(strikes[k]))) / stride];
  });
}
