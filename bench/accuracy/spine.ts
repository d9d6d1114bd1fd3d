/**
 * Accuracy of the spine geometry on virtual subjects of exactly known truth (SYNTHETIC).
 *
 * `node bench/accuracy/spine.ts [--seeds 20] [--write]` measures T1 to S1 of each seed from its label maps and lays every number
 * beside the truth: clean labels at 1 mm, without a body map, hollow endplates, other voxel sizes, labels with a smooth boundary
 * error. Prints JSON; `--write` puts the tables into docs/accuracy.md between its spine marks. Seeds 201 to 205 set the two constants
 * of the interval model; none of them is used here.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type SubjectParams, simulateSubject } from '../../fixtures/synth/index.ts';
import { type Compared, compare, runSpine } from './spine-compare.ts';

interface Study {
  id: string;
  title: string;
  params: SubjectParams;
  bodies: boolean;
  seeds: number;
}

interface GroupResult {
  group: string;
  unit: string;
  count: number;
  bias: number;
  rms: number;
  p95: number;
  max: number;
  /** share within the goal of the group; null where there is none */
  withinGoal: number | null;
  goal: string;
  coverage: number;
}

interface StudyResult {
  id: string;
  title: string;
  seeds: number;
  secondsPerColumn: number;
  missed: string[];
  groups: GroupResult[];
  coverage: number;
  worst: Compared[];
}

/** What the issue asks of each group: half width, as a number and for the table. */
const GOALS: Record<string, { limit: number; text: string; unit: string; relative?: boolean }> = {
  height: { limit: 0.3, text: '±0.3 mm', unit: 'mm' },
  'disc height': { limit: 0.3, text: '±0.3 mm', unit: 'mm' },
  wedge: { limit: 0.5, text: '±0.5°', unit: '°' },
  'segmental angle': { limit: 0.5, text: '±0.5°', unit: '°' },
  'regional angle': { limit: 0.5, text: '±0.5°', unit: '°' },
  'largest Cobb': { limit: 0.5, text: '±0.5°', unit: '°' },
  pelvis: { limit: 0.5, text: '±0.5°', unit: '°' },
  rotation: { limit: 0.5, text: '±0.5°', unit: '°' },
  'body volume': { limit: 1, text: '±1 %', unit: '%', relative: true },
  'disc volume': { limit: Number.NaN, text: '', unit: '%', relative: true },
  'width and depth': { limit: Number.NaN, text: '', unit: 'mm' },
  slip: { limit: Number.NaN, text: '', unit: 'mm' },
};

function studiesFor(seeds: number): Study[] {
  const few = Math.max(1, Math.round(seeds / 4));
  return [
    { id: 'clean', title: 'Clean labels, 1 mm, body map', params: { spacingMm: 1 }, bodies: true, seeds },
    {
      id: 'split',
      title: 'Clean labels, 1 mm, bodies split by us',
      params: { spacingMm: 1 },
      bodies: false,
      seeds: few,
    },
    {
      id: 'hollow',
      title: 'Endplates hollowed by 1.2 mm, 1 mm',
      params: { spacingMm: 1, endplateConcavityMm: 1.2 },
      bodies: true,
      seeds: few,
    },
    {
      id: 'half',
      title: 'Clean labels, 0.5 mm, L1 to S1',
      params: { spacingMm: 0.5, levels: ['L1', 'S1'], pelvis: false },
      bodies: true,
      seeds: few,
    },
    { id: 'coarse', title: 'Clean labels, 1.5 mm', params: { spacingMm: 1.5 }, bodies: true, seeds: few },
    { id: 'two', title: 'Clean labels, 2 mm', params: { spacingMm: 2 }, bodies: true, seeds: few },
    {
      id: 'slices',
      title: 'Clean labels, 0.8 × 0.8 mm in slices of 2 mm',
      params: { spacingMm: [0.8, 0.8, 2] },
      bodies: true,
      seeds: few,
    },
    {
      id: 'rough',
      title: 'Boundary error of 0.2 mm, 4 mm long, 1 mm',
      params: { spacingMm: 1, boundaryNoiseMm: 0.2, boundaryNoiseLengthMm: 4 },
      bodies: true,
      seeds: few,
    },
    {
      id: 'rougher',
      title: 'Boundary error of 0.4 mm, 4 mm long, 1 mm',
      params: { spacingMm: 1, boundaryNoiseMm: 0.4, boundaryNoiseLengthMm: 4 },
      bodies: true,
      seeds: few,
    },
    {
      id: 'fine-rough',
      title: 'Boundary error of 0.3 mm, 2.5 mm long, 1.5 mm',
      params: { spacingMm: 1.5, boundaryNoiseMm: 0.3, boundaryNoiseLengthMm: 2.5 },
      bodies: true,
      seeds: few,
    },
  ];
}

