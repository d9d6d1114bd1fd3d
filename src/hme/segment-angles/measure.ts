/** Ranges and velocities of angles as features. O(angles · samples). */

import { type FeatureDraft, intervalFromSd, sampleTimeS, type Uncertainty } from '../../model/index.ts';
import { velocityOf } from './angles.ts';
import type { SegmentAngles } from './assemble.ts';

/**
 * Errors of one sensor against optical truth (vqf2023 offline, five trials of BROAD, root mean square): inclination, and heading.
 * Angles of two sensors err by √2 of it; the calibration's own error is not in it · deg
 */
const INCLINATION_DEG = 0.53;
const HEADING_DEG = 1.57;

const METHOD = 'Error of two sensors against optical truth (BROAD, vqf2023), without that of the calibration';

/** Features of every angle. */
export function angleFeatures(found: SegmentAngles): FeatureDraft[] {
  const { angles, segments, calibrated } = found;
  const { base } = segments;
  const relative = new Map(calibrated.map(({ track }) => [track.id, track.relative]));
  return angles.flatMap((angle): FeatureDraft[] => {
    const { id, site, side, values, convention, axial } = angle;
    const extremes = extremesOf(values);
    if (!extremes) return [];
    const { low, high } = extremes;
    const drifts = axial && [angle.proximal, angle.distal].some((segment) => segment && relative.get(segment));
    const sd = Math.SQRT2 * (axial ? Math.hypot(HEADING_DEG, INCLINATION_DEG) : INCLINATION_DEG);
    const doubt = (value: number, factor: number): Uncertainty =>
      drifts
        ? { kind: 'unknown', reason: 'Without a magnetic field the heading of the segments is only relative' }
        : intervalFromSd(value, factor * sd, METHOD);
    const velocity = velocityOf(values, base.rateHz, base.timeS);
    const fastest = fastestOf(velocity);
    const time = (sample: number): [number, number] => [sampleTimeS(base, sample), sampleTimeS(base, sample + 1)];
    const make = (
      definition: string,
      value: number,
      uncertainty: Uncertainty,
      samples: [number, number],
    ): FeatureDraft => ({
      definition: `segment.${definition}`,
      site,
      ...(side ? { side } : {}),
      value,
      unit: definition === 'peakVelocity' ? 'deg/s' : 'deg',
      uncertainty,
      quality: drifts ? 0.4 : axial ? 0.7 : 0.9,
      method: convention,
      evidence: [
        {
          role: { output: definition === 'peakVelocity' ? 'velocities' : 'angles' },
          locator: { channels: [`${id} (${convention})`], timeS: [time(samples[0])[0], time(samples[1])[1]] },
        },
      ],
    });
    const between: [number, number] = [Math.min(low, high), Math.max(low, high)];
    return [
      make('rangeOfMotion', values[high] - values[low], doubt(values[high] - values[low], Math.SQRT2), between),
      make('maximum', values[high], doubt(values[high], 1), [high, high]),
      make('minimum', values[low], doubt(values[low], 1), [low, low]),
      ...(fastest === undefined
        ? []
        : [
            make(
              'peakVelocity',
              Math.abs(velocity[fastest]),
              { kind: 'unknown', reason: 'The noise of the rates is not in an orientation' },
              [fastest, fastest],
            ),
          ]),
    ];
  });
}

function extremesOf(values: Float64Array): { low: number; high: number } | undefined {
  let [low, high] = [-1, -1];
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    if (low < 0 || values[i] < values[low]) low = i;
    if (high < 0 || values[i] > values[high]) high = i;
  }
  return low < 0 ? undefined : { low, high };
}

function fastestOf(velocity: Float64Array): number | undefined {
  let most = -1;
  for (let i = 0; i < velocity.length; i++)
    if (Math.abs(velocity[i]) > (most < 0 ? -1 : Math.abs(velocity[most]))) most = i;
  return most < 0 ? undefined : most;
}
