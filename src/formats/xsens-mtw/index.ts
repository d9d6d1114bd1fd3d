/**
 * Xsens MTw text exports of MT Manager: acceleration, angular velocity, magnetometer, the vendor's orientation (quaternion, matrix
 * or Euler angles, always given back as a quaternion). The files of one trial make one recording; an OpenSim mapping file among them
 * tells the segments.
 */

import type { Format } from '../../model/index.ts';
import { latin1 } from '../bytes.ts';
import { isMapping, readTrials } from './read.ts';

/** The Xsens MTw format. */
export const xsensMtw: Format = {
  id: 'xsens-mtw',
  title: 'Xsens MTw',
  extensions: ['.txt'],
  mediaType: 'text/plain',
  reads: ['signal.imu', 'signal.orientation', 'signal.other'],
  writes: [],

  sniff(head) {
    if (isMapping(head)) return 'yes';
    const text = latin1(head);
    const header = /^\/\/ .*(MT Manager version|Update Rate|Filter Profile|DeviceId)/m.test(text);
    return /^(\/\/|PacketCounter[\t,; ])/.test(text) && (header || /^PacketCounter[\t,; ]/m.test(text)) ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readTrials(files, options);
  },
};
