/**
 * Channels beside each other: left and right, upper and lower level, muscle and opponent. O(channels² · windows).
 *
 * Intervals come from the doubt of both amplitudes, taken as independent.
 */
import type { ElectrodePlace } from '../clean/recording.ts';

/** A number and its standard deviation. */
export interface Measured {
  value: number;
  sd: number;
}

/**
 * Asymmetry of two sides: 100 (right - left) / (right + left).
 *
 * @param left - amplitude with standard deviation
 * @param right - of the same unit
 * @returns %, positive where the right side works more
 * @example asymmetryOf({ value: 10, sd: 0 }, { value: 30, sd: 0 }).value // 50
 */
export function asymmetryOf(left: Measured, right: Measured): Measured {
  const sum = left.value + right.value;
  const sd = (200 / sum ** 2) * Math.hypot(right.value * left.sd, left.value * right.sd);
  return { value: (100 * (right.value - left.value)) / sum, sd };
}

/**
 * Ratio of two amplitudes.
 * @example ratioOf({ value: 30, sd: 3 }, { value: 10, sd: 0 }) // { value: 3, sd: 0.30000000000000004 }
 */
export function ratioOf(above: Measured, below: Measured): Measured {
  const value = above.value / below.value;
  return { value, sd: value * Math.hypot(above.sd / above.value, below.sd / below.value) };
}

/**
 * Co-contraction of two muscles: twice the common part of both amplitudes over their sum (Falconer & Winter 1985).
 *
 * @param a - amplitude over time, as share of a reference · shape [N]
 * @param b - shape [N]
 * @returns %: 100 where both always do the same, 0 where one rests while the other works; NaN without common samples
 * @example coContraction([1, 0, 2], [1, 1, 0]) // 40
 */
export function coContraction(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [common, sum] = [0, 0];
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    if (!Number.isFinite(a[i]) || !Number.isFinite(b[i])) continue;
    common += Math.min(a[i], b[i]);
    sum += a[i] + b[i];
  }
  return (200 * common) / sum;
}

/** Muscles that work against each other, by the names of electrode sites. */
const OPPONENTS: readonly (readonly [RegExp, RegExp])[] = [
  [
    /^erectorSpinae|^multifidus|^longissimus|^iliocostalis/i,
    /^rectusAbdominis|^obliquus|^externalOblique|^internalOblique/i,
  ],
  [/^bicepsBrachii|^brachialis/i, /^triceps/i],
  [/^rectusFemoris|^vastus|^quadriceps/i, /^bicepsFemoris|^semi(tendin|membran)osus|^hamstrings/i],
  [/^tibialisAnterior/i, /^gastrocnemius|^soleus/i],
];

/** Two channels to compare. */
export interface Pair {
  kind: 'sides' | 'levels' | 'opponents';
  /** left, upper, or first of the opponents */
  first: number;
  second: number;
}

/** Every pair of channels that says something: two sides of one place, L2 and L4 of one side, opponents of one side. */
export function pairsOf(places: readonly ElectrodePlace[]): Pair[] {
  const pairs: Pair[] = [];
  places.forEach((a, first) => {
    places.forEach((b, second) => {
      if (first === second) return;
      if (a.site === b.site && a.level === b.level && a.side === 'left' && b.side === 'right')
        pairs.push({ kind: 'sides', first, second });
      if (a.site === b.site && a.side === b.side && a.level === 'L2' && b.level === 'L4')
        pairs.push({ kind: 'levels', first, second });
      const opposed = OPPONENTS.some(([one, other]) => one.test(a.site) && other.test(b.site));
      if (opposed && a.side === b.side) pairs.push({ kind: 'opponents', first, second });
    });
  });
  return pairs;
}
