/** How views and panels get bytes: by content hash, whole or in part. The shell provides the reader. */

import { createContext, useContext } from 'react';

export interface BlobReader {
  /** bytes `start` to `end` (exclusive) of a blob; the whole blob without a range */
  bytes(sha256: string, range?: { start: number; end: number }, signal?: AbortSignal): Promise<ArrayBuffer>;
  json(sha256: string, signal?: AbortSignal): Promise<unknown>;
}

const BlobContext = createContext<BlobReader | null>(null);
export const BlobProvider = BlobContext.Provider;

/** The reader of this page. */
export function useBlobs(): BlobReader {
  const reader = useContext(BlobContext);
  if (!reader) throw new Error('BlobProvider is missing above this view');
  return reader;
}

/** What a stored JSON document holds: the store wraps it in a page that says what it is. */
export function payloadOf(json: unknown): unknown {
  const page = json as { format?: unknown; payload?: unknown } | null;
  return page !== null && typeof page === 'object' && page.format === 'msdt-artifact' ? page.payload : json;
}
