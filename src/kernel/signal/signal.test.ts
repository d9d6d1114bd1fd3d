import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../stats/index.ts';
import {
  amplitudeOf,
  bootstrapLine,
  bridgeGaps,
  butterworth,
  createComplexFft,
  createRealFft,
  equivalentBandwidth,
  estimateLag,
  filterAcrossGaps,
  filterCausal,
  filterGain,
  filterZeroPhase,
  finiteRuns,
  frequencyCourse,
  interpolateAt,
  linearEnvelope,
  meanFrequency,
  medianFrequency,
  movingAbsolute,
  movingRms,
  notchFilter,
  regressLine,
  repeatedRuns,
  resampleLinear,
  spectra,
  spectralMoment,
  welch,
} from './index.ts';

const RATE_HZ = 2000;
const sine = (hz: number, count: number, rateHz = RATE_HZ) =>
  Float64Array.from({ length: count }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rateHz));
const noise = (count: number, seed = 3) => {
  const rng = createRandom(seed);
  return Float64Array.from({ length: count }, () => rng.normal());
};
const largest = (values: ArrayLike<number>) => Array.from(values).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
const difference = (a: ArrayLike<number>, b: ArrayLike<number>) => largest(Array.from(a, (v, i) => v - b[i]));

describe('Butterworth', () => {
  // |H|² = 1 / (1 + (tan(πf/r) / tan(πc/r))^2n) for a low-pass: the bilinear transform of the prototype
  it('low-pass and high-pass have the gain of the formula, whatever their order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.double({ min: 5, max: 900, noNaN: true }),
        fc.double({ min: 1, max: 990, noNaN: true }),
        (order, cutoffHz, hz) => {
          const ratio = Math.tan((Math.PI * hz) / RATE_HZ) / Math.tan((Math.PI * cutoffHz) / RATE_HZ);
          const low = filterGain(butterworth({ band: 'low-pass', order, cutoffHz, rateHz: RATE_HZ }), hz, RATE_HZ);
          const high = filterGain(butterworth({ band: 'high-pass', order, cutoffHz, rateHz: RATE_HZ }), hz, RATE_HZ);
          expect(low).toBeCloseTo(1 / Math.sqrt(1 + ratio ** (2 * order)), 7);
          expect(high).toBeCloseTo(1 / Math.sqrt(1 + ratio ** (-2 * order)), 7);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([1, 2, 3, 4, 5, 8])(
    'band filters of order %i halve the power at both corners and pass or stop between',
    (order) => {
      const corners = [20, 450] as const;
      const pass = butterworth({ band: 'band-pass', order, cutoffHz: corners, rateHz: RATE_HZ });
      const stop = butterworth({ band: 'band-stop', order, cutoffHz: corners, rateHz: RATE_HZ });
      for (const hz of corners) {
        expect(filterGain(pass, hz, RATE_HZ) ** 2).toBeCloseTo(0.5, 9);
        expect(filterGain(stop, hz, RATE_HZ) ** 2).toBeCloseTo(0.5, 9);
      }
      for (const hz of [1, 15, 60, 100, 300, 600, 990]) {
        // the two share their poles, and their powers add up to one
        expect(filterGain(pass, hz, RATE_HZ) ** 2 + filterGain(stop, hz, RATE_HZ) ** 2).toBeCloseTo(1, 8);
      }
      expect(filterGain(stop, 0, RATE_HZ)).toBeCloseTo(1, 9);
    },
  );

  it('refuses corners that no signal of this rate has', () => {
    const bad = (cutoffHz: number | [number, number], band: 'low-pass' | 'band-pass') => () =>
      butterworth({ band, order: 4, cutoffHz, rateHz: 1000 });
    expect(bad(500, 'low-pass')).toThrow(/cutoffHz/);
    expect(bad(0, 'low-pass')).toThrow(/cutoffHz/);
    expect(bad([400, 20], 'band-pass')).toThrow(/lower corner/);
    expect(bad(20, 'band-pass')).toThrow(/2 corners/);
    expect(() => butterworth({ band: 'low-pass', order: 0, cutoffHz: 6, rateHz: 1000 })).toThrow(/order/);
    expect(() => notchFilter(50, 0, 1000)).toThrow(/quality/);
  });

  it('a notch takes out its frequency and leaves the rest', () => {
    const notch = notchFilter(50, 30, RATE_HZ);
    expect(filterGain(notch, 50, RATE_HZ)).toBeLessThan(1e-12);
    expect(filterGain(notch, 50 + 50 / 60, RATE_HZ) ** 2).toBeCloseTo(0.5, 2);
    expect(filterGain(notch, 60, RATE_HZ)).toBeGreaterThan(0.99);
  });
});

describe('filters', () => {
  const band = butterworth({ band: 'band-pass', order: 4, cutoffHz: [20, 450], rateHz: RATE_HZ });

  it('without phase leave a sine of the pass band where it is, at the gain squared', () => {
    for (const hz of [40, 100, 400]) {
      const x = sine(hz, 8000);
      const y = filterZeroPhase(band, x);
      const gain = filterGain(band, hz, RATE_HZ) ** 2;
      const middle = (values: Float64Array) => values.subarray(2000, 6000);
      expect(difference(middle(y), middle(x.map((v) => v * gain)))).toBeLessThan(1e-6);
    }
  });

  it('give an impulse the response of the difference equation', () => {
    // y[n] = 0.5 x[n] + 0.5 x[n-1] + 0.25 y[n-1]: 0.5, 0.625, 0.15625 …
    const y = filterCausal([[0.5, 0.5, 0, -0.25, 0]], [1, 0, 0, 0]);
    expect([...y]).toEqual([0.5, 0.625, 0.15625, 0.0390625]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 9])('of %i sections equal their sections one after the other', (count) => {
    const sections = Array.from({ length: count }, (_, k) => notchFilter(50 + 37 * k, 5, RATE_HZ)[0]);
    const x = noise(500);
    let slow: Float64Array = x;
    for (const section of sections) slow = filterCausal([section], slow);
    expect(difference(filterCausal(sections, x), slow)).toBeLessThan(1e-12);
  });

  it('are linear, and the same backwards', () => {
    const [a, b] = [noise(3000, 1), noise(3000, 2)];
    const sum = a.map((v, i) => 2 * v - 3 * b[i]);
    const [ya, yb] = [filterZeroPhase(band, a), filterZeroPhase(band, b)];
    expect(
      difference(
        filterZeroPhase(band, sum),
        ya.map((v, i) => 2 * v - 3 * yb[i]),
      ),
    ).toBeLessThan(1e-12);
    // away from the ends forwards-backwards and backwards-forwards are one filter
    const back = filterZeroPhase(band, a.slice().reverse()).reverse();
    expect(difference(back.subarray(1400, 1600), ya.subarray(1400, 1600))).toBeLessThan(1e-6);
  });

  it('refuse a signal shorter than their continuation', () => {
    expect(() => filterZeroPhase(band, new Float64Array(27))).toThrow(/more than 27/);
    expect(filterZeroPhase(band, new Float64Array(28))).toEqual(new Float64Array(28));
  });

  it('know of gaps: short ones are bridged, long ones split, none is filled', () => {
    const x = sine(100, 6000);
    for (let i = 1000; i < 1010; i++) x[i] = Number.NaN;
    for (let i = 3000; i < 3500; i++) x[i] = Number.NaN;
    for (let i = 5990; i < 6000; i++) x[i] = Number.NaN;
    const y = filterAcrossGaps(band, x, 20);
    expect(finiteRuns(y)).toEqual(finiteRuns(x));
    const gain = filterGain(band, 100, RATE_HZ) ** 2;
    for (const at of [300, 2000, 2500, 4500]) expect(y[at]).toBeCloseTo(gain * x[at], 3);
    expect(filterAcrossGaps(band, new Float64Array(100).fill(Number.NaN), 20)).toEqual(
      new Float64Array(100).fill(Number.NaN),
    );
    expect([...bridgeGaps(Float64Array.of(Number.NaN, 1, Number.NaN, 2), 5)]).toEqual([Number.NaN, 1, 1.5, 2]);
  });

  it('find runs of one value', () => {
    expect(repeatedRuns(Float64Array.of(0, 0, 1, Number.NaN, Number.NaN, Number.NaN, 4, 4, 4), 3)).toEqual([
      { from: 6, to: 9 },
    ]);
  });
});

describe('Fourier transform', () => {
  it.each([1, 2, 3, 4, 5, 7, 8, 12, 20, 25, 30, 49, 100, 128])('of %i samples is the sum of the definition', (n) => {
    const [re, im] = [noise(n, 1), noise(n, 2)];
    const [gotRe, gotIm] = [re.slice(), im.slice()];
    createComplexFft(n).forward(gotRe, gotIm);
    for (let k = 0; k < n; k++) {
      let [sumRe, sumIm] = [0, 0];
      for (let j = 0; j < n; j++) {
        const angle = (-2 * Math.PI * j * k) / n;
        sumRe += re[j] * Math.cos(angle) - im[j] * Math.sin(angle);
        sumIm += re[j] * Math.sin(angle) + im[j] * Math.cos(angle);
      }
      expect(gotRe[k]).toBeCloseTo(sumRe, 10);
      expect(gotIm[k]).toBeCloseTo(sumIm, 10);
    }
    const fft = createRealFft(n);
    const [halfRe, halfIm] = [new Float64Array(fft.bins), new Float64Array(fft.bins)];
    fft.forward(re, halfRe, halfIm);
    const [wholeRe, wholeIm] = [re.slice(), new Float64Array(n)];
    createComplexFft(n).forward(wholeRe, wholeIm);
    for (let k = 0; k < fft.bins; k++) {
      expect(halfRe[k]).toBeCloseTo(wholeRe[k], 10);
      expect(halfIm[k]).toBeCloseTo(wholeIm[k], 10);
    }
  });
});

describe('amplitude', () => {
  it('of a sine of amplitude A is A / √2, its ARV 2A / π', () => {
    const x = sine(50, 2000).map((v) => 3 * v);
    const { rms, absolute, integral, peak } = amplitudeOf(x, RATE_HZ);
    expect(rms).toBeCloseTo(3 / Math.SQRT2, 12);
    // the mean of |sin| over 40 samples a period is below its integral by 2 parts in 1000
    expect(absolute).toBeCloseTo(6 / Math.PI, 2);
    expect(integral).toBeCloseTo(absolute, 12);
    expect(peak).toBeCloseTo(3, 12);
  });

  it('in windows equals the sum written out, gaps left out', () => {
    const values = fc.array(
      fc.oneof(
        { weight: 9, arbitrary: fc.double({ min: -100, max: 100, noNaN: true }) },
        { weight: 1, arbitrary: fc.constant(Number.NaN) },
      ),
      { minLength: 1, maxLength: 80 },
    );
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 7 }), (list, window, hop) => {
        const x = Float64Array.from(list);
        const [rms, arv] = [movingRms(x, window, { hop }), movingAbsolute(x, window, { hop })];
        expect(rms.length).toBe(x.length < window ? 0 : Math.floor((x.length - window) / hop) + 1);
        rms.forEach((value, k) => {
          const part = [...x.subarray(k * hop, k * hop + window)].filter((v) => !Number.isNaN(v));
          const enough = part.length >= Math.max(1, window / 2);
          const mean = (of: (v: number) => number) => part.reduce((sum, v) => sum + of(v), 0) / part.length;
          if (enough) expect(value).toBeCloseTo(Math.sqrt(mean((v) => v * v)), 5);
          else expect(value).toBeNaN();
          if (enough) expect(arv[k]).toBeCloseTo(mean(Math.abs), 9);
        });
      }),
    );
  });

  it('follows the effort as an envelope, also across a gap, and is never negative', () => {
    const x = noise(20000).map((v, i) => v * (1 + Math.sin((2 * Math.PI * i) / 10000)));
    x.fill(Number.NaN, 7000, 7010);
    const envelope = linearEnvelope(x, { rateHz: RATE_HZ, cutoffHz: 3, longestBridge: 20 });
    expect(finiteRuns(envelope)).toEqual([
      { from: 0, to: 7000 },
      { from: 7010, to: 20000 },
    ]);
    for (const at of [2500, 12500]) expect(envelope[at]).toBeCloseTo(2 * Math.sqrt(2 / Math.PI), 0);
    expect(envelope.every((v) => !(v < 0))).toBe(true);
  });

  it('keeps silence silent after a loud stretch', () => {
    const x = new Float64Array(20000);
    x.fill(1e6, 0, 5000);
    expect(
      movingRms(x, 100)
        .subarray(5200 + 4096)
        .every((v) => v === 0),
    ).toBe(true);
  });
});

