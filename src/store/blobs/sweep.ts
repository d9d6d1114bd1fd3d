/** Clears what an interrupted process left among the blobs and reports rows whose blob is gone. */

import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type FolderBlobs, UNFINISHED } from './folder-blobs.ts';

/** Orphans younger than this stay: their row may still be on its way. */
const ORPHAN_MINUTES = 15;

export interface SweepReport {
  /** blobs that no row names */
  orphans: number;
  /** files of writes that were cut off */
  unfinished: number;
  /** hashes that rows name and that are not on disk; always empty unless the folder was tampered with */
  missing: string[];
}

export interface SweepWorld {
  blobs: FolderBlobs;
  /** which of these hashes rows name */
  named(hashes: readonly string[]): Promise<Set<string>>;
  /** all hashes of rows that begin with these two digits */
  namedUnder(prefix: string): Promise<string[]>;
  /** keeps rows from being written while a folder is swept */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  signal: AbortSignal;
  orphanMinutes?: number;
}

/**
 * Sweeps folder by folder; stops early, without harm, when the signal fires.
 * Unfinished files are left over from before this process: only those older than `startedAt` are taken.
 */
export async function sweepBlobs(world: SweepWorld, startedAt: number): Promise<SweepReport> {
  const report: SweepReport = { orphans: 0, unfinished: 0, missing: [] };
  const { root } = world.blobs;
  for (const name of await readdir(join(root, UNFINISHED)).catch(() => [])) {
    const path = join(root, UNFINISHED, name);
    if (((await stat(path).catch(() => undefined))?.mtimeMs ?? Number.POSITIVE_INFINITY) >= startedAt) continue;
    await rm(path, { force: true });
    report.unfinished++;
  }
  for (let prefix = 0; prefix < 256 && !world.signal.aborted; prefix++) {
    await sweepFolder(prefix.toString(16).padStart(2, '0'), world, report);
  }
  return report;
}

async function sweepFolder(prefix: string, world: SweepWorld, report: SweepReport): Promise<void> {
  const folder = join(world.blobs.root, prefix);
  const rows = await world.namedUnder(prefix);
  const files = new Set((await readdir(folder).catch(() => [])).map((name) => prefix + name));
  const gone = rows.filter((sha256) => !files.has(sha256));
  if (gone.length > 0) report.missing.push(...(await world.named(gone)));
  for (const sha256 of rows) files.delete(sha256);
  const oldest = Date.now() - (world.orphanMinutes ?? ORPHAN_MINUTES) * 60_000;
  const candidates: string[] = [];
  for (const sha256 of files) {
    const found = await stat(join(folder, sha256.slice(2))).catch(() => undefined);
    if (found && found.mtimeMs <= oldest && /^[0-9a-f]{64}$/.test(sha256)) candidates.push(sha256);
  }
  if (candidates.length === 0) return;
  await world.exclusively(async () => {
    const named = await world.named(candidates);
    const orphans = candidates.filter((sha256) => !named.has(sha256) && !world.blobs.isPinned(sha256));
    await world.blobs.remove(orphans);
    report.orphans += orphans.length;
  });
}
