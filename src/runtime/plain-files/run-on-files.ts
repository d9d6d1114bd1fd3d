/** Runs any capability on plain files, without a twin: read, fit to the roles, execute, write standard files. */

import { basename, join } from 'node:path';
import {
  type AnyCapability,
  type ArtifactValue,
  type FeatureDraft,
  featureId,
  type KindPattern,
  kindMatches,
  MsdtError,
  type ParamValues,
  type Provenance,
  parseInputSpec,
  type QualityFlag,
  type WrittenFile,
} from '../../model/index.ts';
import { encodeArtifact } from '../../store/index.ts';
import { runKey, seedOfRun } from '../../twin/index.ts';
import type { WorkCatalogue } from '../catalogue-types.ts';
import { filesOf } from '../reading/files.ts';
import { SOFTWARE } from '../software.ts';
import { type BoundInputs, type ExecuteHooks, type ExecuteResult, executeCapability } from '../workers/execute.ts';
import { makeFolder, writeWhole } from './out-folder.ts';
import { readList } from './read-list.ts';
import { type FileValues, valuesOf } from './read-values.ts';
import { recordingText } from './signal-text.ts';

export interface FileRun {
  capability: string;
  /** role → paths of files or folders */
  inputs: Record<string, string[]>;
  params: ParamValues;
  /** overrides for readers, e.g. `posture: supine` */
  choices?: Record<string, string>;
  /** seeds chance; by default it follows from inputs and parameters */
  seed?: number;
}

export interface FileRunResult extends ExecuteResult {
  capability: AnyCapability;
  provenance: Provenance;
}

/**
 * Runs a capability on files.
 * @throws MsdtError unknown capability, unreadable file, a file that does not hold what the role takes
 */
export async function runOnFiles(catalogue: WorkCatalogue, run: FileRun, hooks: ExecuteHooks): Promise<FileRunResult> {
  const capability = await loadCapability(catalogue, run.capability);
  const started = new Date();
  const bound: BoundInputs = {};
  const hashes: Record<string, string[]> = {};
  const quality: QualityFlag[] = [];
  const roles = Object.entries(run.inputs);
  for (const [at, [role, paths]] of roles.entries()) {
    const spec = capability.inputs[role];
    if (!spec) {
      throw new MsdtError('input.missing', `${capability.id} has no input "${role}"`, {
        hint: `Its inputs are ${Object.entries(capability.inputs)
          .map(([name, text]) => `${name} (${text})`)
          .join(', ')}.`,
      });
    }
    hooks.progress((0.4 * at) / roles.length, `reading ${role}`);
    const { pattern, list } = parseInputSpec(spec);
    const wanted = { catalogue, paths, pattern, list, hooks, choices: run.choices };
    const read = await readInput(wanted);
    const taken = await fitInput(read, wanted);
    bound[role] = taken.values;
    hashes[role] = taken.hashes;
    quality.push(...taken.quality);
    if (list) bindCompanions(capability, role, read, bound, hashes);
  }
  const key = runKey({ capability: capability.id, version: capability.version, params: run.params, inputs: hashes });
  const seed = run.seed ?? seedOfRun(key);
  const result = await executeCapability(capability, bound, run.params, seed, {
    ...hooks,
    progress: (fraction, message) => hooks.progress(0.4 + 0.5 * fraction, message),
  });
  const provenance: Provenance = {
    capability: capability.id,
    version: capability.version,
    params: result.params,
    inputs: hashes,
    software: SOFTWARE,
    seed,
    startedAt: started.toISOString(),
    durationMs: Date.now() - started.getTime(),
  };
  return { ...result, quality: [...quality, ...result.quality], capability, provenance };
}

/**
 * What a list holds beyond its own role goes to the optional list roles named after it: the inertial records in a list for
 * `train` fill `trainImu`.
 */
function bindCompanions(
  capability: AnyCapability,
  role: string,
  { values, hashes }: FileValues,
  bound: BoundInputs,
  allHashes: Record<string, string[]>,
): void {
  for (const [name, text] of Object.entries(capability.inputs)) {
    const { pattern, list, optional } = parseInputSpec(text);
    if (name === role || !name.startsWith(role) || !list || !optional || bound[name]) continue;
    const fitting = values.filter((value) => kindMatches(value.kind, pattern));
    if (fitting.length === 0) continue;
    bound[name] = fitting;
    allHashes[name] = hashes;
  }
}

