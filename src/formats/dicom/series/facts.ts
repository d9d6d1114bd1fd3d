/** Facts of a series for the record: how it was made. Never who it was made of. */

import type { Posture } from '../../../model/index.ts';
import type { DataSet } from '../parse/dataset.ts';
import { TAG } from '../parse/tags.ts';

/** Device, protocol, posture and the like; no identity. */
export interface SeriesFacts {
  modality: string;
  sopClass: string;
  imageType: string[];
  frameOfReference?: string;
  posture: Posture;
  patientPosition?: string;
  /** date only, ISO 8601 */
  takenAt?: string;
  device?: string;
  protocol?: string;
  region?: string;
  synthetic: boolean;
  rescaleType?: string;
  lossy: boolean;
  sliceThicknessMm?: number;
  spacingBetweenSlicesMm?: number;
  kVp?: number;
  kernel?: string;
  contrast?: boolean;
  gantryTiltDeg?: number;
  repetitionTimeMs?: number;
  echoTimeMs?: number;
  fieldStrengthT?: number;
  seriesNumber?: number;
  /** the header holds a name, number, birth date or address, and does not say that identity was removed */
  namesPerson: boolean;
}

/** Facts from the header of one file. */
export function seriesFacts(data: DataSet): SeriesFacts {
  const patientPosition = data.text(TAG.PatientPosition);
  const rescale = data.item(TAG.SharedFunctionalGroupsSequence)?.item(TAG.PixelValueTransformationSequence);
  return {
    modality: data.text(TAG.Modality) ?? '',
    sopClass: data.uid(TAG.SOPClassUID) ?? '',
    imageType: data.texts(TAG.ImageType),
    frameOfReference: data.uid(TAG.FrameOfReferenceUID),
    posture: postureOf(patientPosition),
    patientPosition,
    takenAt: dateOf(data),
    device: [data.text(TAG.Manufacturer), data.text(TAG.ManufacturerModelName)].filter(Boolean).join(' ') || undefined,
    protocol: data.text(TAG.ProtocolName),
    region: data.text(TAG.BodyPartExamined)?.toLowerCase(),
    synthetic: data.text(TAG.SyntheticData) === 'YES',
    rescaleType: (rescale ?? data).text(TAG.RescaleType) ?? data.text(TAG.RescaleType),
    lossy: data.text(TAG.LossyImageCompression) === '01',
    sliceThicknessMm: inMacro(data, TAG.PixelMeasuresSequence, TAG.SliceThickness),
    spacingBetweenSlicesMm: inMacro(data, TAG.PixelMeasuresSequence, TAG.SpacingBetweenSlices),
    kVp: data.decimal(TAG.KVP),
    kernel: data.text(TAG.ConvolutionKernel),
    contrast: data.has(TAG.ContrastBolusAgent) || data.items(TAG.ContrastBolusAgentSequence).length > 0,
    gantryTiltDeg: data.decimal(TAG.GantryDetectorTilt),
    repetitionTimeMs: data.decimal(TAG.RepetitionTime),
    echoTimeMs: data.decimal(TAG.EchoTime),
    fieldStrengthT: data.decimal(TAG.MagneticFieldStrength),
    seriesNumber: data.decimal(TAG.SeriesNumber),
    namesPerson: namesPerson(data),
  };
}

/** Patient's name, ID, birth date, other IDs, other names, birth name, address, telephone. */
const IDENTITY_TAGS = [
  ...[0x00100010, 0x00100020, 0x00100030, 0x00101000, 0x00101001, 0x00101005, 0x00101040, 0x00102154],
];

const IDENTITY_REMOVED = 0x00120062;

function namesPerson(data: DataSet): boolean {
  return data.text(IDENTITY_REMOVED) !== 'YES' && IDENTITY_TAGS.some((tag) => Boolean(data.text(tag)?.trim()));
}

function inMacro(data: DataSet, macro: number, tag: number): number | undefined {
  return data.item(TAG.SharedFunctionalGroupsSequence)?.item(macro)?.decimal(tag) ?? data.decimal(tag);
}

/**
 * Posture from Patient Position (0018,5100): the last letters say how the patient lies, the first which end enters first.
 */
function postureOf(patientPosition: string | undefined): Posture {
  switch (patientPosition?.slice(2)) {
    case 'S':
      return 'supine';
    case 'P':
      return 'prone';
    case 'DL':
      return 'lateral-left';
    case 'DR':
      return 'lateral-right';
    default:
      return 'unknown';
  }
}

/** The day of the acquisition, else of the series, the content or the study. Times stay out: they help to identify. */
function dateOf(data: DataSet): string | undefined {
  for (const tag of [TAG.AcquisitionDate, TAG.AcquisitionDateTime, TAG.SeriesDate, TAG.ContentDate, TAG.StudyDate]) {
    const match = /^(\d{4})[.:]?(\d{2})[.:]?(\d{2})/.exec(data.text(tag) ?? '');
    if (!match) continue;
    const day = `${match[1]}-${match[2]}-${match[3]}`;
    if (!Number.isNaN(Date.parse(day))) return day;
  }
  return undefined;
}

/** The facts that go into the metadata of a read item. */
export function factsMetadata(facts: SeriesFacts): Record<string, string | number | boolean> {
  const all: Record<string, string | number | boolean | undefined> = {
    modality: facts.modality,
    patientPosition: facts.patientPosition,
    imageType: facts.imageType.filter(Boolean).join(' ') || undefined,
    sliceThicknessMm: facts.sliceThicknessMm,
    kVp: facts.kVp,
    kernel: facts.kernel,
    contrast: facts.contrast,
    repetitionTimeMs: facts.repetitionTimeMs,
    echoTimeMs: facts.echoTimeMs,
    fieldStrengthT: facts.fieldStrengthT,
    seriesNumber: facts.seriesNumber,
    lossy: facts.lossy || undefined,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Record<
    string,
    string | number | boolean
  >;
}
