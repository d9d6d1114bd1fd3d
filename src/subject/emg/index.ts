import type { Modality } from '../../runtime/index.ts';

/** Surface electromyography: what muscles do. */
export const emg: Modality = {
  id: 'emg',
  title: 'Surface EMG',
  scales: ['macro'],
  kinds: ['signal.emg'],
  accepts: 'C3D, OpenSignals (HDF5, text), EDF/BDF, XDF, ANC, MATLAB, CSV with a channel mapping',
};
