/**
 * Heights as the spine report of TotalSegmentator (v0.1.0) measures them, for comparison with its numbers: in the parasagittal slice
 * where the three heights differ most, along the line between the neighbours' centres, ends counted in half-voxel steps that still
 * lie inside. Written anew from the description of the method; O(slices × steps).
 *
 * Half-voxel steps lose a quarter of a voxel at each end on average and up to half: at 3 mm the report reads 0 to 3 mm short of the
 * surface. The slice is the worst one. Both are why these heights lie below the mid-sagittal ones.
 */

import type { Crop } from '../label/crop.ts';

/** Three heights in one slice · mm. */
export interface SliceHeights {
  anterior: number;
  middle: number;
  posterior: number;
}

type Ijk = [number, number, number];

/** Grid axes and their signs that run to the right, to the front and up. */
interface Canonical {
  axes: Ijk;
  signs: Ijk;
  spacing: Ijk;
}

const STEP = 0.5;
const STATIONS = { posterior: 0.15, middle: 0.5, anterior: 0.85 } as const;
const SMOOTHING_MM = 3;
const SLICE_STEP_MM = 5;
const SIDE_MARGIN = 0.25;

function canonicalOf(crop: Crop): Canonical {
  const d = crop.grid.direction;
  const wanted: Ijk[] = [
    [-1, 0, 0],
    [0, -1, 0],
    [0, 0, 1],
  ];
  const axes: Ijk = [0, 1, 2];
  const signs: Ijk = [1, 1, 1];
  const taken = new Set<number>();
  wanted.forEach((w, r) => {
    let best = -1;
    for (let a = 0; a < 3; a++) {
      if (taken.has(a)) continue;
      const along = w[0] * d[a] + w[1] * d[3 + a] + w[2] * d[6 + a];
      if (best >= 0 && Math.abs(along) <= best) continue;
      best = Math.abs(along);
      axes[r] = a;
      signs[r] = along < 0 ? -1 : 1;
    }
    taken.add(axes[r]);
  });
  return { axes, signs, spacing: axes.map((a) => crop.grid.spacing[a]) as Ijk };
}

/** Mask with canonical axes: index x (to the right), y (to the front), z (up) inside the crop. */
class CanonicalMask {
  readonly size: Ijk;
  readonly spacing: Ijk;
  private readonly mask: Uint8Array;
  private readonly strides: Ijk;
  private readonly first: number;
  /** canonical index of the crop's first voxel in the whole grid */
  readonly offset: Ijk;

  constructor(crop: Crop) {
    const { axes, signs, spacing } = canonicalOf(crop);
    const strides = [1, crop.size[0], crop.size[0] * crop.size[1]];
    this.mask = crop.mask;
    this.spacing = spacing;
    this.size = axes.map((a) => crop.size[a]) as Ijk;
    this.strides = axes.map((a, r) => strides[a] * signs[r]) as Ijk;
    this.first = axes.reduce((sum, a, r) => sum + (signs[r] < 0 ? (crop.size[a] - 1) * strides[a] : 0), 0);
    this.offset = axes.map((a, r) =>
      signs[r] < 0 ? crop.grid.size[a] - 1 - (crop.start[a] + crop.size[a] - 1) : crop.start[a],
    ) as Ijk;
  }

  /** The mask in canonical order, x fastest. */
  copy(): Uint8Array {
    const [nx, ny, nz] = this.size;
    const out = new Uint8Array(nx * ny * nz);
    for (let z = 0, to = 0; z < nz; z++) {
      for (let y = 0; y < ny; y++) {
        let at = this.first + y * this.strides[1] + z * this.strides[2];
        for (let x = 0; x < nx; x++, at += this.strides[0]) out[to++] = this.mask[at];
      }
    }
    return out;
  }

  at(x: number, y: number, z: number): number {
    const [nx, ny, nz] = this.size;
    if (x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz) return 0;
    return this.mask[this.first + x * this.strides[0] + y * this.strides[1] + z * this.strides[2]];
  }
}

/** Centre of the body eroded by a box of 3 mm (of the body where nothing is left) · canonical voxels of the whole grid. */
export function reportCentroid(body: Crop): { centre: Ijk; xRange: [number, number] } {
  const mask = new CanonicalMask(body);
  const reach = mask.spacing.map((s) => Math.max(1, Math.round(SMOOTHING_MM / s))) as Ijk;
  return centreOf(mask, reach) ?? centreOf(mask, [0, 0, 0]) ?? { centre: [0, 0, 0], xRange: [0, 0] };
}

function centreOf(mask: CanonicalMask, reach: Ijk): { centre: Ijk; xRange: [number, number] } | undefined {
  const [nx, ny, nz] = mask.size;
  const eroded = erodeByBox(mask.copy(), [nx, ny, nz], reach);
  let [n, sx, sy, sz, low, high] = [0, 0, 0, 0, nx, -1];
  for (let z = 0, at = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, at++) {
        if (!eroded[at]) continue;
        n++;
        sx += x;
        sy += y;
        sz += z;
        low = Math.min(low, x);
        high = Math.max(high, x);
      }
    }
  }
  if (n === 0) return undefined;
  const o = mask.offset;
  return { centre: [sx / n + o[0], sy / n + o[1], sz / n + o[2]], xRange: [low + o[0], high + o[0]] };
}

