import type { Modality } from '../../runtime/index.ts';

/** Magnetic resonance imaging: grey levels without an absolute unit. */
export const mr: Modality = {
  id: 'mr',
  title: 'Magnetic resonance',
  scales: ['meso', 'micro'],
  kinds: ['volume.mr'],
  accepts: 'DICOM series (folder or zip), NIfTI, NRRD, MHA',
};
