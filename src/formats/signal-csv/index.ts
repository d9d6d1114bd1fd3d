/**
 * Recordings as plain tables, one row a sample.
 *
 * Without more, a table is taken whose first column is a time and whose header says what is measured and in which unit
 * (`Gyroscope X (deg/s)`, `EMG L4 left [uV]`), or names places (`head_x`, `head_y`, `head_z`). Anything else needs a channel mapping: `choices.profile` (JSON) or a file with it among
 * the others. `choices.rateHz` stands in for missing times. Writing: `choices.about` = `no` leaves out the first line, which carries what
 * a header cannot.
 */

import {
  type Format,
  POINT_SEQUENCE_KINDS,
  type PointSequence,
  type ReadOptions,
  SIGNAL_KINDS,
  type Signals,
  type SourceFile,
} from '../../model/index.ts';
import { hasExtension, latin1, looksLikeText } from '../bytes.ts';
import { choiceOf, expectWritable } from '../report.ts';
import { speaksForItself } from './guess.ts';
import { holdsPoints } from './points.ts';
import { PROFILE_MARK } from './profile.ts';
import { readTables } from './read.ts';
import { cutHeadOf, headOf } from './table.ts';
import { OWN_MARK, writePoints, writeSignals } from './write.ts';

export { guessProfile } from './guess.ts';
export { checkProfile, parseProfile } from './profile.ts';
export {
  columnsOf as signalTableColumns,
  headOf as signalTableHead,
  type SignalHead,
  type TableHead,
} from './table.ts';

/** The format of recordings as tables. */
export const signalCsv: Format & { adopts(other: Format, own: readonly SourceFile[], options: ReadOptions): boolean } =
  {
    id: 'signal-csv',
    title: 'CSV recording',
    extensions: ['.csv', '.tsv', '.txt'],
    mediaType: 'text/csv',
    reads: [...SIGNAL_KINDS, ...POINT_SEQUENCE_KINDS],
    writes: [...SIGNAL_KINDS, ...POINT_SEQUENCE_KINDS],

    sniff(head, name) {
      const text = latin1(head);
      if (text.startsWith(OWN_MARK) || PROFILE_MARK.test(text) || /^# Simple Text Format/.test(text)) return 'yes';
      if (!hasExtension(name, this.extensions) || !looksLikeText(head)) return 'no';
      const found = headOf(head) ?? cutHeadOf(head);
      return found && (speaksForItself(found) || holdsPoints(found)) ? 'yes' : 'no';
    },

    /** Plain tables are this format's where a channel mapping is given. */
    adopts(other, own, options) {
      const { profile } = options.choices ?? {};
      // a mapping of a record is for the tables of records
      if (profile !== undefined) return !/"of"\s*:\s*"record"/.test(profile) && /^(csv|record-csv)$/.test(other.id);
      return other.id === 'csv' && own.some(({ name }) => /\.json$/i.test(name));
    },

    read(files, options = {}) {
      return readTables(files, options);
    },

    write({ kind, payload, name }, options = {}) {
      expectWritable(kind, this.writes);
      const about = choiceOf(options.choices, 'about', ['yes', 'no']) !== 'no';
      if (kind.startsWith('sequence.')) return [writePoints(payload as PointSequence, kind, name, about)];
      return [writeSignals(payload as Signals, kind, name, about)];
    },
  };
