/** Triangle surfaces as two flat arrays, and the small operations on them. Each is one O(n) pass. */
import { expectArgument } from '../argument-error.ts';
import type { Mat4 } from '../linear/index.ts';

/**
 * A triangle surface. `positions` is xyz per vertex; `triangles` three vertex numbers each, counter-clockwise seen from
 * outside. The unit is the caller's: voxels as the extraction kernels make them, mm after a transform.
 */
export interface Surface {
  readonly positions: Float32Array;
  readonly triangles: Uint32Array;
}

/**
 * Positions under an affine map.
 *
 * @param positions - flat xyz · shape [3N]
 * @param map - row-major 4×4
 * @param out - where to write (may be `positions`); made when absent
 * @returns mapped positions · shape [3N]
 * @throws ArgumentError when the map is not 16 numbers
 * @example transformPositions(new Float32Array([1, 2, 3]), [2, 0, 0, 5, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1])[0] // 7
 */
export function transformPositions(
  positions: Float32Array,
  map: Mat4,
  out: Float32Array = new Float32Array(positions.length),
): Float32Array {
  expectArgument(map.length === 16, 'map', map, '16 numbers');
  const [a, b, c, d, e, f, g, h, i, j, k, l] = map;
  for (let p = 0; p + 2 < positions.length; p += 3) {
    const x = positions[p];
    const y = positions[p + 1];
    const z = positions[p + 2];
    out[p] = a * x + b * y + c * z + d;
    out[p + 1] = e * x + f * y + g * z + h;
    out[p + 2] = i * x + j * y + k * z + l;
  }
  return out;
}

/**
 * The same triangles seen from the other side (needed after a map that mirrors).
 * @example flipTriangles(new Uint32Array([0, 1, 2])).join(' ') // '0 2 1'
 */
export function flipTriangles(triangles: Uint32Array): Uint32Array {
  const out = new Uint32Array(triangles.length);
  for (let t = 0; t + 2 < triangles.length; t += 3) {
    out[t] = triangles[t];
    out[t + 1] = triangles[t + 2];
    out[t + 2] = triangles[t + 1];
  }
  return out;
}

/**
 * Unit normals at the vertices: mean of the adjacent triangle normals weighted by their area; zero for unused vertices.
 *
 * @returns normals pointing outward · shape [3N]
 */
export function vertexNormals(surface: Surface): Float32Array {
  const { positions: p, triangles } = surface;
  const out = new Float32Array(p.length);
  for (let t = 0; t + 2 < triangles.length; t += 3) {
    const a = 3 * triangles[t];
    const b = 3 * triangles[t + 1];
    const c = 3 * triangles[t + 2];
    const ux = p[b] - p[a];
    const uy = p[b + 1] - p[a + 1];
    const uz = p[b + 2] - p[a + 2];
    const vx = p[c] - p[a];
    const vy = p[c + 1] - p[a + 1];
    const vz = p[c + 2] - p[a + 2];
    const nx = uy * vz - uz * vy;
    const ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    out[a] += nx;
    out[a + 1] += ny;
    out[a + 2] += nz;
    out[b] += nx;
    out[b + 1] += ny;
    out[b + 2] += nz;
    out[c] += nx;
    out[c + 1] += ny;
    out[c + 2] += nz;
  }
  for (let i = 0; i < out.length; i += 3) {
    const length = Math.sqrt(out[i] * out[i] + out[i + 1] * out[i + 1] + out[i + 2] * out[i + 2]);
    if (length === 0) continue;
    out[i] /= length;
    out[i + 1] /= length;
    out[i + 2] /= length;
  }
  return out;
}

/**
 * Volume inside a closed surface (divergence theorem); positive when the triangles face outward. Summed about the
 * first vertex so that a surface far from the origin loses no digits.
 *
 * @returns volume · unit of the positions cubed
 */
export function meshVolume(surface: Surface): number {
  const { positions: p, triangles } = surface;
  if (triangles.length === 0) return 0;
  const o = 3 * triangles[0];
  const [ox, oy, oz] = [p[o], p[o + 1], p[o + 2]];
  let six = 0;
  for (let t = 0; t + 2 < triangles.length; t += 3) {
    const a = 3 * triangles[t];
    const b = 3 * triangles[t + 1];
    const c = 3 * triangles[t + 2];
    const ax = p[a] - ox;
    const ay = p[a + 1] - oy;
    const az = p[a + 2] - oz;
    const bx = p[b] - ox;
    const by = p[b + 1] - oy;
    const bz = p[b + 2] - oz;
    const cx = p[c] - ox;
    const cy = p[c + 1] - oy;
    const cz = p[c + 2] - oz;
    six += ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx);
  }
  return six / 6;
}

/**
 * Area of a surface.
 *
 * @returns area · unit of the positions squared
 */
export function meshArea(surface: Surface): number {
  let area = 0;
  for (let t = 0; 3 * t < surface.triangles.length; t++) area += triangleArea(surface, t);
  return area;
}

/**
 * Area of one triangle.
 *
 * @param triangle - number of the triangle
 * @returns area · unit of the positions squared
 */
export function triangleArea(surface: Surface, triangle: number): number {
  const { positions: p, triangles } = surface;
  const a = 3 * triangles[3 * triangle];
  const b = 3 * triangles[3 * triangle + 1];
  const c = 3 * triangles[3 * triangle + 2];
  const ux = p[b] - p[a];
  const uy = p[b + 1] - p[a + 1];
  const uz = p[b + 2] - p[a + 2];
  const vx = p[c] - p[a];
  const vy = p[c + 1] - p[a + 1];
  const vz = p[c + 2] - p[a + 2];
  const x = uy * vz - uz * vy;
  const y = uz * vx - ux * vz;
  const z = ux * vy - uy * vx;
  return 0.5 * Math.sqrt(x * x + y * y + z * z);
}

/**
 * Only the chosen triangles, with the vertices they use, in their old order.
 *
 * @param keep - answers for each triangle number
 */
export function selectTriangles(surface: Surface, keep: (triangle: number) => boolean): Surface {
  const { positions, triangles } = surface;
  const chosen: number[] = [];
  for (let t = 0; 3 * t < triangles.length; t++) if (keep(t)) chosen.push(t);
  const used = new Uint8Array(positions.length / 3);
  for (const t of chosen) for (let k = 0; k < 3; k++) used[triangles[3 * t + k]] = 1;
  const number = new Uint32Array(used.length);
  let count = 0;
  for (let v = 0; v < used.length; v++) if (used[v]) number[v] = count++;
  const kept = new Float32Array(3 * count);
  for (let v = 0; v < used.length; v++) if (used[v]) kept.set(positions.subarray(3 * v, 3 * v + 3), 3 * number[v]);
  const out = new Uint32Array(3 * chosen.length);
  for (let i = 0; i < chosen.length; i++) {
    for (let k = 0; k < 3; k++) out[3 * i + k] = number[triangles[3 * chosen[i] + k]];
  }
  return { positions: kept, triangles: out };
}
