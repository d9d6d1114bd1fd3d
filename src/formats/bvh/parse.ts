/** The text of a BVH file: joints with their channels, and the numbers of every frame. */

import type { QualityFlag } from '../../model/index.ts';
import { fileError, latin1, truncatedError } from '../bytes.ts';
import { numberHint, parseRows } from '../text-numbers.ts';

/** What one channel moves. */
interface BvhChannel {
  turn: boolean;
  /** 0 x, 1 y, 2 z */
  axis: 0 | 1 | 2;
}

/** A joint, or the end of a chain. */
interface BvhJoint {
  name: string;
  parent: number;
  /** from the parent · file unit */
  offset: [number, number, number];
  channels: BvhChannel[];
  /** an end site: a place without motion of its own */
  end: boolean;
}

/** A BVH file as it is. */
export interface BvhDocument {
  joints: BvhJoint[];
  frames: number;
  frameTimeS: number;
  /** numbers of all channels, frame by frame */
  values: Float64Array;
  flags: QualityFlag[];
}

/** More joints than any skeleton has. */
const MOST_JOINTS = 4096;

/**
 * Parses a BVH file.
 * @throws MsdtError `file.malformed` with the line · `file.truncated`
 */
export function parseBvh(bytes: Uint8Array, file: string): BvhDocument {
  const motionAt = findMotion(bytes);
  const text = latin1(bytes, 0, Math.min(motionAt < 0 ? bytes.length : motionAt, 1 << 22));
  const joints = parseHierarchy(text, file);
  if (motionAt < 0) throw truncatedError(file, 'the line MOTION', 1, 0);
  const head = latin1(bytes, motionAt, Math.min(bytes.length, motionAt + 400));
  const found = /^MOTION\s+Frames\s*:\s*(\d+)\s+Frame\s+Time\s*:\s*([\d.eE+-]+)/.exec(head);
  const frameTimeS = Number(found?.[2]);
  if (!found || !(frameTimeS > 0) || !Number.isFinite(frameTimeS))
    throw bad(file, 'the lines after MOTION', 'they should say Frames and Frame Time');
  const perFrame = joints.reduce((sum, { channels }) => sum + channels.length, 0);
  if (perFrame === 0) throw bad(file, 'CHANNELS', 'no joint has a channel');
  const announced = Number(found[1]);
  const start = motionAt + found[0].length;
  const { values, rows: frames, bad: wrong } = parseRows(bytes, perFrame, { start, most: announced });
  if (frames === 0) {
    if (wrong?.text) throw bad(file, 'frame 1', wrong.text);
    throw truncatedError(file, 'first frame', bytes.length + 1, bytes.length);
  }
  const flags: QualityFlag[] = [];
  if (frames < announced)
    flags.push({
      code: 'bvh.frames',
      severity: 'fault',
      where: `frame ${frames + 1}`,
      message: wrong
        ? `The file announces ${announced} frames; frame ${wrong.row} does not hold ${perFrame} numbers, it and what follows were left out.`
        : `The file announces ${announced} frames, ${frames} can be read.`,
    });
  return { joints, frames, frameTimeS, values: values.subarray(0, frames * perFrame), flags };
}

function bad(file: string, place: string, detail: string) {
  return fileError('file.malformed', file, 'The BVH file cannot be understood', {
    place,
    detail,
    hint: numberHint(detail, 'Export the motion as BVH again.'),
  });
}

/** Byte where a line MOTION begins; -1 when there is none. */
function findMotion(bytes: Uint8Array): number {
  const word = [77, 79, 84, 73, 79, 78];
  for (let at = 0; at + word.length <= bytes.length; at++) {
    if (bytes[at] !== 77 || (at > 0 && bytes[at - 1] > 32)) continue;
    if (word.every((letter, index) => bytes[at + index] === letter) && !(bytes[at + 6] > 32)) return at;
  }
  return -1;
}

function parseHierarchy(text: string, file: string): BvhJoint[] {
  const joints: BvhJoint[] = [];
  const open: number[] = [];
  let waiting = -1;
  const lines = text.split(/\r\n|\r|\n/);
  for (const [index, line] of lines.entries()) {
    const words = line.trim().split(/\s+/);
    const place = `line ${index + 1}`;
    const head = words[0];
    if (head === '' || head === 'HIERARCHY') continue;
    if (head === 'ROOT' || head === 'JOINT' || head === 'End') {
      if (joints.length >= MOST_JOINTS) throw bad(file, place, `more than ${MOST_JOINTS} joints`);
      const parent = open.at(-1) ?? -1;
      const end = head === 'End';
      const name = end
        ? `${joints[parent]?.name ?? 'root'}.end`
        : words.slice(1).join(' ') || `joint ${joints.length + 1}`;
      joints.push({ name, parent, offset: [0, 0, 0], channels: [], end });
      waiting = joints.length - 1;
      if (words.at(-1) === '{') open.push(waiting);
    } else if (head === '{') open.push(waiting);
    else if (head === '}') open.pop();
    else if (head === 'OFFSET') {
      const joint = joints[open.at(-1) ?? -1];
      const [x, y, z] = words.slice(1).map(Number);
      if (!joint || !Number.isFinite(x + y + z)) throw bad(file, place, line.trim().slice(0, 60));
      joint.offset = [x, y, z];
    } else if (head === 'CHANNELS') {
      const joint = joints[open.at(-1) ?? -1];
      const channels = words.slice(2).map(channelOf);
      if (!joint || channels.length !== Number(words[1]) || channels.some((channel) => !channel))
        throw bad(file, place, line.trim().slice(0, 60));
      joint.channels = channels as BvhChannel[];
    } else throw bad(file, place, `"${line.trim().slice(0, 60)}" means nothing here`);
  }
  if (joints.length === 0) throw bad(file, 'HIERARCHY', 'no joint');
  return joints;
}

function channelOf(word: string): BvhChannel | undefined {
  const found = /^([XYZ])(position|rotation)$/i.exec(word);
  if (!found) return undefined;
  return { turn: /rotation/i.test(found[2]), axis: 'xyz'.indexOf(found[1].toLowerCase()) as 0 | 1 | 2 };
}
