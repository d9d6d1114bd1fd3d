/** Writes meshes and spine curves as VTP, with `SPACE` = LPS in the field data as 3D Slicer reads it. */

import { zlibSync } from 'fflate';
import type { Mesh, SpineCurve, WrittenFile } from '../../model/index.ts';
import { concatBytes, utf8 } from '../bytes.ts';
import { meshFileName } from '../mesh/index.ts';
import { toBase64 } from './arrays.ts';

/** How arrays are stored. */
export interface VtpWriteOptions {
  encoding: 'base64' | 'ascii' | 'appended';
  compress: boolean;
}

type Values = Float32Array | Float64Array | Uint8Array | Uint32Array | Int32Array;

const TYPE_NAMES: Record<string, string> = {
  Float32Array: 'Float32',
  Float64Array: 'Float64',
  Uint8Array: 'UInt8',
  Uint32Array: 'UInt32',
  Int32Array: 'Int32',
};

/** Bytes per block of compressed data, as VTK itself cuts them. */
const BLOCK_BYTES = 32_768;

const COLOURS = ['red', 'green', 'blue', 'alpha'];

/** The file of a mesh. */
export function writeMeshVtp(mesh: Mesh, name: string, options: VtpWriteOptions): WrittenFile {
  const { positions, triangles, normals, vertexData = {} } = mesh;
  const out = new Arrays(options);
  const vertices = positions.length / 3;
  const data: string[] = [];
  if (normals) data.push(out.array('Normals', normals, 3));
  const { red, green, blue, alpha } = vertexData;
  if (red && green && blue) {
    const channels = alpha ? [red, green, blue, alpha] : [red, green, blue];
    const colours = Uint8Array.from({ length: vertices * channels.length }, (_, index) => {
      const channel = channels[index % channels.length];
      return channel[Math.floor(index / channels.length)];
    });
    data.push(out.array('RGB', colours, channels.length));
  }
  for (const [key, values] of Object.entries(vertexData))
    if (!(red && green && blue && COLOURS.includes(key))) data.push(out.array(key, values, 1));
  const count = triangles.length / 3;
  const ends = Int32Array.from({ length: count }, (_, index) => 3 * (index + 1));
  const polys = [out.array('connectivity', Int32Array.from(triangles), 1), out.array('offsets', ends, 1)];
  const body = piece(
    `NumberOfPoints="${vertices}" NumberOfVerts="0" NumberOfLines="0" NumberOfStrips="0" NumberOfPolys="${count}"`,
    [section('PointData', data), section('Points', [out.array('Points', positions, 3)]), section('Polys', polys)],
  );
  return {
    name: `${meshFileName(name)}.vtp`,
    bytes: out.file([stringArray('SPACE', 'LPS'), stringArray('UNIT', 'mm')], body),
    mediaType: 'model/vnd.vtk.polydata',
  };
}

/** The file of a spine curve: one line with its geometry as point data, stations of the vertebrae as field data. */
export function writeCurveVtp(curve: SpineCurve, name: string, options: VtpWriteOptions): WrittenFile {
  const out = new Arrays(options);
  const count = curve.points.length / 3;
  const data = [
    out.array('arcLengthMm', curve.arcLengthMm, 1),
    out.array('curvature', curve.curvature, 1),
    out.array('torsion', curve.torsion, 1),
  ];
  const path = Int32Array.from({ length: count }, (_, index) => index);
  const lines = [out.array('connectivity', path, 1), out.array('offsets', Int32Array.of(count), 1)];
  const body = piece(
    `NumberOfPoints="${count}" NumberOfVerts="0" NumberOfLines="1" NumberOfStrips="0" NumberOfPolys="0"`,
    [section('PointData', data), section('Points', [out.array('Points', curve.points, 3)]), section('Lines', lines)],
  );
  const fields = [
    stringArray('SPACE', 'LPS'),
    stringArray('UNIT', 'mm'),
    stringArray('stationLevels', curve.stations.map(({ level }) => level).join(' ')),
    out.array(
      'stationArcLengthMm',
      Float64Array.from(curve.stations, ({ arcLengthMm }) => arcLengthMm),
      1,
      true,
    ),
  ];
  return { name: `${meshFileName(name)}.vtp`, bytes: out.file(fields, body), mediaType: 'model/vnd.vtk.polydata' };
}

