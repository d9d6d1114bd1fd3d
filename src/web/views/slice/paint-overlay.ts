/** What lies over a slice: crosshair, evidence, measurements, letters, scale bar. One painter for the screen and for a saved picture. */

import type { WireMeasurement } from '../../../contract/index.ts';
import type { AnatomicalPlane, Vec3 } from '../../../model/index.ts';
import type { Overlay, OverlayItem } from '../../kit/overlay.ts';
import type { MeasureTool } from '../../kit/panel.ts';
import { measureAnchor, measureStrokes, measureText } from '../measure/measure-geometry.ts';
import { PLANES, type SliceFrame, scaleBarMm, scaleBarText, worldToPixel } from './plane.ts';

/** Inks on the black ground of a slice, the same in both themes. */
export const INK = {
  chosen: '#8ccbff',
  measure: '#ffd166',
  quiet: '#b9c2cb',
  text: '#f2f4f6',
  planes: { axial: '#f27f6d', sagittal: '#e6c34a', coronal: '#6cc07a' } satisfies Record<AnatomicalPlane, string>,
} as const;

export interface DraftMeasure {
  type: MeasureTool;
  points: Vec3[];
  value: number;
  unit: 'mm' | 'deg';
}

export interface OverlayInput {
  frame: SliceFrame;
  crosshair?: Vec3;
  overlays: readonly Overlay[];
  measurements: readonly WireMeasurement[];
  chosenMeasurement?: string;
  draft?: DraftMeasure;
  /** half the distance from slice to slice · mm */
  halfStepMm: number;
  /** letters and scale bar, for a saved picture; the screen has its own */
  furniture?: boolean;
}

const HANDLE = 3.5;

/** Paints in CSS pixels; the caller has scaled the context. */
export function paintOverlay(context: CanvasRenderingContext2D, input: OverlayInput): void {
  const { frame } = input;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.font = '600 12px system-ui, "Segoe UI", Roboto, Lato, sans-serif';
  context.textBaseline = 'middle';
  if (input.crosshair) paintCrosshair(context, frame, input.crosshair);
  for (const overlay of input.overlays) for (const item of overlay.items) paintItem(context, frame, overlay, item);
  for (const item of input.measurements) {
    const near = Math.max(...item.points.map((p) => Math.abs(worldToPixel(frame, p as Vec3).depth)));
    if (item.plane !== '3d' && item.plane !== frame.plane) continue;
    if (near > input.halfStepMm + 0.01) continue;
    paintMeasure(
      context,
      frame,
      { ...item, points: item.points as Vec3[] },
      item.id === input.chosenMeasurement,
      item.label,
    );
  }
  if (input.draft) paintMeasure(context, frame, input.draft, true, '');
  if (input.furniture) paintFurniture(context, frame);
}

function paintCrosshair(context: CanvasRenderingContext2D, frame: SliceFrame, at: Vec3): void {
  const { x, y } = worldToPixel(frame, at);
  const gap = 14;
  const [across, up] =
    frame.plane === 'axial'
      ? (['coronal', 'sagittal'] as const)
      : frame.plane === 'sagittal'
        ? (['axial', 'coronal'] as const)
        : (['axial', 'sagittal'] as const);
  context.lineWidth = 1;
  context.globalAlpha = 0.75;
  context.strokeStyle = INK.planes[across];
  stroke(context, [0, y, x - gap, y], [x + gap, y, frame.width, y]);
  context.strokeStyle = INK.planes[up];
  stroke(context, [x, 0, x, y - gap], [x, y + gap, x, frame.height]);
  context.globalAlpha = 1;
}

function stroke(context: CanvasRenderingContext2D, ...lines: [number, number, number, number][]): void {
  context.beginPath();
  for (const [x0, y0, x1, y1] of lines) {
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
  }
  context.stroke();
}

/** A stroke with a dark seam, so that it is seen on bone and on air. */
function seamStroke(context: CanvasRenderingContext2D, line: [number, number, number, number], width: number): void {
  const ink = context.strokeStyle;
  context.lineWidth = width + 2;
  context.strokeStyle = 'rgb(0 0 0 / 55%)';
  stroke(context, line);
  context.lineWidth = width;
  context.strokeStyle = ink;
  stroke(context, line);
}

function paintText(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  ink: string,
  align: CanvasTextAlign = 'left',
): void {
  context.textAlign = align;
  context.lineWidth = 3.5;
  context.strokeStyle = 'rgb(0 0 0 / 80%)';
  context.strokeText(text, x, y);
  context.fillStyle = ink;
  context.fillText(text, x, y);
}

