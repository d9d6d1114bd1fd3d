/** Runs things: catalogue, planner, jobs, workers, cache, progress and cancel. */

export * from './acquisitions.ts';
export * from './actions.ts';
export * from './bus.ts';
export * from './catalogue-types.ts';
export * from './engine.ts';
export * from './execute.ts';
export * from './files.ts';
export * from './inference.ts';
export * from './ingest-files.ts';
export * from './jobs.ts';
export { checkFolder, makeFolder, writeWhole } from './out-folder.ts';
export * from './payloads.ts';
export * from './plan-twin.ts';
export * from './planner.ts';
export * from './profiles.ts';
export * from './read.ts';
export * from './run-on-files.ts';
export * from './software.ts';
export * from './table-look.ts';
export * from './twin-bundle.ts';
