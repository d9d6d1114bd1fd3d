/** How numbers become features: where, when, how sure. */

import { type FeatureDraft, intervalFromSd, type Posture, type Uncertainty, type Unit } from '../../../model/index.ts';
import type { ElectrodePlace } from '../clean/recording.ts';
import { EMG_FEATURES } from '../features.ts';

const UNITS = new Map(EMG_FEATURES.map(({ id, unit }) => [id, unit]));

/** What the features of one run share. */
export interface Telling {
  posture?: Posture;
  task?: string;
}

/** A number to be told. */
export interface Told {
  /** id without `emg.` */
  id: string;
  place: Partial<ElectrodePlace>;
  value: number | string;
  uncertainty: Uncertainty;
  method: string;
  /** names of the channels it comes from */
  channels: string[];
  timeS: [from: number, to: number];
  window?: string;
  quality: number;
  /** other roles it can be traced to */
  from?: FeatureDraft['evidence'];
  /** what to say where the value is not a number */
  missing?: string;
}

/** A 90 % interval around a value. */
export function spread(value: number, sd: number, method: string): Uncertainty {
  return Number.isFinite(sd)
    ? intervalFromSd(value, sd, method)
    : { kind: 'unknown', reason: 'Too few samples to tell.' };
}

/** An interval from resampling, wide enough to hold the value itself. */
export function resampled(value: number, { low, high, sd }: { low: number; high: number; sd: number }): Uncertainty {
  const method = 'Windows drawn again and again, 5th to 95th percentile';
  return { kind: 'interval', low: Math.min(low, value), high: Math.max(high, value), sd, method };
}

/** Makes a feature; what is not finite becomes a gap with its reason. */
export function draftOf(told: Told, { posture, task }: Telling): FeatureDraft {
  const definition = `emg.${told.id}`;
  const gone = typeof told.value === 'number' && !Number.isFinite(told.value);
  const missing = told.missing ?? 'Too few usable samples.';
  return {
    definition,
    ...(told.place.site ? { site: told.place.site } : {}),
    ...(told.place.level ? { level: told.place.level } : {}),
    ...(told.place.side ? { side: told.place.side } : {}),
    ...(task ? { task } : {}),
    ...(told.window ? { window: { label: told.window, startS: told.timeS[0], endS: told.timeS[1] } } : {}),
    value: gone ? null : told.value,
    ...(gone ? { missing } : {}),
    unit: UNITS.get(definition) as Unit,
    uncertainty: gone ? { kind: 'unknown', reason: missing } : told.uncertainty,
    ...(posture ? { posture } : {}),
    quality: told.quality,
    method: told.method,
    evidence: [
      { role: { input: 'recording' }, locator: { channels: told.channels, timeS: told.timeS } },
      ...(told.from ?? []),
    ],
  };
}
