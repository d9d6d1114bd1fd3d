/** The six views along the axes of the patient, and how far apart things must be to fit. */

import type { Vec3 } from '../../../model/index.ts';

export type StandardView = 'A' | 'P' | 'L' | 'R' | 'S' | 'I';

export interface StandardViewSpec {
  /** `the head`: where one looks from */
  name: string;
  /** where the camera stands, seen from the target · patient frame (LPS) · unit */
  from: Vec3;
  key: string;
}

/** A hair off the pole keeps the turntable's up direction: looking from above or below, the patient's left stays at the right. */
const POLE = 1e-4;

export const STANDARD_VIEWS: Record<StandardView, StandardViewSpec> = {
  A: { name: 'the front', from: [0, -1, 0], key: '1' },
  P: { name: 'the back', from: [0, 1, 0], key: 'Shift+1' },
  L: { name: 'the left', from: [1, 0, 0], key: '3' },
  R: { name: 'the right', from: [-1, 0, 0], key: 'Shift+3' },
  S: { name: 'the head', from: [0, -POLE, 1], key: '7' },
  I: { name: 'the feet', from: [0, -POLE, -1], key: 'Shift+7' },
};

export interface Box {
  low: Vec3;
  high: Vec3;
}

export function boxOf(positions: Float32Array): Box {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let o = 0; o < positions.length; o += 3) {
    for (let a = 0; a < 3; a++) {
      const x = positions[o + a];
      if (x < low[a]) low[a] = x;
      if (x > high[a]) high[a] = x;
    }
  }
  return { low: [low[0], low[1], low[2]], high: [high[0], high[1], high[2]] };
}

export function boxUnion(boxes: readonly Box[]): Box | undefined {
  if (boxes.length === 0) return undefined;
  const pick = (better: (...x: number[]) => number, side: 'low' | 'high', a: number): number =>
    better(...boxes.map((box) => box[side][a]));
  return {
    low: [pick(Math.min, 'low', 0), pick(Math.min, 'low', 1), pick(Math.min, 'low', 2)],
    high: [pick(Math.max, 'high', 0), pick(Math.max, 'high', 1), pick(Math.max, 'high', 2)],
  };
}

export function boxCentre({ low, high }: Box): Vec3 {
  return [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2];
}

/** Pixels per mm that show the whole box along two screen directions. */
export function fitZoom(box: Box, right: Vec3, up: Vec3, width: number, height: number): number {
  const half = [0, 1, 2].map((a) => (box.high[a] - box.low[a]) / 2);
  const span = (d: Vec3): number =>
    2 * (Math.abs(d[0]) * half[0] + Math.abs(d[1]) * half[1] + Math.abs(d[2]) * half[2]);
  return 0.9 * Math.min(width / Math.max(1, span(right)), height / Math.max(1, span(up)));
}

/** Letters of a direction, strongest first: `R`, or `RA` for one between. */
export function sideLetters(direction: Vec3): string {
  return (Object.keys(STANDARD_VIEWS) as StandardView[])
    .map((letter) => {
      const f = STANDARD_VIEWS[letter].from;
      return { letter, along: f[0] * direction[0] + f[1] * direction[1] + f[2] * direction[2] };
    })
    .filter(({ along }) => along > 0.33)
    .sort((a, b) => b.along - a.along)
    .map(({ letter }) => letter)
    .join('');
}
