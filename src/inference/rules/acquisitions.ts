/** Findings that follow from what came in, without anybody saying so. */

import type { Acquisition, FeatureRecord } from '../../model/index.ts';

/** Regions without the lumbar spine, by the words of DICOM and of people. */
const ELSEWHERE =
  /^(?!.*lumb).*(head|brain|skull|neck|cerv|cspine|chest|thora|tspine|breast|heart|knee|shoulder|hand|wrist|foot|ankle|elbow|arm)/i;

/**
 * Findings told by the acquisitions of a twin: a magnetic resonance examination, of no region or one that may hold the lumbar spine,
 * is a lumbar MRI that was made.
 */
export function recordsFromAcquisitions(acquisitions: readonly Acquisition[]): FeatureRecord[] {
  return acquisitions
    .filter(({ modality, region }) => modality === 'mr' && !(region && ELSEWHERE.test(region)))
    .map(({ id, takenAt }) => ({
      ...{ feature: 'imaging.lumbarMri', value: 1, unit: '1', modality: 'mri', source: id },
      ...(takenAt ? { time: takenAt } : {}),
      method: 'among the acquisitions',
    }));
}
