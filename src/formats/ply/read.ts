/** Reads PLY surfaces: text and binary of either byte order, vertex colours and scalars of any name. */

import type { ReadItem, ReadOptions, SourceFile } from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { fileError, truncatedError } from '../bytes.ts';
import { meshHeaderFrom, meshItem, type RawMesh, TriangleList } from '../mesh/index.ts';
import { cloudItem } from '../recording/index.ts';
import { numberAt } from '../text-numbers.ts';
import { type PlyElement, type PlyHeader, type PlyProperty, type PlyType, parsePlyHeader, plyBytes } from './header.ts';

/** Most corners of one polygon or strip. */
const MAX_CORNERS = 1 << 24;

/** Hands out the values of the body one after another; throws at the end or at something that is no number. */
interface Values {
  next(type: PlyType): number;
  /** bytes that are left */
  left(): number;
}

/**
 * Reads a surface.
 * @throws MsdtError what is wrong, where, and what to do
 */
export async function readPly(file: SourceFile, options: ReadOptions): Promise<ReadItem> {
  const bytes = await readWhole(file);
  const header = parsePlyHeader(bytes, file.name);
  const values =
    header.encoding === 'ascii' ? textValues(bytes, header, file.name) : binaryValues(bytes, header, file.name);
  const raw: RawMesh = { positions: new Float32Array(0), triangles: new Uint32Array(0) };
  const list = new TriangleList();
  for (const element of header.elements) {
    checkCount(element, header, values.left(), file.name);
    if (element.name === 'vertex') readVertices(element, values, raw, file.name);
    else readFaces(element, values, { list, positions: raw.positions }, file.name);
  }
  raw.triangles = list.toArray();
  const metadata = { format: header.encoding === 'ascii' ? 'PLY (text)' : `PLY (binary, ${header.encoding}-endian)` };
  const said = meshHeaderFrom(header.comments);
  // points alone are a cloud
  if (raw.triangles.length === 0 && !header.elements.some(({ name }) => name === 'face' || name === 'tristrips'))
    return cloudItem(file.name, raw, said.unit, options, String(metadata.format));
  return meshItem(file.name, [raw], said, options, metadata);
}

/** A count in the header is believed only when the bytes for it can be there. */
function checkCount(element: PlyElement, header: PlyHeader, left: number, file: string): void {
  const least = element.properties.reduce(
    (sum, { type, countType }) => sum + (header.encoding === 'ascii' ? 2 : plyBytes(countType ?? type)),
    0,
  );
  // the last text value needs no line end
  const needed = element.count * least - (header.encoding === 'ascii' ? 1 : 0);
  if (element.count > 0 && (least === 0 || needed > left))
    throw truncatedError(file, `element ${element.name} of ${element.count}`, needed, left);
}

function binaryValues(bytes: Uint8Array, header: PlyHeader, file: string): Values {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = header.encoding === 'little';
  let at = header.length;
  const next = (type: PlyType): number => {
    const from = at;
    at += plyBytesOf[type];
    if (at > bytes.length) throw truncatedError(file, `byte ${from}`, plyBytesOf[type], bytes.length - from);
    if (type === 'float32') return view.getFloat32(from, little);
    if (type === 'uint8') return bytes[from];
    if (type === 'int32') return view.getInt32(from, little);
    if (type === 'uint32') return view.getUint32(from, little);
    if (type === 'float64') return view.getFloat64(from, little);
    if (type === 'int8') return view.getInt8(from);
    return type === 'int16' ? view.getInt16(from, little) : view.getUint16(from, little);
  };
  return { next, left: () => bytes.length - at };
}

const plyBytesOf: Record<PlyType, number> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  float32: 4,
  float64: 8,
};

function textValues(bytes: Uint8Array, header: PlyHeader, file: string): Values {
  let at = header.length;
  const next = (): number => {
    while (at < bytes.length && bytes[at] <= 32) at++;
    const from = at;
    while (at < bytes.length && bytes[at] > 32) at++;
    if (from === at) throw truncatedError(file, `byte ${from}`, 1, 0);
    const value = numberAt(bytes, from, at);
    if (value !== undefined) return value;
    throw fileError('file.malformed', file, 'A value is not a number', {
      place: `byte ${from}`,
      hint: 'The file is damaged: export the surface again.',
    });
  };
  return { next, left: () => bytes.length - at };
}

