/**
 * Keypoints of vertebrae after the VID data set (Bürgin, Prevost & Stollenga 2023): JSON of one scan, or a tar.gz of many.
 *
 * An entry has `coordinates.world_space` (DICOM world, LPS, mm) and `type.keypoint_type` body, left or right; `type.spine_level`
 * stands at bodies only. Pedicles get the level of the body they belong to; what has no partner stays without one.
 */

import type { Format, ReadItem, ReadOptions, SourceFile } from '../../model/index.ts';
import { inflatedSource, readWhole } from '../byte-source.ts';
import { baseName, fileError, hasExtension, latin1, looksLikeText, stemOf } from '../bytes.ts';
import { inflateGzip, isGzip } from '../inflate.ts';
import { asFileError, readEach } from '../report.ts';
import { toItem } from './item.ts';
import { parseKeypoints } from './keypoints.ts';
import { isTarHeader, readTar, TAR_LIMITS, type TarEntry } from './tar.ts';

export { associatePedicles } from './associate.ts';
export { type Keypoint, parseKeypoints } from './keypoints.ts';
export { readTar, TAR_LIMITS, type TarEntry, type TarLimits } from './tar.ts';

const ARCHIVES = ['.tar.gz', '.tgz'] as const;
const HINT = 'Give the JSON of one scan, or a tar.gz of such files.';
const MAX_JSON_BYTES = TAR_LIMITS.maxEntryBytes;
const MAX_PACKED_BYTES = 2 ** 26;

async function readArchive(file: SourceFile, options: ReadOptions): Promise<TarEntry[]> {
  const packed = await readWhole(file, MAX_PACKED_BYTES);
  const limit = TAR_LIMITS.maxTotalBytes;
  const source = inflatedSource(packed, 'gzip', { file: file.name, limit: limit + 1, signal: options.signal });
  const bytes = await source.rest(limit + 1);
  await source.close(true);
  if (bytes.length > limit) {
    throw fileError('file.too-large', file.name, 'The archive holds more than a set of keypoints does', {
      detail: `more than ${limit} bytes`,
      hint: 'Unpack it with your system and drop the keypoint files you need.',
    });
  }
  return readTar(bytes, file.name);
}

/** True when the first bytes that come out of a gzip file are a tar header. */
function startsTar(head: Uint8Array, file: string): boolean {
  try {
    return isTarHeader(inflateGzip(head, { file, limit: 512, partial: true }));
  } catch {
    return false;
  }
}

/** The vertebral keypoint format. */
export const vidKeypoints: Format = {
  id: 'vid-keypoints',
  title: 'Vertebral keypoints (VID)',
  extensions: ['.json', ...ARCHIVES],
  mediaType: 'application/json',
  reads: ['landmarks.keypoints'],
  writes: [],

  sniff(head, name) {
    if (isGzip(head)) return hasExtension(name, ARCHIVES) && startsTar(head, name) ? 'maybe' : 'no';
    if (!looksLikeText(head)) return 'no';
    const text = latin1(head).replace(/^\xef\xbb\xbf/, '');
    return /^\s*\[\s*\{/.test(text) && text.includes('"keypoint_type"') && text.includes('"world_space"')
      ? 'yes'
      : 'no';
  },

  async read(files, options = {}) {
    const inner: { file: string; error: ReturnType<typeof asFileError> }[] = [];
    const skipped: { file: string; reason: string }[] = [];
    const report = await readEach(files, options, async (file) => {
      if (!isGzip(await file.head(3))) {
        const points = parseKeypoints(await readWhole(file, MAX_JSON_BYTES), file.name);
        return [toItem(points, stemOf(file.name, ['.json']), file.name)];
      }
      const items: ReadItem[] = [];
      const entries = await readArchive(file, options);
      const names = entries.map(({ name }) => baseName(name));
      const called = options.rename?.(names) ?? names;
      for (const [index, entry] of entries.entries()) {
        if (index % 64 === 0) options.signal?.throwIfAborted();
        const shown = shownName(file.name, called[index]);
        if (!hasExtension(entry.name, ['.json']) || baseName(entry.name).startsWith('._')) {
          skipped.push({ file: shown, reason: 'no keypoint file' });
          continue;
        }
        try {
          items.push(toItem(parseKeypoints(entry.bytes, shown), stemOf(called[index], ['.json']), file.name));
        } catch (error) {
          inner.push({ file: shown, error: asFileError(error, shown) });
        }
      }
      if (items.length === 0 && inner.length === 0) throw noKeypoints(file.name, entries);
      return items;
    });
    report.errors.push(...inner);
    report.skipped.push(...skipped);
    return report;
  },
};

/** Name of a file inside an archive, for messages. */
function shownName(archive: string, name: string): string {
  return `${archive}/${baseName(name)
    .replace(/[\u0000-\u001f\u007f]/g, '_')
    .slice(0, 120)}`;
}

function noKeypoints(file: string, entries: readonly TarEntry[]) {
  return fileError('file.unrecognised', file, 'The archive holds no keypoint file', {
    detail: `${entries.length} files, none of them JSON`,
    hint: HINT,
  });
}
