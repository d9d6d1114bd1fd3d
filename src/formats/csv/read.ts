/** Reads delimited text (RFC 4180): finds encoding, separator, header and column types, and says what it found. */

import type { QualityFlag, ReadItem, ReadOptions, SourceFile, Table, TableColumn, Unit } from '../../model/index.ts';
import { ARTIFACT_KINDS, UNIT_TEXT } from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { fileError, MAX_TEXT_BYTES, stemOf } from '../bytes.ts';
import { choiceOf } from '../report.ts';
import { type Cell, parseRows } from './rows.ts';

/** Kinds a table may be read as. */
const KINDS = ['table.record', 'table.landmarks2d', 'table.matrix'] as const;

/** Share of control characters above which a file is no text. */
const MOST_CONTROLS = 0.01;

/** Most columns of a table. */
const MAX_COLUMNS = 16_384;

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const COMMA_NUMBER = /^[+-]?\d+,\d+([eE][+-]?\d+)?$/;
/** Identifiers such as 007 keep their zeros. */
const PADDED = /^[+-]?0\d/;
const MISSING = /^(na|n\/a|nan|null|none|-)$/i;

/**
 * Reads a table.
 * @throws MsdtError what is wrong, where, and what to do
 */
export async function readCsv(file: SourceFile, options: ReadOptions): Promise<ReadItem> {
  const { choices } = options;
  const kind = kindOf(choices?.kind);
  const { text, encoding } = decodeText(await readWhole(file, MAX_TEXT_BYTES), file.name);
  const separator = separatorOf(choices?.separator) ?? findSeparator(text);
  const rows = parseRows(text, separator, file.name);
  const flags: QualityFlag[] = [];
  if (encoding === 'windows-1252') {
    const message = 'The text is not UTF-8; it was read as Windows-1252. Check letters with accents.';
    flags.push({ code: 'csv.encoding', severity: 'info', message });
  }
  const hasHeader = choiceOf(choices, 'header', ['yes', 'no']) ?? (looksLikeHeader(rows) ? 'yes' : 'no');
  const hasUnits = hasHeader === 'yes' && choiceOf(choices, 'units', ['row', 'none']) === 'row';
  const body = rows.slice((hasHeader === 'yes' ? 1 : 0) + (hasUnits ? 1 : 0));
  const width = Math.max(...rows.map((row) => row.length));
  const ragged = rows.findIndex((row) => row.length !== width);
  if (width > MAX_COLUMNS || rows.length * width > 64 * (text.length + 64)) {
    throw fileError('file.malformed', file.name, 'This does not look like a table', {
      place: `row ${ragged + 1}`,
      detail: `${rows.length} rows, the widest with ${width} fields`,
      hint: 'Check the separator, or give it with the choice separator.',
    });
  }
  if (ragged >= 0) {
    const message = `Row ${ragged + 1} has ${rows[ragged].length} fields where others have ${width}; missing fields were left empty.`;
    flags.push({ code: 'csv.ragged', severity: 'doubt', where: `row ${ragged + 1}`, message });
  }
  const comma = separator === ';' && usesDecimalComma(body);
  const names = columnNames(hasHeader === 'yes' ? rows[0] : [], width);
  const allQuoted = body.every((row) => row.every((cell) => cell.quoted || cell.text === ''));
  const columns = names.map((name, index): TableColumn => {
    const column: TableColumn = { name, values: columnValues(body, index, comma, allQuoted) };
    const unit = hasUnits ? unitOf(rows[1][index]?.text) : undefined;
    if (unit) column.unit = unit;
    return column;
  });
  const table: Table = { columns };
  return {
    modality: 'table',
    artifacts: [{ kind, payload: table, name: stemOf(file.name, ['.csv', '.tsv', '.txt']) }],
    files: [file.name],
    quality: flags,
    metadata: {
      format: 'CSV',
      rows: body.length,
      columns: width,
      separator: separator === '\t' ? 'tab' : separator,
      header: hasHeader,
      decimal: comma ? 'comma' : 'point',
      encoding,
    },
  };
}

/** The cells of a delimited text. */
export interface Cells {
  rows: Cell[][];
  separator: string;
  encoding: string;
  /** numbers are written with a comma */
  comma: boolean;
}

/**
 * Splits a file into cells: encoding and separator are found, or the separator is given.
 * @throws MsdtError the file is empty, no text, or a quoted field never ends
 */
export function readCells(bytes: Uint8Array, file: string, given?: string): Cells {
  const { text, encoding } = decodeText(bytes, file);
  const separator = separatorOf(given) ?? findSeparator(text);
  const rows = parseRows(text, separator, file);
  return { rows, separator, encoding, comma: separator === ';' && usesDecimalComma(rows.slice(1)) };
}

/** Kinds of other formats may stand in the choices of a batch; a word that is no kind at all is a mistake. */
function kindOf(choice: string | undefined): (typeof KINDS)[number] {
  const known = KINDS.find((kind) => kind === choice);
  if (known || choice === undefined || (ARTIFACT_KINDS as readonly string[]).includes(choice))
    return known ?? 'table.record';
  return choiceOf({ kind: choice }, 'kind', KINDS) ?? 'table.record';
}

function decodeText(bytes: Uint8Array, file: string): { text: string; encoding: string } {
  const [a, b] = bytes;
  const utf16 = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : undefined;
  try {
    const encoding = utf16 ?? 'utf-8';
    return { text: checked(new TextDecoder(encoding, { fatal: true }).decode(bytes), file), encoding };
  } catch (error) {
    if (utf16 || !(error instanceof TypeError)) throw error instanceof TypeError ? notText(file, 'byte 2') : error;
    return { text: checked(new TextDecoder('windows-1252').decode(bytes), file), encoding: 'windows-1252' };
  }
}

