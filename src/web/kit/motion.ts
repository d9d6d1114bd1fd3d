/** What panels of the motion screen get: the recordings in view, the brushed window, and the hands that change them. */

import type { WireArtifact } from '../../contract/index.ts';
import type { ClockMap, EventList } from '../../model/index.ts';
import type { Channel, ChannelInfo, RecordingTime } from '../views/motion/recording/recording.ts';

/** From and to · s */
export type TimeWindow = readonly [number, number];

/** The clock of the screen, for views that draw at every frame and do not wait for React. */
export interface MotionTime {
  get(): { timeS: number; span: TimeWindow; whole: TimeWindow; window: TimeWindow | undefined; playing: boolean };
  subscribe(listener: () => void): () => void;
  seek(timeS: number): void;
  setSpan(span: TimeWindow): void;
  zoomAt(timeS: number, factor: number): void;
  setWindow(window: TimeWindow | undefined): void;
}

/** One channel of a recording that is in view. */
export interface MotionChannel {
  /** artifact and number of the channel */
  id: string;
  artifact: WireArtifact;
  info: ChannelInfo;
  time: RecordingTime & { count: number };
  /** way from the recording's clock to that of the screen; absent: the same */
  map: ClockMap | undefined;
  /** undefined until it has been read */
  channel: Channel | undefined;
}

/** Recordings whose clocks hang together. */
export interface MotionSession {
  id: string;
  title: string;
  clocks: readonly string[];
  artifacts: readonly WireArtifact[];
}

/** How the clocks of a twin hang together. */
export interface ClockBench {
  /** every clock to the reference of its session */
  maps: readonly ClockMap[];
  /** the alignment that a map stands in */
  artifactOf(map: ClockMap): WireArtifact | undefined;
}

export interface MotionBench {
  sessions: readonly MotionSession[];
  session: MotionSession | undefined;
  channels: readonly MotionChannel[];
  events: EventList['events'];
  clocks: ClockBench | undefined;
  window: TimeWindow | undefined;
  whole: TimeWindow;
  setWindow(window: TimeWindow | undefined): void;
  seek(timeS: number): void;
  openSession(id: string): void;
  /** channels of another session, once read */
  load(session: MotionSession): Promise<readonly MotionChannel[]>;
  /** values of one channel */
  read(channel: MotionChannel): Promise<Channel>;
  /** adds seconds to the offset of a clock; can be undone */
  nudge(map: ClockMap, byS: number): Promise<void>;
}
