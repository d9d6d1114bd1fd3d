/** Reads Wavefront OBJ surfaces: polygons, relative indices, continued lines; materials are left alone. */

import type { ReadItem, ReadOptions, SourceFile } from '../../model/index.ts';
import { inflatedSource, readWhole } from '../byte-source.ts';
import { fileError, latin1, MAX_ARRAY_BYTES } from '../bytes.ts';
import { isGzip } from '../inflate.ts';
import { type MeshHeader, meshHeaderFrom, meshItem, type RawMesh, TriangleList } from '../mesh/index.ts';
import { numberAt, numberHint } from '../text-numbers.ts';

/** Comments before the first vertex that are looked at. */
const MAX_COMMENT_CHARS = 20_000;

/** Longest line put together from continued ones. */
const MAX_LINE_BYTES = 1 << 16;

const NEWLINE = 10;
const BACKSLASH = 92;
const SLASH = 47;

interface Parsed {
  positions: Floats;
  normals: Floats;
  /** red, green, blue behind the coordinates, where a program put them */
  colours: Floats;
  list: TriangleList;
  /** normal index of each vertex as first used, or -1 */
  normalOf: number[];
  comments: string;
  objects: number;
}

/**
 * Reads a surface; `.obj.gz` too.
 * @throws MsdtError what is wrong, where, and what to do
 */
export async function readObj(file: SourceFile, options: ReadOptions): Promise<ReadItem> {
  let bytes = await readWhole(file);
  if (isGzip(bytes)) {
    const source = inflatedSource(bytes, 'gzip', { file: file.name, limit: MAX_ARRAY_BYTES, signal: options.signal });
    bytes = await source.rest(MAX_ARRAY_BYTES);
  }
  const parsed = parseObj(bytes, file.name);
  const header: MeshHeader = meshHeaderFrom(parsed.comments);
  const metadata: ReadItem['metadata'] = { format: 'OBJ' };
  if (parsed.objects > 1) metadata.objects = parsed.objects;
  return meshItem(file.name, [rawMesh(parsed)], header, options, metadata);
}

function parseObj(bytes: Uint8Array, file: string): Parsed {
  const parsed: Parsed = {
    positions: new Floats(),
    normals: new Floats(),
    colours: new Floats(),
    list: new TriangleList(),
    normalOf: [],
    comments: '',
    objects: 0,
  };
  let line = 1;
  for (let at = 0; at < bytes.length; line++) {
    let end = bytes.indexOf(NEWLINE, at);
    if (end < 0) end = bytes.length;
    let text = bytes.subarray(at, end);
    at = end + 1;
    // a backslash at the end carries the line on
    while (endsWithBackslash(text) && at < bytes.length && text.length < MAX_LINE_BYTES) {
      let next = bytes.indexOf(NEWLINE, at);
      if (next < 0) next = bytes.length;
      text = joined(text, bytes.subarray(at, next));
      at = next + 1;
      line++;
    }
    const detail = parseLine(text, parsed);
    if (detail) {
      throw fileError('file.malformed', file, 'The OBJ text is not right', {
        place: `line ${line}`,
        detail,
        hint: numberHint(detail, 'The file is damaged: export the surface again.'),
      });
    }
  }
  return parsed;
}

/** Takes in one line; the returned text says what is wrong with it. */
function parseLine(text: Uint8Array, parsed: Parsed): string | undefined {
  const words = wordsOf(text);
  if (words.length === 0) return undefined;
  const [from, to] = words[0];
  const first = text[from];
  const second = to - from > 1 ? text[from + 1] : 0;
  if (first === 118 /* v */ && to - from === 1) return addVertex(text, words, parsed);
  if (first === 118 && second === 110 /* vn */ && to - from === 2) return addFloats(text, words, parsed.normals);
  if (first === 102 /* f */ && to - from === 1) return addFace(text, words, parsed);
  if (first === 35 /* # */) {
    if (parsed.comments.length < MAX_COMMENT_CHARS) parsed.comments += `${latin1(text)}\n`;
  } else if ((first === 111 /* o */ || first === 103) /* g */ && to - from === 1) parsed.objects++;
  return undefined;
}

function addVertex(text: Uint8Array, words: [number, number][], parsed: Parsed): string | undefined {
  const problem = addFloats(text, words, parsed.positions);
  if (problem || words.length < 7) return problem;
  return addFloats(text, words.slice(3), parsed.colours);
}

