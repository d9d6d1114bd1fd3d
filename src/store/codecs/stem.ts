/** What the files of an artifact are called in the browsable folder. */

import type { ArtifactDraft } from '../../model/index.ts';
import { safeName } from '../view/names.ts';

const STEMS: Partial<Record<ArtifactDraft['kind'], string>> = {
  'volume.other': 'volume',
  'labelmap.source': 'segmentation',
  'mesh.other': 'surface',
  'mesh.intervertebral-space': 'space',
  'landmarks.vertebra': 'landmarks',
  'table.landmarks2d': 'landmarks',
  'graph.patient': 'patient-graph',
};

/**
 * Stem of an artifact's files: its level and side where it has them, else the tail of its kind. Never the free name, which a
 * reader may have taken from a file and a file may have taken from a patient.
 */
export function fileStem({ kind, level, side }: Pick<ArtifactDraft, 'kind' | 'level' | 'side'>): string {
  const tail = STEMS[kind] ?? kind.slice(kind.indexOf('.') + 1);
  const about =
    kind === 'mesh.vertebra' && level ? [level] : kind.startsWith('mesh.') && level ? [tail, level] : [tail, level];
  return safeName([...about, side].filter(Boolean).join('-'));
}
