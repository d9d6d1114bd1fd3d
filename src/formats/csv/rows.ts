/** Splits delimited text into rows of fields, quotes as in RFC 4180. */

import { fileError } from '../bytes.ts';

/** One field: its text without quotes, and whether it had any. */
export interface Cell {
  text: string;
  quoted: boolean;
}

/** Most fields of a file. */
const MAX_CELLS = 50_000_000;

/**
 * Rows of a text; blank lines are passed over, one pass, no back-tracking.
 * @param text - may begin with a byte order mark
 * @throws MsdtError `file.malformed` for a quote that is never closed
 */
export function parseRows(text: string, separator: string, file: string): Cell[][] {
  const rows: Cell[][] = [];
  let row: Cell[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let cells = 0;
  while (at < text.length) {
    const cell = text[at] === '"' ? quotedCell(text, at, file, rows.length + 1) : plainCell(text, at, separator);
    at = cell.end;
    row.push({ text: cell.text, quoted: cell.quoted });
    if (++cells > MAX_CELLS) throw tooMany(file, rows.length + 1);
    if (text[at] === separator) {
      at++;
      // a separator at the very end opens one more, empty field
      if (at < text.length) continue;
      row.push({ text: '', quoted: false });
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    at++;
    if (row.length > 1 || row[0].text !== '' || row[0].quoted) rows.push(row);
    row = [];
  }
  return rows;
}

interface Found extends Cell {
  end: number;
}

function plainCell(text: string, start: number, separator: string): Found {
  let end = start;
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end++;
  return { text: text.slice(start, end), quoted: false, end };
}

function quotedCell(text: string, start: number, file: string, row: number): Found {
  const parts: string[] = [];
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) {
      throw fileError('file.malformed', file, 'A quoted field never ends', {
        place: `row ${row}`,
        detail: `it begins with ${text.slice(start, start + 30)}`,
        hint: 'The file is cut short or a quotation mark inside a field is not doubled; export it again.',
      });
    }
    parts.push(text.slice(from, quote));
    from = quote + 1;
    if (text[from] !== '"') break;
    parts.push('"');
    from++;
  }
  // what stands between the closing quote and the separator belongs to the field
  let end = from;
  while (end < text.length && !/[,;\t|\r\n ]/.test(text[end])) end++;
  parts.push(text.slice(from, end));
  while (text[end] === ' ') end++;
  return { text: parts.join(''), quoted: true, end };
}

function tooMany(file: string, row: number) {
  return fileError('file.too-large', file, 'The table has more fields than this program opens', {
    place: `row ${row}`,
    detail: `more than ${MAX_CELLS}`,
    hint: 'Split it, or leave out columns.',
  });
}
