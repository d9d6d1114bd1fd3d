/** One clock for the motion screen: where the cursor stands, what is in view, what is brushed, whether it plays. Seconds of the twin's clock. */

import { create } from 'zustand';
import type { MotionTime, TimeWindow } from '../kit/motion.ts';

export interface MotionState {
  /** which recordings are looked at: a group whose clocks hang together */
  session: string | undefined;
  timeS: number;
  playing: boolean;
  speed: number;
  /** what the lanes show · s */
  span: TimeWindow;
  /** all there is · s */
  whole: TimeWindow;
  /** what is brushed · s */
  window: TimeWindow | undefined;
  /** value that colours the body; undefined: its speed, where it is known; empty: plain */
  colourBy: string | undefined;
}

const FRESH: MotionState = {
  session: undefined,
  timeS: 0,
  playing: false,
  speed: 1,
  span: [0, 1],
  whole: [0, 1],
  window: undefined,
  colourBy: undefined,
};

export const useMotion = create<MotionState>(() => FRESH);

export const SPEEDS = [0.1, 0.25, 0.5, 0.75, 1] as const;
/** Shortest stretch that lanes show · s */
const SHORTEST_S = 0.002;

/** Begins anew with another group of recordings; its extent comes with it, or grows as more is read. */
export function openSession(session: string | undefined, whole: TimeWindow): void {
  const before = useMotion.getState();
  if (before.session !== session) {
    useMotion.setState({ ...FRESH, speed: before.speed, session, whole, span: whole, timeS: whole[0] });
  } else if (before.whole[0] !== whole[0] || before.whole[1] !== whole[1]) {
    const all = before.span[0] === before.whole[0] && before.span[1] === before.whole[1];
    useMotion.setState({ whole, span: all ? whole : before.span, timeS: within(before.timeS, whole) });
  }
}

function within(t: number, [start, end]: TimeWindow): number {
  return Math.min(end, Math.max(start, t));
}

/** Puts the cursor at a time, and brings it into view. */
export function seek(timeS: number): void {
  const { whole, span } = useMotion.getState();
  const at = within(timeS, whole);
  const length = span[1] - span[0];
  const out = at < span[0] || at > span[1];
  useMotion.setState({ timeS: at, ...(out && { span: clampSpan([at - length * 0.1, at + length * 0.9], whole) }) });
}

function clampSpan([start, end]: TimeWindow, whole: TimeWindow): TimeWindow {
  const most = whole[1] - whole[0];
  const length = Math.min(most, Math.max(SHORTEST_S, end - start));
  const from = within(start, [whole[0], whole[1] - length]);
  return [from, from + length];
}

export function setSpan(span: TimeWindow): void {
  useMotion.setState({ span: clampSpan(span, useMotion.getState().whole) });
}

/** Shows `factor` times as much around a time that stays where it is on the screen. */
export function zoomAt(timeS: number, factor: number): void {
  const { span } = useMotion.getState();
  setSpan([timeS + (span[0] - timeS) * factor, timeS + (span[1] - timeS) * factor]);
}

export function setWindow(window: TimeWindow | undefined): void {
  useMotion.setState({ window: window && (window[0] <= window[1] ? window : [window[1], window[0]]) });
}

export function togglePlay(): void {
  const { playing, timeS, whole, window } = useMotion.getState();
  const end = window?.[1] ?? whole[1];
  const start = window?.[0] ?? whole[0];
  // at the end it begins again
  if (!playing && timeS >= end - 1e-6) seek(start);
  useMotion.setState({ playing: !playing });
}

/** Moves the cursor on by what has passed; a brushed window is played in a round, everything else to its end. */
export function advance(elapsedS: number): void {
  const { timeS, speed, whole, window } = useMotion.getState();
  const [start, end] = window && timeS <= window[1] + 1e-6 && timeS >= window[0] - 1e-6 ? window : whole;
  const next = timeS + elapsedS * speed;
  if (next < end) seek(next);
  else if (window && end === window[1]) seek(start);
  else {
    seek(end);
    useMotion.setState({ playing: false });
  }
}

/** The clock as views take it. */
export const motionTime: MotionTime = {
  get: useMotion.getState,
  subscribe: (listener) => useMotion.subscribe(listener),
  seek,
  setSpan,
  zoomAt,
  setWindow,
};
