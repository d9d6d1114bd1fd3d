/**
 * Muscle activity of known truth: noise of a prescribed spectrum that moves with fatigue, times a prescribed effort, with what spoils
 * real recordings laid over it (heart, hum, noise, lost packets, rails). O(n log n).
 *
 * The spectrum is Shwedyk's: P(f) = f_h⁴ f² / ((f² + f_l²)(f² + f_h²)²). Frames of half a second of independent Gaussian
 * noise of the spectrum at their middle are added with Hann windows, three quarters shared, so the power is even to the last digit of
 * its expectation and the spectrum moves smoothly; windows blur it by 3 Hz, which moves a median frequency by less than 0.1 Hz.
 *
 * @see Shwedyk, Balasubramanian & Scott 1977 (spectrum)
 */
import {
  createComplexFft,
  createRandom,
  meanFrequency,
  medianFrequency,
  type Random,
  type SampleRun,
} from '../../kernel/index.ts';
import type { ElectrodeSite, EventList, MotionEvent, SignalChannel, Signals } from '../../model/index.ts';

/** Corners of a spectrum of muscle activity · Hz. */
interface EmgSpectrum {
  lowHz: number;
  highHz: number;
}

/** One simulated electrode. */
export interface SimulatedElectrode {
  name: string;
  site?: Partial<ElectrodeSite>;
  /** RMS at effort 1 · µV */
  rmsUv: number;
  spectrum?: EmgSpectrum;
  /** effort over time, 1 is full · default 1 throughout */
  effort?: (timeS: number) => number;
  /** peak of the heart at this electrode · µV · default 0 */
  heartUv?: number;
}

/** A recording that is to be simulated. */
export interface EmgSimulation {
  electrodes: readonly SimulatedElectrode[];
  durationS: number;
  seed: number;
  /** default 2000 */
  rateHz?: number;
  startS?: number;
  clock?: string;
  /** how fast the spectrum shrinks: scale 1 + slope / 100 · t · %/s · default 0 */
  fatiguePercentPerS?: number;
  /** white noise of the amplifier · µV · default 0 */
  noiseUv?: number;
  /** heart beats · default 70 */
  heartPerMin?: number;
  hum?: { frequencyHz: number; amplitudeUv: number };
  /** packets that a radio lost: the last value repeats */
  loss?: { share: number; packetS: number };
  /** the amplifier's range to both sides · µV */
  railUv?: number;
  /** one step of the converter · µV */
  stepUv?: number;
}

/** What is true of a simulated recording. */
export interface EmgTruth {
  /** median frequency of an electrode within a band at a time, unblurred and without noise · Hz */
  medianFrequencyHz(electrode: number, timeS: number, bandHz?: readonly [number, number]): number;
  /** mean frequency, likewise · Hz */
  meanFrequencyHz(electrode: number, timeS: number, bandHz?: readonly [number, number]): number;
  /** R peaks · s */
  beatsS: number[];
  /** packets whose samples are repeats, per electrode */
  lost: SampleRun[][];
}

const DEFAULT_SPECTRUM: EmgSpectrum = { lowHz: 40, highHz: 110 };
const FRAME_S = 0.5;

/**
 * Simulates a recording.
 *
 * @returns channels in µV, and what is true of them
 * @example simulateEmg({ electrodes: [{ name: 'EMG1', rmsUv: 20 }], durationS: 1, seed: 1 }).signals.channels[0].values.length // 2000
 */
export function simulateEmg(simulation: EmgSimulation): { signals: Signals; truth: EmgTruth } {
  const { rateHz = 2000, durationS, startS = 0, seed } = simulation;
  const count = Math.round(durationS * rateHz);
  const slope = (simulation.fatiguePercentPerS ?? 0) / 100;
  const scaleAt = (timeS: number) => Math.max(0.1, 1 + slope * (timeS - startS));
  const beatsS = beatTimes(createRandom(seed + 0.5), simulation);
  const spectrumAt = (k: number, timeS: number) => {
    const spectrum = simulation.electrodes[k].spectrum ?? DEFAULT_SPECTRUM;
    const density = Float64Array.from({ length: 20001 }, (_, i) => powerAt(i / 20, spectrum, scaleAt(timeS)));
    return { density, stepHz: 0.05 };
  };
  const lost: SampleRun[][] = [];
  const channels = simulation.electrodes.map((electrode, k): SignalChannel => {
    const rng = createRandom(seed + 1000 * (k + 1));
    const values = activity(electrode, { count, rateHz, startS, scaleAt, rng });
    addSpoil(values, electrode, { simulation, rateHz, startS, rng, beatsS });
    lost.push(loseAndClip(values, simulation, { rateHz, rng }));
    const { muscle, level, side } = electrode.site ?? {};
    return {
      name: electrode.name,
      unit: 'uV',
      quantity: 'emg',
      values,
      ...(muscle ? { site: muscle } : {}),
      ...(level ? { level } : {}),
      ...(side ? { side } : {}),
    };
  });
  return {
    signals: { clock: simulation.clock ?? 'simulated', startS, rateHz, channels },
    truth: {
      beatsS,
      lost,
      medianFrequencyHz: (k, timeS, bandHz = [20, 450]) => medianFrequency(spectrumAt(k, timeS), bandHz),
      meanFrequencyHz: (k, timeS, bandHz = [20, 450]) => meanFrequency(spectrumAt(k, timeS), bandHz),
    },
  };
}

