/** What is drawn over slices and scenes: points, lines and patches in the patient frame (LPS, mm), and how evidence becomes such a drawing. */

import type { WireFeature, WireFeatureDefinition } from '../../contract/index.ts';
import type { AnatomicalPlane, Landmark, PlanePatch, SpineLandmarks, Vec3 } from '../../model/index.ts';
import { featureDecimals, formatNumber, withUnit } from './format.ts';

export type OverlayItem =
  | { type: 'point'; at: Vec3; label?: string }
  | { type: 'line'; from: Vec3; to: Vec3; label?: string; dashed?: boolean }
  | { type: 'patch'; centre: Vec3; normal: Vec3; radiusMm: number; label?: string }
  | { type: 'path'; points: Vec3[] };

export interface Overlay {
  id: string;
  title: string;
  tone: 'chosen' | 'measure' | 'quiet';
  items: OverlayItem[];
  /** plane in which the drawing is true; it is drawn there whatever the depth of the slice */
  plane?: AnatomicalPlane;
  /** where to look */
  focus?: { at: Vec3; radiusMm: number };
}

const add = (a: Vec3, b: Vec3, s = 1): Vec3 => [a[0] + s * b[0], a[1] + s * b[1], a[2] + s * b[2]];
const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const length = (a: Vec3): number => Math.hypot(a[0], a[1], a[2]);

export function unit(a: Vec3): Vec3 {
  const l = length(a) || 1;
  return [a[0] / l, a[1] / l, a[2] / l];
}

export function distance(a: Vec3, b: Vec3): number {
  return length(add(a, b, -1));
}

export function meanPoint(points: readonly Vec3[]): Vec3 {
  const sum = points.reduce<Vec3>((s, p) => add(s, p), [0, 0, 0]);
  return [sum[0] / points.length, sum[1] / points.length, sum[2] / points.length];
}

/** Radius of a disc of the patch's area · mm */
export function patchRadius(patch: PlanePatch): number {
  return Math.sqrt(Math.max(1, patch.areaMm2) / Math.PI);
}

/** The anatomical plane a feature is measured in, read from its definition. */
export function planeOfFeature(
  definition: Pick<WireFeatureDefinition, 'id' | 'definition'> | undefined,
): AnatomicalPlane {
  const text = `${definition?.id ?? ''} ${definition?.definition ?? ''}`;
  if (/cobb|coronal|lateral bend|scolio/i.test(text)) return 'coronal';
  if (/rotation|axial plane|transverse plane/i.test(text)) return 'axial';
  return 'sagittal';
}

const VIEW_NORMAL: Record<AnatomicalPlane, Vec3> = { coronal: [0, 1, 0], sagittal: [1, 0, 0], axial: [0, 0, 1] };

/** The trace of an endplate in a viewing plane, as a line through its centre. */
export function patchTrace(
  patch: PlanePatch,
  plane: AnatomicalPlane,
  halfMm: number,
): { from: Vec3; to: Vec3 } | undefined {
  const direction = cross(patch.normal, VIEW_NORMAL[plane]);
  if (length(direction) < 1e-3) return undefined;
  const d = unit(direction);
  return { from: add(patch.centre, d, -halfMm), to: add(patch.centre, d, halfMm) };
}

interface Found {
  points: Landmark[];
  patches: PlanePatch[];
}

function findLandmarks(ids: readonly string[], spine: SpineLandmarks | undefined): Found {
  const found: Found = { points: [], patches: [] };
  if (!spine) return found;
  for (const id of ids) {
    const point = spine.points.find((p) => p.id === id);
    const patch = spine.planes.find((p) => p.id === id);
    if (point) found.points.push(point);
    if (patch) found.patches.push(patch);
  }
  return found;
}

/** Centre of a level (`L4`) or of the space between two (`L4-L5`). */
export function levelCentre(level: string, spine: SpineLandmarks | undefined): Vec3 | undefined {
  const centres = level
    .split('-')
    .map((name) => spine?.vertebrae.find((v) => v.level === name)?.centre)
    .filter((c): c is Vec3 => c !== undefined);
  return centres.length > 0 ? meanPoint(centres) : undefined;
}

