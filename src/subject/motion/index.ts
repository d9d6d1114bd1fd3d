import type { Modality } from '../../runtime/index.ts';

/** Movement: markers, skeletons, angles, and whole trials of a motion laboratory with all they hold. */
export const motion: Modality = {
  id: 'motion',
  title: 'Motion',
  scales: ['macro'],
  kinds: [
    'sequence.markers',
    'sequence.skeleton',
    'signal.angle',
    'signal.orientation',
    'signal.emg',
    'signal.imu',
    'signal.force',
    'signal.measure',
    'signal.other',
    'events',
  ],
  accepts: 'C3D, TRC, MOT, STO, BVH, Nexus CSV',
};
