/**
 * Gives pedicles the level of their body: the files name levels at bodies only.
 *
 * Bodies and the pedicles of one side are put in order down the column and matched like two texts, leaving out whatever has no partner, so that
 * the sum of squared distances along the column is least (dynamic programming, O(bodies · pedicles)). Tried: the nearest pedicle (wrong
 * for 0.8 % of them, most of them cervicothoracic, where the column leans and pedicles of two levels are equally near).
 */

import type { Vec3 } from '../../model/index.ts';

/**
 * A body without a partner costs as much as a pedicle this share of the local spacing away from it. Equally many bodies and
 * pedicles speak for all being paired. Measured on 34,324 pedicles whose true partner the order of the file tells: 12 wrong with
 * 1.3; with one body or one pedicle taken away from each scan 0.6 % wrong with 0.6 (0.8 % with 0.35, 0.9 % with 0.7).
 */
const SKIP_SHARE = { equal: 1.3, unequal: 0.6 } as const;

/** No pedicle lies farther from the centre of its body · mm (the largest seen in 17,162 vertebrae is 57) */
const FARTHEST_MM = 70;

const minus = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** Direction of the column at each body, cranial to caudal, and the distance to its neighbours. */
function localFrames(bodies: readonly Vec3[]): { tangent: Vec3; spacing: number }[] {
  return bodies.map((_, i) => {
    const [a, b] = [Math.max(0, i - 1), Math.min(bodies.length - 1, i + 1)];
    const d = minus(bodies[b], bodies[a]);
    const length = Math.hypot(...d);
    if (length === 0) return { tangent: [0, 0, -1] as Vec3, spacing: 30 };
    return { tangent: [d[0] / length, d[1] / length, d[2] / length] as Vec3, spacing: length / Math.max(1, b - a) };
  });
}

/**
 * Matches pedicles of one side to bodies.
 *
 * @param bodies - centres, cranial to caudal · patient frame (LPS) · mm
 * @param pedicles - centres in any order · mm
 * @returns for each body the index of its pedicle, or -1
 */
export function associatePedicles(bodies: readonly Vec3[], pedicles: readonly Vec3[]): number[] {
  if (bodies.length === 0 || pedicles.length === 0) return bodies.map(() => -1);
  const frames = localFrames(bodies);
  // down the column: by the body whose plane across the column is nearest, then along the column
  const order = pedicles.map((_, j) => j).sort((a, b) => placeOf(pedicles[a]) - placeOf(pedicles[b]) || a - b);
  function placeOf(p: Vec3): number {
    let nearest = 0;
    for (let i = 1; i < bodies.length; i++)
      if (Math.hypot(...minus(p, bodies[i])) < Math.hypot(...minus(p, bodies[nearest]))) nearest = i;
    const off = dot(minus(p, bodies[nearest]), frames[nearest].tangent);
    let sum = 0;
    for (let i = 0; i < nearest; i++) sum += Math.hypot(...minus(bodies[i + 1], bodies[i]));
    return sum + off;
  }
  const sorted = order.map((j) => pedicles[j]);
  let shift = 0;
  let pairs = align(bodies, sorted, frames, shift);
  // pedicles stand somewhat above the middle of their body: a second pass knows by how much in this scan
  const offs = pairs
    .map((j, i) => (j < 0 ? undefined : dot(minus(sorted[j], bodies[i]), frames[i].tangent)))
    .filter((off) => off !== undefined)
    .sort((a, b) => a - b);
  if (offs.length >= 3) {
    shift = offs[offs.length >> 1];
    pairs = align(bodies, sorted, frames, shift);
  }
  return pairs.map((j) => (j < 0 ? -1 : order[j]));
}

function align(
  bodies: readonly Vec3[],
  pedicles: readonly Vec3[],
  frames: ReturnType<typeof localFrames>,
  shift: number,
): number[] {
  const [n, m] = [bodies.length, pedicles.length];
  const width = m + 1;
  const cost = new Float64Array((n + 1) * width);
  const move = new Uint8Array((n + 1) * width);
  const share = n === m ? SKIP_SHARE.equal : SKIP_SHARE.unequal;
  const skip = (i: number) => (share * frames[Math.min(n - 1, i)].spacing) ** 2;
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= m; j++) {
      const at = i * width + j;
      if (i === 0 && j === 0) continue;
      cost[at] = Infinity;
      const offer = (value: number, way: number) => {
        if (value < cost[at]) [cost[at], move[at]] = [value, way];
      };
      if (i > 0 && j > 0)
        offer(cost[at - width - 1] + pairCost(bodies[i - 1], pedicles[j - 1], frames[i - 1], shift), 1);
      if (i > 0) offer(cost[at - width] + skip(i - 1), 2);
      if (j > 0) offer(cost[at - 1] + skip(i), 3);
    }
  }
  const pairs = new Array<number>(n).fill(-1);
  for (let i = n, j = m; i > 0 || j > 0; ) {
    const way = move[i * width + j];
    if (way === 1) pairs[--i] = --j;
    else if (way === 2) i--;
    else j--;
  }
  return pairs;
}

function pairCost(body: Vec3, pedicle: Vec3, frame: { tangent: Vec3 }, shift: number): number {
  const d = minus(pedicle, body);
  if (Math.hypot(...d) > FARTHEST_MM) return Infinity;
  return (dot(d, frame.tangent) - shift) ** 2;
}
