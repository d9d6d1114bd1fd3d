/** OpenSignals text recordings (PLUX biosignals): counts become mV, g, µS by the sensors' transfer functions. */

import type { Format } from '../../model/index.ts';
import { latin1 } from '../bytes.ts';
import { readEach } from '../report.ts';
import { readOpenSignals } from './read.ts';

export { deviceStream, type RawChannel, type RawDevice, takenAtOf } from './device.ts';
export { type Transfer, transferOf } from './transfer.ts';

/** The text form of OpenSignals; its HDF5 form is read by `hdf5`. */
export const opensignals: Format = {
  id: 'opensignals',
  title: 'OpenSignals text',
  extensions: ['.txt'],
  mediaType: 'text/plain',
  reads: ['signal.emg', 'signal.imu', 'signal.other'],
  writes: [],

  sniff(head) {
    return /^#\s*OpenSignals Text File Format/.test(latin1(head, 0, 64)) ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readEach(files, options, (file) => readOpenSignals(file, options));
  },
};
