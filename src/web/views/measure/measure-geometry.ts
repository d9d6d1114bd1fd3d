/** Measurements drawn by hand: how many points each takes, what they give, how they are said. */

import type { WireMeasurement } from '../../../contract/index.ts';
import type { Vec3 } from '../../../model/index.ts';
import { formatNumber, withUnit } from '../../kit/number/format.ts';
import type { MeasureTool } from '../../kit/panel.ts';
import { PLANES } from '../slice/plane.ts';

export const POINTS_NEEDED: Record<MeasureTool, number> = { distance: 2, angle: 3, cobb: 4 };
export const TOOL_NAMES: Record<MeasureTool, string> = { distance: 'Distance', angle: 'Angle', cobb: 'Cobb angle' };
export const TOOL_HINTS: Record<MeasureTool, string> = {
  distance: 'Click two points, or drag from one to the other.',
  angle: 'Click an arm, the apex, then the other arm.',
  cobb: 'Draw a line along the upper endplate, then one along the lower.',
};

const minus = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const norm = (a: Vec3): number => Math.hypot(a[0], a[1], a[2]);

/** Angle between two directions · deg · [0, 180] */
function between(a: Vec3, b: Vec3): number {
  const cross: Vec3 = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  return (Math.atan2(norm(cross), dot(a, b)) * 180) / Math.PI;
}

/**
 * Value of a measurement from its points.
 *
 * The two lines of a Cobb angle are read from screen left to screen right, whichever way the hand drew them, so that angles above 90° stay themselves.
 */
export function measureValue(type: MeasureTool, points: readonly Vec3[], plane: WireMeasurement['plane']): number {
  if (points.length < POINTS_NEEDED[type]) return Number.NaN;
  if (type === 'distance') return norm(minus(points[1], points[0]));
  if (type === 'angle') return between(minus(points[0], points[1]), minus(points[2], points[1]));
  const right: Vec3 = plane === '3d' ? [1, 0, 0] : PLANES[plane].right;
  const read = (from: Vec3, to: Vec3): Vec3 => {
    const line = minus(to, from);
    return dot(line, right) < 0 ? [-line[0], -line[1], -line[2]] : line;
  };
  const angle = between(read(points[0], points[1]), read(points[2], points[3]));
  return plane === '3d' ? Math.min(angle, 180 - angle) : angle;
}

export function measureUnit(type: MeasureTool): 'mm' | 'deg' {
  return type === 'distance' ? 'mm' : 'deg';
}

/** Value as shown: a hand places points to about half a millimetre and half a degree. */
export function measureText(item: Pick<WireMeasurement, 'value' | 'unit'>): string {
  return Number.isFinite(item.value) ? withUnit(formatNumber(item.value, 1), item.unit) : '';
}

/** Straight strokes of a measurement for drawing; the helper lines of a Cobb angle are dashed. */
export function measureStrokes(
  type: MeasureTool,
  points: readonly Vec3[],
): { from: Vec3; to: Vec3; dashed?: boolean }[] {
  const strokes: { from: Vec3; to: Vec3; dashed?: boolean }[] = [];
  if (type === 'cobb') {
    for (const at of [0, 2]) {
      if (points.length < at + 2) continue;
      const [from, to] = [points[at], points[at + 1]];
      strokes.push({ from, to });
      const run = minus(to, from);
      const reach: Vec3 = [to[0] + 0.6 * run[0], to[1] + 0.6 * run[1], to[2] + 0.6 * run[2]];
      if (points.length === 4) strokes.push({ from: to, to: reach, dashed: true });
    }
    return strokes;
  }
  for (let i = 0; i + 1 < points.length; i++) strokes.push({ from: points[i], to: points[i + 1] });
  return strokes;
}

/** Where the number stands: beside the middle of a distance, at the apex, between the lines of a Cobb angle. */
export function measureAnchor(type: MeasureTool, points: readonly Vec3[]): Vec3 {
  if (type === 'angle' && points.length > 1) return points[1];
  const n = points.length;
  const sum = points.reduce<Vec3>((s, p) => [s[0] + p[0], s[1] + p[1], s[2] + p[2]], [0, 0, 0]);
  return [sum[0] / n, sum[1] / n, sum[2] / n];
}
