/** The nouns of the twin. Types and small pure functions; nothing here touches files, clocks or the network. */

export * from './capability.ts';
export * from './clinical/record.ts';
export * from './codes.ts';
export * from './errors.ts';
export * from './format.ts';
export * from './geometry/frames.ts';
export * from './geometry/grid-key.ts';
export * from './geometry/shapes.ts';
export * from './geometry/volume.ts';
export * from './levels.ts';
export * from './motion/body.ts';
export * from './motion/clocks.ts';
export * from './motion/depth.ts';
export * from './motion/muscles.ts';
export * from './motion/profile.ts';
export * from './motion/sequences.ts';
export * from './motion/signals.ts';
export * from './record/acquisition.ts';
export * from './record/artifact.ts';
export * from './record/feature.ts';
export * from './record/provenance.ts';
export * from './record/quality.ts';
export * from './record/twin.ts';
export * from './table.ts';
export * from './units.ts';
