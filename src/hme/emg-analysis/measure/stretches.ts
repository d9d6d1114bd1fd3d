/**
 * Which stretches of a recording are told on their own: phases that events name, and holds long enough to tire. O(events + bursts).
 */
import type { EventList, QualityFlag } from '../../../model/index.ts';
import type { CleanRecording } from '../clean/clean.ts';
import type { MeasuredChannel } from './channel.ts';

/** Phases that are told one by one at most */
const MOST_PHASES = 12;
/** Shortest phase with numbers of its own · s */
const LEAST_PHASE_S = 0.25;
/** Shortest hold that shows fatigue · s */
const LEAST_HOLD_S = 15;
/** A hold of this share of the recording is the recording */
const WHOLE = 0.8;

/** Named stretches · s of the recording's clock. */
export type Stretches = readonly { label: string; span: [fromS: number, toS: number] }[];

/**
 * Phases that events name: those with an end that lie within the recording, numbered where a label repeats.
 * @param quality - says what was left out
 */
export function phasesOf(
  events: EventList | undefined,
  { startS, endS }: Pick<CleanRecording, 'startS' | 'endS'>,
  quality: QualityFlag[],
): Stretches {
  const lasting = (events?.events ?? []).filter(
    ({ timeS, endS: end }) => end !== undefined && end - timeS >= LEAST_PHASE_S && timeS >= startS && end <= endS,
  );
  if (lasting.length > MOST_PHASES) {
    quality.push({
      code: 'emg.phases',
      severity: 'info',
      message: `Of ${lasting.length} phases the first ${MOST_PHASES} are told one by one.`,
    });
  }
  const chosen = lasting.slice(0, MOST_PHASES);
  return chosen.map(({ label, timeS, endS: end }, k) => {
    const twins = chosen.filter((other) => other.label === label);
    const number = chosen.slice(0, k + 1).filter((other) => other.label === label).length;
    return { label: twins.length > 1 ? `${label} ${number}` : label, span: [timeS, end as number] };
  });
}

/** Stretches of one channel over which fatigue is told: the whole (no label), phases and holds of 15 s and more. */
export function stretchesOf(
  { startS, endS, rateHz }: CleanRecording,
  { activity }: MeasuredChannel,
  phases: Stretches,
): { label?: string; span: [number, number] }[] {
  const all = endS - startS;
  const long = phases.filter(({ span }) => span[1] - span[0] >= LEAST_HOLD_S);
  const holds = activity.bursts
    .map(({ from, to }): [number, number] => [startS + from / rateHz, startS + to / rateHz])
    .filter(([from, to]) => to - from >= LEAST_HOLD_S && to - from < WHOLE * all);
  return [
    { span: [startS, endS] },
    ...long,
    ...(long.length ? [] : holds.map((span, k) => ({ label: `hold ${k + 1}`, span }))),
  ];
}
