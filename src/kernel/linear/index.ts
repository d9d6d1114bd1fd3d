export * from './angle.ts';
export * from './decompose.ts';
export * from './fit.ts';
export * from './mat3.ts';
export * from './mat4.ts';
export * from './quaternion.ts';
export * from './vec3.ts';
