/** The feature space of one patient at one date. */

export { describeFeatures } from './describe.ts';
export { type Examinations, recordsFromFeatures } from './from-features.ts';
export { synchronise } from './synchronise.ts';
