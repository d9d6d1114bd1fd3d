/** Filters, transforms and spectra beside SciPy on the same signal (`emg.py`), where it is installed. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type ButterworthDesign,
  butterworth,
  createRandom,
  createRealFft,
  filterCausal,
  filterZeroPhase,
  movingRms,
  notchFilter,
  regressLine,
  type SpectrumOptions,
  spectra,
  welch,
} from '../../src/kernel/index.ts';
import { describeWithPython, runPython } from '../support/python.ts';

const SCRIPT = fileURLToPath(new URL('./emg.py', import.meta.url));
const design = (
  band: ButterworthDesign['band'],
  order: number,
  cutoffHz: ButterworthDesign['cutoffHz'],
  rateHz = 2000,
): ButterworthDesign => ({ band, order, cutoffHz, rateHz });

const DESIGNS: ButterworthDesign[] = [
  design('band-pass', 4, [20, 450]),
  design('band-pass', 4, [20, 450], 1000),
  design('band-pass', 5, [20, 450]),
  design('band-pass', 1, [10, 900]),
  design('band-pass', 2, [59, 61]),
  design('band-pass', 3, [0.5, 990]),
  design('low-pass', 4, 6),
  design('low-pass', 1, 6),
  design('low-pass', 7, 300),
  design('low-pass', 2, 0.5),
  design('high-pass', 4, 30),
  design('high-pass', 3, 10),
  design('high-pass', 2, 999),
  design('band-stop', 2, [48, 52]),
  design('band-stop', 3, [45, 55]),
  design('band-stop', 4, [30, 300]),
];
const NOTCHES = [
  [50, 30, 2000],
  [60, 30, 1000],
  [150, 5, 2000],
];
const spectrum = (segment: number, more: Partial<Required<SpectrumOptions>> = {}) => ({
  rateHz: 2000,
  segment,
  overlap: 0,
  fftLength: segment,
  window: 'hann' as const,
  detrend: 'none' as const,
  ...more,
});
const SPECTRA = [
  spectrum(256),
  spectrum(1000, { overlap: 500, fftLength: 2048, detrend: 'mean' }),
  spectrum(501, { overlap: 250, detrend: 'line' }),
  spectrum(1926, { overlap: 963, fftLength: 4096, detrend: 'mean' }),
  spectrum(97, { window: 'boxcar', detrend: 'mean' }),
];
const LENGTHS = [1, 2, 3, 4, 5, 6, 8, 15, 16, 32, 49, 64, 97, 120, 128, 214, 250, 1000, 1024, 1926, 2000, 2048];
const WINDOW = 400;

/** White noise on a drift, with a hum and a step: what filters have to stand; long enough for the parts of the SIMD filters. */
function makeSignal(): Float64Array {
  const rng = createRandom(20260301);
  return Float64Array.from({ length: 20_001 }, (_, i) => {
    const t = i / 2000;
    return (
      rng.normal() + 40 * Math.sin(2 * Math.PI * 0.3 * t) + 8 * Math.sin(2 * Math.PI * 50 * t) + (i > 14_000 ? 25 : 3)
    );
  });
}

interface Expected {
  causal: number[][];
  zeroPhase: number[][];
  notch: number[][];
  welch: number[][];
  series: number[][];
  fft: [number[], number[]][];
  rms: number[];
  line: number[];
}

describeWithPython('scipy.signal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'msdt-emg-'));
  const x = makeSignal();
  let expected: Expected;

  beforeAll(() => {
    const task = { designs: DESIGNS, notches: NOTCHES, spectra: SPECTRA, lengths: LENGTHS, window: WINDOW };
    writeFileSync(join(folder, 'input.json'), JSON.stringify(task));
    writeFileSync(join(folder, 'signal.f64'), x);
    runPython(SCRIPT, [folder]);
    expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Largest difference over the largest value. */
  const relative = (ours: ArrayLike<number>, theirs: ArrayLike<number>) => {
    expect(ours.length).toBe(theirs.length);
    let [worst, size] = [0, 0];
    for (let i = 0; i < ours.length; i++) {
      worst = Math.max(worst, Math.abs(ours[i] - theirs[i]));
      size = Math.max(size, Math.abs(theirs[i]));
    }
    return worst / size;
  };

  it.each(DESIGNS.map((one, at) => ({ ...one, at })))(
    '$band of order $order at $cutoffHz Hz equals butter + sosfilt',
    (one) => {
      const sections = butterworth(one);
      expect(relative(filterCausal(sections, x), expected.causal[one.at])).toBeLessThan(1e-9);
      expect(relative(filterZeroPhase(sections, x), expected.zeroPhase[one.at])).toBeLessThan(1e-9);
    },
  );

  it.each(NOTCHES.map(([f, q, fs], at) => ({ f, q, fs, at })))(
    'notch at $f Hz equals iirnotch + filtfilt',
    ({ f, q, fs, at }) => {
      expect(relative(filterZeroPhase(notchFilter(f, q, fs), x), expected.notch[at])).toBeLessThan(1e-9);
    },
  );

  it.each(SPECTRA.map((one, at) => ({ ...one, at })))(
    'spectra of $segment samples equal welch and spectrogram',
    ({ at, ...one }) => {
      expect(relative(welch(x, one).density, expected.welch[at])).toBeLessThan(1e-12);
      expect(relative(spectra(x, one).density, expected.series[at])).toBeLessThan(1e-12);
    },
  );

  it.each(LENGTHS.map((length, at) => ({ length, at })))(
    'transform of $length samples equals rfft',
    ({ length, at }) => {
      const fft = createRealFft(length);
      const [re, im] = [new Float64Array(fft.bins), new Float64Array(fft.bins)];
      fft.forward(x.subarray(0, length), re, im);
      const [theirRe, theirIm] = expected.fft[at];
      expect(relative([...re, ...im], [...theirRe, ...theirIm])).toBeLessThan(1e-13);
    },
  );

  it('moving RMS and regression equal NumPy and SciPy', () => {
    expect(relative(movingRms(x, WINDOW), expected.rms)).toBeLessThan(1e-12);
    const line = regressLine(
      Float64Array.from({ length: 50 }, (_, i) => i),
      x.subarray(0, 50),
    );
    [line.slope, line.intercept, line.slopeError, line.r2].forEach((value, i) => {
      expect(value).toBeCloseTo(expected.line[i], 10);
    });
  });
});
