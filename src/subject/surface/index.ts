import type { Modality } from '../../runtime/index.ts';

/** Surfaces made elsewhere. */
export const surface: Modality = {
  id: 'surface',
  title: 'Surface',
  scales: ['meso', 'macro'],
  kinds: ['mesh.other'],
  accepts: 'STL, PLY, OBJ, GLB, VTP',
};
