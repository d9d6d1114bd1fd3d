export * from './dtw.ts';
export * from './histogram.ts';
export * from './period.ts';
export * from './resample.ts';
export * from './smoothness.ts';
