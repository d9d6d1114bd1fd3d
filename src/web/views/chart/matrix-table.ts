/** A whole-column matrix as numbers: from the JSON or CSV of a table artifact. */

import { payloadOf } from '../../kit/blobs.ts';
import { unitLabel } from '../../kit/number/format.ts';

export interface Matrix {
  levels: string[];
  unit: string;
  definition: string;
  /** row by row; null where there is no value */
  values: (number | null)[][];
}

interface ColumnLike {
  name: string;
  unit?: string;
  definition?: string;
  values: (number | string | boolean | null)[];
}

/** The first column names the rows; every further one is a level. */
function matrixFromColumns(columns: readonly ColumnLike[]): Matrix | undefined {
  const [names, ...rest] = columns;
  const numeric = rest.filter((column) => column.values.every((value) => value === null || typeof value === 'number'));
  if (!names || numeric.length < 2) return undefined;
  const levels = names.values.map(String);
  const values = levels.map((_, r) => numeric.map((column) => (column.values[r] as number | null) ?? null));
  return { levels, unit: unitLabel(numeric[0].unit ?? ''), definition: numeric[0].definition ?? '', values };
}

/** A table document: `{ columns: [...] }`, or a list of row objects. */
export function matrixFromJson(document: unknown): Matrix | undefined {
  const json = payloadOf(document);
  const columns = (json as { columns?: unknown } | null)?.columns;
  if (Array.isArray(columns)) return matrixFromColumns(columns as ColumnLike[]);
  if (!Array.isArray(json) || json.length === 0) return undefined;
  const names = Object.keys(json[0] as object);
  return matrixFromColumns(
    names.map((name) => ({
      name,
      values: json.map((row: Record<string, number | string | null>) => row[name] ?? null),
    })),
  );
}

/** A plain CSV with a header row; units may stand in the header as `L4 [mm]`. */
export function matrixFromCsv(text: string): Matrix | undefined {
  const rows = text
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').map((cell) => cell.replace(/^"|"$/g, '')));
  const [head, ...body] = rows;
  if (!head || body.length === 0) return undefined;
  return matrixFromColumns(
    head.map((title, c) => {
      const named = /^(.*?)\s*\[(.+)\]$/.exec(title);
      const cells = body.map((row) => row[c] ?? '');
      const values =
        c === 0
          ? cells
          : cells.map((cell) => (cell.trim() === '' || !Number.isFinite(Number(cell)) ? null : Number(cell)));
      return { name: named?.[1] ?? title, unit: named?.[2], values };
    }),
  );
}
