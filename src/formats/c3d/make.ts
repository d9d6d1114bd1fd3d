/** Parameters and groups of a C3D document, made from plain values. */

import { utf8 } from '../bytes.ts';
import type { C3dGroup, C3dParameter } from './document.ts';

/** Entries a dimension can count. */
const MOST = 255;

/** Longest entry of a text parameter · bytes */
const LONGEST = 127;

function parameter(
  name: string,
  type: C3dParameter['type'],
  dimensions: number[],
  values: C3dParameter['values'],
): C3dParameter {
  return { name, description: '', locked: false, type, dimensions, values };
}

/** Whole numbers; a scalar has no dimension, unsigned words wrap. */
export function int16s(name: string, values: readonly number[], dimensions?: number[]): C3dParameter {
  return parameter(name, 'int16', dimensions ?? (values.length === 1 ? [] : [values.length]), Int16Array.from(values));
}

/** Floats; a scalar has no dimension. */
export function float32s(name: string, values: readonly number[], dimensions?: number[]): C3dParameter {
  return parameter(
    name,
    'float32',
    dimensions ?? (values.length === 1 ? [] : [values.length]),
    Float32Array.from(values),
  );
}

/** Texts of one width, padded with blanks. */
export function texts(name: string, entries: readonly string[], longest = LONGEST): C3dParameter {
  const coded = entries.map((entry) => clipped(utf8(entry), longest));
  const width = Math.max(1, ...coded.map(({ length }) => length));
  const values = new Uint8Array(width * entries.length).fill(32);
  for (const [at, bytes] of coded.entries()) values.set(bytes, at * width);
  return parameter(name, 'text', [width, entries.length], values);
}

/** The first bytes, without half a letter at the end. */
function clipped(bytes: Uint8Array, longest: number): Uint8Array {
  let end = Math.min(bytes.length, longest);
  while (end < bytes.length && end > 0 && (bytes[end] & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}

/** NAME, NAME2, NAME3 …, 255 values each; at least one. */
export function numbered<Value>(
  values: readonly Value[],
  make: (name: string, values: readonly Value[]) => C3dParameter,
  name: string,
): C3dParameter[] {
  const made = [make(name, values.slice(0, MOST))];
  for (let at = MOST; at < values.length; at += MOST)
    made.push(make(`${name}${made.length + 1}`, values.slice(at, at + MOST)));
  return made;
}

/** Texts in NAME, NAME2, NAME3 … */
export function textsNumbered(name: string, entries: readonly string[], longest = LONGEST): C3dParameter[] {
  return numbered(entries, (own, part) => texts(own, part, longest), name);
}

/** A group of parameters. */
export function groupOf(id: number, name: string, parameters: C3dParameter[]): C3dGroup {
  return { id, name, description: '', locked: false, parameters };
}