describe('spectrum', () => {
  const options = { rateHz: RATE_HZ, segment: 2000, overlap: 1000 };

  it('holds the variance of a signal: its integral over frequency', () => {
    const x = noise(40000);
    const { density, stepHz } = welch(x, { ...options, detrend: 'none' });
    const power = density.reduce((sum, v) => sum + v, 0) * stepHz;
    expect(power).toBeCloseTo(amplitudeOf(x, RATE_HZ).rms ** 2, 1);
    // a sine in the middle of a bin: A² / 2 spread by Hann over three bins
    const tone = welch(sine(100, 4000), { ...options, detrend: 'mean' });
    expect(spectralMoment(tone, 0, [95, 105])).toBeCloseTo(0.5, 9);
  });

  it('of successive windows has their mean as the whole spectrum', () => {
    const x = noise(9000);
    const series = spectra(x, options);
    const whole = welch(x, options);
    expect([...series.starts]).toEqual([0, 1000, 2000, 3000, 4000, 5000, 6000, 7000]);
    for (const k of [0, 5, 500, 1000]) {
      let sum = 0;
      for (let s = 0; s < series.starts.length; s++) sum += series.density[s * series.bins + k];
      expect(sum / series.starts.length).toBeCloseTo(whole.density[k], 12);
    }
  });

  it('of successive windows gives the course of its frequencies without being kept', () => {
    const x = noise(9000);
    x.fill(Number.NaN, 3100, 3200);
    x.fill(0, 6000);
    const band = [20, 450] as const;
    const { density, bins, stepHz, starts } = spectra(x, options);
    const course = frequencyCourse(x, options, band);
    expect(course.starts).toEqual(starts);
    starts.forEach((_, s) => {
      const one = { density: density.subarray(s * bins, (s + 1) * bins), stepHz };
      expect(course.median[s]).toBe(medianFrequency(one, band));
      expect(course.mean[s]).toBe(meanFrequency(one, band));
      const power = spectralMoment(one, 0, band);
      if (Number.isFinite(power)) expect(course.power[s]).toBeCloseTo(power, 12);
      else expect(course.power[s]).toBeNaN();
    });
    // too much missing from 2000 on, silence from 6000 on
    expect([...course.power].map(Number.isNaN)).toEqual([false, false, true, true, false, false, false, false]);
    expect([...course.median].map(Number.isNaN)).toEqual([false, false, true, true, false, false, true, true]);
    expect(() => frequencyCourse(x, options, [9, 3])).toThrow(/lower end/);
  });

  it('leaves out windows where too much is missing', () => {
    const x = noise(6000);
    x.fill(Number.NaN, 2100, 2200);
    const strict = spectra(x, { rateHz: RATE_HZ, segment: 2000 });
    expect([0, 1, 2].map((s) => Number.isNaN(strict.density[s * strict.bins + 100]))).toEqual([false, true, false]);
    const lenient = spectra(x, { rateHz: RATE_HZ, segment: 2000, mostMissing: 0.1 });
    expect(lenient.density.every((v) => v >= 0)).toBe(true);
    expect(welch(x, { rateHz: RATE_HZ, segment: 2000 }).segments).toBe(2);
  });

  it('takes out a mean, or a line', () => {
    const ramp = Float64Array.from({ length: 400 }, (_, i) => 5 + 0.3 * i);
    const power = (detrend: 'none' | 'mean' | 'line') =>
      spectralMoment(welch(ramp, { rateHz: 100, segment: 400, detrend, window: 'boxcar' }), 0);
    expect(power('line')).toBeLessThan(1e-20);
    expect(power('mean')).toBeCloseTo((0.3 ** 2 * (400 ** 2 - 1)) / 12, 6);
    expect(power('none')).toBeGreaterThan(power('mean'));
  });
});

