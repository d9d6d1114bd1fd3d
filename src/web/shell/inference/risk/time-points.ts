/** The risk over time as points: where each assessment stands, by the day it speaks of or by the moment it was made. */

import type { WireAssessmentLine } from '../../../../contract/index.ts';
import { horizonOf } from '../words.ts';
import { axisTop } from './drivers.ts';

export type TimeAxis = 'index' | 'made';

export interface TimePoint {
  line: WireAssessmentLine;
  /** 0 to 1 from left to right */
  x: number;
  /** 0 to 1 from the foot of the axis to its top */
  point: number;
  low: number;
  high: number;
}

export interface TimeRun {
  points: readonly TimePoint[];
  /** probability at the top of the axis */
  top: number;
  ticks: readonly { x: number; time: number }[];
}

/** Points in the order of the axis; those of the same moment stand side by side in the order they were made. */
export function timeRun(lines: readonly WireAssessmentLine[], axis: TimeAxis): TimeRun {
  const timed = lines.flatMap((line) => {
    const year = line.state === 'failed' ? undefined : horizonOf(line.horizons, '0-12');
    const time = Date.parse(axis === 'index' ? line.indexDate : line.at);
    return year && Number.isFinite(time) ? [{ line, year, time }] : [];
  });
  timed.sort((a, b) => a.time - b.time || a.line.number - b.line.number);
  const top = axisTop(Math.max(0.05, ...timed.map(({ year }) => year.high)));
  const [first, last] = [timed[0]?.time ?? 0, timed.at(-1)?.time ?? 0];
  const span = last - first;
  const crowd = timed.length > 1 ? 1 / (timed.length - 1) : 0;
  const points = timed.map(({ line, year, time }, i): TimePoint => {
    // half by time and half by order: what was made within one minute is still told apart
    const byTime = span > 0 ? (time - first) / span : 0.5;
    const x = timed.length === 1 ? 0.5 : span > 0 ? 0.5 * byTime + 0.5 * i * crowd : i * crowd;
    return { line, x, point: year.probability / top, low: year.low / top, high: year.high / top };
  });
  const ticks: { x: number; time: number }[] = [];
  for (let i = 0; i < points.length; i++) {
    const before = ticks.at(-1);
    if (!before || points[i].x - before.x > 0.13) ticks.push({ x: points[i].x, time: timed[i].time });
  }
  return { points, top, ticks };
}
