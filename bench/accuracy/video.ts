/**
 * Bodies in 3D video against what is known of them, as tables in docs/accuracy.md: `node bench/accuracy/video.ts` prints them,
 * `--write` writes them. `--depth N` runs N depth sequences only.
 */

import { existsSync, readdirSync } from 'node:fs';
import { videoKinematics } from '../../src/hme/video-kinematics/index.ts';
import { mean, median } from '../../src/kernel/index.ts';
import {
  type ArtifactValue,
  frameCount,
  type MeshSequence,
  type ParamValues,
  type PointSequence,
  type Signals,
} from '../../src/model/index.ts';
import { dataPath } from '../../tests/support/data-root.ts';
import { ACTION_SET } from '../../tests/support/motion/actions.ts';
import { compareCurves, readRecordings } from '../../tests/support/motion/imu.ts';
import {
  meanSpeed,
  PERFORMER_SET,
  PERFORMERS,
  readPerformer,
  sampledPerformer,
  truthOf,
} from '../../tests/support/motion/performers.ts';
import { outputsOf, runCapability } from '../../tests/support/read.ts';
import { writeSection } from './page.ts';

const HOW = `\`node bench/accuracy/video.ts --write\` gives these tables again (\`tests/golden/video.test.ts\` holds the first two).

Two performers (Vlasic et al. 2008) whose vertices correspond, 22 frames, every 7th of the recording: 0.23 s apart. Volume and middle are computed a second
time from the text of the files by a few lines of their own. For speed without correspondence 4000 points are drawn anew on the surface of each
frame, so that no point is in two frames; the exact speed is that of the same places on the mesh. A performer's speed is the mean over all points and frames.`;

async function measure(sequence: ArtifactValue, params: ParamValues = {}) {
  const result = await runCapability(videoKinematics, { sequence: [sequence] }, params);
  const value = (id: string) => result.features.find(({ definition }) => definition === `video.${id}`)?.value as number;
  const curves = outputsOf(result, 'curves')[0].payload as Signals;
  const curve = (name: string) =>
    curves.channels.find((channel) => channel.name === name)?.values ?? new Float64Array();
  return { value, curve };
}

const percent = (value: number, digits = 1) => `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(digits)} %`;

async function performerRows(): Promise<string[]> {
  const exactRows = [
    '| performer | volume, litres | largest error of a volume | path of the middle, mm | its error |',
    '| --- | --: | --: | --: | --: |',
  ];
  const speedRows = [
    '| performer | exact, m/s | nearest points | flow | flow, 5 mm noise | flow, 1500 points | volume of the cloud |',
    '| --- | --: | --: | --: | --: | --: | --: |',
  ];
  for (const name of PERFORMERS) {
    const mesh = await readPerformer(name);
    const truth = truthOf(name);
    const found = await measure(mesh);
    const volumes = found.curve('volume');
    const worst = Math.max(...truth.volumes.map((v, f) => Math.abs((1000 * volumes[f]) / v - 1)));
    let path = 0;
    for (let f = 1; f < truth.middles.length; f++)
      path += Math.hypot(...[0, 1, 2].map((d) => truth.middles[f][d] - truth.middles[f - 1][d]));
    const range = [Math.min(...truth.volumes), Math.max(...truth.volumes)]
      .map((v) => (v / 1e6).toFixed(1))
      .join(' to ');
    exactRows.push(
      `| ${name} | ${range} | ${(100 * worst).toFixed(5)} % | ${path.toFixed(1)} | ${(100 * Math.abs(found.value('pathLength') / path - 1)).toFixed(5)} % |`,
    );
    const cells: string[] = [];
    let exactSpeed = 0;
    let cloudVolume = '';
    for (const [count, noise, following] of [
      [4000, 0, 'nearest'],
      [4000, 0, 'flow'],
      [4000, 5, 'flow'],
      [1500, 0, 'flow'],
    ] as const) {
      const { cloud, exact } = sampledPerformer(mesh.payload as MeshSequence, count, noise);
      const sampled = await measure({ kind: 'sequence.cloud', payload: cloud, name }, { following });
      exactSpeed ||= meanSpeed(exact) / 1000;
      cells.push(percent(100 * (sampled.value('speedMean') / (meanSpeed(exact) / 1000) - 1)));
      if (following === 'nearest') {
        const errors = Array.from(sampled.curve('volume'), (v, f) => 100 * ((1000 * v) / truth.volumes[f] - 1));
        cloudVolume = `${percent(mean(errors))}, ${percent(Math.min(...errors))} to ${percent(Math.max(...errors))}`;
      }
    }
    speedRows.push(`| ${name} | ${exactSpeed.toFixed(3)} | ${cells.join(' | ')} | ${cloudVolume} |`);
  }
  return [
    '**Volume and path, points that correspond**',
    '',
    ...exactRows,
    '',
    '**Speed and volume, points that do not correspond**',
    '',
    ...speedRows,
  ];
}

