/** A table before it is read: columns, first samples, a guessed mapping, and what a given mapping makes of it. */

import { plainText } from '../../formats/index.ts';
import {
  checkRecordProfile,
  guessRecordProfile,
  identifies,
  isDate as namesDate,
  recordItem,
  recordTable,
} from '../../formats/record-csv/index.ts';
import {
  checkProfile,
  guessProfile,
  type SignalHead,
  signalCsv,
  signalTableColumns,
  signalTableHead,
} from '../../formats/signal-csv/index.ts';
import {
  type ErrorRecord,
  isMsdtError,
  type QualityFlag,
  type ReadItem,
  type ReadReport,
  type RecordProfile,
  type SignalProfile,
  type Signals,
  toErrorRecord,
} from '../../model/index.ts';
import type { Catalogue } from '../catalogue-types.ts';
import { fileInMemory } from './files.ts';
import { formatOf } from './read.ts';

export interface TableLook {
  /** format that takes the file without a mapping */
  recognised?: string;
  /** true where that is a table without meaning, or nothing */
  plain: boolean;
  separator: NonNullable<SignalProfile['separator']>;
  decimal: NonNullable<SignalProfile['decimal']>;
  /** lines above the names */
  preamble: string[];
  columns: { name: string; unit?: string }[];
  /** the first samples; null where a cell is empty */
  rows: (number | null)[][];
  /** absent where no line of numbers was found */
  guess?: SignalProfile;
  /** what is wrong with the mapping, or with the table read by it */
  problem?: ErrorRecord;
  /** what the head becomes with the mapping */
  streams: { kind: string; channels: number; rateHz: number; samples: number }[];
  quality: QualityFlag[];
  /** the table as facts of a record; absent where it is none */
  record?: RecordLook;
}

/** A table of facts before it is read. */
export interface RecordLook {
  /** a column is called a date */
  likely: boolean;
  guess?: RecordProfile;
  names: string[];
  /** the first rows; columns that identify the person are empty */
  rows: string[][];
  /** in the head, with the mapping */
  facts: number;
  refused: string[];
  problems: ErrorRecord[];
}

export interface TableHeadBytes {
  name: string;
  /** of the whole file */
  bytes: number;
  /** the first bytes */
  head: Uint8Array;
}

const SHOWN_ROWS = 8;
const SHOWN_PREAMBLE = 40;
const SHOWN_PROBLEMS = 20;
const SEPARATORS = { ',': 'comma', ';': 'semicolon', '\t': 'tab', ' ': 'space', white: 'space' } as const;
/** Formats that take any table, whatever it says. */
const PLAIN_FORMATS = new Set(['csv']);

/**
 * Looks at a table.
 * @param mapping - mapping to try, of a recording or of a record; the guessed one where absent
 */
export async function lookAtTable(catalogue: Catalogue, table: TableHeadBytes, mapping?: unknown): Promise<TableLook> {
  const given = await plainText(fileInMemory(table.name, table.head));
  const bytes = wholeLines(await given.read(), table.head.length < table.bytes);
  const format = await formatOf(catalogue, given);
  const look: TableLook = {
    recognised: format?.title,
    plain: !format || PLAIN_FORMATS.has(format.id),
    separator: 'comma',
    decimal: 'point',
    preamble: [],
    columns: [],
    rows: [],
    streams: [],
    quality: [],
  };
  const forRecord = typeof mapping === 'object' && mapping !== null && 'of' in mapping && mapping.of === 'record';
  look.record = lookAsRecord(bytes, table.name, forRecord ? mapping : undefined);
  if (forRecord) return { ...look, problem: look.record?.problems[0] };
  try {
    const profile = mapping === undefined ? undefined : checkProfile(mapping, 'this form');
    const head = signalTableHead(bytes, profile) ?? signalTableHead(bytes);
    if (head) Object.assign(look, shownHead(bytes, head, table.name), { guess: guessProfile(head) });
    const tried = profile ?? look.guess;
    const choices = tried && { profile: JSON.stringify(tried) };
    const report = await signalCsv.read([fileInMemory(table.name, bytes)], { choices });
    if (report.errors[0]) throw report.errors[0].error;
    look.streams = report.items.flatMap(streamsOf);
    look.quality = report.items.flatMap(({ quality }) => quality);
  } catch (error) {
    if (!isMsdtError(error)) throw error;
    look.problem = toErrorRecord(error);
    // a mapping that is wrong hides nothing of the table
    if (look.columns.length === 0 && mapping !== undefined)
      return { ...(await lookAtTable(catalogue, table)), streams: [], quality: [], problem: look.problem };
  }
  return look;
}

/** What the head becomes as a record; undefined where there is no table. */
function lookAsRecord(bytes: Uint8Array, name: string, mapping: unknown): RecordLook | undefined {
  const report: ReadReport = { items: [], skipped: [], errors: [] };
  const look: RecordLook = { likely: false, names: [], rows: [], facts: 0, refused: [], problems: [] };
  try {
    const plain = recordTable(bytes, name);
    const guess = guessRecordProfile(plain.names, plain.rows);
    if (plain.names.length < 2 || plain.rows.length === 0) return undefined;
    look.likely = plain.names.some(namesDate);
    const shown = (table: typeof plain) => {
      const hidden = table.names.map((column) => identifies(column));
      look.names = table.names;
      look.rows = table.rows.slice(0, SHOWN_ROWS).map((row) => row.map((cell, at) => (hidden[at] ? '' : cell)));
      look.refused = table.names.filter((_, at) => hidden[at]);
    };
    shown(plain);
    if (guess) look.guess = guess;
    const profile = mapping === undefined ? guess : checkRecordProfile(mapping, 'this form');
    if (!profile) return look;
    const table = recordTable(bytes, name, profile);
    shown(table);
    const item = recordItem(table, name, profile, report);
    look.facts = Number(item?.metadata.facts ?? 0);
  } catch (error) {
    if (!isMsdtError(error)) throw error;
    report.errors.push({ file: name, error });
  }
  look.problems = report.errors.slice(0, SHOWN_PROBLEMS).map(({ error }) => toErrorRecord(error));
  return look;
}

/** A head that was cut ends in half a line. */
function wholeLines(head: Uint8Array, isCut: boolean): Uint8Array {
  const last = head.lastIndexOf(10);
  return isCut && last > 0 ? head.subarray(0, last + 1) : head;
}

function shownHead(bytes: Uint8Array, head: SignalHead, name: string) {
  const columns = signalTableColumns(bytes, head, { file: name });
  const rows = Array.from({ length: Math.min(SHOWN_ROWS, columns[0]?.length ?? 0) }, (_, row) =>
    columns.map((column) => (Number.isFinite(column[row]) ? column[row] : null)),
  );
  return {
    separator: SEPARATORS[head.separator],
    decimal: head.comma ? ('comma' as const) : ('point' as const),
    preamble: head.preamble.slice(-SHOWN_PREAMBLE),
    columns: head.columns,
    rows,
  };
}

function streamsOf(item: ReadItem): TableLook['streams'] {
  return item.artifacts
    .filter(({ kind }) => kind.startsWith('signal.'))
    .map(({ kind, payload }) => {
      const { channels, rateHz } = payload as Signals;
      return { kind, channels: channels.length, rateHz, samples: channels[0]?.values.length ?? 0 };
    });
}
