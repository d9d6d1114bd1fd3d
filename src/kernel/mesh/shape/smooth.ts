/**
 * Smoothing that does not shrink. Taubin 1995: a step inward, a slightly larger step outward. Windowed sinc
 * (Taubin, Zhang & Golub 1996): the ideal low-pass filter on the surface's frequencies as a Chebyshev polynomial with a
 * Hamming window. Both walk the neighbour lists once per step, O(triangles · iterations), in two alternating
 * buffers; vertices on an open border stay where they are.
 *
 * Large surfaces go through WebAssembly (`simd-smooth.ts`), four floats a vertex so that a neighbour is one load; the loops here
 * are its twin and agree with it to the rounding of single precision.
 *
 * The polynomial is scaled so that it passes the constant exactly, so nothing drifts with the distance from the origin.
 */
import { expectArgument } from '../../argument-error.ts';
import type { Surface } from '../surface.ts';
import type { Neighbours } from './neighbours.ts';
import { stillVertices, vertexNeighbours } from './neighbours.ts';
import { smoothSimd } from './simd-smooth.ts';

/** What both smoothers share. */
export interface SmoothOptions {
  readonly iterations?: number;
  /** 1 where a vertex must not move · shape [N] */
  readonly fixed?: Uint8Array;
  /** farthest a vertex may end up from where it was · unit of the positions */
  readonly maxMove?: number;
  /** write into the given positions instead of a copy */
  readonly inPlace?: boolean;
}

/** Taubin's two steps. */
export interface TaubinOptions extends SmoothOptions {
  /** inward step, 0 … 1, default 0.5 */
  readonly lambda?: number;
  /** outward step, negative and larger than lambda, default -0.53 */
  readonly mu?: number;
}

/** The low-pass filter. */
export interface SincOptions extends SmoothOptions {
  /** end of the pass band on the scale of surface frequencies 0 … 2, default 0.1; lower is smoother */
  readonly passBand?: number;
}

/**
 * Smooths with Taubin's λ|μ steps; default 10 iterations (of two steps each).
 *
 * @returns a surface with the same triangles
 * @throws ArgumentError when lambda, mu or iterations are out of range
 * @see Taubin 1995
 */
export function smoothTaubin(surface: Surface, options: TaubinOptions = {}): Surface {
  const { lambda = 0.5, mu = -0.53, iterations = 10 } = options;
  expectArgument(lambda > 0 && lambda <= 1, 'lambda', lambda, 'a number in (0, 1]');
  expectArgument(mu < -lambda && mu >= -1.5, 'mu', mu, 'a number in [-1.5, -lambda)');
  expectArgument(Number.isInteger(iterations) && iterations >= 0, 'iterations', iterations, 'a whole number');
  const factors = Array.from({ length: 2 * iterations }, (_, step) => (step % 2 === 0 ? lambda : mu));
  const fast = smoothSimd(surface, options.fixed, (run) => run.taubin(factors));
  if (fast) return finish(surface, fast.moved, fast.still, options);
  const around = vertexNeighbours(surface);
  const still = stillVertices(around, options.fixed);
  let from: Float32Array = surface.positions.slice();
  let to: Float32Array = new Float32Array(from.length);
  for (const factor of factors) {
    stepTowardsMean(from, to, around, factor, still);
    [from, to] = [to, from];
  }
  return finish(surface, from, still, options);
}

function stepTowardsMean(
  from: Float32Array,
  to: Float32Array,
  { starts, list }: Neighbours,
  factor: number,
  still: Uint8Array | undefined,
): void {
  for (let v = 0, p = 0; p < from.length; v++, p += 3) {
    const first = starts[v];
    const last = starts[v + 1];
    const x = from[p];
    const y = from[p + 1];
    const z = from[p + 2];
    if (first === last || still?.[v]) {
      to[p] = x;
      to[p + 1] = y;
      to[p + 2] = z;
      continue;
    }
    let sx = 0;
    let sy = 0;
    let sz = 0;
    for (let i = first; i < last; i++) {
      const q = 3 * list[i];
      sx += from[q];
      sy += from[q + 1];
      sz += from[q + 2];
    }
    const w = factor / (last - first);
    to[p] = x + w * sx - factor * x;
    to[p + 1] = y + w * sy - factor * y;
    to[p + 2] = z + w * sz - factor * z;
  }
}

/**
 * Smooths with a windowed sinc filter; default 20 iterations, pass band 0.1.
 *
 * @returns a surface with the same triangles
 * @throws ArgumentError when the pass band is not in (0, 2) or iterations are not positive
 * @see Taubin, Zhang & Golub 1996
 */
