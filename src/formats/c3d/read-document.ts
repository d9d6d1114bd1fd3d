/** Bytes of a C3D file to a document, whatever machine wrote it and however its counts contradict each other. */

import type { QualityFlag } from '../../model/index.ts';
import { fileError, MAX_ARRAY_BYTES, truncatedError } from '../bytes.ts';
import {
  type C3dDocument,
  type C3dHeader,
  type C3dProcessor,
  type C3dRotations,
  countOf,
  findParameter,
  numberOf,
} from './document.ts';
import { codecOf, readFloat32s, readInt16s } from './numbers.ts';
import { BLOCK, readParameters } from './parameters.ts';

const PROCESSORS: Record<number, C3dProcessor> = { 84: 'pc', 85: 'dec', 86: 'sgi' };

/** A document with what was doubtful about its file. */
export interface C3dReading {
  document: C3dDocument;
  flags: QualityFlag[];
}

/**
 * Reads a C3D file as it is, with every parameter and unscaled samples.
 *
 * Where header, parameters and length of the file disagree about how much there is, the bytes decide and a flag says so.
 *
 * @param bytes - the whole file
 * @param file - name for messages
 * @throws MsdtError `file.unrecognised` no C3D file · `file.truncated` no samples although some are announced · `file.malformed`
 */
export function readC3d(bytes: Uint8Array, file: string): C3dReading {
  if (bytes.length < BLOCK || bytes[1] !== 0x50)
    throw fileError('file.unrecognised', file, 'This is not a C3D file', {
      place: 'byte 1',
      detail:
        bytes.length < BLOCK ? `${bytes.length} bytes; the header alone takes ${BLOCK}` : `mark ${bytes[1]}, not 80`,
      hint: 'Export the recording as C3D again.',
    });
  const flags: QualityFlag[] = [];
  const section = Math.max(1, bytes[0] - 1) * BLOCK;
  if (section + 4 > bytes.length)
    throw truncatedError(file, `parameters at byte ${section}`, BLOCK, bytes.length - section);
  const processor = processorOf(bytes, section, flags);
  const header = readHeader(bytes, processor);
  const dataAt = (header.dataStart - 1) * BLOCK;
  const end = dataAt > section && dataAt <= bytes.length ? dataAt : bytes.length;
  const { groups, flags: doubts } = readParameters({ bytes, start: section + 4, end, processor, file });
  flags.push(...doubts);
  const layout = layoutOf(bytes, header, groups, file, flags);
  const { start, frames, points, analog, isFloat } = layout;
  const perFrame = 4 * points + analog;
  const document: C3dDocument = {
    processor,
    header,
    groups,
    frames,
    ...splitFrames(
      isFloat
        ? readFloat32s(bytes, start, frames * perFrame, processor)
        : readInt16s(bytes, start, frames * perFrame, processor),
      frames,
      4 * points,
      analog,
    ),
  };
  const rotations = readRotations(bytes, document, flags);
  return { document: rotations ? { ...document, rotations } : document, flags };
}

function processorOf(bytes: Uint8Array, section: number, flags: QualityFlag[]): C3dProcessor {
  const known = PROCESSORS[bytes[section + 3]];
  if (known) return known;
  flags.push({
    code: 'c3d.processor',
    severity: 'doubt',
    where: `byte ${section + 3}`,
    message: 'The file does not say which machine wrote it; it was read as an Intel file.',
  });
  return 'pc';
}

function readHeader(bytes: Uint8Array, processor: C3dProcessor): C3dHeader {
  const codec = codecOf(bytes, processor);
  const word = (index: number) => codec.uint16(2 * (index - 1));
  const real = (index: number) => codec.float32(2 * (index - 1));
  const count = Math.min(18, word(151));
  const longLabels = word(150) === 12_345;
  const letters = longLabels ? 4 : 2;
  const events = Array.from({ length: count }, (_, index) => ({
    timeS: real(153 + 2 * index),
    shown: bytes[376 + index] === 0,
    label: String.fromCharCode(
      ...bytes.subarray(396 + letters * index, 396 + letters * (index + 1)).filter((byte) => byte >= 32),
    ).trimEnd(),
  }));
  return {
    points: word(2),
    analogPerFrame: word(3),
    firstFrame: word(4),
    lastFrame: word(5),
    maxGap: word(6),
    scale: real(7),
    dataStart: word(9),
    samplesPerFrame: word(10),
    rateHz: real(11),
    longLabels,
    events,
    reserved: Int16Array.from({ length: 137 }, (_, index) => codec.int16(2 * (12 + index))),
  };
}

