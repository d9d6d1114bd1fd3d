/** Model objects of known content for the tests of file formats, and files in memory to read them back from. */

import { createRandom, mat3FromAxisAngle } from '../../../src/kernel/index.ts';
import type {
  ArtifactKind,
  Format,
  Grid,
  Labelmap,
  Mat3,
  Mesh,
  PatientGraph,
  PayloadByKind,
  ReadItem,
  ReadOptions,
  SourceFile,
  SpineCurve,
  SpineLandmarks,
  Table,
  Volume,
  VoxelArray,
  WrittenFile,
} from '../../../src/model/index.ts';
import { motionSample } from '../motion/motion-samples.ts';
import { clinicalRecord } from '../record/clinical-sample.ts';

/** Bytes as a file. */
export function memoryFile(name: string, bytes: Uint8Array): SourceFile {
  return {
    name,
    bytes: bytes.length,
    head: async (length) => bytes.subarray(0, length),
    read: async () => bytes,
    slice: async (start, end) => bytes.subarray(start, end),
  };
}

/** Written files as files to read. */
export function filesOf(written: readonly WrittenFile[]): SourceFile[] {
  return written.map(({ name, bytes }) => memoryFile(name, bytes));
}

/** The one item of files that must be readable. */
export async function readOne(format: Format, files: SourceFile[], options?: ReadOptions): Promise<ReadItem> {
  const report = await format.read(files, options);
  const [problem] = report.errors;
  if (problem) throw problem.error;
  return report.items[0];
}

/** Writes and reads again. */
export async function roundTrip<Kind extends ArtifactKind>(
  format: Format,
  artifact: { kind: Kind; payload: PayloadByKind[Kind]; name: string },
  choices?: Record<string, string>,
  read?: ReadOptions,
): Promise<ReadItem> {
  const written = await format.write?.(artifact, { choices });
  return readOne(format, filesOf(written ?? []), read);
}

/** Axes turned about a skew axis; orthonormal to machine precision. */
export const OBLIQUE: Mat3 = mat3FromAxisAngle([1, 2, 3], 0.4);

/** A small skew grid with unequal spacings. */
export const GRID: Grid = {
  size: [7, 6, 5],
  spacing: [0.7, 1.25, 2.1],
  origin: [-123.456, 87.25, -612.3],
  direction: OBLIQUE,
};

/** Values between `low` and `high` in an array of the given type. */
function randomVoxels<Data extends VoxelArray>(
  type: new (length: number) => Data,
  count: number,
  [low, high]: readonly [number, number],
  seed = 1,
): Data {
  const random = createRandom(seed);
  const data = new type(count);
  const whole = !(data instanceof Float32Array || data instanceof Float64Array);
  for (let index = 0; index < count; index++) {
    const value = low + random.uniform() * (high - low);
    data[index] = whole ? Math.round(value) : value;
  }
  return data;
}

export function ctVolume(grid: Grid = GRID): Volume<Int16Array> {
  const count = grid.size[0] * grid.size[1] * grid.size[2];
  return { ...grid, data: randomVoxels(Int16Array, count, [-1024, 1800]), unit: "[hnsf'U]" };
}

export function mrVolume(grid: Grid = GRID): Volume<Float32Array> {
  const count = grid.size[0] * grid.size[1] * grid.size[2];
  return { ...grid, data: randomVoxels(Float32Array, count, [0, 900]), unit: '{arb}' };
}

export function labelmap(grid: Grid = GRID): Labelmap<Uint8Array> {
  const count = grid.size[0] * grid.size[1] * grid.size[2];
  const data = Uint8Array.from({ length: count }, (_, index) => [0, 0, 20, 21, 99][Math.floor(index / 9) % 5]);
  return {
    ...grid,
    data,
    labels: [
      { value: 20, name: 'vertebrae_L4', color: [230, 120, 10], level: 'L4', structure: 'vertebra' },
      { value: 21, name: 'Wirbelkörper "L5" <&>', color: [12, 200, 255], level: 'L5', structure: 'vertebral-body' },
      { value: 99, name: 'hip_left', color: [0, 0, 0], structure: 'hip', side: 'left' },
    ],
  };
}

