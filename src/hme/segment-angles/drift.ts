/**
 * Without a magnetic field two sensors drift apart about the vertical. Where the subject stands still and upright, as in the neutral pose, their
 * headings ought to agree as they did then: the difference at those moments is drift, and is taken out in between by straight lines. With
 * fewer than two such moments only a steady drift over the whole recording is taken out. O(segments · samples).
 */

import {
  conjugateQuaternion,
  DEG_PER_RAD,
  multiplyQuaternion,
  type Quaternion,
  regressLine,
  unwrapInPlace,
} from '../../kernel/index.ts';
import type { QualityFlag } from '../../model/index.ts';
import { type CalibratedSegment, segmentAt } from './calibrate.ts';
import type { Spell } from './stillness.ts';

/** Upright is within this of the vertical · cosine of 15° */
const UPRIGHT = Math.cos(15 / DEG_PER_RAD);
/** A steady drift is not told from a turn of the body in less · s */
const LEAST_TREND_S = 20;

/** Turn about the vertical to take off each sample of a segment · shape [N] · rad; undefined where nothing is to be done. */
export interface Drift {
  turn?: Float64Array;
  /** still upright moments that it rests on; 0 for a steady trend */
  anchors: number;
  quality: QualityFlag[];
}

/** Drift of a segment against the base. */
export function driftOf(
  own: CalibratedSegment,
  base: CalibratedSegment,
  spells: readonly Spell[],
  count: number,
  rateHz: number,
): Drift {
  if (own === base || !(own.track.relative || base.track.relative)) return { anchors: 0, quality: [] };
  const apart = new Float64Array(count);
  for (let i = 0; i < count; i++) apart[i] = headingBetween(segmentAt(base, i), segmentAt(own, i));
  const anchors = spells.flatMap((spell) => anchorOf(spell, apart, own, base));
  if (anchors.length >= 2) return { turn: between(anchors, count), anchors: anchors.length, quality: [] };
  if (count / rateHz < LEAST_TREND_S) return { anchors: anchors.length, quality: [] };
  return { ...trend(apart, count), anchors: 0, quality: [trendFlag(own.track.sensor)] };
}

/** Turn about the room's vertical (Y) from one orientation to the other · rad */
function headingBetween(from: Quaternion, to: Quaternion): number {
  const [w, , y] = multiplyQuaternion(to, conjugateQuaternion(from));
  return 2 * Math.atan2(y, w);
}

interface Anchor {
  at: number;
  rad: number;
}

function anchorOf({ from, to }: Spell, apart: Float64Array, own: CalibratedSegment, base: CalibratedSegment): Anchor[] {
  let [sine, cosine, seen] = [0, 0, 0];
  for (let i = from; i < to; i++) {
    if (Number.isNaN(apart[i])) continue;
    if (![own, base].every((segment) => uprightness(segmentAt(segment, i)) > UPRIGHT)) return [];
    sine += Math.sin(apart[i]);
    cosine += Math.cos(apart[i]);
    seen++;
  }
  return seen > 0 ? [{ at: (from + to - 1) / 2, rad: Math.atan2(sine, cosine) }] : [];
}

/** Cosine of the tilt of a segment's long axis. */
function uprightness([, x, , z]: Quaternion): number {
  return 1 - 2 * (x * x + z * z);
}

function between(anchors: readonly Anchor[], count: number): Float64Array {
  const out = new Float64Array(count);
  const rads = unwrapInPlace(
    Float64Array.from(anchors, ({ rad }) => rad),
    2 * Math.PI,
  );
  for (let i = 0, k = 0; i < count; i++) {
    while (k + 1 < anchors.length && anchors[k + 1].at <= i) k++;
    const next = Math.min(anchors.length - 1, k + 1);
    const span = anchors[next].at - anchors[k].at;
    const share = span > 0 ? Math.max(0, (i - anchors[k].at) / span) : 0;
    out[i] = rads[k] + share * (rads[next] - rads[k]);
  }
  return out;
}

function trend(apart: Float64Array, count: number): { turn?: Float64Array } {
  const unwrapped = unwrapInPlace(apart, 2 * Math.PI);
  const seen = Array.from(unwrapped.keys()).filter((i) => !Number.isNaN(unwrapped[i]));
  if (seen.length < 2) return {};
  const { slope } = regressLine(
    seen,
    seen.map((i) => unwrapped[i]),
  );
  return { turn: Float64Array.from({ length: count }, (_, i) => slope * (i - seen[0])) };
}

function trendFlag(sensor: string): QualityFlag {
  const message =
    'The heading drift could only be taken as steady; stand still and upright at the start and the end so that it can be seen.';
  return { code: 'segment.drift', severity: 'doubt', where: sensor, message };
}