/** @throws MsdtError when the catalogue does not know it */
export async function loadCapability(catalogue: WorkCatalogue, id: string): Promise<AnyCapability> {
  const entry = catalogue.capabilities.find((candidate) => candidate.id === id);
  if (!entry) {
    throw new MsdtError('input.missing', `There is no capability "${id}"`, {
      hint: `Known: ${catalogue.capabilities.map((candidate) => candidate.id).join(', ')}.`,
    });
  }
  return entry.load();
}

/** How one role is to be filled. */
interface Wanted {
  catalogue: WorkCatalogue;
  paths: readonly string[];
  pattern: KindPattern;
  list: boolean;
  hooks: ExecuteHooks;
  choices?: Record<string, string>;
}

/** Everything in the files of a role, a list of files opened where the role takes a list. */
async function readInput({ catalogue, paths, pattern, list, hooks, choices }: Wanted): Promise<FileValues> {
  const all: FileValues = { values: [], quality: [], hashes: [] };
  for (const path of paths) {
    const options = { signal: hooks.signal, choices: { ...choicesFor(pattern), ...choices } };
    const read =
      (list ? await readList(catalogue, path, hooks) : undefined) ??
      (await valuesOf(catalogue, await filesOf(path), options));
    all.values.push(...read.values);
    all.quality.push(...read.quality);
    all.hashes.push(...read.hashes);
  }
  return all;
}

async function fitInput(read: FileValues, { catalogue, paths, pattern, list, hooks }: Wanted): Promise<FileValues> {
  const { hashes } = read;
  const quality = [...read.quality];
  let values = read.values.filter((value) => kindMatches(value.kind, pattern));
  if (values.length === 0) values = await convertTo(catalogue, read.values, pattern, hooks);
  if (values.length === 0) {
    const file = basename(paths[0]);
    const isList = read.values.some(({ metadata }) => metadata?.path !== undefined);
    throw new MsdtError(
      'input.missing',
      isList ? `No file of ${file} holds ${pattern}` : `${file} holds no ${pattern}`,
      {
        where: { file },
        detail: `found ${[...new Set(read.values.map(({ kind }) => kind))].join(', ')}`,
        hint:
          list && !isList && file.toLowerCase().endsWith('.csv')
            ? `Give a file that holds ${pattern}, or a list of such files: a CSV with a column "path".`
            : `Give a file that holds ${pattern}.`,
      },
    );
  }
  if (!list && values.length > 1) {
    values.sort((a, b) => sizeOf(b) - sizeOf(a));
    quality.push({
      code: 'input.several',
      severity: 'doubt',
      message: `${values.length} things of this kind were found; the largest was taken: ${values[0].name}.`,
    });
    values = values.slice(0, 1);
  }
  return { values, quality, hashes };
}

/** Hints for readers of formats that cannot know by themselves what they hold. */
function choicesFor(pattern: KindPattern): Record<string, string> {
  if (pattern.startsWith('labelmap.')) return { as: 'labels' };
  if (pattern.startsWith('volume.')) return { as: 'image' };
  if (pattern.startsWith('table.')) return { kind: pattern };
  return {};
}

/** Raw label maps become levels, bodies and discs through `label-import`; volumes of unknown kind are taken at the user's word. */
async function convertTo(
  catalogue: WorkCatalogue,
  values: readonly ArtifactValue[],
  pattern: KindPattern,
  hooks: ExecuteHooks,
): Promise<ArtifactValue[]> {
  if (pattern.startsWith('volume.') && pattern !== 'volume.*') {
    return values
      .filter((value) => value.kind.startsWith('volume.'))
      .map((value) => ({ ...value, kind: pattern as ArtifactValue['kind'] }));
  }
  const sources = values.filter((value) => value.kind === 'labelmap.source');
  if (!pattern.startsWith('labelmap.') || sources.length === 0) return [];
  const importer = await loadCapability(catalogue, 'label-import');
  const [role] = Object.keys(importer.inputs);
  const result = await executeCapability(importer, { [role]: sources }, {}, 0, { ...hooks, progress: () => undefined });
  return result.outputs
    .filter(({ draft }) => kindMatches(draft.kind, pattern))
    .map(({ draft }) => ({ ...sources[0], ...draft, quality: [...(draft.quality ?? []), ...result.quality] }));
}

