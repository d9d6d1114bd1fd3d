/** MATLAB 7.3 files and plain HDF5 as variables: read like MATLAB 5 from there on. */

import type { ReadItem, ReadOptions } from '../../model/index.ts';
import { type MatValue, recordingsOf } from '../mat/index.ts';
import { type H5Group, type H5Set, type H5Value, textOf } from './library.ts';

/**
 * Read items of a tree of variables.
 * @throws MsdtError `file.unsupported` where nothing in it can be used
 */
export function variableItems(root: H5Group, file: string, options: ReadOptions): ReadItem[] {
  const variables = variablesOf(root);
  for (const [name, value] of Object.entries(root.attributes)) {
    const number = scalar(value);
    if (number !== undefined && !variables.has(name))
      variables.set(name, { type: 'numbers', size: [1, 1], data: Float64Array.of(number) });
  }
  const items = recordingsOf({ description: 'HDF5', variables }, file, options);
  const matlab = [...root.sets.values()].some((set) => 'MATLAB_class' in set.attributes);
  for (const item of items) item.metadata.format = matlab ? 'MATLAB 7.3 (HDF5)' : 'HDF5';
  return items;
}

function scalar(value: H5Value): number | undefined {
  const first = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof first === 'number' ? first : undefined;
}

function variablesOf(group: H5Group): Map<string, MatValue> {
  const variables = new Map<string, MatValue>();
  for (const [name, set] of group.sets) {
    const value = variableOf(set);
    if (value) variables.set(name, value);
  }
  for (const [name, child] of group.groups) {
    if (name.startsWith('#')) continue;
    const fields = variablesOf(child);
    const entries = [...fields].map(([field, value]): [string, MatValue[]] => [field, [value]]);
    variables.set(name, { type: 'struct', size: [1, 1], fields: Object.fromEntries(entries) });
  }
  return variables;
}

/** MATLAB writes its arrays with the dimensions turned round; plain HDF5 of N × C becomes first-fastest here. */
function variableOf(set: H5Set): MatValue | undefined {
  const matlab = textOf(set.attributes, 'MATLAB_class');
  const text = set.text();
  if (text !== undefined) return { type: 'text', size: [1, text.length], text };
  if (set.shape.length > 4 || 'MATLAB_empty' in set.attributes) return undefined;
  const data = set.numbers();
  if (!data) return undefined;
  if (matlab === 'char') {
    const letters = String.fromCharCode(...Array.from(data.subarray(0, 4096)));
    return { type: 'text', size: [1, letters.length], text: letters };
  }
  const shape = set.shape.length === 0 ? [1, 1] : set.shape.length === 1 ? [set.shape[0], 1] : set.shape;
  if (matlab) return { type: 'numbers', size: [...shape].reverse(), data };
  if (shape.length !== 2 || shape[1] === 1) return { type: 'numbers', size: shape, data };
  const [rows, columns] = shape;
  const turned = data.slice();
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) turned[column * rows + row] = data[row * columns + column];
  return { type: 'numbers', size: [rows, columns], data: turned };
}
