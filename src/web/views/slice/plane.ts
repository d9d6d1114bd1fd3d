/** The three anatomical planes as a screen shows them: patient's right on screen left, anterior and superior up. */

import type { AnatomicalPlane, Grid, Vec3 } from '../../../model/index.ts';

export interface PlaneAxes {
  /** direction of screen right · patient frame (LPS) · unit */
  right: Vec3;
  /** direction of screen down */
  down: Vec3;
  /** into deeper slices: the direction that the wheel moves along */
  normal: Vec3;
  /** letters at left, right, top, bottom */
  letters: { left: string; right: string; top: string; bottom: string };
  /** index of the patient axis that the normal follows */
  axis: 0 | 1 | 2;
}

export const PLANES: Record<AnatomicalPlane, PlaneAxes> = {
  axial: {
    right: [1, 0, 0],
    down: [0, 1, 0],
    normal: [0, 0, 1],
    letters: { left: 'R', right: 'L', top: 'A', bottom: 'P' },
    axis: 2,
  },
  coronal: {
    right: [1, 0, 0],
    down: [0, 0, -1],
    normal: [0, 1, 0],
    letters: { left: 'R', right: 'L', top: 'S', bottom: 'I' },
    axis: 1,
  },
  sagittal: {
    right: [0, 1, 0],
    down: [0, 0, -1],
    normal: [1, 0, 0],
    letters: { left: 'A', right: 'P', top: 'S', bottom: 'I' },
    axis: 0,
  },
};

export const PLANE_NAMES: Record<AnatomicalPlane, string> = {
  axial: 'Axial',
  sagittal: 'Sagittal',
  coronal: 'Coronal',
};

/** What of a plane is on the screen. */
export interface SliceFrame {
  plane: AnatomicalPlane;
  /** place under the middle of the picture · patient frame (LPS) · mm */
  centre: Vec3;
  /** mm under one CSS pixel */
  mmPerPixel: number;
  /** size of the picture · CSS pixels */
  width: number;
  height: number;
}

const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** Place in the patient under a pixel. */
export function pixelToWorld(frame: SliceFrame, x: number, y: number): Vec3 {
  const { right, down } = PLANES[frame.plane];
  const a = (x - frame.width / 2) * frame.mmPerPixel;
  const b = (y - frame.height / 2) * frame.mmPerPixel;
  const c = frame.centre;
  return [c[0] + a * right[0] + b * down[0], c[1] + a * right[1] + b * down[1], c[2] + a * right[2] + b * down[2]];
}

export interface ScreenPoint {
  x: number;
  y: number;
  /** signed distance from the slice · mm */
  depth: number;
}

/** Where a place of the patient appears, and how far it lies off the slice. */
export function worldToPixel(frame: SliceFrame, at: Vec3): ScreenPoint {
  const { right, down, normal } = PLANES[frame.plane];
  const d: Vec3 = [at[0] - frame.centre[0], at[1] - frame.centre[1], at[2] - frame.centre[2]];
  return {
    x: frame.width / 2 + dot(d, right) / frame.mmPerPixel,
    y: frame.height / 2 + dot(d, down) / frame.mmPerPixel,
    depth: dot(d, normal),
  };
}

export interface SliceSteps {
  /** mm from slice to slice */
  step: number;
  /** place along the normal of slice 0 · mm */
  start: number;
  count: number;
}

/** Slices of a grid along a plane's normal: the grid's own where one of its axes follows the normal, else by its finest spacing. */
export function sliceSteps(grid: Grid, plane: AnatomicalPlane): SliceSteps {
  const { axis } = PLANES[plane];
  const d = grid.direction;
  const along = [d[3 * axis], d[3 * axis + 1], d[3 * axis + 2]];
  const best = [0, 1, 2].reduce((a, b) => (Math.abs(along[b]) > Math.abs(along[a]) ? b : a));
  const step = grid.spacing[best];
  if (Math.abs(along[best]) > 0.9995) {
    const count = grid.size[best];
    const first = grid.origin[axis];
    const last = first + along[best] * step * (count - 1);
    return { step, start: Math.min(first, last), count };
  }
  const [low, high] = extent(grid, axis);
  return { step, start: low, count: Math.max(1, Math.floor((high - low) / step) + 1) };
}

/** Extent of a grid along a patient axis, from outer voxel centre to outer voxel centre · mm */
export function extent(grid: Grid, axis: 0 | 1 | 2): [number, number] {
  let low = grid.origin[axis];
  let high = low;
  for (let a = 0; a < 3; a++) {
    const run = grid.direction[3 * axis + a] * grid.spacing[a] * (grid.size[a] - 1);
    if (run < 0) low += run;
    else high += run;
  }
  return [low, high];
}

export function sliceIndex(steps: SliceSteps, place: number): number {
  return Math.min(steps.count - 1, Math.max(0, Math.round((place - steps.start) / steps.step)));
}

export function slicePlace(steps: SliceSteps, index: number): number {
  return steps.start + Math.min(steps.count - 1, Math.max(0, index)) * steps.step;
}

/** mm per pixel that shows the whole grid in a picture. */
export function fitScale(grid: Grid, plane: AnatomicalPlane, width: number, height: number): number {
  const axes = PLANES[plane];
  const axisOf = (v: Vec3): 0 | 1 | 2 => (v[0] !== 0 ? 0 : v[1] !== 0 ? 1 : 2);
  const span = (axis: 0 | 1 | 2): number => {
    const [low, high] = extent(grid, axis);
    return high - low + Math.max(...grid.spacing);
  };
  return Math.max(span(axisOf(axes.right)) / Math.max(1, width), span(axisOf(axes.down)) / Math.max(1, height), 0.01);
}

/** A round length for a scale bar of about `pixels` · mm */
export function scaleBarMm(mmPerPixel: number, pixels = 80): number {
  const raw = mmPerPixel * pixels;
  const power = 10 ** Math.floor(Math.log10(raw));
  const lead = raw / power;
  return (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power;
}

export function scaleBarText(mm: number): string {
  return mm >= 10 ? `${mm / 10} cm` : `${mm} mm`;
}
