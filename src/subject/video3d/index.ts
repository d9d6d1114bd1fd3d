import type { Modality } from '../../runtime/index.ts';

/** A body in three dimensions over time, cut out of its background: surfaces, clouds of points, depth pictures. */
export const video3d: Modality = {
  id: 'video3d',
  title: '3D video',
  scales: ['macro'],
  kinds: ['sequence.mesh', 'sequence.cloud', 'sequence.depth'],
  accepts: 'numbered PLY, OBJ, GLB, STL, PCD or XYZ files, depth PNG with intrinsics, UTD-MHAD MAT',
};
