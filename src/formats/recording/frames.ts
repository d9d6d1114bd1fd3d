/**
 * Numbered surface and cloud files as one sequence: `mesh_0001.obj`, `mesh_0002.obj` … become one moving body, not many bodies.
 *
 * Files make a sequence when their names differ in the last number alone and either all have the same triangles, or there are at
 * least five with numbers padded to three digits or more. So `L1.ply` … `L5.ply` stay five vertebrae.
 * `choices.sequence` = `yes` or `no` overrules it; `choices.rateHz` is the rate at which frames were numbered.
 */

import type {
  ArtifactDraft,
  AxisDirection,
  CloudSequence,
  Mesh,
  MeshSequence,
  QualityFlag,
  ReadItem,
  ReadOptions,
  ReadReport,
  SourceFile,
} from '../../model/index.ts';
import { AXIS_DIRECTIONS, MsdtError } from '../../model/index.ts';
import { baseName } from '../bytes.ts';
import { choiceOf, readEach } from '../report.ts';

/** Rate taken where nobody says · Hz */
const USUAL_RATE_HZ = 30;

const FEWEST_PADDED = 5;
const PADDED_DIGITS = 3;

/** mm in the unit that a surface of less than 3 mm was surely written in */
const MM_PER_M = 1000;

interface Frame {
  item: ReadItem;
  number: number;
  digits: number;
}

/**
 * Reads files one by one, then joins the frames of sequences.
 * @param up - axis that points up after reading, where the format says so
 */
export async function readFrames(
  files: readonly SourceFile[],
  options: ReadOptions,
  readOne: (file: SourceFile) => Promise<ReadItem[]>,
  up?: AxisDirection,
): Promise<ReadReport> {
  const report = await readEach(files, options, readOne);
  return { ...report, items: joinFrames(report.items, options, up) };
}

/** Items with those that are frames of one sequence joined; order kept. */
function joinFrames(items: readonly ReadItem[], options: ReadOptions, up?: AxisDirection): ReadItem[] {
  const wish = choiceOf(options.choices, 'sequence', ['auto', 'yes', 'no']) ?? 'auto';
  const groups = new Map<string, Frame[]>();
  const keys = items.map((item) => {
    const frame = wish === 'no' ? undefined : frameOf(item);
    if (!frame) return undefined;
    const group = groups.get(frame.key);
    if (group) group.push(frame);
    else groups.set(frame.key, [frame]);
    return frame.key;
  });
  const done = new Set<string>();
  return items.flatMap((item, index): ReadItem[] => {
    const key = keys[index];
    const group = key === undefined ? undefined : groups.get(key);
    if (!group || key === undefined || !isSequence(group, wish)) return [item];
    if (done.has(key)) return [];
    done.add(key);
    return [joined(group, key, options, up)];
  });
}

/** The number at the end of the name, and what is before it. */
function frameOf(item: ReadItem): (Frame & { key: string }) | undefined {
  if (item.artifacts.length !== 1 || item.files.length !== 1) return undefined;
  const { kind } = item.artifacts[0];
  if (kind !== 'mesh.other' && kind !== 'sequence.cloud') return undefined;
  const [file] = item.files;
  const found = /^(.*?)(\d+)([^\d/]*)$/.exec(file);
  if (!found) return undefined;
  return { item, number: Number(found[2]), digits: found[2].length, key: `${kind} ${found[1]}#${found[3]}` };
}

function isSequence(group: readonly Frame[], wish: string): boolean {
  if (group.length < 2) return false;
  if (wish === 'yes') return true;
  if (group.length >= FEWEST_PADDED && group.every(({ digits }) => digits >= PADDED_DIGITS)) return true;
  const meshes = group.map(({ item }) => item.artifacts[0]).filter(({ kind }) => kind === 'mesh.other');
  return meshes.length === group.length && sameTriangles(meshes.map(({ payload }) => payload as Mesh));
}

function sameTriangles(meshes: readonly Mesh[]): boolean {
  const [first, ...rest] = meshes;
  return rest.every(
    ({ triangles, positions }) =>
      positions.length === first.positions.length &&
      triangles.length === first.triangles.length &&
      triangles.every((vertex, index) => vertex === first.triangles[index]),
  );
}

