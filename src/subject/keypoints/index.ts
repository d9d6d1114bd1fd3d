import type { Modality } from '../../runtime/index.ts';

/** Points placed on vertebrae by a reader or a network. */
export const keypoints: Modality = {
  id: 'keypoints',
  title: 'Vertebral keypoints',
  scales: ['meso'],
  kinds: ['landmarks.keypoints'],
  accepts: 'VID keypoint JSON, one file or a tar.gz',
};
