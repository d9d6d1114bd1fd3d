/** Points of a C3D document: optical markers, and the angles, moments and powers that models store beside them. */

import type {
  AxisDirection,
  PointSequence,
  QualityFlag,
  Quantity,
  SignalChannel,
  Signals,
  Unit,
} from '../../model/index.ts';
import { unitOfText } from '../recording/index.ts';
import { allTextsOf, type C3dDocument, findParameter, numberOf, textsOf } from './document.ts';

/** Millimetres of a length as POINT:UNITS names it. */
const MM_OF: Record<string, number> = { mm: 1, cm: 10, dm: 100, m: 1000, in: 25.4, um: 0.001 };

/** Groups of points that are no places, and what they measure. */
const OUTPUTS: readonly (readonly [parameter: string, quantity: Quantity, unit: string])[] = [
  ['ANGLES', 'angle', 'deg'],
  ['MOMENTS', 'moment', 'N.mm'],
  ['FORCES', 'force', 'N'],
  ['POWERS', 'other', '{arb}'],
  ['SCALARS', 'other', '{arb}'],
  ['MODELED_POINTS', 'other', '{arb}'],
];

/** Length of one unit of POINT:UNITS; where it says none, millimetres, with a flag. */
export function lengthUnit(document: C3dDocument): { mm: number; flags: QualityFlag[] } {
  const text = textsOf(findParameter(document, 'POINT', 'UNITS'))[0]?.toLowerCase() ?? '';
  const mm = MM_OF[text];
  if (mm) return { mm, flags: [] };
  const message = text
    ? `Lengths are in "${text}", which is not known; they were read as millimetres.`
    : 'The file does not say in which unit lengths are; they were read as millimetres.';
  return { mm: 1, flags: [{ code: 'c3d.unit', severity: 'doubt', where: 'POINT:UNITS', message }] };
}

/** When the first frame was taken, counted from frame 1 · s */
export function startOf({ header }: C3dDocument, rateHz: number): number {
  return Math.max(0, header.firstFrame - 1) / rateHz;
}

/** Frames of points per second. */
export function pointRate(document: C3dDocument): number {
  const rates = [numberOf(findParameter(document, 'POINT', 'RATE')), document.header.rateHz];
  return rates.find((rate = 0) => rate > 0 && Number.isFinite(rate)) ?? 1;
}

/** Names of the points, each only once; made up where the file has too few. */
function pointNames(document: C3dDocument): string[] {
  const labels = allTextsOf(document, 'POINT', 'LABELS');
  const count = document.frames ? document.points.length / document.frames / 4 : 0;
  return unique(Array.from({ length: count }, (_, index) => labels[index] || `point ${index + 1}`));
}

/** Names, a second one of a kind with its number behind it. */
export function unique(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((base) => {
    let name = base;
    for (let copy = 2; used.has(name); copy++) name = `${base} (${copy})`;
    used.add(name);
    return name;
  });
}

/** Everything the points of a document are. */
export interface PointReading {
  markers?: PointSequence;
  /** joint angles of a model */
  angles?: Signals;
  /** other model outputs */
  outputs?: Signals;
  flags: QualityFlag[];
}

/**
 * Splits the points into markers and model outputs.
 * @param clock - name of the recording's clock
 * @param keepPrefix - leave the subject's name in front of marker names
 */
export function readPoints(document: C3dDocument, clock: string, keepPrefix: boolean): PointReading {
  const { mm, flags } = lengthUnit(document);
  const rateHz = pointRate(document);
  const base = { clock, startS: startOf(document, rateHz), rateHz };
  const names = pointNames(document);
  const outputs = new Map<number, (typeof OUTPUTS)[number]>();
  for (const output of OUTPUTS.slice(0, 5)) {
    const labels = new Set(allTextsOf(document, 'POINT', output[0]));
    names.forEach((name, index) => {
      if (labels.has(name) && !outputs.has(index)) outputs.set(index, output);
    });
  }
  const places = names.map((_, index) => index).filter((index) => !outputs.has(index));
  const reading: PointReading = { flags };
  if (places.length > 0) {
    const sequence = markersOf(document, places, mm);
    const plain = withoutSubject(
      document,
      places.map((index) => names[index]),
      keepPrefix,
      flags,
    );
    reading.markers = { ...base, frame: 'lab', names: plain, ...sequence };
    const up = upAxis(document, sequence.positions);
    if (up) reading.markers.up = up;
    flags.push(...gapFlags(sequence.positions));
  }
  const channels = [...outputs].flatMap(([index, output]) => outputChannels(document, names[index], index, output));
  const angles = channels.filter(({ quantity }) => quantity === 'angle');
  const others = channels.filter(({ quantity }) => quantity !== 'angle');
  if (angles.length) reading.angles = { ...base, channels: angles };
  if (others.length) reading.outputs = { ...base, channels: others };
  return reading;
}

