/** A trunk with a simple skeleton of known shape, for tests. */

import type { Volume } from '../../model/index.ts';

/** What the phantom holds. */
export interface BonePhantomOptions {
  spacingMm?: readonly [number, number, number];
  noiseHu?: number;
  /** a pool of contrast medium of this brightness beside the spine · HU */
  poolHu?: number;
  /** a metal bar in the couch */
  couchBar?: boolean;
  /** density of spongy bone · HU */
  spongyHu?: number;
}

/** The scan and the truth about it. */
export interface BonePhantom {
  volume: Volume<Int16Array>;
  /** true in bone, spongy bone included, the canal not */
  bone(x: number, y: number, z: number): boolean;
  /** mm³ of bone */
  boneMm3: number;
}

const HEIGHT_MM = 60;
const BOX_MM = [240, 200, HEIGHT_MM] as const;

/** Draws a column of bone (shell, spongy core, canal behind it), a rib, and what must not become bone. */
export function bonePhantom(options: BonePhantomOptions = {}): BonePhantom {
  const { spacingMm = [1.5, 1.5, 2], noiseHu = 0, spongyHu = 130 } = options;
  const size = BOX_MM.map((mm, a) => Math.round(mm / spacingMm[a])) as [number, number, number];
  const column = (x: number, y: number) => Math.hypot(x / 24, (y - 20) / 17);
  const ring = (x: number, y: number) => Math.hypot(x / 14, (y - 47) / 14);
  const rib = (x: number, y: number) => Math.hypot((x + 70) / 5, y / 9);
  const hu = (x: number, y: number, z: number): number => {
    if (Math.abs(z) < HEIGHT_MM / 2 - 3) {
      if (column(x, y) < 1) return column(x, y) > 0.86 || Math.abs(z) > HEIGHT_MM / 2 - 6 ? 700 : spongyHu;
      if (ring(x, y) < 1) return ring(x, y) > 0.72 ? 600 : 20;
    }
    if (rib(x, y) < 1) return 550;
    if (options.poolHu) {
      const depth = Math.min(1, (17 - Math.hypot(x - 60, y - 10, z)) / 4);
      if (depth > 0) return 45 + depth * (options.poolHu - 45);
    }
    if (Math.hypot(x / 105, y / 80) < 1) return 45;
    return options.couchBar && y > 88 && y < 94 && Math.abs(x) < 100 ? 1200 : -1000;
  };
  const bone = (x: number, y: number, z: number): boolean => {
    if (rib(x, y) < 1) return true;
    if (Math.abs(z) >= HEIGHT_MM / 2 - 3) return false;
    return column(x, y) < 1 || (ring(x, y) < 1 && ring(x, y) > 0.72);
  };
  let state = 7;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 4294967296;
  };
  const data = new Int16Array(size[0] * size[1] * size[2]);
  let voxels = 0;
  for (let k = 0, at = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, at++) {
        const [x, y, z] = [i, j, k].map((n, a) => (n + 0.5) * spacingMm[a] - BOX_MM[a] / 2);
        const noise = noiseHu ? Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()) * noiseHu : 0;
        data[at] = hu(x, y, z) + noise;
        if (bone(x, y, z)) voxels++;
      }
    }
  }
  const volume: Volume<Int16Array> = {
    size,
    spacing: [...spacingMm],
    origin: BOX_MM.map((mm, a) => (spacingMm[a] - mm) / 2) as unknown as Volume['origin'],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    data,
    unit: "[hnsf'U]",
  };
  return { volume, bone, boneMm3: voxels * spacingMm[0] * spacingMm[1] * spacingMm[2] };
}
