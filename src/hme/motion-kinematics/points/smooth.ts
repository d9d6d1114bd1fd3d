/**
 * Smoothing of tracks: a zero-phase Butterworth filter, and for skeletons the corner that their own noise asks for.
 *
 * The corner by residual analysis (Winter, Biomechanics and Motor Control of Human Movement): what a filter takes away falls with its corner,
 * steeply while it is movement, then along a line, which is noise; the corner whose residual is that line's value at 0 Hz leaves as
 * much noise in as it takes movement out. O(corners · points · frames).
 */

import { butterworth, edgeLength, filterAcrossGaps, regressLine } from '../../../kernel/index.ts';
import type { Body } from './body.ts';

/** Below this the turning points of a brisk bend or step would be cut. */
const LOWEST_HZ = 3;
const STEP_HZ = 0.5;
/** Noise alone from here to the end of what can be filtered, as a share of the rate. */
const NOISE_FROM = 0.25;
const HIGHEST_SHARE = 0.45;

/** A copy of a body with smoother tracks. */
export function smoothBody(body: Body, cutoffHz: number, bridgeS: number): Body {
  if (cutoffHz <= 0 || cutoffHz >= 0.45 * body.rateHz) return body;
  // two passes of a second-order filter: the corner of one pass is raised so that both together have the wanted one
  const raised = Math.min(0.49 * body.rateHz, cutoffHz / (Math.SQRT2 - 1) ** 0.25);
  const sections = butterworth({ band: 'low-pass', order: 2, cutoffHz: raised, rateHz: body.rateHz });
  if (body.count <= edgeLength(sections)) return body;
  const longest = Math.round(bridgeS * body.rateHz);
  const smooth = (track: Float64Array) => {
    const out = new Float64Array(track.length);
    const axis = new Float64Array(body.count);
    for (let a = 0; a < 3; a++) {
      for (let i = 0; i < body.count; i++) axis[i] = track[3 * i + a];
      const filtered = filterAcrossGaps(sections, axis, longest);
      for (let i = 0; i < body.count; i++) out[3 * i + a] = filtered[i];
    }
    return out;
  };
  return {
    ...body,
    points: new Map([...body.points].map(([id, track]) => [id, smooth(track)])),
    clusters: new Map([...body.clusters].map(([id, tracks]) => [id, tracks.map(smooth)])),
  };
}

/**
 * Corner of the low-pass filter for a skeleton by residual analysis · Hz
 * @param highestHz - the corner is never above it: where the noise is small, or too little is seen to tell it
 */
export function cornerOf(body: Body, highestHz: number, bridgeS: number): number {
  const residuals = new Map<number, number>();
  const top = HIGHEST_SHARE * body.rateHz;
  for (let hz = LOWEST_HZ; hz < top; hz += STEP_HZ) residuals.set(hz, residualOf(body, smoothBody(body, hz, bridgeS)));
  const noise = [...residuals].filter(([hz, residual]) => hz >= NOISE_FROM * body.rateHz && Number.isFinite(residual));
  if (noise.length < 4) return highestHz;
  const line = regressLine(
    noise.map(([hz]) => hz),
    noise.map(([, residual]) => residual),
  );
  const corner = [...residuals].find(([, residual]) => residual <= line.intercept)?.[0] ?? highestHz;
  return Math.min(corner, highestHz);
}

/** Root mean square of what smoothing took away, over all points and axes · mm */
function residualOf(body: Body, smooth: Body): number {
  let sum = 0;
  let count = 0;
  for (const [id, track] of body.points) {
    const other = smooth.points.get(id) ?? track;
    for (let i = 0; i < track.length; i++) {
      const rest = track[i] - other[i];
      if (Number.isNaN(rest)) continue;
      sum += rest * rest;
      count++;
    }
  }
  return Math.sqrt(sum / count);
}
