/**
 * Accuracy of the spine geometry on virtual subjects of exactly known truth (SYNTHETIC).
 *
 * `node bench/accuracy/spine.ts [--seeds 20] [--only clean,two] [--write]` measures T1 to S1 of each seed and lays every number beside
 * the truth: labels with and without the CT, without a body map, hollow endplates, other voxel sizes, labels with a smooth boundary
 * error. The two 1 mm studies take all seeds, the others a quarter of them. Prints JSON; `--write` puts the tables of the studies
 * that ran into docs/accuracy.md between its spine marks. Seeds from 201 up set the constants of the interval model; none is used here.
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
  /** the CT is given too, not the labels alone */
  ct: boolean;
  /** goals are those for other voxel sizes */
  stable: boolean;
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

/** The goals for other voxel sizes: what may change with them. */
const STABLE = { mm: 0.5, '°': 1 } as const;

function studiesFor(seeds: number): Study[] {
  const few = Math.max(1, Math.round(seeds / 4));
  const rough = (sd: number, length: number, spacingMm: number): SubjectParams => ({
    spacingMm,
    boundaryNoiseMm: sd,
    boundaryNoiseLengthMm: length,
  });
  const all: [id: string, title: string, params: SubjectParams, more?: Partial<Study>][] = [
    ['clean-ct', 'Labels and CT, 1 mm', { spacingMm: 1 }, { ct: true, seeds }],
    ['clean', 'Labels alone, 1 mm', { spacingMm: 1 }, { seeds }],
    ['split', 'Labels alone, 1 mm, bodies split by us', { spacingMm: 1 }, { bodies: false }],
    ['hollow', 'Endplates hollowed by 1.2 mm, 1 mm', { spacingMm: 1, endplateConcavityMm: 1.2 }],
    [
      'half',
      'Labels and CT, 0.5 mm, L1 to S1',
      { spacingMm: 0.5, levels: ['L1', 'S1'], pelvis: false },
      { ct: true, stable: true },
    ],
    ['coarse', 'Labels alone, 1.5 mm', { spacingMm: 1.5 }, { stable: true }],
    ['two', 'Labels alone, 2 mm', { spacingMm: 2 }, { stable: true }],
    ['slices', 'Labels alone, 0.8 × 0.8 mm in slices of 2 mm', { spacingMm: [0.8, 0.8, 2] }, { stable: true }],
    ['rough', 'Labels wrong by 0.2 mm (one sd), 4 mm long, 1 mm', rough(0.2, 4, 1)],
    ['rougher', 'Labels wrong by 0.4 mm (one sd), 4 mm long, 1 mm', rough(0.4, 4, 1)],
    ['fine-rough', 'Labels wrong by 0.3 mm (one sd), 2.5 mm long, 1.5 mm', rough(0.3, 2.5, 1.5)],
  ];
  return all.map(([id, title, params, more]) => ({
    id,
    title,
    params,
    bodies: true,
    ct: false,
    stable: false,
    seeds: few,
    ...more,
  }));
}

function errorOf(c: Compared): number {
  return GOALS[c.group]?.relative ? (100 * c.error) / c.truth : c.error;
}

function goalOf(group: string, stable: boolean) {
  const goal = GOALS[group];
  if (!stable || Number.isNaN(goal.limit) || goal.relative) return goal;
  const limit = STABLE[goal.unit as keyof typeof STABLE];
  return { ...goal, limit, text: goal.unit === '°' ? `±${limit}°` : `±${limit} mm` };
}

function summarise(group: string, all: readonly Compared[], stable: boolean): GroupResult {
  const errors = all.map(errorOf);
  const sizes = errors.map(Math.abs).sort((a, b) => a - b);
  const goal = goalOf(group, stable);
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
    const subject = simulateSubject({ pelvis: true, field: 'spine', ...study.params, seed });
    void [subject.vertebrae, subject.bodies, subject.anatomy, study.ct && subject.ct];
    const started = performance.now();
    const result = await runSpine(subject, { bodies: study.bodies, anatomy: true, ct: study.ct });
    ms += performance.now() - started;
    const found = compare(subject.truth, result.features);
    all.push(...found.compared.map((c) => ({ ...c, level: `${c.level} (seed ${seed})` })));
    missed.push(...found.missed.map((m) => `${m} (seed ${seed})`));
  }
  const groups = [...new Set(all.map((c) => c.group))].map((group) =>
    summarise(
      group,
      all.filter((c) => c.group === group),
      study.stable,
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

/** Puts the tables of the studies that ran into the page; those of the others stay as they are. */
function writeDocs(results: readonly StudyResult[]): void {
  const path = fileURLToPath(new URL('../../docs/accuracy.md', import.meta.url));
  const text = readFileSync(path, 'utf8');
  const intro = readFileSync(fileURLToPath(new URL('./spine-intro.md', import.meta.url)), 'utf8').trim();
  const [start, end] = ['<!-- spine:start -->', '<!-- spine:end -->'];
  const standing = text.split(start)[1].split(end)[0].split('<!-- study ').slice(1);
  const tables = new Map(standing.map((part) => part.split(' -->\n', 2) as [string, string]));
  for (const result of results) tables.set(result.id, tableOf(result));
  const parts = studiesFor(1).flatMap(({ id }) => {
    const table = tables.get(id);
    return table ? [`<!-- study ${id} -->\n${table.trim()}`] : [];
  });
  writeFileSync(
    path,
    `${text.split(start)[0]}${start}\n${[intro, ...parts].join('\n\n')}\n${end}${text.split(end)[1]}`,
  );
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
