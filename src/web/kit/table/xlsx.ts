/**
 * A table as an Excel workbook (ECMA-376): one sheet of values with a frozen head, one of what the columns mean.
 *
 * A workbook is a zip of six small XML files, so fflate, which is here anyway, is all it takes.
 */

import { strToU8, zipSync } from 'fflate';
import type { Table } from '../../../model/index.ts';
import { unitLabel } from '../number/format.ts';

/** Most rows of one sheet of Excel. */
const MOST_ROWS = 1_048_576;
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

type Cell = number | string | boolean | null;

/**
 * @param about - lines above the definitions: subject, date, research use
 * @throws RangeError more rows than a sheet holds
 */
export function tableToXlsx(table: Table, about: readonly string[]): Uint8Array {
  const rows = table.columns[0]?.values.length ?? 0;
  if (rows + 1 > MOST_ROWS) throw new RangeError(`An Excel sheet holds ${MOST_ROWS - 1} rows, this table has ${rows}.`);
  const head = table.columns.map(({ name, unit }) => (unit && unitLabel(unit) ? `${name} [${unitLabel(unit)}]` : name));
  const values = Array.from({ length: rows }, (_, row) => table.columns.map((column) => column.values[row]));
  const meaning: Cell[][] = [
    ['column', 'unit', 'definition'],
    ...table.columns.map(({ name, unit, definition }): Cell[] => [name, unit ?? '', definition ?? '']),
    [],
    ...about.map((line): Cell[] => [line]),
  ];
  const files = {
    '[Content_Types].xml': contentTypes(),
    '_rels/.rels': relations([['officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="Values" sheetId="1" r:id="rId1"/><sheet name="Definitions" sheetId="2" r:id="rId2"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations([
      ['worksheet', 'worksheets/sheet1.xml'],
      ['worksheet', 'worksheets/sheet2.xml'],
      ['styles', 'styles.xml'],
    ]),
    'xl/styles.xml': `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf fontId="0"/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': sheet([head, ...values]),
    'xl/worksheets/sheet2.xml': sheet(meaning),
  };
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])), { level: 6 });
}

function contentTypes(): string {
  const part = (name: string, kind: string): string =>
    `<Override PartName="/xl/${name}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml"/>`;
  return `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${part('workbook.xml', 'sheet.main')}${part('worksheets/sheet1.xml', 'worksheet')}${part('worksheets/sheet2.xml', 'worksheet')}${part('styles.xml', 'styles')}</Types>`;
}

function relations(targets: readonly (readonly [string, string])[]): string {
  const links = targets.map(
    ([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${RELATIONS}/${type}" Target="${target}"/>`,
  );
  return `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${links.join('')}</Relationships>`;
}

function sheet(rows: readonly (readonly Cell[])[]): string {
  const lines = rows.map((cells, r) => {
    const there = cells.map((cell, c) => cellXml(cell, `${columnName(c)}${r + 1}`, r === 0)).join('');
    return `<row r="${r + 1}">${there}</row>`;
  });
  const frozen =
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>';
  return `${HEAD}<worksheet xmlns="${MAIN}">${frozen}<sheetData>${lines.join('')}</sheetData></worksheet>`;
}

/** Text is text: nothing that begins with = becomes a formula. A number that is none is left out. */
function cellXml(cell: Cell, at: string, bold: boolean): string {
  const style = bold ? ' s="1"' : '';
  if (cell === null || (typeof cell === 'number' && !Number.isFinite(cell))) return '';
  if (typeof cell === 'number') return `<c r="${at}"${style}><v>${cell}</v></c>`;
  if (typeof cell === 'boolean') return `<c r="${at}" t="b"${style}><v>${cell ? 1 : 0}</v></c>`;
  return `<c r="${at}" t="inlineStr"${style}><is><t xml:space="preserve">${escapeXml(cell)}</t></is></c>`;
}

/** `A` to `Z`, `AA` … */
export function columnName(index: number): string {
  const before = Math.floor(index / 26);
  return (before > 0 ? columnName(before - 1) : '') + String.fromCharCode(65 + (index % 26));
}

function escapeXml(text: string): string {
  const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
  return clean.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
