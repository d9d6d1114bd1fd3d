/** `msdt simulate`: writes a virtual subject, still or moving, every file marked SYNTHETIC, with its truth beside it. */

import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import {
  MOTION_TASKS,
  MOTIONS,
  type MotionParams,
  type MovingSubject,
  RECORDS,
  type RecordedMotion,
  type RecordParams,
  SCANNED_AT,
  SUBJECTS,
  type SubjectParams,
  simulateMotion,
  simulateRecord,
  simulateSubject,
  type VirtualSubject,
} from '../../../fixtures/synth/index.ts';
import { dicom } from '../../formats/dicom/index.ts';
import { fhir } from '../../formats/fhir/index.ts';
import { nifti } from '../../formats/nifti/index.ts';
import { writeMotionParquet } from '../../formats/parquet/index.ts';
import { ArgumentError, type ArtifactKind, type PayloadByKind } from '../../model/index.ts';
import { makeFolder, writeWhole } from '../../runtime/index.ts';
import { collect, ProgressLine, printResult, splitPair } from '../terminal.ts';

interface SimulateOptions {
  out: string;
  preset?: string;
  seed?: string;
  spacing?: string;
  set: string[];
  dicom?: boolean;
  motion?: string;
  takenAt?: string;
  json?: boolean;
}

type Piece = 'ct' | 'vertebrae' | 'bodies' | 'discs' | 'anatomy';
const KINDS: Record<Piece, ArtifactKind> = {
  ct: 'volume.ct',
  vertebrae: 'labelmap.vertebrae',
  bodies: 'labelmap.bodies',
  discs: 'labelmap.discs',
  anatomy: 'labelmap.anatomy',
};

export function addSimulateCommand(program: Command): void {
  program
    .command('simulate')
    .description('make a virtual subject: CT, label maps and their exact truth (SYNTHETIC)')
    .requiredOption('-o, --out <folder>', 'where to')
    .option('--preset <name>', `start from ${Object.keys(SUBJECTS).join(', ')}`)
    .option('--seed <number>', 'seed of everything that is not prescribed')
    .option('--spacing <mm>', 'voxel size')
    .option('-s, --set <param=value>', 'any parameter of docs/virtual-subject.md; JSON values allowed', collect, [])
    .option('--dicom', 'write the CT as a DICOM series too')
    .option('--motion <task>', `recordings of the moving subject instead: ${MOTION_TASKS.join(', ')}`)
    .option('--taken-at <date>', 'when the motion was recorded, ISO 8601')
    .option('--json', 'print the result as JSON')
    .action(async (options: SimulateOptions) => {
      const moving = options.motion === undefined ? undefined : simulateMotion(motionParamsOf(options));
      const subject = moving ?? simulateSubject(paramsOf(options));
      const files = moving
        ? await writeMotion(
            moving,
            { out: options.out, takenAt: options.takenAt, protocol: options.motion },
            options.json,
          )
        : [
            ...(await writeSubject(subject as VirtualSubject, options)),
            ...(await writePresetMotions(options)),
            ...(await writePresetRecord(options)),
          ];
      const { name, seed, truth } = subject;
      printResult(
        { name, seed, synthetic: true, folder: options.out, files, truth: options.json ? truth : undefined },
        options.json === true,
        () => console.log(`${name} (SYNTHETIC, seed ${seed}): ${files.length} files written to ${options.out}`),
      );
    });
}

function motionParamsOf(options: SimulateOptions): MotionParams {
  const params: Record<string, unknown> = { task: options.motion };
  for (const pair of options.set) {
    const [name, value] = splitPair(pair);
    params[name] = parseValue(value);
  }
  if (options.seed !== undefined) params.seed = numberOf('--seed', options.seed);
  return params;
}

function paramsOf(options: SimulateOptions): SubjectParams {
  const presets: Record<string, SubjectParams> = SUBJECTS;
  const preset = options.preset === undefined ? {} : presets[options.preset];
  if (!preset) throw new ArgumentError('--preset', options.preset, Object.keys(SUBJECTS).join(', '));
  const params: Record<string, unknown> = { ...preset };
  for (const pair of options.set) {
    const [name, value] = splitPair(pair);
    params[name] = parseValue(value);
  }
  if (options.seed !== undefined) params.seed = numberOf('--seed', options.seed);
  if (options.spacing !== undefined) params.spacingMm = numberOf('--spacing', options.spacing);
  return params;
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value)) throw new ArgumentError(name, text, 'a number');
  return value;
}

