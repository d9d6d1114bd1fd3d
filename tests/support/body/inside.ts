/** Which voxels of a grid lie inside a closed surface: parity of crossings along every row of voxels. */

import { type Grid, type Mesh, xyzToIjk } from '../../../src/model/index.ts';

/**
 * Voxel centres inside a closed surface.
 * @returns 1 inside, 0 outside · i-fastest · shape [voxels]
 */
export function voxelsInside(mesh: Mesh, grid: Grid): Uint8Array {
  const [ni, nj, nk] = grid.size;
  const ijk = new Float64Array(mesh.positions.length);
  for (let v = 0; v < ijk.length; v += 3) {
    ijk.set(xyzToIjk(grid, [mesh.positions[v], mesh.positions[v + 1], mesh.positions[v + 2]]), v);
  }
  const crossings: number[][] = Array.from({ length: nj * nk }, () => []);
  for (let t = 0; t < mesh.triangles.length; t += 3) {
    const [a, b, c] = [3 * mesh.triangles[t], 3 * mesh.triangles[t + 1], 3 * mesh.triangles[t + 2]];
    const js = [ijk[a + 1], ijk[b + 1], ijk[c + 1]];
    const ks = [ijk[a + 2], ijk[b + 2], ijk[c + 2]];
    const area = (js[1] - js[0]) * (ks[2] - ks[0]) - (js[2] - js[0]) * (ks[1] - ks[0]);
    if (area === 0) continue;
    for (let k = Math.max(0, Math.ceil(Math.min(...ks) - 1)); k <= Math.min(nk - 1, Math.max(...ks)); k++) {
      for (let j = Math.max(0, Math.ceil(Math.min(...js) - 1)); j <= Math.min(nj - 1, Math.max(...js)); j++) {
        // rows are looked along a hair beside the voxel centres, so that none runs through a vertex
        const [y, z] = [j + 1.3e-5, k + 2.1e-5];
        const u = ((y - js[0]) * (ks[2] - ks[0]) - (js[2] - js[0]) * (z - ks[0])) / area;
        const w = ((js[1] - js[0]) * (z - ks[0]) - (y - js[0]) * (ks[1] - ks[0])) / area;
        if (u < 0 || w < 0 || u + w > 1) continue;
        crossings[j + nj * k].push(ijk[a] + u * (ijk[b] - ijk[a]) + w * (ijk[c] - ijk[a]));
      }
    }
  }
  const inside = new Uint8Array(ni * nj * nk);
  for (let row = 0; row < crossings.length; row++) {
    const places = crossings[row].sort((p, q) => p - q);
    for (let n = 0; n + 1 < places.length; n += 2) {
      const from = Math.max(0, Math.ceil(places[n]));
      const to = Math.min(ni - 1, Math.floor(places[n + 1]));
      for (let i = from; i <= to; i++) inside[i + ni * row] = 1;
    }
  }
  return inside;
}
