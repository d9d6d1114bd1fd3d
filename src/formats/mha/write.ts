/** Writes a volume or label map as MetaImage, geometry in full precision. */

import { zlibSync } from 'fflate';
import type { Labelmap, Volume, WrittenFile } from '../../model/index.ts';
import { concatBytes, fileNameOf, utf8 } from '../bytes.ts';
import { scalarTypeOf } from '../voxels.ts';

const TYPE_NAMES: Record<string, string> = {
  int8: 'MET_CHAR',
  uint8: 'MET_UCHAR',
  int16: 'MET_SHORT',
  uint16: 'MET_USHORT',
  int32: 'MET_INT',
  uint32: 'MET_UINT',
  float32: 'MET_FLOAT',
  float64: 'MET_DOUBLE',
};

/** The file, or header and data file. */
export function writeMeta(
  artifact: { kind: string; payload: Volume | Labelmap; name: string },
  options: { compress: boolean; detached: boolean; description?: string },
): WrittenFile[] {
  const { kind, payload, name } = artifact;
  const { data, size, spacing, direction: d, origin } = payload;
  const file = fileNameOf(name);
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const body = options.compress ? zlibSync(raw, { level: 6 }) : raw;
  const dataName = `${file}${options.compress ? '.zraw' : '.raw'}`;
  const modality = { 'volume.ct': 'MET_MOD_CT', 'volume.mr': 'MET_MOD_MR' }[kind] ?? 'MET_MOD_OTHER';
  const lines = [
    'ObjectType = Image',
    ...(options.description ? [`Comment = ${options.description.replace(/\s+/g, ' ')}`] : []),
    'NDims = 3',
    'BinaryData = True',
    'BinaryDataByteOrderMSB = False',
    `CompressedData = ${options.compress ? 'True' : 'False'}`,
    ...(options.compress ? [`CompressedDataSize = ${body.length}`] : []),
    `TransformMatrix = ${[d[0], d[3], d[6], d[1], d[4], d[7], d[2], d[5], d[8]].join(' ')}`,
    `Offset = ${origin.join(' ')}`,
    'CenterOfRotation = 0 0 0',
    `ElementSpacing = ${spacing.join(' ')}`,
    `DimSize = ${size.join(' ')}`,
    `Modality = ${modality}`,
    `MsdtKind = ${kind}`,
    ...('labels' in payload && payload.labels.length > 0 ? [`MsdtLabels = ${JSON.stringify(payload.labels)}`] : []),
    `ElementType = ${TYPE_NAMES[scalarTypeOf(data)]}`,
    `ElementDataFile = ${options.detached ? dataName : 'LOCAL'}`,
  ];
  const head = utf8(`${lines.join('\n')}\n`);
  const mediaType = 'application/x-metaimage';
  if (!options.detached) return [{ name: `${file}.mha`, bytes: concatBytes([head, body]), mediaType }];
  return [
    { name: `${file}.mhd`, bytes: head, mediaType },
    { name: dataName, bytes: body, mediaType: 'application/octet-stream' },
  ];
}
