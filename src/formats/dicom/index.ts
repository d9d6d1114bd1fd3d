/**
 * DICOM (PS3): CT and MR series in any order and coding become volumes, DICOM SEG becomes label maps, volumes become
 * series again. Patient name, number and birth date are never read.
 */

import type { ArtifactKind, Format, PayloadByKind, Volume } from '../../model/index.ts';
import { sniffDicom } from './parse/file.ts';
import { readDicom } from './read.ts';
import { writeSeries } from './write.ts';

export { type DecodedFrames, decodeFrames } from './decode-frames.ts';
export type { UltrasoundRegion } from './ultrasound.ts';
export { type SeriesChoices, writeSeries } from './write.ts';

/** The format of the catalogue. */
export const dicom: Format = {
  id: 'dicom',
  title: 'DICOM',
  extensions: ['.dcm', '.dicom', '.ima'],
  mediaType: 'application/dicom',
  reads: ['volume.ct', 'volume.mr', 'volume.other', 'labelmap.source'],
  writes: ['volume.ct', 'volume.mr'],
  sniff: (head) => sniffDicom(head),
  read: readDicom,
  write: <Kind extends ArtifactKind>(
    artifact: { kind: Kind; payload: PayloadByKind[Kind]; name: string },
    options?: { choices?: Record<string, string> },
  ) => {
    const choices = options?.choices ?? {};
    const { synthetic, seriesNumber, ...texts } = choices;
    return writeSeries(artifact.kind, artifact.payload as Volume, artifact.name, {
      ...texts,
      synthetic: synthetic === 'true' || synthetic === 'yes',
      ...(seriesNumber ? { seriesNumber: Number(seriesNumber) } : {}),
    });
  },
};