/** Arrays as XML elements; appended data gather behind them. */
class Arrays {
  private readonly appended: Uint8Array[] = [];
  private offset = 0;
  private readonly options: VtpWriteOptions;

  constructor(options: VtpWriteOptions) {
    this.options = options;
  }

  /** Element of an array. @param field - stands in the field data, which needs its number of tuples */
  array(name: string, values: Values, components: number, field = false): string {
    const { encoding } = this.options;
    const type = TYPE_NAMES[values.constructor.name];
    const tuples = field ? ` NumberOfTuples="${values.length / components}"` : '';
    const head = `<DataArray type="${type}" Name="${escapeXml(name)}" NumberOfComponents="${components}"${tuples}`;
    if (encoding === 'ascii') return `${head} format="ascii">\n${textOf(values)}\n</DataArray>`;
    const parts = this.packed(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    if (encoding === 'base64') return `${head} format="binary">\n${parts.map(toBase64).join('')}\n</DataArray>`;
    const element = `${head} format="appended" offset="${this.offset}"/>`;
    for (const part of parts) {
      this.appended.push(part);
      this.offset += part.length;
    }
    return element;
  }

  /** Count and data together, or, when compressed, block header and data apart. */
  private packed(bytes: Uint8Array): Uint8Array[] {
    if (!this.options.compress) return [concatBytes([counts([bytes.length]), bytes])];
    const blocks: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += BLOCK_BYTES)
      blocks.push(zlibSync(bytes.subarray(at, at + BLOCK_BYTES), { level: 6 }));
    const last = bytes.length % BLOCK_BYTES;
    const head = counts([blocks.length, BLOCK_BYTES, last, ...blocks.map((block) => block.length)]);
    return [head, concatBytes(blocks)];
  }

  file(fields: readonly string[], body: string): Uint8Array {
    const compressor =
      this.options.compress && this.options.encoding !== 'ascii' ? ' compressor="vtkZLibDataCompressor"' : '';
    const head = `<?xml version="1.0"?>\n<VTKFile type="PolyData" version="1.0" byte_order="LittleEndian" header_type="UInt64"${compressor}>\n<PolyData>\n`;
    const xml = `${head}${section('FieldData', fields)}\n${body}\n</PolyData>\n`;
    if (this.options.encoding !== 'appended') return utf8(`${xml}</VTKFile>\n`);
    return concatBytes([
      utf8(`${xml}<AppendedData encoding="raw">\n_`),
      ...this.appended,
      utf8('\n</AppendedData>\n</VTKFile>\n'),
    ]);
  }
}

function counts(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 8));
  for (const [index, value] of values.entries()) view.setBigUint64(index * 8, BigInt(value), true);
  return new Uint8Array(view.buffer);
}

function textOf(values: Values): string {
  const lines: string[] = [];
  for (let at = 0; at < values.length; at += 12) lines.push(values.subarray(at, at + 12).join(' '));
  return lines.join('\n');
}

function stringArray(name: string, text: string): string {
  const letters = [...utf8(text), 0].join(' ');
  return `<Array type="String" Name="${name}" NumberOfTuples="1" format="ascii">\n${letters}\n</Array>`;
}

function section(name: string, elements: readonly string[]): string {
  return elements.length > 0 ? `<${name}>\n${elements.join('\n')}\n</${name}>` : `<${name}></${name}>`;
}

function piece(attributes: string, sections: readonly string[]): string {
  return `<Piece ${attributes}>\n${sections.join('\n')}\n</Piece>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
