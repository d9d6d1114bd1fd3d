/** Runs things: catalogue, planner, jobs, workers, cache, progress and cancel. */

export * from './catalogue-types.ts';
export * from './execute.ts';
export * from './files.ts';
export * from './planner.ts';
export * from './read.ts';