/** Power density of muscle activity at a frequency, unscaled. */
function powerAt(frequencyHz: number, { lowHz, highHz }: EmgSpectrum, scale: number): number {
  const f2 = frequencyHz ** 2;
  const [l2, h2] = [(lowHz * scale) ** 2, (highHz * scale) ** 2];
  return (h2 * h2 * f2) / ((f2 + l2) * (f2 + h2) ** 2);
}

interface Timing {
  count: number;
  rateHz: number;
  startS: number;
  scaleAt(timeS: number): number;
  rng: Random;
}

/** Noise of the moving spectrum with RMS 1, times effort and RMS. */
function activity(electrode: SimulatedElectrode, { count, rateHz, startS, scaleAt, rng }: Timing): Float64Array {
  const frame = 4 * Math.ceil((FRAME_S * rateHz) / 4);
  const hop = frame / 4;
  const fft = createComplexFft(frame);
  const [re, im] = [new Float64Array(frame), new Float64Array(frame)];
  const spectrum = electrode.spectrum ?? DEFAULT_SPECTRUM;
  const out = new Float64Array(count);
  const amplitudes = new Float64Array(frame);
  for (let start = -frame; start < count; start += hop) {
    const scale = scaleAt(startS + (start + frame / 2) / rateHz);
    let power = 0;
    for (let k = 1; k < frame / 2; k++) {
      amplitudes[k] = Math.sqrt(powerAt((k * rateHz) / frame, spectrum, scale));
      power += 2 * amplitudes[k] ** 2;
    }
    re.fill(0);
    im.fill(0);
    for (let k = 1; k < frame / 2; k++) {
      // real part of a one-sided transform: twice the power sits in these bins
      re[k] = amplitudes[k] * rng.normal();
      im[k] = amplitudes[k] * rng.normal();
    }
    fft.forward(re, im);
    const gain = Math.sqrt(2 / power / 1.5);
    for (let i = Math.max(0, -start); i < frame && start + i < count; i++) {
      out[start + i] += gain * re[i] * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / frame));
    }
  }
  const { rmsUv, effort } = electrode;
  for (let i = 0; i < count; i++) out[i] *= rmsUv * (effort ? effort(startS + i / rateHz) : 1);
  return out;
}

function beatTimes(rng: Random, { durationS, startS = 0, heartPerMin = 70, electrodes }: EmgSimulation): number[] {
  if (!electrodes.some((electrode) => electrode.heartUv)) return [];
  const beats: number[] = [];
  for (let t = startS + 0.4; t < startS + durationS; t += (60 / heartPerMin) * (1 + 0.03 * rng.normal())) beats.push(t);
  return beats;
}

/** Waves of a beat: when after the R peak (s), how wide (s), how high beside R. */
const WAVES = [
  [-0.16, 0.022, 0.08],
  [-0.026, 0.009, -0.12],
  [0, 0.011, 1],
  [0.028, 0.01, -0.22],
  [0.24, 0.05, 0.2],
] as const;

interface Spoil {
  simulation: EmgSimulation;
  rateHz: number;
  startS: number;
  rng: Random;
  beatsS: readonly number[];
}

function addSpoil(
  values: Float64Array,
  { heartUv = 0 }: SimulatedElectrode,
  { simulation, rateHz, startS, rng, beatsS }: Spoil,
): void {
  const { noiseUv = 0, hum } = simulation;
  for (let i = 0; i < values.length; i++) {
    if (noiseUv) values[i] += noiseUv * rng.normal();
    if (hum) values[i] += hum.amplitudeUv * Math.sin(2 * Math.PI * hum.frequencyHz * (i / rateHz));
  }
  for (const beat of heartUv ? beatsS : []) {
    // breathing lifts and lowers the beats every four seconds
    const height = heartUv * (1 + 0.1 * Math.sin((2 * Math.PI * beat) / 4));
    const middle = (beat - startS) * rateHz;
    const from = Math.max(0, Math.ceil(middle - 0.3 * rateHz));
    for (let i = from; i < Math.min(values.length, middle + 0.5 * rateHz); i++) {
      const t = (i - middle) / rateHz;
      for (const [at, width, share] of WAVES) values[i] += height * share * Math.exp(-(((t - at) / width) ** 2) / 2);
    }
  }
}

