/**
 * The bone mask as closed surfaces that follow the grey levels of the scan.
 *
 * Method: marching cubes at the threshold on the scan's values, held above it inside the mask and below it outside; small pieces
 * dropped; decimation; light smoothing. Complexity: O(voxels of the box around the bone + triangles).
 * A surface of the 0-1 mask would show voxel steps; the grey levels put it between voxels.
 */

import {
  type BitVolume,
  type Bounds3,
  boundsOfBits,
  dilateBits,
  edgeReport,
  erodeBits,
  flipTriangles,
  forEachRun,
  isosurface,
  meshComponents,
  meshVolume,
  type Surface,
  selectTriangles,
  simplify,
  smoothTaubin,
  transformPositions,
  vertexNormals,
} from '../../kernel/index.ts';
import { ijkToXyzMatrix, type Mesh, type Volume } from '../../model/index.ts';

/** Level and size of the bone surface. */
export interface BoneSurfaceOptions {
  /** HU at which the surface is drawn */
  levelHu: number;
  triangles: number;
}

/** The surface and whether it is watertight. */
export interface BoneSurface {
  mesh: Mesh;
  closed: boolean;
}

/** Taubin steps: enough to take the noise off, too few to move a rib. */
const SMOOTHING_STEPS = 3;

/** Held levels stay this far from the surface's · HU */
const MARGIN_HU = 8;

/** Pieces with fewer triangles than this are specks of noise. */
const SPECK_TRIANGLES = 60;

/** Builds the bone surface; undefined for an empty mask. */
export async function extractBone(
  volume: Volume,
  bone: BitVolume,
  options: BoneSurfaceOptions,
): Promise<BoneSurface | undefined> {
  const box = boundsOfBits(bone);
  if (!box) return undefined;
  const grown = grow(box, volume.size);
  const { field, size } = heldField(volume, bone, grown, options.levelHu);
  const whole = withoutSpecks(isosurface(field, size, options.levelHu + 0.25, { closeBorders: true }));
  const lean = await reduce(whole, options.triangles);
  const moved = lean.positions.map((p, i) => p + grown.min[i % 3]);
  const inMm = transformPositions(moved, ijkToXyzMatrix(volume), moved);
  const smooth = smoothTaubin({ positions: inMm, triangles: lean.triangles }, { iterations: SMOOTHING_STEPS });
  const triangles = meshVolume(smooth) < 0 ? flipTriangles(smooth.triangles) : smooth.triangles;
  const surface: Surface = { positions: smooth.positions, triangles };
  const mesh: Mesh = {
    positions: surface.positions,
    triangles,
    frame: 'patient',
    normals: vertexNormals(surface),
    color: [236, 226, 200],
    name: 'Bone',
  };
  return { mesh, closed: edgeReport(surface).closed };
}

function grow({ min, max }: Bounds3, size: readonly number[]): Bounds3 {
  return {
    min: [Math.max(0, min[0] - 2), Math.max(0, min[1] - 2), Math.max(0, min[2] - 2)],
    max: [Math.min(size[0] - 1, max[0] + 2), Math.min(size[1] - 1, max[1] + 2), Math.min(size[2] - 1, max[2] + 2)],
  };
}

/**
 * The scan in the box around the bone: its own values at the boundary of the mask, held above the level inside and below it outside,
 * so that the surface encloses the mask and nothing else. Two bytes a voxel.
 */
function heldField(
  volume: Volume,
  bone: BitVolume,
  { min, max }: Bounds3,
  level: number,
): { field: Int16Array; size: [number, number, number] } {
  const size: [number, number, number] = [max[0] - min[0] + 1, max[1] - min[1] + 1, max[2] - min[2] + 1];
  const [ni, nj] = volume.size;
  const field = new Int16Array(size[0] * size[1] * size[2]).fill(level - 500);
  const index = (row: number): number => {
    const k = Math.floor(row / nj);
    return size[0] * (row - k * nj - min[1] + size[1] * (k - min[2])) - min[0];
  };
  const paint = (bits: BitVolume, hold: (value: number) => number): void => {
    forEachRun(bits, (start, end, row) => {
      const k = Math.floor(row / nj);
      const j = row - k * nj;
      if (k < min[2] || k > max[2] || j < min[1] || j > max[1]) return;
      const to = index(row);
      const from = row * ni;
      for (let i = Math.max(start, min[0]); i < Math.min(end, max[0] + 1); i++)
        field[to + i] = hold(volume.data[from + i]);
    });
  };
  const cap = (value: number): number => Math.min(value, level + 1500);
  paint(dilateBits(bone, [1.01, 1.01, 1.01]), (value) => Math.min(value, level - MARGIN_HU));
  paint(bone, (value) => cap(Math.max(value, level + MARGIN_HU)));
  paint(erodeBits(bone, [1.01, 1.01, 1.01]), (value) => cap(Math.max(value, level + 200)));
  return { field, size };
}

function withoutSpecks(surface: Surface): Surface {
  const { count, ofTriangle } = meshComponents(surface);
  const sizes = new Uint32Array(count);
  for (const piece of ofTriangle) sizes[piece]++;
  return selectTriangles(surface, (triangle) => sizes[ofTriangle[triangle]] >= SPECK_TRIANGLES);
}

/** Decimates; a reduction that tears the surface is given up for a gentler one. */
async function reduce(surface: Surface, triangles: number): Promise<Surface> {
  for (const target of [triangles, 1.5 * triangles, 2.5 * triangles]) {
    if (surface.triangles.length / 3 <= target) return surface;
    const lean = await simplify(surface, target);
    if (edgeReport(lean).closed) return lean;
  }
  return surface;
}
