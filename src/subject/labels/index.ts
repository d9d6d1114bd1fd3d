import type { Modality } from '../../runtime/index.ts';

/** Segmentations made elsewhere: one label map, or one file per structure. */
export const labels: Modality = {
  id: 'labels',
  title: 'Segmentation',
  scales: ['meso'],
  kinds: ['labelmap.source'],
  accepts: 'DICOM SEG, NIfTI, NRRD, seg.nrrd of TotalSegmentator, VerSe, SPINEPS, TotalSpineSeg or your own',
};
