/** From a table as it comes to numbers a learner can read: types found, gaps filled, long tails drawn in, copies left out. */

import { median, quantileSorted, standardDeviation } from '../../kernel/index.ts';
import { MsdtError, type Table, type TableColumn, tableRows } from '../../model/index.ts';

/** One column of numbers made from a column of the table. */
export interface EncodedColumn {
  /** column of the table it came from */
  source: string;
  name: string;
  values: Float64Array;
  /** two values only: a spline would add nothing */
  binary: boolean;
}

/** A table ready for learning. */
export interface EncodedTable {
  rows: number;
  columns: EncodedColumn[];
  /** 0 or 1 */
  outcome: Float64Array;
  positive: string;
  negative: string;
  /** what was left out or changed, in words */
  notes: string[];
}

const YES = /^(1|true|yes|y|case|positive|present|abnormal|ab|event|operated|surgery)$/i;
const MOST_CLASSES = 12;

/**
 * Reads outcome and features.
 * @param outcome - name of a column with two values
 * @param positive - the value that counts as event; found when left out
 * @throws MsdtError the column is missing, or has not two values, or numbers and texts are mixed, or no feature is left
 */
export function encodeTable(table: Table, outcome: string, positive?: string): EncodedTable {
  const target = table.columns.find(({ name }) => name === outcome);
  if (!target)
    throw new MsdtError('input.missing', `The table has no column "${outcome}"`, {
      where: { place: 'first line' },
      hint: `Columns: ${table.columns.map(({ name }) => name).join(', ')}.`,
    });
  const kept = target.values.flatMap((value, row) => (value === null || value === '' ? [] : [row]));
  const notes: string[] = [];
  if (kept.length < tableRows(table)) notes.push(`${tableRows(table) - kept.length} rows without an outcome left out.`);
  const answers = [...new Set(kept.map((row) => String(target.values[row])))].sort();
  if (answers.length !== 2)
    throw new MsdtError('input.empty', outcomeProblem(outcome, answers), {
      where: { place: `column ${outcome}` },
      detail: answers.slice(0, 6).join(', '),
      hint: 'Name a column of yes and no, 1 and 0, or two classes, with patients of both.',
    });
  const event = positive ?? answers.find((answer) => YES.test(answer)) ?? answers[1];
  if (!answers.includes(event))
    throw new MsdtError('parameter.invalid', `"${event}" is no value of "${outcome}"`, { hint: answers.join(' or ') });
  const columns = table.columns
    .filter((column) => column !== target)
    .flatMap((column) => encodeColumn(column, kept, notes));
  const independent = withoutCopies(columns, notes);
  if (independent.length === 0)
    throw new MsdtError('input.empty', 'No column is left to learn from', {
      where: { place: 'all columns but the outcome' },
      detail: notes.join(' '),
      hint: 'Add columns of numbers or of a few classes that differ between patients.',
    });
  return {
    rows: kept.length,
    columns: independent,
    outcome: Float64Array.from(kept, (row) => (String(target.values[row]) === event ? 1 : 0)),
    positive: event,
    negative: answers.find((answer) => answer !== event) as string,
    notes,
  };
}

function outcomeProblem(outcome: string, answers: readonly string[]): string {
  if (answers.length === 0) return `Column "${outcome}" is empty`;
  if (answers.length === 1)
    return `Every patient has "${answers[0]}" in column "${outcome}": there is nothing to predict`;
  return `Column "${outcome}" has ${answers.length} different values, an outcome has two`;
}

/** Ways to write a gap. */
const GAP = /^(na|n\/a|nan|null|none|missing|unknown|\?|-|\.|–|—)$/i;

