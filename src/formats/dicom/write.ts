/** Volumes → an uncompressed series (Explicit VR Little Endian), one file a slice; same volume, same bytes. */

import {
  ArgumentError,
  type ArtifactKind,
  assertGrid,
  ijkToXyz,
  type Volume,
  type WrittenFile,
} from '../../model/index.ts';
import { concat, decimalString, type ElementSpec, encodeDataSet, encodeMeta, uidFrom } from './encode.ts';
import { TAG } from './parse/tags.ts';
import { EXPLICIT_LITTLE_ENDIAN, SOP_CLASS } from './parse/uids.ts';

/** What a series says beyond its voxels. */
export interface SeriesChoices {
  /** marks every image as SYNTHETIC: (0008,001C) YES, and in the names a person reads */
  synthetic?: boolean;
  /** Patient Position code; default HFS (head first, supine) */
  patientPosition?: string;
  /** ISO 8601 day; default empty */
  takenAt?: string;
  /** words from which the study UID is made; series of one study share them */
  study?: string;
  /** frame of reference UID, or words to make one from; volumes that lie on each other share it */
  frameOfReference?: string;
  /** code of the subject for Patient ID; default MSDT */
  subject?: string;
  seriesNumber?: number;
  /** body part examined */
  region?: string;
}

/**
 * Writes a volume as a DICOM series.
 *
 * Whole values within 16 bits come back exactly; others are scaled to 16 bits, with the step in Rescale Slope.
 * @param kind - volume.ct (values in HU) or volume.mr
 * @param volume - grid in the patient frame (LPS, mm)
 * @param name - series description and base of the file names
 * @returns files in the order of k; a left-handed grid comes back with its k axis turned round, in the same place
 * @throws ArgumentError the kind is not a CT or MR volume, or the grid is not sound
 */