describe('numbers of a spectrum', () => {
  it('are those of a flat band', () => {
    const density = Float64Array.from({ length: 1001 }, (_, k) => (k >= 60 && k <= 140 ? 2 : 0));
    const flat = { density, stepHz: 1 };
    expect(meanFrequency(flat)).toBeCloseTo(100, 12);
    expect(medianFrequency(flat)).toBeCloseTo(100, 12);
    expect(spectralMoment(flat, 0)).toBe(162);
    expect(equivalentBandwidth(flat)).toBeCloseTo(81, 12);
    expect(medianFrequency({ density: [0, 0], stepHz: 1 })).toBeNaN();
  });

  it('move with the spectrum, also by less than a bin', () => {
    const bell = (centre: number) =>
      Float64Array.from({ length: 501 }, (_, k) => Math.exp(-(((k - centre) / 30) ** 2)));
    for (const centre of [150, 150.2, 150.5, 150.9]) {
      expect(medianFrequency({ density: bell(centre), stepHz: 1 })).toBeCloseTo(centre, 2);
    }
  });
});

describe('time bases', () => {
  it('are met by straight lines', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 500, noNaN: true }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        (rateHz, startS) => {
          const values = Float64Array.from({ length: 50 }, (_, i) => 3 + 2 * (startS + i / rateHz));
          const to = { startS: startS + 0.1 / rateHz, rateHz: rateHz * 1.7, count: 60 };
          const even = resampleLinear(values, { startS, rateHz }, to);
          const times = Float64Array.from({ length: 50 }, (_, i) => startS + i / rateHz);
          const any = interpolateAt(
            times,
            values,
            Float64Array.from({ length: 60 }, (_, i) => to.startS + i / to.rateHz),
          );
          even.forEach((value, i) => {
            expect(value).toBeCloseTo(3 + 2 * (to.startS + i / to.rateHz), 6);
            expect(any[i]).toBeCloseTo(value, 6);
          });
        },
      ),
    );
  });

  it('do not reach beyond the samples, nor across a gap', () => {
    expect([...interpolateAt([0, 1, 2], [1, Number.NaN, 3], [-1, 0, 0.5, 2, 2.1])]).toEqual([
      Number.NaN,
      1,
      Number.NaN,
      3,
      Number.NaN,
    ]);
    expect([...interpolateAt([5], [7], [4, 5])]).toEqual([Number.NaN, 7]);
  });
});

