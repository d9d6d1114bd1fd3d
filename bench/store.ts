/**
 * The store: how long it takes to open, to keep bytes, to record a run, to show the present.
 *
 * `node bench/store.ts` prints one JSON line. Bytes are compared with a plain synced file of the same size in the same run, since
 * disks differ more than code: `ratio` is our time over the plain time.
 */

import { createHash } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '../src/store/index.ts';
import type { StoredArtifact } from '../src/twin/index.ts';
import { addScan, importOf, measureOf } from '../tests/support/store/store-runs.ts';

const LARGE_BYTES = 512 * 512 * 300 * 2;
const SMALL_BYTES = 50_000;
const SMALL_COUNT = 100;

const root = await mkdtemp(join(tmpdir(), 'msdt-bench-'));
const ms = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};
const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1];
const round = (value: number): number => Number(value.toPrecision(3));

/** What it costs at least: the hash, a write, a sync. */
async function plainWrite(bytes: Uint8Array, name: string): Promise<void> {
  createHash('sha256').update(bytes).digest('hex');
  const handle = await open(join(root, name), 'w');
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
  await handle.sync();
  await handle.close();
}

function randomBytes(length: number, seed: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = seed;
  for (let i = 0; i < words.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    words[i] = state;
  }
  return new Uint8Array(words.buffer, 0, length);
}

async function opening(): Promise<Record<string, number>> {
  const first: number[] = [];
  const again: number[] = [];
  const close: number[] = [];
  for (let i = 0; i < 5; i++) {
    const dataDir = join(root, `open-${i}`);
    let store: Store | undefined;
    first.push(await ms(async () => (store = await openStore({ dataDir }))));
    await store?.close();
    again.push(await ms(async () => (store = await openStore({ dataDir }))));
    close.push(await ms(async () => store?.close()));
  }
  return { firstMs: round(median(first)), againMs: round(median(again)), closeMs: round(median(close)) };
}

async function bytes(store: Store): Promise<Record<string, number>> {
  const large = [1, 2, 3].map((seed) => randomBytes(LARGE_BYTES, seed));
  const plain = median(await each(large, (part, i) => ms(() => plainWrite(part, `large-${i}`))));
  const put = median(await each(large, (part) => ms(() => store.blobs.put(part))));
  const { sha256 } = await store.blobs.put(large[0]);
  const read = median(await each([1, 2, 3], () => ms(() => store.blobs.read(sha256))));
  const small = Array.from({ length: SMALL_COUNT }, (_, i) => randomBytes(SMALL_BYTES, 100 + i));
  const plainSmall = await ms(() => each(small, (part, i) => plainWrite(part, `small-${i}`)));
  const putSmall = await ms(() => each(small, (part) => store.blobs.put(part)));
  const more = small.map((_, i) => randomBytes(SMALL_BYTES, 1000 + i));
  const together = await ms(() => Promise.all(more.map((part) => store.blobs.put(part))));
  return {
    largePutMs: round(put),
    largeRatio: round(put / plain),
    largeReadMs: round(read),
    smallPutMs: round(putSmall / SMALL_COUNT),
    smallRatio: round(putSmall / plainSmall),
    smallTogetherMs: round(together / SMALL_COUNT),
  };
}

async function records(store: Store): Promise<Record<string, number>> {
  const twin = await store.twins.createTwin('Bench');
  const imported = await importOf(store, await addScan(store, twin.id));
  await store.twins.putRun(twin.id, imported);
  const [volume] = imported.artifacts as [StoredArtifact];
  const levels = Array.from({ length: 20 }, (_, i) => `level ${i}`);
  const runs = await each([...Array(20).keys()], (smoothing) =>
    measureOf(store, volume, { levels, params: { smoothing }, slot: `slot ${smoothing % 10}` }),
  );
  const put = await each(runs, (run) => ms(() => store.twins.putRun(twin.id, run)));
  const hit = median(await each(runs, (run) => ms(() => store.twins.findRun(twin.id, run.key))));
  const current = median(await each([...Array(10).keys()], () => ms(() => store.twins.current(twin.id))));
  const view = await ms(() => store.settled());
  const state = await store.twins.current(twin.id);
  return {
    putRunMs: round(median(put)),
    findRunMs: round(hit),
    currentMs: round(current),
    artifacts: state.artifacts.length,
    features: state.features.length,
    viewMs: round(view),
  };
}

async function each<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const [index, item] of items.entries()) results.push(await work(item, index));
  return results;
}

try {
  const opened = await opening();
  const store = await openStore({ dataDir: join(root, 'work') });
  const kept = await bytes(store);
  const recorded = await records(store);
  await store.close();
  process.stdout.write(`${JSON.stringify({ bench: 'store', ...opened, ...kept, ...recorded })}\n`);
} finally {
  await rm(root, { recursive: true, force: true });
}
