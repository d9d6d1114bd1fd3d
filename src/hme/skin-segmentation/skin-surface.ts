/**
 * The skin as one closed surface that follows the grey levels of the scan.
 *
 * Method: marching cubes on the working grid's grey levels, with everything that is not the body's own boundary levelled; decimation;
 * Taubin smoothing; then every vertex moves along its normal to where the original scan crosses the threshold. Complexity:
 * O(voxels of the working grid + vertices · samples). Choices and measurements are in NOTES.md.
 */

import {
  type BitVolume,
  bitsToMask,
  dilateBits,
  edgeReport,
  erodeBits,
  flipTriangles,
  isosurface,
  keepLargestMeshComponent,
  meshVolume,
  type Surface,
  simplify,
  smoothSinc,
  smoothTaubin,
  transformPositions,
  vertexNormals,
} from '../../kernel/index.ts';
import { ijkToXyzMatrix, type Mesh, type Volume } from '../../model/index.ts';
import type { BodyMask } from './body-mask.ts';
import type { CouchTop } from './couch.ts';
import { snapToScan, toVoxels } from './snap.ts';
import type { AirThreshold } from './threshold.ts';
import { type PatientAxes, patientAxes } from './working-grid.ts';

/** Size of the skin and how its edge is taken. */
export interface SkinSurfaceOptions {
  /** triangles aimed at */
  triangles: number;
  /** the threshold follows the tissue beside each vertex (MR) instead of staying the same everywhere (CT) */
  localLevel: boolean;
}

/** The skin and whether it is watertight. */
export interface SkinSurface {
  mesh: Mesh;
  /** 1 for vertices that lie on a cap itself, not only near one · shape [N] */
  cap: Uint8Array;
  closed: boolean;
}

/** Taubin steps before the vertices go to the scan's own edge. */
const FIRST_SMOOTHING = 6;

/** Low-pass after it, and how far it may move a vertex · share of the scan's largest voxel side */
const LAST_SMOOTHING = { iterations: 20, passBand: 0.08, share: 0.35 };

/**
 * Builds the skin.
 * @param volume - the scan as it came
 * @param working - the scan on the working grid
 * @param mask - the body on the working grid
 */
export async function extractSkin(
  volume: Volume,
  working: Volume,
  mask: BodyMask,
  threshold: AirThreshold,
  options: SkinSurfaceOptions,
): Promise<SkinSurface> {
  const field = boundaryField(working, mask.body, threshold);
  const whole = keepLargestMeshComponent(isosurface(field, working.size, threshold.tissueFrom, { closeBorders: true }));
  unalignCaps(whole, capFaces(whole, working));
  const lean = await reduce(whole, options.triangles);
  const faces = capFaces(lean, working);
  const capped = faces.map((axes) => (axes === 0 ? 0 : 1));
  const smooth = smoothTaubin(toPatient(lean, working), { iterations: FIRST_SMOOTHING, fixed: capped });
  const directions = searchDirections(smooth, working, faces);
  const snapped = snapToScan(smooth, volume, working, {
    directions,
    capped,
    threshold,
    localLevel: options.localLevel,
  });
  if (mask.couch) keepInFront(snapped, working, mask.couch, patientAxes(working));
  const maxMove = LAST_SMOOTHING.share * Math.max(...volume.spacing);
  const surface = smoothSinc({ ...smooth, positions: snapped }, { ...LAST_SMOOTHING, maxMove, fixed: capped });
  const { positions } = surface;
  const { cap, cut } = capsAndCuts(surface, volume, capped);
  const mesh: Mesh = {
    positions,
    triangles: surface.triangles,
    frame: 'patient',
    normals: vertexNormals(surface),
    vertexData: { cut },
    color: [224, 180, 160],
    name: 'Skin',
  };
  return { mesh, cap, closed: edgeReport(surface).closed };
}

/** Decimates; a reduction that tears the surface is given up for a gentler one. */
async function reduce(surface: Surface, triangles: number): Promise<Surface> {
  for (const target of [triangles, 2 * triangles]) {
    if (surface.triangles.length / 3 <= target) return surface;
    const lean = keepLargestMeshComponent(await simplify(surface, target));
    if (edgeReport(lean).closed) return lean;
  }
  return surface;
}

/**
 * Grey levels in which only the skin crosses the threshold: plain body inside (no lungs, no bowel gas), plain air outside (no couch),
 * the scan's own values in the two layers of voxels between.
 */
function boundaryField(working: Volume, body: BitVolume, threshold: AirThreshold): Float32Array {
  const { tissueFrom: level, air, body: tissue } = threshold;
  const inside = bitsToMask(body);
  const deep = bitsToMask(erodeBits(body, [1.01, 1.01, 1.01]));
  const near = bitsToMask(dilateBits(body, [1.01, 1.01, 1.01]));
  const margin = 0.02 * (tissue - air);
  const field = new Float32Array(inside.length);
  for (let at = 0; at < field.length; at++) {
    const value = working.data[at];
    if (deep[at]) field[at] = tissue;
    else if (inside[at]) field[at] = Math.max(value, level + margin);
    else if (near[at]) field[at] = value < level ? Math.min(value, level - margin) : 2 * level - tissue;
    else field[at] = air;
  }
  return field;
}

/**
 * For each vertex the faces of the working grid it lies on (half a voxel beyond the outer centres): bit a for grid axis a, 0 for none.
 * @param surface - voxel coordinates
 */
