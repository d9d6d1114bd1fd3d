/** Reads the surfaces of a GLB into patient coordinates. glTF is Y up in metres: up is superior, the front faces +Z. */

import { determinantMat3, IDENTITY_MAT4, linearPart, multiplyMat4 } from '../../kernel/index.ts';
import { type Mesh, type ReadItem, type ReadOptions, type SourceFile, VERTEBRA_LEVELS } from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { MAX_ARRAY_BYTES } from '../bytes.ts';
import { LENGTH_UNITS, MM_PER, meshItem, type RawMesh, TriangleList } from '../mesh/index.ts';
import { choiceOf } from '../report.ts';
import { linearToSrgb } from './colour.ts';
import {
  type AccessorValues,
  at,
  type GlbDocument,
  listOf,
  type MeshNode,
  malformed,
  meshNodes,
  parseGlb,
  readAccessor,
  unsupported,
} from './document.ts';

const TRIANGLES = 4;
const STRIP = 5;
const FAN = 6;

/** Most surfaces taken from one file. */
const MAX_SURFACES = 10_000;

/**
 * Reads all surfaces.
 * @throws MsdtError what is wrong, where, and what to do
 */
export async function readGlb(file: SourceFile, options: ReadOptions): Promise<ReadItem> {
  const doc = parseGlb(await readWhole(file), file.name);
  const frame = choiceOf(options.choices, 'frame', ['gltf', 'LPS', 'RAS']) ?? 'gltf';
  const unit = choiceOf(options.choices, 'unit', LENGTH_UNITS) ?? 'm';
  const toPatient = patientMatrix(frame, MM_PER[unit]);
  const raws: RawMesh[] = [];
  let total = 0;
  for (const node of meshNodes(doc)) {
    const primitives = listOf(node.mesh.primitives);
    for (const [index, primitive] of primitives.entries()) {
      if (raws.length >= MAX_SURFACES) throw unsupported(file.name, 'meshes', `more than ${MAX_SURFACES} surfaces`);
      const raw = readPrimitive(doc, primitive, multiplyMat4(toPatient, node.matrix), byteAttributesOf(node));
      total += (raw?.positions.byteLength ?? 0) + (raw?.triangles.byteLength ?? 0);
      if (total > MAX_ARRAY_BYTES) throw unsupported(file.name, 'meshes', 'more surfaces than fit in memory');
      if (raw) raws.push({ ...raw, ...labelsOf(node, primitives.length > 1 ? index : undefined) });
    }
  }
  if (raws.length === 0) throw unsupported(file.name, 'meshes', 'no triangles at all');
  const metadata = { format: 'GLB', frame: frame === 'gltf' ? 'glTF, Y up' : `${frame}, as the user chose`, unit };
  // positions are in the patient already
  return meshItem(file.name, raws, { unit: 'mm' }, { ...options, choices: {} }, metadata);
}

/** From scene coordinates to LPS mm: x stays, up is superior, front (+z) is anterior. */
function patientMatrix(frame: 'gltf' | 'LPS' | 'RAS', mm: number): number[] {
  if (frame === 'gltf') return [mm, 0, 0, 0, 0, 0, -mm, 0, 0, mm, 0, 0, 0, 0, 0, 1];
  const s = frame === 'RAS' ? -mm : mm;
  return [s, 0, 0, 0, 0, s, 0, 0, 0, 0, mm, 0, 0, 0, 0, 1];
}

function labelsOf(node: MeshNode, part: number | undefined): Pick<RawMesh, 'name' | 'level'> {
  const own = typeof node.mesh.name === 'string' && node.mesh.name ? node.mesh.name : undefined;
  const base = own ?? node.name;
  const extras = (node.mesh.extras ?? {}) as Record<string, unknown>;
  const level = VERTEBRA_LEVELS.find((known) => known === extras.level);
  const name = base !== undefined && part !== undefined ? `${base} ${part + 1}` : base;
  return { ...(name ? { name } : {}), ...(level ? { level } : {}) };
}

/** Attributes that our writer turned from bytes into floats. */
function byteAttributesOf(node: MeshNode): readonly unknown[] {
  return listOf((node.mesh.extras as Record<string, unknown> | undefined)?.byteAttributes);
}

function readPrimitive(
  doc: GlbDocument,
  primitive: unknown,
  matrix: readonly number[],
  bytes: readonly unknown[],
): RawMesh | undefined {
  const { attributes, indices, mode = TRIANGLES, material } = (primitive ?? {}) as Record<string, unknown>;
  if (mode !== TRIANGLES && mode !== STRIP && mode !== FAN) return undefined;
  const named = (attributes ?? {}) as Record<string, unknown>;
  const positions = readAccessor(doc, named.POSITION);
  if (positions.components !== 3) throw malformed(doc.file, 'attribute POSITION', 'not three values per vertex');
  const raw: RawMesh = {
    positions: transformed(asFloats(positions), matrix),
    triangles: trianglesOf(doc, indices, positions.count, mode),
    vertexData: {},
  };
  if (determinantMat3(linearPart(matrix)) < 0) turnAround(raw.triangles);
  for (const [name, index] of Object.entries(named)) {
    if (!/^(NORMAL|COLOR_0|_.+)$/.test(name)) continue;
    const values = readAccessor(doc, index);
    if (values.count !== positions.count) throw malformed(doc.file, `attribute ${name}`, 'not one per vertex');
    addAttribute(raw, name, bytes.includes(name) ? asBytes(values) : values, matrix);
  }
  const colour = colourOf(at(doc.json.materials, material));
  if (colour) raw.color = colour;
  return raw;
}

