/** Depth pictures as points in space. */

import type { DepthSequence } from './sequences.ts';

/** Pictures of a depth sequence. */
export function depthFrameCount(sequence: DepthSequence): number {
  return sequence.depthMm.length / (sequence.width * sequence.height);
}

/**
 * The points that one depth picture saw, pinhole model: `x = (u - cx)·z / fx`, `y = (v - cy)·z / fy`.
 *
 * @param frame - which picture
 * @returns flat xyz · shape [3N] · mm · camera frame: x right, y down, z forward
 * @example depthPoints({ clock: '', startS: 0, rateHz: 30, width: 2, height: 1, depthMm: Uint16Array.of(0, 1000), intrinsics: { fx: 100, fy: 100, cx: 0, cy: 0, source: '' } }, 0) // Float32Array.of(10, 0, 1000)
 */
export function depthPoints(sequence: DepthSequence, frame: number): Float32Array {
  const { width, height, depthMm, intrinsics } = sequence;
  const { fx, fy, cx, cy } = intrinsics;
  const pixels = width * height;
  const picture = depthMm.subarray(frame * pixels, (frame + 1) * pixels);
  let count = 0;
  for (const z of picture) if (z > 0) count++;
  const out = new Float32Array(3 * count);
  let at = 0;
  for (let p = 0; p < pixels; p++) {
    const z = picture[p];
    if (z === 0) continue;
    out[at++] = (((p % width) - cx) * z) / fx;
    out[at++] = ((Math.floor(p / width) - cy) * z) / fy;
    out[at++] = z;
  }
  return out;
}
