/** How the columns of a plain table become dated facts of a clinical record: what a person sets once and keeps under a name. */

import type { ColumnRef, SignalProfile } from '../motion/profile.ts';
import type { Posture } from '../record/acquisition.ts';

/** What a column, or a name in a column, says of the person. */
export interface RecordMeaning {
  /** id of a feature or finding (`prom.odi`, `lab.crp`, `flag.fever`), or a LOINC code (`1988-5`) */
  means: string;
  /** UCUM code of the values; that of the unit column, or none, where absent */
  unit?: string;
  level?: string;
  side?: 'left' | 'right';
  posture?: Posture;
}

/** A column of a table with one row a visit. */
export interface RecordColumn extends RecordMeaning {
  column: ColumnRef;
}

/** A table with one row a fact: columns of names, values and units. */
export interface RecordLong {
  what: ColumnRef;
  value: ColumnRef;
  unit?: ColumnRef;
  /** what the names mean, as they stand in the column; names that are known anyway need no line */
  meanings?: (RecordMeaning & { name: string })[];
}

/** A mapping of a table of facts of one person. Either `columns` or `long`. */
export interface RecordProfile {
  schemaVersion: 1;
  name: string;
  of: 'record';
  /** lines before the line of column names; found where absent */
  skipLines?: number;
  separator?: 'comma' | 'semicolon' | 'tab' | 'space';
  decimal?: 'point' | 'comma';
  /** what 03/04/2026 means; needed only where the dates of a table leave it open */
  dates?: 'day-first' | 'month-first';
  /** column of the day on which a row was true */
  date: ColumnRef;
  /** one row a visit: a column a fact */
  columns?: RecordColumn[];
  /** one row a fact */
  long?: RecordLong;
}

/** A saved mapping of a table: of a recording, or of a record. */
export type TableProfile = SignalProfile | RecordProfile;
