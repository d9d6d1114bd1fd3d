export * from './cardan.ts';
export * from './cycles.ts';
export * from './gaps.ts';
export * from './robust-line.ts';
export * from './segment-frame.ts';
