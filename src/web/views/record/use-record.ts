/** Reads a clinical record from the store. */

import { useEffect, useState } from 'react';
import type { WireArtifact } from '../../../contract/index.ts';
import type { ClinicalRecord } from '../../../model/index.ts';
import { payloadOf, useBlobs } from '../../kit/blobs.ts';

export interface RecordRead {
  record?: ClinicalRecord;
  problem?: unknown;
}

/** The record of an artifact of kind `record.clinical`; empty while it is read. */
export function useRecord(artifact: WireArtifact | undefined): RecordRead {
  const blobs = useBlobs();
  const [read, setRead] = useState<RecordRead & { id: string }>();
  useEffect(() => {
    const json = artifact?.blobs.find(({ name }) => name.endsWith('.json')) ?? artifact?.blobs[0];
    if (!artifact || !json) return;
    let alive = true;
    blobs.json(json.sha256).then(
      (document) => alive && setRead({ id: artifact.id, record: payloadOf(document) as ClinicalRecord }),
      (problem: unknown) => alive && setRead({ id: artifact.id, problem }),
    );
    return () => {
      alive = false;
    };
  }, [artifact, blobs]);
  return read && read.id === artifact?.id ? read : {};
}
