import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { addScan } from '../support/store/store-runs.ts';

const run = promisify(execFile);

let folder: string | undefined;
afterAll(async () => {
  if (!folder) return;
  await run('umount', [folder]).catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
});

/** A disk of 90 MB in memory, where this account may make one. */
async function smallDisk(): Promise<string | undefined> {
  folder = await mkdtemp(join(tmpdir(), 'msdt-full-'));
  const mounted = run('mount', ['-t', 'tmpfs', '-o', 'size=90m,mode=755', 'tmpfs', folder]);
  return mounted.then(
    () => folder,
    () => undefined,
  );
}

describe('a full disk', () => {
  it('is reported with what to do, loses nothing, and works again once there is room', async ({ skip }) => {
    const disk = await smallDisk();
    if (!disk) return skip('no small disk can be mounted here');
    const dataDir = join(disk, 'data');
    let store = await openStore({ dataDir });
    const twin = await store.twins.createTwin('A');
    const kept: string[] = [];
    const fill = async (): Promise<never> => {
      for (;;) kept.push((await store.blobs.put(randomBytes(2_000_000))).sha256);
    };
    await expect(fill()).rejects.toMatchObject({
      code: 'store.full',
      hint: expect.stringMatching(/nothing that was saved is lost/),
    });
    let version = 0;
    const write = async (): Promise<never> => {
      for (;;) version = (await store.twins.putDocument(twin.id, 'x', randomBytes(200_000).toString('hex'))).version;
    };
    await expect(write()).rejects.toMatchObject({ code: 'store.full' });
    for (const sha256 of kept) expect(await store.blobs.verify(sha256)).toBe(true);
    await store.close();
    store = await openStore({ dataDir, orphanMinutes: 0 });
    expect((await store.twins.getDocument(twin.id, 'x'))?.version).toBe(version);
    expect((await store.swept).orphans).toBe(kept.length);
    await addScan(store, twin.id);
    await store.settled();
    expect((await store.twins.current(twin.id)).acquisitions).toHaveLength(1);
    await store.close();
  });
});
