import type { Modality } from '../../runtime/index.ts';

/** Computed tomography: grey levels in Hounsfield units. */
export const ct: Modality = {
  id: 'ct',
  title: 'Computed tomography',
  scales: ['meso', 'micro'],
  kinds: ['volume.ct'],
  accepts: 'DICOM series (folder or zip), NIfTI, NRRD, MHA',
};
