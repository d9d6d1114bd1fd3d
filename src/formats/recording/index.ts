/** What readers of recordings share: names and units of channels, items by modality, lost packets. */

export { cloudItem, type RawCloud } from './cloud.ts';
export { rateChoice, readFrames } from './frames.ts';
export { clockOf, type Recording, recordingItems, type SignalKind, type VectorInit, vectorChannels } from './items.ts';
export { type ColumnOptions, numberColumns } from './number-columns.ts';
export { type RepeatRun, repeatFlags, repeatRuns } from './repeats.ts';
export { siteOf } from './sites.ts';
export { type FoundTimes, timeBaseOf } from './times.ts';
export { axisOf, KINECT1_JOINTS, quantityOf, segmentOf, sideOf, skeletonParents, unitOfText } from './words.ts';
