/** The parts of a GLB file that hold surfaces: chunks, accessors and the node tree, each checked before it is used. */

import { multiplyMat4, type Quaternion, quaternionToMat3 } from '../../kernel/index.ts';
import { messageOf } from '../../model/index.ts';
import { fileError, latin1, MAX_TEXT_BYTES, truncatedError } from '../bytes.ts';

const JSON_CHUNK = 0x4e4f534a;
const BIN_CHUNK = 0x004e4942;

/** Most nodes and deepest nesting of a scene. */
const MAX_NODES = 100_000;
const MAX_DEPTH = 64;

type Json = Record<string, unknown>;

/** A parsed file. */
export interface GlbDocument {
  file: string;
  json: Json;
  bin: Uint8Array;
}

/** Values of an accessor: one typed array, `components` values per element. */
export interface AccessorValues {
  data: Float32Array | Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array;
  components: number;
  count: number;
  /** integers that stand for 0..1 or -1..1 */
  normalized: boolean;
}

/**
 * Splits a GLB file into its JSON and binary chunk.
 * @throws MsdtError `file.malformed`, `file.truncated`, `file.unsupported`
 */
export function parseGlb(bytes: Uint8Array, file: string): GlbDocument {
  if (latin1(bytes, 0, 4) !== 'glTF') throw malformed(file, 'byte 0', 'the file does not begin with glTF');
  if (bytes.length < 20) throw truncatedError(file, 'header', 20, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(4, true);
  if (version !== 2) throw unsupported(file, 'byte 4', `version ${version}`);
  const length = view.getUint32(8, true);
  if (length > bytes.length) throw truncatedError(file, 'header', length, bytes.length);
  let json: Json | undefined;
  let bin = new Uint8Array(0);
  for (let at = 12; at + 8 <= length; ) {
    const size = view.getUint32(at, true);
    const type = view.getUint32(at + 4, true);
    if (at + 8 + size > length) throw truncatedError(file, `chunk at byte ${at}`, size, length - at - 8);
    const chunk = bytes.subarray(at + 8, at + 8 + size);
    if (type === JSON_CHUNK && !json) json = parseJson(chunk, file);
    else if (type === BIN_CHUNK && bin.length === 0) bin = chunk as Uint8Array<ArrayBuffer>;
    at += 8 + size;
  }
  if (!json) throw malformed(file, 'byte 12', 'the JSON chunk is missing');
  const needed = listOf(json.extensionsRequired).filter(
    (name) => !/^KHR_(materials|texture|mesh_quantization|lights)/.test(String(name)),
  );
  if (needed.length > 0) throw unsupported(file, 'extensionsRequired', needed.join(', '));
  return { file, json, bin };
}

/**
 * Values of an accessor.
 * @throws MsdtError `file.malformed` when it reaches outside its buffer, `file.unsupported` for sparse ones
 */
export function readAccessor(doc: GlbDocument, index: unknown): AccessorValues {
  const place = `accessor ${String(index)}`;
  const accessor = at(doc.json.accessors, index);
  if (!accessor) throw malformed(doc.file, place, 'it does not exist');
  if (accessor.sparse !== undefined || accessor.bufferView === undefined)
    throw unsupported(doc.file, place, 'sparse accessors');
  const view = at(doc.json.bufferViews, accessor.bufferView);
  const kind = COMPONENTS[String(accessor.componentType)];
  const components = SHAPES[String(accessor.type)];
  const count = Number(accessor.count);
  if (!view || !kind || !components || !Number.isInteger(count) || count < 0)
    throw malformed(doc.file, place, 'type, count or buffer view is not right');
  if (Number(view.buffer ?? 0) !== 0) throw unsupported(doc.file, place, 'data outside the file');
  const start = Number(view.byteOffset ?? 0) + Number(accessor.byteOffset ?? 0);
  const packed = components * kind.BYTES_PER_ELEMENT;
  const stride = Number(view.byteStride ?? packed) || packed;
  const end = count === 0 ? start : start + stride * (count - 1) + packed;
  const viewEnd = Number(view.byteOffset ?? 0) + Number(view.byteLength);
  const inside = start >= 0 && stride >= packed && end <= viewEnd && viewEnd <= doc.bin.length;
  if (!Number.isInteger(start) || !Number.isInteger(stride) || !inside)
    throw malformed(doc.file, place, `bytes ${start} to ${end} of ${doc.bin.length}`);
  const bytes = new Uint8Array(count * packed);
  if (stride === packed) bytes.set(doc.bin.subarray(start, end));
  else
    for (let item = 0; item < count; item++)
      bytes.set(doc.bin.subarray(start + item * stride, start + item * stride + packed), item * packed);
  return {
    data: new kind(bytes.buffer, 0, count * components),
    components,
    count,
    normalized: accessor.normalized === true,
  };
}

/** A node that carries a mesh, with the matrix from its coordinates to the scene's · row-major. */
export interface MeshNode {
  name?: string;
  mesh: Json;
  meshIndex: number;
  matrix: readonly number[];
}

/**
 * All mesh nodes of the default scene.
 * @throws MsdtError `file.malformed` for loops and dangling references
 */
export function meshNodes(doc: GlbDocument): MeshNode[] {
  const { json, file } = doc;
  const scene = at(json.scenes, json.scene ?? 0);
  const roots = scene ? listOf(scene.nodes) : listOf(json.nodes).map((_, index) => index);
  const found: MeshNode[] = [];
  const seen = new Set<number>();
  const walk = (index: unknown, parent: readonly number[], depth: number): void => {
    const node = at(json.nodes, index);
    const number = Number(index);
    if (!node || depth > MAX_DEPTH || seen.has(number) || seen.size > MAX_NODES)
      throw malformed(
        file,
        `node ${String(index)}`,
        node ? 'nodes form a loop or nest too deeply' : 'it does not exist',
      );
    seen.add(number);
    const matrix = multiplyMat4(parent, matrixOf(node, file, number));
    if (node.mesh !== undefined) {
      const mesh = at(json.meshes, node.mesh);
      if (!mesh) throw malformed(file, `node ${number}`, `mesh ${String(node.mesh)} does not exist`);
      const name = typeof node.name === 'string' && node.name ? node.name : undefined;
      found.push({ name, mesh, meshIndex: Number(node.mesh), matrix });
    }
    for (const child of listOf(node.children)) walk(child, matrix, depth + 1);
  };
  for (const root of roots) walk(root, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], 0);
  return found;
}

