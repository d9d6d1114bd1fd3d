/**
 * Action recognition on UTD-MHAD, as tables in docs/accuracy.md: `node bench/accuracy/actions.ts` prints them, `--write` writes them,
 * `--choose` repeats how the weights were chosen on the training subjects alone (it reads no other subject).
 */

import { existsSync, readFileSync } from 'node:fs';
import {
  actionRecognition,
  type Example,
  INERTIAL_WEIGHT,
  inertialVectors,
  POSE_SETTINGS,
  type PoseSettings,
  poseVectors,
  prepareExamples,
  recognise,
  usableJoints,
} from '../../src/hme/action-recognition/index.ts';
import type { PointSequence, Signals, Table } from '../../src/model/index.ts';
import { dataPath } from '../../tests/support/data-root.ts';
import {
  ACTION_SET,
  atHalfRate,
  listed,
  type Repetition,
  readRepetitions,
  withNoise,
} from '../../tests/support/motion/actions.ts';
import { readRecordings } from '../../tests/support/motion/imu.ts';
import { outputsOf, runCapability } from '../../tests/support/read.ts';
import { writeSection } from './page.ts';

const ODD = [1, 3, 5, 7];
const EVEN = [2, 4, 6, 8];

const HOW = `\`node bench/accuracy/actions.ts --write\` gives these tables again (\`tests/golden/actions.test.ts\` holds the first rows); by hand, with lists of
the files (columns path, label, subject and, for both sources, imu_path): \`msdt run action-recognition --in train=LIST.csv --in test=LIST.csv --out DIR\`.

UTD-MHAD (Chen, Jafari & Kehtarnavaz 2015): 27 actions, 8 subjects, 861 repetitions, Kinect skeletons and one inertial sensor. Nothing is trained; the
nearest of the examples of subjects 1, 3, 5 and 7 names each repetition of subjects 2, 4, 6 and 8. Weights and windows were chosen on the former alone
(\`--choose\`, table in the capability's notes); labels of the latter are not read. Only the rows that ask
about these four are blind to the choice; all others ask about subjects it was made on, too. For comparison, on the same split: plain nearest neighbour 80.2 % (skeleton) and
81.4 % (both), warped with velocity 90.5 %; published for the data set 66.1 % (depth camera), 67.2 % (sensor), 79.1 % (both).`;

/** Share of repetitions that are named rightly, in percent. */
async function share(train: readonly Repetition[], test: readonly Repetition[], fused: boolean) {
  const [known, asked] = [listed(train, true), listed(test, false)];
  const inputs = {
    train: known.body,
    test: asked.body,
    ...(fused ? { trainImu: known.imu, testImu: asked.imu } : {}),
  };
  const start = performance.now();
  const result = await runCapability(actionRecognition, inputs, { crossCheck: false });
  const table = outputsOf(result, 'predictions')[0].payload as Table;
  const column = (name: string) => table.columns.find((candidate) => candidate.name === name)?.values ?? [];
  const predicted = column('predicted');
  const rows = column('path').map(Number);
  const wrong = new Map<string, number>();
  let right = 0;
  rows.forEach((row, i) => {
    const truth = test[row].action;
    if (predicted[i] === truth) right++;
    else wrong.set(`${truth} as ${predicted[i]}`, (wrong.get(`${truth} as ${predicted[i]}`) ?? 0) + 1);
  });
  return { percent: (100 * right) / test.length, wrong, seconds: (performance.now() - start) / 1000, of: test.length };
}

async function accuracyRows(): Promise<string[]> {
  const [odd, even] = [await readRepetitions(ODD), await readRepetitions(EVEN)];
  const rows = ['| examples → repetitions in question | skeleton | skeleton and sensor |', '| --- | --: | --: |'];
  const add = async (name: string, train: readonly Repetition[], test: readonly Repetition[]) => {
    const [alone, both] = [await share(train, test, false), await share(train, test, true)];
    rows.push(`| ${name} | ${alone.percent.toFixed(1)} % | ${both.percent.toFixed(1)} % |`);
    console.error(rows.at(-1));
    return { alone, both };
  };
  const { alone, both } = await add(`odd → even subjects (${odd.length} → ${even.length})`, odd, even);
  await add('the same, 15 instead of 30 frames a second in question', odd, atHalfRate(even));
  await add('the same, noise of 20 mm on each coordinate in question', odd, withNoise(even, 20));
  await add('the same, noise of 50 mm', odd, withNoise(even, 50));
  await add('even → odd subjects', even, odd);
  const all = [...odd, ...even];
  const each: [number, number][] = [];
  for (let subject = 1; subject <= 8; subject++) {
    const rest = all.filter((one) => one.subject !== subject);
    const own = all.filter((one) => one.subject === subject);
    each.push([(await share(rest, own, false)).percent, (await share(rest, own, true)).percent]);
    console.error(subject, each.at(-1));
  }
  const line = (k: 0 | 1) => {
    const values = each.map((pair) => pair[k]);
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    return `${mean.toFixed(1)} % (${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)})`;
  };
  rows.push(`| each subject by the seven others, mean and range | ${line(0)} | ${line(1)} |`);
  const women = [1, 2, 3, 4];
  await add(
    'women → men',
    all.filter(({ subject }) => women.includes(subject)),
    all.filter(({ subject }) => !women.includes(subject)),
  );
  const names = JSON.parse(readFileSync(dataPath(ACTION_SET, 'labels.json'), 'utf8')).actions as Record<string, string>;
  const confusions = [...alone.wrong]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 5)
    .map(([pair, count]) => {
      const [truth, taken] = pair.split(' as ');
      return `${names[truth]} taken for ${names[taken]} (${count})`;
    });
  return [
    ...rows,
    ...(await depthRows(all)),
    '',
    `What is confused most from odd to even subjects by skeleton alone: ${confusions.join(', ')}.`,
    `Seconds for ${even.length} repetitions against ${odd.length} examples: ${alone.seconds.toFixed(1)} by skeleton, ${both.seconds.toFixed(1)} with the sensor.`,
  ];
}

