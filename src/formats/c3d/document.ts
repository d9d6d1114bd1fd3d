/** A C3D file as it is: header, every parameter group, raw samples. Reading and writing it loses nothing. */

import { latin1 } from '../bytes.ts';

/** Machine whose numbers the file holds: Intel, DEC (VAX) or SGI (MIPS). */
export type C3dProcessor = 'pc' | 'dec' | 'sgi';

/** Type of a parameter, as the file stores it. */
export type C3dType = 'text' | 'byte' | 'int16' | 'float32';

/** One parameter of a group. */
export interface C3dParameter {
  name: string;
  description: string;
  locked: boolean;
  type: C3dType;
  /** fastest first; none for a scalar; for text the first is the width of one entry */
  dimensions: number[];
  /** as many as the dimensions say; text as its bytes */
  values: Uint8Array | Int8Array | Int16Array | Float32Array;
}

/** One group of parameters. */
export interface C3dGroup {
  /** 1 to 127 */
  id: number;
  name: string;
  description: string;
  locked: boolean;
  parameters: C3dParameter[];
}

/** One of at most 18 events of the header. */
export interface C3dHeaderEvent {
  /** s */
  timeS: number;
  shown: boolean;
  /** at most 4 letters */
  label: string;
}

/** The first block of the file, decoded. */
export interface C3dHeader {
  points: number;
  /** analog samples of all channels that belong to one frame of points */
  analogPerFrame: number;
  firstFrame: number;
  lastFrame: number;
  /** frames over which a gap was filled */
  maxGap: number;
  /** multiplies whole-number coordinates; negative where samples are floats */
  scale: number;
  /** block where samples begin, counted from 1 */
  dataStart: number;
  /** samples of each channel that belong to one frame of points */
  samplesPerFrame: number;
  /** frames of points per second */
  rateHz: number;
  /** events have 4 letters (2 in the oldest files) */
  longLabels: boolean;
  events: C3dHeaderEvent[];
  /** words 13 to 149, without meaning of their own */
  reserved: Int16Array;
}

/** Rotations of segments that some systems store behind the frames. */
export interface C3dRotations {
  /** segments */
  used: number;
  /** 4×4 matrix, column by column, and its reliability (negative: not valid), segment by segment, frame by frame · [17 · used · frames] */
  values: Float32Array;
}

/** A whole C3D file. */
export interface C3dDocument {
  processor: C3dProcessor;
  header: C3dHeader;
  groups: C3dGroup[];
  /** frames that are really there */
  frames: number;
  /** x, y, z and the word of residual and cameras of each point, frame by frame; unscaled · [4 · P · F] */
  points: Float32Array | Int16Array;
  /** channel by channel, sample by sample; unscaled · [A · S · F] */
  analog: Float32Array | Int16Array;
  rotations?: C3dRotations;
}

/** A parameter by the names of its group and its own, whatever their case. */
export function findParameter(
  document: Pick<C3dDocument, 'groups'>,
  group: string,
  name: string,
): C3dParameter | undefined {
  const wanted = group.toUpperCase();
  for (const candidate of document.groups) {
    if (candidate.name.toUpperCase() !== wanted) continue;
    const found = candidate.parameters.find((parameter) => parameter.name.toUpperCase() === name.toUpperCase());
    if (found) return found;
  }
  return undefined;
}

/** Numbers of a parameter; none when it is absent or text. */
export function numbersOf(parameter: C3dParameter | undefined): number[] {
  return parameter && parameter.type !== 'text' ? Array.from(parameter.values) : [];
}

/** First number of a parameter. */
export function numberOf(parameter: C3dParameter | undefined): number | undefined {
  return parameter && parameter.type !== 'text' ? parameter.values[0] : undefined;
}

/** A whole number that writers store as a signed word although it counts beyond 32767. */
export function countOf(parameter: C3dParameter | undefined): number | undefined {
  const value = numberOf(parameter);
  if (value === undefined || !Number.isFinite(value)) return undefined;
  if (parameter?.type === 'int16' && value < 0) return value + 65_536;
  if (parameter?.type === 'byte' && value < 0) return value + 256;
  return Math.round(value);
}

/** Entries of a text parameter, without their padding; none when it is absent or no text. */
export function textsOf(parameter: C3dParameter | undefined): string[] {
  if (parameter?.type !== 'text') return [];
  const bytes = parameter.values as Uint8Array;
  const width = parameter.dimensions[0] ?? 1;
  if (width === 0) return [];
  return Array.from({ length: Math.floor(bytes.length / width) }, (_, index) =>
    plainText(bytes.subarray(index * width, (index + 1) * width)),
  );
}

/** Entries of NAME, NAME2, NAME3 …, as files with more than 255 points have them. */
export function allTextsOf(document: Pick<C3dDocument, 'groups'>, group: string, name: string): string[] {
  const texts = textsOf(findParameter(document, group, name));
  for (let next = 2; ; next++) {
    const more = findParameter(document, group, `${name}${next}`);
    if (!more) return texts;
    texts.push(...textsOf(more));
  }
}

/** Numbers of NAME, NAME2, NAME3 … */
export function allNumbersOf(document: Pick<C3dDocument, 'groups'>, group: string, name: string): number[] {
  const numbers = numbersOf(findParameter(document, group, name));
  for (let next = 2; ; next++) {
    const more = findParameter(document, group, `${name}${next}`);
    if (!more) return numbers;
    numbers.push(...numbersOf(more));
  }
}

/** Text that ends with blanks or zero bytes; UTF-8 where it is valid, else Latin-1. */
function plainText(bytes: Uint8Array): string {
  const zero = bytes.indexOf(0);
  const used = zero < 0 ? bytes : bytes.subarray(0, zero);
  if (used.every((byte) => byte < 128)) return latin1(used).trim();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(used).trim();
  } catch {
    return latin1(used).trim();
  }
}
