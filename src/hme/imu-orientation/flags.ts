/** Doubts about a sensor, in words a user understands. */

import { DEG_PER_RAD, GRAVITY_MS2, median } from '../../kernel/index.ts';
import type { QualityFlag } from '../../model/index.ts';
import type { EstimateOptions, SensorOrientation } from './estimate.ts';
import type { Measures } from './measure.ts';

/** Flags of one sensor; the field's reference norm and gravity's size are taken at rest where there is any. */
export function flagsOf(result: SensorOrientation, measures: Measures, options: EstimateOptions): QualityFlag[] {
  const { sensor, filter, lost, bridged, stretches, uneven } = result;
  const flags: QualityFlag[] = [...sensor.quality];
  const say = (code: string, severity: QualityFlag['severity'], message: string) =>
    flags.push({
      code: `imu.${code}`,
      severity,
      where: sensor.id,
      message: message[0].toUpperCase() + message.slice(1),
    });
  if (filter === 'vendor' && options.filter !== 'vendor')
    say('vendor', 'info', 'no angular rate was recorded, so the orientation is the device’s own.');
  if (filter === 'vendor') return flags;
  if (options.filter === 'vendor') say('no-vendor', 'info', 'the device gave no orientation, so vqf2023 made one.');
  if (options.mode === 'offline' && result.mode === 'online')
    say('online-only', 'info', `${filter} runs online alone; it was not given hindsight.`);
  if (!result.north)
    say('heading-relative', 'info', 'without a magnetic field the heading starts anywhere and drifts.');
  if (lost > 0 || stretches > 1)
    say('gap', 'doubt', `${lost} samples were lost; the filter started again ${Math.max(0, stretches - 1)} times.`);
  if (result.impossible > 0)
    say('impossible', 'doubt', `${result.impossible} samples beyond 8000 °/s or 100 g were set aside.`);
  if (bridged > 0) say('bridged', 'info', `${bridged} lost samples were bridged by straight lines.`);
  if (uneven) say('uneven-time', 'info', 'samples are unevenly spaced; each step was integrated by its own length.');
  if (result.disturbed && measures.disturbedShare === undefined)
    say(
      'field-unknown',
      'info',
      'it moved too little or too briefly to tell a disturbed magnetic field from a good one.',
    );
  if ((measures.disturbedShare ?? 0) > 20)
    say(
      'disturbed',
      'doubt',
      `the magnetic field was disturbed in ${measures.disturbedShare?.toFixed(0)} % of the time.`,
    );
  const gravity = gravityAtRest(result);
  if (gravity !== undefined && Math.abs(gravity / GRAVITY_MS2 - 1) > 0.05)
    say('gravity', 'doubt', `gravity measures ${gravity.toFixed(2)} m/s² at rest; check the unit and calibration.`);
  const steady = steadyRate(result);
  if (steady !== undefined && steady > 2)
    say(
      'bias',
      'doubt',
      `at rest the gyroscope shows ${steady.toFixed(1)} °/s, more than the filter believes; calibrate it.`,
    );
  for (const [device, values, least] of [
    ['gyroscope', sensor.gyr, LEAST_LIMIT.rate],
    ['accelerometer', sensor.acc, LEAST_LIMIT.acceleration],
  ] as const) {
    const clipped = saturated(values, least);
    if (clipped > 0) say('saturated', 'doubt', `the ${device} stood at its limit in ${clipped} samples.`);
  }
  return flags;
}

/** Median size of the acceleration at rest · m/s² */
export function gravityAtRest({ sensor, rest }: SensorOrientation): number | undefined {
  const { acc } = sensor;
  const sizes: number[] = [];
  for (let i = 0; acc && rest && i < rest.length; i++)
    if (rest[i]) sizes.push(Math.hypot(acc[3 * i], acc[3 * i + 1], acc[3 * i + 2]));
  const finite = sizes.filter(Number.isFinite);
  return finite.length > 0 ? median(finite) : undefined;
}

/**
 * Rate of a sensor that lies still but for a bias that the filter's own rest detection does not believe: the quietest second shows it · deg/s
 */
function steadyRate({ sensor, rest }: SensorOrientation): number | undefined {
  const { gyr, acc, base } = sensor;
  if (!gyr || !acc || rest?.includes(1)) return undefined;
  const window = Math.max(8, Math.round(base.rateHz));
  let quietest: number | undefined;
  for (let from = 0; from + window <= sensor.count; from += window) {
    const mean = [0, 0, 0];
    const spread = [0, 0, 0];
    for (let k = 0; k < 3; k++) {
      for (let i = from; i < from + window; i++) mean[k] += gyr[3 * i + k] / window;
      for (let i = from; i < from + window; i++) spread[k] += (gyr[3 * i + k] - mean[k]) ** 2 / window;
    }
    const still = Math.sqrt(Math.max(...spread)) * DEG_PER_RAD < 0.5;
    if (still) quietest = Math.min(quietest ?? Number.POSITIVE_INFINITY, Math.hypot(...mean) * DEG_PER_RAD);
  }
  return quietest;
}

/** No sensor's range ends below these: 100 °/s in rad/s, 1.5 g in m/s². */
const LEAST_LIMIT = { rate: 100 / DEG_PER_RAD, acceleration: 1.5 * GRAVITY_MS2 } as const;

/** Samples that lie in runs of three and more at the largest value of their axis, where that value is at least what a range can end at. */
function saturated(values: Float64Array | undefined, least: number): number {
  if (!values) return 0;
  let count = 0;
  for (let k = 0; k < 3; k++) {
    let most = 0;
    for (let i = k; i < values.length; i += 3) if (Math.abs(values[i]) > most) most = Math.abs(values[i]);
    if (most < least) continue;
    let run = 0;
    for (let i = k; i < values.length + 3; i += 3) {
      if (i < values.length && Math.abs(values[i]) === most) run++;
      else {
        if (run >= 3) count += run;
        run = 0;
      }
    }
  }
  return count;
}
