/**
 * The vertebral canal of one vertebra: the hole that its label leaves when it is seen along its own axis.
 *
 * Pedicles and lamina lie at different heights, so the ring is seldom closed in one slice; seen along the axis it is.
 * Project, flood from outside, keep the largest enclosed hole. O(voxels of the crop).
 * Tried: ring in single slices (open on 40 % of slices at 3 mm); the projection closes in every real and made label seen,
 * after one step of closing at 3 mm.
 */

import type { Vec3 } from '../../../model/index.ts';
import type { Crop } from './crop.ts';
import { ijkToLocal, type LocalFrame, toPatient } from './local-frame.ts';

/** The canal seen along the vertebra's axis; u to the left, v anterior, in the frame it was sought in. */
export interface Canal {
  /** centre of the hole · mm in the frame */
  u: number;
  v: number;
  /** patient frame · mm, at the height of the frame's origin */
  centre: Vec3;
  halfWidth: number;
  halfDepth: number;
  areaMm2: number;
  /** cells by which the ring had to be closed; 0 for a sound label */
  closing: number;
}

const SMALLEST_HOLE_MM2 = 50;

interface Picture {
  data: Uint8Array;
  nu: number;
  nv: number;
  u0: number;
  v0: number;
  cell: number;
}

/** Shadow of the mask along the frame's z axis. */
function project(crop: Crop, frame: LocalFrame): Picture {
  const m = ijkToLocal(crop.grid, crop.start, frame);
  // a little wider than a voxel, or a grid that lies along the axes leaves empty lines
  const cell = Math.max(0.4, ...[0, 1, 2].map((a) => Math.hypot(m[a], m[4 + a]) * 1.04));
  const [nx, ny, nz] = crop.size;
  let [u0, u1, v0, v1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    const [i, j, k] = [corner & 1 ? nx - 1 : 0, corner & 2 ? ny - 1 : 0, corner & 4 ? nz - 1 : 0];
    const u = m[0] * i + m[1] * j + m[2] * k + m[3];
    const v = m[4] * i + m[5] * j + m[6] * k + m[7];
    [u0, u1, v0, v1] = [Math.min(u0, u), Math.max(u1, u), Math.min(v0, v), Math.max(v1, v)];
  }
  const nu = Math.ceil((u1 - u0) / cell) + 7;
  const nv = Math.ceil((v1 - v0) / cell) + 7;
  const picture: Picture = { data: new Uint8Array(nu * nv), nu, nv, u0: u0 - 3 * cell, v0: v0 - 3 * cell, cell };
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (crop.mask[at] === 0) continue;
        const a = Math.round((m[0] * i + m[1] * j + m[2] * k + m[3] - picture.u0) / cell);
        const b = Math.round((m[4] * i + m[5] * j + m[6] * k + m[7] - picture.v0) / cell);
        picture.data[a + nu * b] = 1;
      }
    }
  }
  return picture;
}

function dilate(p: Picture): Picture {
  const out = new Uint8Array(p.data);
  for (let b = 1; b < p.nv - 1; b++) {
    for (let a = 1; a < p.nu - 1; a++) {
      const at = a + p.nu * b;
      if (p.data[at - 1] | p.data[at + 1] | p.data[at - p.nu] | p.data[at + p.nu]) out[at] = 1;
    }
  }
  return { ...p, data: out };
}

/** Marks 4-connected empty pieces: 1 is outside, 2 and up are holes. */
function emptyPieces(p: Picture): { piece: Int32Array; count: number } {
  const piece = new Int32Array(p.data.length);
  const queue = new Int32Array(p.data.length);
  let count = 0;
  for (let seed = 0; seed < p.data.length; seed++) {
    if (p.data[seed] || piece[seed]) continue;
    count++;
    let [head, tail] = [0, 0];
    queue[tail++] = seed;
    piece[seed] = count;
    while (head < tail) {
      const at = queue[head++];
      const a = at % p.nu;
      for (const to of [a > 0 ? at - 1 : -1, a < p.nu - 1 ? at + 1 : -1, at - p.nu, at + p.nu]) {
        if (to < 0 || to >= p.data.length || p.data[to] || piece[to]) continue;
        piece[to] = count;
        queue[tail++] = to;
      }
    }
  }
  return { piece, count };
}

/**
 * Finds the canal.
 *
 * @param crop - the whole vertebra
 * @param frame - z along the vertebra's axis, y roughly anterior
 * @returns undefined where the label encloses no hole (a body alone, a broken arch)
 */
export function findCanal(crop: Crop, frame: LocalFrame): Canal | undefined {
  let picture = project(crop, frame);
  for (let closing = 0; closing <= 2; closing++) {
    const canal = largestHole(picture, frame, closing);
    if (canal) return canal;
    picture = dilate(picture);
  }
  return undefined;
}

function largestHole(p: Picture, frame: LocalFrame, closing: number): Canal | undefined {
  const { piece, count } = emptyPieces(p);
  const sums = Array.from({ length: count + 1 }, () => ({ n: 0, a: 0, b: 0, aa: 0, bb: 0 }));
  for (let b = 0, at = 0; b < p.nv; b++) {
    for (let a = 0; a < p.nu; a++, at++) {
      const s = sums[piece[at]];
      s.n++;
      s.a += a;
      s.b += b;
      s.aa += a * a;
      s.bb += b * b;
    }
  }
  let best = 0;
  for (let id = 2; id <= count; id++) if (best === 0 || sums[id].n > sums[best].n) best = id;
  if (best === 0) return undefined;
  const s = sums[best];
  // every step of closing took one cell off the hole's radius
  const radius = Math.sqrt(s.n / Math.PI) * p.cell;
  const areaMm2 = Math.PI * (radius + closing * p.cell) ** 2;
  if (areaMm2 < SMALLEST_HOLE_MM2) return undefined;
  const [a, b] = [s.a / s.n, s.b / s.n];
  const [u, v] = [p.u0 + a * p.cell, p.v0 + b * p.cell];
  return {
    u,
    v,
    centre: toPatient(frame, u, v, 0),
    // half axis of an ellipse is twice the standard deviation of its area
    halfWidth: 2 * Math.sqrt(Math.max(0, s.aa / s.n - a * a)) * p.cell + closing * p.cell,
    halfDepth: 2 * Math.sqrt(Math.max(0, s.bb / s.n - b * b)) * p.cell + closing * p.cell,
    areaMm2,
    closing,
  };
}