/** Cells of a column; words for a gap are gaps where all the rest are numbers. */
function cellsOf(column: TableColumn, kept: readonly number[], notes: string[]): TableColumn['values'][number][] {
  const cells = kept.map((row) => column.values[row]);
  const texts = cells.flatMap((cell, at) => (isNumber(cell) ? [] : [{ cell: String(cell), row: kept[at] + 1 }]));
  const present = cells.filter((cell) => cell !== null && cell !== '').length;
  if (texts.length === 0 || 2 * texts.length > present) return cells;
  const odd = texts.filter(({ cell }) => !GAP.test(cell.trim()));
  if (odd.length === 0) {
    notes.push(`${column.name}: ${texts.length} cells such as "${texts[0].cell}" read as gaps.`);
    return cells.map((cell) => (isNumber(cell) ? cell : null));
  }
  if (new Set(cells.map(String)).size <= MOST_CLASSES) return cells;
  throw new MsdtError('input.empty', `Column "${column.name}" holds numbers and ${odd.length} cells that are none`, {
    where: { place: `column ${column.name}, row ${odd[0].row}` },
    detail: odd
      .slice(0, 5)
      .map(({ cell, row }) => `row ${row}: "${cell.slice(0, 40)}"`)
      .join(', '),
    hint: 'Write numbers with a point, leave unknown cells empty, and give units in the name of the column.',
  });
}

/** True for gaps too. */
function isNumber(cell: TableColumn['values'][number]): boolean {
  return typeof cell !== 'string' || cell === '' || (cell.trim() !== '' && Number.isFinite(Number(cell)));
}

function encodeColumn(column: TableColumn, kept: readonly number[], notes: string[]): EncodedColumn[] {
  const raw = cellsOf(column, kept, notes);
  const present = raw.filter((value) => value !== null && value !== '');
  const distinct = [...new Set(present.map(String))];
  if (distinct.length < 2) {
    notes.push(`${column.name}: one value only, left out.`);
    return [];
  }
  if (present.length < raw.length)
    notes.push(`${column.name}: ${raw.length - present.length} gaps filled with the median or the commonest value.`);
  const numbers = present.every(isNumber);
  if (!numbers) return encodeClasses(column, raw, distinct, notes);
  const middle = median(present.map(Number));
  const values = Float64Array.from(raw, (value) => (value === null || value === '' ? middle : Number(value)));
  return [
    {
      source: column.name,
      name: column.name,
      values: drawnIn(values, column.name, notes),
      binary: distinct.length === 2,
    },
  ];
}

function encodeClasses(
  column: TableColumn,
  raw: readonly unknown[],
  distinct: string[],
  notes: string[],
): EncodedColumn[] {
  if (distinct.length > MOST_CLASSES) {
    notes.push(`${column.name}: ${distinct.length} different texts, left out.`);
    return [];
  }
  const counted = distinct.map((text) => ({ text, count: raw.filter((value) => String(value) === text).length }));
  const commonest = counted.sort((a, b) => b.count - a.count)[0].text;
  return distinct
    .filter((text) => text !== commonest)
    .sort()
    .map((text) => ({
      source: column.name,
      name: `${column.name} = ${text}`,
      values: Float64Array.from(raw, (value) => (String(value) === text ? 1 : 0)),
      binary: true,
    }));
}

/** Long tails on the scale of the logarithm: one far value must not rule a spline. */
function drawnIn(values: Float64Array, name: string, notes: string[]): Float64Array {
  const sorted = values.slice().sort();
  const [low, high] = [quantileSorted(sorted, 0.25), quantileSorted(sorted, 0.75)];
  const reach = Math.max(sorted[sorted.length - 1] - high, low - sorted[0]);
  if (high === low || reach < 4 * (high - low)) return values;
  notes.push(`${name}: long tail, read as sign(x)·log(1+|x|).`);
  return values.map((value) => Math.sign(value) * Math.log1p(Math.abs(value)));
}

/** Leaves out columns that others explain exactly: pelvic incidence is pelvic tilt plus sacral slope. */
function withoutCopies(columns: readonly EncodedColumn[], notes: string[]): EncodedColumn[] {
  const basis: Float64Array[] = [];
  return columns.filter((column) => {
    const mean = column.values.reduce((sum, value) => sum + value, 0) / column.values.length;
    const sd = standardDeviation(column.values);
    let rest = column.values.map((value) => (value - mean) / sd);
    for (const unit of basis) {
      const along = rest.reduce((sum, value, i) => sum + value * unit[i], 0);
      rest = rest.map((value, i) => value - along * unit[i]);
    }
    const length = Math.sqrt(rest.reduce((sum, value) => sum + value * value, 0));
    if (length / Math.sqrt(rest.length) < 0.005) {
      notes.push(`${column.name}: given by the other columns, left out.`);
      return false;
    }
    basis.push(rest.map((value) => value / length));
    return true;
  });
}
