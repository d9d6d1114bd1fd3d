/** The column as flat shapes: bodies and spaces from endplates, seen from the side or from the front. */

import type { AnatomicalPlane, PlanePatch, SpineLandmarks, Vec3, VertebraLevel } from '../../../model/index.ts';
import { isUpper, patchRadius, patchTrace } from '../../kit/overlay.ts';
import { PLANES } from '../slice/plane.ts';

export type ColumnView = Extract<AnatomicalPlane, 'sagittal' | 'coronal'>;

export interface Flat {
  x: number;
  y: number;
}

export interface ColumnShape {
  level: string;
  space: boolean;
  /** corners in mm of the view, clockwise */
  outline: Flat[];
  centre: Flat;
}

/** A place of the patient in the view: x to screen right, y down · mm */
export function flatten(at: Vec3, view: ColumnView): Flat {
  const { right, down } = PLANES[view];
  const along = (d: Vec3): number => at[0] * d[0] + at[1] * d[1] + at[2] * d[2];
  return { x: along(right), y: along(down) };
}

/** The two ends of an endplate as they are seen: its own landmarks, or its plane and size. */
function edge(patch: PlanePatch, view: ColumnView, spine: SpineLandmarks): [Flat, Flat] | undefined {
  const names = view === 'sagittal' ? ['anterior', 'posterior'] : ['left', 'right'];
  const marks = names.map((name) => spine.points.find(({ id }) => id === `${patch.id}.${name}`));
  if (marks[0] && marks[1]) {
    const known = [flatten(marks[0].xyz, view), flatten(marks[1].xyz, view)].sort((a, b) => a.x - b.x);
    return [known[0], known[1]];
  }
  const trace = patchTrace(patch, view, patchRadius(patch));
  if (!trace) return undefined;
  const ends = [flatten(trace.from, view), flatten(trace.to, view)].sort((a, b) => a.x - b.x);
  return [ends[0], ends[1]];
}

interface Edges {
  level: VertebraLevel;
  centre: Flat;
  upper?: [Flat, Flat];
  lower?: [Flat, Flat];
}

/** Height that a vertebra is drawn with where one of its endplates is not known, as a share of its width. */
const GUESSED_HEIGHT = 0.7;

export function columnShapes(spine: SpineLandmarks, view: ColumnView): ColumnShape[] {
  const edges = spine.vertebrae.map(({ level, centre }): Edges => {
    const own = spine.planes.filter((patch) => patch.level === level);
    const upper = own.find((patch) => isUpper(patch, spine));
    const lower = own.find((patch) => !isUpper(patch, spine));
    return {
      level,
      centre: flatten(centre, view),
      upper: upper && edge(upper, view, spine),
      lower: lower && edge(lower, view, spine),
    };
  });
  const shapes: ColumnShape[] = [];
  edges.forEach((vertebra, i) => {
    shapes.push({ level: vertebra.level, space: false, outline: bodyOutline(vertebra), centre: vertebra.centre });
    const next = edges[i + 1];
    if (!vertebra.lower || !next?.upper) return;
    const outline = [...vertebra.lower, next.upper[1], next.upper[0]];
    const centre = { x: mean(outline.map(({ x }) => x)), y: mean(outline.map(({ y }) => y)) };
    shapes.push({ level: `${vertebra.level}-${next.level}`, space: true, outline, centre });
  });
  return shapes;
}

function mean(values: number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

function bodyOutline({ upper, lower, centre }: Edges): Flat[] {
  if (upper && lower) return [upper[0], upper[1], lower[1], lower[0]];
  const known = upper ?? lower;
  if (!known) {
    const r = 9;
    return Array.from({ length: 8 }, (_, i) => ({
      x: centre.x + r * Math.cos((i * Math.PI) / 4),
      y: centre.y + r * Math.sin((i * Math.PI) / 4),
    }));
  }
  // one endplate only: the sacrum, or a vertebra cut by the edge of the picture
  const width = Math.hypot(known[1].x - known[0].x, known[1].y - known[0].y);
  const sign = upper ? 1 : -1;
  const run = { x: (known[1].x - known[0].x) / width, y: (known[1].y - known[0].y) / width };
  const away = { x: -run.y * sign * width * GUESSED_HEIGHT, y: run.x * sign * width * GUESSED_HEIGHT };
  const narrow = 0.18 * width;
  return [
    known[0],
    known[1],
    { x: known[1].x + away.x - run.x * narrow, y: known[1].y + away.y - run.y * narrow },
    { x: known[0].x + away.x + run.x * narrow, y: known[0].y + away.y + run.y * narrow },
  ];
}

export interface Extent {
  x: number;
  y: number;
  width: number;
  height: number;
}

export function extentOf(shapes: readonly ColumnShape[], margin: number): Extent {
  const points = shapes.flatMap(({ outline }) => outline);
  if (points.length === 0) return { x: 0, y: 0, width: 1, height: 1 };
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [x, y] = [Math.min(...xs) - margin, Math.min(...ys) - margin];
  return { x, y, width: Math.max(...xs) + margin - x, height: Math.max(...ys) + margin - y };
}
