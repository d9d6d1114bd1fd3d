/** Named columns of one Parquet file. */

/** Columns of one file by name, in their order. */
export type Columns = Map<string, Float32Array | Float64Array | Int32Array>;

/** Time of each row. */
export function timesOf(base: { startS: number; rateHz: number; timeS?: Float64Array }, count: number): Float64Array {
  return base.timeS ?? Float64Array.from({ length: count }, (_, index) => base.startS + index / base.rateHz);
}

/** @throws Error when the file lacks the column */
export function columnOf(columns: Columns, name: string): Float32Array | Float64Array | Int32Array {
  const column = columns.get(name);
  if (!column) throw new Error(`column ${name} is missing`);
  return column;
}

/** A column name that is not taken. */
export function freeName(columns: Columns, wanted: string): string {
  let name = wanted || 'channel';
  for (let copy = 2; columns.has(name); copy++) name = `${wanted} (${copy})`;
  return name;
}
