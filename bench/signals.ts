/** Row 8: the chain of surface electromyography on 16 channels × 600 s × 2000 Hz, the cases and names of its SciPy peer. */

import {
  butterworth,
  createRandom,
  type FrequencyCourse,
  filterCausal,
  filterZeroPhase,
  forcePlainKernels,
  frequencyCourse,
  linearEnvelope,
  movingRms,
  notchFilter,
  welch,
} from '../src/kernel/index.ts';
import { measure } from './measure.ts';

const RATE_HZ = 2000;
const CHANNELS = 16;
const SAMPLES = 600 * RATE_HZ;
const ALL = CHANNELS * SAMPLES;
const SECOND = { rateHz: RATE_HZ, segment: RATE_HZ, overlap: RATE_HZ / 2 };

/** Noise whose spectrum falls as a muscle tires, in bursts every 4 s, on mains hum and drift · V. */
function simulate(): Float64Array[] {
  const rng = createRandom(11);
  return Array.from({ length: CHANNELS }, (_, c) => {
    const out = new Float64Array(SAMPLES);
    const part = SAMPLES / 10;
    for (let k = 0; k < 10; k++) {
      const white = Float64Array.from({ length: part }, () => rng.normal());
      const band = { band: 'band-pass', order: 2, cutoffHz: [20, 1.6 * (110 - 4 * k)], rateHz: RATE_HZ } as const;
      out.set(filterCausal(butterworth(band), white), k * part);
    }
    for (let i = 0; i < SAMPLES; i++) {
      const t = i / RATE_HZ;
      const effort = 0.15 + Math.max(0, Math.sin((2 * Math.PI * t) / 4 + c));
      out[i] *= 120e-6 * effort;
      out[i] += 8e-6 * Math.sin(2 * Math.PI * 50 * t) + 20e-6 * Math.sin(2 * Math.PI * 0.3 * t);
    }
    return out;
  });
}

const frequencies = (values: Float64Array) => frequencyCourse(values, { ...SECOND, fftLength: 2048, detrend: 'none' });

const recording = simulate();
const band = butterworth({ band: 'band-pass', order: 4, cutoffHz: [20, 450], rateHz: RATE_HZ });
const notch = notchFilter(50, 30, RATE_HZ);
const each = <T>(signals: readonly Float64Array[], run: (x: Float64Array) => T) => signals.map(run);
const options = { runs: 5, warm: 1 };

await measure(
  'msdt',
  'butter4-20-450-zero-phase',
  ALL,
  () => each(recording, (x) => filterZeroPhase(band, x)),
  options,
);
await measure('msdt', 'butter4-20-450-causal', ALL, () => each(recording, (x) => filterCausal(band, x)), options);
await measure('msdt', 'notch50-zero-phase', ALL, () => each(recording, (x) => filterZeroPhase(notch, x)), options);
const clean = each(recording, (x) => filterZeroPhase([...band, ...notch], x));
await measure('msdt', 'moving-200ms', ALL, () => each(clean, (x) => movingRms(x, 400)), options);
await measure(
  'msdt',
  'rectify+lowpass6Hz-zero-phase',
  ALL,
  () => each(clean, (x) => linearEnvelope(x, { rateHz: RATE_HZ, cutoffHz: 6 })),
  options,
);
const middle = (list: readonly FrequencyCourse[], from: number, to: number) =>
  list.flatMap(({ median }) => [...median.slice(from, to)]).sort((a, b) => a - b)[list.length * 30];
await measure('msdt', '1s-hann-50%', ALL, () => each(clean, frequencies), {
  ...options,
  after: (list) => ({ mf_start: middle(list, 0, 60), mf_end: middle(list, -60, 1199) }),
});
await measure('msdt', '16ch-nperseg2000', ALL, () => each(clean, (x) => welch(x, SECOND)), options);
const chain = () => {
  const filtered = each(recording, (x) => filterZeroPhase([...band, ...notch], x));
  return [each(filtered, (x) => movingRms(x, 400)), each(filtered, frequencies)];
};
await measure('msdt', 'band+notch+rms+MF/MPF', ALL, chain, options);
forcePlainKernels(true);
await measure('msdt-plain', 'band+notch+rms+MF/MPF', ALL, chain, { runs: 3, warm: 1 });
