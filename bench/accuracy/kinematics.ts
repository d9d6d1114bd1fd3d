/**
 * Accuracy of joint angles, clocks and agreement: real trials with an expert's or an optical truth, sensor against camera, and the virtual subject.
 *
 * `node bench/accuracy/kinematics.ts [--write]` prints the tables; with `--write` they go into docs/accuracy.md between the kinematics
 * markers. Real recordings are left out, by name, where they are absent.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dataPath } from '../../tests/support/data-root.ts';
import {
  EXPERT,
  expertAgreement,
  intervalOf,
  KERAAL,
  keraalFigures,
  numberOf,
  THIGH_ACTIONS,
  thighFigures,
  UTD,
  VIRTUAL_CLOCKS,
  virtualAgreement,
} from '../../tests/support/kinematics.ts';

const PAGE = fileURLToPath(new URL('../../docs/accuracy.md', import.meta.url));
const TRIALS = ['squats1', 'squatsAsym1', 'STSFast1', 'walking1', 'walkingTS1'];
const ANGLES = [
  'knee.flexion',
  'hip.flexion',
  'hip.adduction',
  'ankle.dorsiflexion',
  'pelvis.tilt',
  'lumbar.flexion',
  'lumbar.lateral',
  'lumbar.rotation',
];

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

async function expertRows(): Promise<string[]> {
  if (!existsSync(dataPath(EXPERT))) return [`${EXPERT}: not at hand.`];
  const rows = [
    `**Markers against an expert’s inverse kinematics** (${EXPERT}; a scaled model fitted to the same markers). Root mean square difference without the offset / correlation, mean of both sides; offsets are told below the table.`,
    '',
    `| trial | task found | ${ANGLES.join(' | ')} |`,
    `| --- | --- | ${ANGLES.map(() => '--:').join(' | ')} |`,
  ];
  const biases = new Map<string, number[]>();
  const symmetry: string[] = [];
  for (const trial of TRIALS) {
    const { pairs, result } = await expertAgreement(trial);
    const cells = ANGLES.map((angle) => {
      const own = pairs.filter(({ pair }) => pair.name.startsWith(angle));
      biases.set(angle, [...(biases.get(angle) ?? []), ...own.map(({ measures }) => measures.bias)]);
      return `${mean(own.map(({ measures }) => measures.rmseCentred)).toFixed(1)}° / ${mean(own.map(({ measures }) => measures.correlation)).toFixed(2)}`;
    });
    rows.push(`| ${trial} | ${result.features[0].task} | ${cells.join(' | ')} |`);
    if (trial.startsWith('squats')) {
      const [low, high] = intervalOf(result, 'kinematics.symmetryIndex', 'knee.flexion');
      const index = numberOf(result, 'kinematics.symmetryIndex', 'knee.flexion');
      const difference = numberOf(result, 'kinematics.sideDifference', 'knee.flexion');
      symmetry.push(
        `| ${trial} | ${numberOf(result, 'kinematics.repetitions')} | ${index.toFixed(1)} % (${low.toFixed(1)} to ${high.toFixed(1)}) | ${difference.toFixed(1)}° |`,
      );
    }
  }
  const offsets = [...biases]
    .map(([angle, values]) => `${angle} ${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}°`)
    .join(', ');
  return [
    ...rows,
    '',
    `Offsets (ours minus the expert’s, range over trials and sides): ${offsets}. The pelvis of the model is neutral in standing, ASIS and PSIS are not; hip and lumbar angles inherit it.`,
    '',
    '| squats | repetitions | symmetry index of knee flexion (90 %) | mean difference of the sides |',
    '| --- | --: | --: | --: |',
    ...symmetry,
    '',
    'The intervals of symmetric and asymmetric squats lie apart: the index alone tells them.',
  ];
}

async function keraalRows(): Promise<string[]> {
  if (!existsSync(dataPath(KERAAL))) return [`${KERAAL}: not at hand.`];
  const rows = [
    `**Depth camera against optical targets** (${KERAAL}, one healthy subject, seated; \`zero=start\`, lag taken out, frames in which the camera’s trunk was plausible). Smallest and largest angle of each.`,
    '',
    '| exercise | task found | trunk lost | angle | correlation | rms difference | camera | optical |',
    '| --- | --- | --: | --- | --: | --: | --: | --: |',
  ];
  for (const exercise of ['RTK', 'ELK', 'CTK'] as const) {
    const { task, lost, pairs } = await keraalFigures(exercise);
    pairs.forEach(({ name, correlation, rmse, camera, optical }, at) => {
      const range = ([low, high]: [number, number]) => `${low.toFixed(1)} … ${high.toFixed(1)}°`;
      const head = at === 0 ? `${exercise} | ${task} | ${(100 * lost).toFixed(0)} %` : ' | | ';
      rows.push(
        `| ${head} | ${name} | ${correlation.toFixed(2)} | ${rmse.toFixed(1)}° | ${range(camera)} | ${range(optical)} |`,
      );
    });
  }
  return [
    ...rows,
    '',
    'Where the recording allows it: the turn of the trunk against the pelvis (RTK, lumbar.rotation) has its peaks within 1° and a correlation of 0.99; the turn of the trunk in the room',
    'correlates at 1.00 but stays 4 to 9° below the line of the shoulder targets, which slide with the shoulder blades (the chest target of the same optical recording shows 45° and 51°, the line 55° and 59°).',
    'Where it does not: in the side bend (ELK) the arm over the head hides the shoulder near both peaks, a third of the frames are set aside, and of the first peak the camera sees the start only (35° against 32°, correlation 0.97);',
    'the arms-up exercise (CTK) moves the trunk by less than 10°, which is within the camera’s error, and its correlation means nothing. The small angles out of the plane of each exercise are not told by this camera either.',
  ];
}

async function thighRows(): Promise<string[]> {
  if (!existsSync(dataPath(UTD))) return [`${UTD}: not at hand.`];
  const rows = [
    `**Sensor on the right thigh against the skeleton of the same repetition** (${UTD}; medians over 8 subjects × 4 repetitions). Neither file has times: 50 Hz for the sensor, and for the camera the rate at which both are equally long.`,
    '',
    '| action | recordings | lag by angular speed | correlation of speeds | thigh angle: correlation | rms difference | bias | with knee flexion: r | with hip flexion: r |',
    '| --- | --: | --: | --: | --: | --: | --: | --: | --: |',
  ];
  for (const [action, name] of THIGH_ACTIONS) {
    const f = await thighFigures(action, name);
    rows.push(
      `| ${name} | ${f.recordings} | ${(1000 * f.lagS).toFixed(0)} ms | ${f.speedCorrelation.toFixed(2)} | ${f.correlation.toFixed(3)} | ${f.rmseDeg.toFixed(1)}° | ${f.biasDeg.toFixed(1)}° | ${f.kneeCorrelation.toFixed(2)} | ${f.hipCorrelation.toFixed(2)} |`,
    );
  }
  return [
    ...rows,
    '',
    'Thigh angle: the sensor’s rate about its main axis, summed up, against the turn of the line from hip to knee. Standing up lowers the joint angles while the thigh turns, hence the minus. In the lunge the right leg stays behind and turns about two axes.',
  ];
}

async function virtualRows(): Promise<string[]> {
  const rows = [
    '**Virtual subject** (SYNTHETIC): camera 30 Hz with 4 mm of error per joint, sensors 142 Hz, clocks 3.4 s apart that drift by 100 ppm against each other. Camera against sensors on the clock that clock-alignment found.',
    '',
    '| task | offset error | drift error (sd) | quality | knee: rms difference / r | hip | trunk |',
    '| --- | --: | --: | --: | --: | --: | --: |',
  ];
  for (const task of ['squat', 'bend', 'sit-to-stand', 'gait'] as const) {
    const { offsetErrorS, driftErrorPpm, map, pairs } = await virtualAgreement({
      task,
      repetitions: task === 'gait' ? 20 : 8,
      clocks: VIRTUAL_CLOCKS,
    });
    const cell = (start: string) => {
      const own = pairs.filter(({ pair }) => pair.name.startsWith(start));
      return `${mean(own.map(({ measures }) => measures.rmse)).toFixed(1)}° / ${mean(own.map(({ measures }) => measures.correlation)).toFixed(2)}`;
    };
    const angles =
      task === 'squat' || task === 'bend' ? ['knee.flexion', 'hip.flexion', 'trunk.flexion'].map(cell) : ['', '', ''];
    rows.push(
      `| ${task} | ${(1000 * offsetErrorS).toFixed(2)} ms | ${driftErrorPpm.toFixed(0)} (${map.driftSdPpm?.toFixed(0) ?? '–'}) ppm | ${map.quality.toFixed(2)} | ${angles.join(' | ')} |`,
    );
  }
  return [
    ...rows,
    '',
    'The drift cannot be told from half a minute (its deviation says so); the offset holds at the middle of the recording. Angles of sit-to-stand and gait are left out: both start without standing still, which the calibration of sensors needs.',
    'The trunk of a skeleton rests on joints a hand apart; most of its difference is their jitter.',
  ];
}

const HOW = `\`node bench/accuracy/kinematics.ts --write\` gives these tables again (\`tests/golden/kinematics.test.ts\` holds them).`;

const sections = [await expertRows(), await keraalRows(), await thighRows(), await virtualRows()];
const text = [HOW, ...sections.map((rows) => rows.join('\n'))].join('\n\n');
console.log(text);
if (process.argv.includes('--write')) {
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(
    PAGE,
    page.replace(
      /(<!-- kinematics:start -->)[\s\S]*?(<!-- kinematics:end -->)/,
      `$1\n${text.replaceAll('$', '$$$$')}\n$2`,
    ),
  );
}
