/**
 * Zip archives, opened safely: names are checked, entries may not overlap, sizes are judged before anything is inflated, and
 * no file gives more bytes than it declared. Files inside are lazy, so a study is never in memory twice.
 */

import type { Format, ReadOptions, ReadReport, SourceFile } from '../../model/index.ts';
import { readDirectory, ZIP_LIMITS, type ZipEntry, type ZipLimits, zipError } from './directory.ts';
import { entryFile, type LastEntry } from './entry.ts';

export { ZIP_LIMITS, type ZipLimits } from './directory.ts';

/** What is left of the limits of the outermost archive, for archives inside it. */
interface Budget {
  depth: number;
  spentBytes: { total: number };
  packedBytes: number;
}

const budgets = new WeakMap<SourceFile, Budget>();

/**
 * The files inside a zip archive, named `archive.zip/path/inside`; their content is inflated when it is read and checked
 * against its checksum. Limits count archives inside archives together with the outermost one.
 * @throws MsdtError `file.unsafe` for bombs and for names that leave the archive, `file.malformed`, `file.truncated`,
 *   `file.unsupported` (encryption, parts), `file.too-large`
 */
export async function openZip(file: SourceFile, limits: Partial<ZipLimits> = {}): Promise<SourceFile[]> {
  const all = { ...ZIP_LIMITS, ...limits };
  const budget = budgets.get(file) ?? { depth: 1, spentBytes: { total: 0 }, packedBytes: file.bytes };
  if (budget.depth > all.maxDepth) {
    throw zipError('file.unsafe', file.name, 'byte 0', `archives nested ${budget.depth} deep, at most ${all.maxDepth}`);
  }
  const entries = await readDirectory(file, all);
  spend(file, entries, budget, all);
  const last: LastEntry = {};
  return entries.map((entry) => {
    const inside = entryFile(file, entry, last);
    budgets.set(inside, { ...budget, depth: budget.depth + 1 });
    return inside;
  });
}

function spend(file: SourceFile, entries: ZipEntry[], budget: Budget, limits: ZipLimits): void {
  budget.spentBytes.total += entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const { total } = budget.spentBytes;
  if (total > limits.maxTotalBytes) {
    throw zipError(
      'file.too-large',
      file.name,
      'directory',
      `${total} bytes inflated, at most ${limits.maxTotalBytes}`,
    );
  }
  const ratio = total / Math.max(1, budget.packedBytes);
  if (total > limits.ratioFromBytes && ratio > limits.maxRatio) {
    throw zipError(
      'file.unsafe',
      file.name,
      'directory',
      `it would grow ${Math.round(ratio)} times, to ${total} bytes`,
    );
  }
}

/** True when the first bytes are those of a zip archive (also an empty one). */
export function isZip(head: Uint8Array): boolean {
  if (head.length < 4 || head[0] !== 0x50 || head[1] !== 0x4b) return false;
  return (head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6);
}

/** The format of the catalogue: `open` gives the files inside, which are then read by their own formats. */
export const zip: Format & { open(file: SourceFile, options?: ReadOptions): Promise<SourceFile[]> } = {
  id: 'zip',
  title: 'Zip archive',
  extensions: ['.zip'],
  mediaType: 'application/zip',
  reads: [],
  writes: [],
  sniff: (head) => (isZip(head) ? 'yes' : 'no'),
  open: (file) => openZip(file),
  async read(files: SourceFile[]): Promise<ReadReport> {
    const skipped = files.map((file) => ({ file: file.name, reason: 'an archive: open it and read the files inside' }));
    return { items: [], skipped, errors: [] };
  },
};
