/** Findings that follow from what came in, without anybody saying so. */

import type { Acquisition, FeatureRecord } from '../../model/index.ts';

/** Regions that are surely not the lumbar spine. */
const ELSEWHERE =
  /head|brain|skull|neck|cervical|c-?spine|chest|thora|knee|shoulder|hand|wrist|foot|ankle|elbow|arm|breast/i;

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
