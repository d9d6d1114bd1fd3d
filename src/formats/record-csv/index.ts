/**
 * Dated facts of one person as a plain table: scores, laboratory values, findings.
 *
 * One row a visit with a column a fact, or one row a fact with columns for date, what, value and unit. A table whose header speaks for
 * itself is read without more; any other needs a record mapping: `choices.profile` (JSON), or a file with it among the others.
 * Columns that identify the person are never taken; of a date of birth the year is.
 */

import type { Format, ReadOptions, SourceFile } from '../../model/index.ts';
import { hasExtension, latin1, looksLikeText } from '../bytes.ts';
import { speaksOfRecord } from './guess.ts';
import { isRecordProfileText, RECORD_PROFILE_MARK } from './profile.ts';
import { readRecordTables } from './read.ts';

export { guessRecordProfile } from './guess.ts';
export { identifies, isDate, KNOWN_MEANINGS } from './names.ts';
export { checkRecordProfile, isRecordProfileText, parseRecordProfile } from './profile.ts';
export { recordItem } from './read.ts';
export { type RecordTable, recordTable } from './table.ts';

/** The format of records as tables. */
export const recordCsv: Format & { adopts(other: Format, own: readonly SourceFile[], options: ReadOptions): boolean } =
  {
    id: 'record-csv',
    title: 'CSV record',
    extensions: ['.csv', '.tsv', '.txt'],
    mediaType: 'text/csv',
    reads: ['record.clinical'],
    writes: [],

    sniff(head, name) {
      const text = latin1(head).replace(/^\xef\xbb\xbf/, '');
      if (RECORD_PROFILE_MARK.test(text)) return 'yes';
      if (!hasExtension(name, this.extensions) || !looksLikeText(head)) return 'no';
      return text.split(/\r\n|\n|\r/, 40).some((line) => speaksOfRecord(namesOf(line))) ? 'yes' : 'no';
    },

    /** Plain tables, and those that look like a recording, are this format's where a record mapping is given. */
    adopts(other, own, options) {
      const { profile } = options.choices ?? {};
      if (profile !== undefined) return isRecordProfileText(profile) && /^(csv|signal-csv)$/.test(other.id);
      return other.id === 'csv' && own.some(({ name }) => /\.json$/i.test(name));
    },

    read(files, options = {}) {
      return readRecordTables(files, options);
    },
  };

/** Names in a line, by the separator it holds most of. */
function namesOf(line: string): string[] {
  const separators = [',', ';', '\t', '|'].map((separator) => line.split(separator));
  const most = separators.reduce((best, parts) => (parts.length > best.length ? parts : best));
  return most.length < 2 || line.length > 4000 ? [] : most.map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
}
