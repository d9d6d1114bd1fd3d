/** HDF5: OpenSignals and APDM recordings, MATLAB 7.3 files, and plain datasets named after what they hold. */

import type { Format } from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { latin1 } from '../bytes.ts';
import { readEach } from '../report.ts';
import { apdmItems } from './apdm.ts';
import { withHdf5 } from './library.ts';
import { variableItems } from './matlab.ts';
import { openSignalsItems } from './opensignals.ts';

const SIGNATURE = '\x89HDF\r\n\x1a\n';

/** The HDF5 format. */
export const hdf5: Format = {
  id: 'hdf5',
  title: 'HDF5',
  extensions: ['.h5', '.hdf5', '.hdf', '.mat'],
  mediaType: 'application/x-hdf5',
  reads: [
    'signal.emg',
    'signal.imu',
    'signal.orientation',
    'signal.other',
    'sequence.skeleton',
    'sequence.depth',
    'table.matrix',
  ],
  writes: [],

  sniff(head) {
    if (latin1(head, 0, 8) === SIGNATURE || latin1(head, 512, 520) === SIGNATURE) return 'yes';
    return latin1(head, 0, 10) === 'MATLAB 7.3' ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readEach(files, options, async (file) =>
      withHdf5(
        await readWhole(file),
        file.name,
        (root) =>
          openSignalsItems(root, file.name) ?? apdmItems(root, file.name) ?? variableItems(root, file.name, options),
      ),
    );
  },
};
