/**
 * Linear envelope: absolute values, then a low-pass without phase. O(n).
 *
 * The filter may fall below zero after a sharp end; such values are zero, as no amplitude is negative.
 */
import { butterworth } from './butterworth.ts';
import { filterAcrossGaps } from './gaps.ts';

/** How an envelope is smoothed. */
export interface EnvelopeOptions {
  /** samples per second */
  rateHz: number;
  /** corner of the low-pass, at which both passes together leave half of the amplitude · Hz */
  cutoffHz: number;
  /** order of each pass · default 4 */
  order?: number;
  /** samples of the longest gap that is bridged · default 0 */
  longestBridge?: number;
}

/**
 * Envelope of a signal around zero.
 *
 * @param values - one value per sample, NaN missing · shape [N]
 * @returns envelope, NaN where the signal is missing · shape [N] · unit of `values`
 * @throws ArgumentError a corner not below half the rate
 * @see Winter 2009, section 10.3
 */
export function linearEnvelope(values: ArrayLike<number>, options: EnvelopeOptions): Float64Array {
  const { rateHz, cutoffHz, order = 4, longestBridge = 0 } = options;
  const rectified = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) rectified[i] = Math.abs(values[i]);
  const out = filterAcrossGaps(butterworth({ band: 'low-pass', order, cutoffHz, rateHz }), rectified, longestBridge);
  for (let i = 0; i < out.length; i++) if (out[i] < 0) out[i] = 0;
  return out;
}
