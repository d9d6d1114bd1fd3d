/**
 * Events and angles on the recording's own clock, through the clock graph. O(n).
 *
 * What lies on another clock and cannot be mapped is left out and said, never laid on top as if the clocks were one.
 */
import {
  type ClockMap,
  type Clocks,
  type EventList,
  mapTimeS,
  type QualityFlag,
  type Signals,
  unmapTimeS,
} from '../../../model/index.ts';
import { type AngleCourse, trunkAngle } from './bending.ts';

/**
 * Way from one clock to another: direct, or over the reference that both are mapped to.
 * @returns undefined where the clocks are not connected
 */
export function clockWay(
  from: string,
  to: string,
  clocks: Clocks | undefined,
): ((timeS: number) => number) | undefined {
  if (from === to) return (timeS) => timeS;
  const edges = (at: string): { end: string; go: (timeS: number) => number }[] =>
    (clocks?.maps ?? []).flatMap((map: ClockMap) => [
      ...(map.from === at ? [{ end: map.to, go: (timeS: number) => mapTimeS(map, timeS) }] : []),
      ...(map.to === at ? [{ end: map.from, go: (timeS: number) => unmapTimeS(map, timeS) }] : []),
    ]);
  const seen = new Set([from]);
  let front = [{ at: from, way: (timeS: number) => timeS }];
  while (front.length) {
    const next: typeof front = [];
    for (const { at, way } of front) {
      for (const { end, go } of edges(at)) {
        if (end === to) return (timeS) => go(way(timeS));
        if (seen.has(end)) continue;
        seen.add(end);
        next.push({ at: end, way: (timeS) => go(way(timeS)) });
      }
    }
    front = next;
  }
  return undefined;
}

function unconnected(what: string, clock: string, own: string): QualityFlag {
  return {
    code: 'emg.clock',
    severity: 'doubt',
    message: `The ${what} lie on the clock "${clock}" and the recording on "${own}"; no map joins them, so they were not used. Align the clocks first.`,
  };
}

/** Events on a clock, or undefined where there are none or their clock is not connected (then a flag says so). */
export function eventsOnClock(
  list: EventList | undefined,
  clock: string,
  clocks: Clocks | undefined,
  quality: QualityFlag[],
): EventList | undefined {
  if (!list || list.events.length === 0) return undefined;
  const way = clockWay(list.clock, clock, clocks);
  if (!way) {
    quality.push(unconnected('events', list.clock, clock));
    return undefined;
  }
  const events = list.events.map((event) => ({
    ...event,
    timeS: way(event.timeS),
    ...(event.endS === undefined ? {} : { endS: way(event.endS) }),
  }));
  return { clock, events };
}

/** The trunk's flexion on a clock, likewise. */
export function angleOnClock(
  signals: Signals | undefined,
  clock: string,
  clocks: Clocks | undefined,
  quality: QualityFlag[],
): AngleCourse | undefined {
  if (!signals || signals.channels.length === 0) return undefined;
  const way = clockWay(signals.clock, clock, clocks);
  if (way) return trunkAngle(signals, way);
  quality.push(unconnected('angles', signals.clock, clock));
  return undefined;
}