function checked(text: string, file: string): string {
  const zero = text.indexOf('\0');
  if (zero >= 0) throw notText(file, `character ${zero + 1}`);
  const start = text.slice(0, 65_536);
  const controls = start.match(/[\x01-\x08\x0e-\x1f]/g)?.length ?? 0;
  if (controls > start.length * MOST_CONTROLS) throw notText(file, `${controls} control characters`);
  if (text.trim() === '') {
    throw fileError('input.empty', file, 'The table is empty', {
      place: 'whole file',
      hint: 'Export it again with its rows.',
    });
  }
  return text;
}

function notText(file: string, place: string) {
  return fileError('file.malformed', file, 'This is not a text file', {
    place,
    hint: 'Save the table as CSV, UTF-8.',
  });
}

function separatorOf(choice: string | undefined): string | undefined {
  if (choice === undefined) return undefined;
  const named: Record<string, string> = { comma: ',', semicolon: ';', tab: '\t', pipe: '|', space: ' ' };
  return named[choice] ?? choice.slice(0, 1);
}

/** The candidate that stands in every one of the first lines, most often; quoted text does not count. */
function findSeparator(text: string): string {
  const lines = text
    .slice(0, 65_536)
    .replace(/"[^"]*"/g, '')
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, 20);
  let best = ',';
  let most = 0;
  for (const candidate of [',', ';', '\t', '|']) {
    const counts = lines.map((line) => line.split(candidate).length - 1);
    const least = Math.min(...counts);
    const steady = counts.filter((count) => count === counts[0]).length / counts.length;
    const score = least > 0 ? least * steady + 1000 * Number(steady > 0.8) : 0;
    if (score > most) {
      most = score;
      best = candidate;
    }
  }
  return best;
}

/** The first row names columns unless it holds a number; where no number stands below it, its words must at least differ. */
function looksLikeHeader(rows: readonly Cell[][]): boolean {
  const [first, ...rest] = rows;
  const isNumber = (cell?: Cell): boolean => {
    const text = cell?.text.trim() ?? '';
    return NUMBER.test(text) || COMMA_NUMBER.test(text);
  };
  if (first.some(isNumber) || first.every((cell) => cell.text.trim() === '')) return false;
  if (rest.length === 0) return true;
  const some = rest.slice(0, 50);
  const numeric = first.some((_, index) => {
    const cells = some.map((row) => row[index]).filter((cell) => cell && cell.text.trim() !== '');
    return cells.length > 0 && cells.every(isNumber);
  });
  const names = new Set(first.map((cell) => cell.text.trim()));
  // a single column of words is a list
  return numeric || (first.length > 1 && names.size === first.length);
}

function usesDecimalComma(body: readonly Cell[][]): boolean {
  let commas = 0;
  for (const row of body.slice(0, 200)) {
    for (const { text } of row) {
      if (/^[+-]?\d+\.\d+$/.test(text.trim())) return false;
      if (COMMA_NUMBER.test(text.trim())) commas++;
    }
  }
  return commas > 0;
}

function columnNames(header: readonly Cell[], width: number): string[] {
  const used = new Set<string>();
  return Array.from({ length: width }, (_, index) => {
    const base = unguarded(header[index]?.text.trim() ?? '') || `c${index + 1}`;
    let name = base;
    for (let copy = 2; used.has(name); copy++) name = `${base}_${copy}`;
    used.add(name);
    return name;
  });
}

function columnValues(
  body: readonly Cell[][],
  index: number,
  comma: boolean,
  allQuoted: boolean,
): TableColumn['values'] {
  const cells = body.map((row) => row[index] ?? { text: '', quoted: false });
  // quotes mark text, unless the writer quotes everything
  const isText = (cell: Cell): boolean => cell.quoted && !allQuoted;
  const plain = (cell: Cell): string => {
    const text = cell.text.trim();
    return comma && COMMA_NUMBER.test(text) ? text.replace(',', '.') : text;
  };
  const empty = (cell: Cell): boolean => !isText(cell) && (cell.text.trim() === '' || MISSING.test(cell.text.trim()));
  const full = cells.filter((cell) => !empty(cell));
  const none = (cell: Cell): boolean => cell.text === '' && !isText(cell);
  if (full.length === 0) return cells.map((cell) => (none(cell) || empty(cell) ? null : cell.text));
  if (full.every((cell) => !isText(cell) && NUMBER.test(plain(cell)) && !PADDED.test(plain(cell))))
    return cells.map((cell) => (empty(cell) ? null : Number(plain(cell))));
  if (full.every((cell) => !isText(cell) && /^(true|false)$/i.test(plain(cell))))
    return cells.map((cell) => (empty(cell) ? null : plain(cell).toLowerCase() === 'true'));
  return cells.map((cell) => (none(cell) ? null : unguarded(cell.text)));
}

/** Takes away the apostrophe that our writer (and others) put before a would-be formula. */
function unguarded(text: string): string {
  return /^'+[=+\-@\t\r]/.test(text) ? text.slice(1) : text;
}

/** A unit row holds UCUM codes or the text people read. */
function unitOf(text: string | undefined): Unit | undefined {
  const wanted = text?.trim();
  if (!wanted) return undefined;
  return (Object.keys(UNIT_TEXT) as Unit[]).find((code) => code === wanted || UNIT_TEXT[code] === wanted);
}
