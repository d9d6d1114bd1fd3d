/** Writes a volume as NRRD or a label map as a Slicer segmentation (`.seg.nrrd`), geometry in full precision. */

import { gzipSync } from 'fflate';
import type { Labelmap, Vec3, Volume, WrittenFile } from '../../model/index.ts';
import { concatBytes, fileNameOf, utf8 } from '../bytes.ts';
import { scalarTypeOf } from '../voxels.ts';
import { KIND_KEY } from './read.ts';
import { segmentLines } from './segments.ts';

const TYPE_NAMES: Record<string, string> = {
  int8: 'int8',
  uint8: 'uint8',
  int16: 'short',
  uint16: 'unsigned short',
  int32: 'int',
  uint32: 'unsigned int',
  float32: 'float',
  float64: 'double',
};

/** How to write. */
export interface NrrdWriteOptions {
  encoding: 'raw' | 'gzip' | 'ascii';
  /** header and data in two files */
  detached: boolean;
  /** with the segment table of 3D Slicer */
  segmentation: boolean;
  /** free text of the field `content` */
  description?: string;
}

/** The file, or header and data file. */
export function writeNrrd(
  artifact: { kind: string; payload: Volume | Labelmap; name: string },
  options: NrrdWriteOptions,
): WrittenFile[] {
  const { kind, payload, name } = artifact;
  const file = fileNameOf(name);
  const { data, size, spacing, direction: d, origin } = payload;
  const vector = (values: Vec3): string => `(${values.join(',')})`;
  const axis = (a: 0 | 1 | 2): string => vector([d[a] * spacing[a], d[3 + a] * spacing[a], d[6 + a] * spacing[a]]);
  const dataName = `${file}${{ raw: '.raw', gzip: '.raw.gz', ascii: '.txt' }[options.encoding]}`;
  const lines = [
    'NRRD0004',
    `type: ${TYPE_NAMES[scalarTypeOf(data)]}`,
    'dimension: 3',
    ...(options.description ? [`content: ${options.description.replace(/\s+/g, ' ')}`] : []),
    'space: left-posterior-superior',
    `sizes: ${size.join(' ')}`,
    `space directions: ${axis(0)} ${axis(1)} ${axis(2)}`,
    'kinds: domain domain domain',
    'endian: little',
    `encoding: ${options.encoding}`,
    'space units: "mm" "mm" "mm"',
    `space origin: ${vector(origin)}`,
    ...(options.detached ? [`data file: ${dataName}`] : []),
    `${KIND_KEY}:=${kind}`,
    ...('labels' in payload && options.segmentation ? segmentLines(payload) : []),
  ];
  const head = utf8(`${lines.join('\n')}\n\n`);
  const body = encoded(data, size[0], options.encoding);
  const mediaType = 'application/x-nrrd';
  if (options.detached) {
    return [
      { name: `${file}.nhdr`, bytes: head, mediaType },
      { name: dataName, bytes: body, mediaType: 'application/octet-stream' },
    ];
  }
  const ending = 'labels' in payload && options.segmentation ? '.seg.nrrd' : '.nrrd';
  return [{ name: `${file}${ending}`, bytes: concatBytes([head, body]), mediaType }];
}

function encoded(data: Volume['data'], row: number, encoding: NrrdWriteOptions['encoding']): Uint8Array {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (encoding === 'raw') return raw;
  if (encoding === 'gzip') return gzipSync(raw, { level: 6, mtime: 0 });
  const lines: string[] = [];
  for (let at = 0; at < data.length; at += row) lines.push(data.subarray(at, at + row).join(' '));
  return utf8(`${lines.join('\n')}\n`);
}
