/** Writes a mesh as PLY with normals, vertex colours and every vertex scalar. */

import type { Mesh, WrittenFile } from '../../model/index.ts';
import { concatBytes, utf8 } from '../bytes.ts';
import { meshFileName, SPACE_NOTE } from '../mesh/index.ts';

/** How the body is stored. */
export type PlyEncoding = 'binary' | 'big-endian' | 'ascii';

interface Column {
  name: string;
  type: 'float' | 'uchar';
  at(vertex: number): number;
}

const COLOURS = ['red', 'green', 'blue', 'alpha'];

/** The file. */
export function writePly(mesh: Mesh, name: string, encoding: PlyEncoding): WrittenFile {
  const { positions, triangles } = mesh;
  const vertices = positions.length / 3;
  const faces = triangles.length / 3;
  const columns = columnsOf(mesh);
  const format = { ascii: 'ascii', binary: 'binary_little_endian', 'big-endian': 'binary_big_endian' }[encoding];
  const head = [
    'ply',
    `format ${format} 1.0`,
    'comment MSDT output',
    `comment ${SPACE_NOTE}`,
    'comment UNIT=mm',
    `element vertex ${vertices}`,
    ...columns.map((column) => `property ${column.type} ${column.name}`),
    `element face ${faces}`,
    'property list uchar int vertex_indices',
    'end_header',
  ];
  const header = utf8(`${head.join('\n')}\n`);
  const body =
    encoding === 'ascii'
      ? textBody(columns, vertices, triangles)
      : binaryBody(columns, vertices, triangles, encoding === 'binary');
  return { name: `${meshFileName(name)}.ply`, bytes: concatBytes([header, body]), mediaType: 'application/x-ply' };
}

function columnsOf(mesh: Mesh): Column[] {
  const { positions, normals, vertexData = {}, color } = mesh;
  const columns: Column[] = ['x', 'y', 'z'].map((name, axis) => ({
    name,
    type: 'float',
    at: (v) => positions[3 * v + axis],
  }));
  if (normals)
    columns.push(
      ...['nx', 'ny', 'nz'].map((name, axis): Column => ({ name, type: 'float', at: (v) => normals[3 * v + axis] })),
    );
  if (color && !vertexData.red)
    columns.push(
      ...COLOURS.slice(0, 3).map((name, channel): Column => ({ name, type: 'uchar', at: () => color[channel] })),
    );
  for (const [name, values] of Object.entries(vertexData))
    columns.push({
      name: propertyName(name),
      type: values instanceof Uint8Array ? 'uchar' : 'float',
      at: (v) => values[v],
    });
  return columns;
}

/** A property name is one word, and not one of ours. */
function propertyName(name: string): string {
  const word = name.replace(/\s+/g, '_') || 'value';
  return /^(n?[xyz])$/.test(word) ? `${word}_` : word;
}

function binaryBody(columns: readonly Column[], vertices: number, triangles: Uint32Array, little: boolean): Uint8Array {
  const stride = columns.reduce((sum, { type }) => sum + (type === 'float' ? 4 : 1), 0);
  const bytes = new Uint8Array(vertices * stride + (triangles.length / 3) * 13);
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const column of columns) {
    const float = column.type === 'float';
    for (let vertex = 0, at = offset; vertex < vertices; vertex++, at += stride) {
      if (float) view.setFloat32(at, column.at(vertex), little);
      else bytes[at] = column.at(vertex);
    }
    offset += float ? 4 : 1;
  }
  for (let index = 0, at = vertices * stride; index < triangles.length; index += 3, at += 13) {
    bytes[at] = 3;
    for (let corner = 0; corner < 3; corner++) view.setInt32(at + 1 + 4 * corner, triangles[index + corner], little);
  }
  return bytes;
}

function textBody(columns: readonly Column[], vertices: number, triangles: Uint32Array): Uint8Array {
  const lines: string[] = [];
  for (let vertex = 0; vertex < vertices; vertex++) lines.push(columns.map((column) => column.at(vertex)).join(' '));
  for (let at = 0; at < triangles.length; at += 3)
    lines.push(`3 ${triangles[at]} ${triangles[at + 1]} ${triangles[at + 2]}`);
  return utf8(`${lines.join('\n')}\n`);
}
