export * from './argument-error.ts';
export * from './linear/index.ts';
export type { Arena, ArenaSlice, ArrayKind } from './memory.ts';
export { createArena, memoryOf, openArena } from './memory.ts';
export * from './mesh/index.ts';
export * from './spline/index.ts';
export * from './stats/index.ts';
export * from './volume/index.ts';
export { forcePlainKernels, prepareKernels, simdAvailable } from './wasm-module.ts';
