export * from './adam.ts';
export * from './cholesky.ts';
export * from './graph-network.ts';
export * from './neighbours.ts';
export * from './posterior.ts';
