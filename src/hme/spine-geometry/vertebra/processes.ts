/** Landmarks of the arch: pedicle centres and tips of the processes. O(voxels of the arch). */

import type { Vec3 } from '../../../model/index.ts';
import { ijkToLocal, toLocal, toPatient } from '../label/local-frame.ts';
import type { MeasuredPoint, VertebraShape } from './model.ts';

/** Points of one arch; what is not there is left out. */
export interface ArchPoints {
  pedicleLeft?: MeasuredPoint;
  pedicleRight?: MeasuredPoint;
  spinousTip?: MeasuredPoint;
  transverseLeft?: MeasuredPoint;
  transverseRight?: MeasuredPoint;
}

interface Cloud {
  u: Float32Array;
  v: Float32Array;
  w: Float32Array;
}

function archCloud(shape: VertebraShape): Cloud | undefined {
  const { arch } = shape;
  if (!arch || arch.voxels < 30) return undefined;
  const m = ijkToLocal(arch.grid, arch.start, shape.frame);
  const cloud: Cloud = {
    u: new Float32Array(arch.voxels),
    v: new Float32Array(arch.voxels),
    w: new Float32Array(arch.voxels),
  };
  const [nx, ny, nz] = arch.size;
  let n = 0;
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (!arch.mask[at]) continue;
        cloud.u[n] = m[0] * i + m[1] * j + m[2] * k + m[3];
        cloud.v[n] = m[4] * i + m[5] * j + m[6] * k + m[7];
        cloud.w[n] = m[8] * i + m[9] * j + m[10] * k + m[11];
        n++;
      }
    }
  }
  return cloud;
}

/** Mean of the points chosen, with the highest `score` first, down to `depth` below the best. */
function capMean(
  cloud: Cloud,
  chosen: (n: number) => boolean,
  score: (n: number) => number,
  depth: number,
  shape: VertebraShape,
): Vec3 | undefined {
  let best = -Infinity;
  for (let n = 0; n < cloud.u.length; n++) if (chosen(n)) best = Math.max(best, score(n));
  if (best === -Infinity) return undefined;
  let [count, u, v, w] = [0, 0, 0, 0];
  for (let n = 0; n < cloud.u.length; n++) {
    if (!chosen(n) || score(n) < best - depth) continue;
    count++;
    u += cloud.u[n];
    v += cloud.v[n];
    w += cloud.w[n];
  }
  return toPatient(shape.frame, u / count, v / count, w / count);
}

/** Finds the arch's landmarks. */
export function findArchPoints(shape: VertebraShape): ArchPoints {
  const cloud = archCloud(shape);
  if (!cloud || !shape.canal) return {};
  const { canal } = shape;
  const [cu, cv] = toLocal(shape.frame, canal.centre);
  const step = shape.voxelMm;
  const sdMm = Math.max(0.6, 0.6 * step);
  const measured = (xyz: Vec3 | undefined, sd = sdMm) => (xyz ? { xyz, sdMm: sd } : undefined);
  const front = cv + 0.35 * canal.halfDepth;
  const pedicle = (sign: number) =>
    capMean(
      cloud,
      (n) =>
        sign * (cloud.u[n] - cu) > 0.75 * canal.halfWidth &&
        sign * (cloud.u[n] - cu) < canal.halfWidth + 20 &&
        cloud.v[n] > front &&
        cloud.w[n] > -6,
      () => 0,
      1,
      shape,
    );
  // the transverse processes of L5 run forward beside the body: all of the arch counts, not only what lies behind the canal
  const tip = (sign: number) =>
    capMean(
      cloud,
      (n) => sign * (cloud.u[n] - cu) > canal.halfWidth,
      (n) => sign * (cloud.u[n] - cu),
      Math.max(2, 1.2 * step),
      shape,
    );
  const spinous = capMean(
    cloud,
    (n) => Math.abs(cloud.u[n] - cu) < Math.max(9, canal.halfWidth) && cloud.v[n] < cv - canal.halfDepth,
    (n) => -cloud.v[n],
    Math.max(2, 1.2 * step),
    shape,
  );
  return {
    pedicleLeft: measured(pedicle(1)),
    pedicleRight: measured(pedicle(-1)),
    spinousTip: measured(spinous),
    transverseLeft: measured(tip(1)),
    transverseRight: measured(tip(-1)),
  };
}
