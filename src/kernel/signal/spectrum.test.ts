import { describe, expect, it } from 'vitest';
import { noise, RATE_HZ, sine } from '../../../tests/support/motion/waves.ts';
import {
  amplitudeOf,
  createComplexFft,
  createRealFft,
  equivalentBandwidth,
  frequencyCourse,
  meanFrequency,
  medianFrequency,
  spectra,
  spectralMoment,
  welch,
} from './index.ts';

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
