/** EDF, EDF+, BDF and BDF+ recordings. Patient fields of the header are not read. */

import type { Format } from '../../model/index.ts';
import { latin1 } from '../bytes.ts';
import { readEach } from '../report.ts';
import { readEdf } from './read.ts';

/** The EDF format. */
export const edf: Format = {
  id: 'edf',
  title: 'EDF / BDF',
  extensions: ['.edf', '.bdf', '.rec'],
  mediaType: 'application/x-edf',
  reads: ['signal.emg', 'signal.imu', 'signal.angle', 'signal.force', 'signal.other', 'events'],
  writes: [],

  sniff(head) {
    if (head.length < 256) return 'no';
    if (latin1(head, 0, 8) !== '0       ' && latin1(head, 0, 8) !== '\xffBIOSEMI') return 'no';
    const numbers = latin1(head, 236, 256);
    return /^[-\d. ]+$/.test(numbers) && /\d\s*$/.test(numbers) ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readEach(files, options, (file) => readEdf(file, options));
  },
};
