/**
 * Gaps in tracks: short ones bridged by a cubic through both sides with their slopes (Hermite), long ones and both ends left open. O(n).
 */

/** What was bridged and what was not · in samples. */
export interface GapReport {
  filled: number;
  /** gaps that were bridged */
  bridged: number;
  /** samples that are still missing */
  missing: number;
  /** longest gap between two seen samples · samples */
  longest: number;
}

/**
 * Bridges short gaps (NaN) of one track in place. The slope at each side comes from the two nearest seen samples.
 *
 * @param values - one value per sample, evenly spaced · changed in place
 * @param most - longest gap that is bridged · samples
 * @param step - distance between values of one track in the array (3 for an xyz array)
 * @param start - where the track starts in the array
 * @example fillGaps(Float64Array.of(0, 1, NaN, NaN, 4, 5), 3).filled // 2
 */
export function fillGaps(values: Float32Array | Float64Array, most: number, step = 1, start = 0): GapReport {
  const report: GapReport = { filled: 0, bridged: 0, missing: 0, longest: 0 };
  const count = Math.ceil((values.length - start) / step);
  const at = (i: number) => values[start + i * step];
  let last = -1;
  for (let i = 0; i < count; i++) {
    if (Number.isNaN(at(i))) {
      report.missing++;
      continue;
    }
    const length = i - last - 1;
    if (last >= 0 && length > 0) {
      report.longest = Math.max(report.longest, length);
      if (length <= most) {
        bridge(values, step, start, last, i, count);
        report.filled += length;
        report.missing -= length;
        report.bridged++;
      }
    }
    last = i;
  }
  return report;
}

function bridge(
  values: Float32Array | Float64Array,
  step: number,
  start: number,
  from: number,
  to: number,
  count: number,
) {
  const at = (i: number) => (i >= 0 && i < count ? values[start + i * step] : Number.NaN);
  const span = to - from;
  const [a, b] = [at(from), at(to)];
  const chord = (b - a) / span;
  const before = a - at(from - 1);
  const after = at(to + 1) - b;
  const p = span * (Number.isNaN(before) ? chord : before);
  const q = span * (Number.isNaN(after) ? chord : after);
  for (let i = 1; i < span; i++) {
    const t = i / span;
    const u = 1 - t;
    values[start + (from + i) * step] =
      a * u * u * (1 + 2 * t) + b * t * t * (1 + 2 * u) + p * t * u * u - q * t * t * u;
  }
}
