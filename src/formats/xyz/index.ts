/**
 * XYZ point clouds: one `x y z` a line, perhaps with colours or normals behind; numbered files are the frames of one sequence.
 *
 * Reading: `choices.unit` = `mm`, `cm`, `m`, `um` or `in`; `choices.rateHz`, `choices.sequence`, `choices.up` for sequences.
 */

import type { Format } from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { fileError, hasExtension, latin1, looksLikeText, MAX_TEXT_BYTES } from '../bytes.ts';
import { cloudItem, numberColumns, readFrames } from '../recording/index.ts';

const EXTENSIONS = ['.xyz', '.xyzrgb', '.xyzn', '.pts'] as const;
const ROW = /^\s*[-+.\d][-+.\deE]*([\s,;]+[-+.\d][-+.\deE]*){2,8}\s*$/;

/** The XYZ format. */
export const xyz: Format = {
  id: 'xyz',
  title: 'XYZ points',
  extensions: EXTENSIONS,
  mediaType: 'text/plain',
  reads: ['sequence.cloud'],
  writes: [],

  sniff(head, name) {
    if (!hasExtension(name, EXTENSIONS) || !looksLikeText(head)) return 'no';
    const lines = latin1(head).split(/\r?\n/);
    const rows = (lines.length > 1 ? lines.slice(0, -1) : lines).filter(
      (line) => line.trim() !== '' && !line.startsWith('#'),
    );
    // `.pts` begins with the number of points
    const body = /^\s*\d+\s*$/.test(rows[0] ?? '') ? rows.slice(1) : rows;
    return body.length > 0 && body.every((line) => ROW.test(line)) ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readFrames(files, options, async (file) => {
      const bytes = await readWhole(file, MAX_TEXT_BYTES);
      const { start, width, comma } = layoutOf(bytes, file.name);
      const columns = numberColumns(bytes, {
        start,
        width,
        separator: comma ? ',' : 'white',
        comment: 35,
        file: file.name,
        signal: options.signal,
      });
      return [
        cloudItem(file.name, { positions: woven(columns), pointData: coloursOf(columns) }, undefined, options, 'XYZ'),
      ];
    });
  },
};

function layoutOf(bytes: Uint8Array, file: string): { start: number; width: number; comma: boolean } {
  const text = latin1(bytes, 0, 1 << 16);
  let start = 0;
  for (const line of text.split('\n')) {
    const plain = line.trim();
    if (plain !== '' && !plain.startsWith('#') && !/^\d+$/.test(plain)) {
      if (!ROW.test(plain)) break;
      const comma = plain.includes(',');
      return { start, width: plain.split(comma ? ',' : /\s+/).length, comma };
    }
    start += line.length + 1;
  }
  throw fileError('file.malformed', file, 'No line of three numbers was found', {
    place: 'first lines',
    hint: 'Write one "x y z" a line.',
  });
}

function woven([x, y, z]: readonly Float64Array[]): Float64Array {
  const positions = new Float64Array(x.length * 3);
  for (let point = 0; point < x.length; point++) positions.set([x[point], y[point], z[point]], point * 3);
  return positions;
}

/** Six columns are a place and a colour where the last three lie in 0 to 255 and one exceeds 1. */
function coloursOf(columns: readonly Float64Array[]): Record<string, Uint8Array> {
  if (columns.length !== 6) return {};
  const [red, green, blue] = columns.slice(3);
  const all = [red, green, blue];
  const fits = all.every((column) => column.every((value) => value >= 0 && value <= 255));
  if (!fits || !all.some((column) => column.some((value) => value > 1))) return {};
  return { red: Uint8Array.from(red), green: Uint8Array.from(green), blue: Uint8Array.from(blue) };
}
