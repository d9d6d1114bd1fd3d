/** Writes a table as CSV (RFC 4180, UTF-8, CRLF), safe to open in a spreadsheet. */

import { type Table, tableRows, unitText, type WrittenFile } from '../../model/index.ts';
import { fileNameOf, utf8 } from '../bytes.ts';

/** Text that a reader would take for something else than text. */
const NOT_PLAIN = /^\s*([+-]?(\d|\.\d)|true$|false$|na$|n\/a$|nan$|null$|none$|-$)/i;

/** Text that a spreadsheet would run as a formula; apostrophes before it are kept apart by one more. */
const FORMULA = /^'*[=+\-@\t\r]/;

/**
 * The file.
 *
 * Text that could be a formula gets an apostrophe in front (our reader takes it away again); text that looks like a number
 * is quoted, so that it stays text; a missing value is an empty field and an empty text is `""`.
 * @param units - write a second header row with units
 */
export function writeCsv(table: Table, name: string, options: { units: boolean; separator: string }): WrittenFile {
  const { separator, units } = options;
  const rows = tableRows(table);
  const lines = [table.columns.map((column) => textCell(column.name, separator)).join(separator)];
  if (units)
    lines.push(table.columns.map(({ unit }) => (unit ? textCell(unitText(unit), separator) : '')).join(separator));
  for (let row = 0; row < rows; row++)
    lines.push(table.columns.map((column) => cell(column.values[row], separator)).join(separator));
  return { name: `${fileNameOf(name)}.csv`, bytes: utf8(`${lines.join('\r\n')}\r\n`), mediaType: 'text/csv' };
}

function cell(value: number | string | boolean | null, separator: string): string {
  if (value === null) return '';
  return typeof value === 'string' ? textCell(value, separator) : String(value);
}

function textCell(text: string, separator: string): string {
  const guarded = FORMULA.test(text) ? `'${text}` : text;
  const quote =
    guarded === '' ||
    NOT_PLAIN.test(guarded) ||
    guarded !== guarded.trim() ||
    /["\r\n]/.test(guarded) ||
    guarded.includes(separator);
  return quote ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
