/** APDM Opal recordings as CSV; their HDF5 form is read by `hdf5`. */

import type { Format } from '../../model/index.ts';
import { latin1 } from '../bytes.ts';
import { readEach } from '../report.ts';
import { readApdm } from './read.ts';

/** The APDM CSV format. */
export const apdmCsv: Format = {
  id: 'apdm-csv',
  title: 'APDM CSV',
  extensions: ['.csv'],
  mediaType: 'text/csv',
  reads: ['signal.imu', 'signal.other'],
  writes: [],

  sniff(head) {
    const text = latin1(head);
    if (/^Format=\d+,\d+,/.test(text)) return 'yes';
    return /^Test Name:,/.test(text) && /^Time,[^,\n]+\/[^,\n]+\/[^,\n]+,/m.test(text) ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readEach(files, options, (file) => readApdm(file, options));
  },
};
