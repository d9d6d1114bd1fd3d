/** The parameter section of a C3D file: groups and their parameters. */

import type { QualityFlag } from '../../model/index.ts';
import { fileError, latin1 } from '../bytes.ts';
import type { C3dGroup, C3dParameter, C3dProcessor, C3dType } from './document.ts';
import { codecOf, readFloat32s, readInt16s, writeValues } from './numbers.ts';

const TYPES: Record<number, C3dType> = { [-1]: 'text', 1: 'byte', 2: 'int16', 4: 'float32' };
const CODES: Record<C3dType, number> = { text: -1, byte: 1, int16: 2, float32: 4 };

/** Bytes of a block. */
export const BLOCK = 512;

/** Where a parameter section lies. */
export interface ParameterSection {
  bytes: Uint8Array;
  /** byte of the first record */
  start: number;
  /** byte that no record passes */
  end: number;
  processor: C3dProcessor;
  file: string;
}

/**
 * Reads groups and parameters until the section ends. A record that does not fit ends the section, with a flag; what was
 * read before it stands.
 */
export function readParameters(section: ParameterSection): { groups: C3dGroup[]; flags: QualityFlag[] } {
  const { bytes, processor, file } = section;
  const codec = codecOf(bytes, processor);
  const groups = new Map<number, C3dGroup>();
  const flags: QualityFlag[] = [];
  for (let at = section.start; at + 4 <= section.end; ) {
    const nameLength = int8(bytes[at]);
    if (nameLength === 0) break;
    const id = int8(bytes[at + 1]);
    const length = Math.abs(nameLength);
    const offsetAt = at + 2 + length;
    if (id === 0 || offsetAt + 3 > section.end) {
      flags.push(cutFlag(at));
      break;
    }
    const name = latin1(bytes, at + 2, offsetAt);
    const offset = codec.uint16(offsetAt);
    const end = Math.min(section.end, offset === 0 ? section.end : offsetAt + offset);
    const group = groupOf(groups, Math.abs(id));
    if (id < 0) {
      group.name = name;
      group.locked = nameLength < 0;
      group.description = described(bytes, offsetAt + 2, end);
    } else {
      const parameter = parameterAt(section, offsetAt + 2, end);
      if (parameter) group.parameters.push({ ...parameter, name, locked: nameLength < 0 });
      else flags.push(cutFlag(at, `${group.name}:${name}`));
    }
    if (offset === 0) break;
    if (offset < 2) throw fileError('file.malformed', file, 'The parameters of the C3D file are damaged', damaged(at));
    at = offsetAt + offset;
  }
  return { groups: [...groups.values()], flags };
}

function damaged(at: number) {
  return {
    place: `parameter record at byte ${at}`,
    detail: 'it points back into itself',
    hint: 'Export the recording again from the program that made it.',
  };
}

function cutFlag(at: number, name?: string): QualityFlag {
  return {
    code: 'c3d.parameters-cut',
    severity: 'doubt',
    where: `byte ${at}`,
    message: `The parameter ${name ?? 'section'} does not fit its place and was left out; labels or plates may be missing.`,
  };
}

const int8 = (byte: number): number => (byte << 24) >> 24;

function groupOf(groups: Map<number, C3dGroup>, id: number): C3dGroup {
  let group = groups.get(id);
  if (!group) {
    // parameters may come before their group
    group = { id, name: '', description: '', locked: false, parameters: [] };
    groups.set(id, group);
  }
  return group;
}

function described(bytes: Uint8Array, at: number, end: number): string {
  const length = at < end ? bytes[at] : 0;
  return latin1(bytes, at + 1, Math.min(end, at + 1 + length));
}

function parameterAt(
  { bytes, processor }: ParameterSection,
  at: number,
  end: number,
): Omit<C3dParameter, 'name' | 'locked'> | undefined {
  const type = TYPES[int8(bytes[at])];
  const rank = bytes[at + 1];
  if (!type || rank > 7 || at + 2 + rank > end) return undefined;
  const dimensions = Array.from(bytes.subarray(at + 2, at + 2 + rank));
  const start = at + 2 + rank;
  const count = dimensions.reduce((product, size) => product * size, 1);
  const width = type === 'float32' ? 4 : type === 'int16' ? 2 : 1;
  if (start + count * width > end) return undefined;
  const values =
    type === 'float32'
      ? readFloat32s(bytes, start, count, processor)
      : type === 'int16'
        ? readInt16s(bytes, start, count, processor)
        : type === 'text'
          ? bytes.slice(start, start + count)
          : new Int8Array(bytes.slice(start, start + count).buffer);
  return { type, dimensions, values, description: described(bytes, start + count * width, end) };
}

/** The parameter section as bytes: whole blocks, with the four bytes in front. */
export function encodeParameters(groups: readonly C3dGroup[], processor: C3dProcessor): Uint8Array {
  const records: Uint8Array[] = [];
  for (const group of groups) {
    // a name without letters would end the section; its parameters still name the group by number
    if (group.name) records.push(record(group.name, group.locked, -group.id, described8(group.description), processor));
    for (const parameter of group.parameters)
      records.push(record(parameter.name, parameter.locked, group.id, parameterBody(parameter, processor), processor));
  }
  const last = records.at(-1);
  // the last record points nowhere
  if (last) codecOf(last, processor).setInt16(2 + Math.abs(int8(last[0])), 0);
  const used = 4 + records.reduce((sum, bytes) => sum + bytes.length, 0) + 2;
  const blocks = Math.ceil(used / BLOCK);
  const out = new Uint8Array(blocks * BLOCK);
  out.set([1, 0x50, Math.min(255, blocks), { pc: 84, dec: 85, sgi: 86 }[processor]]);
  let at = 4;
  for (const bytes of records) {
    out.set(bytes, at);
    at += bytes.length;
  }
  return out;
}

function described8(text: string): Uint8Array {
  const letters = latin1Bytes(text).subarray(0, 255);
  return Uint8Array.of(letters.length, ...letters);
}

function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff);
}

function parameterBody(parameter: C3dParameter, processor: C3dProcessor): Uint8Array {
  const { type, dimensions, values, description } = parameter;
  const body = new Uint8Array(2 + dimensions.length + values.byteLength);
  body.set([CODES[type] & 0xff, dimensions.length, ...dimensions]);
  const at = 2 + dimensions.length;
  if (values instanceof Float32Array || values instanceof Int16Array) writeValues(body, at, values, processor);
  else body.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
  const tail = described8(description);
  const out = new Uint8Array(body.length + tail.length);
  out.set(body);
  out.set(tail, body.length);
  return out;
}

function record(name: string, locked: boolean, id: number, body: Uint8Array, processor: C3dProcessor): Uint8Array {
  const letters = latin1Bytes(name).subarray(0, 127);
  const out = new Uint8Array(4 + letters.length + body.length);
  out[0] = (locked ? -letters.length : letters.length) & 0xff;
  out[1] = id & 0xff;
  out.set(letters, 2);
  codecOf(out, processor).setInt16(2 + letters.length, 2 + body.length);
  out.set(body, 4 + letters.length);
  return out;
}