interface Layout {
  start: number;
  frames: number;
  points: number;
  /** analog samples of one frame */
  analog: number;
  isFloat: boolean;
}

function layoutOf(
  bytes: Uint8Array,
  header: C3dHeader,
  groups: C3dDocument['groups'],
  file: string,
  flags: QualityFlag[],
): Layout {
  const find = (group: string, name: string) => findParameter({ groups }, group, name);
  const startBlock = firstDataBlock(bytes, header, countOf(find('POINT', 'DATA_START')), flags);
  const start = (startBlock - 1) * BLOCK;
  const scale = numberOf(find('POINT', 'SCALE')) || header.scale;
  const points = countOf(find('POINT', 'USED')) ?? header.points;
  const announced = announcedFrames(header, find);
  if (points !== header.points) flags.push(disagreement('points', header.points, points));
  const isFloat = scale < 0;
  const width = isFloat ? 4 : 2;
  const room = (bytes.length - start) / width - announced * 4 * points;
  const analog = analogWords(header, find, { announced, room, block: BLOCK / width }, flags);
  const frameBytes = width * (4 * points + analog);
  if (frameBytes === 0 || announced === 0)
    return { start, frames: frameBytes ? 0 : announced, points, analog, isFloat };
  if (start < BLOCK || start >= bytes.length)
    throw truncatedError(file, `samples from block ${startBlock}`, announced * frameBytes, bytes.length - start);
  const stored = Math.floor((bytes.length - start) / frameBytes);
  if (stored === 0) throw truncatedError(file, `frame 1, byte ${start}`, frameBytes, bytes.length - start);
  if (stored < announced)
    flags.push({
      code: 'c3d.frames-missing',
      severity: 'fault',
      where: `frame ${stored + 1}`,
      message: `The file announces ${announced} frames and holds ${stored}; the recording ends early.`,
    });
  const frames = Math.min(stored, announced);
  if (frames * frameBytes * (isFloat ? 1 : 2) > MAX_ARRAY_BYTES)
    throw fileError('file.too-large', file, 'The recording is larger than this program opens', {
      place: 'header',
      detail: `${frames} frames of ${frameBytes} bytes`,
      hint: 'Cut it into trials.',
    });
  return { start, frames, points, analog, isFloat };
}

/** The block where samples begin: the header's, or the parameter's where the header points into itself or past the end. */
function firstDataBlock(
  bytes: Uint8Array,
  { dataStart }: C3dHeader,
  stated: number | undefined,
  flags: QualityFlag[],
): number {
  const parameters = Math.max(2, bytes[0]);
  const holds = (block = 0) => block > parameters && (block - 1) * BLOCK < bytes.length;
  if (holds(dataStart) || !holds(stated)) return dataStart || stated || 0;
  flags.push({
    code: 'c3d.header-disagrees',
    severity: 'doubt',
    where: 'header',
    message: `The header places the samples at block ${dataStart}, the parameters at block ${stated}; the parameters were believed.`,
  });
  return stated as number;
}

/**
 * Analog numbers of a frame. The header says it; where that leaves the file too long or too short, and channels times samples a
 * frame fill it exactly, those are believed.
 */
function analogWords(
  header: C3dHeader,
  find: (group: string, name: string) => ReturnType<typeof findParameter>,
  { announced, room, block }: { announced: number; room: number; block: number },
  flags: QualityFlag[],
): number {
  const stated = header.analogPerFrame;
  const used = countOf(find('ANALOG', 'USED')) ?? 0;
  const ratio = Math.round(
    (numberOf(find('ANALOG', 'RATE')) ?? 0) / (numberOf(find('POINT', 'RATE')) || header.rateHz),
  );
  const left = (words: number) => room - announced * words;
  const fills = (words: number) => left(words) >= 0 && left(words) < block;
  const others = [used * header.samplesPerFrame, used * ratio].filter((words) => words > 0 && words !== stated);
  if (fills(stated)) return stated;
  const better = others.find(fills);
  if (better === undefined) return stated;
  flags.push(disagreement('analog numbers a frame', stated, better));
  return better;
}

