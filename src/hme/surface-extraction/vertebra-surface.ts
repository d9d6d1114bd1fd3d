/**
 * One closed, smooth, light surface of one label, with the label's volume.
 *
 * Method: marching cubes half-way between the label's voxels and the rest, windowed-sinc smoothing, decimation; then the surface is
 * moved along its normals until it encloses the volume of the voxels. Complexity: O(voxels of the label's box + triangles · iterations).
 * Tried and measured in NOTES.md: a Gaussian of the label first, Taubin, surface nets, a signed distance.
 */

import {
  type Bounds3,
  edgeReport,
  flipTriangles,
  isosurface,
  keepLargestMeshComponent,
  labelComponents,
  maskToBits,
  meshArea,
  meshVolume,
  type Surface,
  simplify,
  smoothSinc,
  transformPositions,
  vertexNormals,
} from '../../kernel/index.ts';
import { ijkToXyzMatrix, type Labelmap, voxelVolumeMm3 } from '../../model/index.ts';

/** Smoothness and size of a surface. */
export interface VertebraSurfaceOptions {
  /** smoothing steps of the low-pass; 0 leaves the voxel steps */
  smoothing: number;
  triangles: number;
}

/** A surface with what is known of its quality. */
export interface VertebraSurface {
  surface: Surface;
  /** 1 where the surface is a cap of the field of view · shape [N] */
  cut: Uint8Array;
  closed: boolean;
  /** volume of the largest piece of the label · mm³ */
  labelMm3: number;
  /** volume inside the surface · mm³ */
  surfaceMm3: number;
  /** share of the label's voxels in pieces that were left out · 0-1 */
  strayShare: number;
}

/** End of the pass band of the low-pass. */
const PASS_BAND = 0.1;

/** Free voxels around the label's box, so that the surface closes. */
const MARGIN = 1;

/** Builds the surface of one label value; undefined when the label has no voxel. */
export async function extractVertebra(
  map: Labelmap,
  value: number,
  bounds: Bounds3,
  options: VertebraSurfaceOptions,
): Promise<VertebraSurface | undefined> {
  const { mask, size, strayShare, voxels } = largestPiece(map, value, bounds);
  if (voxels === 0) return undefined;
  const whole = keepLargestMeshComponent(isosurface(mask, size, 1, { closeBorders: true, outside: 0 }));
  const offset = bounds.min.map((low) => low - MARGIN);
  const placed = whole.positions.map((p, i) => p + offset[i % 3]);
  const raw: Surface = {
    positions: transformPositions(placed, ijkToXyzMatrix(map), placed),
    triangles: whole.triangles,
  };
  const outward = meshVolume(raw) < 0 ? { ...raw, triangles: flipTriangles(raw.triangles) } : raw;
  const labelMm3 = voxels * voxelVolumeMm3(map);
  const smooth = options.smoothing > 0 ? lowPass(outward, map, options.smoothing) : outward;
  const lean = await reduce(smooth, options.triangles);
  const surface = withVolume(lean, labelMm3);
  return {
    surface,
    cut: cutVertices(surface, map),
    closed: edgeReport(surface).closed,
    labelMm3,
    surfaceMm3: meshVolume(surface),
    strayShare,
  };
}

interface Piece {
  mask: Uint8Array;
  size: [number, number, number];
  voxels: number;
  strayShare: number;
}

/** The largest 26-connected piece of a label in its box with a margin; beyond the grid the margin is empty. */
function largestPiece(map: Labelmap, value: number, { min, max }: Bounds3): Piece {
  const size = [0, 1, 2].map((a) => max[a] - min[a] + 1 + 2 * MARGIN) as [number, number, number];
  const mask = new Uint8Array(size[0] * size[1] * size[2]);
  let all = 0;
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++) {
      const row = map.size[0] * (j + map.size[1] * k);
      const to = MARGIN - min[0] + size[0] * (j - min[1] + MARGIN + size[1] * (k - min[2] + MARGIN));
      for (let i = min[0]; i <= max[0]; i++) {
        if (map.data[row + i] !== value) continue;
        mask[to + i] = 1;
        all++;
      }
    }
  }
  const pieces = labelComponents(maskToBits(mask, size), 26);
  if (pieces.count > 1) {
    const labels = pieces.toLabels();
    for (let at = 0; at < mask.length; at++) mask[at] = labels[at] === pieces.largest ? 1 : 0;
  }
  const voxels = pieces.count === 0 ? 0 : pieces.sizes[pieces.largest];
  return { mask, size, voxels, strayShare: all === 0 ? 0 : 1 - voxels / all };
}

function lowPass(surface: Surface, map: Labelmap, iterations: number): Surface {
  const maxMove = 0.75 * Math.max(...map.spacing);
  return smoothSinc(surface, { iterations, passBand: PASS_BAND, maxMove });
}

/** Decimates; a reduction that tears the surface is given up for a gentler one. */
async function reduce(surface: Surface, triangles: number): Promise<Surface> {
  for (const target of [triangles, 1.5 * triangles, 2.5 * triangles]) {
    if (surface.triangles.length / 3 <= target) return surface;
    const lean = keepLargestMeshComponent(await simplify(surface, target));
    const { closed, nonManifoldEdges } = edgeReport(lean);
    if (closed && nonManifoldEdges === 0) return lean;
  }
  return surface;
}

/** Moves the surface along its normals, a few times, until it encloses a volume. */
function withVolume(surface: Surface, targetMm3: number): Surface {
  let current = surface;
  for (let round = 0; round < 4; round++) {
    const missing = targetMm3 - meshVolume(current);
    if (Math.abs(missing) < 1e-4 * targetMm3) break;
    const by = missing / meshArea(current);
    const normals = vertexNormals(current);
    current = { positions: current.positions.map((p, i) => p + by * normals[i]), triangles: current.triangles };
  }
  return current;
}

/** Marks vertices within a voxel of a face of the grid. */
function cutVertices({ positions }: Surface, { origin, direction: d, spacing, size }: Labelmap): Uint8Array {
  const cut = new Uint8Array(positions.length / 3);
  for (let v = 0; v < cut.length; v++) {
    const p = [0, 1, 2].map((c) => positions[3 * v + c] - origin[c]);
    for (let a = 0; a < 3; a++) {
      const at = (d[a] * p[0] + d[3 + a] * p[1] + d[6 + a] * p[2]) / spacing[a];
      if (at < 0.25 || at > size[a] - 1.25) cut[v] = 1;
    }
  }
  return cut;
}
