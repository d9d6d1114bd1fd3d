export * from './normal.ts';
export * from './order.ts';
export * from './random.ts';
