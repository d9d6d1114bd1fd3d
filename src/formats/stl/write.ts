/** Writes a mesh as STL, binary or text, with the frame in the header as 3D Slicer reads it. */

import type { Mesh, WrittenFile } from '../../model/index.ts';
import { utf8 } from '../bytes.ts';
import { meshFileName, SPACE_NOTE } from '../mesh/index.ts';

/** The file. */
export function writeStl(mesh: Mesh, name: string, text: boolean): WrittenFile {
  const file = `${meshFileName(name)}.stl`;
  return { name: file, bytes: text ? textStl(mesh, name) : binaryStl(mesh), mediaType: 'model/stl' };
}

function binaryStl(mesh: Mesh): Uint8Array {
  const { positions, triangles } = mesh;
  const count = triangles.length / 3;
  const bytes = new Uint8Array(84 + 50 * count);
  // must not begin with "solid"
  bytes.set(utf8(`MSDT output. ${SPACE_NOTE} UNIT=mm`));
  const view = new DataView(bytes.buffer);
  view.setUint32(80, count, true);
  const normal = new Float32Array(3);
  for (let facet = 0, at = 84; facet < count; facet++, at += 50) {
    normalOf(mesh, facet, normal);
    for (let axis = 0; axis < 3; axis++) view.setFloat32(at + 4 * axis, normal[axis], true);
    for (let corner = 0; corner < 3; corner++) {
      const vertex = triangles[3 * facet + corner] * 3;
      for (let axis = 0; axis < 3; axis++)
        view.setFloat32(at + 12 + 12 * corner + 4 * axis, positions[vertex + axis], true);
    }
  }
  return bytes;
}

function textStl(mesh: Mesh, name: string): Uint8Array {
  const title = name.replace(/[\r\n]+/g, ' ').slice(0, 120);
  const lines = [`solid ${title} ${SPACE_NOTE} UNIT=mm`];
  const { positions, triangles } = mesh;
  const normal = new Float32Array(3);
  for (let facet = 0; facet < triangles.length / 3; facet++) {
    normalOf(mesh, facet, normal);
    lines.push(` facet normal ${normal.join(' ')}`, '  outer loop');
    for (let corner = 0; corner < 3; corner++) {
      const vertex = triangles[3 * facet + corner] * 3;
      lines.push(`   vertex ${positions[vertex]} ${positions[vertex + 1]} ${positions[vertex + 2]}`);
    }
    lines.push('  endloop', ' endfacet');
  }
  lines.push(`endsolid ${title}`);
  return utf8(`${lines.join('\n')}\n`);
}

function normalOf({ positions: p, triangles }: Mesh, facet: number, normal: Float32Array): void {
  const a = triangles[3 * facet] * 3;
  const b = triangles[3 * facet + 1] * 3;
  const c = triangles[3 * facet + 2] * 3;
  const [ux, uy, uz] = [p[b] - p[a], p[b + 1] - p[a + 1], p[b + 2] - p[a + 2]];
  const [vx, vy, vz] = [p[c] - p[a], p[c + 1] - p[a + 1], p[c + 2] - p[a + 2]];
  const n = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
  const length = Math.hypot(n[0], n[1], n[2]) || 1;
  for (let axis = 0; axis < 3; axis++) normal[axis] = n[axis] / length;
}
