/** A table of patients as the page sees it before it is sent: columns, what they hold, which one may be the outcome. Pure. */

export interface CohortColumn {
  name: string;
  /** different values, counted as far as `MOST_VALUES` */
  values: readonly string[];
  missing: number;
}

export interface CohortTable {
  columns: readonly CohortColumn[];
  rows: number;
}

const MOST_VALUES = 12;
/** Most characters the server takes. */
export const MOST_CHARACTERS = 7_000_000;

/** Cells of a CSV text after RFC 4180, row by row; commas, semicolons or tabs, whichever the first line has most of. */
export function csvRows(text: string): string[][] {
  const clean = text.replace(/^\uFEFF/, '');
  const mark = separatorOf(clean);
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < clean.length; i++) {
    const c = clean[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (clean[i + 1] === '"') cell += clean[++i];
      else quoted = false;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === mark) {
      row.push(cell);
      cell = '';
    } else if (c === '\n' || c === '\r') {
      if (c === '\r' && clean[i + 1] === '\n') i++;
      rows.push([...row, cell]);
      row = [];
      cell = '';
    } else cell += c;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  return rows.filter((cells) => cells.some((one) => one.trim() !== ''));
}

function separatorOf(text: string): string {
  const head = text.slice(0, text.search(/[\r\n]|$/));
  const times = (mark: string): number => head.split(mark).length;
  return [',', ';', '\t'].reduce((best, mark) => (times(mark) > times(best) ? mark : best));
}

/** Looks at a table. @returns undefined where there is no header with rows under it */
export function lookAtTable(text: string): CohortTable | undefined {
  const [head, ...rows] = csvRows(text);
  if (!head || head.length < 2 || rows.length === 0) return undefined;
  const columns = head.map((name, at) => {
    const values = new Set<string>();
    let missing = 0;
    for (const row of rows) {
      const value = (row[at] ?? '').trim();
      if (value === '') missing++;
      else if (values.size <= MOST_VALUES) values.add(value);
    }
    return { name: name.trim(), values: [...values], missing };
  });
  return { columns, rows: rows.length };
}

const OUTCOME_WORDS = /outcome|operated|surgery|surgical|class|diagnos|label|event|target|status|result/i;

/** Columns that can be an outcome: two values or more, and few; the likeliest first. */
export function outcomeColumns({ columns }: CohortTable): CohortColumn[] {
  const few = columns.filter(({ name, values }) => name !== '' && values.length >= 2 && values.length <= MOST_VALUES);
  const rank = ({ name, values }: CohortColumn): number =>
    (OUTCOME_WORDS.test(name) ? 0 : 4) + (values.length === 2 ? 0 : 2) + (columns.at(-1)?.name === name ? 0 : 1);
  return few.sort((a, b) => rank(a) - rank(b));
}

const POSITIVE = /^(1|yes|true|abnormal|operated|surgery|case|positive|event)$/i;

const NEGATIVE = /^(0|no|false|none|normal|control|negative|healthy|conservative)$/i;

/** The value that is likely meant by "it happened". */
export function likelyPositive({ values }: CohortColumn): string | undefined {
  return values.find((value) => POSITIVE.test(value)) ?? values.findLast((value) => !NEGATIVE.test(value));
}
