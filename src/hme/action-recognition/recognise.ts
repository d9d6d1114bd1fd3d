/**
 * The nearest example under time warping. Distances of several sources are added, each over its usual size; a lower bound that costs one pass
 * sorts the examples and leaves most of the warping undone without changing the answer. O(examples · (pass + share · warping)).
 */

import {
  dtwDistance,
  lowerBoundKeogh2005,
  median,
  type VectorSequence,
  type WarpingEnvelope,
  warpingEnvelope,
} from '../../kernel/index.ts';
import { WARPING_BAND } from './settings.ts';

/** One movement, as each source saw it. */
export interface Movement {
  vectors: VectorSequence[];
}

/** A movement whose name is known. */
export interface Example extends Movement {
  label: string;
  /** who moved; examples of one subject are left out together */
  subject: string;
}

/** The answer for one movement. */
export interface Recognition {
  /** index of the nearest example */
  nearest: number;
  label: string;
  distance: number;
  /** nearest example of another label; -1 where there is one label only */
  runnerUp: number;
  runnerUpDistance: number;
}

/** Examples made ready. */
export interface Examples {
  list: readonly Example[];
  envelopes: WarpingEnvelope[][];
  /** weight of each source over its usual distance */
  scales: number[];
}

/** Pairs of examples that tell the usual distance of a source. */
const SCALE_PAIRS = 400;

/**
 * Makes examples ready for comparison.
 * @param weights - of each source
 */
export function prepareExamples(list: readonly Example[], weights: readonly number[]): Examples {
  const envelopes = list.map(({ vectors }) => vectors.map((sequence) => warpingEnvelope(sequence, WARPING_BAND)));
  const n = list.length;
  const step = Math.max(1, Math.floor((n * n) / SCALE_PAIRS)) | 1;
  const scales = weights.map((weight, source) => {
    const sizes: number[] = [];
    for (let pair = 1; pair < n * n; pair += step) {
      const [i, j] = [Math.floor(pair / n), pair % n];
      if (i === j) continue;
      sizes.push(distanceOf(list[i].vectors[source], list[j].vectors[source]));
    }
    const usual = sizes.length > 0 ? median(sizes) : 1;
    return usual > 0 ? weight / usual : weight;
  });
  return { list, envelopes, scales };
}

function distanceOf(a: VectorSequence, b: VectorSequence, abandonAbove = Infinity): number {
  return Math.sqrt(dtwDistance(a, b, { band: WARPING_BAND, abandonAbove: abandonAbove ** 2 }));
}

/**
 * Finds the nearest example and the nearest of another label.
 *
 * @param skip - examples to leave out
 */
export function recognise(
  movement: Movement,
  { list, envelopes, scales }: Examples,
  skip: (index: number) => boolean = () => false,
): Recognition | undefined {
  const bounds = list.map((_, index) =>
    scales.reduce(
      (sum, scale, source) =>
        sum + scale * Math.sqrt(lowerBoundKeogh2005(movement.vectors[source], envelopes[index][source])),
      0,
    ),
  );
  const order = list
    .map((_, index) => index)
    .filter((index) => !skip(index))
    .sort((a, b) => bounds[a] - bounds[b] || a - b);
  const best = new Map<string, { index: number; distance: number }>();
  let limit = Infinity;
  for (const index of order) {
    if (bounds[index] > limit) break;
    let distance = 0;
    for (let source = 0; source < scales.length && distance <= limit; source++) {
      const rest = (limit - distance) / scales[source];
      distance += scales[source] * distanceOf(movement.vectors[source], list[index].vectors[source], rest);
    }
    const known = best.get(list[index].label);
    if (!(distance < (known?.distance ?? Infinity))) continue;
    best.set(list[index].label, { index, distance });
    // the second label's distance decides what is still worth looking at
    limit = [...best.values()].map((entry) => entry.distance).sort((a, b) => a - b)[1] ?? Infinity;
  }
  const [first, second] = [...best].sort((a, b) => a[1].distance - b[1].distance);
  if (!first) return undefined;
  return {
    nearest: first[1].index,
    label: first[0],
    distance: first[1].distance,
    runnerUp: second?.[1].index ?? -1,
    runnerUpDistance: second?.[1].distance ?? Infinity,
  };
}
