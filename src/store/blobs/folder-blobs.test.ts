import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FolderBlobs, openBlobStore, UNFINISHED } from './folder-blobs.ts';
import { type SweepWorld, sweepBlobs } from './sweep.ts';

let root: string;
let blobs: FolderBlobs;
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'msdt-blobs-'));
  blobs = openBlobStore(root);
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('FolderBlobs', () => {
  it('names bytes by their hash and gives them back', async () => {
    const bytes = bytesOf('vertebra');
    const put = await blobs.put(bytes);
    expect(put).toEqual({ sha256: hashOf(bytes), bytes: 8 });
    expect(blobs.pathOf(put.sha256)).toBe(join(root, put.sha256.slice(0, 2), put.sha256.slice(2)));
    expect(await blobs.read(put.sha256)).toEqual(bytes);
    expect(await blobs.size(put.sha256)).toBe(8);
    expect(await blobs.verify(put.sha256)).toBe(true);
    expect((await stat(blobs.pathOf(put.sha256))).mode & 0o222).toBe(0);
  });

  it('takes the same bytes once, also at the same time, from two stores on one folder', async () => {
    const other = openBlobStore(root);
    const all = await Promise.all([blobs, other, blobs, other].map((store) => store.put(bytesOf('twice'))));
    expect(new Set(all.map((item) => item.sha256)).size).toBe(1);
    expect(await readdir(join(root, UNFINISHED))).toEqual([]);
  });

  it('takes a stream, an empty blob and shared memory', async () => {
    async function* parts() {
      yield bytesOf('in ');
      yield bytesOf('parts');
    }
    expect(await blobs.put(parts())).toEqual({ sha256: hashOf(bytesOf('in parts')), bytes: 8 });
    const empty = await blobs.put(new Uint8Array());
    expect(await blobs.read(empty.sha256)).toEqual(new Uint8Array());
    const shared = new Uint8Array(new SharedArrayBuffer(5));
    shared.set([1, 2, 3, 4, 5]);
    const put = await blobs.put(shared);
    const into = new Uint8Array(new SharedArrayBuffer(8));
    expect([...(await blobs.read(put.sha256, { into }))]).toEqual([1, 2, 3, 4, 5]);
    expect([...into]).toEqual([1, 2, 3, 4, 5, 0, 0, 0]);
  });

  it('reads and streams parts', async () => {
    const { sha256 } = await blobs.put(bytesOf('0123456789'));
    expect(new TextDecoder().decode(await blobs.read(sha256, { range: { start: 2, end: 5 } }))).toBe('234');
    const chunks: Uint8Array[] = [];
    for await (const chunk of blobs.stream(sha256, { start: 7, end: 10 })) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('789');
    for await (const _ of blobs.stream(sha256, { start: 4, end: 4 })) expect.unreachable();
    await expect(blobs.read(sha256, { range: { start: 8, end: 12 } })).rejects.toMatchObject({ code: 'store.damaged' });
    await expect(blobs.read(sha256, { range: { start: 5, end: 2 } })).rejects.toThrow(/range/);
    await expect(blobs.read(sha256, { into: new Uint8Array(3) })).rejects.toThrow(/into/);
  });

  it('says what is missing or spoiled', async () => {
    const gone = 'a'.repeat(64);
    expect(await blobs.size(gone)).toBeUndefined();
    expect(await blobs.verify(gone)).toBe(false);
    await expect(blobs.read(gone)).rejects.toMatchObject({ code: 'store.damaged' });
    await expect(blobs.stream(gone)[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'store.damaged' });
    const { sha256 } = await blobs.put(bytesOf('to be spoiled'));
    await chmod(blobs.pathOf(sha256), 0o644);
    await writeFile(blobs.pathOf(sha256), 'to be spoilt!');
    expect(await blobs.verify(sha256)).toBe(false);
  });

  it('writes again what was cut short behind its back', async () => {
    const bytes = bytesOf('cut short');
    const { sha256 } = await blobs.put(bytes);
    await chmod(blobs.pathOf(sha256), 0o644);
    await truncate(blobs.pathOf(sha256), 3);
    await blobs.put(bytes);
    expect(await blobs.verify(sha256)).toBe(true);
  });

  it.each(['', '../../../etc/passwd', 'A'.repeat(64), `${'a'.repeat(63)}/`])(
    'never leaves its folder: %j',
    async (name) => {
      expect(() => blobs.pathOf(name)).toThrow(/64 hexadecimal/);
      await expect(blobs.read(name)).rejects.toThrow(/64 hexadecimal/);
    },
  );

  it('leaves nothing behind when a stream breaks', async () => {
    async function* broken() {
      yield bytesOf('half');
      throw new Error('unplugged');
    }
    await expect(blobs.put(broken())).rejects.toThrow('unplugged');
    expect(await readdir(join(root, UNFINISHED))).toEqual([]);
  });

  it('explains a folder that cannot be made', async () => {
    const file = join(root, 'a-file');
    await writeFile(file, '');
    await expect(openBlobStore(join(file, 'blobs')).prepare()).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});

describe('sweepBlobs', () => {
  async function world(named: string[], more: Partial<SweepWorld> = {}): Promise<SweepWorld> {
    return {
      blobs: openBlobStore(blobs.root),
      named: async (hashes) => new Set(named.filter((sha256) => hashes.includes(sha256))),
      namedUnder: async (prefix) => named.filter((sha256) => sha256.startsWith(prefix)),
      exclusively: (work) => work(),
      signal: new AbortController().signal,
      ...more,
    };
  }
  const age = async (sha256: string, minutes: number) => {
    const then = new Date(Date.now() - minutes * 60_000);
    await utimes(blobs.pathOf(sha256), then, then);
  };

  it('takes old orphans and cut-off writes, and nothing else', async () => {
    const [orphan, named, young, pinned] = await Promise.all(
      ['orphan', 'named', 'young', 'pinned'].map(async (text) => (await blobs.put(bytesOf(`sweep ${text}`))).sha256),
    );
    for (const sha256 of [orphan, named, pinned]) await age(sha256, 60);
    await mkdir(join(root, UNFINISHED), { recursive: true });
    await writeFile(join(root, UNFINISHED, 'cut-off'), 'half');
    const now = Date.now() + 1000;
    const fresh = await world([named]);
    await fresh.blobs.put(bytesOf('sweep pinned'));
    await age(pinned, 60);
    const report = await sweepBlobs(fresh, now);
    expect(report).toMatchObject({ orphans: 1, unfinished: 1, missing: [] });
    expect(await Promise.all([orphan, named, young, pinned].map((sha256) => blobs.size(sha256).then(Boolean)))).toEqual(
      [false, true, true, true],
    );
  });

  it('reports rows whose blob is gone and leaves writes of this process alone', async () => {
    const gone = 'b'.repeat(64);
    await writeFile(join(root, UNFINISHED, 'being-written'), 'half');
    const report = await sweepBlobs(await world([gone]), Date.now() - 10_000);
    expect(report).toMatchObject({ unfinished: 0, missing: [gone] });
  });

  it('meets a blob again before it is swept: putting it makes it young', async () => {
    const { sha256 } = await blobs.put(bytesOf('met again'));
    await age(sha256, 60);
    const next = openBlobStore(root);
    await next.put(bytesOf('met again'));
    next.unpin([sha256]);
    const report = await sweepBlobs(await world([]), 0);
    expect(report.orphans).toBe(0);
    expect(await blobs.size(sha256)).toBe(9);
    expect(dirname(blobs.pathOf(sha256))).toContain(root);
  });
});
