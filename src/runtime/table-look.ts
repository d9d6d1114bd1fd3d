/** A table before it is read: columns, first samples, a guessed mapping, and what a given mapping makes of it. */

import {
  checkProfile,
  guessProfile,
  type SignalHead,
  signalCsv,
  signalTableColumns,
  signalTableHead,
} from '../formats/signal-csv/index.ts';
import {
  type ErrorRecord,
  isMsdtError,
  type QualityFlag,
  type ReadItem,
  type SignalProfile,
  type Signals,
  toErrorRecord,
} from '../model/index.ts';
import type { Catalogue } from './catalogue-types.ts';
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
const SEPARATORS = { ',': 'comma', ';': 'semicolon', '\t': 'tab', ' ': 'space', white: 'space' } as const;
/** Formats that take any table, whatever it says. */
const PLAIN_FORMATS = new Set(['csv']);

/**
 * Looks at a table.
 * @param mapping - channel mapping to try; the guessed one where absent
 */
export async function lookAtTable(catalogue: Catalogue, table: TableHeadBytes, mapping?: unknown): Promise<TableLook> {
  const bytes = wholeLines(table);
  const format = await formatOf(catalogue, fileInMemory(table.name, table.head));
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

/** A head that was cut ends in half a line. */
function wholeLines({ head, bytes }: TableHeadBytes): Uint8Array {
  const last = head.lastIndexOf(10);
  return head.length < bytes && last > 0 ? head.subarray(0, last + 1) : head;
}

function shownHead(bytes: Uint8Array, head: SignalHead, name: string) {
  const columns = signalTableColumns(bytes, head, name);
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
