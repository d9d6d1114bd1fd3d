import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { createArena, createRandom, isosurface, openArena, thresholdBits } from './index.ts';

describe('createArena', () => {
  it('gives arrays that lie in one memory and do not overlap', () => {
    const arena = createArena(1 << 20);
    const bytes = arena.allocate(Uint8Array, 3);
    const numbers = arena.allocate(Float64Array, 5);
    const shorts = arena.allocate(Int16Array, 1000);
    for (const a of [bytes, numbers, shorts]) expect(a.buffer).toBe(arena.memory.buffer);
    bytes.fill(255);
    shorts.fill(-1);
    expect([...numbers]).toEqual([0, 0, 0, 0, 0]);
    expect(numbers.byteOffset % 64).toBe(0);
    expect(arena.used).toBeGreaterThanOrEqual(3 + 40 + 2000);
    expect(arena.capacity).toBeGreaterThanOrEqual(1 << 20);
  });
  it('goes back to a mark and refuses what does not fit', () => {
    const arena = createArena(1 << 20);
    const mark = arena.mark();
    const first = arena.allocate(Int16Array, 100_000);
    arena.release(mark);
    expect(arena.allocate(Int16Array, 10).byteOffset).toBe(first.byteOffset);
    expect(() => arena.allocate(Float64Array, 1 << 20)).toThrow(/bytes that are free/);
    expect(() => arena.release(mark + 1e9)).toThrow(/mark/);
    expect(() => createArena(8 * 2 ** 30)).toThrow(/4 GiB/);
  });
  it('keeps the kernels working when it is full: they fall back to their own memory', () => {
    const arena = createArena(1 << 20);
    const data = arena.allocate(Int16Array, 40 * 40 * 40);
    const rng = createRandom(3);
    for (let i = 0; i < data.length; i++) data[i] = rng.int(0, 1000);
    const roomy = isosurface(data.slice(), [40, 40, 40], 700);
    arena.allocate(Uint8Array, arena.capacity - arena.used - 64);
    const before = data.slice();
    expect(isosurface(data, [40, 40, 40], 700)).toEqual(roomy);
    expect(data).toEqual(before);
  });
  it('is seen by a worker thread, which can work in its own part', async () => {
    const arena = createArena(4 << 20);
    expect(arena.shared).toBe(true);
    const size = [48, 40, 30] as const;
    const data = arena.allocate(Int16Array, 48 * 40 * 30);
    const rng = createRandom(4);
    for (let i = 0; i < data.length; i++) data[i] = rng.int(0, 1000);
    const slice = arena.slice(2 << 20);
    const code = `
      import { parentPort, workerData } from 'node:worker_threads';
      const { isosurface, openArena } = await import(workerData.kernel);
      const arena = openArena(workerData.slice);
      const data = new Int16Array(workerData.slice.memory.buffer, workerData.at, 48 * 40 * 30);
      const surface = isosurface(data, [48, 40, 30], 600);
      const own = arena.allocate(Uint32Array, 1);
      own[0] = surface.triangles.length;
      parentPort.postMessage(own.byteOffset);`;
    const kernel = new URL('./index.ts', import.meta.url).href;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
      workerData: { kernel, slice, at: data.byteOffset },
    });
    const at = await new Promise<number>((resolve, reject) => worker.once('message', resolve).once('error', reject));
    await worker.terminate();
    const count = new Uint32Array(arena.memory.buffer, at, 1)[0];
    expect(count).toBe(isosurface(data, size, 600).triangles.length);
    expect(at).toBeGreaterThanOrEqual(slice.from);
    expect(openArena(slice).capacity).toBe(2 << 20);
  }, 20_000);
  it('holds data for thresholds in place, also at an odd element offset', () => {
    const arena = createArena(1 << 20);
    const all = arena.allocate(Int16Array, 60_007);
    for (let i = 0; i < all.length; i++) all[i] = (i * 7919) % 4001;
    const view = all.subarray(7);
    expect(thresholdBits(view, [100, 60, 10], 500, 2500)).toEqual(
      thresholdBits(Float64Array.from(view), [100, 60, 10], 500, 2500),
    );
  });
});