/** Writes a file whole or not at all, and remembers its name. */
function writerInto(folder: string, written: string[]): (name: string, bytes: Uint8Array) => Promise<void> {
  return async (name, bytes) => {
    const path = join(folder, name);
    await makeFolder(dirname(path));
    await writeWhole(path, bytes);
    written.push(name);
  };
}

function truthBytes(truth: object): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ SYNTHETIC: true, ...truth }, plainNumbers, 2)}\n`);
}

function plainNumbers(_: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
}

/** Where recordings go and what their files say. */
interface MotionTarget {
  out: string;
  takenAt?: string;
  protocol?: string;
}

/** Recordings of a preset's subject, each in a folder of its own. */
async function writePresetMotions(options: SimulateOptions): Promise<string[]> {
  const presets: Record<string, readonly RecordedMotion[]> = MOTIONS;
  const files: string[] = [];
  for (const motion of presets[options.preset ?? ''] ?? []) {
    const folder = join('motion', motion.label.replaceAll(' ', '-'));
    const target = { out: join(options.out, folder), takenAt: motion.takenAt, protocol: motion.task };
    const written = await writeMotion(simulateMotion(motion), target, options.json);
    files.push(...written.map((name) => join(folder, name)));
  }
  return files;
}

async function writeMotion(subject: MovingSubject, target: MotionTarget, quiet = false): Promise<string[]> {
  const written: string[] = [];
  const write = writerInto(target.out, written);
  const line = new ProgressLine(quiet);
  const pieces = [
    ['emg', 'signal.emg'],
    ['imu', 'signal.imu'],
    ['skeleton', 'sequence.skeleton'],
    ['skin', 'sequence.mesh'],
    ['depth', 'sequence.depth'],
  ] as const;
  const about = { synthetic: true, takenAt: target.takenAt, protocol: target.protocol };
  for (const [at, [name, kind]] of pieces.entries()) {
    line.update(at / pieces.length, `making ${name}`);
    const file = writeMotionParquet({ kind, payload: subject[name], name: `${subject.name} ${name}` }, about);
    await write(`${name}.parquet`, file.bytes);
  }
  await write('truth.json', truthBytes(subject.truth));
  line.done();
  return written;
}

async function writeSubject(subject: VirtualSubject, options: SimulateOptions): Promise<string[]> {
  await makeFolder(options.out);
  const line = new ProgressLine(options.json === true);
  const written: string[] = [];
  const write = writerInto(options.out, written);
  const pieces = Object.keys(KINDS) as Piece[];
  for (const [at, piece] of pieces.entries()) {
    line.update(at / pieces.length, `making ${piece}`);
    const artifact = { kind: KINDS[piece], payload: subject[piece] as PayloadByKind[ArtifactKind], name: piece };
    for (const file of (await nifti.write?.(artifact, { choices: { compress: 'gzip', description: 'SYNTHETIC' } })) ??
      [])
      await write(file.name, file.bytes);
    if (piece === 'ct' && options.dicom)
      for (const file of (await dicom.write?.(artifact, { choices: { synthetic: 'true', ...scanDate(options) } })) ??
        [])
        await write(join('dicom', file.name), file.bytes);
  }
  await write('truth.json', truthBytes(subject.truth));
  line.done();
  return written;
}

/** The day of the scan: as told, else that of the preset. */
function scanDate({ takenAt, preset }: SimulateOptions): { takenAt?: string } {
  const dates: Record<string, string> = SCANNED_AT;
  const day = takenAt ?? dates[preset ?? ''];
  return day === undefined ? {} : { takenAt: day };
}

/** The clinical record of a preset's subject, as a FHIR bundle. */
async function writePresetRecord(options: SimulateOptions): Promise<string[]> {
  const presets: Record<string, RecordParams> = RECORDS;
  const params = presets[options.preset ?? ''];
  if (!params) return [];
  const written: string[] = [];
  const artifact = { kind: 'record.clinical', payload: simulateRecord(params), name: 'record' } as const;
  for (const file of (await fhir.write?.(artifact)) ?? [])
    await writerInto(options.out, written)(file.name, file.bytes);
  return written;
}
