/** Markers and skeletons as columns: three (or seven) a point, one row a frame. */

import { frameCount, type PointSequence } from '../../model/index.ts';
import { type Columns, columnOf, freeName, timesOf } from './columns.ts';

type Floats = Float32Array | Float64Array;

/** Metadata of markers and skeletons. */
export type PointsHeader = Omit<
  PointSequence,
  'positions' | 'orientations' | 'residualMm' | 'timeS' | 'names' | 'clock'
> & {
  clock: string;
  uneven: boolean;
  /** name of each point and of its columns */
  points: { name: string; column: string }[];
  oriented: boolean;
  residuals: boolean;
};

const AXES = ['x', 'y', 'z'] as const;
const TERMS = ['qw', 'qx', 'qy', 'qz'] as const;

/** What of markers and skeletons is no column. */
export function pointHeader(sequence: PointSequence): PointsHeader {
  const { positions: _, orientations, residualMm, timeS, names, ...base } = sequence;
  const taken: Columns = new Map();
  const points = names.map((name) => {
    const column = freeName(taken, name);
    taken.set(column, new Int32Array(0));
    return { name, column };
  });
  return {
    ...base,
    uneven: timeS !== undefined,
    points,
    oriented: orientations !== undefined,
    residuals: residualMm !== undefined,
  };
}

/** One row a frame: position, orientation and residual of each point. */
export function pointColumns(sequence: PointSequence): Columns {
  const frames = frameCount(sequence);
  const columns: Columns = new Map([['time_s', timesOf(sequence, frames)]]);
  const { points } = pointHeader(sequence);
  for (const [index, { column }] of points.entries()) {
    const count = points.length;
    AXES.forEach((axis, at) => {
      columns.set(`${column}.${axis}`, picked(sequence.positions, 3 * index + at, 3 * count, frames));
    });
    TERMS.forEach((term, at) => {
      if (sequence.orientations)
        columns.set(`${column}.${term}`, picked(sequence.orientations, 4 * index + at, 4 * count, frames));
    });
    if (sequence.residualMm) columns.set(`${column}.residual_mm`, picked(sequence.residualMm, index, count, frames));
  }
  return columns;
}

/**
 * Markers and skeletons as they were written.
 * @throws Error header and columns do not agree
 */
export function readPoints(header: PointsHeader, columns: Columns): PointSequence {
  const { uneven, points, oriented, residuals, ...base } = header;
  const time = columnOf(columns, 'time_s') as Float64Array;
  const names = points.map(({ name }) => name);
  const gather = (suffixes: readonly string[]): Floats =>
    woven(
      points.flatMap(({ column }) => suffixes.map((suffix) => columnOf(columns, `${column}.${suffix}`) as Floats)),
      time.length,
    );
  return {
    ...base,
    ...(uneven && { timeS: time }),
    names,
    positions: gather(AXES),
    ...(oriented && { orientations: gather(TERMS) }),
    ...(residuals && { residualMm: gather(['residual_mm']) as Float32Array }),
  };
}

/** Every `stride`-th value from `start` on, in an array of the same kind. */
function picked(values: Floats, start: number, stride: number, count: number): Floats {
  const column = values instanceof Float32Array ? new Float32Array(count) : new Float64Array(count);
  for (let row = 0, at = start; row < count; row++, at += stride) column[row] = values[at];
  return column;
}

/** Columns side by side, row by row. */
function woven(columns: Floats[], rows: number): Floats {
  const count = columns.length;
  const whole = columns[0] instanceof Float64Array ? new Float64Array(rows * count) : new Float32Array(rows * count);
  for (const [index, column] of columns.entries()) {
    if (column.length !== rows) throw new Error('columns of different length');
    for (let row = 0, at = index; row < rows; row++, at += count) whole[at] = column[row];
  }
  return whole;
}