function addFloats(text: Uint8Array, words: [number, number][], to: Floats): string | undefined {
  if (words.length < 4) return 'three numbers are needed';
  for (let word = 1; word <= 3; word++) {
    const value = numberAt(text, words[word][0], words[word][1]);
    if (value === undefined) return `"${latin1(text, words[word][0], words[word][1]).slice(0, 30)}" is no number`;
    to.push(value);
  }
  return undefined;
}

function addFace(text: Uint8Array, words: [number, number][], parsed: Parsed): string | undefined {
  if (words.length < 4) return 'a face needs three corners';
  const corners: number[] = [];
  for (let word = 1; word < words.length; word++) {
    const [from, to] = words[word];
    let slash = text.subarray(from, to).indexOf(SLASH);
    slash = slash < 0 ? to : from + slash;
    const vertex = indexOf(numberAt(text, from, slash), parsed.positions.length / 3);
    if (vertex === undefined) return `corner "${latin1(text, from, to).slice(0, 30)}" refers to no vertex`;
    corners.push(vertex);
    const last = text.subarray(from, to).lastIndexOf(SLASH);
    const normal = last > 0 && from + last > slash ? numberAt(text, from + last + 1, to) : undefined;
    parsed.normalOf[vertex] ??= indexOf(normal, parsed.normals.length / 3) ?? -1;
  }
  parsed.list.addPolygon(corners, 0, corners.length, parsed.positions.soFar);
  return undefined;
}

/** From 1-based or, when negative, backwards from the last one, to 0-based. */
function indexOf(value: number | undefined, count: number): number | undefined {
  if (value === undefined || !Number.isInteger(value)) return undefined;
  const index = value > 0 ? value - 1 : count + value;
  return index >= 0 && index < count ? index : undefined;
}

function rawMesh(parsed: Parsed): RawMesh {
  const positions = parsed.positions.toFloat64();
  const vertices = positions.length / 3;
  const raw: RawMesh = { positions, triangles: parsed.list.toArray() };
  if (parsed.normals.length > 0) raw.normals = normalsOf(parsed, vertices);
  if (parsed.colours.length === positions.length && vertices > 0) {
    const colours = parsed.colours.toFloat64();
    const channel = (offset: number) =>
      Uint8Array.from({ length: vertices }, (_, v) => Math.round(colours[3 * v + offset] * 255));
    raw.vertexData = { red: channel(0), green: channel(1), blue: channel(2) };
  }
  return raw;
}

/** One normal per vertex, or none when a vertex of a face has none. */
function normalsOf(parsed: Parsed, vertices: number): Float32Array | undefined {
  const all = parsed.normals.toFloat64();
  const normals = new Float32Array(vertices * 3);
  for (let vertex = 0; vertex < vertices; vertex++) {
    const index = parsed.normalOf[vertex] ?? -1;
    if (index < 0) return undefined;
    normals.set(all.subarray(3 * index, 3 * index + 3), 3 * vertex);
  }
  return normals;
}

function wordsOf(text: Uint8Array): [number, number][] {
  const words: [number, number][] = [];
  for (let at = 0; at < text.length; ) {
    while (at < text.length && text[at] <= 32) at++;
    const from = at;
    while (at < text.length && text[at] > 32) at++;
    if (at > from) words.push([from, at]);
  }
  return words;
}

function endsWithBackslash(text: Uint8Array): boolean {
  const last = text.at(-1) === 13 ? text.at(-2) : text.at(-1);
  return last === BACKSLASH;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const cut = first.lastIndexOf(BACKSLASH);
  const out = new Uint8Array(cut + 1 + second.length);
  out.set(first.subarray(0, cut));
  out[cut] = 32;
  out.set(second, cut + 1);
  return out;
}

/** Numbers that grow as lines come. */
class Floats {
  private data = new Float64Array(3072);
  length = 0;

  push(value: number): void {
    if (this.length === this.data.length) {
      const larger = new Float64Array(this.data.length * 2);
      larger.set(this.data);
      this.data = larger;
    }
    this.data[this.length++] = value;
  }

  /** the numbers so far, with room behind them */
  get soFar(): Float64Array {
    return this.data;
  }

  toFloat64(): Float64Array {
    return this.data.slice(0, this.length);
  }
}
