/**
 * Time warping in WebAssembly: costs of four pairs of steps side by side, two components at a time, then the sums of the row.
 * O(n · m · band · dims). The plain twin adds in the same order, so both agree bit for bit.
 */
import { openWorkspace } from '../memory.ts';

/** Below this many products the trip to WebAssembly costs more than it saves. */
const SIMD_PRODUCTS = 4_000;

/** Two sequences and how they are warped. */
export interface WarpTask {
  readonly a: Float32Array | Float64Array;
  readonly b: Float32Array | Float64Array;
  readonly dims: number;
  /** half width of the band · steps */
  readonly half: number;
  /** 0 sum of squares, 1 its root, 2 half the chi-square distance */
  readonly kind: 0 | 1 | 2;
  /** give up, with Infinity, when every path costs more than this */
  readonly limit: number;
}

/**
 * Sum of costs along the best path.
 * @returns undefined where this cannot run
 */
export function warpSimd({ a, b, dims, half, kind, limit }: WarpTask): number | undefined {
  const [n, m] = [a.length / dims, b.length / dims];
  if (n * Math.min(m, 2 * half + 1) * dims < SIMD_PRODUCTS) return undefined;
  const even = dims + (dims & 1);
  const space = openWorkspace(8 * (even * (n + m) + 3 * (m + 2) + 4) + 256);
  if (!space) return undefined;
  const put = (values: Float32Array | Float64Array, steps: number): number => {
    const at = space.take(8 * even * steps);
    const room = new Float64Array(space.buffer, at, even * steps);
    if (even === dims) room.set(values);
    else {
      room.fill(0);
      for (let t = 0; t < steps; t++) room.set(values.subarray(t * dims, (t + 1) * dims), t * even);
    }
    return at;
  };
  const [first, second] = [put(a, n), put(b, m)];
  const rows = space.take(8 * (3 * (m + 2) + 4));
  return space.kernels.warp(first, n, second, m, even, half, kind, limit, rows);
}
