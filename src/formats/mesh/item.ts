/**
 * From vertices and triangles as a file has them to a `Mesh` in patient coordinates (LPS, mm). One rule for every format:
 * LPS unless the header says `SPACE=RAS`, mm unless it names a unit, and the user's word above both.
 */

import { pointBounds } from '../../kernel/index.ts';
import type { Mesh, QualityFlag, ReadItem, ReadOptions } from '../../model/index.ts';
import { fileError, fileNameOf, stemOf } from '../bytes.ts';
import { choiceOf } from '../report.ts';

/** What our writers put into headers. */
export const SPACE_NOTE = 'SPACE=LPS';

/** Endings of mesh files, for names. */
const MESH_EXTENSIONS = ['.stl', '.ply', '.obj', '.obj.gz', '.glb', '.gltf', '.vtp'] as const;

/** Units of length a user may name. */
export const LENGTH_UNITS = ['mm', 'cm', 'm', 'um', 'in'] as const;

/** mm per unit of length. */
export const MM_PER: Record<string, number> = { mm: 1, cm: 10, m: 1000, um: 0.001, in: 25.4 };

const UNIT_WORDS: [RegExp, keyof typeof MM_PER][] = [
  [/^(mm|millimet(er|re)s?)$/i, 'mm'],
  [/^(cm|centimet(er|re)s?)$/i, 'cm'],
  [/^(m|met(er|re)s?)$/i, 'm'],
  [/^(um|µm|micromet(er|re)s?|microns?)$/i, 'um'],
  [/^(in|inch|inches)$/i, 'in'],
];

/** A surface whose largest extent is below this is probably in metres · mm */
const SMALLEST_MM = 3;

/** A surface larger than this is no part of a person · mm */
const LARGEST_MM = 3000;

/** A surface as a file has it. */
export interface RawMesh {
  /** xyz of each vertex · shape [3N] · file frame and unit */
  positions: Float32Array | Float64Array;
  triangles: Uint32Array;
  normals?: Float32Array;
  vertexData?: Record<string, Float32Array | Uint8Array>;
  color?: Mesh['color'];
  name?: string;
  level?: Mesh['level'];
}

/** What the header of a mesh file says. */
export interface MeshHeader {
  /** frame of the positions; LPS when absent */
  space?: 'LPS' | 'RAS';
  /** name of the unit; mm when absent */
  unit?: string;
}

/**
 * Frame and unit from header text or comments.
 * @example meshHeaderFrom('3D Slicer output. SPACE=RAS') // { space: 'RAS' }
 */