/** Factor of stored coordinates to the file's unit, and of residuals. */
function scaleOf(document: C3dDocument): number {
  const scale = numberOf(findParameter(document, 'POINT', 'SCALE')) || document.header.scale || 1;
  return Math.abs(scale);
}

function markersOf(document: C3dDocument, places: readonly number[], mm: number) {
  const { frames, points } = document;
  const words = frames ? points.length / frames : 0;
  const scale = scaleOf(document);
  const factor = (points instanceof Int16Array ? scale : 1) * mm;
  const count = places.length;
  const positions = new Float32Array(3 * count * frames).fill(Number.NaN);
  const residualMm = new Float32Array(count * frames).fill(Number.NaN);
  for (let frame = 0; frame < frames; frame++) {
    for (let place = 0; place < count; place++) {
      const at = frame * words + 4 * places[place];
      if (isMissing(points, at)) continue;
      const to = frame * count + place;
      for (let axis = 0; axis < 3; axis++) positions[3 * to + axis] = points[at + axis] * factor;
      residualMm[to] = (points[at + 3] & 0xff) * scale * mm;
    }
  }
  return { positions, residualMm };
}

/** A negative last word says so; so do coordinates that are no numbers, or all exactly zero. */
function isMissing(points: Float32Array | Int16Array, at: number): boolean {
  const [x, y, z, word] = [points[at], points[at + 1], points[at + 2], points[at + 3]];
  if (word < 0 || Number.isNaN(x + y + z)) return true;
  return x === 0 && y === 0 && z === 0;
}

/**
 * Takes the subject's name off marker names (`Anna:LASI`): names of people do not belong into a twin. Markers of two
 * subjects with the same name keep apart by a number.
 */
function withoutSubject(
  document: C3dDocument,
  names: readonly string[],
  keep: boolean,
  flags: QualityFlag[],
): string[] {
  const subjects = allTextsOf(document, 'SUBJECTS', 'NAMES');
  const prefixes = [...allTextsOf(document, 'SUBJECTS', 'LABEL_PREFIXES'), ...subjects.map((name) => `${name}:`)];
  const known = prefixes.filter((prefix) => prefix.length > 1 && names.some((name) => name.startsWith(prefix)));
  if (keep || known.length === 0) return [...names];
  flags.push({
    code: 'c3d.subject-prefix',
    severity: 'info',
    message: 'Marker names began with the name of the subject; it was taken off. The choice prefix=keep leaves it.',
  });
  return unique(
    names.map((name) => {
      const prefix = known.find((candidate) => name.startsWith(candidate));
      return (prefix && name.slice(prefix.length)) || name;
    }),
  );
}

/** The axis that is vertical on the vendor's screen, pointing to where the markers are. */
function upAxis(document: C3dDocument, positions: Float32Array): AxisDirection | undefined {
  const screen = textsOf(findParameter(document, 'POINT', 'Y_SCREEN'))[0] ?? '';
  const letter = /^[+-]?([xyz])$/i.exec(screen)?.[1].toLowerCase();
  if (!letter) return undefined;
  const axis = 'xyz'.indexOf(letter);
  let balance = 0;
  for (let at = axis; at < positions.length; at += 3)
    if (!Number.isNaN(positions[at])) balance += positions[at] < 0 ? -1 : 1;
  return `${balance < 0 ? '-' : '+'}${letter}` as AxisDirection;
}

function gapFlags(positions: Float32Array): QualityFlag[] {
  let missing = 0;
  for (let at = 0; at < positions.length; at += 3) if (Number.isNaN(positions[at])) missing++;
  if (missing === 0) return [];
  const share = (300 * missing) / positions.length;
  const message = `Markers were not seen in ${share.toFixed(share < 1 ? 2 : 0)} % of all places; they are left open, not filled.`;
  return [{ code: 'motion.markers-missing', severity: share > 20 ? 'doubt' : 'info', message }];
}

function outputChannels(
  document: C3dDocument,
  name: string,
  index: number,
  [group, quantity, usual]: (typeof OUTPUTS)[number],
): SignalChannel[] {
  const { frames, points } = document;
  const words = points.length / frames;
  const text = textsOf(findParameter(document, 'POINT', `${group.slice(0, -1)}_UNITS`))[0];
  const unit: Unit = (text && unitOfText(text)) || (usual as Unit);
  const factor = points instanceof Int16Array ? scaleOf(document) : 1;
  return (['x', 'y', 'z'] as const).map((axis, component) => ({
    name: `${name}.${axis}`,
    unit,
    quantity,
    axis,
    values: Float32Array.from({ length: frames }, (_, frame) => {
      const at = frame * words + 4 * index;
      return points[at + 3] < 0 ? Number.NaN : points[at + component] * factor;
    }),
  }));
}