function sizeOf(value: ArtifactValue): number {
  return (value.payload as { data?: { length: number } }).data?.length ?? 0;
}

/** Report of a run as it is printed and kept in `result.json`. */
export interface WrittenRun {
  capability: string;
  version: number;
  params: ParamValues;
  outputs: { role: string; kind: string; name: string; files: string[] }[];
  features: (FeatureDraft & { id: string })[];
  quality: QualityFlag[];
  provenance: Provenance;
  errors: never[];
}

/** Writes outputs in standard formats, `features.csv` and `result.json` into a folder; each file appears whole or not at all. */
export async function writeRun(result: FileRunResult, folder: string | undefined): Promise<WrittenRun> {
  const report: WrittenRun = {
    capability: result.capability.id,
    version: result.capability.version,
    params: result.params,
    outputs: [],
    features: result.features.map((feature) => ({ ...feature, id: featureId(feature) })),
    quality: result.quality,
    provenance: result.provenance,
    errors: [],
  };
  if (folder) await makeFolder(folder);
  for (const { role, draft, index } of result.outputs) {
    const alone = result.outputs.filter((other) => other.role === role).length === 1;
    const stem = alone ? role : `${role}-${draft.level ?? index + 1}`;
    const files = folder ? named([...(await encodeArtifact(draft)).files, ...(await recordingText(draft))], stem) : [];
    for (const file of files) await writeWhole(join(folder as string, file.name), file.bytes);
    report.outputs.push({ role, kind: draft.kind, name: draft.name, files: files.map((file) => file.name) });
  }
  if (folder) {
    if (report.features.length)
      await writeWhole(join(folder, 'features.csv'), new TextEncoder().encode(featuresCsv(report.features)));
    await writeWhole(join(folder, 'result.json'), new TextEncoder().encode(`${JSON.stringify(report, null, 2)}\n`));
  }
  return report;
}

/** The same files under the name of the role, so that scripts find them: `angles.csv`, `vertebrae-L4.stl`. */
function named(files: readonly WrittenFile[], stem: string): WrittenFile[] {
  return files.map((file) => ({ ...file, name: `${stem}${file.name.slice(file.name.indexOf('.'))}` }));
}

/** Features as CSV: one row each, unit, 90 % interval and the reason where there is no number. */
export function featuresCsv(features: readonly (Omit<FeatureDraft, 'evidence'> & { id: string })[]): string {
  const header = [
    'id',
    'definition',
    'level',
    'side',
    'value',
    'unit',
    'low90',
    'high90',
    'sd',
    'uncertainty',
    'posture',
    'quality',
    'method',
    'missing',
    'site',
    'task',
    'window',
    'start_s',
    'end_s',
  ];
  const rows = features.map((feature) => {
    const doubt = feature.uncertainty;
    const interval =
      doubt.kind === 'interval'
        ? [doubt.low, doubt.high, doubt.sd, doubt.method]
        : ['', '', '', doubt.kind === 'exact' ? doubt.method : doubt.reason];
    return [
      feature.id,
      feature.definition,
      feature.level,
      feature.side,
      feature.value,
      feature.unit,
      ...interval,
      feature.posture,
      feature.quality,
      feature.method,
      feature.missing,
      feature.site,
      feature.task,
      feature.window?.label,
      feature.window?.startS,
      feature.window?.endS,
    ];
  });
  return `${[header, ...rows].map((row) => row.map(csvCell).join(',')).join('\n')}\n`;
}

function csvCell(value: unknown): string {
  const text = value === undefined || value === null ? '' : String(value);
  const safe = /^[=+@\t\r]/.test(text) || (/^-/.test(text) && !Number.isFinite(Number(text))) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
