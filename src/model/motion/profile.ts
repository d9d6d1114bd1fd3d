/** How the columns of a plain table become the channels of a recording: what a person sets once and keeps under a name. */

import type { Unit } from '../units.ts';
import type { Quantity, SignalChannel } from './signals.ts';

/** A column by its name, or by its number counted from 1. */
export type ColumnRef = string | number;

/** What one column measures. The value is `cell · scale + offset`, in `unit`. */
export interface ProfileChannel {
  column: ColumnRef;
  /** the column's own name where absent */
  name?: string;
  unit: Unit;
  /** 1 where absent */
  scale?: number;
  /** 0 where absent */
  offset?: number;
  quantity: Quantity;
  axis?: SignalChannel['axis'];
  sensor?: string;
  segment?: string;
  side?: 'left' | 'right';
  site?: string;
  level?: string;
}

/** Columns that were sampled together. */
export interface ProfileStream {
  /** column of times, where the file has one for this stream */
  time?: { column: ColumnRef; unit: 's' | 'ms' | 'us' };
  /** samples per second; from the times, or from the first stream, where absent */
  rateHz?: number;
  startS?: number;
  channels: ProfileChannel[];
}

/** A channel mapping. */
export interface SignalProfile {
  schemaVersion: 1;
  name: string;
  /** lines before the line of column names or, without one, before the first sample; found where absent */
  skipLines?: number;
  separator?: 'comma' | 'semicolon' | 'tab' | 'space';
  decimal?: 'point' | 'comma';
  streams: ProfileStream[];
}
