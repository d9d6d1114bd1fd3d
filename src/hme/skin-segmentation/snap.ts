/**
 * Moves the vertices of a surface to the skin's edge in the grey levels of the scan.
 *
 * Method: profiles along given directions, the first fall below the half-way level from inside; what the neighbours contradict gives way.
 * Complexity: O(vertices · samples).
 */

import { type Surface, sampleTrilinear, vertexNeighbours } from '../../kernel/index.ts';
import type { Volume } from '../../model/index.ts';
import type { AirThreshold } from './threshold.ts';

/** Step of the search along the normal · mm */
const SEARCH_STEP_MM = 0.4;

/** The skin's edge is not wider than this from the tissue level to the half-way level; cloth is · share of the largest voxel side */
const EDGE_SHARE = 0.75;

/** Where cloth lies on it, the skin is put this far behind the tissue level · share of the largest voxel side */
const UNDER_CLOTH_SHARE = 0.15;

/** Tissue beside the skin: fat to muscle; brackets what the half-way level adapts to · HU */
const SKIN_TISSUE_HU = [-130, 60] as const;

/** How vertices are moved. */
export interface SnapOptions {
  /** unit vectors, zero to stay · shape [3N] */
  directions: Float32Array;
  /** 1 for vertices of a cap: its rim, drawn up to a voxel inside the skin, may move out to it but hardly in */
  capped: Uint8Array;
  threshold: AirThreshold;
  localLevel: boolean;
}

/** Reach of the search to both sides · mm */
const SEARCH_REACH_MM = 3.6;

/** A vertex that moves this much otherwise than its neighbours has met a seam or a fold of cloth · share of the largest voxel side */
const SEAM_SHARE = 0.2;

/**
 * Moves each vertex along its direction to where the scan, seen from inside, falls below the half-way level.
 *
 * Where the fall from the tissue level to the half-way level is wider than an edge can be, something soft lies on the skin and the
 * vertex stops short of it. A vertex without a fall, or at odds with its neighbours, moves as they do.
 */
export function snapToScan(surface: Surface, volume: Volume, working: Volume, options: SnapOptions): Float32Array {
  const { directions, threshold } = options;
  const reach = Math.max(SEARCH_REACH_MM, 1.25 * Math.max(...volume.spacing));
  const half = Math.ceil(reach / SEARCH_STEP_MM);
  const steps = 2 * half + 1;
  const grey = profiles(surface.positions, directions, volume, half, threshold.air);
  const voxelMm = Math.max(...volume.spacing);
  const moves = new Float32Array(surface.positions.length / 3);
  for (let v = 0; v < moves.length; v++) {
    const profile = grey.subarray(v * steps, (v + 1) * steps);
    const t = options.localLevel
      ? firstFall(profile, localThreshold(profile, threshold), 0)
      : skinEdge(profile, threshold, voxelMm / SEARCH_STEP_MM);
    moves[v] = t === undefined ? Number.NaN : (t - half) * SEARCH_STEP_MM;
  }
  const agreed = agreeWithNeighbours(surface, moves, SEAM_SHARE * voxelMm);
  const voxelOut = 1.25 * Math.max(...working.spacing);
  const bitIn = 0.25 * Math.min(...working.spacing);
  const out = surface.positions.slice();
  for (let v = 0; v < agreed.length; v++) {
    const capped = options.capped[v] === 1;
    const wanted = capped ? moves[v] || 0 : agreed[v];
    const move = Math.max(capped ? -bitIn : -reach, Math.min(capped ? voxelOut : reach, wanted));
    for (let a = 0; a < 3; a++) out[3 * v + a] += move * directions[3 * v + a];
  }
  return out;
}

/** Replaces missing moves, and those far from the median of the neighbours', by that median; 0 where none is known. */
function agreeWithNeighbours(surface: Surface, moves: Float32Array, tolerance: number): Float32Array {
  const { starts, list } = vertexNeighbours(surface);
  const out = new Float32Array(moves.length);
  for (let v = 0; v < moves.length; v++) {
    const around: number[] = [];
    for (let n = starts[v]; n < starts[v + 1]; n++) if (!Number.isNaN(moves[list[n]])) around.push(moves[list[n]]);
    around.sort((a, b) => a - b);
    const middle = around.length > 0 ? (around[(around.length - 1) >> 1] + around[around.length >> 1]) / 2 : 0;
    const own = moves[v];
    out[v] = Number.isNaN(own) || (around.length > 2 && Math.abs(own - middle) > tolerance) ? middle : own;
  }
  return out;
}

/** Grey levels along each vertex's direction, from `half` steps inside to `half` steps outside. */
function profiles(
  positions: Float32Array,
  directions: Float32Array,
  volume: Volume,
  half: number,
  background: number,
): Float32Array {
  const points = new Float32Array(positions.length * (2 * half + 1));
  for (let p = 0, at = 0; p < positions.length; p += 3) {
    for (let s = -half; s <= half; s++, at += 3) {
      const t = s * SEARCH_STEP_MM;
      for (let a = 0; a < 3; a++) points[at + a] = positions[p + a] + t * directions[p + a];
    }
  }
  return sampleTrilinear(volume.data, volume.size, toVoxels(points, volume), background);
}

/** Place (in samples) of the skin on a CT profile; `voxel` is the length of a voxel in samples. */
function skinEdge(profile: Float32Array, { air, tissueFrom }: AirThreshold, voxel: number): number | undefined {
  const tissueEnds = firstFall(profile, tissueFrom, 0);
  if (tissueEnds === undefined) return undefined;
  const beneath = profile[Math.max(0, Math.floor(tissueEnds - voxel))];
  const tissue = Math.min(SKIN_TISSUE_HU[1], Math.max(SKIN_TISSUE_HU[0], beneath));
  const airBegins = firstFall(profile, (air + tissue) / 2, Math.floor(tissueEnds)) ?? Number.POSITIVE_INFINITY;
  return airBegins - tissueEnds <= EDGE_SHARE * voxel ? airBegins : tissueEnds + UNDER_CLOTH_SHARE * voxel;
}

/** Half-way between air and the brightest tissue within reach, not above the general threshold's tissue. */
function localThreshold(profile: Float32Array, { air, level, body }: AirThreshold): number {
  let brightest = level;
  for (let s = 0; s < profile.length / 2; s++) brightest = Math.max(brightest, profile[s]);
  return (air + Math.min(brightest, 1.5 * body)) / 2;
}

/** Place (in samples) of the first fall below `level` from `start` on; undefined when the profile starts below or never falls. */
function firstFall(profile: Float32Array, level: number, start: number): number | undefined {
  if (!(profile[start] >= level)) return undefined;
  for (let s = start + 1; s < profile.length; s++) {
    if (profile[s] < level) return s - 1 + (profile[s - 1] - level) / (profile[s - 1] - profile[s]);
  }
  return undefined;
}

/** Positions of the patient frame (mm) in voxel coordinates of a volume. */
export function toVoxels(points: Float32Array, { origin, direction: d, spacing }: Volume): Float32Array {
  const out = new Float32Array(points.length);
  for (let p = 0; p < points.length; p += 3) {
    const x = points[p] - origin[0];
    const y = points[p + 1] - origin[1];
    const z = points[p + 2] - origin[2];
    out[p] = (d[0] * x + d[3] * y + d[6] * z) / spacing[0];
    out[p + 1] = (d[1] * x + d[4] * y + d[7] * z) / spacing[1];
    out[p + 2] = (d[2] * x + d[5] * y + d[8] * z) / spacing[2];
  }
  return out;
}
