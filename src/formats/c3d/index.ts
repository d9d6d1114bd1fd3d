/**
 * C3D recordings: markers, model outputs, segment poses, analog channels, force plates and events of one trial.
 *
 * Reading: `choices.prefix` = `keep` leaves the subject's name in front of marker names.
 */

import type { Format } from '../../model/index.ts';
import { hasExtension } from '../bytes.ts';
import { readEach } from '../report.ts';
import { readC3dItem } from './item.ts';

export * from './document.ts';
export { type C3dReading, readC3d } from './read-document.ts';
export { writeC3d } from './write-document.ts';

const EXTENSIONS = ['.c3d'] as const;

/** The C3D format. */
export const c3d: Format = {
  id: 'c3d',
  title: 'C3D',
  extensions: EXTENSIONS,
  mediaType: 'application/x-c3d',
  reads: [
    'sequence.markers',
    'sequence.skeleton',
    'signal.emg',
    'signal.imu',
    'signal.orientation',
    'signal.force',
    'signal.angle',
    'signal.other',
    'signal.measure',
    'events',
  ],
  writes: [],

  sniff(head, name) {
    if (head.length < 8 || head[1] !== 0x50 || head[0] < 1) return 'no';
    // the byte that names the machine is in reach where the parameters follow the header
    const machine = head[0] === 2 && head.length > 515 ? head[515] : 0;
    if (machine >= 84 && machine <= 86) return 'yes';
    return hasExtension(name, EXTENSIONS) ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readEach(files, options, async (file) => [await readC3dItem(file, options)]);
  },
};
