/** Reads STL surfaces, binary and text, and welds their corners. */

import { weldTriangles } from '../../kernel/index.ts';
import type { ReadItem, ReadOptions, SourceFile } from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { fileError, fixedText, latin1, truncatedError } from '../bytes.ts';
import { meshHeaderFrom, meshItem } from '../mesh/index.ts';
import { numberAt } from '../text-numbers.ts';

const HEADER_BYTES = 84;
const FACET_BYTES = 50;

/**
 * Reads a surface.
 * @throws MsdtError what is wrong, where, and what to do
 */
export async function readStl(file: SourceFile, options: ReadOptions): Promise<ReadItem> {
  const bytes = await readWhole(file);
  const binary = isBinaryStl(bytes);
  const text = binary ? fixedText(bytes.subarray(0, 80)) : latin1(bytes, 0, lineEnd(bytes, 0));
  const corners = binary ? binaryCorners(bytes, file.name) : textCorners(bytes, file.name);
  const { positions, triangles } = weldTriangles(corners);
  const metadata = { format: binary ? 'STL' : 'STL (text)' };
  return meshItem(file.name, [{ positions, triangles }], meshHeaderFrom(text), options, metadata);
}

/** True unless the file is text: some binary files begin with `solid` too, so the size decides. */
function isBinaryStl(bytes: Uint8Array): boolean {
  if (bytes.length >= HEADER_BYTES) {
    const count = new DataView(bytes.buffer, bytes.byteOffset).getUint32(80, true);
    if (bytes.length === HEADER_BYTES + FACET_BYTES * count) return true;
  }
  return !/^\s*solid\b/i.test(latin1(bytes, 0, 80));
}

function binaryCorners(bytes: Uint8Array, file: string): Float32Array {
  if (bytes.length < HEADER_BYTES) throw truncatedError(file, 'header', HEADER_BYTES, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(80, true);
  if (HEADER_BYTES + FACET_BYTES * count > bytes.length)
    throw truncatedError(
      file,
      `facet ${Math.floor((bytes.length - HEADER_BYTES) / FACET_BYTES) + 1} of ${count}`,
      HEADER_BYTES + FACET_BYTES * count,
      bytes.length,
    );
  const corners = new Float32Array(count * 9);
  for (let facet = 0, to = 0; facet < count; facet++) {
    const at = HEADER_BYTES + FACET_BYTES * facet + 12;
    for (let value = 0; value < 9; value++) corners[to++] = view.getFloat32(at + 4 * value, true);
  }
  return corners;
}

const VERTEX = [118, 101, 114, 116, 101, 120];
const END_LOOP = [101, 110, 100, 108, 111, 111, 112];

/** Walks the words; only `vertex x y z` and `endloop` matter. */
function textCorners(bytes: Uint8Array, file: string): Float32Array {
  let corners = new Float32Array(9 * 1024);
  let count = 0;
  let loopStart = 0;
  let line = 1;
  let closed = true;
  const word = { from: 0, to: 0 };
  const next = (): boolean => {
    let at = word.to;
    while (at < bytes.length && bytes[at] <= 32) if (bytes[at++] === 10) line++;
    word.from = at;
    while (at < bytes.length && bytes[at] > 32) at++;
    word.to = at;
    return word.from < at;
  };
  const bad = (detail: string) =>
    fileError('file.malformed', file, 'The STL text is not right', {
      place: `line ${line}`,
      detail,
      hint: 'The file is damaged: export the surface again.',
    });
  while (next()) {
    if (isWord(bytes, word, VERTEX)) {
      if (count + 9 > corners.length) {
        const larger = new Float32Array(corners.length * 2);
        larger.set(corners);
        corners = larger;
      }
      if (closed) loopStart = count;
      closed = false;
      for (let axis = 0; axis < 3; axis++) {
        const value = next() ? numberAt(bytes, word.from, word.to) : undefined;
        if (value === undefined)
          throw bad(`"${latin1(bytes, word.from, Math.min(word.to, word.from + 30))}" is no number`);
        corners[count++] = value;
      }
    } else if (isWord(bytes, word, END_LOOP)) {
      if (count - loopStart !== 9) throw bad(`a facet of ${(count - loopStart) / 3} corners`);
      closed = true;
    }
  }
  if (!closed) throw truncatedError(file, `line ${line}`, bytes.length + 1, bytes.length);
  if (!/endsolid/i.test(latin1(bytes, Math.max(0, bytes.length - 512)))) {
    throw fileError('file.truncated', file, 'The file ends too early', {
      place: `line ${line}`,
      detail: 'endsolid is missing',
      hint: 'Copy or export the file again; the last transfer was probably cut short.',
    });
  }
  return corners.slice(0, count);
}

function isWord(bytes: Uint8Array, word: { from: number; to: number }, letters: readonly number[]): boolean {
  if (word.to - word.from !== letters.length) return false;
  for (let at = 0; at < letters.length; at++) if ((bytes[word.from + at] | 32) !== letters[at]) return false;
  return true;
}

function lineEnd(bytes: Uint8Array, start: number): number {
  const end = bytes.indexOf(10, start);
  return end < 0 ? Math.min(bytes.length, start + 200) : Math.min(end, start + 2000);
}
