/** Features of muscle and movement together: flexion-relaxation, effort beside movement. */

import { mean, standardDeviation } from '../../../kernel/index.ts';
import type { FeatureDraft } from '../../../model/index.ts';
import {
  type AngleCourse,
  type Bend,
  type BendAmplitudes,
  bendAmplitudes,
  effortOf,
  STILL_DEG_S,
} from '../measure/bending.ts';
import type { MeasuredChannel } from '../measure/channel.ts';
import { rmsDoubt } from '../measure/time-course.ts';
import { draftOf, spread, type Telling, type Told } from './draft.ts';

/** What movement features share. */
export interface MovementTelling extends Telling {
  startS: number;
  rateHz: number;
  voltage: boolean;
  /** role that movement was taken from */
  source: 'angle' | 'events';
}

/** Flexion-relaxation and flexion-extension ratio of one channel over all bends. */
export function tellBends(channel: MeasuredChannel, bends: readonly Bend[], about: MovementTelling): FeatureDraft[] {
  const timed = { clean: channel.clean, startS: about.startS, rateHz: about.rateHz };
  const amplitudes = bends.map((bend) => bendAmplitudes(timed, bend));
  const seconds = mean(bends.map(({ full }) => full[1] - full[0]));
  const single = Math.SQRT2 * rmsDoubt(channel.course.bandwidthHz, Math.min(1, seconds));
  const told = (id: string, of: (one: BendAmplitudes) => number): FeatureDraft => {
    const values = amplitudes.map(of).filter(Number.isFinite);
    const value = values.length ? mean(values) : Number.NaN;
    const many = values.length >= 3;
    const sd = many
      ? standardDeviation(values) / Math.sqrt(values.length)
      : (value * single) / Math.sqrt(values.length);
    return draftOf(
      {
        id,
        place: channel.place,
        value,
        uncertainty: spread(value, sd, many ? `Standard error of ${values.length} bends` : 'Chance of both amplitudes'),
        method: `Mean of ${values.length} bends, phases from ${about.source}`,
        channels: [channel.name],
        timeS: [bends[0].flexion[0], bends[bends.length - 1].extension[1]],
        quality: channel.trust,
        missing: 'The recording does not reach over a whole bend.',
        from: [{ role: { input: about.source }, locator: { timeS: bends[0].full } }],
      },
      { ...about, task: about.task ?? 'flexion-relaxation' },
    );
  };
  return [
    told('flexionRelaxationRatio', ({ flexion, full }) => flexion / full),
    told('flexionExtensionRatio', ({ flexion, extension }) => flexion / extension),
  ];
}

/** Effort of one channel beside the movement of the trunk. */
export function tellEffort(channel: MeasuredChannel, angle: AngleCourse, about: MovementTelling): FeatureDraft[] {
  const effort = effortOf({ clean: channel.clean, startS: about.startS, rateHz: about.rateHz }, angle);
  if (!effort) return [];
  const doubt = rmsDoubt(channel.course.bandwidthHz, effort.toS - effort.fromS);
  const told = (id: string, value: number, sd: number, more: Partial<Told>): FeatureDraft =>
    draftOf(
      {
        id,
        place: channel.place,
        value,
        uncertainty: spread(value, sd, 'Chance of the amplitude; the angle is taken as exact'),
        method: `IEMG and way of the angle in steps of 250 ms, channel ${angle.name}`,
        channels: [channel.name],
        timeS: [effort.fromS, effort.toS],
        quality: channel.trust,
        from: [{ role: { input: 'angle' }, locator: { channels: [angle.name], timeS: [effort.fromS, effort.toS] } }],
        ...more,
      },
      about,
    );
  const perDegree = effort.integral / effort.wayDeg;
  const share = effort.withoutMovement / 100;
  const parts = [
    told('effortWithoutMovement', effort.withoutMovement, 100 * Math.sqrt(share * (1 - share)) * 2 * doubt, {
      method: `IEMG in steps of 250 ms in which ${angle.name} changes by less than ${STILL_DEG_S} deg/s`,
      missing: 'No activity and angle at the same time.',
    }),
  ];
  if (!about.voltage) return parts;
  const missing = 'The trunk moves by less than ten degrees.';
  const value = effort.wayDeg >= 10 ? perDegree : Number.NaN;
  return [told('effortPerDegree', value, perDegree * doubt, { missing }), ...parts];
}