/** Converter, rails and radio; returns the packets that were lost. */
function loseAndClip(
  values: Float64Array,
  { railUv = Number.POSITIVE_INFINITY, stepUv = 0, loss }: EmgSimulation,
  { rateHz, rng }: { rateHz: number; rng: Random },
): SampleRun[] {
  for (let i = 0; i < values.length; i++) {
    const held = Math.max(-railUv, Math.min(railUv, values[i]));
    values[i] = stepUv ? stepUv * Math.round(held / stepUv) : held;
  }
  if (!loss) return [];
  const packet = Math.max(1, Math.round(loss.packetS * rateHz));
  const lost: SampleRun[] = [];
  for (let start = packet; start < values.length; start += packet) {
    if (rng.uniform() >= loss.share) continue;
    const end = Math.min(values.length, start + packet);
    values.fill(values[start - 1], start, end);
    lost.push({ from: start, to: end });
  }
  return lost;
}

/** A trunk that bends forward and comes up again. */
export interface BendingSimulation {
  seed: number;
  cycles?: number;
  rateHz?: number;
  /** effort while bending · default 1 */
  flexionEffort?: number;
  /** effort at full flexion: near 0 where the muscle falls silent · default 0.08 */
  fullFlexionEffort?: number;
  /** effort while coming up · default 2 */
  extensionEffort?: number;
  /** RMS at effort 1 · µV · default 20 */
  rmsUv?: number;
  /** default 0.5 */
  noiseUv?: number;
}

/** Seconds of a bending cycle: standing, bending, held, coming up. */
const BENDING_S = { standing: 2, flexion: 3, full: 3, extension: 3 } as const;
/** Trunk angle at full flexion · deg */
const FULL_FLEXION_DEG = 90;

/**
 * Simulates bending forward with flexion-relaxation at both sides of L2 and L4, with the trunk angle and the phases.
 *
 * @returns recording, angle and events on one clock, and the ratios that are true
 */
export function simulateBending(simulation: BendingSimulation): {
  emg: Signals;
  angle: Signals;
  events: EventList;
  truth: { flexionRelaxationRatio: number; flexionExtensionRatio: number };
} {
  const { cycles = 3, rmsUv = 20, noiseUv = 0.5, seed, rateHz = 2000 } = simulation;
  const { flexionEffort = 1, fullFlexionEffort = 0.08, extensionEffort = 2 } = simulation;
  const { standing, flexion, full, extension } = BENDING_S;
  const cycle = standing + flexion + full + extension;
  const durationS = cycles * cycle + standing;
  const phaseOf = (timeS: number): { effort: number; angle: number } => {
    const t = timeS % cycle;
    const smooth = (share: number) => (1 - Math.cos(Math.PI * share)) / 2;
    if (t < standing || timeS > cycles * cycle) return { effort: 0.15, angle: 0 };
    if (t < standing + flexion)
      return { effort: flexionEffort, angle: FULL_FLEXION_DEG * smooth((t - standing) / flexion) };
    if (t < standing + flexion + full) return { effort: fullFlexionEffort, angle: FULL_FLEXION_DEG };
    return { effort: extensionEffort, angle: FULL_FLEXION_DEG * (1 - smooth((t - cycle + extension) / extension)) };
  };
  const effort = (timeS: number) => phaseOf(timeS).effort;
  const electrodes = (['L4', 'L2'] as const).flatMap((level, l) =>
    (['left', 'right'] as const).map((side, s) => ({
      name: `EMG${2 * l + s + 1}`,
      site: { muscle: 'erectorSpinae', level, side },
      rmsUv,
      effort,
    })),
  );
  const { signals } = simulateEmg({ electrodes, durationS, seed, rateHz, noiseUv, clock: 'bending' });
  const degrees = Float64Array.from({ length: Math.round(durationS * 100) }, (_, i) => phaseOf(i / 100).angle);
  const angle: Signals = {
    clock: 'bending',
    startS: 0,
    rateHz: 100,
    channels: [{ name: 'trunk flexion', unit: 'deg', quantity: 'angle', segment: 'thorax', values: degrees }],
  };
  const events: MotionEvent[] = [];
  for (let c = 0; c < cycles; c++) {
    const start = c * cycle + standing;
    events.push({ label: 'flexion', timeS: start, endS: start + flexion });
    events.push({ label: 'full flexion', timeS: start + flexion, endS: start + flexion + full });
    events.push({ label: 'extension', timeS: start + flexion + full, endS: start + flexion + full + extension });
  }
  const level = (of: number) => Math.hypot(of * rmsUv, noiseUv);
  return {
    emg: signals,
    angle,
    events: { clock: 'bending', events },
    truth: {
      flexionRelaxationRatio: level(flexionEffort) / level(fullFlexionEffort),
      flexionExtensionRatio: level(flexionEffort) / level(extensionEffort),
    },
  };
}
