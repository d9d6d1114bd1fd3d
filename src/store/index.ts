/** Storage drivers behind the port of `twin`: PostgreSQL, content-addressed files, artifacts as standard files. */

export type { BlobStore } from '../twin/index.ts';
export { FolderBlobs, openBlobStore } from './blobs/folder-blobs.ts';
export { decodeArtifact, encodeArtifact } from './codecs/artifact-codec.ts';
export { openStore, type Store } from './open.ts';
