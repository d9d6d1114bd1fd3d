/** What can be said of the calibration itself: gravity residual, heading of each sensor, magnetic disturbance. O(sensors · samples). */

import { MAD_TO_SD, mad, median, type Vec3 } from '../../kernel/index.ts';
import {
  type ArtifactValue,
  type FeatureDraft,
  intervalFromSd,
  type QualityFlag,
  type Quantity,
  type SignalChannel,
  sampleAt,
  sampleTimeS,
  type Table,
  type TimeBase,
  tableFromRows,
} from '../../model/index.ts';
import { type CalibratedSegment, gravityResidualDeg, headingMismatchDeg } from './calibrate.ts';
import { isTrusted } from './functional.ts';
import { meanOrientation, type Spell } from './stillness.ts';

/** Larger residuals are a doubt · deg */
const RESIDUAL_DEG = 3;
const MISMATCH_DEG = 20;
/** No sensor that works is this far off · deg */
const OTHER_AXES_DEG = 40;
/** The field's norm may differ from its median by this share. */
const FIELD_SHARE = 0.1;

/** What was found of one sensor. */
export interface SensorCheck {
  segment: CalibratedSegment;
  gravityDeg?: number;
  /** spread of the residual over the pose · deg */
  gravitySd?: number;
  mismatchDeg?: number;
  /** samples whose field norm is off by more than a tenth · % */
  disturbedShare?: number;
  /** size of the drift that was taken out, at its largest · deg */
  driftDeg?: number;
}

/** Checks every segment against the raw samples of its sensor, where they were given. */
export function checkSensors(
  segments: readonly CalibratedSegment[],
  raw: readonly ArtifactValue<'signal.imu'>[],
  base: TimeBase,
  pose: Spell,
): SensorCheck[] {
  return segments.map((segment): SensorCheck => {
    const mismatchDeg = headingMismatchDeg(segment);
    const check: SensorCheck = { segment, ...(mismatchDeg === undefined ? {} : { mismatchDeg }) };
    const { sensor, q } = segment.track;
    const orientation = meanOrientation(q, pose);
    for (const { payload } of raw) {
      const own = payload.channels.filter((channel) => channel.sensor === sensor);
      const [acc, mag] = (['acceleration', 'magnetic-field'] as const).map((quantity) => vectorOf(own, quantity));
      if (acc && orientation) {
        const forces = during(acc, payload, base, pose);
        const residuals = forces.map((force) => gravityResidualDeg(orientation, force));
        if (residuals.length > 0) {
          const mean = [0, 1, 2].map((k) => forces.reduce((sum, force) => sum + force[k] / forces.length, 0));
          const residual = gravityResidualDeg(orientation, mean as unknown as Vec3);
          // so far off it is no error: the device tells its orientation in other axes than its samples
          if (residual > OTHER_AXES_DEG) continue;
          check.gravityDeg = residual;
          check.gravitySd = (MAD_TO_SD * mad(residuals)) / Math.sqrt(Math.max(1, residuals.length / 10));
        }
      }
      if (mag) check.disturbedShare = disturbedShare(mag);
    }
    return check;
  });
}

function vectorOf(own: readonly SignalChannel[], quantity: Quantity): SignalChannel['values'][] | undefined {
  const parts = (['x', 'y', 'z'] as const).map((axis) =>
    own.find((channel) => channel.quantity === quantity && channel.axis === axis),
  );
  return parts.every((part) => part !== undefined) ? parts.map(({ values }) => values) : undefined;
}

function during(parts: SignalChannel['values'][], own: TimeBase, base: TimeBase, { from, to }: Spell): Vec3[] {
  const n = parts[0].length;
  const first = sampleAt(own, sampleTimeS(base, from), n);
  const last = sampleAt(own, sampleTimeS(base, to - 1), n);
  const found: Vec3[] = [];
  for (let i = Math.max(0, first); i <= last; i++) found.push([parts[0][i], parts[1][i], parts[2][i]]);
  return found.filter((vector) => vector.every(Number.isFinite) && vector.some((part) => part !== 0));
}

function disturbedShare(parts: SignalChannel['values'][]): number | undefined {
  const norms = Array.from(parts[0], (_, i) => Math.hypot(...parts.map((values) => values[i]))).filter(Number.isFinite);
  if (norms.length === 0) return undefined;
  const usual = median(norms);
  return (100 * norms.filter((norm) => Math.abs(norm - usual) > FIELD_SHARE * usual).length) / norms.length;
}