/** An octahedron pushed out by noise, with colours, a scalar and a flag on its vertices. */
export function mesh(divisions = 6): Mesh {
  const random = createRandom(3);
  const positions: number[] = [];
  const triangles: number[] = [];
  const across = divisions * 2;
  for (let row = 0; row <= divisions; row++) {
    for (let column = 0; column < across; column++) {
      const theta = (Math.PI * (row + 0.5)) / (divisions + 1);
      const phi = (2 * Math.PI * column) / across;
      const radius = 20 + random.uniform();
      positions.push(
        radius * Math.sin(theta) * Math.cos(phi) - 40,
        radius * Math.sin(theta) * Math.sin(phi) + 300.5,
        radius * Math.cos(theta) - 900.25,
      );
    }
  }
  for (let row = 0; row < divisions; row++) {
    for (let column = 0; column < across; column++) {
      const a = row * across + column;
      const b = row * across + ((column + 1) % across);
      triangles.push(a, a + across, b, b, a + across, b + across);
    }
  }
  const count = positions.length / 3;
  const bytes = (from: number) => Uint8Array.from({ length: count }, (_, index) => (index * 7 + from) % 256);
  return {
    positions: Float32Array.from(positions),
    triangles: Uint32Array.from(triangles),
    frame: 'patient',
    normals: Float32Array.from({ length: count * 3 }, (_, index) => [0.6, 0, 0.8][index % 3]),
    vertexData: {
      red: bytes(0),
      green: bytes(80),
      blue: bytes(160),
      thickness: Float32Array.from({ length: count }, (_, index) => index * 0.37 - 3),
      cut: Uint8Array.from({ length: count }, (_, index) => index % 2),
    },
    name: 'L4',
    level: 'L4',
  };
}

/** Points and normals only, for formats without vertex data. */
export function plainMesh(): Mesh {
  const { positions, triangles, frame } = mesh();
  return { positions, triangles, frame, name: 'L4' };
}

export function spineCurve(): SpineCurve {
  const count = 24;
  const column = (of: (t: number) => number) => Float64Array.from({ length: count }, (_, index) => of(index / count));
  const points = new Float64Array(count * 3);
  for (let index = 0; index < count; index++) {
    points[3 * index] = Math.sin(index / 5) * 12.34567890123;
    points[3 * index + 1] = Math.cos(index / 7) * 40;
    points[3 * index + 2] = -(index + 1) * 19.1;
  }
  return {
    frame: 'patient',
    points,
    arcLengthMm: column((t) => t * 460.123456789),
    curvature: column((t) => t / 97),
    torsion: column((t) => 0.001 - t / 311),
    stations: [
      { level: 'T12', arcLengthMm: 101.5 },
      { level: 'L1', arcLengthMm: 140.25 },
    ],
  };
}

export function landmarks(): SpineLandmarks {
  return {
    frame: 'patient',
    points: [
      { id: 'L4.pedicle.left', xyz: [21.5, 12.25, -600.125], level: 'L4', side: 'left', sdMm: 0.8 },
      { id: 'L4.pedicle.right', xyz: [-20.75, 12.5, -600.5], level: 'L4', side: 'right' },
    ],
    planes: [
      { id: 'L4.superiorEndplate', centre: [0, 1, 2], normal: [0, 0, 1], rmsMm: 0.2, areaMm2: 1400.5, level: 'L4' },
    ],
    vertebrae: [{ level: 'L4', centre: [0, 0, -600], x: [1, 0, 0], y: [0, -1, 0], z: [0, 0, 1] }],
  };
}

export function table(): Table {
  return {
    columns: [
      { name: 'level', values: ['L1', 'L2', null, 'a "quoted", text\nof two lines', ''] },
      { name: 'angle', unit: 'deg', definition: 'Cobb angle', values: [12.25, -3.0000001, null, 1e-7, 180] },
      { name: 'count', values: [1, 2, 3, null, 5] },
      { name: 'flagged', values: [true, false, null, true, false] },
      { name: 'note', values: ['=1+1', '@cmd', '-', '007', 'true'] },
    ],
  };
}