/** Drawing of the evidence of one feature. */
export function evidenceOverlay(
  feature: WireFeature,
  definition: WireFeatureDefinition | undefined,
  spine: SpineLandmarks | undefined,
): Overlay {
  const plane = planeOfFeature(definition);
  const items: OverlayItem[] = [];
  const anchors: Vec3[] = [];
  const text =
    typeof feature.value === 'number'
      ? withUnit(formatNumber(feature.value, featureDecimals(feature)), feature.unit)
      : undefined;
  for (const { locator } of feature.evidence) {
    const { points, patches } = findLandmarks(locator.landmarks ?? [], spine);
    items.push(...drawPatches(patches, feature.unit, plane, text), ...drawPoints(points, text, feature.unit));
    if (locator.points) items.push(...drawGivenPoints(locator.points as Vec3[], text, feature.unit));
    if (locator.xyz && !locator.points && points.length + patches.length === 0)
      items.push({ type: 'point', at: locator.xyz });
    anchors.push(...patches.map((p) => p.centre), ...points.map((p) => p.xyz), ...((locator.points as Vec3[]) ?? []));
    if (locator.xyz) anchors.push(locator.xyz);
    const centre = locator.level ? levelCentre(locator.level, spine) : undefined;
    if (centre && anchors.length === 0) anchors.push(centre);
  }
  const fallback = feature.level ? levelCentre(feature.level, spine) : undefined;
  if (anchors.length === 0 && fallback) anchors.push(fallback);
  const title = `${definition?.name ?? feature.definition}${feature.level ? ` ${feature.level}` : ''}`;
  return { id: `feature:${feature.id}`, title, tone: 'chosen', items, plane, focus: focusOf(anchors) };
}

function drawPatches(
  patches: PlanePatch[],
  unitCode: string,
  plane: AnatomicalPlane,
  text: string | undefined,
): OverlayItem[] {
  const items: OverlayItem[] = patches.map((p) => ({
    type: 'patch',
    centre: p.centre,
    normal: p.normal,
    radiusMm: patchRadius(p),
  }));
  if (unitCode === 'deg') {
    patches.forEach((patch, i) => {
      const trace = patchTrace(patch, plane, patchRadius(patch) + 26);
      if (trace) items.push({ type: 'line', ...trace, label: i === 0 ? text : undefined });
    });
  } else if (patches.length === 2) {
    items.push({ type: 'line', from: patches[0].centre, to: patches[1].centre, label: text });
  }
  return items;
}

function drawPoints(points: Landmark[], text: string | undefined, unitCode: string): OverlayItem[] {
  return drawGivenPoints(
    points.map((p) => p.xyz),
    text,
    unitCode,
  );
}

function drawGivenPoints(points: Vec3[], text: string | undefined, unitCode: string): OverlayItem[] {
  const items: OverlayItem[] = points.map((at) => ({ type: 'point', at }));
  if (points.length === 2) items.push({ type: 'line', from: points[0], to: points[1], label: text });
  else if (points.length === 4) {
    items.push({ type: 'line', from: points[0], to: points[1], label: text });
    items.push({ type: 'line', from: points[2], to: points[3] });
  } else if (points.length > 2 && unitCode !== 'deg') items.push({ type: 'path', points });
  else if (points.length === 3) {
    items.push({ type: 'line', from: points[0], to: points[1], label: text });
    items.push({ type: 'line', from: points[1], to: points[2] });
  }
  return items;
}

function focusOf(anchors: readonly Vec3[]): Overlay['focus'] {
  if (anchors.length === 0) return undefined;
  const at = meanPoint(anchors);
  const radiusMm = Math.max(45, ...anchors.map((a) => distance(a, at) + 30));
  return { at, radiusMm };
}

/** True for the superior endplate of its vertebra: its normal points out, so up. */
export function isUpper(patch: PlanePatch, spine: SpineLandmarks | undefined): boolean {
  const z = spine?.vertebrae.find((v) => v.level === patch.level)?.z ?? [0, 0, 1];
  return patch.normal[0] * z[0] + patch.normal[1] * z[1] + patch.normal[2] * z[2] > 0;
}

/** Drawing of one vertebra or space: its endplates and its centre. */
export function levelOverlay(level: string, spine: SpineLandmarks | undefined): Overlay {
  const names = level.split('-');
  const patches = (spine?.planes ?? []).filter((p) => {
    if (names.length === 1) return p.level === level;
    return (p.level === names[0] && !isUpper(p, spine)) || (p.level === names[1] && isUpper(p, spine));
  });
  const items: OverlayItem[] = patches.map((p) => ({
    type: 'patch',
    centre: p.centre,
    normal: p.normal,
    radiusMm: patchRadius(p),
  }));
  const centre = levelCentre(level, spine);
  return {
    id: `level:${level}`,
    title: level,
    tone: 'chosen',
    items,
    focus: centre ? { at: centre, radiusMm: 55 } : undefined,
  };
}