function matrixOf(node: Json, file: string, index: number): number[] {
  const numbers = (value: unknown, length: number, standard: number[]): number[] => {
    if (value === undefined) return standard;
    const list = listOf(value).map(Number);
    if (list.length !== length || !list.every(Number.isFinite))
      throw malformed(file, `node ${index}`, `its transform is not ${length} numbers`);
    return list;
  };
  if (node.matrix !== undefined) {
    const m = numbers(node.matrix, 16, []);
    return [0, 1, 2, 3].flatMap((row) => [m[row], m[4 + row], m[8 + row], m[12 + row]]);
  }
  const t = numbers(node.translation, 3, [0, 0, 0]);
  const [x, y, z, w] = numbers(node.rotation, 4, [0, 0, 0, 1]);
  const s = numbers(node.scale, 3, [1, 1, 1]);
  const r = quaternionToMat3([w, x, y, z] as Quaternion);
  return [0, 1, 2]
    .flatMap((row) => [r[3 * row] * s[0], r[3 * row + 1] * s[1], r[3 * row + 2] * s[2], t[row]])
    .concat([0, 0, 0, 1]);
}

const COMPONENTS: Record<
  string,
  | typeof Float32Array
  | typeof Uint8Array
  | typeof Int8Array
  | typeof Uint16Array
  | typeof Int16Array
  | typeof Uint32Array
> = {
  5120: Int8Array,
  5121: Uint8Array,
  5122: Int16Array,
  5123: Uint16Array,
  5125: Uint32Array,
  5126: Float32Array,
};

const SHAPES: Record<string, number> = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4 };

/** Entry of a JSON list, when both are what they should be. */
export function at(list: unknown, index: unknown): Json | undefined {
  const entry = Array.isArray(list) && Number.isInteger(index) ? list[index as number] : undefined;
  return typeof entry === 'object' && entry !== null ? (entry as Json) : undefined;
}

/** A JSON list, or an empty one. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function parseJson(chunk: Uint8Array, file: string): Json {
  if (chunk.length > MAX_TEXT_BYTES) throw unsupported(file, 'JSON chunk', `${chunk.length} bytes of JSON`);
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(chunk));
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Json;
  } catch (cause) {
    throw malformed(file, 'JSON chunk', messageOf(cause));
  }
  throw malformed(file, 'JSON chunk', 'it is not an object');
}

/** The error of a damaged GLB. */
export function malformed(file: string, place: string, detail: string) {
  return fileError('file.malformed', file, 'The GLB is damaged', {
    place,
    detail,
    hint: 'Export the surface again from its source.',
  });
}

/** The error of a GLB that uses more than is read. */
export function unsupported(file: string, place: string, what: string) {
  return fileError('file.unsupported', file, `This GLB uses ${what}, which is not read`, {
    place,
    hint: 'Export it as plain glTF 2.0 binary, without compression, everything in one file.',
  });
}
