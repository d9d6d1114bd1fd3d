import type { Modality } from '../../runtime/index.ts';

/** A volume whose source does not say what it measured. */
export const volume: Modality = {
  id: 'volume',
  title: 'Volume of unknown kind',
  scales: ['meso'],
  kinds: ['volume.other'],
  accepts: 'NIfTI, NRRD, MHA',
};