/** Table of the check, one row a sensor. */
export function checkTable(checks: readonly SensorCheck[]): Table {
  const rows = checks.map(({ segment, gravityDeg, mismatchDeg, disturbedShare: disturbed, driftDeg }) => {
    const { track, sensorToSegment, headingDeg, headingFrom, axis } = segment;
    const [w, x, y, z] = sensorToSegment;
    return {
      sensor: track.sensor,
      segment: track.segment,
      side: track.side,
      w,
      x,
      y,
      z,
      heading: headingDeg,
      headingFrom,
      headingMismatch: mismatchDeg,
      gravityResidual: gravityDeg,
      fieldOff: disturbed,
      drift: driftDeg,
      bendShare: axis && 100 * axis.share,
      bendTilt: axis?.tiltDeg,
      bendRange: axis?.rangeDeg,
      bendTrusted: axis !== undefined && isTrusted(axis),
    };
  });
  return tableFromRows(rows, {
    w: { unit: '1', definition: 'Quaternion, sensor to segment' },
    heading: {
      unit: 'deg',
      definition: 'Forward in the neutral pose, anticlockwise from the first axis of the earth frame (east)',
    },
    headingMismatch: { unit: 'deg', definition: 'From the heading taken to the one the bending axis shows' },
    gravityResidual: { unit: 'deg', definition: 'Gravity in the neutral pose against the vertical of the orientation' },
    fieldOff: { unit: '%', definition: 'Samples whose field norm is off its median by more than a tenth' },
    drift: { unit: 'deg', definition: 'Largest heading drift that was taken out' },
    bendShare: { unit: '%', definition: 'Share of the turning that is about one axis' },
    bendTilt: { unit: 'deg', definition: 'How far that axis stood from level in the neutral pose' },
    bendRange: { unit: 'deg', definition: 'Farthest turn about that axis from the neutral pose' },
  });
}

/** Doubts that the check raises. */
export function checkFlags(checks: readonly SensorCheck[]): QualityFlag[] {
  return checks.flatMap(({ segment, gravityDeg, mismatchDeg, disturbedShare: disturbed }) => {
    const where = segment.track.sensor;
    const flags: QualityFlag[] = [];
    const say = (code: string, message: string) =>
      flags.push({ code: `segment.${code}`, severity: 'doubt', where, message });
    if (gravityDeg !== undefined && gravityDeg > RESIDUAL_DEG)
      say(
        'gravity',
        `In the neutral pose gravity is ${gravityDeg.toFixed(1)}° off the vertical; the sensor moved or is badly calibrated.`,
      );
    if (mismatchDeg !== undefined && Math.abs(mismatchDeg) > MISMATCH_DEG)
      say(
        'heading-mismatch',
        `Its bending axis says that this sensor faces ${Math.abs(mismatchDeg).toFixed(0)}° ${mismatchDeg > 0 ? 'to the left' : 'to the right'} of what was taken; it may be turned or named wrongly.`,
      );
    if (disturbed !== undefined && disturbed > 20)
      say('field', `The magnetic field was off in ${disturbed.toFixed(0)} % of the time; its heading may be wrong.`);
    return flags;
  });
}

/** Gravity residual and heading mismatch as features. */
export function checkFeatures(checks: readonly SensorCheck[]): FeatureDraft[] {
  return checks.flatMap(({ segment, gravityDeg, gravitySd = 0, mismatchDeg }, row) => {
    const { segment: site, side } = segment.track;
    const shared = {
      site,
      ...(side ? { side } : {}),
      unit: 'deg' as const,
      quality: 1,
      method: 'Calibration check',
      evidence: [{ role: { output: 'calibration' }, locator: { row } }],
    };
    const features: FeatureDraft[] = [];
    if (gravityDeg !== undefined)
      features.push({
        ...shared,
        definition: 'segment.gravityResidual',
        value: gravityDeg,
        uncertainty: intervalFromSd(gravityDeg, gravitySd, 'Spread of the residual over the neutral pose'),
      });
    if (mismatchDeg !== undefined)
      features.push({
        ...shared,
        definition: 'segment.headingMismatch',
        value: mismatchDeg,
        uncertainty: intervalFromSd(
          mismatchDeg,
          axisSdDeg(segment),
          'Turning off the principal axis over turning about it',
        ),
      });
    return features;
  });
}

/** What is turned off the axis, over what is turned about it. */
function axisSdDeg({ axis }: CalibratedSegment): number {
  const share = axis?.share ?? 1 / 3;
  return (Math.sqrt((1 - share) / share) * 180) / Math.PI / 3;
}
