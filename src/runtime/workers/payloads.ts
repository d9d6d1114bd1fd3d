/** Payloads of stored artifacts, decoded once and kept while they fit. */

import type { Artifact, ArtifactValue } from '../../model/index.ts';
import { type BlobStore, decodeArtifact, openBlobStore } from '../../store/index.ts';

const KEPT_BYTES = 512 * 1024 * 1024;

export interface PayloadCache {
  blobs: BlobStore;
  load(artifact: Artifact): Promise<ArtifactValue['payload']>;
}

/** Least recently used payloads leave first. */
export function createPayloadCache(blobDir: string): PayloadCache {
  const blobs = openBlobStore(blobDir);
  const kept = new Map<string, { payload: ArtifactValue['payload']; bytes: number }>();
  let total = 0;
  return {
    blobs,
    async load(artifact) {
      const hit = kept.get(artifact.id);
      if (hit) {
        kept.delete(artifact.id);
        kept.set(artifact.id, hit);
        return hit.payload;
      }
      const payload = await decodeArtifact(artifact, (ref, part) => blobs.read(ref.sha256, part));
      const bytes = artifact.blobs[0]?.bytes ?? 0;
      kept.set(artifact.id, { payload, bytes });
      total += bytes;
      for (const [id, entry] of kept) {
        if (total <= KEPT_BYTES || id === artifact.id) break;
        kept.delete(id);
        total -= entry.bytes;
      }
      return payload;
    },
  };
}
