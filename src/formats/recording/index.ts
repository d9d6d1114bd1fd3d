/** What readers of recordings share: names and units of channels, items by modality, lost packets, frames of sequences. */

export { cloudItem, type RawCloud } from './cloud.ts';
export { rateChoice, readFrames } from './frames.ts';
export { gyroUnit } from './gyro-unit.ts';
export { addEvents, clockOf, recordingItems, type VectorInit, vectorChannels } from './items.ts';
export { type ColumnOptions, numberColumns } from './number-columns.ts';
export { inOrder } from './order.ts';
export { repeatFlags } from './repeats.ts';
export { siteOf } from './sites.ts';
export { timeBaseOf } from './times.ts';
export { axisOf, KINECT1_JOINTS, quantityOf, segmentOf, sideOf, skeletonParents, unitOfText } from './words.ts';