const COLOURS = /^(diffuse_)?(red|green|blue|alpha)$/;

function readVertices(element: PlyElement, values: Values, raw: RawMesh, file: string): void {
  const { count, properties } = element;
  if (!['x', 'y', 'z'].every((axis) => properties.some(({ name }) => name === axis))) {
    throw fileError('file.malformed', file, 'The vertices have no x, y, z', {
      place: 'header element vertex',
      hint: 'The file is damaged: export the surface again.',
    });
  }
  const wide = properties.some(({ name, type }) => name === 'x' && type === 'float64');
  raw.positions = wide ? new Float64Array(count * 3) : new Float32Array(count * 3);
  const normals = ['nx', 'ny', 'nz'].every((axis) => properties.some(({ name }) => name === axis));
  if (normals) raw.normals = new Float32Array(count * 3);
  raw.vertexData = {};
  const targets = properties.map((property) => targetOf(property, raw, count));
  for (let vertex = 0; vertex < count; vertex++) {
    for (let index = 0; index < properties.length; index++) {
      const { type, countType } = properties[index];
      if (countType) skipList(properties[index], values, file);
      else {
        const { array, step, offset, factor } = targets[index];
        const value = values.next(type);
        array[vertex * step + offset] = factor === 1 ? value : Math.round(value * factor);
      }
    }
  }
}

interface Target {
  array: Float32Array | Float64Array | Uint8Array | number[];
  step: number;
  offset: number;
  factor: number;
}

/** Where the values of a vertex property go. */
function targetOf({ name, type, countType }: PlyProperty, raw: RawMesh, count: number): Target {
  const axis = ['x', 'y', 'z'].indexOf(name);
  if (axis >= 0) return { array: raw.positions, step: 3, offset: axis, factor: 1 };
  const normal = ['nx', 'ny', 'nz'].indexOf(name);
  if (normal >= 0)
    return { array: raw.normals ?? [], step: raw.normals ? 3 : 0, offset: raw.normals ? normal : 0, factor: 1 };
  if (countType) return { array: [], step: 0, offset: 0, factor: 1 };
  const colour = COLOURS.exec(name)?.[2];
  const bytes = colour !== undefined || type === 'uint8';
  const array = bytes ? new Uint8Array(count) : new Float32Array(count);
  if (raw.vertexData) raw.vertexData[colour ?? name] = array;
  // colours as floats run from 0 to 1
  return { array, step: 1, offset: 0, factor: colour && type.startsWith('float') ? 255 : 1 };
}

function readFaces(
  element: PlyElement,
  values: Values,
  { list, positions }: { list: TriangleList; positions: ArrayLike<number> },
  file: string,
): void {
  const { name, count, properties } = element;
  const isFace = name === 'face' || name === 'tristrips';
  for (let record = 0; record < count; record++) {
    for (const property of properties) {
      if (!property.countType) values.next(property.type);
      else if (isFace && /^vertex_ind(ex|ices)$/.test(property.name)) {
        const corners = listOf(property, values, file, `${name} ${record + 1}`);
        if (name === 'face') list.addPolygon(corners, 0, corners.length, positions);
        else addStrips(corners, list);
      } else skipList(property, values, file);
    }
  }
}

/** Strips of one list are parted by -1. */
function addStrips(corners: ArrayLike<number>, list: TriangleList): void {
  let start = 0;
  for (let at = 0; at <= corners.length; at++) {
    if (at < corners.length && corners[at] >= 0) continue;
    list.addStrip(corners, start, at);
    start = at + 1;
  }
}

const few = [0, 0, 0];

function listOf(property: PlyProperty, values: Values, file: string, place: string): ArrayLike<number> {
  const length = values.next(property.countType ?? 'uint8');
  if (!Number.isInteger(length) || length < 0 || length > MAX_CORNERS || length > values.left() + 1)
    throw fileError('file.malformed', file, 'A face has an impossible number of corners', {
      place,
      detail: `${length} corners`,
      hint: 'The file is damaged: export the surface again.',
    });
  const corners = length === 3 ? few : new Array<number>(length);
  for (let corner = 0; corner < length; corner++) corners[corner] = values.next(property.type);
  return corners;
}

function skipList(property: PlyProperty, values: Values, file: string): void {
  listOf(property, values, file, `list ${property.name}`);
}
