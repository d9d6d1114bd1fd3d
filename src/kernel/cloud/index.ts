export * from './bounds.ts';
export * from './flow.ts';
export * from './hull.ts';
export * from './icp.ts';
export * from './iss.ts';
export * from './kd-tree.ts';
export * from './shape-context.ts';
export * from './voxel-grid.ts';
