/** Numbered depth pictures as one sequence per folder, with the camera file that lies beside them. */

import type { DepthSequence, QualityFlag, ReadItem, ReadOptions, ReadReport, SourceFile } from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { baseName, fileError, MAX_ARRAY_BYTES, MAX_TEXT_BYTES } from '../bytes.ts';
import { clockOf, rateChoice } from '../recording/index.ts';
import { asFileError } from '../report.ts';
import { type CameraFile, nominalCamera, parseCamera } from './camera.ts';
import { readGreyPng } from './png.ts';

const USUAL_RATE_HZ = 30;
const MM_PER_M = 1000;

interface Picture {
  file: SourceFile;
  number: number;
}

interface Folder {
  pictures: Picture[];
  camera?: { name: string; said: CameraFile };
}

/** Reads all pictures; those of one folder make one item. */
export async function readDepth(files: readonly SourceFile[], options: ReadOptions): Promise<ReadReport> {
  const report: ReadReport = { items: [], skipped: [], errors: [] };
  const folders = new Map<string, Folder>();
  const at = (name: string): Folder => {
    const key = name.slice(0, name.lastIndexOf('/') + 1);
    const folder = folders.get(key) ?? { pictures: [] };
    folders.set(key, folder);
    return folder;
  };
  for (const file of files) {
    if (!/\.json$/i.test(file.name)) {
      const digits = /(\d+)\D*$/.exec(baseName(file.name))?.[1];
      at(file.name).pictures.push({ file, number: digits ? Number(digits) : 0 });
      continue;
    }
    try {
      const text = new TextDecoder().decode(await readWhole(file, MAX_TEXT_BYTES));
      at(file.name).camera = { name: file.name, said: parseCamera(text, file.name) };
    } catch (error) {
      report.errors.push({ file: file.name, error: asFileError(error, file.name) });
    }
  }
  for (const [key, folder] of folders) {
    // a camera file may lie one folder above its pictures
    const parent = key.replace(/[^/]*\/$/, '');
    folder.camera ??= folders.get(parent)?.camera;
    if (folder.pictures.length > 0) await readFolder(folder, key, options, report);
  }
  const used = new Set(report.items.flatMap((item) => item.files));
  for (const { camera } of folders.values())
    if (camera && !used.has(camera.name) && !report.skipped.some(({ file }) => file === camera.name))
      report.skipped.push({ file: camera.name, reason: 'a camera without depth pictures beside it' });
  options.progress?.(1);
  return report;
}

async function readFolder(folder: Folder, key: string, options: ReadOptions, report: ReadReport): Promise<void> {
  const pictures = [...folder.pictures].sort((a, b) => a.number - b.number || (a.file.name < b.file.name ? -1 : 1));
  const kept: { number: number; name: string; values: Uint16Array }[] = [];
  let size: { width: number; height: number } | undefined;
  for (const [index, { file, number }] of pictures.entries()) {
    options.signal?.throwIfAborted();
    options.progress?.(index / pictures.length, file.name);
    try {
      const { width, height, values } = readGreyPng(await readWhole(file), file.name);
      size ??= { width, height };
      check(file.name, { width, height }, size, pictures.length);
      kept.push({ number, name: file.name, values });
    } catch (error) {
      report.errors.push({ file: file.name, error: asFileError(error, file.name) });
    }
  }
  if (size && kept.length > 0) report.items.push(itemOf(kept, size, folder.camera, key, options));
}

function check(
  file: string,
  { width, height }: { width: number; height: number },
  size: { width: number; height: number },
  count: number,
): void {
  if (width !== size.width || height !== size.height)
    throw fileError('series.inconsistent', file, 'The picture has another size than those before it', {
      place: 'IHDR',
      detail: `${width} × ${height} after ${size.width} × ${size.height}`,
      hint: 'Put the pictures of each camera into a folder of their own.',
    });
  if (width * height * count * 2 > MAX_ARRAY_BYTES)
    throw fileError('file.too-large', file, 'The depth pictures need more memory than this program takes', {
      place: 'whole folder',
      detail: `${count} pictures of ${width} × ${height}`,
      hint: 'Split the sequence.',
    });
}

function itemOf(
  frames: readonly { number: number; name: string; values: Uint16Array }[],
  { width, height }: { width: number; height: number },
  camera: Folder['camera'],
  key: string,
  options: ReadOptions,
): ReadItem {
  const quality: QualityFlag[] = [];
  const rate = rateChoice(options) ?? camera?.said.rateHz;
  if (rate === undefined)
    quality.push({
      code: 'motion.nominal-rate',
      severity: 'doubt',
      message: `The pictures carry no times: ${USUAL_RATE_HZ} a second were taken. Give the choice rateHz.`,
    });
  const scale = MM_PER_M / (camera?.said.unitsPerM ?? MM_PER_M);
  const depthMm = new Uint16Array(width * height * frames.length);
  for (const [index, { values }] of frames.entries()) {
    const target = depthMm.subarray(index * values.length, (index + 1) * values.length);
    if (scale === 1) target.set(values);
    else for (let at = 0; at < values.length; at++) target[at] = Math.min(65_535, Math.round(values[at] * scale));
  }
  const intrinsics = camera
    ? { ...camera.said.intrinsics, source: baseName(camera.name) }
    : nominalCamera(width, height);
  if (!camera)
    quality.push({
      code: 'depth.nominal-camera',
      severity: 'doubt',
      message: `No camera file lies beside the pictures; intrinsics are ${intrinsics.source}. Add a JSON with fx, fy, cx, cy.`,
    });
  const payload: DepthSequence = {
    clock: key ? (key.split('/').at(-2) ?? clockOf(frames[0].name)) : clockOf(frames[0].name),
    ...timesOf(frames, rate ?? USUAL_RATE_HZ),
    width,
    height,
    depthMm,
    intrinsics,
  };
  return {
    modality: 'video3d',
    artifacts: [{ kind: 'sequence.depth', payload, name: 'Depth pictures' }],
    files: [...frames.map(({ name }) => name), ...(camera ? [camera.name] : [])],
    quality,
    metadata: { format: 'Depth PNG', frames: frames.length, width, height, rateHz: String(payload.rateHz) },
  };
}

/** Missing numbers are missing frames. */
function timesOf(
  frames: readonly { number: number }[],
  rateHz: number,
): { startS: number; rateHz: number; timeS?: Float64Array } {
  const first = frames[0].number;
  const even = frames.every(({ number }, index) => number === first + index);
  const rises = frames.every(({ number }, index) => index === 0 || number > frames[index - 1].number);
  // numbers far apart are time stamps, not counts
  const span = frames[frames.length - 1].number - first;
  if (even || !rises || span > 100 * frames.length) return { startS: 0, rateHz };
  return {
    startS: 0,
    rateHz: ((frames.length - 1) / span) * rateHz,
    timeS: Float64Array.from(frames, ({ number }) => (number - first) / rateHz),
  };
}
