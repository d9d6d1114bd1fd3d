/** Storage drivers behind the port of `twin`: PostgreSQL, content-addressed files, artifacts as standard files. */

export type { BlobStore, JobStore, TwinStore } from '../twin/index.ts';
export { FolderBlobs, openBlobStore } from './blobs/folder-blobs.ts';
export type { SweepReport } from './blobs/sweep.ts';
export { type DecodeOptions, decodeArtifact, type EncodedArtifact, encodeArtifact } from './codecs/artifact-codec.ts';
export { openStore, type Store, type StoreOptions } from './open.ts';
