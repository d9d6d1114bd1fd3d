/** A single file in gzip, for formats that know nothing of compression. */

import type { SourceFile } from '../model/index.ts';
import { inflatedSource, readWhole } from './byte-source.ts';
import { baseName, fileError, MAX_ARRAY_BYTES } from './bytes.ts';
import { isGzip } from './inflate.ts';

/**
 * What lies in a gzip file, under the name of the file and its own: `squat.trc.gz/squat.trc`, as in an archive.
 * @returns undefined where the file is no gzip
 * @throws MsdtError `file.malformed`, `file.truncated`, `file.too-large`
 */
export async function gunzipped(file: SourceFile, signal?: AbortSignal): Promise<SourceFile | undefined> {
  if (!isGzip(await file.head(3))) return undefined;
  const limit = MAX_ARRAY_BYTES;
  const source = inflatedSource(await readWhole(file), 'gzip', { file: file.name, limit: limit + 1, signal });
  const bytes = await source.rest(limit + 1);
  if (bytes.length > limit)
    throw fileError('file.too-large', file.name, 'The file is larger than this program opens', {
      place: 'whole file',
      detail: `more than ${limit} bytes once unpacked`,
      hint: 'Unpack it and make it smaller first.',
    });
  await source.close(true);
  return {
    name: `${file.name}/${baseName(file.name).replace(/\.gz$/i, '')}`,
    bytes: bytes.length,
    head: async (length) => bytes.subarray(0, length),
    read: async () => bytes,
    slice: async (start, end) => bytes.subarray(start, end),
  };
}
