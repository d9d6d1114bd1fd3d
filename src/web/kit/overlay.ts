/** What is drawn over slices and scenes: points, lines and patches in the patient frame (LPS, mm), and how evidence becomes such a drawing. */

import type { WireFeature, WireFeatureDefinition } from '../../contract/index.ts';
import type { AnatomicalPlane, Landmark, PlanePatch, SpineLandmarks, Vec3 } from '../../model/index.ts';
import { featureDecimals, formatNumber, withUnit } from './number/format.ts';

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

function unit(a: Vec3): Vec3 {
  const l = length(a) || 1;
  return [a[0] / l, a[1] / l, a[2] / l];
}

function distance(a: Vec3, b: Vec3): number {
  return length(add(a, b, -1));
}

function meanPoint(points: readonly Vec3[]): Vec3 {
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
  const text =
    typeof feature.value === 'number'
      ? withUnit(formatNumber(feature.value, featureDecimals(feature)), feature.unit)
      : undefined;
  const { marks, patches, points } = gatherEvidence(feature, spine);
  const items: OverlayItem[] = patches.map((p) => ({
    type: 'patch',
    centre: p.centre,
    normal: p.normal,
    radiusMm: patchRadius(p),
  }));
  // the same places often stand under two artifacts; named landmarks say more than bare points
  const heads = marks.filter(({ id }) => /femoral/i.test(id));
  if (heads.length === 2 && patches.length > 0) items.push(...drawPelvis(heads, patches[0], plane, text));
  else if (feature.unit === 'deg' && patches.length >= 2) items.push(...drawTraces(patches, plane, text));
  else if (points.length > 0) items.push(...drawPoints(points, text, feature.unit));
  else if (marks.length > 0)
    items.push(
      ...drawPoints(
        marks.map(({ xyz }) => xyz),
        text,
        feature.unit,
      ),
    );
  else if (patches.length === 1 && feature.unit === 'deg') items.push(...drawTraces(patches, plane, text));
  else if (patches.length === 2)
    items.push({ type: 'line', from: patches[0].centre, to: patches[1].centre, label: text });
  const anchors = [...points, ...marks.map(({ xyz }) => xyz), ...patches.map(({ centre }) => centre)];
  if (anchors.length === 0) {
    const levels = [...feature.evidence.map(({ locator }) => locator.level), feature.level];
    const centre = levels
      .map((level) => (level ? levelCentre(level, spine) : undefined))
      .find((at) => at !== undefined);
    if (centre) anchors.push(centre);
  }
  const title = namedLevel(definition?.name ?? feature.definition, feature.level);
  return { id: `feature:${feature.id}`, title, tone: 'chosen', items, plane, focus: focusOf(anchors) };
}

/** A name with its level, said once. */
export function namedLevel(name: string, level: string | undefined): string {
  return !level || name.includes(level) ? name : `${name} ${level}`;
}

function gatherEvidence(
  feature: WireFeature,
  spine: SpineLandmarks | undefined,
): { marks: Landmark[]; patches: PlanePatch[]; points: Vec3[] } {
  const ids = new Set(feature.evidence.flatMap(({ locator }) => locator.landmarks ?? []));
  const { points: marks, patches } = findLandmarks([...ids], spine);
  const given = new Map<string, Vec3>();
  for (const { locator } of feature.evidence) {
    const own = (locator.points ?? (locator.xyz ? [locator.xyz] : [])) as Vec3[];
    for (const at of own) given.set(at.map((x) => x.toFixed(3)).join(' '), at);
  }
  return { marks, patches, points: [...given.values()] };
}

function drawTraces(patches: PlanePatch[], plane: AnatomicalPlane, text: string | undefined): OverlayItem[] {
  return patches.flatMap((patch, i): OverlayItem[] => {
    const trace = patchTrace(patch, plane, patchRadius(patch) + 26);
    return trace ? [{ type: 'line', ...trace, label: i === 0 ? text : undefined }] : [];
  });
}

/** The line from the middle of the hips to the sacral plate, and the plate with its perpendicular. */
function drawPelvis(
  heads: Landmark[],
  plate: PlanePatch,
  plane: AnatomicalPlane,
  text: string | undefined,
): OverlayItem[] {
  const hips = meanPoint(heads.map(({ xyz }) => xyz));
  const reach = distance(hips, plate.centre);
  const down = unit(plate.normal);
  return [
    ...heads.map(({ xyz }): OverlayItem => ({ type: 'point', at: xyz })),
    { type: 'line', from: heads[0].xyz, to: heads[1].xyz, dashed: true },
    { type: 'line', from: hips, to: plate.centre, label: text },
    { type: 'line', from: plate.centre, to: add(plate.centre, down, -0.7 * reach), dashed: true },
    ...drawTraces([plate], plane, undefined),
  ];
}

function drawPoints(points: Vec3[], text: string | undefined, unitCode: string): OverlayItem[] {
  const items: OverlayItem[] = points.map((at) => ({ type: 'point', at }));
  const line = (i: number, j: number, label?: string): void =>
    void items.push({ type: 'line', from: points[i], to: points[j], label });
  if (points.length === 2) line(0, 1, text);
  else if (points.length === 4) {
    line(0, 1, text);
    line(2, 3);
  } else if (points.length === 3 && unitCode === 'deg') {
    line(0, 1, text);
    line(1, 2);
  } else if (points.length > 2) items.push({ type: 'path', points });
  else if (points.length === 1 && text) items[0] = { type: 'point', at: points[0], label: text };
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
