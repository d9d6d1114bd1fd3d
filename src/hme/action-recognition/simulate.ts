/** Moving stick figures of known action, size, heading and frame rate: SYNTHETIC skeletons with a sensor on the right wrist. */

import { createRandom } from '../../kernel/index.ts';
import type { PointSequence, Signals } from '../../model/index.ts';

/** Actions that the figure knows. */
export const SYNTHETIC_ACTIONS = ['wave', 'squat', 'raise', 'bend'] as const;

/** What the figure does and how it is seen. */
export interface FigureOptions {
  action: (typeof SYNTHETIC_ACTIONS)[number];
  /** trunk length · mm */
  trunkMm?: number;
  /** heading · rad */
  headingRad?: number;
  rateHz?: number;
  /** standard deviation of each coordinate · mm */
  noiseMm?: number;
  seed?: number;
}

const NAMES = [
  'pelvis',
  'spine',
  'neck',
  'head',
  ...(['left', 'right'] as const).flatMap((side) =>
    ['shoulder', 'elbow', 'wrist', 'hand', 'hip', 'knee', 'ankle'].map((joint) => `${joint}.${side}`),
  ),
];

/** Places of the joints in trunk lengths, y up, x to the subject's right, at share `u` of the action. */
function pose(action: FigureOptions['action'], u: number): Record<string, [number, number, number]> {
  const s = Math.sin(Math.PI * u);
  const drop = action === 'squat' ? 0.7 * s : 0;
  const lean = action === 'bend' ? 1.2 * s : 0;
  const up = (h: number, x = 0, f = 0): [number, number, number] => [
    x,
    1.8 - drop + h * Math.cos(lean) - f * Math.sin(lean),
    h * Math.sin(lean) + f * Math.cos(lean),
  ];
  const out: Record<string, [number, number, number]> = {
    pelvis: up(0),
    spine: up(0.5),
    neck: up(1),
    head: up(1.3),
  };
  for (const [side, x] of [
    ['left', -1],
    ['right', 1],
  ] as const) {
    const lift = action === 'raise' || (action === 'wave' && side === 'right') ? 2.6 * Math.min(1, 2 * s) : 0.2;
    const swing = action === 'wave' && side === 'right' ? 0.6 * Math.sin(6 * Math.PI * u) * s : 0;
    const arm = (length: number, bend = 0): [number, number, number] =>
      up(0.95 - length * Math.cos(lift), x * (0.4 + length * Math.sin(lift) + bend), 0.02);
    out[`shoulder.${side}`] = up(0.95, 0.4 * x);
    out[`elbow.${side}`] = arm(0.6);
    out[`wrist.${side}`] = arm(1.1, swing);
    out[`hand.${side}`] = arm(1.2, 1.2 * swing);
    out[`hip.${side}`] = [0.25 * x, 1.75 - drop, 0];
    out[`knee.${side}`] = [0.25 * x, 0.9 - drop / 2, 0.5 * drop];
    out[`ankle.${side}`] = [0.25 * x, 0.05, 0];
  }
  return out;
}

/** A figure doing something for about two seconds · mm · y up. */
export function simulateFigure(options: FigureOptions): PointSequence {
  const { action, trunkMm = 500, headingRad = 0, rateHz = 30, noiseMm = 0, seed = 1 } = options;
  const rng = createRandom(seed);
  const frames = Math.round((1.7 + 0.6 * rng.uniform()) * rateHz);
  const [c, s] = [Math.cos(headingRad), Math.sin(headingRad)];
  const positions = new Float64Array(frames * NAMES.length * 3);
  const place = [rng.normal(0, 1000), rng.normal(0, 1000)];
  for (let f = 0; f < frames; f++) {
    const joints = pose(action, (f / (frames - 1)) ** (0.9 + 0.2 * (seed % 2)));
    NAMES.forEach((name, i) => {
      const [x, y, z] = joints[name].map((v) => v * trunkMm);
      const at = 3 * (f * NAMES.length + i);
      positions[at] = c * x + s * z + place[0] + rng.normal(0, noiseMm);
      positions[at + 1] = y + rng.normal(0, noiseMm);
      positions[at + 2] = -s * x + c * z + place[1] + rng.normal(0, noiseMm);
    });
  }
  return { clock: 'synthetic', startS: 0, rateHz, frame: 'lab', up: '+y', names: [...NAMES], positions };
}

/** What a sensor on the right wrist of the figure would say, roughly: acceleration in g of its place, gravity included. */
export function simulateWristSensor(figure: PointSequence): Signals {
  const wrist = figure.names.indexOf('wrist.right');
  const stride = 3 * figure.names.length;
  const frames = figure.positions.length / stride;
  const at = (f: number, d: number) =>
    figure.positions[Math.min(frames - 1, Math.max(0, f)) * stride + 3 * wrist + d] / 9806.65;
  return {
    clock: figure.clock,
    startS: 0,
    rateHz: figure.rateHz,
    channels: (['x', 'y', 'z'] as const).map((axis, d) => ({
      name: `acc_${axis}`,
      unit: '[g]' as const,
      quantity: 'acceleration' as const,
      axis,
      sensor: 'imu',
      values: Float64Array.from(
        { length: frames },
        (_, f) => (at(f + 1, d) - 2 * at(f, d) + at(f - 1, d)) * figure.rateHz ** 2 + (d === 1 ? 1 : 0),
      ),
    })),
  };
}