function paintItem(context: CanvasRenderingContext2D, frame: SliceFrame, overlay: Overlay, item: OverlayItem): void {
  const ink = INK[overlay.tone];
  const ownPlane = overlay.plane === frame.plane;
  context.strokeStyle = ink;
  if (item.type === 'point') {
    const p = worldToPixel(frame, item.at);
    const fade = ownPlane ? 1 : 1 - Math.abs(p.depth) / 10;
    if (fade <= 0) return;
    context.globalAlpha = Math.max(0.25, fade);
    context.beginPath();
    context.arc(p.x, p.y, HANDLE, 0, 2 * Math.PI);
    context.fillStyle = Math.abs(p.depth) < 2 ? ink : 'transparent';
    context.lineWidth = 1.5;
    context.fill();
    context.stroke();
    if (item.label) paintText(context, item.label, p.x + 8, p.y, ink);
  } else if (item.type === 'line') {
    const a = worldToPixel(frame, item.from);
    const b = worldToPixel(frame, item.to);
    const depth = Math.min(Math.abs(a.depth), Math.abs(b.depth));
    if (!ownPlane && depth > 6) return;
    context.globalAlpha = ownPlane ? 1 : 1 - depth / 8;
    context.setLineDash(item.dashed ? [5, 4] : []);
    seamStroke(context, [a.x, a.y, b.x, b.y], 1.75);
    context.setLineDash([]);
    const far = b.x >= a.x ? b : a;
    if (item.label)
      paintText(
        context,
        item.label,
        Math.min(far.x + 7, frame.width - 8),
        far.y,
        INK.text,
        far.x + 50 > frame.width ? 'right' : 'left',
      );
  } else if (item.type === 'patch') {
    const chord = patchChord(frame, item);
    if (chord) {
      context.globalAlpha = 0.95;
      seamStroke(context, chord, 2.25);
    }
  } else {
    context.lineWidth = 1.5;
    context.globalAlpha = 0.8;
    context.beginPath();
    item.points.forEach((at, i) => {
      const p = worldToPixel(frame, at);
      if (i === 0) context.moveTo(p.x, p.y);
      else context.lineTo(p.x, p.y);
    });
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** Where a round patch cuts the slice, as a line on the screen. */
function patchChord(
  frame: SliceFrame,
  patch: Extract<OverlayItem, { type: 'patch' }>,
): [number, number, number, number] | undefined {
  const m = PLANES[frame.plane].normal;
  const n = patch.normal;
  const d: Vec3 = [n[1] * m[2] - n[2] * m[1], n[2] * m[0] - n[0] * m[2], n[0] * m[1] - n[1] * m[0]];
  const size = Math.hypot(...d);
  if (size < 0.05) return undefined;
  const u: Vec3 = [d[0] / size, d[1] / size, d[2] / size];
  const e: Vec3 = [n[1] * u[2] - n[2] * u[1], n[2] * u[0] - n[0] * u[2], n[0] * u[1] - n[1] * u[0]];
  const slope = e[0] * m[0] + e[1] * m[1] + e[2] * m[2];
  const t = -worldToPixel(frame, patch.centre).depth / slope;
  if (!(Math.abs(t) < patch.radiusMm)) return undefined;
  const half = Math.sqrt(patch.radiusMm ** 2 - t * t);
  const end = (s: number): Vec3 => [0, 1, 2].map((a) => patch.centre[a] + t * e[a] + s * u[a]) as unknown as Vec3;
  const a = worldToPixel(frame, end(-half));
  const b = worldToPixel(frame, end(half));
  return [a.x, a.y, b.x, b.y];
}

function paintMeasure(
  context: CanvasRenderingContext2D,
  frame: SliceFrame,
  item: DraftMeasure,
  chosen: boolean,
  label: string,
): void {
  context.strokeStyle = INK.measure;
  for (const line of measureStrokes(item.type, item.points)) {
    const a = worldToPixel(frame, line.from);
    const b = worldToPixel(frame, line.to);
    context.setLineDash(line.dashed ? [4, 4] : []);
    context.globalAlpha = line.dashed ? 0.7 : 1;
    seamStroke(context, [a.x, a.y, b.x, b.y], chosen ? 2.25 : 1.5);
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
  for (const at of item.points) {
    const p = worldToPixel(frame, at);
    context.beginPath();
    context.arc(p.x, p.y, chosen ? HANDLE + 1 : HANDLE - 0.5, 0, 2 * Math.PI);
    context.fillStyle = chosen ? '#0b0d0f' : INK.measure;
    context.fill();
    context.lineWidth = 1.75;
    context.strokeStyle = INK.measure;
    context.stroke();
  }
  if (!Number.isFinite(item.value)) return;
  const p = worldToPixel(frame, measureAnchor(item.type, item.points));
  const name = label && !/^(Distance|Angle|Cobb angle) \d+$/.test(label) ? `${label}  ` : '';
  paintText(context, `${name}${measureText(item)}`, p.x + 10, p.y - 10, INK.measure);
}

function paintFurniture(context: CanvasRenderingContext2D, frame: SliceFrame): void {
  const { letters } = PLANES[frame.plane];
  const { width, height } = frame;
  context.font = '600 14px system-ui, "Segoe UI", Roboto, Lato, sans-serif';
  paintText(context, letters.left, 10, height / 2, INK.text);
  paintText(context, letters.right, width - 10, height / 2, INK.text, 'right');
  paintText(context, letters.top, width / 2, 14, INK.text, 'center');
  paintText(context, letters.bottom, width / 2, height - 14, INK.text, 'center');
  const mm = scaleBarMm(frame.mmPerPixel);
  const bar = mm / frame.mmPerPixel;
  context.strokeStyle = INK.text;
  seamStroke(context, [width - 16 - bar, height - 20, width - 16, height - 20], 2);
  context.font = '500 12px system-ui, "Segoe UI", Roboto, Lato, sans-serif';
  paintText(context, scaleBarText(mm), width - 16 - bar / 2, height - 32, INK.text, 'center');
}

/** The measurement and point under a pixel, if any. */
export function hitHandle(
  frame: SliceFrame,
  measurements: readonly WireMeasurement[],
  halfStepMm: number,
  x: number,
  y: number,
): { id: string; point: number } | undefined {
  for (const item of measurements) {
    if (item.plane !== '3d' && item.plane !== frame.plane) continue;
    for (let i = 0; i < item.points.length; i++) {
      const p = worldToPixel(frame, item.points[i] as Vec3);
      if (Math.abs(p.depth) <= halfStepMm + 0.01 && Math.hypot(p.x - x, p.y - y) < 9) return { id: item.id, point: i };
    }
  }
  return undefined;
}
