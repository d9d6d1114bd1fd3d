/** From sensors to angles: segments, neutral pose, calibration, drift, check, angles. O(segments · samples). */

import { DEG_PER_RAD, multiplyQuaternion, type Quaternion } from '../../kernel/index.ts';
import type { ArtifactValue, QualityFlag } from '../../model/index.ts';
import { type AngleTrack, anglesOf } from './angles.ts';
import { baseTrack, type CalibratedSegment, type CalibrationOptions, calibrate, segmentAt } from './calibrate.ts';
import { checkFlags, checkSensors, type SensorCheck } from './check.ts';
import { driftOf } from './drift.ts';
import { type Segments, segmentsOf } from './segments.ts';
import { poseWindow, ratesOf, type Spell, stillSpells } from './stillness.ts';

/** Everything the angles come from. */
export interface SegmentAngles {
  segments: Segments;
  calibrated: CalibratedSegment[];
  checks: SensorCheck[];
  angles: AngleTrack[];
  pose: Spell;
  quality: QualityFlag[];
}

/** How to go from sensors to angles. */
export interface SegmentAngleOptions extends Omit<CalibrationOptions, 'pose' | 'movement' | 'instructed'> {
  /** sensor → segment, over what the file says */
  mapping: ReadonlyMap<string, string>;
  /** whether sensors share a heading */
  headings: 'auto' | 'shared' | 'own';
  /** neutral pose and bending movement · s of the clock; nothing where the end is not after the start */
  poseS: readonly [number, number];
  movementS: readonly [number, number];
  /** take heading drift out of sensors without a magnetic field */
  drift: boolean;
}

/**
 * Angles between the segments of a recording.
 * @param inputs - orientation signals, sensor to earth
 * @param raw - samples of the same sensors, for the check
 */
export function measureSegmentAngles(
  inputs: readonly ArtifactValue<'signal.orientation'>[],
  raw: readonly ArtifactValue<'signal.imu'>[],
  options: SegmentAngleOptions,
): SegmentAngles {
  const segments = segmentsOf(inputs, { ...options, raw });
  if (segments.tracks.length === 0)
    return { segments, calibrated: [], checks: [], angles: [], pose: { from: 0, to: 0 }, quality: segments.quality };
  const rates = segments.tracks.map(({ q }) => ratesOf(q, segments.base));
  const spells = stillSpells(segments, rates);
  const { window: pose, quality: poseFlags } = poseWindow(segments, spells, ...options.poseS);
  const whole: Spell = { from: 0, to: segments.count };
  const [from, to] = options.movementS;
  const movement = to > from ? poseWindow(segments, [], from, to).window : whole;
  const { segments: calibrated, quality } = calibrate(segments, rates, {
    ...options,
    pose,
    movement,
    instructed: to > from,
  });
  const checks = checkSensors(calibrated, raw, segments.base, pose);
  const postures = new Map<string, (sample: number) => Quaternion>();
  const driftFlags: QualityFlag[] = [];
  const base = calibrated.find(
    ({ track }) =>
      track ===
      baseTrack(
        calibrated.map((one) => one.track),
        options.base,
      ),
  );
  calibrated.forEach((one, i) => {
    const drift =
      options.drift && base
        ? driftOf(one, base, spells, segments.count, segments.base.rateHz)
        : { turn: undefined, quality: [] };
    driftFlags.push(...drift.quality);
    const { turn } = drift;
    if (turn) checks[i].driftDeg = turn.reduce((most, rad) => Math.max(most, Math.abs(rad)), 0) * DEG_PER_RAD;
    postures.set(
      one.track.id,
      turn ? (at) => multiplyQuaternion(aboutY(-turn[at]), segmentAt(one, at)) : (at) => segmentAt(one, at),
    );
  });
  return {
    segments,
    calibrated,
    checks,
    angles: anglesOf({ count: segments.count, segments: postures }),
    pose,
    quality: [...segments.quality, ...poseFlags, ...quality, ...driftFlags, ...checkFlags(checks)],
  };
}

function aboutY(rad: number): Quaternion {
  return [Math.cos(rad / 2), 0, Math.sin(rad / 2), 0];
}
