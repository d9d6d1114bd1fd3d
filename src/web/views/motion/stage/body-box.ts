/** Where a body is over the whole recording. */

import type { BodyFrames, PointFrames } from '../recording/recording.ts';

/** Corners of a box · mm */
export interface BoxMm {
  low: [number, number, number];
  high: [number, number, number];
}

const MOST_LOOKED_AT = 60_000;

/** Box that holds all but the farthest hundredth of the points on each side: a marker that flew away does not shrink the body. */
export function bodyBox(frames: Pick<BodyFrames, 'positions'>): BoxMm | undefined {
  const points = frames.positions.length / 3;
  const step = Math.max(1, Math.floor(points / MOST_LOOKED_AT));
  const axes = [0, 1, 2].map((axis) => {
    const values: number[] = [];
    for (let i = 0; i < points; i += step) {
      const value = frames.positions[3 * i + axis];
      if (Number.isFinite(value)) values.push(value);
    }
    return Float64Array.from(values).sort();
  });
  if (axes[0].length === 0) return undefined;
  const at = (share: number): [number, number, number] =>
    axes.map((values) => values[Math.round(share * (values.length - 1))]) as [number, number, number];
  return { low: at(0.005), high: at(0.995) };
}

/** Range of a value that colours: from none, or the least, to all but the highest two in a hundred. */
export function valueRange(values: Float32Array): { low: number; high: number } {
  const step = Math.max(1, Math.floor(values.length / MOST_LOOKED_AT));
  const some: number[] = [];
  for (let i = 0; i < values.length; i += step) if (Number.isFinite(values[i])) some.push(values[i]);
  const sorted = Float64Array.from(some).sort();
  const high = sorted[Math.round(0.98 * (sorted.length - 1))] ?? 1;
  return { low: Math.min(0, sorted[0] ?? 0), high: high > 0 ? high : 1 };
}

/** Which value colours a body, and over which range: the chosen one, its speed, or what it has at all; none where the choice is empty. */
export function colouring(
  values: Record<string, Float32Array>,
  chosen: string | undefined,
): { name: string; low: number; high: number } | undefined {
  const names = Object.keys(values);
  if (chosen === '' || names.length === 0) return undefined;
  const name = names.find((one) => one === chosen) ?? names.find((one) => one === 'speed') ?? names[0];
  return { name, ...valueRange(values[name]) };
}

const VALUE_UNITS: Record<string, string> = { speed: 'mm/s', localSpeed: 'mm/s', activations: 'times' };

/** A value that colours, in words: `local speed, mm/s`. */
export function valueTitle(name: string): string {
  if (name === 'dynamic') return 'still (0) or moving (1)';
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return VALUE_UNITS[name] ? `${words}, ${VALUE_UNITS[name]}` : words;
}

/** First frame in which anything of a body was seen; undefined where nothing ever was. */
export function firstSeen(frames: BodyFrames): number | undefined {
  const at = frames.positions.findIndex(Number.isFinite);
  if (at < 0) return undefined;
  if (frames.type === 'points') return Math.floor(at / (3 * frames.names.length));
  return frames.start.findLastIndex((first) => 3 * first <= at);
}

const PAIRS = [
  ['hip.left', 'hip.right'],
  ['shoulder.left', 'shoulder.right'],
] as const;

/** From the left to the right of a skeleton when it was first seen whole; undefined where the names say nothing of sides · mm */
export function leftToRight({ names, positions }: Pick<PointFrames, 'names' | 'positions'>): number[] | undefined {
  for (const pair of PAIRS) {
    const [left, right] = pair.map((name) => names.indexOf(name));
    if (left < 0 || right < 0) continue;
    for (let at = 0; at < positions.length; at += 3 * names.length) {
      const across = [0, 1, 2].map((axis) => positions[at + 3 * right + axis] - positions[at + 3 * left + axis]);
      if (across.every(Number.isFinite) && Math.hypot(...across) > 1) return across;
    }
  }
  return undefined;
}
