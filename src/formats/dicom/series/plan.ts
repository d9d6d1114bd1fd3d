/**
 * Geometry of a stack: which grid it becomes, and which slices each plane of the grid is made of.
 *
 * Spacing comes from the positions of the slices, never from the thickness they claim. Gaps, uneven steps and a tilted
 * gantry do not bend the volume: the planes are resampled onto an even, orthogonal grid and the flags say so.
 */

import { dot3 } from '../../../kernel/index.ts';
import type { Grid, Mat3, QualityFlag, Vec3 } from '../../../model/index.ts';
import { fileError } from '../parse/failure.ts';
import { TAG, tagText } from '../parse/tags.ts';
import { normalOf } from './order.ts';
import { type Slice, sliceName } from './slice.ts';

/** Steps that differ from the usual one by less than this part of it are rounding. */
const EVEN_PART = 0.02;
/** … or by less than this · mm (positions are often written with two or three digits). */
const EVEN_MM = 0.011;
/** A sideways drift below this part of a pixel over the whole stack is rounding. */
const DRIFT_PIXELS = 0.25;
/** Planes of the even grid over slices: more would be invention. */
const MOST_PLANES_PER_SLICE = 8;

/** A plane of the grid: a blend of two slices (or one). */
interface Plane {
  /** index into the slices, and the next one for `weight` > 0 */
  slice: number;
  other: number;
  /** part of `other`, 0 to 1 */
  weight: number;
}

/** The grid of a volume and how its planes come about. */
export interface StackPlan {
  grid: Grid;
  planes: Plane[];
  /** each plane is one slice as it is */
  direct: boolean;
  /** in-plane shift of every slice on the grid · pixels along i and j; undefined without tilt */
  shifts?: { i: Float64Array; j: Float64Array };
  flags: QualityFlag[];
  /** distance between neighbouring slices as measured · mm; 0 for a single slice */
  measuredSpacingMm: number;
}

/**
 * Plans the volume of a stack.
 * @param slices - one orientation and size, ordered along the normal, no two at one place
 * @throws MsdtError `series.inconsistent` when the positions cannot belong to one volume
 */
export function planStack(slices: Slice[]): StackPlan {
  const first = slices[0];
  const normal = normalOf(first);
  const depths = Float64Array.from(slices, (slice) => dot3(slice.position, normal));
  const steps = stepsOf(slices, depths);
  const tilt = measureTilt(slices, depths, normal);
  const flags = [...steps.flags, ...tilt.flags];
  const { rows, columns } = first.source.layout;
  const direction = directionOf(first, normal);
  // positions carry six digits at most; the rest is noise of the subtraction
  const spacing = Number(steps.spacing.toFixed(6));
  const grid: Grid = {
    size: [columns, rows, steps.planes.length],
    spacing: [first.spacing[0], first.spacing[1], spacing],
    origin: first.position,
    direction,
  };
  const plan: StackPlan = {
    grid,
    planes: steps.planes,
    direct: steps.direct,
    flags,
    measuredSpacingMm: slices.length > 1 ? spacing : 0,
  };
  return tilt.drift ? withTilt(plan, tilt.drift, slices) : plan;
}

function directionOf(slice: Slice, normal: Vec3): Mat3 {
  const [a, b, c] = [slice.rowDirection, slice.columnDirection, normal];
  return [a[0], b[0], c[0], a[1], b[1], c[1], a[2], b[2], c[2]];
}

interface Steps {
  spacing: number;
  planes: Plane[];
  direct: boolean;
  flags: QualityFlag[];
}

function stepsOf(slices: Slice[], depths: Float64Array): Steps {
  if (slices.length === 1) return singleSlice(slices[0]);
  const steps = Float64Array.from(slices.slice(1), (_, n) => depths[n + 1] - depths[n]);
  const usual = usualStep(steps);
  const tolerance = Math.max(EVEN_PART * usual, EVEN_MM);
  const multiples = steps.map((step) => Math.round(step / usual));
  const even = steps.every(
    (step, n) => multiples[n] >= 1 && Math.abs(step - multiples[n] * usual) <= tolerance * Math.max(1, multiples[n]),
  );
  const span = depths[depths.length - 1] - depths[0];
  const flags = [...thicknessFlags(slices[0], usual)];
  if (even && multiples.every((m) => m === 1)) {
    const planes = slices.map((_, n) => ({ slice: n, other: n, weight: 0 }));
    return { spacing: span / (slices.length - 1), planes, direct: true, flags };
  }
  // both ends stay where they are
  const count = (even ? multiples.reduce((sum, m) => sum + m, 0) : Math.max(1, Math.round(span / usual))) + 1;
  const spacing = span / (count - 1);
  if (count > slices.length * MOST_PLANES_PER_SLICE) {
    const detail = `${slices.length} slices over ${span.toFixed(1)} mm with steps from ${Math.min(...steps).toFixed(2)} to ${Math.max(...steps).toFixed(2)} mm`;
    const hint = 'Most slices of the series are missing; export it again as a whole.';
    throw fileError(
      'series.inconsistent',
      sliceName(slices[0]),
      `tag ${tagText(TAG.ImagePositionPatient)}`,
      detail,
      hint,
    );
  }
  flags.push(even ? missingFlag(slices, depths, multiples) : unevenFlag(depths, steps, { usual, spacing }));
  const planes = even ? filledPlanes(multiples) : evenPlanes(depths, spacing, count);
  return { spacing, planes, direct: false, flags };
}

