/** How each format may be written, and what it keeps of a payload: the knowledge the conformance suite of formats needs. */

import type {
  ArtifactKind,
  EventList,
  Format,
  Labelmap,
  Mesh,
  PointSequence,
  Signals,
  SpineLandmarks,
  Table,
  Volume,
} from '../../../src/model/index.ts';
import { sameGrid } from '../../../src/model/index.ts';
import { eventDifference, pointSequenceDifference, signalDifference } from '../motion/motion-difference.ts';
import { sampleOf } from './formats.ts';

const VARIANTS: Record<string, Record<string, string>[]> = {
  nifti: [{}, { compress: 'gzip' }, { version: '2' }],
  nrrd: [{}, { encoding: 'raw' }, { encoding: 'ascii' }, { detached: 'yes' }],
  mha: [{}, { compress: 'none' }, { detached: 'yes' }],
  stl: [{}, { encoding: 'ascii' }],
  ply: [{}, { encoding: 'big-endian' }, { encoding: 'ascii' }],
  vtp: [
    {},
    { encoding: 'ascii' },
    { encoding: 'appended' },
    { encoding: 'appended', compress: 'zlib' },
    { compress: 'zlib' },
  ],
  csv: [{}, { separator: 'semicolon' }, { separator: 'tab' }, { units: 'row' }],
};

/** Choices a format may be written with. */
export function variantsOf(format: Format, kind: ArtifactKind): Record<string, string>[] {
  if (format.id === 'json' && kind.startsWith('landmarks.')) return [{}, { as: 'markups' }];
  return VARIANTS[format.id] ?? [{}];
}

/** Geometry comes back within this · mm */
const TOLERANCE_MM = 1e-4;

/** What a payload lost on its way through a format, beyond what the format has no place for; undefined when nothing. */
export function differenceOf(format: Format, kind: ArtifactKind, got: unknown): string | undefined {
  const sent = sampleOf(kind).payload as unknown;
  if (kind.startsWith('volume.')) return volumeDifference(format.id, sent as Volume, got as Volume);
  if (kind.startsWith('labelmap.')) return labelDifference(sent as Labelmap, got as Labelmap);
  if (kind.startsWith('mesh.')) return meshDifference(format.id, sent as Mesh, got as Mesh);
  if (kind.startsWith('table.')) return tableDifference(format.id, sent as Table, got as Table);
  if (kind.startsWith('landmarks.')) return pointDifference(sent as SpineLandmarks, got as SpineLandmarks);
  if (LOOSE_MOTION.has(format.id)) {
    if (kind.startsWith('signal.')) return signalDifference(sent as Signals, got as Signals);
    if (kind.startsWith('sequence.')) return pointSequenceDifference(sent as PointSequence, got as PointSequence);
    if (kind === 'events') return eventDifference(sent as EventList, got as EventList);
  }
  return same(sent, got) ? undefined : 'content';
}

/** Formats of recordings that name no clock; C3D is in single precision besides. */
const LOOSE_MOTION = new Set(['c3d', 'trc', 'mot']);

function volumeDifference(format: string, sent: Volume, got: Volume): string | undefined {
  if (!sameGrid(sent, got, TOLERANCE_MM)) return 'grid';
  if (sent.unit !== got.unit) return 'unit';
  // DICOM holds 16-bit whole numbers with a slope: floats come back within half a step of their range
  const whole = !(sent.data instanceof Float32Array);
  const step = format === 'dicom' && !whole ? (Math.max(...sent.data) - Math.min(...sent.data)) / 65_535 : 0;
  return sent.data.every((value, index) => Math.abs(value - got.data[index]) <= step) ? undefined : 'values';
}

function labelDifference(sent: Labelmap, got: Labelmap): string | undefined {
  if (!sameGrid(sent, got, TOLERANCE_MM)) return 'grid';
  if (!sent.data.every((value, index) => value === got.data[index])) return 'values';
  const names = ({ labels }: Labelmap) => labels.map(({ value, name, color }) => [value, name, color]);
  return same(names(sent), names(got)) ? undefined : 'labels';
}

/** Corner by corner, because STL numbers vertices anew. */
function meshDifference(format: string, sent: Mesh, got: Mesh): string | undefined {
  const corners = ({ positions, triangles }: Mesh) =>
    Array.from(triangles).flatMap((vertex) => Array.from(positions.subarray(3 * vertex, 3 * vertex + 3)));
  const [a, b] = [corners(sent), corners(got)];
  if (a.length !== b.length || !a.every((value, index) => Math.abs(value - b[index]) <= TOLERANCE_MM)) return 'surface';
  if (format === 'stl') return undefined;
  if (!same(sent.normals, got.normals)) return 'normals';
  return format === 'obj' || same(sent.vertexData, got.vertexData) ? undefined : 'vertex data';
}

function tableDifference(format: string, sent: Table, got: Table): string | undefined {
  const plain = ({ columns }: Table) => columns.map(({ name, values }) => [name, values]);
  return same(format === 'csv' ? plain(sent) : sent, format === 'csv' ? plain(got) : got) ? undefined : 'values';
}

/** Slicer keeps names and places only. */
function pointDifference(sent: SpineLandmarks, got: SpineLandmarks): string | undefined {
  const places = ({ points }: SpineLandmarks) => points.map(({ id, xyz, level, side }) => [id, xyz, level, side]);
  return same(places(sent), places(got)) ? undefined : 'points';
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(plain(a)) === JSON.stringify(plain(b));
}

/** Typed arrays as lists, keys in order. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Float32Array);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, plain(entry)]),
  );
}
