export * from './smoothing-spline.ts';