/** The step of most slices: median of the steps, which a few gaps cannot move. */
function usualStep(steps: Float64Array): number {
  const sorted = Float64Array.from(steps).sort();
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  const near = sorted.filter((step) => Math.abs(step - median) <= Math.max(EVEN_PART * median, EVEN_MM));
  return near.reduce((sum, step) => sum + step, 0) / near.length;
}

/** Every slice as it is, and blends where slices are missing. */
function filledPlanes(multiples: Float64Array): Plane[] {
  const planes: Plane[] = [];
  multiples.forEach((multiple, n) => {
    for (let m = 0; m < multiple; m++) planes.push({ slice: n, other: m === 0 ? n : n + 1, weight: m / multiple });
  });
  planes.push({ slice: multiples.length, other: multiples.length, weight: 0 });
  return planes;
}

/** Planes at even distances, each a linear blend of the slices around it. */
function evenPlanes(depths: Float64Array, spacing: number, count: number): Plane[] {
  const planes: Plane[] = [];
  let below = 0;
  for (let k = 0; k < count; k++) {
    const depth = Math.min(depths[0] + k * spacing, depths[depths.length - 1]);
    while (below < depths.length - 2 && depths[below + 1] <= depth) below++;
    const gap = depths[below + 1] - depths[below];
    const weight = Math.min(1, Math.max(0, (depth - depths[below]) / gap));
    // a plane that lies on a slice, up to rounding, is that slice
    if (weight * gap < EVEN_MM) planes.push({ slice: below, other: below, weight: 0 });
    else if ((1 - weight) * gap < EVEN_MM) planes.push({ slice: below + 1, other: below + 1, weight: 0 });
    else planes.push({ slice: below, other: below + 1, weight });
  }
  return planes;
}

function singleSlice(slice: Slice): Steps {
  const stated = slice.facts.spacingBetweenSlicesMm ?? slice.facts.sliceThicknessMm;
  const spacing = stated !== undefined && stated > 0 && stated < 100 ? stated : 1;
  return {
    spacing,
    planes: [{ slice: 0, other: 0, weight: 0 }],
    direct: true,
    flags: [
      {
        code: 'dicom.single-slice',
        severity: 'doubt',
        where: sliceName(slice),
        message: `A single slice: no distance between positions can be measured, ${spacing} mm is only what the file states. Add the other slices of the series.`,
      },
    ],
  };
}

/** Thickness that differs from the distance of the slices: gaps or overlap, and a trap for programs that trust it. */
function thicknessFlags(slice: Slice, step: number): QualityFlag[] {
  const thickness = slice.facts.sliceThicknessMm;
  if (thickness === undefined || thickness <= 0 || Math.abs(thickness - step) <= Math.max(0.05 * step, 0.05)) return [];
  const kind = thickness < step ? 'gaps between the slices' : 'overlapping slices';
  return [
    {
      code: 'dicom.thickness-differs',
      severity: 'info',
      where: `slice thickness ${thickness} mm, positions ${step.toFixed(3)} mm apart`,
      message: `The slices are ${thickness} mm thick but ${step.toFixed(2)} mm apart (${kind}); the distance of the positions was used.`,
    },
  ];
}

function missingFlag(slices: Slice[], depths: Float64Array, multiples: Float64Array): QualityFlag {
  const places: string[] = [];
  let total = 0;
  multiples.forEach((multiple, n) => {
    if (multiple < 2) return;
    total += multiple - 1;
    places.push(
      `${multiple - 1} between z = ${depths[n].toFixed(1)} mm (${sliceName(slices[n])}) and ${depths[n + 1].toFixed(1)} mm`,
    );
  });
  return {
    code: 'dicom.missing-slice',
    severity: 'doubt',
    where: listed(places),
    message: `${total} slices are missing; they were filled in between their neighbours so that lengths stay right. Export the whole series to see them.`,
  };
}

function unevenFlag(depths: Float64Array, steps: Float64Array, grid: { usual: number; spacing: number }): QualityFlag {
  const places: string[] = [];
  steps.forEach((step, n) => {
    if (Math.abs(step - grid.usual) > Math.max(EVEN_PART * grid.usual, EVEN_MM)) {
      places.push(`${step.toFixed(2)} mm at z = ${depths[n].toFixed(1)} mm`);
    }
  });
  const range = `${Math.min(...steps).toFixed(2)} to ${Math.max(...steps).toFixed(2)} mm`;
  return {
    code: 'dicom.uneven-spacing',
    severity: 'doubt',
    where: listed(places),
    message: `The slices are not evenly spaced (${range}); the volume was resampled to ${grid.spacing.toFixed(2)} mm.`,
  };
}

