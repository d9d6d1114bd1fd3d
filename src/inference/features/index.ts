/** The feature space of one patient at one date. */

export { recordsFromFeatures, synchronise } from './synchronise.ts';
