/** A box with a swinging arm, as mesh, cloud or depth pictures of known speed, volume and repetitions: SYNTHETIC. */

import { createRandom } from '../../kernel/index.ts';
import type { CloudSequence, DepthSequence, MeshSequence } from '../../model/index.ts';

/** Size of the trunk and the arm beside it · mm, y up */
const TRUNK = { low: [-150, 0, -80], high: [150, 1000, 80] } as const;
const ARM = { low: [150, -40, -30], high: [750, 40, 30] } as const;
/** Where the arm hangs on · mm */
const SHOULDER_Y = 850;

/** Course of the figure. */
export interface SwingOptions {
  frames?: number;
  rateHz?: number;
  /** swings of the arm over the recording */
  swings?: number;
  /** greatest lift of the arm · rad */
  liftRad?: number;
  /** walk along x · mm/s */
  walkMmS?: number;
  /** cells along each edge of a face of the trunk */
  perFace?: number;
}

/** Grid of a box's surface: the same number of points on each face. */
function boxSurface(low: readonly number[], high: readonly number[], per: number): { p: number[]; t: number[] } {
  const p: number[] = [];
  const t: number[] = [];
  for (let axis = 0; axis < 3; axis++) {
    const [a, b] = [(axis + 1) % 3, (axis + 2) % 3];
    for (const end of [0, 1]) {
      const base = p.length / 3;
      for (let i = 0; i <= per; i++)
        for (let j = 0; j <= per; j++) {
          const at = [0, 0, 0];
          at[axis] = end ? high[axis] : low[axis];
          at[a] = low[a] + ((high[a] - low[a]) * i) / per;
          at[b] = low[b] + ((high[b] - low[b]) * j) / per;
          p.push(...at);
        }
      for (let i = 0; i < per; i++)
        for (let j = 0; j < per; j++) {
          const k = base + i * (per + 1) + j;
          const quad = [k, k + per + 1, k + per + 2, k, k + per + 2, k + 1];
          t.push(...(end ? quad : quad.toReversed()));
        }
    }
  }
  return { p, t };
}

/** Angle of the arm at a time · rad. */
function liftAt(share: number, { swings = 3, liftRad = 1 }: SwingOptions): number {
  return (liftRad * (1 - Math.cos(2 * Math.PI * swings * share))) / 2;
}

/** The figure as a mesh whose vertices correspond; volume of trunk and arm 0.04932 m³ less what overlaps (nothing). */
export function simulateSwing(options: SwingOptions = {}): MeshSequence {
  const { frames = 40, rateHz = 10, walkMmS = 0, perFace = 16 } = options;
  const trunk = boxSurface(TRUNK.low, TRUNK.high, perFace);
  const arm = boxSurface(ARM.low, ARM.high, Math.ceil(0.6 * perFace));
  const triangles = Uint32Array.from([...trunk.t, ...arm.t.map((v) => v + trunk.p.length / 3)]);
  const positions = Array.from({ length: frames }, (_, f) => {
    const lift = liftAt(f / frames, options);
    const [c, s] = [Math.cos(lift), Math.sin(lift)];
    const out = Float32Array.from([...trunk.p, ...arm.p]);
    for (let i = trunk.p.length; i < out.length; i += 3) {
      const [x, y] = [out[i] - TRUNK.high[0], out[i + 1]];
      out[i] = TRUNK.high[0] + c * x - s * y;
      out[i + 1] = SHOULDER_Y + s * x + c * y;
    }
    for (let i = 0; i < out.length; i += 3) out[i] += (walkMmS * f) / rateHz;
    return out;
  });
  return { clock: 'synthetic', startS: 0, rateHz, frame: 'lab', up: '+y', positions, triangles: [triangles] };
}

/** Volume of trunk and arm · mm³. */
export const SWING_VOLUME_MM3 = 300 * 1000 * 160 + 600 * 80 * 60;

/** Vertices of the figure in another order and of another number in each frame, with noise. */
export function simulateSwingCloud(options: SwingOptions & { noiseMm?: number } = {}): CloudSequence {
  const { positions, triangles: _, ...base } = simulateSwing(options);
  const rng = createRandom(3);
  return {
    ...base,
    positions: positions.map((points) => {
      const order = Array.from({ length: points.length / 3 }, (_unused, i) => i)
        .map((i) => ({ i, key: rng.uniform() }))
        .sort((a, b) => a.key - b.key)
        .slice(0, Math.floor((points.length / 3) * (0.9 + 0.1 * rng.uniform())));
      return Float32Array.from(
        order.flatMap(({ i }) => [...points.subarray(3 * i, 3 * i + 3)]),
        (v) => v + rng.normal(0, options.noiseMm ?? 0),
      );
    }),
  };
}

/** The figure as a camera 3 m in front of it sees its points. */
export function simulateSwingDepth(options: SwingOptions = {}): DepthSequence {
  const { positions, clock, startS, rateHz } = simulateSwing(options);
  const [width, height, focal] = [96, 72, 80];
  const depthMm = new Uint16Array(width * height * positions.length);
  positions.forEach((points, f) => {
    for (let i = 0; i < points.length; i += 3) {
      const z = 3000 + points[i + 2];
      const u = Math.round((focal * points[i]) / z + width / 2);
      const v = Math.round((-focal * (points[i + 1] - 500)) / z + height / 2);
      if (u < 0 || v < 0 || u >= width || v >= height) continue;
      const at = f * width * height + v * width + u;
      if (depthMm[at] === 0 || z < depthMm[at]) depthMm[at] = z;
    }
  });
  const intrinsics = { fx: focal, fy: focal, cx: width / 2, cy: height / 2, source: 'synthetic' };
  return { clock, startS, rateHz, width, height, depthMm, intrinsics };
}