/** The first few of many places. */
function listed(places: string[]): string {
  return places.length > 5 ? `${places.slice(0, 5).join('; ')}; and ${places.length - 5} more` : places.join('; ');
}

interface Drift {
  /** sideways millimetres per millimetre along the normal, along i and j */
  i: number;
  j: number;
  depths: Float64Array;
}

function measureTilt(slices: Slice[], depths: Float64Array, normal: Vec3): { drift?: Drift; flags: QualityFlag[] } {
  if (slices.length < 2) return { flags: [] };
  const { rowDirection, columnDirection, spacing, position } = slices[0];
  const sideways = (axis: Vec3) =>
    Float64Array.from(slices, (s) =>
      dot3([s.position[0] - position[0], s.position[1] - position[1], s.position[2] - position[2]], axis),
    );
  const along = { i: sideways(rowDirection), j: sideways(columnDirection) };
  const drift: Drift = { i: slopeThroughFirst(depths, along.i), j: slopeThroughFirst(depths, along.j), depths };
  const flags: QualityFlag[] = [];
  let worst = 0;
  let worstAt = 0;
  slices.forEach((_, n) => {
    const off = Math.hypot(
      along.i[n] - drift.i * (depths[n] - depths[0]),
      along.j[n] - drift.j * (depths[n] - depths[0]),
    );
    if (off > worst) [worst, worstAt] = [off, n];
  });
  if (worst > Math.min(spacing[0], spacing[1])) {
    flags.push({
      code: 'dicom.position-jitter',
      severity: 'doubt',
      where: sliceName(slices[worstAt]),
      message: `The slices do not lie on one straight line (up to ${worst.toFixed(1)} mm aside); shapes may be bent there.`,
    });
  }
  const span = depths[depths.length - 1] - depths[0];
  const pixels = Math.max(Math.abs(drift.i * span) / spacing[0], Math.abs(drift.j * span) / spacing[1]);
  if (pixels < DRIFT_PIXELS) return { flags };
  const degrees = (Math.atan(Math.hypot(drift.i, drift.j)) * 180) / Math.PI;
  flags.push({
    code: 'dicom.gantry-tilt',
    severity: 'info',
    where: `${degrees.toFixed(1)}° between the stack and the normal of its slices (${normal.map((c) => c.toFixed(3)).join(', ')})`,
    message: `The scanner was tilted by ${degrees.toFixed(1)}°; the slices were moved sideways onto a straight grid.`,
  });
  return { drift, flags };
}

/** Least-squares slope of a line through the first point. */
function slopeThroughFirst(x: Float64Array, y: Float64Array): number {
  let xy = 0;
  let xx = 0;
  for (let n = 1; n < x.length; n++) {
    const dx = x[n] - x[0];
    xy += dx * y[n];
    xx += dx * dx;
  }
  return xx > 0 ? xy / xx : 0;
}

/** Widens the grid so that every sheared slice fits, and says where each lies on it. */
function withTilt(plan: StackPlan, drift: Drift, slices: Slice[]): StackPlan {
  const { grid } = plan;
  const [si, sj] = grid.spacing;
  const i = drift.depths.map((depth) => (drift.i * (depth - drift.depths[0])) / si);
  const j = drift.depths.map((depth) => (drift.j * (depth - drift.depths[0])) / sj);
  const low = { i: Math.floor(Math.min(...i) + 1e-6), j: Math.floor(Math.min(...j) + 1e-6) };
  const high = { i: Math.ceil(Math.max(...i) - 1e-6), j: Math.ceil(Math.max(...j) - 1e-6) };
  const size: Grid['size'] = [grid.size[0] + high.i - low.i, grid.size[1] + high.j - low.j, grid.size[2]];
  if (size[0] > 4 * grid.size[0] || size[1] > 4 * grid.size[1]) {
    const detail = `the stack leans by ${(Math.hypot(drift.i, drift.j)).toFixed(1)} mm per mm`;
    throw fileError(
      'series.inconsistent',
      sliceName(slices[0]),
      `tag ${tagText(TAG.ImagePositionPatient)}`,
      detail,
      'The positions of the slices contradict their orientation; export the original series.',
    );
  }
  const d = grid.direction;
  const origin: Vec3 = [
    grid.origin[0] + d[0] * low.i * si + d[1] * low.j * sj,
    grid.origin[1] + d[3] * low.i * si + d[4] * low.j * sj,
    grid.origin[2] + d[6] * low.i * si + d[7] * low.j * sj,
  ];
  const shifts = { i: i.map((value) => value - low.i), j: j.map((value) => value - low.j) };
  return { ...plan, grid: { ...grid, size, origin }, direct: false, shifts };
}
