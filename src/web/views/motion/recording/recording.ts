/** A recording as the page holds it: what a file says of itself, channels with their min/max pyramid, frames of bodies. */

import type { AxisDirection, Quantity } from '../../../../model/index.ts';

/** A file in the store, read by range. */
export interface BlobPlace {
  sha256: string;
  bytes: number;
  name: string;
}

/** One channel as its file describes it. */
export interface ChannelInfo {
  name: string;
  unit: string;
  quantity: Quantity;
  axis?: 'w' | 'x' | 'y' | 'z';
  sensor?: string;
  segment?: string;
  site?: string;
  level?: string;
  side?: 'left' | 'right';
}

/** Time of samples, as `sampleTimeS` and `sampleAt` take it. */
export interface RecordingTime {
  clock: string;
  startS: number;
  rateHz: number;
  timeS?: Float64Array;
}

export interface RecordingHead extends RecordingTime {
  kind: string;
  name: string;
  /** samples of each channel, or frames */
  count: number;
  channels: ChannelInfo[];
  /** force plates that `sensor` of force channels refers to */
  plates?: PlateOutline[];
}

/** Where a force plate lies. */
export interface PlateOutline {
  id: string;
  /** xyz of four corners · shape [12] · mm in the frame of the recording's markers */
  corners: number[];
}

/** One level of a pyramid: extremes of every `factor` samples, NaN where all are missing. */
export interface PyramidLevel {
  factor: number;
  low: Float32Array;
  high: Float32Array;
}

/** Sums of every `SUM_BLOCK` samples, for means and RMS of any window without touching all of it. */
export interface BlockSums {
  sum: Float64Array;
  square: Float64Array;
  count: Uint32Array;
}

export interface Channel {
  values: Float32Array;
  levels: PyramidLevel[];
  sums: BlockSums;
  /** extremes of the whole channel; NaN without a value */
  low: number;
  high: number;
}

interface Frames extends RecordingTime {
  count: number;
  up?: AxisDirection;
}

/** Named points, xyz frame by frame · shape [3PF] · mm */
export interface PointFrames extends Frames {
  type: 'points';
  names: string[];
  parents?: number[];
  positions: Float32Array;
}

/** Surfaces or clouds; frame f has points `start[f]` to `start[f + 1]`. */
export interface ShapeFrames extends Frames {
  type: 'mesh' | 'cloud';
  /** xyz of all frames, one after the other · mm */
  positions: Float32Array;
  start: Uint32Array;
  /** one list, or one a frame; none for clouds */
  triangles: Uint32Array[];
  /** named value of each point */
  values: Record<string, Float32Array>;
}

export type BodyFrames = PointFrames | ShapeFrames;