/** Erosion by a box, axis after axis: a voxel stays where its run of ones reaches far enough both ways. */
function erodeByBox(mask: Uint8Array, size: Ijk, reach: Ijk): Uint8Array {
  const strides = [1, size[0], size[0] * size[1]];
  let from = mask;
  for (let axis = 0; axis < 3; axis++) {
    const [p, q] = [0, 1, 2].filter((a) => a !== axis);
    const to = new Uint8Array(mask.length);
    for (let b = 0; b < size[q]; b++) {
      for (let a = 0; a < size[p]; a++) {
        const start = a * strides[p] + b * strides[q];
        let run = 0;
        for (let c = 0; c < size[axis]; c++) {
          run = from[start + c * strides[axis]] ? run + 1 : 0;
          if (run > 2 * reach[axis]) to[start + (c - reach[axis]) * strides[axis]] = 1;
        }
      }
    }
    from = to;
  }
  return from;
}

/**
 * Measures one body.
 *
 * @param centre - of this body, from {@link reportCentroid}
 * @param above - of the next cranial body, when there is one
 * @param below - of the next caudal body, when there is one
 * @returns undefined where no slice gives three heights
 */
export function sliceHeights(
  body: Crop,
  own: ReturnType<typeof reportCentroid>,
  above: Ijk | undefined,
  below: Ijk | undefined,
): SliceHeights | undefined {
  const mask = new CanonicalMask(body);
  const to = below ?? own.centre;
  const from = above ?? own.centre;
  const axis = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  const length = Math.hypot(...axis);
  const [ay, az] = length > 0 ? [axis[1] / length, axis[2] / length] : [0, 1];
  const [, sy, sz] = mask.spacing;
  const across: readonly [number, number] = [(-az * sz) / sy, (ay * sy) / sz];
  const [low, high] = own.xRange;
  const margin = roundHalfEven(SIDE_MARGIN * (high - low + 1));
  const step = Math.max(1, roundHalfEven(SLICE_STEP_MM / mask.spacing[0]));
  let best: SliceHeights | undefined;
  let spread = -1;
  for (let x = low + margin; x <= high - margin; x += step) {
    const heights = heightsInSlice(mask, x - mask.offset[0], own.centre, [ay, az], across);
    if (!heights) continue;
    const values = Object.values(heights);
    const range = Math.max(...values) - Math.min(...values);
    if (range > spread) [best, spread] = [heights, range];
  }
  return best;
}

/** Python's rounding: halves go to the even neighbour. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function heightsInSlice(
  mask: CanonicalMask,
  x: number,
  centre: Ijk,
  axis: readonly [number, number],
  across: readonly [number, number],
): SliceHeights | undefined {
  const [y0, z0] = [centre[1] - mask.offset[1], centre[2] - mask.offset[2]];
  const ends = lineEnds(mask, x, y0, z0, across);
  if (!ends) return undefined;
  const [back, front] = ends;
  const heights: Partial<SliceHeights> = {};
  for (const [name, share] of Object.entries(STATIONS)) {
    const y = back[0] + share * (front[0] - back[0]);
    const z = back[1] + share * (front[1] - back[1]);
    const line = lineEnds(mask, x, y, z, axis);
    if (!line) return undefined;
    const [a, b] = line;
    const mm = Math.hypot((b[0] - a[0]) * mask.spacing[1], (b[1] - a[1]) * mask.spacing[2]);
    if (!(mm > 0)) return undefined;
    heights[name as keyof SliceHeights] = mm;
  }
  return heights as SliceHeights;
}

type Point2 = readonly [number, number];

/** Last half-voxel steps inside the slice to both sides of a point. */
function lineEnds(
  mask: CanonicalMask,
  x: number,
  y: number,
  z: number,
  direction: Point2,
): [Point2, Point2] | undefined {
  const length = Math.hypot(...direction);
  const [dy, dz] = [direction[0] / length, direction[1] / length];
  const walk = (sign: number): Point2 | undefined => {
    for (let step = STEP; step < 1000; step += STEP) {
      if (insideSlice(mask, x, y + sign * dy * step, z + sign * dz * step)) continue;
      for (let back = step - STEP; back < step - 1e-9; back += STEP / 4) {
        const p: Point2 = [y + sign * dy * back, z + sign * dz * back];
        if (insideSlice(mask, x, ...p)) return p;
      }
      return undefined;
    }
    return undefined;
  };
  const [a, b] = [walk(-1), walk(1)];
  return a && b ? [a, b] : undefined;
}

function insideSlice(mask: CanonicalMask, x: number, y: number, z: number): boolean {
  const [j, k] = [Math.floor(y), Math.floor(z)];
  const [fy, fz] = [y - j, z - k];
  const value =
    mask.at(x, j, k) * (1 - fy) * (1 - fz) +
    mask.at(x, j + 1, k) * fy * (1 - fz) +
    mask.at(x, j, k + 1) * (1 - fy) * fz +
    mask.at(x, j + 1, k + 1) * fy * fz;
  return value > 0.5;
}
