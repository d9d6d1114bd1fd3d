/** Multiscale DT: assemble, version, query as of a time. Declares the storage port; knows no disk, database or network. */

export * from './canonical.ts';
export * from './check.ts';
export * from './current.ts';
export * from './ids.ts';
export * from './port.ts';
export * from './run.ts';
export * from './sha256.ts';
export * from './time.ts';
