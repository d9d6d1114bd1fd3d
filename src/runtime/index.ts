/** Runs things: catalogue, planner, jobs, workers, cache, progress and cancel. */

export * from './actions.ts';
export * from './bus.ts';
export * from './catalogue-types.ts';
export * from './engine.ts';
export * from './inference/index.ts';
export * from './jobs.ts';
export { checkFolder, makeFolder, writeWhole } from './plain-files/out-folder.ts';
export * from './plain-files/run-on-files.ts';
export * from './plan/plan-twin.ts';
export * from './plan/planner.ts';
export * from './reading/acquisitions.ts';
export * from './reading/files.ts';
export * from './reading/ingest-files.ts';
export * from './reading/profiles.ts';
export * from './reading/read.ts';
export * from './reading/table-look.ts';
export * from './software.ts';
export * from './twin-bundle.ts';
export * from './workers/execute.ts';
export * from './workers/payloads.ts';
