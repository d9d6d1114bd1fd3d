export * from './amplitude.ts';
export * from './butterworth.ts';
export * from './correlate.ts';
export * from './envelope.ts';
export * from './filter.ts';
export * from './gaps.ts';
export * from './interpolate.ts';
export * from './regression.ts';
export type { ComplexFft, RealFft } from './spectral/fft.ts';
export { createComplexFft, createRealFft, fastFftLength } from './spectral/fft.ts';
export type { BandHz, DensityGrid } from './spectral/moments.ts';
export {
  equivalentBandwidth,
  meanFrequency,
  medianFrequency,
  peakFrequency,
  spectralMoment,
} from './spectral/moments.ts';
export * from './spectral/spectrum.ts';
