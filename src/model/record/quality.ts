/** Doubt as data: flags that ride on acquisitions and artifacts. */

export type Severity = 'info' | 'doubt' | 'fault';

/** One doubt, with its place and what it means. */
export interface QualityFlag {
  /** stable code: `dicom.missing-slice`, `labels.volume-jump` */
  code: string;
  severity: Severity;
  /** place: level, slice, channel … in words */
  where?: string;
  /** one sentence a clinician understands, with the remedy when there is one */
  message: string;
}
