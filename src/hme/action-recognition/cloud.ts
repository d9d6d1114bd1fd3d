/**
 * Moving surfaces, clouds and depth pictures as vectors: how the points are spread over height, distance from the body's axis and turn
 * about it, frame by frame, and how high the body's middle is. No correspondence is needed. O(points).
 *
 * A turn is told from the camera's axis where there is one camera; otherwise from the main horizontal axis of the body at its start, whose two
 * ends cannot be told apart, so opposite sectors are one.
 */

import {
  differentiateSequence,
  joinSequences,
  quantile,
  resampleSequence,
  smoothSequence,
  type VectorSequence,
} from '../../kernel/index.ts';
import {
  type AxisDirection,
  type CloudSequence,
  type DepthSequence,
  depthFrameCount,
  depthPoints,
  type MeshSequence,
  MsdtError,
} from '../../model/index.ts';
import { CLOUD_SETTINGS } from './settings.ts';

/** Where the upright is in the arrays, and its sign. */
function uprightOf(up: AxisDirection | undefined): { axis: number; sign: number } {
  const direction = up ?? '+z';
  return { axis: 'xyz'.indexOf(direction[1]), sign: direction[0] === '-' ? -1 : 1 };
}

/**
 * A moving surface, cloud or depth sequence as a sequence of vectors for time warping.
 *
 * @param where - name for messages
 * @returns 32 steps
 * @throws MsdtError `input.empty` fewer than four frames with points
 */
export function cloudVectors(sequence: MeshSequence | CloudSequence | DepthSequence, where: string): VectorSequence {
  const depth = 'depthMm' in sequence;
  const frames = (
    depth ? Array.from({ length: depthFrameCount(sequence) }, (_, f) => depthPoints(sequence, f)) : sequence.positions
  ).filter((points) => points.length >= 30);
  if (frames.length < 4) {
    throw new MsdtError('input.empty', 'This recording cannot be compared', {
      where: { file: where },
      detail: `${frames.length} frames with at least ten points`,
      hint: 'A movement needs at least four frames with the body cut out of its background.',
    });
  }
  const { axis, sign } = depth ? { axis: 1, sign: -1 } : uprightOf(sequence.up);
  const heights = frames[0].filter((_, i) => i % 3 === axis);
  const low = quantile(heights, sign > 0 ? 0.01 : 0.99) * sign;
  const size = quantile(heights, sign > 0 ? 0.99 : 0.01) * sign - low;
  if (!(size > 0)) throw new MsdtError('input.empty', 'The body has no height', { where: { file: where } });
  const body = { axis, sign, low, size, folded: !depth, heading: depth ? 0 : mainHeading(frames[0], axis) };
  const [tall, wide, round] = CLOUD_SETTINGS.cells;
  const dims = tall * wide * round + 1;
  const values = new Float64Array(frames.length * dims);
  frames.forEach((points, f) => {
    spread(points, body, values.subarray(f * dims, (f + 1) * dims));
  });
  const { fineSteps, smoothing, steps, velocity } = CLOUD_SETTINGS;
  const fine = smoothSequence(resampleSequence({ values, dims }, fineSteps), smoothing);
  const part = resampleSequence(fine, steps);
  return joinSequences([part, differentiateSequence(part)], [1, velocity]);
}

/** What stays the same through a recording. */
interface Body {
  axis: number;
  sign: number;
  low: number;
  size: number;
  folded: boolean;
  heading: number;
}

/** Direction of the longest horizontal axis of a cloud · rad. */
function mainHeading(points: Float32Array, axis: number): number {
  const [a, b] = [(axis + 1) % 3, (axis + 2) % 3];
  const n = points.length / 3;
  let [ma, mb, aa, ab, bb] = [0, 0, 0, 0, 0];
  for (let i = 0; i < points.length; i += 3) {
    ma += points[i + a] / n;
    mb += points[i + b] / n;
  }
  for (let i = 0; i < points.length; i += 3) {
    const [x, y] = [points[i + a] - ma, points[i + b] - mb];
    aa += x * x;
    ab += x * y;
    bb += y * y;
  }
  return 0.5 * Math.atan2(2 * ab, aa - bb);
}

/** Roots of the shares of the points in each cell, and the height of their middle. */
function spread(points: Float32Array, body: Body, out: Float64Array): void {
  const [tall, wide, round] = CLOUD_SETTINGS.cells;
  const [a, b] = [(body.axis + 1) % 3, (body.axis + 2) % 3];
  const n = points.length / 3;
  const middle = [0, 0, 0];
  for (let i = 0; i < points.length; i++) middle[i % 3] += points[i] / n;
  for (let i = 0; i < points.length; i += 3) {
    const height = (points[i + body.axis] * body.sign - body.low) / body.size;
    const [x, y] = [(points[i + a] - middle[a]) / body.size, (points[i + b] - middle[b]) / body.size];
    const level = Math.max(0, Math.min(tall - 1, Math.floor(height * (tall - 1))));
    const ring = Math.min(wide - 1, Math.floor(Math.hypot(x, y) / 0.15));
    const angle = (Math.atan2(y, x) - body.heading) / (body.folded ? Math.PI : 2 * Math.PI);
    const sector = Math.min(round - 1, Math.floor((angle - Math.floor(angle)) * round));
    out[level + tall * (ring + wide * sector)]++;
  }
  for (let c = 0; c < tall * wide * round; c++) out[c] = Math.sqrt(out[c] / n);
  out[tall * wide * round] = (CLOUD_SETTINGS.height * (middle[body.axis] * body.sign - body.low)) / body.size;
}