describe('lag', () => {
  it.each([0, 3, -7, 12.3, -4.6])('of a smooth signal shifted by %d samples is found', (shift) => {
    const at = (t: number) => Math.exp(-(((t - 250) / 20) ** 2)) + 0.5 * Math.exp(-(((t - 320) / 30) ** 2));
    const a = Float64Array.from({ length: 600 }, (_, i) => at(i));
    const b = Float64Array.from({ length: 500 }, (_, i) => 5 - 0 + 2 * at(i - shift));
    const found = estimateLag(a, b, 40);
    expect(found.lag).toBeCloseTo(shift, 1);
    expect(found.correlation).toBeGreaterThan(0.98);
    expect(found.inside).toBe(true);
  });

  it('equals the sum written out', () => {
    const [a, b] = [noise(60, 1), noise(45, 2)];
    const centred = (x: Float64Array) => x.map((v) => v - x.reduce((s, w) => s + w, 0) / x.length);
    const [u, v] = [centred(a), centred(b)];
    let best = { lag: 0, value: -2 };
    for (let lag = -20; lag <= 20; lag++) {
      let [sum, p, q] = [0, 0, 0];
      for (let i = Math.max(0, -lag); i < Math.min(60, 45 - lag); i++) {
        sum += u[i] * v[i + lag];
        p += u[i] ** 2;
        q += v[i + lag] ** 2;
      }
      if (sum / Math.sqrt(p * q) > best.value) best = { lag, value: sum / Math.sqrt(p * q) };
    }
    const found = estimateLag(a, b, 20);
    expect(Math.abs(found.lag - best.lag)).toBeLessThanOrEqual(0.5);
    expect(found.correlation).toBeGreaterThanOrEqual(best.value - 1e-12);
  });

  it('of constant signals is refused', () => {
    expect(() => estimateLag(new Float64Array(10), new Float64Array(10), 3)).toThrow(/vary/);
  });
});

describe('regression', () => {
  it('gives intervals that hold the truth about as often as they say', () => {
    const rng = createRandom(99);
    const x = Float64Array.from({ length: 60 }, (_, i) => i);
    let held = 0;
    for (let run = 0; run < 200; run++) {
      const y = x.map((t) => 80 - 0.4 * t + rng.normal(0, 5));
      const line = bootstrapLine(x, y, { rng: rng.uniform, replicates: 200 });
      if (line.relativeInterval.low <= -0.005 && line.relativeInterval.high >= -0.005) held++;
    }
    // 90 % of 200 is 180; a binomial count stays within 160 to 195 but once in many thousands
    expect(held).toBeGreaterThan(160);
    expect(held).toBeLessThan(196);
  });

  it('needs points that differ', () => {
    expect(() => regressLine([1, 1], [2, 3])).toThrow(/differ/);
    expect(() => regressLine([1], [2])).toThrow(/two/);
  });
});