export function writeSeries(
  kind: ArtifactKind,
  volume: Volume,
  name: string,
  choices: SeriesChoices = {},
): WrittenFile[] {
  if (kind !== 'volume.ct' && kind !== 'volume.mr') throw new ArgumentError('kind', kind, 'volume.ct or volume.mr');
  assertGrid(volume);
  const stored = storedValues(volume, kind === 'volume.ct');
  const series = seriesElements(kind, volume, stored, name, choices);
  const [ni, nj, nk] = volume.size;
  const plane = ni * nj;
  const base =
    name
      .slice(0, 100)
      .replace(/[^A-Za-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'series';
  return Array.from({ length: nk }, (_, k) => {
    const pixels = new Uint8Array(stored.words.buffer, stored.words.byteOffset + k * plane * 2, plane * 2);
    const elements: ElementSpec[] = [...series.elements, ...sliceElements(volume, series.uid, k)];
    const head = concat([encodeMeta(elements, EXPLICIT_LITTLE_ENDIAN.uid), encodeDataSet(elements)]);
    const bytes = concat([head, encodeDataSet([[TAG.PixelData, 'OW', pixels]])]);
    return { name: `${base}/IM${String(k + 1).padStart(5, '0')}.dcm`, bytes, mediaType: 'application/dicom' };
  });
}

interface Stored {
  words: Int16Array;
  slope: number;
  intercept: number;
}

/** 16-bit words of the voxels: shifted by 1024 in CT as scanners do, exact for whole numbers that fit. */
function storedValues(volume: Volume, isCt: boolean): Stored {
  const { data } = volume;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let whole = true;
  for (let n = 0; n < data.length; n++) {
    const value = data[n];
    if (value < low) low = value;
    if (value > high) high = value;
    whole &&= Number.isInteger(value);
  }
  const words = new Int16Array(data.length);
  const shift = isCt && high + 1024 <= 32767 ? 1024 : 0;
  if (whole && low + shift >= -32768 && high + shift <= 32767) {
    for (let n = 0; n < data.length; n++) words[n] = data[n] + shift;
    return { words, slope: 1, intercept: -shift };
  }
  const slope = Number(decimalString(Math.max((high - low) / 65000, 1e-9)));
  const intercept = Number(decimalString((high + low) / 2));
  for (let n = 0; n < data.length; n++) words[n] = Math.round((data[n] - intercept) / slope);
  return { words, slope, intercept };
}

function seriesElements(
  kind: 'volume.ct' | 'volume.mr',
  volume: Volume,
  stored: Stored,
  name: string,
  choices: SeriesChoices,
): { elements: ElementSpec[]; uid: string } {
  const isCt = kind === 'volume.ct';
  const mark = choices.synthetic ? 'SYNTHETIC ' : '';
  const day = (choices.takenAt ?? '').slice(0, 10).replaceAll('-', '');
  const study = choices.study ?? name;
  const uid = uidFrom(
    'series',
    kind,
    study,
    name,
    JSON.stringify([volume.size, volume.spacing, volume.origin, volume.direction]),
    checksum(stored.words),
  );
  const frame = choices.frameOfReference ?? study;
  const d = volume.direction;
  const texts: [number, string, string][] = [
    [TAG.SpecificCharacterSet, 'CS', 'ISO_IR 192'],
    [TAG.ImageType, 'CS', choices.synthetic ? 'DERIVED\\PRIMARY\\AXIAL' : 'DERIVED\\SECONDARY\\AXIAL'],
    [TAG.SOPClassUID, 'UI', isCt ? SOP_CLASS.ct : SOP_CLASS.mr],
    [TAG.SyntheticData, 'CS', choices.synthetic ? 'YES' : 'NO'],
    [TAG.StudyDate, 'DA', day],
    [TAG.SeriesDate, 'DA', day],
    [TAG.AcquisitionDate, 'DA', day],
    [TAG.ContentDate, 'DA', day],
    [TAG.StudyTime, 'TM', ''],
    [TAG.ContentTime, 'TM', ''],
    [0x00080050, 'SH', ''],
    [TAG.Modality, 'CS', isCt ? 'CT' : 'MR'],
    [TAG.Manufacturer, 'LO', 'MSDT'],
    [0x00080090, 'PN', ''],
    [TAG.SeriesDescription, 'LO', `${mark}${name}`.slice(0, 64)],
    [0x00100010, 'PN', choices.synthetic ? 'SYNTHETIC^SUBJECT' : ''],
    [0x00100020, 'LO', choices.subject ?? 'MSDT'],
    [0x00100030, 'DA', ''],
    [0x00100040, 'CS', ''],
    [0x00120062, 'CS', 'YES'],
    [0x00120063, 'LO', choices.synthetic ? 'generated data, no patient' : 'written without identity'],
    [TAG.BodyPartExamined, 'CS', (choices.region ?? '').toUpperCase().slice(0, 16)],
    [TAG.SliceThickness, 'DS', decimalString(volume.spacing[2])],
    [TAG.PatientPosition, 'CS', choices.patientPosition ?? 'HFS'],
    [TAG.StudyInstanceUID, 'UI', uidFrom('study', study)],
    [TAG.SeriesInstanceUID, 'UI', uid],
    [TAG.StudyID, 'SH', ''],
    [TAG.SeriesNumber, 'IS', String(choices.seriesNumber ?? 1)],
    [TAG.AcquisitionNumber, 'IS', '1'],
    [TAG.ImageOrientationPatient, 'DS', [d[0], d[3], d[6], d[1], d[4], d[7]].map(decimalString).join('\\')],
    [TAG.FrameOfReferenceUID, 'UI', /^[0-9.]{3,64}$/.test(frame) ? frame : uidFrom('frame', frame)],
    [0x00201040, 'LO', ''],
    [TAG.PhotometricInterpretation, 'CS', 'MONOCHROME2'],
    [TAG.PixelSpacing, 'DS', `${decimalString(volume.spacing[1])}\\${decimalString(volume.spacing[0])}`],
    [TAG.RescaleIntercept, 'DS', decimalString(stored.intercept)],
    [TAG.RescaleSlope, 'DS', decimalString(stored.slope)],
    [TAG.RescaleType, 'LO', isCt ? 'HU' : 'US'],
    ...(isCt ? CT_TEXTS : MR_TEXTS),
  ];
  const words: ElementSpec[] = [
    [TAG.SamplesPerPixel, 'US', [1]],
    [TAG.Rows, 'US', [volume.size[1]]],
    [TAG.Columns, 'US', [volume.size[0]]],
    [TAG.BitsAllocated, 'US', [16]],
    [TAG.BitsStored, 'US', [16]],
    [TAG.HighBit, 'US', [15]],
    [TAG.PixelRepresentation, 'US', [1]],
  ];
  return { elements: [...texts, ...words], uid };
}

const CT_TEXTS: [number, string, string][] = [[TAG.KVP, 'DS', '']];

const MR_TEXTS: [number, string, string][] = [
  [0x00180020, 'CS', 'RM'],
  [0x00180021, 'CS', 'NONE'],
  [0x00180022, 'CS', ''],
  [0x00180023, 'CS', ''],
  [TAG.RepetitionTime, 'DS', ''],
  [TAG.EchoTime, 'DS', ''],
  [0x00180091, 'IS', ''],
];

function sliceElements(volume: Volume, series: string, k: number): ElementSpec[] {
  return [
    [TAG.SOPInstanceUID, 'UI', uidFrom('instance', series, String(k))],
    [TAG.InstanceNumber, 'IS', String(k + 1)],
    [TAG.ImagePositionPatient, 'DS', ijkToXyz(volume, [0, 0, k]).map(decimalString).join('\\')],
  ];
}

/** A checksum of the words, so that other voxels make another series. */
function checksum(words: Int16Array): string {
  let a = 1;
  let b = 0;
  for (let n = 0; n < words.length; n++) {
    a = Math.imul(a ^ words[n], 0x01000193) ^ (a >>> 13);
    b = (b + a) | 0;
  }
  return `${a >>> 0}-${b >>> 0}`;
}
