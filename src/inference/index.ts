/** Inference Engine: feature space, trusted risk, graph network, evaluation, synthetic cohort. The one door of the room. */

export * from './cohort/index.ts';
export * from './engine/index.ts';
export * from './evaluation/index.ts';
export * from './features/index.ts';
export * from './graph-network/index.ts';
export * from './knowledge/index.ts';
export * from './patient-graph/index.ts';
export * from './record/index.ts';
export * from './risk/index.ts';
export * from './rules/index.ts';
