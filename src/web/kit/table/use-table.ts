/** The table of an artifact, read from the store. */

import { useEffect, useState } from 'react';
import type { WireArtifact } from '../../../contract/index.ts';
import type { Table } from '../../../model/index.ts';
import { payloadOf, useBlobs } from '../blobs.ts';

/** Undefined until it has been read, and where it cannot be. */
export function useTable(artifact: WireArtifact | undefined): Table | undefined {
  const blobs = useBlobs();
  const [read, setRead] = useState<{ id: string; table: Table | undefined }>();
  useEffect(() => {
    const json = artifact?.blobs.find(({ name }) => name.endsWith('.json'));
    if (!artifact || !json) return;
    let alive = true;
    blobs.json(json.sha256).then(
      (document) => alive && setRead({ id: artifact.id, table: payloadOf(document) as Table }),
      () => alive && setRead({ id: artifact.id, table: undefined }),
    );
    return () => {
      alive = false;
    };
  }, [artifact, blobs]);
  return read?.id === artifact?.id ? read?.table : undefined;
}
