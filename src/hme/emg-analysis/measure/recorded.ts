/**
 * The recording as it came, measured as biosignalsnotebooks (PLUX) measures it, so that numbers can be compared across programs: RMS
 * with offset, Welch spectrum of 256 samples, median frequency by trapezoids. O(n).
 *
 * Their numbers for a burst recording come out to every digit; everything else of this capability uses better windows.
 */
import { amplitudeOf, medianFrequency, peakFrequency, spectralMoment, welch } from '../../../kernel/index.ts';

const SEGMENT = 256;

/** Numbers of the unfiltered recording. */
export interface Recorded {
  rms: number;
  /** of the band that the file holds · Hz */
  medianHz: number;
  peakHz: number;
  /** area under the spectrum by trapezoids */
  power: number;
  /** step of the spectrum · Hz */
  stepHz: number;
}

/**
 * Measures samples as they came.
 *
 * @param values - NaN missing · shape [N], 256 at least
 * @param rateHz - samples per second
 */
export function measureRecorded(values: Float64Array, rateHz: number): Recorded {
  const { density, stepHz } = welch(values, { rateHz, segment: SEGMENT });
  const last = density.length - 1;
  const power = spectralMoment({ density, stepHz }, 0) - (stepHz * (density[0] + density[last])) / 2;
  return {
    rms: amplitudeOf(values, rateHz).rms,
    medianHz: trapezoidMedian(density, stepHz, power),
    peakHz: peakFrequency({ density, stepHz }),
    power,
    stepHz,
  };
}

/** First frequency at which the area by trapezoids reaches half. */
function trapezoidMedian(density: Float64Array, stepHz: number, power: number): number {
  let area = 0;
  for (let k = 1; k < density.length; k++) {
    area += (stepHz * (density[k - 1] + density[k])) / 2;
    if (area >= power / 2) return k * stepHz;
  }
  return medianFrequency({ density, stepHz });
}
