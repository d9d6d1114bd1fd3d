/** XDF, what LabRecorder writes of Lab Streaming Layer: streams of many devices, brought to one clock. */

import type { Format } from '../../model/index.ts';
import { latin1 } from '../bytes.ts';
import { readEach } from '../report.ts';
import { readXdf } from './read.ts';

/** The XDF format. */
export const xdf: Format = {
  id: 'xdf',
  title: 'XDF',
  extensions: ['.xdf'],
  mediaType: 'application/x-xdf',
  reads: ['signal.emg', 'signal.imu', 'signal.orientation', 'signal.angle', 'signal.force', 'signal.other', 'events'],
  writes: [],

  sniff(head) {
    return latin1(head, 0, 4) === 'XDF:' ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readEach(files, options, (file) => readXdf(file, options));
  },
};
