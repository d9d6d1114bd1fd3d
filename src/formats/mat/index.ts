/**
 * MATLAB files of level 5 (v6 and v7): inertial recordings, skeletons and depth sequences of UTD-MHAD, muscle signals, matrices.
 * Version 7.3 is HDF5 and read there.
 */

import type { Format } from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { hasExtension, latin1 } from '../bytes.ts';
import { readEach } from '../report.ts';
import { parseMat } from './elements.ts';
import { recordingsOf } from './recordings.ts';

export { recordingsOf } from './recordings.ts';
export type { MatValue } from './values.ts';

/** The MATLAB format. */
export const mat: Format = {
  id: 'mat',
  title: 'MATLAB 5',
  extensions: ['.mat'],
  mediaType: 'application/x-matlab-data',
  reads: ['signal.emg', 'signal.imu', 'signal.orientation', 'sequence.skeleton', 'sequence.depth', 'table.matrix'],
  writes: [],

  sniff(head, name) {
    const mark = latin1(head, 126, 128);
    if (mark !== 'IM' && mark !== 'MI') return 'no';
    if (latin1(head, 0, 10) === 'MATLAB 5.0') return 'yes';
    return hasExtension(name, ['.mat']) && head[mark === 'IM' ? 125 : 124] === 1 ? 'maybe' : 'no';
  },

  read(files, options = {}) {
    return readEach(files, options, async (file) =>
      recordingsOf(await parseMat(await readWhole(file), file.name, options.signal), file.name, options),
    );
  },
};
