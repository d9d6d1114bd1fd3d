/** Inference Engine: feature space, trusted risk, graph network, evaluation, synthetic cohort. The one door of the room. */

export * from './model/types.ts';
