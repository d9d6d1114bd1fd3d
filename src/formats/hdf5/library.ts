/**
 * HDF5 through the HDF Group's own library, compiled for the web: a file as a tree of groups and datasets that are read on demand.
 *
 * The library is loaded at the first file. It works in a memory of its own: a file is copied in, read, and taken out again.
 */

import type { Attribute, Dataset, Group, h5wasm } from 'h5wasm';
import type { VoxelArray } from '../../model/index.ts';
import { messageOf } from '../../model/index.ts';
import { fileError, MAX_ARRAY_BYTES } from '../bytes.ts';

/** Largest file that is opened · bytes */
const MAX_FILE_BYTES = 2 ** 30;

/** Most groups and datasets of a file. */
const MAX_NODES = 20_000;

/** Deepest group. */
const MAX_DEPTH = 24;

/** A value of an attribute. */
export type H5Value = string | number | (string | number)[];

/** Numbers of a dataset. */
type H5Numbers = VoxelArray;

/** A dataset. */
export interface H5Set {
  name: string;
  path: string;
  /** last dimension fastest */
  shape: number[];
  attributes: Record<string, H5Value>;
  /** all numbers; undefined where it holds something else */
  numbers(): H5Numbers | undefined;
  /** text of a string dataset */
  text(): string | undefined;
}

/** A group. */
export interface H5Group {
  name: string;
  path: string;
  attributes: Record<string, H5Value>;
  groups: Map<string, H5Group>;
  sets: Map<string, H5Set>;
}

let loading: Promise<typeof h5wasm> | undefined;
let opened = 0;

async function load(): Promise<typeof h5wasm> {
  const module = await import('h5wasm');
  const core = await module.ready;
  core.activate_throwing_error_handler();
  return module.h5wasm;
}

/**
 * Opens the bytes of a file for as long as `use` runs.
 * @throws MsdtError `file.malformed`, `file.truncated`, `file.too-large`
 */
export async function withHdf5<Result>(
  bytes: Uint8Array,
  file: string,
  use: (root: H5Group) => Result,
): Promise<Result> {
  if (bytes.length > MAX_FILE_BYTES)
    throw fileError('file.too-large', file, 'The HDF5 file is larger than this program opens', {
      place: 'whole file',
      detail: `${bytes.length} bytes; at most ${MAX_FILE_BYTES}`,
      hint: 'Split the recording.',
    });
  loading ??= load();
  const library = await loading;
  const { FS } = await library.ready;
  const name = `recording-${opened++}.h5`;
  FS.writeFile(name, bytes);
  try {
    const root = new library.File(name, 'r');
    try {
      return use(groupOf(root, { library, file, limit: bytes.length, nodes: { count: 0 } }, 0));
    } finally {
      root.close();
    }
  } catch (error) {
    throw asReadable(error, file);
  } finally {
    FS.unlink(name);
  }
}

interface Context {
  library: typeof h5wasm;
  file: string;
  /** bytes of the file */
  limit: number;
  nodes: { count: number };
}

/** Errors of the library end in one line of a long trace. */
function asReadable(error: unknown, file: string): unknown {
  const text = messageOf(error);
  const trace = /HDF5-DIAG/.test(text) || error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
  if (!trace && !(error instanceof TypeError) && !/^error - /i.test(text)) return error;
  const reasons = [...text.matchAll(/\(\): (.+)/g)].map((match) => match[1]);
  const detail = reasons.at(-1) ?? text.split('\n')[0].slice(0, 120);
  const cut = /truncated file|addr overflow|eof/i.test(detail);
  return fileError(cut ? 'file.truncated' : 'file.malformed', file, 'The HDF5 file is damaged', {
    place: 'HDF5 structure',
    detail,
    hint: 'Copy or export the file again; the last transfer was probably cut short.',
  });
}

function groupOf(group: Group, context: Context, depth: number): H5Group {
  const node: H5Group = {
    name: group.path.split('/').at(-1) ?? '',
    path: group.path,
    attributes: attributesOf(group.attrs),
    groups: new Map(),
    sets: new Map(),
  };
  if (depth > MAX_DEPTH) return node;
  for (const key of group.keys()) {
    if (++context.nodes.count > MAX_NODES)
      throw fileError('file.too-large', context.file, 'The HDF5 file has too many parts', {
        place: group.path,
        detail: `more than ${MAX_NODES}`,
        hint: 'Export only the recording that is wanted.',
      });
    const child = group.get(key);
    if (!child) continue;
    if (child instanceof context.library.Group) node.groups.set(key, groupOf(child, context, depth + 1));
    else if (child instanceof context.library.Dataset) node.sets.set(key, setOf(key, child, context));
  }
  return node;
}

function attributesOf(attrs: Record<string, Attribute>): Record<string, H5Value> {
  const values: Record<string, H5Value> = Object.create(null);
  for (const [name, attribute] of Object.entries(attrs)) {
    const value = plainOf(attribute.value);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

function plainOf(value: unknown): H5Value | undefined {
  if (typeof value === 'string') return value.replace(/\0+$/, '');
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return Number(value);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return Array.from(value as unknown as ArrayLike<number | bigint>, Number);
  if (!Array.isArray(value)) return undefined;
  const list = value.map(plainOf);
  return list.every((entry) => typeof entry === 'string' || typeof entry === 'number') ? list : undefined;
}

function setOf(name: string, set: Dataset, context: Context): H5Set {
  const shape = (set.shape ?? []).map(Number);
  const { size, type } = set.metadata;
  const bytes = shape.reduce((product, length) => product * length, 1) * size;
  const check = (): void => {
    // chunks that were never written cost nothing in the file; more than this is no recording
    if (bytes <= MAX_ARRAY_BYTES && bytes <= Math.max(1 << 22, context.limit * 1100)) return;
    throw fileError('file.malformed', context.file, 'A dataset claims more values than the file can hold', {
      place: set.path,
      detail: `${shape.join(' × ')} of ${size} bytes in ${context.limit}`,
      hint: 'The file is damaged: export it again from its source.',
    });
  };
  return {
    name,
    path: set.path,
    shape,
    attributes: attributesOf(set.attrs),
    numbers() {
      // integers, floats, bit fields and enumerations
      if (![0, 1, 4, 8].includes(type)) return undefined;
      check();
      return numbersOf(set.value);
    },
    text() {
      if (type !== 3 && type !== 9) return undefined;
      check();
      const value = plainOf(set.value);
      return typeof value === 'string' ? value : Array.isArray(value) ? value.join('\n') : undefined;
    },
  };
}

function numbersOf(value: unknown): H5Numbers | undefined {
  if (typeof value === 'number') return Float64Array.of(value);
  if (typeof value === 'bigint') return Float64Array.of(Number(value));
  if (value instanceof BigInt64Array || value instanceof BigUint64Array) {
    const out = new Float64Array(value.length);
    for (let index = 0; index < out.length; index++) out[index] = Number(value[index]);
    return out;
  }
  return ArrayBuffer.isView(value) && !(value instanceof DataView) ? (value as H5Numbers) : undefined;
}

/** Text of an attribute. */
export function textOf(attributes: Record<string, H5Value>, name: string): string | undefined {
  const value = attributes[name];
  if (typeof value === 'string') return value.trim();
  return Array.isArray(value) && typeof value[0] === 'string' ? value[0].trim() : undefined;
}

/** Number of an attribute. */
export function numberOf(attributes: Record<string, H5Value>, name: string): number | undefined {
  const value = attributes[name];
  const first = Array.isArray(value) ? value[0] : value;
  const number = typeof first === 'string' ? Number.parseFloat(first) : first;
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}
