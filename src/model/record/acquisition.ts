/** What came in, as it came. Immutable: retracted rather than changed. */

import type { QualityFlag } from './quality.ts';

/** Scale of observation after Table 1 of the paper; a tag, never a folder. */
export type Scale = 'macro' | 'meso' | 'micro' | 'nano';

export const SCALES: readonly Scale[] = ['macro', 'meso', 'micro', 'nano'];

/**
 * Mark in the metadata of an acquisition whose original files say, or may say, who the person is: kept as they came, but left out of
 * the browsable folder unless somebody asks for them.
 */
export const NAMES_PERSON = 'namesPerson';

export const POSTURES = ['supine', 'prone', 'lateral-left', 'lateral-right', 'standing', 'sitting', 'unknown'] as const;

export type Posture = (typeof POSTURES)[number];

/** One file of an acquisition, kept as it came. */
export interface AcquisitionFile {
  /** name as it came, relative to the dropped folder */
  name: string;
  sha256: string;
  bytes: number;
}

/** What came in, once: a series, a segmentation, a recording. */
export interface Acquisition {
  id: string;
  /** modality id of the catalogue: `ct`, `mr`, `labels`, `surface` … */
  modality: string;
  scales: Scale[];
  posture: Posture;
  region?: string;
  side?: 'left' | 'right' | 'both';
  device?: string;
  protocol?: string;
  /** ISO 8601, when the patient was measured (valid time); absent when the source does not say */
  takenAt?: string;
  /** ISO 8601, when the twin learnt of it (known time) */
  knownAt: string;
  /** DICOM frame of reference UID or another key: equal keys share coordinates */
  frameOfReference?: string;
  files: AcquisitionFile[];
  quality: QualityFlag[];
  /** true when the data were generated: shown as SYNTHETIC wherever they appear */
  synthetic: boolean;
  /** other facts of the source (kVp, kernel, spacing …), never identity */
  metadata: Record<string, string | number | boolean>;
}
