/**
 * The whole column against itself: distance of centres, angles of endplates and gaps between bodies for every pair of levels.
 * O(vertebrae² × boundary points), boundaries thinned to a few hundred points.
 */

import { distance3 } from '../../../kernel/index.ts';
import { ijkToXyz, type Table, type Unit } from '../../../model/index.ts';
import type { Crop } from '../label/crop.ts';
import type { VertebraShape } from '../vertebra/model.ts';
import { measureTilt, type View } from './tilts.ts';

/** A named square table. */
export interface ColumnMatrix {
  name: string;
  table: Table;
}

function squareTable(
  shapes: readonly VertebraShape[],
  unit: Unit,
  definition: string,
  value: (i: number, j: number) => number | null,
): Table {
  const round = (v: number | null) => (v === null ? null : Number(v.toFixed(3)));
  return {
    columns: [
      { name: 'level', values: shapes.map((shape) => shape.level) },
      ...shapes.map((shape, j) => ({
        name: shape.level as string,
        unit,
        definition,
        values: shapes.map((_, i) => round(value(i, j))),
      })),
    ],
  };
}

function angleMatrix(shapes: readonly VertebraShape[], view: View): Table {
  const tilts = shapes.map((shape) => ({
    superior: shape.superior && measureTilt(shape.superior, view).value,
    inferior: shape.inferior && measureTilt(shape.inferior, view).value,
  }));
  const sign = view === 'sagittal' ? 1 : -1;
  const meaning = view === 'sagittal' ? 'positive is lordotic' : 'positive opens to the left';
  return squareTable(
    shapes,
    'deg',
    `Superior endplate of the upper to inferior endplate of the lower vertebra (S1: superior), ${view} plane, ${meaning}; on the diagonal the vertebra's own wedge`,
    (i, j) => {
      const [upper, lower] = i <= j ? [tilts[i], tilts[j]] : [tilts[j], tilts[i]];
      const end = lower.inferior ?? (lower === tilts[tilts.length - 1] ? lower.superior : undefined);
      return upper.superior === undefined || end === undefined ? null : sign * (upper.superior - end);
    },
  );
}

/** Thinned boundary of a mask · xyz of voxels with a background neighbour · mm. */
function boundaryVoxels(crop: Crop, most: number): Float64Array {
  const { size, mask, grid, start } = crop;
  const [sx, sy] = [size[0], size[0] * size[1]];
  const found: number[] = [];
  for (let k = 1; k < size[2] - 1; k++) {
    for (let j = 1; j < size[1] - 1; j++) {
      for (let i = 1; i < size[0] - 1; i++) {
        const at = i + sx * j + sy * k;
        if (!mask[at]) continue;
        if (mask[at - 1] && mask[at + 1] && mask[at - sx] && mask[at + sx] && mask[at - sy] && mask[at + sy]) continue;
        found.push(at);
      }
    }
  }
  const stride = Math.max(1, Math.ceil(found.length / most));
  const out: number[] = [];
  for (let n = 0; n < found.length; n += stride) {
    const at = found[n];
    const [i, j, k] = [at % sx, Math.floor(at / sx) % size[1], Math.floor(at / sy)];
    out.push(...ijkToXyz(grid, [i + start[0], j + start[1], k + start[2]]));
  }
  return Float64Array.from(out);
}

/** Shortest distance between two sets of points · mm. */
export function shortestDistance(a: Float64Array, b: Float64Array): number {
  let best = Infinity;
  for (let i = 0; i < a.length; i += 3) {
    for (let j = 0; j < b.length; j += 3) {
      const d = (a[i] - b[j]) ** 2 + (a[i + 1] - b[j + 1]) ** 2 + (a[i + 2] - b[j + 2]) ** 2;
      if (d < best) best = d;
    }
  }
  return Math.sqrt(best);
}

const BOUNDARY_POINTS = 250;
const ARCH_POINTS = 700;

function gapMatrix(shapes: readonly VertebraShape[]): Table {
  const points = shapes.map((shape) => boundaryVoxels(shape.body, BOUNDARY_POINTS));
  return squareTable(
    shapes,
    'mm',
    'Shortest distance between the bodies of two vertebrae, voxel centre to voxel centre, on thinned boundaries',
    (i, j) => (i === j ? 0 : shortestDistance(points[i], points[j])),
  );
}

/** Facet gap: neighbours only, shortest distance of the arches. */
function facetMatrix(shapes: readonly VertebraShape[]): Table | undefined {
  const points = shapes.map((shape) => shape.arch && boundaryVoxels(shape.arch, ARCH_POINTS));
  if (points.filter(Boolean).length < 2) return undefined;
  return squareTable(
    shapes,
    'mm',
    'Shortest distance between the arches of two neighbouring vertebrae (facet gap), voxel centre to voxel centre',
    (i, j) => {
      const [a, b] = [points[i], points[j]];
      if (i === j) return 0;
      return a && b && a.length && b.length && Math.abs(i - j) === 1 ? shortestDistance(a, b) : null;
    },
  );
}

/** Every matrix of a column. */
export function columnMatrices(shapes: readonly VertebraShape[]): ColumnMatrix[] {
  if (shapes.length < 2) return [];
  const distances = squareTable(shapes, 'mm', 'Distance between the centres of two vertebral bodies', (i, j) =>
    distance3(shapes[i].frame.origin, shapes[j].frame.origin),
  );
  const facets = facetMatrix(shapes);
  return [
    { name: 'centroid-distance', table: distances },
    { name: 'endplate-angle-coronal', table: angleMatrix(shapes, 'coronal') },
    { name: 'endplate-angle-sagittal', table: angleMatrix(shapes, 'sagittal') },
    { name: 'body-gap', table: gapMatrix(shapes) },
    ...(facets ? [{ name: 'facet-gap', table: facets }] : []),
  ];
}
