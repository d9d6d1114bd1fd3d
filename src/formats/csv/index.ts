/**
 * CSV and other delimited text.
 *
 * Reading: `choices.kind` = `table.record` (default), `table.landmarks2d` or `table.matrix`; `choices.header` = `yes` or `no`;
 * `choices.separator` = `comma`, `semicolon`, `tab`, `pipe`; `choices.units` = `row` when a second header row holds units.
 * What is not given is found. Writing: `choices.units` = `row`, `choices.separator` = `comma` (default), `semicolon` or `tab`.
 */

import type { Format, Table } from '../../model/index.ts';
import { hasExtension, latin1, looksLikeText } from '../bytes.ts';
import { choiceOf, expectWritable, readEach } from '../report.ts';
import { readCsv } from './read.ts';
import { writeCsv } from './write.ts';

export { type Cells, readCells } from './read.ts';

const EXTENSIONS = ['.csv', '.tsv'] as const;

/** Beginnings that belong to other text formats. */
const OTHERS =
  /^\s*(ply\s|solid\s|NRRD000|<|\{|\[|ObjectType\s*=|NDims\s*=|(v|vn|vt|f|mtllib|usemtl)\s+[-\d.\w]|#\s|%|SIMPLE\s|HIERARCHY)/;

/** The CSV format. */
export const csv: Format = {
  id: 'csv',
  title: 'CSV',
  extensions: EXTENSIONS,
  mediaType: 'text/csv',
  reads: ['table.record', 'table.landmarks2d', 'table.matrix'],
  writes: ['table.record', 'table.landmarks2d', 'table.matrix'],

  sniff(head, name) {
    const named = hasExtension(name, EXTENSIONS);
    const utf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
    if (utf16) return named ? 'yes' : 'no';
    const text = latin1(head).replace(/^\xef\xbb\xbf/, '');
    if (!looksLikeText(head) || OTHERS.test(text)) return 'no';
    if (named) return 'yes';
    return /\.txt$/i.test(name) && /[,;\t]/.test(text) ? 'maybe' : 'no';
  },

  read(files, options = {}) {
    return readEach(files, options, async (file) => [await readCsv(file, options)]);
  },

  write(artifact, options = {}) {
    expectWritable(artifact.kind, this.writes);
    const { choices } = options;
    const separator = { comma: ',', semicolon: ';', tab: '\t' }[
      choiceOf(choices, 'separator', ['comma', 'semicolon', 'tab']) ?? 'comma'
    ];
    const units = choiceOf(choices, 'units', ['row', 'none']) === 'row';
    return [writeCsv(artifact.payload as Table, artifact.name, { units, separator })];
  },
};