/** A graph with every field, and texts that XML and IRIs must escape. */
export function patientGraph(): PatientGraph {
  return {
    ...{ schemaVersion: 1, twin: 'twin 7/é', indexDate: '2026-01-05', synthetic: true },
    nodes: [
      { id: 'patient:twin 7/é', kind: 'patient', name: 'twin 7/é' },
      { id: 'setting:radicular', kind: 'setting', name: 'Radicular pain', contribution: -2.75, contributionSd: 0.35 },
      { id: 'exam:ct@2025-12-01', kind: 'exam', name: 'CT & "contrast" <L4>', time: '2025-12-01', modality: 'ct' },
      {
        ...{
          id: 'feature:twin/7#a_x002F_',
          kind: 'feature',
          name: 'disc.heightMiddle.L4-L5',
          value: 6.000000000000001,
        },
        ...{ unit: "[hnsf'U]", sd: 1e-7, level: 'L4-L5', side: 'left', observed: true, source: 'f&7' },
      },
      {
        ...{ id: 'feature:person.smoker', kind: 'feature', name: 'Smoker', value: 'no\r\n 日本 ]]> ', unit: '1' },
        ...{ contribution: -0.25, contributionSd: 0.1, observed: false, held: true },
        codes: [
          { system: 'http://loinc.org', code: '72166-2' },
          { system: 'urn:example', code: 'x', display: 'Tobacco' },
        ],
      },
      { id: 'construct:person', kind: 'construct', name: 'Person', contribution: -0.25, contributionSd: 0.1 },
      {
        ...{ id: 'outcome:0-12', kind: 'outcome', name: 'Surgery', value: 0.0474, unit: '1', low: 0.01, high: 0.3 },
        ...{ contribution: -3, contributionSd: 0.4 },
      },
      { id: 'modality:ct', kind: 'modality', name: 'CT' },
      { id: 'region:lumbar', kind: 'region', name: 'Lumbar spine' },
      { id: 'vertebra:L4', kind: 'vertebra', name: 'L4', level: 'L4' },
      { id: 'disc:L4-L5', kind: 'disc', name: 'Disc L4-L5', level: 'L4-L5' },
    ],
    edges: [
      { from: 'patient:twin 7/é', to: 'exam:ct@2025-12-01', type: 'underwent' },
      { from: 'exam:ct@2025-12-01', to: 'modality:ct', type: 'by' },
      { from: 'exam:ct@2025-12-01', to: 'feature:twin/7#a_x002F_', type: 'showed' },
      { from: 'feature:twin/7#a_x002F_', to: 'disc:L4-L5', type: 'located-at' },
      { from: 'feature:person.smoker', to: 'construct:person', type: 'describes', weight: -0.25, sd: 0.1 },
      { from: 'construct:person', to: 'outcome:0-12', type: 'drives', weight: -0.25, sd: 0.1 },
      { from: 'setting:radicular', to: 'outcome:0-12', type: 'drives', weight: -2.75, sd: 0.35 },
      { from: 'vertebra:L4', to: 'disc:L4-L5', type: 'adjacent' },
      { from: 'vertebra:L4', to: 'region:lumbar', type: 'part-of' },
    ],
  };
}

/** One artifact of known content per kind. */
export function sampleOf(kind: ArtifactKind): { kind: ArtifactKind; payload: never; name: string } {
  const payload = samplePayload(kind);
  return { kind, payload: payload as never, name: 'L4 sample' };
}

function samplePayload(kind: ArtifactKind): unknown {
  if (kind === 'volume.ct') return ctVolume();
  if (kind.startsWith('volume.')) return mrVolume();
  if (kind.startsWith('labelmap.')) return labelmap();
  if (kind.startsWith('mesh.')) return mesh();
  if (kind.startsWith('landmarks.')) return landmarks();
  if (kind === 'curve.spine') return spineCurve();
  if (kind.startsWith('table.')) return table();
  if (kind === 'record.clinical') return clinicalRecord();
  if (kind === 'graph.patient') return patientGraph();
  const motion = motionSample(kind);
  if (motion !== undefined) return motion;
  return { title: 'truth', cobbDeg: [10.5, 31], nested: { text: 'é', none: null } };
}