function errorOf(c: Compared): number {
  return GOALS[c.group]?.relative ? (100 * c.error) / c.truth : c.error;
}

function summarise(group: string, all: readonly Compared[]): GroupResult {
  const errors = all.map(errorOf);
  const sizes = errors.map(Math.abs).sort((a, b) => a - b);
  const goal = GOALS[group];
  const n = errors.length;
  return {
    group,
    unit: goal.unit,
    count: n,
    bias: errors.reduce((sum, e) => sum + e, 0) / n,
    rms: Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / n),
    p95: sizes[Math.min(n - 1, Math.floor(0.95 * n))],
    max: sizes[n - 1],
    withinGoal: Number.isNaN(goal.limit) ? null : sizes.filter((e) => e <= goal.limit).length / n,
    goal: goal.text,
    coverage: all.filter((c) => c.inside).length / n,
  };
}

async function runStudy(study: Study): Promise<StudyResult> {
  const all: Compared[] = [];
  const missed: string[] = [];
  let ms = 0;
  for (let seed = 1; seed <= study.seeds; seed++) {
    const subject = simulateSubject({ pelvis: true, ...study.params, seed });
    void [subject.vertebrae, subject.bodies, subject.anatomy];
    const started = performance.now();
    const result = await runSpine(subject, { bodies: study.bodies, anatomy: true });
    ms += performance.now() - started;
    const found = compare(subject.truth, result.features);
    all.push(...found.compared.map((c) => ({ ...c, level: `${c.level} (seed ${seed})` })));
    missed.push(...found.missed.map((m) => `${m} (seed ${seed})`));
  }
  const groups = [...new Set(all.map((c) => c.group))].map((group) =>
    summarise(
      group,
      all.filter((c) => c.group === group),
    ),
  );
  const worst = groups.map(({ group }) =>
    all.filter((c) => c.group === group).reduce((a, b) => (Math.abs(errorOf(b)) > Math.abs(errorOf(a)) ? b : a)),
  );
  return {
    id: study.id,
    title: study.title,
    seeds: study.seeds,
    secondsPerColumn: ms / study.seeds / 1000,
    missed,
    groups,
    coverage: all.filter((c) => c.inside).length / all.length,
    worst,
  };
}

const percent = (share: number) => `${(100 * share).toFixed(share > 0.995 && share < 1 ? 1 : 0)} %`;

function tableOf(result: StudyResult): string {
  const lines = [
    `**${result.title}** (${result.seeds} columns; 90 % intervals cover ${percent(result.coverage)} of all numbers)`,
    '',
    '| measure | numbers | bias | rms | 95 % below | largest | goal | within goal | coverage |',
    '| --- | --: | --: | --: | --: | --: | --- | --: | --: |',
  ];
  for (const g of result.groups) {
    const value = (v: number) => `${v.toFixed(2)} ${g.unit}`;
    const goal = g.withinGoal === null ? ' | ' : `${g.goal} | ${percent(g.withinGoal)}`;
    lines.push(
      `| ${g.group} | ${g.count} | ${value(g.bias)} | ${value(g.rms)} | ${value(g.p95)} | ${value(g.max)} | ${goal} | ${percent(g.coverage)} |`,
    );
  }
  return lines.join('\n');
}

function writeDocs(results: readonly StudyResult[]): void {
  const path = fileURLToPath(new URL('../../docs/accuracy.md', import.meta.url));
  const text = readFileSync(path, 'utf8');
  const intro = readFileSync(fileURLToPath(new URL('./spine-intro.md', import.meta.url)), 'utf8').trim();
  const body = `${intro}\n\n${results.map(tableOf).join('\n\n')}`;
  const [start, end] = ['<!-- spine:start -->', '<!-- spine:end -->'];
  writeFileSync(path, `${text.split(start)[0]}${start}\n${body}\n${end}${text.split(end)[1]}`);
}

const argument = (name: string) => process.argv.indexOf(name);
const seeds = argument('--seeds') > 0 ? Number(process.argv[argument('--seeds') + 1]) : 20;
const only = argument('--only') > 0 ? process.argv[argument('--only') + 1].split(',') : undefined;
const results: StudyResult[] = [];
for (const study of studiesFor(seeds)) {
  if (only && !only.includes(study.id)) continue;
  results.push(await runStudy(study));
  process.stderr.write(`${study.id} done\n`);
}
console.log(JSON.stringify(results, null, 1));
if (argument('--write') > 0) writeDocs(results);
