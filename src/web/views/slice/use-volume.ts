/** The volume of an artifact for a React view: opened once, kept while the page shows it, the last few kept for coming back. */

import { useEffect, useState } from 'react';
import type { WireArtifact } from '../../../contract/index.ts';
import type { Vec3 } from '../../../model/index.ts';
import { type BlobReader, useBlobs } from '../../kit/blobs.ts';
import { type BlobPlace, VolumeSource } from './volume-source.ts';

const MOST_KEPT_BYTES = 900e6;
const kept = new Map<string, { source: Promise<VolumeSource>; bytes: number }>();

function makeRoom(): void {
  let total = [...kept.values()].reduce((sum, entry) => sum + entry.bytes, 0);
  for (const [key, entry] of kept) {
    if (total <= MOST_KEPT_BYTES || kept.size <= 2) return;
    kept.delete(key);
    total -= entry.bytes;
  }
}

function primaryBlob(artifact: WireArtifact): { volume: BlobPlace; labels?: BlobPlace } | undefined {
  const volume = artifact.blobs.find((blob) => /\.nii$/i.test(blob.name));
  if (!volume) return undefined;
  const labels = artifact.kind.startsWith('labelmap.')
    ? artifact.blobs.find((blob) => /json/i.test(blob.mediaType) || /\.json$/i.test(blob.name))
    : undefined;
  return { volume, labels };
}

/** Opens a volume, or finds it open. */
function openVolume(
  reader: BlobReader,
  places: { volume: BlobPlace; labels?: BlobPlace },
  near?: Vec3,
): Promise<VolumeSource> {
  const key = places.volume.sha256;
  let entry = kept.get(key);
  if (entry) kept.delete(key);
  else
    entry = {
      source: VolumeSource.open(reader, places.volume, { near, labelBlob: places.labels }),
      bytes: places.volume.bytes,
    };
  kept.set(key, entry);
  entry.source.catch(() => kept.delete(key));
  makeRoom();
  return entry.source;
}

/** Fetches the first slice of a volume before a view asks for it; a failure shows when it does. */
export function openAhead(reader: BlobReader, artifact: WireArtifact | undefined): void {
  const places = artifact ? primaryBlob(artifact) : undefined;
  if (places) openVolume(reader, places).catch(() => {});
}

export interface OpenVolume {
  source: VolumeSource | undefined;
  error: unknown;
}

/** @param near - place that is wanted first; read when the volume is opened */
export function useVolume(artifact: WireArtifact | undefined, near: Vec3 | undefined): OpenVolume {
  const reader = useBlobs();
  const [open, setOpen] = useState<OpenVolume & { id?: string }>({ source: undefined, error: undefined });
  const id = artifact?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `near` is only where to begin, and an artifact never changes behind its id
  useEffect(() => {
    const places = artifact ? primaryBlob(artifact) : undefined;
    if (!places) return;
    let alive = true;
    openVolume(reader, places, near).then(
      (source) => alive && setOpen({ id, source, error: undefined }),
      (error: unknown) => alive && setOpen({ id, source: undefined, error }),
    );
    return () => {
      alive = false;
    };
  }, [id, reader]);
  return open.id === id ? open : { source: undefined, error: undefined };
}