/** Every so manyth depth sequence is followed by flow too, for the time it takes. */
const FLOW_EVERY = 4;

/** Mean speed of all joints from a frame to the one 0.1 s later · mm/s. */
function jointSpeeds(sequence: PointSequence): Float64Array {
  const stride = 3 * sequence.names.length;
  const frames = frameCount(sequence);
  const span = Math.round(0.1 * sequence.rateHz);
  return Float64Array.from({ length: frames - span }, (_, f) => {
    let sum = 0;
    for (let j = 0; j < stride; j += 3)
      sum += Math.hypot(
        ...[0, 1, 2].map(
          (d) => sequence.positions[(f + span) * stride + j + d] - sequence.positions[f * stride + j + d],
        ),
      );
    return (3 * sum * sequence.rateHz) / span / stride;
  });
}

async function depthRows(most: number): Promise<string[]> {
  const names = readdirSync(dataPath(ACTION_SET, 'Depth')).sort().slice(0, most);
  const flowed = names.filter((_, i) => i % FLOW_EVERY === 0);
  const correlations: number[] = [];
  const ratios: number[] = [];
  let [frames, whole, flowFrames, seconds] = [0, 0, 0, 0];
  for (const name of names) {
    const [depth] = await readRecordings(ACTION_SET, `Depth/${name}`);
    const { curve } = await measure(depth, { following: 'nearest' });
    const surface = curve('speedMean');
    frames += surface.length;
    if (surface.length > 0 && surface.every(Number.isFinite)) whole++;
  }
  for (const name of flowed) {
    const [depth] = await readRecordings(ACTION_SET, `Depth/${name}`);
    const [skeleton] = await readRecordings(ACTION_SET, `Skeleton/${name.replace('depth', 'skeleton')}`);
    const start = performance.now();
    const { curve } = await measure(depth);
    seconds += (performance.now() - start) / 1000;
    const surface = curve('speedMean');
    flowFrames += surface.length;
    const joints = jointSpeeds(skeleton.payload as PointSequence);
    const n = Math.min(joints.length, surface.length);
    correlations.push(compareCurves(joints.subarray(0, n), surface.subarray(0, n)).correlation);
    ratios.push(mean(surface.subarray(0, n)) / mean(joints.subarray(0, n)));
    console.error(name, surface.length, correlations.at(-1)?.toFixed(2), ratios.at(-1)?.toFixed(2));
  }
  const spread = (values: number[]) =>
    `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`;
  return [
    `**Depth sequences of UTD-MHAD** (${names.length} at hand, one camera, no correspondence; beside the joints that the same camera's tracker found)`,
    '',
    '| figure | value |',
    '| --- | --: |',
    `| sequences measured whole, of ${names.length} (${frames} frames) | ${whole} |`,
    `| ${flowed.length} of them by flow: mean speed of the surface, frame by frame, against the mean speed of the joints: correlation, median and range | ${spread(correlations)} |`,
    `| the same: ratio of the means, median and range | ${spread(ratios)} |`,
    `| seconds a frame by flow on the machine at hand | ${(seconds / flowFrames).toFixed(2)} |`,
  ];
}

const parts = [HOW];
if (existsSync(dataPath(PERFORMER_SET))) parts.push('', ...(await performerRows()));
else parts.push('', `${PERFORMER_SET} is not at hand.`);
const depthAt = process.argv.indexOf('--depth');
if (existsSync(dataPath(ACTION_SET, 'Depth')))
  parts.push('', ...(await depthRows(depthAt > 0 ? Number(process.argv[depthAt + 1]) : 1000)));
const text = parts.join('\n');
console.log(text);
if (process.argv.includes('--write')) writeSection('video', text);
