/**
 * Second-order Butterworth low-pass of a few channels at once, sample by sample; O(channels) a sample.
 *
 * Until `tauS` has passed it puts out the running mean, then starts in the steady state of that mean: no transient from one
 * odd first sample. After the filter of the MIT-licensed VQF (Laidig & Seel 2023), with which it agrees to rounding.
 */

/** Coefficients of a biquad in direct form II transposed; a0 is 1. */
export interface LowPassCoefficients {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

const SQRT2 = Math.SQRT2;

/**
 * Butterworth low-pass whose step response decays like exp(-t / tau); passes everything when `tauS` is under half a sample.
 *
 * @param tauS - time constant · s · above 0
 * @param stepS - time between samples · s
 * @example lowPassCoefficients(0.001, 0.01).b0 // 1
 */
export function lowPassCoefficients(tauS: number, stepS: number): LowPassCoefficients {
  if (tauS < stepS / 2) return { b0: 1, b1: 0, b2: 0, a1: 0, a2: 0 };
  const cutoffHz = SQRT2 / (2 * Math.PI) / tauS;
  const c = Math.tan(Math.PI * cutoffHz * stepS);
  const d = c * c + SQRT2 * c + 1;
  const b0 = (c * c) / d;
  return { b0, b1: 2 * b0, b2: b0, a1: (2 * (c * c - 1)) / d, a2: (1 - SQRT2 * c + c * c) / d };
}

/**
 * Share of the way to a new value that a first-order filter goes in one sample: 0 for a negative time constant, 1 for zero.
 *
 * @param tauS - time constant · s
 * @param stepS - time between samples · s
 * @example gainOfTau(0, 0.01) // 1
 */
export function gainOfTau(tauS: number, stepS: number): number {
  if (tauS < 0) return 0;
  return tauS === 0 ? 1 : 1 - Math.exp(-stepS / tauS);
}

/** The filter with its memory. */
export class LowPass {
  private readonly c: LowPassCoefficients;
  private readonly channels: number;
  /** two numbers a channel */
  private readonly memory: Float64Array;
  /** sums while the mean is taken */
  private readonly sums: Float64Array;
  /** samples of the opening mean */
  private readonly opening: number;
  private seen = 0;

  /**
   * @param channels - values a sample
   * @param tauS - time constant · s
   * @param stepS - time between samples · s
   */
  constructor(channels: number, tauS: number, stepS: number) {
    this.c = lowPassCoefficients(tauS, stepS);
    this.channels = channels;
    this.memory = new Float64Array(2 * channels);
    this.sums = new Float64Array(channels);
    let opening = 1;
    while (opening * stepS < tauS) opening++;
    this.opening = opening;
  }

  /** Forgets everything. */
  reset(): void {
    this.seen = 0;
    this.sums.fill(0);
  }

  /** Memory as if a constant had always come in. */
  settle(values: Float64Array, at = 0): void {
    for (let i = 0; i < this.channels; i++) this.settleChannel(i, values[at + i]);
    this.seen = this.opening;
  }

  /** Filters one sample in place: `values[at]` and the channels after it. */
  step(values: Float64Array, at = 0): void {
    if (this.seen < this.opening) {
      this.open(values, at);
      return;
    }
    const { memory, channels } = this;
    const { b0, b1, b2, a1, a2 } = this.c;
    for (let i = 0, m = 0; i < channels; i++, m += 2) {
      const x = values[at + i];
      const y = b0 * x + memory[m];
      memory[m] = b1 * x - a1 * y + memory[m + 1];
      memory[m + 1] = b2 * x - a2 * y;
      values[at + i] = y;
    }
  }

  private open(values: Float64Array, at: number): void {
    this.seen++;
    for (let i = 0; i < this.channels; i++) {
      this.sums[i] += values[at + i];
      values[at + i] = this.sums[i] / this.seen;
      if (this.seen === this.opening) this.settleChannel(i, values[at + i]);
    }
  }

  private settleChannel(i: number, value: number): void {
    this.memory[2 * i] = value * (1 - this.c.b0);
    this.memory[2 * i + 1] = value * (this.c.b2 - this.c.a2);
  }
}
