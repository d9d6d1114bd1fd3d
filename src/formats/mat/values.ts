/** Values of MATLAB files as plain data. */

import type { VoxelArray } from '../../model/index.ts';

/** Number arrays as stored: 64-bit integers become doubles. */
export type MatData = VoxelArray;

/** A numeric or logical array. */
export interface MatNumbers {
  type: 'numbers';
  /** length along each dimension, at least two */
  size: number[];
  /** first dimension fastest */
  data: MatData;
  /** imaginary part of complex arrays */
  imaginary?: MatData;
}

/** A character array; rows are joined with line feeds. */
interface MatText {
  type: 'text';
  size: number[];
  text: string;
}

/** A cell array. */
interface MatCells {
  type: 'cells';
  size: number[];
  cells: MatValue[];
}

/** A structure array: per field one value per element. */
export interface MatStruct {
  type: 'struct';
  size: number[];
  fields: Record<string, MatValue[]>;
}

/** Something this reader does not look into: function handles, opaque objects. */
interface MatOther {
  type: 'other';
  size: number[];
  className: string;
}

export type MatValue = MatNumbers | MatText | MatCells | MatStruct | MatOther;

/** Fields of a structure with one element, otherwise undefined. */
export function fieldsOf(value: MatValue | undefined): Record<string, MatValue> | undefined {
  if (value?.type !== 'struct') return undefined;
  const entries = Object.entries(value.fields);
  if (entries.some(([, list]) => list.length !== 1)) return undefined;
  return Object.fromEntries(entries.map(([name, [only]]) => [name, only]));
}

/** The number of a 1×1 array. */
export function scalarOf(value: MatValue | undefined): number | undefined {
  return value?.type === 'numbers' && value.data.length === 1 ? value.data[0] : undefined;
}

/** Rows and columns of a two-dimensional array. */
export function matrixOf(value: MatValue | undefined): { rows: number; columns: number; data: MatData } | undefined {
  if (value?.type !== 'numbers' || value.size.length !== 2 || value.imaginary) return undefined;
  return { rows: value.size[0], columns: value.size[1], data: value.data };
}

/** Columns of an N×C array, or of a C×N array turned round when `columns` says so; doubles stay doubles. */
export function columnsOf(value: MatValue | undefined, columns?: number): (Float32Array | Float64Array)[] | undefined {
  const matrix = matrixOf(value);
  if (!matrix) return undefined;
  const turned = columns !== undefined && matrix.columns !== columns && matrix.rows === columns;
  const [count, width] = turned ? [matrix.columns, matrix.rows] : [matrix.rows, matrix.columns];
  if (columns !== undefined && width !== columns) return undefined;
  const type = matrix.data instanceof Float32Array ? Float32Array : Float64Array;
  return Array.from({ length: width }, (_, column) => {
    if (!turned) return type.from(matrix.data.subarray(column * count, (column + 1) * count));
    const values = new type(count);
    for (let row = 0; row < count; row++) values[row] = matrix.data[row * width + column];
    return values;
  });
}
