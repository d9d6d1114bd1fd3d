import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from './lock.ts';
import { isAlive, startOf } from './process.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'msdt-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (name: string, holder: object) => writeFile(join(folder, name), JSON.stringify(holder));
const MINE = { pid: process.pid, host: hostname(), at: '2026-01-01T00:00:00.000Z' };

describe('lockFolder', () => {
  it('holds, names its holder, lets go', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'store.locked',
      message: expect.stringMatching(/this same process/),
    });
    await lock.release();
    const next = await lockFolder(folder);
    await next.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('respects another living process', async () => {
    await write('msdt.lock', { ...MINE, pid: process.ppid, started: await startOf(process.ppid) });
    const refused = lockFolder(folder);
    await expect(refused).rejects.toMatchObject({
      code: 'store.locked',
      hint: expect.stringMatching(/another data folder/),
    });
    await expect(refused).rejects.toThrow(new RegExp(`process ${process.ppid} on`));
    expect(await readdir(folder)).toEqual(['msdt.lock']);
  });

  it.each<[string, object | string]>([
    ['a process that is gone', { ...MINE, pid: 2 ** 30 }],
    ['a process whose number was given away', { ...MINE, pid: process.ppid, started: 'another boot:1' }],
    ['an earlier process with our own number', { ...MINE, started: 'another boot:1' }],
    ['nobody that can be read', 'garbage'],
    ['an impossible number', { ...MINE, pid: -1 }],
  ])('takes over what was left by %s', async (_, holder) => {
    await writeFile(join(folder, 'msdt.lock'), typeof holder === 'string' ? holder : JSON.stringify(holder));
    const lock = await lockFolder(folder);
    expect(JSON.parse(await readFile(join(folder, 'msdt.lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes over even when a take-over was cut off', async () => {
    await write('msdt.lock', { ...MINE, pid: 2 ** 30 });
    await write('msdt.lock.takeover', { ...MINE, pid: 2 ** 30 + 1 });
    await (await lockFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('believes another machine for as long as it gives signs of life', async () => {
    await write('msdt.lock', { ...MINE, host: 'elsewhere' });
    await expect(lockFolder(folder)).rejects.toThrow(/on elsewhere/);
    const old = new Date(Date.now() - 60_000);
    await utimes(join(folder, 'msdt.lock'), old, old);
    await (await lockFolder(folder)).release();
  });

  it('goes to exactly one of many that come at once, also over a lock left behind', async () => {
    for (let round = 0; round < 5; round++) {
      await write('msdt.lock', { ...MINE, pid: 2 ** 30 });
      const all = await Promise.allSettled(Array.from({ length: 12 }, () => lockFolder(folder)));
      const held = all.flatMap((item) => (item.status === 'fulfilled' ? [item.value] : []));
      expect(held).toHaveLength(1);
      for (const item of all)
        if (item.status === 'rejected') expect(item.reason).toMatchObject({ code: 'store.locked' });
      await held[0].release();
      expect(await readdir(folder)).toEqual([]);
    }
  });

  it('does not take away a lock that somebody else holds by now', async () => {
    const lock = await lockFolder(folder);
    await write('msdt.lock', { ...MINE, pid: process.ppid, started: await startOf(process.ppid) });
    await lock.release();
    expect(await readdir(folder)).toEqual(['msdt.lock']);
  });
});

describe('processes', () => {
  it('are told apart by their start', async () => {
    expect(isAlive(process.pid)).toBe(true);
    expect(isAlive(2 ** 30)).toBe(false);
    expect(await startOf(process.pid)).toBe(await startOf(process.pid));
    expect(await startOf(process.pid)).not.toBe(await startOf(1));
    expect(await startOf(2 ** 30)).toBe('');
  });
});
