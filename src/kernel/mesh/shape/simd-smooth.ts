/**
 * Smoothing in WebAssembly: neighbour lists are built and walked in one memory, positions as four floats a vertex.
 * Measured on 1.36 million triangles, 20 steps: see docs/performance.md, row 2a.
 */
import type { Workspace } from '../../memory.ts';
import { openWorkspace } from '../../memory.ts';
import type { Surface } from '../surface.ts';
import type { Neighbours } from './neighbours.ts';
import { completeNeighbours, stillVertices } from './neighbours.ts';

/** Below this many triangles the trip to WebAssembly costs more than it saves. */
const SIMD_TRIANGLES = 2_000;

/** The two filters, on a surface that lies in the workspace. */
export interface SmoothRun {
  /** one step towards the neighbours' mean per factor */
  taubin(factors: readonly number[]): void;
  /** weighted sum of Chebyshev polynomials */
  chebyshev(weights: ArrayLike<number>): void;
}

/**
 * Runs a filter in WebAssembly.
 *
 * @param surface - not changed
 * @param fixed - 1 where a vertex must not move
 * @param filter - called once with the loaded surface
 * @returns new positions and the vertices that stood still, or undefined where the TypeScript twin has to run
 */
export function smoothSimd(
  surface: Surface,
  fixed: Uint8Array | undefined,
  filter: (run: SmoothRun) => void,
): { moved: Float32Array; still: Uint8Array | undefined } | undefined {
  const corners = surface.triangles.length;
  if (corners < 3 * SIMD_TRIANGLES) return undefined;
  const n = surface.positions.length / 3;
  const space = openWorkspace(4 * 2 * corners + 4 * 3 * (n + 1) + 16 * 3 * n + 12 * n + n + 1024);
  return space && new SimdSmooth(surface, fixed, space).run(filter);
}

class SimdSmooth implements SmoothRun {
  readonly #space: Workspace;
  readonly #surface: Surface;
  readonly #n: number;
  readonly #starts: number;
  readonly #list: number;
  readonly #still: number;
  readonly #stillVertices: Uint8Array | undefined;
  readonly #buffers: [number, number, number];
  #result: number;

  constructor(surface: Surface, fixed: Uint8Array | undefined, space: Workspace) {
    this.#space = space;
    this.#surface = surface;
    const corners = surface.triangles.length;
    this.#n = surface.positions.length / 3;
    this.#starts = space.take(4 * (this.#n + 1));
    this.#list = space.take(8 * corners);
    const around = this.#collect(corners);
    this.#stillVertices = around ? stillVertices(around, fixed) : fixed;
    this.#still = this.#stillVertices ? space.take(this.#n) : 0;
    if (this.#stillVertices) new Uint8Array(space.buffer, this.#still, this.#n).set(this.#stillVertices);
    this.#buffers = [space.take(16 * this.#n), space.take(16 * this.#n), space.take(16 * this.#n)];
    this.#result = this.#buffers[0];
  }

  /** Neighbour lists of a closed surface, in place; of any other by the general way, which is returned. */
  #collect(corners: number): Neighbours | undefined {
    const { kernels, buffer } = this.#space;
    const n = this.#n;
    const starts = new Uint32Array(buffer, this.#starts, n + 1).fill(0);
    const triangles = this.#list + 4 * corners;
    new Uint32Array(buffer, triangles, corners).set(this.#surface.triangles);
    kernels.countCorners(triangles, corners, this.#starts);
    for (let v = 0; v < n; v++) starts[v + 1] += starts[v];
    const place = this.#space.take(4 * n);
    const balance = this.#space.take(4 * n);
    new Uint32Array(buffer, place, n).set(starts.subarray(0, n));
    new Uint32Array(buffer, balance, n).fill(0);
    if (kernels.listFollowers(triangles, corners, place, this.#list, balance, n) === 0) return undefined;
    const list = new Uint32Array(buffer, this.#list, corners);
    const around = completeNeighbours(this.#surface.triangles, starts, list, new Int32Array(buffer, balance, n));
    if (!around) return undefined;
    starts.set(around.starts);
    new Uint32Array(buffer, this.#list, around.list.length).set(around.list);
    return around;
  }

  run(filter: (run: SmoothRun) => void): { moved: Float32Array; still: Uint8Array | undefined } {
    const { kernels, buffer } = this.#space;
    const n = this.#n;
    const xyz = this.#space.take(12 * n);
    const flat = new Float32Array(buffer, xyz, 3 * n);
    flat.set(this.#surface.positions);
    kernels.packPositions(xyz, n, this.#buffers[0]);
    filter(this);
    kernels.unpackPositions(this.#result, n, xyz);
    return { moved: flat.slice(), still: this.#stillVertices };
  }

  taubin(factors: readonly number[]): void {
    let [from, to] = this.#buffers;
    for (const factor of factors) {
      this.#space.kernels.stepTowardsMean(from, to, this.#starts, this.#list, this.#still, this.#n, factor);
      [from, to] = [to, from];
    }
    this.#result = from;
  }

  chebyshev(weights: ArrayLike<number>): void {
    const { kernels } = this.#space;
    let [before, here] = this.#buffers;
    const sum = this.#buffers[2];
    kernels.stepTowardsMean(before, here, this.#starts, this.#list, this.#still, this.#n, 0.5);
    kernels.startSum(before, here, sum, this.#n, weights[0], weights[1]);
    for (let i = 2; i < weights.length; i++) {
      kernels.chebyshevStep(before, here, sum, this.#starts, this.#list, this.#still, this.#n, weights[i]);
      [before, here] = [here, before];
    }
    this.#result = sum;
  }
}
