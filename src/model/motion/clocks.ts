/** The clock graph: how a device's seconds become the twin's. */

/** How a clock map was found, best first. */
const CLOCK_METHODS = ['trigger', 'event', 'correlation', 'file', 'hand', 'assumed'] as const;

export type ClockMethod = (typeof CLOCK_METHODS)[number];

/**
 * Edge of the clock graph: time on `to` = (time on `from`) · (1 + driftPpm / 10⁶) + offsetS.
 */
export interface ClockMap {
  from: string;
  to: string;
  offsetS: number;
  /** one standard deviation · s; absent where unknown */
  offsetSdS?: number;
  /** how much longer a second of `from` is than one of `to` · parts per million */
  driftPpm: number;
  driftSdPpm?: number;
  method: ClockMethod;
  /** 0 (worthless) to 1: how distinct the peak, how many events agree */
  quality: number;
  /** what was compared, in words */
  basis: string;
  /** how much of `offsetS` a person added · s */
  nudgeS?: number;
}

/** Clock maps of one twin. */
export interface Clocks {
  /** the clock that all others are mapped to */
  reference: string;
  maps: ClockMap[];
}

/**
 * Takes a time from a clock to the other end of its map.
 * @param timeS - s of `map.from`
 * @returns s of `map.to`
 * @example mapTimeS({ from: 'imu', to: 'twin', offsetS: 2, driftPpm: 100, method: 'event', quality: 1, basis: '' }, 1000) // 1002.1
 */
export function mapTimeS(map: ClockMap, timeS: number): number {
  return timeS * (1 + map.driftPpm * 1e-6) + map.offsetS;
}

/**
 * The way back of `mapTimeS`.
 * @param timeS - s of `map.to`
 * @returns s of `map.from`
 */
export function unmapTimeS(map: ClockMap, timeS: number): number {
  return (timeS - map.offsetS) / (1 + map.driftPpm * 1e-6);
}