function capFaces({ positions }: Surface, working: Volume): Uint8Array {
  const faces = new Uint8Array(positions.length / 3);
  for (let v = 0; v < faces.length; v++) {
    for (let a = 0; a < 3; a++) {
      const p = positions[3 * v + a];
      if (p < -0.25 || p > working.size[a] - 0.75) faces[v] |= 1 << a;
    }
  }
  return faces;
}

/**
 * Takes cap vertices off the exact lattice, in place, by up to 2 % of a voxel within the cap: on a lattice decimation leaves triangles
 * of three vertices in a row.
 */
function unalignCaps({ positions }: Surface, faces: Uint8Array): void {
  for (let v = 0; v < faces.length; v++) {
    if (faces[v] === 0) continue;
    for (let a = 0; a < 3; a++) {
      if ((faces[v] >> a) & 1) continue;
      positions[3 * v + a] += 0.04 * (scramble(3 * v + a) / 0xffffffff - 0.5);
    }
  }
}

/** The surface with only some of its triangles and all its vertices. */
function selectKeepingVertices(
  { positions, triangles }: Surface,
  keep: (a: number, b: number, c: number) => boolean,
): Surface {
  const kept: number[] = [];
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [triangles[t], triangles[t + 1], triangles[t + 2]];
    if (keep(a, b, c)) kept.push(a, b, c);
  }
  return { positions, triangles: Uint32Array.from(kept) };
}

/** A 32-bit number that looks random, the same for the same input (finaliser of MurmurHash3). */
function scramble(n: number): number {
  let h = n | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * Where each vertex may move: along its normal; on a cap only within the cap's plane, so the rim follows the skin and the cap stays flat.
 * @returns unit vectors, or zero for a vertex that stays · shape [3N]
 */
function searchDirections(surface: Surface, { direction: d }: Volume, faces: Uint8Array): Float32Array {
  const out = vertexNormals(surface);
  const sides = vertexNormals(selectKeepingVertices(surface, (a, b, c) => !(faces[a] && faces[b] && faces[c])));
  for (let v = 0; v < faces.length; v++) {
    if (faces[v] === 0) continue;
    const n = out.subarray(3 * v, 3 * v + 3);
    n.set(sides.subarray(3 * v, 3 * v + 3));
    for (let a = 0; a < 3; a++) {
      if (((faces[v] >> a) & 1) === 0) continue;
      const along = n[0] * d[a] + n[1] * d[3 + a] + n[2] * d[6 + a];
      for (let c = 0; c < 3; c++) n[c] -= along * d[3 * c + a];
    }
    const length = Math.hypot(n[0], n[1], n[2]);
    for (let c = 0; c < 3; c++) n[c] = length > 0.25 ? n[c] / length : 0;
  }
  return out;
}

function toPatient(surface: Surface, working: Volume): Surface {
  const positions = transformPositions(surface.positions, ijkToXyzMatrix(working));
  const mapped: Surface = { positions, triangles: surface.triangles };
  return meshVolume(mapped) < 0 ? { positions, triangles: flipTriangles(surface.triangles) } : mapped;
}

/** Brings vertices that lie behind the front face of the couch onto it, in place. */
function keepInFront(positions: Float32Array, working: Volume, couch: CouchTop, axes: PatientAxes): void {
  const voxels = toVoxels(positions, working);
  const d = working.direction;
  for (let p = 0; p < positions.length; p += 3) {
    const face = couch.at(voxels[p + axes.leftRight]) + (axes.towardsBack ? -0.5 : 0.5);
    const beyond = voxels[p + axes.frontBack] - face;
    if (axes.towardsBack ? beyond <= 0 : beyond >= 0) continue;
    const back = beyond * working.spacing[axes.frontBack];
    for (let c = 0; c < 3; c++) positions[p + c] -= back * d[3 * c + axes.frontBack];
  }
}

/**
 * Caps: vertices on a face of the working grid or beside the scan's padding (a round field of view). Cut: those, and vertices within
 * a voxel and a half of a face of the scan, where the grey levels of the skin are not complete.
 */
function capsAndCuts(surface: Surface, volume: Volume, capped: Uint8Array): { cap: Uint8Array; cut: Uint8Array } {
  const voxels = toVoxels(surface.positions, volume);
  const padding = paddingValue(volume);
  const cap = capped.slice();
  const cut = new Uint8Array(capped.length);
  for (let v = 0; v < cut.length; v++) {
    const place = [voxels[3 * v], voxels[3 * v + 1], voxels[3 * v + 2]];
    if (padding !== undefined && besidePadding(volume, place, padding)) cap[v] = 1;
    if (cap[v] || place.some((p, a) => p < 1.5 || p > volume.size[a] - 2.5)) cut[v] = 1;
  }
  return { cap, cut };
}

/** Value that scanners write outside a round field of view: far below air, and the lowest of all. */
function paddingValue({ data }: Volume): number | undefined {
  let low = Number.POSITIVE_INFINITY;
  for (let at = 0; at < data.length; at += 7) if (data[at] < low) low = data[at];
  return low < -1500 ? low : undefined;
}

function besidePadding({ data, size }: Volume, place: readonly number[], padding: number): boolean {
  const [i, j, k] = place.map(Math.round);
  for (const [di, dj] of [
    [2, 0],
    [-2, 0],
    [0, 2],
    [0, -2],
  ]) {
    const x = i + di;
    const y = j + dj;
    if (x < 0 || y < 0 || k < 0 || x >= size[0] || y >= size[1] || k >= size[2]) continue;
    if (data[x + size[0] * (y + size[1] * k)] <= padding) return true;
  }
  return false;
}
