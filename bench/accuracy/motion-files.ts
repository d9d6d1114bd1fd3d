/**
 * Files of motion laboratories against their vendors and against OpenSim, as tables in docs/accuracy.md:
 * `node bench/accuracy/motion-files.ts` prints them, `--write` writes them. Sets that are absent are left out, by name.
 */

import { existsSync, readdirSync } from 'node:fs';
import { dataPath } from '../../tests/support/data-root.ts';
import {
  type Distance,
  dropJumpDistances,
  losslessness,
  runningDistances,
  viconDistances,
  walkingDistances,
} from '../../tests/support/motion/motion-data.ts';
import { writeSection } from './page.ts';

const SETS = ['c3d-pyomeca-vicon', 'c3d-opensim-walking', 'c3d-vendors', 'c3d-kineticstoolkit'];

const has = (set: string) => existsSync(dataPath(set));
const digits = (value: number) => (value === 0 ? '0' : value.toPrecision(2));
const row = (what: string, { compared, largest, onlyFirst, onlySecond }: Distance, unit: string, limit: string) =>
  `| ${what} | ${compared} | ${digits(largest)} ${unit} | ${limit} | ${onlyFirst + onlySecond} |`;

const HEAD = [
  '| against | numbers | largest difference | printed to, or goal | only in one |',
  '| --- | --: | --: | --: | --: |',
];

async function c3dText(): Promise<string> {
  const rows = [...HEAD];
  if (has('c3d-pyomeca-vicon')) {
    const { markers, analog, channels } = await viconDistances();
    rows.push(
      row('Vicon’s own CSV of the same trial: 51 markers', markers, 'mm', '0.005 mm'),
      row(`the same: ${channels} analog channels`, analog, 'V', '5e-7 V'),
    );
  } else rows.push('| c3d-pyomeca-vicon, not at hand | | | | |');
  for (const trial of ['walking2', 'walking5'] as const) {
    if (!has('c3d-opensim-walking')) continue;
    const { markers, analog } = await walkingDistances(trial);
    rows.push(
      row(`OpenSim’s TRC of ${trial}`, markers, 'mm', '0.05 mm'),
      row(`OpenSim’s analog STO of ${trial}`, analog, 'N, N·mm', '5e-13'),
    );
  }
  const written = ['| file | parameters | samples | differ after write and read |', '| --- | --: | --: | --- |'];
  for (const set of SETS.filter(has))
    for (const name of readdirSync(dataPath(set)).filter((file) => file.endsWith('.c3d'))) {
      const { parameters, samples, different } = losslessness(set, name);
      written.push(`| ${set}/${name} | ${parameters} | ${samples} | ${different.join(', ') || 'none'} |`);
    }
  return `\`node bench/accuracy/motion-files.ts --write\` gives these tables again; \`npx vitest run --project full tests/golden/c3d.test.ts\`
holds them, and the counts, rates and kinds that the data's own description names for every file. Half a unit of the last digit
that a text file prints is all that is left. *Only in one*: places that one of the two calls missing and the other does not.

${rows.join('\n')}

Write and read: all groups and parameters, header and unscaled samples of a document; block numbers may move.

${written.join('\n')}`;
}

async function plateText(): Promise<string> {
  if (!has('c3d-opensim-walking')) return 'c3d-opensim-walking is not at hand.';
  const rows = [...HEAD];
  for (const trial of ['walking2', 'walking5'] as const) {
    const { force, moment, pressureCentre, freeMoment } = await walkingDistances(trial);
    rows.push(
      row(`${trial}: force`, force, 'N', '5e-9 N'),
      row(`${trial}: moment at the centre of the surface`, moment, 'N·mm', '5e-9 N·mm'),
      row(`${trial}: centre of pressure`, pressureCentre, 'mm', '5e-9 mm'),
      row(`${trial}: free moment`, freeMoment, 'N·mm', '5e-9 N·mm'),
    );
  }
  return `\`node bench/accuracy/motion-files.ts --write\` gives this table again; \`npx vitest run --project full tests/golden/force-plates.test.ts\`
holds it. Two walking trials, two plates of type 2 each, every twentieth of a second, empty plate included.
OpenSim prints eight decimals; the file with pressure centres of walking2 was rounded further before. Types 1, 3, 4 and 5
are proven on plates made in code (\`src/hme/force-plates/wrench.test.ts\`).

${rows.join('\n')}`;
}

async function modelText(): Promise<string> {
  const rows = [
    '| model and motion | compared | largest distance | largest turn | goal |',
    '| --- | --: | --: | --: | --: |',
  ];
  if (has('opensim-hamner-running')) {
    const { distance, markers, frames, where } = await runningDistances();
    rows.push(`| running, ${markers} markers (${where}) | ${markers * frames} | ${digits(distance)} mm | | 0.1 mm |`);
  } else rows.push('| opensim-hamner-running, not at hand | | | | |');
  if (has('opencap')) {
    const bodies = await dropJumpDistances();
    const worst = (list: typeof bodies) => {
      const mm = digits(Math.max(...list.map((body) => body.mm)));
      const deg = digits(Math.max(...list.map((body) => body.deg)));
      return `| ${list.length * 86} | ${mm} mm | ${deg}° | 0.1 mm |`;
    };
    const kneecaps = bodies.filter(({ body }) => body.startsWith('patella'));
    rows.push(
      `| drop jump, ${bodies.length - kneecaps.length} bodies ${worst(bodies.filter((body) => !kneecaps.includes(body)))}`,
      `| drop jump, kneecaps (coupled to the knee) ${worst(kneecaps)}`,
    );
  } else rows.push('| opencap, not at hand | | | | |');
  return `\`node bench/accuracy/motion-files.ts --write\` gives this table again; \`npx vitest run --project full tests/golden/opensim-fk.test.ts\`
holds it. Joint angles of OpenSim's inverse kinematics move the model; its markers and bodies are compared with what OpenSim gave.
Angles are printed with eight decimals of a degree. Coupled coordinates follow their couplers even where the motion file holds another value.

${rows.join('\n')}`;
}

const blocks: [marker: string, text: string][] = [
  ['c3d', await c3dText()],
  ['force-plates', await plateText()],
  ['forward-kinematics', await modelText()],
];
console.log(blocks.map(([, text]) => text).join('\n\n'));
if (process.argv.includes('--write')) for (const [marker, text] of blocks) writeSection(marker, text);
