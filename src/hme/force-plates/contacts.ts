/**
 * When a plate was stood on, and what happened in that time.
 *
 * Method: stretches of vertical force at or above a threshold, shorter ones than 50 ms dropped; numbers by sums over samples,
 * O(samples). The noise of the empty plate gives the intervals.
 */

import type { PlateWrench } from './wrench.ts';

/** Stretches shorter than this are knocks, not steps · s */
const SHORTEST_S = 0.05;

/** One stretch of contact. */
export interface Contact {
  plate: string;
  /** first sample of contact and the first after it */
  start: number;
  end: number;
  /** begins or ends with the recording: times and sums are cut */
  cut: boolean;
}

/**
 * Stretches in which a plate was loaded.
 * @param rateHz - samples per second
 * @param thresholdN - vertical force · N
 */
export function findContacts(wrench: PlateWrench, rateHz: number, thresholdN: number): Contact[] {
  const { vertical, plate } = wrench;
  const contacts: Contact[] = [];
  for (let start = 0; start < vertical.length; ) {
    if (!(vertical[start] >= thresholdN)) {
      start++;
      continue;
    }
    let end = start;
    while (end < vertical.length && vertical[end] >= thresholdN) end++;
    if ((end - start) / rateHz >= SHORTEST_S)
      contacts.push({ plate, start, end, cut: start === 0 || end === vertical.length });
    start = end + 1;
  }
  return contacts;
}

/** What an empty plate reads. */
export interface PlateNoise {
  /** mean vertical force of the empty plate · N */
  offsetN: number;
  /** standard deviation about it · N */
  sdN: number;
  samples: number;
}

/** Reading of the empty plate: samples below the threshold; undefined where there are fewer than 50. */
export function emptyPlate(wrench: PlateWrench, thresholdN: number): PlateNoise | undefined {
  let [sum, squares, samples] = [0, 0, 0];
  for (const value of wrench.vertical) {
    if (!(Math.abs(value) < thresholdN)) continue;
    sum += value;
    squares += value * value;
    samples++;
  }
  if (samples < 50) return undefined;
  const offsetN = sum / samples;
  return { offsetN, sdN: Math.sqrt(Math.max(0, squares / samples - offsetN * offsetN)), samples };
}

/** Numbers of one contact. */
export interface ContactMeasures {
  /** largest vertical force · N */
  peakN: number;
  /** sample of it */
  peakAt: number;
  durationS: number;
  /** length of the path of the centre of pressure · mm */
  pathMm: number;
  /** distance between the first and the last centre of pressure · mm */
  chordMm: number;
  /** largest free moment, sign of the axis that points up · N·m */
  freeMomentNm: number;
}

/** Numbers of one contact; the path is that of the centre of pressure averaged over 10 ms, so that noise does not lengthen it. */
export function measureContact(wrench: PlateWrench, { start, end }: Contact, rateHz: number): ContactMeasures {
  let [peakN, peakAt, freeMomentNm] = [Number.NEGATIVE_INFINITY, start, 0];
  const up = [6, 7, 8].map((axis) => -wrench.frame.axes[axis]);
  for (let at = start; at < end; at++) {
    if (wrench.vertical[at] > peakN) [peakN, peakAt] = [wrench.vertical[at], at];
    const moment = up.reduce((sum, part, axis) => sum + part * (wrench.freeMoment[3 * at + axis] || 0), 0) / 1000;
    if (Math.abs(moment) > Math.abs(freeMomentNm)) freeMomentNm = moment;
  }
  const window = Math.max(1, Math.round(rateHz / 100));
  const path: number[][] = [];
  for (let from = start; from < end; from += window) {
    const sum = [0, 0, 0, 0];
    for (let at = from; at < Math.min(end, from + window); at++) {
      if (Number.isNaN(wrench.pressureCentre[3 * at])) continue;
      for (let axis = 0; axis < 3; axis++) sum[axis] += wrench.pressureCentre[3 * at + axis];
      sum[3]++;
    }
    if (sum[3] > 0) path.push(sum.slice(0, 3).map((value) => value / sum[3]));
  }
  const gap = (a: number[], b: number[]) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
  const pathMm = path.slice(1).reduce((sum, place, index) => sum + gap(place, path[index]), 0);
  const chordMm = path.length > 1 ? gap(path[0], path[path.length - 1]) : 0;
  return { peakN, peakAt, durationS: (end - start) / rateHz, pathMm, chordMm, freeMomentNm };
}