function trianglesOf(doc: GlbDocument, indices: unknown, vertices: number, mode: unknown): Uint32Array {
  let corners: Uint32Array;
  if (indices === undefined) corners = Uint32Array.from({ length: vertices }, (_, index) => index);
  else {
    const { data, components } = readAccessor(doc, indices);
    if (components !== 1 || data instanceof Float32Array) throw malformed(doc.file, 'indices', 'not whole numbers');
    corners = data instanceof Uint32Array ? data : Uint32Array.from(data);
  }
  if (mode === TRIANGLES)
    return corners.length % 3 === 0 ? corners : corners.slice(0, corners.length - (corners.length % 3));
  const list = new TriangleList();
  if (mode === STRIP) list.addStrip(corners);
  else list.addPolygon(corners, 0, corners.length);
  return list.toArray();
}

/** Bit for bit the same when the matrix is the identity, as it is for files of our own writer. */
function transformed(positions: Float32Array, m: readonly number[]): Float32Array | Float64Array {
  if (m.every((value, index) => value === IDENTITY_MAT4[index])) return positions;
  const out = new Float64Array(positions.length);
  for (let at = 0; at < positions.length; at += 3) {
    const [x, y, z] = [positions[at], positions[at + 1], positions[at + 2]];
    out[at] = m[0] * x + m[1] * y + m[2] * z + m[3];
    out[at + 1] = m[4] * x + m[5] * y + m[6] * z + m[7];
    out[at + 2] = m[8] * x + m[9] * y + m[10] * z + m[11];
  }
  return out;
}

function addAttribute(raw: RawMesh, name: string, values: AccessorValues, matrix: readonly number[]): void {
  const data = (raw.vertexData ??= {});
  if (name === 'NORMAL') {
    if (values.components === 3) raw.normals = turnedNormals(asFloats(values), matrix);
  } else if (name === 'COLOR_0') {
    const floats = asFloats(values);
    const channels = ['red', 'green', 'blue', 'alpha'].slice(0, values.components);
    for (const [channel, colour] of channels.entries()) {
      const bytes = new Uint8Array(values.count);
      for (let v = 0; v < values.count; v++) {
        const value = floats[v * values.components + channel];
        bytes[v] = colour === 'alpha' ? Math.round(value * 255) : linearToSrgb(value);
      }
      data[colour] = bytes;
    }
  } else if (values.components === 1)
    data[name.slice(1)] = values.data instanceof Uint8Array && !values.normalized ? values.data : asFloats(values);
}

/** Normals under the linear part; scale is taken out again, shear is not expected in a scene. */
function turnedNormals(normals: Float32Array, m: readonly number[]): Float32Array {
  if (m.every((value, index) => value === IDENTITY_MAT4[index])) return normals;
  const turned = transformed(normals, [m[0], m[1], m[2], 0, m[4], m[5], m[6], 0, m[8], m[9], m[10], 0, 0, 0, 0, 1]);
  const out = new Float32Array(turned.length);
  for (let at = 0; at < turned.length; at += 3) {
    const length = Math.hypot(turned[at], turned[at + 1], turned[at + 2]) || 1;
    for (let axis = 0; axis < 3; axis++) out[at + axis] = turned[at + axis] / length;
  }
  return out;
}

function turnAround(triangles: Uint32Array): void {
  for (let at = 0; at + 2 < triangles.length; at += 3) {
    const kept = triangles[at + 1];
    triangles[at + 1] = triangles[at + 2];
    triangles[at + 2] = kept;
  }
}

function asBytes(values: AccessorValues): AccessorValues {
  return { ...values, data: Uint8Array.from(values.data as ArrayLike<number>), normalized: false };
}

function asFloats({ data, normalized }: AccessorValues): Float32Array {
  if (data instanceof Float32Array) return data;
  if (!normalized) return Float32Array.from(data);
  const signed = data instanceof Int8Array || data instanceof Int16Array;
  const most = 2 ** (8 * data.BYTES_PER_ELEMENT - (signed ? 1 : 0)) - 1;
  return Float32Array.from(data, (value: number) => Math.max(value / most, -1));
}

function colourOf(material: Record<string, unknown> | undefined): Mesh['color'] {
  const pbr = material?.pbrMetallicRoughness as Record<string, unknown> | undefined;
  const factor = listOf(pbr?.baseColorFactor).map(Number);
  if (factor.length < 3 || !factor.every(Number.isFinite)) return undefined;
  return [linearToSrgb(factor[0]), linearToSrgb(factor[1]), linearToSrgb(factor[2])];
}