function joined(group: Frame[], key: string, options: ReadOptions, up?: AxisDirection): ReadItem {
  const frames = [...group].sort((a, b) => a.number - b.number);
  const stem = baseName(key.slice(key.indexOf(' ') + 1).replace(/#.*$/, '')).replace(/[-_. ]+$/, '');
  const folder = key
    .slice(key.indexOf(' ') + 1)
    .split('/')
    .at(-2);
  const clock = stem && !/^(mesh|frame|cloud|scan|surface)$/i.test(stem) ? stem : (folder ?? (stem || 'sequence'));
  const quality: QualityFlag[] = [];
  const time = timesOf(frames, options, quality);
  const { artifacts, metadata } = frames[0].item;
  const [{ kind }] = artifacts;
  const scale = scaleOf(frames, quality);
  const base = { clock, ...time, frame: 'lab' as const, ...upOf(options, up) };
  const payloads = frames.map(({ item }) => item.artifacts[0].payload);
  const artifact: ArtifactDraft =
    kind === 'mesh.other'
      ? { kind: 'sequence.mesh', payload: meshSequence(payloads as Mesh[], scale, base), name: 'Moving surface' }
      : {
          kind: 'sequence.cloud',
          payload: cloudSequence(payloads as CloudSequence[], scale, base),
          name: 'Moving points',
        };
  const triangles = kind === 'mesh.other' ? (artifact.payload as MeshSequence).triangles.length : undefined;
  return {
    modality: 'video3d',
    artifacts: [artifact],
    files: frames.map(({ item }) => item.files[0]),
    quality,
    metadata: {
      format: String(metadata.format ?? ''),
      frames: frames.length,
      rateHz: String(Number(time.rateHz.toPrecision(9))),
      unit: scale === 1 ? String(metadata.unit ?? 'mm') : 'm, as its size says',
      ...(triangles === undefined ? {} : { correspondence: triangles === 1 ? 'yes' : 'no' }),
    },
  };
}

function upOf(options: ReadOptions, up?: AxisDirection): { up?: AxisDirection } {
  const chosen = choiceOf(options.choices, 'up', AXIS_DIRECTIONS) ?? up;
  return chosen ? { up: chosen } : {};
}

/** Rate the user gave, in Hz. */
export function rateChoice(options: ReadOptions): number | undefined {
  const text = options.choices?.rateHz;
  if (text === undefined) return undefined;
  const rate = Number(text);
  if (rate > 0 && Number.isFinite(rate)) return rate;
  throw new MsdtError('parameter.invalid', `The choice rateHz cannot be "${text}"`, {
    where: { place: 'choices.rateHz' },
    hint: 'Give frames or samples per second as a positive number.',
  });
}

/** Frames that were left out show in the numbers: `0001, 0008, 0015` run at a seventh of the rate. */
function timesOf(
  frames: readonly Frame[],
  options: ReadOptions,
  quality: QualityFlag[],
): { startS: number; rateHz: number; timeS?: Float64Array } {
  const chosen = rateChoice(options);
  if (chosen === undefined)
    quality.push({
      code: 'motion.nominal-rate',
      severity: 'doubt',
      message: `The files carry no times: ${USUAL_RATE_HZ} numbered frames a second were taken. Give the choice rateHz.`,
    });
  const rate = chosen ?? USUAL_RATE_HZ;
  const first = frames[0].number;
  const step = frames[1].number - first;
  if (step > 0 && frames.every(({ number }, index) => number === first + index * step))
    return { startS: 0, rateHz: rate / step };
  const timeS = Float64Array.from(frames, ({ number }) => (number - first) / rate);
  const length = timeS[timeS.length - 1];
  return { startS: 0, rateHz: length > 0 ? (timeS.length - 1) / length : rate, timeS };
}

/** Nothing that moves and is worth filming is smaller than 3 mm: then the numbers are metres. */
function scaleOf(frames: readonly Frame[], quality: QualityFlag[]): number {
  const small = frames.every(({ item }) =>
    item.quality.some(({ code, message }) => code === 'mesh.unit-doubt' && message.includes('metres')),
  );
  if (!small) return 1;
  const message = 'The files do not say their unit; after the size of the body it was taken to be the metre.';
  quality.push({ code: 'mesh.unit-doubt', severity: 'info', message });
  return MM_PER_M;
}

type Base = Pick<MeshSequence, 'clock' | 'startS' | 'rateHz' | 'timeS' | 'frame' | 'up'>;

function meshSequence(meshes: readonly Mesh[], scale: number, base: Base): MeshSequence {
  const sequence: MeshSequence = {
    ...base,
    positions: meshes.map(({ positions }) => scaled(positions, scale)),
    triangles: sameTriangles(meshes) ? [meshes[0].triangles] : meshes.map(({ triangles }) => triangles),
  };
  const pointData = commonData(meshes.map(({ vertexData }) => vertexData ?? {}));
  return pointData ? { ...sequence, pointData } : sequence;
}

function cloudSequence(clouds: readonly CloudSequence[], scale: number, base: Base): CloudSequence {
  const sequence: CloudSequence = { ...base, positions: clouds.map(({ positions }) => scaled(positions[0], scale)) };
  const pointData = commonData(
    clouds.map(({ pointData: data = {} }) =>
      Object.fromEntries(Object.entries(data).map(([name, values]) => [name, values[0]])),
    ),
  );
  return pointData ? { ...sequence, pointData } : sequence;
}

function scaled(positions: Float32Array, scale: number): Float32Array {
  return scale === 1 ? positions : positions.map((value) => value * scale);
}

/** Values that every frame has. */
function commonData(
  frames: readonly Record<string, Float32Array | Uint8Array>[],
): Record<string, Float32Array[]> | undefined {
  const names = Object.keys(frames[0]).filter((name) => frames.every((frame) => name in frame));
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, frames.map((frame) => Float32Array.from(frame[name]))]));
}
