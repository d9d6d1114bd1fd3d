// AssemblyScript, not TypeScript: compiled by scripts/build-kernel.ts into kernel-wasm.ts.
// Everything works on addresses in the one imported memory; nothing is allocated and nothing is kept here.
// Each function has its plain TypeScript twin; tests hold the two together.
export * from './classify';
export * from './surface';
export * from './smooth';
export * from './sample';
export * from './filter';
export * from './spectrum';
export * from './sequence';
export * from './tree';
export * from './words';
