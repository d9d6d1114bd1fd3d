/**
 * Joins corners that lie in the same place, equal to the bit: one open-addressed table over hashes of the three words of a
 * place, O(corners).
 */
import type { Surface } from '../surface.ts';

/**
 * Shared vertices and indices of a soup of triangles; triangles that fall to a line or point are dropped.
 *
 * @param corners - corners, three per triangle; -0 becomes 0 in place · shape [9M] · any unit
 * @returns a surface whose vertices are pairwise different · unit of the corners
 * @example weldTriangles(new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1, -0])).positions.length // 12
 */
export function weldTriangles(corners: Float32Array): Surface {
  const count = corners.length / 3;
  // -0 and 0 are the same place
  for (let at = 0; at < corners.length; at++) corners[at] += 0;
  const bits = new Uint32Array(corners.buffer, corners.byteOffset, corners.length);
  let size = 1024;
  while (size < count) size *= 2;
  const table = new Int32Array(size).fill(-1);
  const kept = new Uint32Array(count);
  const vertexOf = new Uint32Array(count);
  let vertices = 0;
  for (let corner = 0; corner < count; corner++) {
    const at = corner * 3;
    let hash =
      Math.imul(bits[at], 0x9e3779b1) ^ Math.imul(bits[at + 1], 0x85ebca77) ^ Math.imul(bits[at + 2], 0xc2b2ae3d);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    for (let slot = (hash ^ (hash >>> 13)) & (size - 1); ; slot = (slot + 1) & (size - 1)) {
      const vertex = table[slot];
      if (vertex < 0) {
        table[slot] = vertices;
        kept[vertices] = corner;
        vertexOf[corner] = vertices++;
        break;
      }
      const other = kept[vertex] * 3;
      if (bits[other] === bits[at] && bits[other + 1] === bits[at + 1] && bits[other + 2] === bits[at + 2]) {
        vertexOf[corner] = vertex;
        break;
      }
    }
  }
  const positions = new Float32Array(vertices * 3);
  for (let vertex = 0; vertex < vertices; vertex++)
    positions.set(corners.subarray(kept[vertex] * 3, kept[vertex] * 3 + 3), vertex * 3);
  let used = 0;
  const triangles = new Uint32Array(count);
  for (let at = 0; at + 2 < count; at += 3) {
    const a = vertexOf[at];
    const b = vertexOf[at + 1];
    const c = vertexOf[at + 2];
    if (a === b || b === c || c === a) continue;
    triangles[used++] = a;
    triangles[used++] = b;
    triangles[used++] = c;
  }
  return { positions, triangles: used === count ? triangles : triangles.slice(0, used) };
}
