/**
 * Muscle activity against what others printed and against constructed truth, as tables in docs/accuracy.md:
 * `node bench/accuracy/emg.ts` prints them, `--write` writes them. Real recordings are left out, by name, where they are absent.
 */

import { existsSync } from 'node:fs';
import {
  type CleanOptions,
  cleanRecording,
  emgAnalysis,
  measureFatigue,
  measureTimeCourse,
  openRecording,
  type SimulatedElectrode,
  simulateBending,
  simulateEmg,
} from '../../src/hme/emg-analysis/index.ts';
import { amplitudeOf, createRandom, meanFrequency, medianFrequency, regressLine } from '../../src/kernel/index.ts';
import type { ArtifactValue, EventList, Signals } from '../../src/model/index.ts';
import { featureId } from '../../src/model/index.ts';
import { dataPath } from '../../tests/support/data-root.ts';
import { readRecordings } from '../../tests/support/motion/imu.ts';
import { outputsOf, runCapability } from '../../tests/support/read.ts';
import { writeSection } from './page.ts';

const OPTIONS: CleanOptions = { lowHz: 20, highHz: 450, mains: 'auto', ecg: 'auto' };
const SEEDS = Array.from({ length: 20 }, (_, k) => k + 1);

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v / values.length, 0);
const rms = (values: readonly number[]) => Math.sqrt(mean(values.map((v) => v * v)));
const largest = (values: readonly number[]) => Math.max(...values.map(Math.abs));
const row = (...cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
const emg = (payload: Signals): ArtifactValue<'signal.emg'> => ({ kind: 'signal.emg', payload, name: payload.clock });

interface Values {
  value(id: string): number;
  bursts: EventList | undefined;
}

async function analyse(recording: ArtifactValue, more: Record<string, ArtifactValue[]> = {}): Promise<Values> {
  const result = await runCapability(emgAnalysis, { recording: [recording], ...more });
  return {
    value: (id) => result.features.find((feature) => featureId(feature).startsWith(`emg.${id}.`))?.value as number,
    bursts: outputsOf(result, 'bursts')[0]?.payload as EventList | undefined,
  };
}

async function realRows(): Promise<string[]> {
  const set = 'emg-biosignalsnotebooks';
  if (!existsSync(dataPath(set))) return [`${set} is not at hand.`];
  const read = async (file: string) =>
    (await readRecordings(set, file)).find(({ kind }) => kind === 'signal.emg') as ArtifactValue<'signal.emg'>;
  const bursts = await analyse(await read('emg_bursts.h5'));
  const fatigue = await analyse(await read('emg_fatigue.h5'));
  return [
    row('recording', 'figure', 'ours', 'printed'),
    row('---', '---', '--:', '--:'),
    row('emg_bursts.h5', '`emg.recordedRms`, mV', (bursts.value('recordedRms') / 1000).toFixed(8), '0.06296634'),
    row('', '`emg.recordedMedianFrequency`, Hz', bursts.value('recordedMedianFrequency').toFixed(5), '82.03125'),
    row('', '`emg.burstCount`', bursts.value('burstCount'), 9),
    row(
      'emg_fatigue.h5',
      '`emg.classicMedianFrequencyStart`, Hz',
      fatigue.value('classicMedianFrequencyStart').toFixed(2),
      '74.1',
    ),
    row('', '`emg.classicMedianFrequencyEnd`, Hz', fatigue.value('classicMedianFrequencyEnd').toFixed(2), '54.8'),
    row(
      '',
      '`emg.classicMedianFrequencySlope`, Hz/s',
      fatigue.value('classicMedianFrequencySlope').toFixed(4),
      '-0.1675',
    ),
    row('', '`emg.medianFrequencyStart`, Hz', fatigue.value('medianFrequencyStart').toFixed(2), ''),
    row('', '`emg.medianFrequencyEnd`, Hz', fatigue.value('medianFrequencyEnd').toFixed(2), ''),
    row('', '`emg.medianFrequencySlope`, Hz/s', fatigue.value('medianFrequencySlope').toFixed(4), ''),
  ];
}

/** Clean course of one simulated electrode. */
function courseOf(signals: Signals) {
  const recording = cleanRecording(openRecording({ payload: signals, name: 'simulated' }), OPTIONS);
  return { recording, course: measureTimeCourse(recording, recording.traces[0], 1) };
}

function spectrumRows(): string[] {
  const rows = [
    row(
      'corners of the spectrum, Hz',
      'true MF',
      'MF error: mean',
      'rms',
      'largest',
      'true MPF',
      'MPF error: mean',
      'rms',
      'largest',
    ),
    row('---', ...Array(8).fill('--:')),
  ];
  for (const [lowHz, highHz] of [
    [20, 40],
    [30, 60],
    [40, 110],
    [60, 160],
  ]) {
    const electrodes = [{ name: 'EMG1', rmsUv: 20, spectrum: { lowHz, highHz } }];
    let truths = [0, 0];
    const errors = SEEDS.map((seed) => {
      const { signals, truth } = simulateEmg({ electrodes, durationS: 300, seed, noiseUv: 0.1 });
      const { recording, course } = courseOf(signals);
      const spectrum = { density: course.density, stepHz: course.stepHz };
      truths = [truth.medianFrequencyHz(0, 0), truth.meanFrequencyHz(0, 0)];
      return [
        medianFrequency(spectrum, recording.bandHz) - truths[0],
        meanFrequency(spectrum, recording.bandHz) - truths[1],
      ];
    });
    const cells = [0, 1].flatMap((k) => {
      const own = errors.map((pair) => pair[k]);
      return [truths[k].toFixed(1), mean(own).toFixed(2), rms(own).toFixed(2), largest(own).toFixed(2)];
    });
    rows.push(row(`${lowHz}, ${highHz}`, ...cells));
  }
  return rows;
}

function slopeRows(): string[] {
  const rows = [
    row(
      'hold',
      'true slope, %/s',
      'error: mean',
      'rms',
      'largest',
      'within ±0.05',
      '90 % intervals that hold the truth',
    ),
    row('---', ...Array(6).fill('--:')),
  ];
  let seeds = 0;
  for (const durationS of [60, 120]) {
    for (const percent of [-0.5, -0.3, 0, 0.2]) {
      let want = 0;
      let held = 0;
      const errors = SEEDS.map(() => {
        const seed = ++seeds;
        const electrodes = [{ name: 'EMG1', rmsUv: 20 }];
        const { signals, truth } = simulateEmg({
          electrodes,
          durationS,
          seed,
          fatiguePercentPerS: percent,
          noiseUv: 0.1,
        });
        const times = Array.from({ length: 20 }, (_, i) => ((i + 0.5) * durationS) / 20);
        const line = regressLine(
          times,
          times.map((t) => truth.medianFrequencyHz(0, t)),
        );
        want = (100 * line.slope) / line.intercept;
        const found = measureFatigue(courseOf(signals).course.windows, createRandom(seed).uniform);
        if (!found) throw new Error('no fatigue');
        const { normalised, normalisedInterval } = found.medianHz;
        if (normalisedInterval.low <= want && want <= normalisedInterval.high) held++;
        return normalised - want;
      });
      const within = errors.filter((error) => Math.abs(error) <= 0.05).length;
      rows.push(
        row(
          `${durationS} s`,
          want.toFixed(3),
          mean(errors).toFixed(3),
          rms(errors).toFixed(3),
          largest(errors).toFixed(3),
          `${within} of ${SEEDS.length}`,
          `${held} of ${SEEDS.length}`,
        ),
      );
    }
  }
  return rows;
}

function heartRows(): string[] {
  const rows = [
    row('R peak over RMS', 'beats found', 'RMS with the heart', 'template taken out', 'high-pass at 30 Hz'),
    row('--:', '--:', '--:', '--:', '--:'),
  ];
  for (const ratio of [1, 2, 4, 10, 40]) {
    const build = (heartUv: number): SimulatedElectrode[] =>
      ['EMG1', 'EMG2'].map((name, k) => ({ name, rmsUv: 10, heartUv: heartUv * (k ? 0.6 : 1) }));
    const options = { durationS: 60, seed: 7, noiseUv: 0.5 };
    const { signals, truth } = simulateEmg({ ...options, electrodes: build(10 * ratio) });
    const bare = simulateEmg({ ...options, electrodes: build(0) }).signals;
    const clean = (payload: Signals, ecg: CleanOptions['ecg']) =>
      cleanRecording(openRecording({ payload, name: 'simulated' }), { ...OPTIONS, ecg });
    const level = (recording: ReturnType<typeof clean>) => amplitudeOf(recording.traces[0].clean, 2000).rms;
    const true_ = level(clean(bare, 'none'));
    const auto = clean(signals, 'auto');
    const beats = [...(auto.heart.heart?.beats ?? [])];
    const hits = truth.beatsS.filter((t) => beats.some((at) => Math.abs(at / 2000 - t) < 0.02)).length;
    const change = (value: number) => `${(100 * (value / true_ - 1)).toFixed(1)} %`;
    rows.push(
      row(
        ratio,
        `${hits} of ${truth.beatsS.length}`,
        change(level(clean(signals, 'none'))),
        auto.heart.method === 'none' ? 'left in' : change(level(auto)),
        change(level(clean(signals, 'high-pass'))),
      ),
    );
  }
  return rows;
}

function lossRows(): string[] {
  const rows = [
    row('step of the converter over baseline noise', 'packets lost', 'samples lost', 'found', 'false'),
    row('--:', '--:', '--:', '--:', '--:'),
  ];
  for (const stepUv of [0.1, 1, 5]) {
    for (const share of [0, 0.02, 0.1]) {
      // half of the time at rest, where coarse steps repeat by themselves
      const electrodes = [{ name: 'EMG1', rmsUv: 20, effort: (t: number) => (t % 4 < 2 ? 1 : 0.02) }];
      const options = { electrodes, durationS: 60, seed: 3, noiseUv: 1.5, stepUv };
      const { signals, truth } = simulateEmg({ ...options, ...(share ? { loss: { share, packetS: 0.01 } } : {}) });
      const [trace] = cleanRecording(openRecording({ payload: signals, name: 'simulated' }), OPTIONS).traces;
      const gone = new Uint8Array(trace.values.length);
      for (const { from, to } of truth.lost[0]) gone.fill(1, from, to);
      let [found, wrong] = [0, 0];
      for (const { from, to } of trace.lost) {
        // a true sample may equal the repeated value and lengthen a run: it counts as false only where nothing was lost nearby
        const near = gone.subarray(Math.max(0, from - 1), to + 1).includes(1);
        for (let i = from; i < to; i++) {
          if (gone[i]) found++;
          else if (!near) wrong++;
        }
      }
      rows.push(
        row(
          (stepUv / 1.5).toFixed(1),
          `${100 * share} %`,
          gone.reduce((sum, one) => sum + one, 0),
          found,
          wrong,
        ),
      );
    }
  }
  return rows;
}

async function burstRows(): Promise<string[]> {
  const rows = [
    row('RMS active over rest', 'bursts', 'onset: mean, largest error, ms', 'offset: mean, largest error, ms'),
    row('--:', '--:', '--:', '--:'),
  ];
  for (const ratio of [5, 10, 30]) {
    const effort = (t: number) => (t % 2 >= 0.5 && t % 2 < 1.3 ? 1 : 0);
    const electrodes = [{ name: 'EMG1', rmsUv: ratio, effort }];
    const { bursts } = await analyse(emg(simulateEmg({ electrodes, durationS: 40, seed: 3, noiseUv: 1 }).signals));
    const events = bursts?.events ?? [];
    const text = (errors: number[]) => `${mean(errors).toFixed(0)}, ${largest(errors).toFixed(0)}`;
    const on = text(events.map(({ timeS }) => 1000 * ((timeS % 2) - 0.5)));
    const off = text(events.map(({ endS = 0 }) => 1000 * ((endS % 2) - 1.3)));
    rows.push(row(ratio, `${events.length} of 20`, on, off));
  }
  return rows;
}

async function bendingRows(): Promise<string[]> {
  const rows = [row('phases from', 'FRR, truth', 'FER, truth'), row('---', '--:', '--:')];
  for (const fullFlexionEffort of [0.08, 0.6]) {
    const { emg: recording, angle, events, truth } = simulateBending({ seed: 4, fullFlexionEffort });
    const ways = {
      events: { events: [{ kind: 'events', payload: events } as ArtifactValue] },
      angle: { angle: [{ kind: 'signal.angle', payload: angle } as ArtifactValue] },
    };
    for (const [name, more] of Object.entries(ways)) {
      const { value } = await analyse(emg(recording), more);
      const pair = (id: string, true_: number) => `${value(id).toFixed(2)}, ${true_.toFixed(2)}`;
      const frr = pair('flexionRelaxationRatio', truth.flexionRelaxationRatio);
      rows.push(row(name, frr, pair('flexionExtensionRatio', truth.flexionExtensionRatio)));
    }
  }
  return rows;
}

const HOW = `\`node bench/accuracy/emg.ts --write\` gives these tables again; \`tests/golden/emg.test.ts\` holds the real ones,
\`tests/reference/emg.test.ts\` holds filters (1e-9), transforms and spectra (1e-12) to SciPy. Constructed recordings are SYNTHETIC: Gaussian noise of a
prescribed spectrum P(f) = f_h⁴f² / ((f² + f_l²)(f² + f_h²)²) that shrinks with fatigue (\`src/hme/emg-analysis/simulate.ts\`), 20 seeds a row where
errors are told. What remains of the errors is chance: a muscle's noise, recorded for this long, knows its frequency no better.`;

const sections: readonly (readonly [string, string[]])[] = [
  ['Real recordings (biosignalsnotebooks, `msdt run emg-analysis --in recording=FILE --out DIR`)', await realRows()],
  ['Constructed spectra, 300 s', spectrumRows()],
  ['Constructed fatigue', slopeRows()],
  ['Heart over muscle, error of the RMS', heartRows()],
  ['Lost packets of 10 ms, 60 s at 2000 Hz', lossRows()],
  ['Bursts of 0.8 s every 2 s', await burstRows()],
  ['Bending forward, three bends, L4 left', await bendingRows()],
];
const text = [HOW, ...sections.flatMap(([title, rows]) => ['', `**${title}**`, '', ...rows])].join('\n');
console.log(text);
if (process.argv.includes('--write')) writeSection('emg', text);