/** Depth pictures alone, each subject by the others; only some actions are at hand. */
async function depthRows(all: readonly Repetition[]): Promise<string[]> {
  const found: Repetition[] = [];
  for (const action of [21, 22, 24, 25, 26, 27]) {
    for (let subject = 1; subject <= 8; subject++) {
      const file = `Depth/a${action}_s${subject}_t1_depth.mat`;
      if (!existsSync(dataPath(ACTION_SET, file))) continue;
      const [depth] = await readRecordings(ACTION_SET, file);
      found.push({ action: String(action), subject, skeleton: depth, inertial: all[0].inertial });
    }
  }
  let right = 0;
  const subjects = [...new Set(found.map(({ subject }) => subject))];
  for (const subject of subjects) {
    const rest = found.filter((one) => one.subject !== subject);
    const own = found.filter((one) => one.subject === subject);
    right += Math.round(((await share(rest, own, false)).percent * own.length) / 100);
  }
  return [
    `| depth pictures alone, ${found.length} of 6 actions, each of ${subjects.length} subjects by the others | ${((100 * right) / found.length).toFixed(0)} % | |`,
  ];
}

/** Share of the training repetitions that are named rightly without their subject. */
function leaveOneOut(examples: readonly Example[], weights: readonly number[]): number {
  const prepared = prepareExamples(examples, weights);
  const right = examples.filter(
    (one) => recognise(one, prepared, (i) => examples[i].subject === one.subject)?.label === one.label,
  );
  return (100 * right.length) / examples.length;
}

async function choose(): Promise<void> {
  const odd = await readRepetitions(ODD);
  const joints = usableJoints(odd[0].skeleton.payload as PointSequence);
  const examplesFor = (settings: PoseSettings, fused: boolean): Example[] =>
    odd.map(({ action, subject, skeleton, inertial }, i) => ({
      label: action,
      subject: String(subject),
      vectors: [
        poseVectors(skeleton.payload as PointSequence, joints, String(i), settings),
        ...(fused ? [inertialVectors(inertial.payload as Signals, String(i))] : []),
      ],
    }));
  const tell = (what: string, value: number) => console.log(`${what.padEnd(40)} ${value.toFixed(1)} %`);
  for (const velocity of [0, 2, 4, 6, 8])
    tell(`velocity ${velocity}`, leaveOneOut(examplesFor({ ...POSE_SETTINGS, velocity }, false), [1]));
  for (const angle of [0, 0.3, 0.5, 0.7, 1])
    tell(`angle ${angle}`, leaveOneOut(examplesFor({ ...POSE_SETTINGS, angle }, false), [1]));
  for (const steps of [24, 32, 48])
    tell(
      `steps ${steps}`,
      leaveOneOut(
        examplesFor({ ...POSE_SETTINGS, steps, velocity: (POSE_SETTINGS.velocity * steps) / 32 }, false),
        [1],
      ),
    );
  const fused = examplesFor(POSE_SETTINGS, true);
  for (const weight of [0.2, 0.5, INERTIAL_WEIGHT, 1, 1.5]) tell(`sensor ${weight}`, leaveOneOut(fused, [1, weight]));
}

if (!existsSync(dataPath(ACTION_SET))) console.log(`${ACTION_SET} is not at hand.`);
else if (process.argv.includes('--choose')) await choose();
else {
  const text = [HOW, '', ...(await accuracyRows())].join('\n');
  console.log(text);
  if (process.argv.includes('--write')) writeSection('actions', text);
}
