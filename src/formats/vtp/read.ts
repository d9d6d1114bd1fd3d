/** Reads VTP files: surfaces of polygons and strips, and spine curves of our own writer. */

import type { ReadItem, ReadOptions, SourceFile, SpineCurve } from '../../model/index.ts';
import { VERTEBRA_LEVELS } from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { fileError, latin1, stemOf } from '../bytes.ts';
import { type MeshHeader, meshHeaderFrom, meshItem, type RawMesh, TriangleList } from '../mesh/index.ts';
import { type ArrayValues, bad, readArray } from './arrays.ts';
import { parseVtp, type Section, type VtpDocument, type VtpPiece } from './document.ts';

/**
 * Reads a surface or a spine curve.
 * @throws MsdtError what is wrong, where, and what to do
 */
export async function readVtp(file: SourceFile, options: ReadOptions): Promise<ReadItem> {
  const doc = parseVtp(await readWhole(file), file.name);
  const curve = readCurve(doc);
  if (curve) return curveItem(curve, file.name);
  const parts = doc.pieces.filter((piece) => piece.points > 0).map((piece) => readPiece(doc, piece));
  const metadata = { format: 'VTP' };
  return meshItem(file.name, [joined(parts)], headerOf(doc), options, metadata);
}

function headerOf(doc: VtpDocument): MeshHeader {
  const texts = doc.fields
    .filter((ref) => ref.type === 'String')
    .map((ref) => `${ref.name}=${fieldText(doc, ref.name) ?? ''}`);
  return meshHeaderFrom(texts.join('\n').replace(/^SPACE=SPACE=/m, 'SPACE='));
}

/** First text of a string field; VTK stores letters as numbers with a zero at the end. */
function fieldText(doc: VtpDocument, name: string): string | undefined {
  const ref = doc.fields.find((field) => field.name === name && field.type === 'String');
  if (!ref) return undefined;
  const letters = readArray(doc.storage, ref);
  return latin1(Uint8Array.from(letters)).split('\0')[0];
}

function readPiece(doc: VtpDocument, piece: VtpPiece): RawMesh {
  const { storage } = doc;
  const [points] = piece.arrays.Points;
  if (!points) throw bad(storage, 'array Points', 'it is missing');
  const values = readArray(storage, points);
  if (values.length !== piece.points * 3)
    throw bad(storage, 'array Points', `${values.length / 3} of ${piece.points} points`);
  const list = new TriangleList();
  readCells(doc, piece, 'Polys', (corners, start, end) => list.addPolygon(corners, start, end, values));
  readCells(doc, piece, 'Strips', (corners, start, end) => list.addStrip(corners, start, end));
  const positions =
    values instanceof Float32Array || values instanceof Float64Array ? values : Float32Array.from(values);
  const raw: RawMesh = { positions, triangles: list.toArray(), vertexData: {} };
  for (const ref of piece.arrays.PointData) {
    if (ref.type === 'String') continue;
    const data = readArray(storage, ref);
    if (data.length !== piece.points * ref.components) throw bad(storage, `array ${ref.name}`, 'not one per point');
    addPointData(raw, ref.name, data, ref.components, piece.points);
  }
  return raw;
}

function readCells(
  doc: VtpDocument,
  piece: VtpPiece,
  section: Section,
  add: (corners: ArrayValues, start: number, end: number) => void,
): void {
  const arrays = piece.arrays[section];
  const connectivity = arrays.find(({ name }) => name === 'connectivity');
  const offsets = arrays.find(({ name }) => name === 'offsets');
  if (!connectivity || !offsets) return;
  const corners = readArray(doc.storage, connectivity);
  const ends = readArray(doc.storage, offsets);
  // signed values would wrap around in the list
  for (const corner of corners)
    if (!(corner >= 0 && corner < piece.points))
      throw bad(doc.storage, `array ${section} connectivity`, `point ${corner} of ${piece.points}`);
  let start = 0;
  for (const [index, end] of ends.entries()) {
    if (!(end >= start && end <= corners.length && Number.isInteger(end)))
      throw bad(doc.storage, `array ${section} offsets`, `cell ${index + 1} ends at ${end}`);
    add(corners, start, end);
    start = end;
  }
}

