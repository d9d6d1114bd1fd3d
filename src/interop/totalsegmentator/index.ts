/** TotalSegmentator as an external tool. */

export { findTotalSegmentator } from './find.ts';
export { silentEnvironment } from './privacy.ts';
export * from './segment-twin.ts';
export * from './segment-volume.ts';