export function meshHeaderFrom(text: string): MeshHeader {
  const header: MeshHeader = {};
  const space = /\bSPACE\s*[=:]\s*(LPS|RAS)\b/i.exec(text)?.[1]?.toUpperCase();
  if (space === 'LPS' || space === 'RAS') header.space = space;
  const word = /\b(?:length )?units?\s*(?:[=:]|is|in|are)?\s*[("']?\s*([a-zµ]{1,12})\b/i.exec(text)?.[1];
  const unit = word && UNIT_WORDS.find(([pattern]) => pattern.test(word))?.[1];
  if (unit) header.unit = unit;
  return header;
}

/**
 * The item of a file of surfaces.
 * @param raws - one or more surfaces, indices not yet checked
 * @param metadata - facts of the format; they win over the ones found here
 * @throws MsdtError `file.malformed` for indices or positions that cannot be, `file.unsupported` without any triangle
 */
export function meshItem(
  file: string,
  raws: readonly RawMesh[],
  header: MeshHeader,
  options: ReadOptions,
  metadata: ReadItem['metadata'],
): ReadItem {
  const frame = choiceOf(options.choices, 'frame', ['LPS', 'RAS']);
  const unit = choiceOf(options.choices, 'unit', LENGTH_UNITS) ?? header.unit ?? 'mm';
  const space = frame ?? header.space ?? 'LPS';
  const sign = space === 'RAS' ? -1 : 1;
  const stem = stemOf(file, MESH_EXTENSIONS);
  const quality: QualityFlag[] = [];
  const artifacts = raws.map((raw) => {
    checkMesh(raw, file);
    const payload = inPatient(raw, sign, MM_PER[unit]);
    const name = raw.name ?? stem;
    payload.name = name;
    return { kind: 'mesh.other' as const, payload, name, ...(raw.level ? { level: raw.level } : {}) };
  });
  const said = options.choices?.unit !== undefined || header.unit !== undefined;
  if (!said) quality.push(...sizeDoubt(artifacts.map((artifact) => artifact.payload)));
  const count = (of: (mesh: Mesh) => number): number => artifacts.reduce((sum, { payload }) => sum + of(payload), 0);
  return {
    modality: 'surface',
    artifacts,
    files: [file],
    quality,
    metadata: {
      vertices: count((mesh) => mesh.positions.length / 3),
      triangles: count((mesh) => mesh.triangles.length / 3),
      frame: frame ? `${frame}, as the user chose` : header.space ? `${space}, as the header says` : 'LPS, as is usual',
      unit: said ? unit : `${unit}, as is usual`,
      ...metadata,
    },
  };
}

function checkMesh(raw: RawMesh, file: string): void {
  const vertices = raw.positions.length / 3;
  for (let index = 0; index < raw.triangles.length; index++) {
    if (raw.triangles[index] < vertices) continue;
    throw fileError('file.malformed', file, 'A triangle refers to a vertex that does not exist', {
      place: `triangle ${Math.floor(index / 3) + 1}`,
      detail: `vertex ${raw.triangles[index]} of ${vertices}`,
      hint: 'The file is damaged: export the surface again.',
    });
  }
  for (let index = 0; index < raw.positions.length; index++) {
    if (raw.positions[index] - raw.positions[index] === 0) continue;
    throw fileError('file.malformed', file, 'A vertex has no position', {
      place: `vertex ${Math.floor(index / 3) + 1}`,
      detail: `coordinate ${raw.positions[index]}`,
      hint: 'The file is damaged: export the surface again.',
    });
  }
  if (raw.triangles.length > 0) return;
  throw fileError('file.unsupported', file, 'The file holds points but no surface', {
    place: 'faces',
    detail: `${vertices} vertices, no triangle`,
    hint: 'Give points as PLY, PCD or XYZ, or build a surface from them first (in MeshLab: Screened Poisson).',
  });
}

/** Half a turn about z leads from RAS to LPS; winding and handedness stay. */
function inPatient(raw: RawMesh, sign: 1 | -1, scale: number): Mesh {
  const { triangles, vertexData, color } = raw;
  const unchanged = sign === 1 && scale === 1 && raw.positions instanceof Float32Array;
  let positions = raw.positions as Float32Array;
  if (!unchanged) {
    positions = new Float32Array(raw.positions.length);
    for (let at = 0; at < positions.length; at += 3) {
      positions[at] = raw.positions[at] * scale * sign;
      positions[at + 1] = raw.positions[at + 1] * scale * sign;
      positions[at + 2] = raw.positions[at + 2] * scale;
    }
  }
  const mesh: Mesh = { positions, triangles, frame: 'patient' };
  if (raw.normals)
    mesh.normals = sign === 1 ? raw.normals : raw.normals.map((value, index) => (index % 3 === 2 ? value : -value));
  if (vertexData && Object.keys(vertexData).length > 0) mesh.vertexData = vertexData;
  if (color) mesh.color = color;
  if (raw.level) mesh.level = raw.level;
  return mesh;
}

function sizeDoubt(meshes: readonly Mesh[]): QualityFlag[] {
  const { min, max } = pointBounds(meshes.map(({ positions }) => positions));
  const largest = Math.max(...max.map((value, axis) => value - min[axis]));
  if (largest >= SMALLEST_MM && largest <= LARGEST_MM) return [];
  const size = `The surface is ${Number(largest.toPrecision(3))} mm across`;
  const message =
    largest < SMALLEST_MM
      ? `${size}: it is probably in metres. Read it again with the choice unit = m.`
      : `${size}, larger than a person. Read it again with the right unit.`;
  return [{ code: 'mesh.unit-doubt', severity: 'doubt', message }];
}

/** File name for a written mesh, without ending. */
export function meshFileName(name: string): string {
  return fileNameOf(name);
}