function addPointData(raw: RawMesh, name: string, data: ArrayValues, components: number, points: number): void {
  const store = (raw.vertexData ??= {});
  if (components === 1) {
    store[name || 'scalars'] =
      data instanceof Uint8Array || data instanceof Float32Array ? data : Float32Array.from(data);
  } else if (components === 3 && /normal/i.test(name)) {
    raw.normals = data instanceof Float32Array ? data : Float32Array.from(data);
  } else if ((components === 3 || components === 4) && data instanceof Uint8Array) {
    const channels = ['red', 'green', 'blue', 'alpha'].slice(0, components);
    for (const [offset, channel] of channels.entries())
      store[channel] = Uint8Array.from({ length: points }, (_, point) => data[point * components + offset]);
  }
}

/** Pieces put one after another; only data that all of them have are kept. */
function joined(parts: readonly RawMesh[]): RawMesh {
  if (parts.length === 1) return parts[0];
  const vertices = parts.reduce((sum, part) => sum + part.positions.length / 3, 0);
  const wide = parts.some((part) => part.positions instanceof Float64Array);
  const positions = wide ? new Float64Array(vertices * 3) : new Float32Array(vertices * 3);
  const triangles = new Uint32Array(parts.reduce((sum, part) => sum + part.triangles.length, 0));
  let vertex = 0;
  let corner = 0;
  for (const part of parts) {
    positions.set(part.positions, vertex * 3);
    for (const index of part.triangles) triangles[corner++] = index + vertex;
    vertex += part.positions.length / 3;
  }
  const raw: RawMesh = { positions, triangles, vertexData: {} };
  for (const name of Object.keys(parts[0]?.vertexData ?? {})) {
    const all = parts.map((part) => part.vertexData?.[name]);
    if (!all.every((data) => data !== undefined)) continue;
    const out = all[0] instanceof Uint8Array ? new Uint8Array(vertices) : new Float32Array(vertices);
    let at = 0;
    for (const data of all) {
      out.set(data, at);
      at += data.length;
    }
    if (raw.vertexData) raw.vertexData[name] = out;
  }
  return raw;
}

/** A curve of our writer, known by its point data; undefined for anything else. */
function readCurve(doc: VtpDocument): SpineCurve | undefined {
  const [piece] = doc.pieces;
  const column = (name: string): Float64Array | undefined => {
    const ref = piece?.arrays.PointData.find((array) => array.name === name);
    return ref && Float64Array.from(readArray(doc.storage, ref));
  };
  if (piece === undefined || piece.arrays.Lines.length === 0 || piece.arrays.Points.length === 0) return undefined;
  const [arcLengthMm, curvature, torsion] = [column('arcLengthMm'), column('curvature'), column('torsion')];
  if (!arcLengthMm || !curvature || !torsion) return undefined;
  const points = Float64Array.from(readArray(doc.storage, piece.arrays.Points[0]));
  if (points.length !== 3 * piece.points || [arcLengthMm, curvature, torsion].some((c) => c.length !== piece.points))
    throw bad(doc.storage, 'array Points', 'points and their data differ in number');
  const at = doc.fields.find(({ name }) => name === 'stationArcLengthMm');
  const lengths = at ? Array.from(readArray(doc.storage, at)) : [];
  const names = fieldText(doc, 'stationLevels')?.split(' ') ?? [];
  const stations = names.flatMap((name, index) => {
    const level = VERTEBRA_LEVELS.find((known) => known === name);
    return level && lengths[index] !== undefined ? [{ level, arcLengthMm: lengths[index] }] : [];
  });
  return { frame: 'patient', points, arcLengthMm, curvature, torsion, stations };
}

function curveItem(payload: SpineCurve, file: string): ReadItem {
  if (!payload.points.every(Number.isFinite)) {
    throw fileError('file.malformed', file, 'A point of the curve has no position', {
      place: 'array Points',
      hint: 'The file is damaged: export it again.',
    });
  }
  const length = payload.arcLengthMm.at(-1) ?? 0;
  return {
    modality: 'surface',
    artifacts: [{ kind: 'curve.spine', payload, name: stemOf(file, ['.vtp']) }],
    files: [file],
    quality: [],
    metadata: { format: 'VTP', samples: payload.points.length / 3, lengthMm: length },
  };
}
