/** The table of an artifact, read from the store. */

import { useEffect, useState } from 'react';
import type { WireArtifact } from '../../../contract/index.ts';
import type { Table } from '../../../model/index.ts';
import { payloadOf, useBlobs } from '../blobs.ts';

/** Undefined until it has been read, and where it cannot be. */
export function useTable(artifact: WireArtifact | undefined): Table | undefined {
  return useTableRead(artifact).table;
}

/** The same, and whether it could not be read. */
export function useTableRead(artifact: WireArtifact | undefined): { table: Table | undefined; failed: boolean } {
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
  const own = read !== undefined && read.id === artifact?.id;
  const unreadable = artifact !== undefined && !artifact.blobs.some(({ name }) => name.endsWith('.json'));
  return { table: own ? read.table : undefined, failed: unreadable || (own && read.table === undefined) };
}
