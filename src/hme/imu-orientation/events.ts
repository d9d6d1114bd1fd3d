/** Rest and magnetic disturbance as events of a recording. O(samples). */

import { type MotionEvent, sampleTimeS } from '../../model/index.ts';
import { fieldKnownFrom, type SensorOrientation } from './estimate.ts';

/** Shorter spells are left out · s */
const SHORTEST_S = 0.1;

/** Spells of one sensor; `about` is put behind the label where there are several sensors. */
export function spellsOf(result: SensorOrientation, about = ''): MotionEvent[] {
  const { sensor, rest, disturbed } = result;
  const known = disturbed?.slice().fill(0, 0, fieldKnownFrom(disturbed));
  return [
    ...spells(rest, sensor.base.rateHz, (i) => sampleTimeS(sensor.base, i), `rest${about}`),
    ...spells(known, sensor.base.rateHz, (i) => sampleTimeS(sensor.base, i), `magnetic disturbance${about}`),
  ];
}

function spells(
  marks: Uint8Array | undefined,
  rateHz: number,
  timeAt: (index: number) => number,
  label: string,
): MotionEvent[] {
  const found: MotionEvent[] = [];
  if (!marks) return found;
  for (let from = 0; from < marks.length; from++) {
    if (!marks[from]) continue;
    let to = from;
    while (to + 1 < marks.length && marks[to + 1]) to++;
    if ((to - from + 1) / rateHz >= SHORTEST_S) found.push({ label, timeS: timeAt(from), endS: timeAt(to) });
    from = to;
  }
  return found;
}
