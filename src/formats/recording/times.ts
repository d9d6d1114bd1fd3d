/** From a column of times to a time base. */

/** How far a time may lie from an even grid · periods */
const EVEN_PERIODS = 0.02;

/** Start and rate, with the times themselves where they are not even. */
interface FoundTimes {
  startS: number;
  rateHz: number;
  timeS?: Float64Array;
}

/**
 * Time base of a column of times; kept whole where a sample lies further than a fiftieth of a period from the even grid.
 *
 * Printed times are rounded: a rate within one part in 10⁵ of a whole number of Hz is taken for it.
 * @param times - shape [N] · s · without NaN
 * @example timeBaseOf(Float64Array.of(1, 1.5, 2, 2.5)) // { startS: 1, rateHz: 2 }
 */
export function timeBaseOf(times: Float64Array): FoundTimes {
  const last = times.length - 1;
  const period = last > 0 ? (times[last] - times[0]) / last : 0;
  if (!(period > 0)) return { startS: times[0] ?? 0, rateHz: 1 };
  const exact = 1 / period;
  const whole = Math.round(exact);
  const rateHz = whole > 0 && Math.abs(exact / whole - 1) < 1e-5 ? whole : Number(exact.toPrecision(12));
  const startS = times[0];
  const even = times.every((time, index) => Math.abs(time - startS - index / rateHz) <= EVEN_PERIODS * period);
  return even ? { startS, rateHz } : { startS, rateHz: exact, timeS: times };
}
