export * from './argument-error.ts';
export * from './linear/index.ts';
export * from './mesh/index.ts';
export * from './spline/index.ts';
export * from './stats/index.ts';
export * from './volume/index.ts';
