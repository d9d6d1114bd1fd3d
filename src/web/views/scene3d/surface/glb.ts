/**
 * A small GLB reader: the first triangle mesh of every node, in the frame of the patient.
 *
 * The store writes positions in the patient frame (LPS, mm) below one root node whose matrix turns them into glTF's metres with Y up;
 * so the root's matrix is left out and those below it are kept.
 */

import { MsdtError } from '../../../../model/index.ts';

export interface SurfaceArrays {
  /** patient frame (LPS) · mm · shape [3N] */
  positions: Float32Array;
  normals: Float32Array;
  triangles: Uint32Array;
}

interface Gltf {
  scenes?: { nodes?: number[] }[];
  scene?: number;
  nodes?: { mesh?: number; children?: number[]; matrix?: number[]; translation?: number[]; scale?: number[] }[];
  meshes?: { primitives: { attributes: Record<string, number>; indices?: number; mode?: number }[] }[];
  accessors?: { bufferView?: number; byteOffset?: number; componentType: number; count: number; type: string }[];
  bufferViews?: { byteOffset?: number; byteLength: number; byteStride?: number }[];
}

type Matrix = readonly number[];
const IDENTITY: Matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

function broken(detail: string): MsdtError {
  return new MsdtError('file.malformed', 'A surface cannot be shown', {
    detail,
    hint: 'Build the twin again; if it stays, the stored file is damaged.',
  });
}

/**
 * Reads the triangles of a GLB.
 * @throws MsdtError `file.malformed` on bytes that are no GLB with triangles
 */
export function readGlb(buffer: ArrayBuffer): SurfaceArrays {
  const view = new DataView(buffer);
  if (buffer.byteLength < 20 || view.getUint32(0, true) !== 0x46546c67) throw broken('no GLB header');
  const jsonLength = view.getUint32(12, true);
  if (20 + jsonLength > buffer.byteLength) throw broken('the JSON chunk is cut short');
  const gltf = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 20, jsonLength))) as Gltf;
  const binary = 20 + jsonLength + 8;
  const parts: SurfaceArrays[] = [];
  const visit = (index: number, matrix: Matrix, depth: number): void => {
    const node = gltf.nodes?.[index];
    if (!node || depth > 32) return;
    const here = depth === 0 ? IDENTITY : multiply(matrix, localMatrix(node));
    if (node.mesh !== undefined)
      for (const primitive of gltf.meshes?.[node.mesh]?.primitives ?? []) {
        if ((primitive.mode ?? 4) === 4) parts.push(readPrimitive(gltf, buffer, binary, primitive, here));
      }
    for (const child of node.children ?? []) visit(child, here, depth + 1);
  };
  for (const root of gltf.scenes?.[gltf.scene ?? 0]?.nodes ?? []) visit(root, IDENTITY, 0);
  if (parts.length === 0) throw broken('no triangles');
  return parts.length === 1 ? parts[0] : joined(parts);
}

function localMatrix(node: { matrix?: number[]; translation?: number[]; scale?: number[] }): Matrix {
  if (node.matrix) return node.matrix;
  const [x, y, z] = node.translation ?? [0, 0, 0];
  const [a, b, c] = node.scale ?? [1, 1, 1];
  return [a, 0, 0, 0, 0, b, 0, 0, 0, 0, c, 0, x, y, z, 1];
}

/** Column-major product. */
function multiply(a: Matrix, b: Matrix): Matrix {
  const out = new Array<number>(16).fill(0);
  for (let c = 0; c < 4; c++)
    for (let r = 0; r < 4; r++) for (let k = 0; k < 4; k++) out[4 * c + r] += a[4 * k + r] * b[4 * c + k];
  return out;
}

function readPrimitive(
  gltf: Gltf,
  buffer: ArrayBuffer,
  binary: number,
  primitive: { attributes: Record<string, number>; indices?: number },
  matrix: Matrix,
): SurfaceArrays {
  const positions = readFloats(gltf, buffer, binary, primitive.attributes.POSITION);
  const triangles =
    primitive.indices === undefined
      ? Uint32Array.from({ length: positions.length / 3 }, (_, i) => i)
      : readIndices(gltf, buffer, binary, primitive.indices);
  if (matrix !== IDENTITY) transform(positions, matrix);
  const given = primitive.attributes.NORMAL;
  const normals =
    given === undefined || matrix !== IDENTITY
      ? vertexNormals(positions, triangles)
      : readFloats(gltf, buffer, binary, given);
  return { positions, normals, triangles };
}