export function smoothSinc(surface: Surface, options: SincOptions = {}): Surface {
  const { iterations = 20, passBand = 0.1 } = options;
  expectArgument(Number.isInteger(iterations) && iterations >= 1, 'iterations', iterations, 'a positive whole number');
  expectArgument(passBand > 0 && passBand < 2, 'passBand', passBand, 'a number in (0, 2)');
  const weights = sincWeights(iterations, passBand);
  const fast = smoothSimd(surface, options.fixed, (run) => run.chebyshev(weights));
  if (fast) return finish(surface, fast.moved, fast.still, options);
  const around = vertexNeighbours(surface);
  const still = stillVertices(around, options.fixed);
  const start = surface.positions;
  let before: Float32Array = start.slice();
  let here: Float32Array = new Float32Array(start.length);
  stepTowardsMean(before, here, around, 0.5, still);
  const sum = new Float32Array(start.length);
  for (let i = 0; i < sum.length; i++) sum[i] = weights[0] * before[i] + weights[1] * here[i];
  for (let n = 2; n <= iterations; n++) {
    chebyshevStep(before, here, sum, around, weights[n], still);
    [before, here] = [here, before];
  }
  return finish(surface, sum, still, options);
}

/** One step of T(n+1) = 2 (1 - K / 2) T(n) - T(n-1): `before` becomes the new term, which is added to `sum`. */
function chebyshevStep(
  before: Float32Array,
  here: Float32Array,
  sum: Float32Array,
  { starts, list }: Neighbours,
  weight: number,
  still: Uint8Array | undefined,
): void {
  for (let v = 0, p = 0; p < here.length; v++, p += 3) {
    const first = starts[v];
    const last = starts[v + 1];
    let x = here[p];
    let y = here[p + 1];
    let z = here[p + 2];
    if (first !== last && !still?.[v]) {
      let sx = 0;
      let sy = 0;
      let sz = 0;
      for (let i = first; i < last; i++) {
        const q = 3 * list[i];
        sx += here[q];
        sy += here[q + 1];
        sz += here[q + 2];
      }
      const w = 1 / (last - first);
      x += w * sx - before[p];
      y += w * sy - before[p + 1];
      z += w * sz - before[p + 2];
    }
    before[p] = x;
    before[p + 1] = y;
    before[p + 2] = z;
    sum[p] += weight * x;
    sum[p + 1] += weight * y;
    sum[p + 2] += weight * z;
  }
}

/**
 * Chebyshev weights of the windowed low-pass filter; they add up to one.
 *
 * The cut-off is moved outward until the filter passes the end of the band in full, as the source advises.
 *
 * @param iterations - degree of the polynomial
 * @param passBand - end of the pass band · 0 … 2
 * @returns weights of T(0) … T(iterations) · shape [iterations + 1]
 */
export function sincWeights(iterations: number, passBand: number): Float64Array {
  const edge = Math.acos(1 - passBand / 2);
  const at = (theta: number) => {
    const w = Float64Array.from({ length: iterations + 1 }, (_, n) => {
      const window = 0.54 + 0.46 * Math.cos((n * Math.PI) / (iterations + 1));
      return n === 0 ? theta / Math.PI : (window * 2 * Math.sin(n * theta)) / (n * Math.PI);
    });
    const sum = w.reduce((a, b) => a + b, 0);
    return w.map((v) => v / sum);
  };
  const response = (w: Float64Array) => w.reduce((a, v, n) => a + v * Math.cos(n * edge), 0);
  // the response at the band's end rises with the cut-off until it first reaches one: step up to there, then halve
  let low = edge;
  let high = edge;
  while (high < Math.PI && response(at(high)) < 1) {
    low = high;
    high = Math.min(Math.PI, high + 0.02);
  }
  for (let i = 0; i < 40 && low < high; i++) {
    const middle = (low + high) / 2;
    if (response(at(middle)) < 1) low = middle;
    else high = middle;
  }
  return at(high);
}

function finish(surface: Surface, moved: Float32Array, still: Uint8Array | undefined, options: SmoothOptions): Surface {
  const { positions, triangles } = surface;
  if (still) for (let i = 0; i < moved.length; i++) if (still[Math.floor(i / 3)]) moved[i] = positions[i];
  if (options.maxMove !== undefined) holdBack(positions, moved, options.maxMove);
  if (!options.inPlace) return { positions: moved, triangles };
  positions.set(moved);
  return surface;
}

function holdBack(origin: Float32Array, moved: Float32Array, limit: number): void {
  for (let p = 0; p < moved.length; p += 3) {
    const x = moved[p] - origin[p];
    const y = moved[p + 1] - origin[p + 1];
    const z = moved[p + 2] - origin[p + 2];
    const d = Math.sqrt(x * x + y * y + z * z);
    if (d <= limit) continue;
    moved[p] = origin[p] + (x * limit) / d;
    moved[p + 1] = origin[p + 1] + (y * limit) / d;
    moved[p + 2] = origin[p + 2] + (z * limit) / d;
  }
}