function disagreement(what: string, header: number, parameters: number): QualityFlag {
  return {
    code: 'c3d.header-disagrees',
    severity: 'doubt',
    where: 'header',
    message: `The header counts ${header} ${what}, the parameters ${parameters}; the parameters were believed.`,
  };
}

/**
 * How many frames the file says it has. The header's words end at 65535, so longer recordings say it elsewhere; where the
 * places disagree the widest field that was filled in counts.
 */
function announcedFrames(
  header: C3dHeader,
  find: (group: string, name: string) => ReturnType<typeof findParameter>,
): number {
  const first = find('TRIAL', 'ACTUAL_START_FIELD');
  const last = find('TRIAL', 'ACTUAL_END_FIELD');
  const long = countOf(find('POINT', 'LONG_FRAMES'));
  const plain = countOf(find('POINT', 'FRAMES'));
  const inHeader = header.lastFrame - header.firstFrame + 1;
  if (long && long > 0) return long;
  const wide = doubleWord(first) !== undefined && doubleWord(last) !== undefined;
  const actual = wide ? (doubleWord(last) as number) - (doubleWord(first) as number) + 1 : 0;
  // a word that is full says only "at least"
  const saturated = header.lastFrame === 65_535 || plain === 65_535;
  if (actual > 0 && (saturated || actual === plain || actual === inHeader)) return actual;
  if (plain && plain > 0 && plain !== 65_535) return plain;
  if (actual > 0) return actual;
  return Math.max(0, inHeader);
}

/** Two words, the lower first. */
function doubleWord(parameter: ReturnType<typeof findParameter>): number | undefined {
  if (parameter?.type !== 'int16' || parameter.values.length < 2) return undefined;
  const [low, high] = parameter.values;
  return (low & 0xffff) + 65_536 * (high & 0xffff);
}

function splitFrames<Values extends Float32Array | Int16Array>(
  all: Values,
  frames: number,
  pointWords: number,
  analogWords: number,
): { points: Values; analog: Values } {
  const Type = all.constructor as new (length: number) => Values;
  if (analogWords === 0) return { points: all, analog: new Type(0) };
  if (pointWords === 0) return { points: new Type(0), analog: all };
  const points = new Type(frames * pointWords);
  const analog = new Type(frames * analogWords);
  // plain loops: a frame is too short for a copy of its own to pay
  for (let frame = 0, at = 0, point = 0, sample = 0; frame < frames; frame++) {
    for (let word = 0; word < pointWords; word++) points[point++] = all[at++];
    for (let word = 0; word < analogWords; word++) analog[sample++] = all[at++];
  }
  return { points, analog };
}

function readRotations(bytes: Uint8Array, document: C3dDocument, flags: QualityFlag[]): C3dRotations | undefined {
  const used = countOf(findParameter(document, 'ROTATION', 'USED')) ?? 0;
  const block = countOf(findParameter(document, 'ROTATION', 'DATA_START')) ?? 0;
  if (used <= 0 || block <= 1) return undefined;
  const ratio = Math.max(1, countOf(findParameter(document, 'ROTATION', 'RATIO')) ?? 1);
  const start = (block - 1) * BLOCK;
  const stored = Math.floor((bytes.length - start) / (17 * 4 * used));
  const frames = Math.min(document.frames * ratio, Math.max(0, stored));
  if (frames < document.frames * ratio)
    flags.push({
      code: 'c3d.rotations-missing',
      severity: 'fault',
      where: `block ${block}`,
      message: `Rotations of ${document.frames * ratio} frames are announced, ${frames} are there.`,
    });
  if (frames === 0) return undefined;
  return { used, values: readFloat32s(bytes, start, frames * used * 17, document.processor) };
}