function place(
  gltf: Gltf,
  binary: number,
  index: number,
): { offset: number; stride: number; count: number; type: number } {
  const accessor = gltf.accessors?.[index];
  const bufferView = gltf.bufferViews?.[accessor?.bufferView ?? -1];
  if (!accessor || !bufferView) throw broken(`accessor ${index} is missing`);
  return {
    offset: binary + (bufferView.byteOffset ?? 0) + (accessor.byteOffset ?? 0),
    stride: bufferView.byteStride ?? 0,
    count: accessor.count,
    type: accessor.componentType,
  };
}

function readFloats(gltf: Gltf, buffer: ArrayBuffer, binary: number, index: number): Float32Array {
  const { offset, stride, count, type } = place(gltf, binary, index);
  if (type !== 5126) throw broken(`component type ${type} of a position`);
  if (offset + count * 12 > buffer.byteLength) throw broken('the binary chunk is cut short');
  if (stride <= 12 && offset % 4 === 0) return new Float32Array(buffer.slice(offset, offset + count * 12));
  const view = new DataView(buffer);
  const out = new Float32Array(count * 3);
  for (let i = 0; i < out.length; i++)
    out[i] = view.getFloat32(offset + Math.floor(i / 3) * (stride || 12) + 4 * (i % 3), true);
  return out;
}

function readIndices(gltf: Gltf, buffer: ArrayBuffer, binary: number, index: number): Uint32Array {
  const { offset, count, type } = place(gltf, binary, index);
  const bytes = type === 5125 ? 4 : type === 5123 ? 2 : 1;
  if (offset + count * bytes > buffer.byteLength) throw broken('the binary chunk is cut short');
  const part = buffer.slice(offset, offset + count * bytes);
  if (type === 5125) return new Uint32Array(part);
  return Uint32Array.from(type === 5123 ? new Uint16Array(part) : new Uint8Array(part));
}

function transform(positions: Float32Array, m: Matrix): void {
  for (let o = 0; o < positions.length; o += 3) {
    const [x, y, z] = [positions[o], positions[o + 1], positions[o + 2]];
    for (let r = 0; r < 3; r++) positions[o + r] = m[r] * x + m[4 + r] * y + m[8 + r] * z + m[12 + r];
  }
}

/** Area-weighted vertex normals. */
export function vertexNormals(p: Float32Array, t: Uint32Array): Float32Array {
  const n = new Float32Array(p.length);
  for (let i = 0; i < t.length; i += 3) {
    const [a, b, c] = [3 * t[i], 3 * t[i + 1], 3 * t[i + 2]];
    const [ux, uy, uz] = [p[b] - p[a], p[b + 1] - p[a + 1], p[b + 2] - p[a + 2]];
    const [vx, vy, vz] = [p[c] - p[a], p[c + 1] - p[a + 1], p[c + 2] - p[a + 2]];
    const [x, y, z] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    for (const o of [a, b, c]) {
      n[o] += x;
      n[o + 1] += y;
      n[o + 2] += z;
    }
  }
  for (let o = 0; o < n.length; o += 3) {
    const l = Math.hypot(n[o], n[o + 1], n[o + 2]) || 1;
    n[o] /= l;
    n[o + 1] /= l;
    n[o + 2] /= l;
  }
  return n;
}

function joined(parts: SurfaceArrays[]): SurfaceArrays {
  const positions = new Float32Array(parts.reduce((n, part) => n + part.positions.length, 0));
  const normals = new Float32Array(positions.length);
  const triangles = new Uint32Array(parts.reduce((n, part) => n + part.triangles.length, 0));
  let v = 0;
  let t = 0;
  for (const part of parts) {
    positions.set(part.positions, 3 * v);
    normals.set(part.normals, 3 * v);
    for (let i = 0; i < part.triangles.length; i++) triangles[t + i] = part.triangles[i] + v;
    v += part.positions.length / 3;
    t += part.triangles.length;
  }
  return { positions, normals, triangles };
}
