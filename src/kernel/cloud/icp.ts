/**
 * Rigid motion between two clouds by iterated closest points (Besl & McKay 1992), the worst pairs left out each round (trimmed,
 * Chetverikov 2002), so that parts that move on their own do not pull. O(rounds · n log m).
 */
import { expectArgument } from '../argument-error.ts';
import { alignUmeyama1991, IDENTITY_MAT4, type Mat4 } from '../linear/index.ts';
import { transformPositions } from '../mesh/index.ts';
import { buildKdTree, type KdTree } from './kd-tree.ts';

/** What iterated closest points found. */
export interface IcpResult {
  /** takes the source to the target · row-major 4×4 */
  readonly sourceToTarget: Mat4;
  /** root mean square distance of the pairs that were kept · unit of the points */
  readonly rms: number;
  readonly converged: boolean;
  readonly iterations: number;
}

/** How clouds are aligned. */
export interface IcpOptions {
  /** at most this many rounds · default 30 */
  readonly iterations?: number;
  /** share of the pairs that is kept, nearest first · (0, 1] · default 0.7 */
  readonly keep?: number;
  /** where to start from · default no motion */
  readonly start?: Mat4;
  /** a search structure of the target, when there is one already */
  readonly tree?: KdTree;
}

/**
 * Rigid motion that takes one cloud near another; it needs a start within about a third of the body's width.
 *
 * @param source - flat xyz · shape [3N], N ≥ 3
 * @param target - flat xyz · shape [3M], M ≥ 3
 * @throws ArgumentError fewer than three points
 */
export function alignIcp1992(source: Float32Array, target: ArrayLike<number>, options: IcpOptions = {}): IcpResult {
  expectArgument(
    source.length >= 9 && target.length >= 9,
    'source',
    source.length / 3,
    'at least 3 points in both clouds',
  );
  const { iterations = 30, keep = 0.7, start = IDENTITY_MAT4, tree = buildKdTree(target) } = options;
  let sourceToTarget = start;
  let rms = Infinity;
  const kept = Math.max(3, Math.round((keep * source.length) / 3));
  for (let round = 1; round <= iterations; round++) {
    const moved = transformPositions(source, sourceToTarget);
    const { indices, squared } = tree.nearest(moved);
    const limit = Float64Array.from(squared).sort()[Math.min(kept, squared.length) - 1];
    const from: number[] = [];
    const to: number[] = [];
    for (let p = 0; p < indices.length; p++) {
      if (squared[p] > limit) continue;
      for (let d = 0; d < 3; d++) {
        from.push(source[3 * p + d]);
        to.push(target[3 * indices[p] + d]);
      }
    }
    const fit = alignUmeyama1991(from, to);
    sourceToTarget = fit.sourceToTarget;
    const settled = rms - fit.rms < 1e-5 * fit.rms || fit.rms === 0;
    rms = fit.rms;
    if (settled) return { sourceToTarget, rms, converged: true, iterations: round };
  }
  return { sourceToTarget, rms, converged: false, iterations };
}
