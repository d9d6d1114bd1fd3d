import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Gate } from './gate.ts';
import { storable, toJsonb } from './text.ts';

describe('text for a database', () => {
  it('loses only what a database cannot hold', () => {
    expect(storable({ 'a\0': ['b\0c', '\ud800x', 'ok'], u: undefined, n: null })).toEqual({
      'a\uFFFD': ['b\uFFFDc', '\uFFFDx', 'ok'],
      n: null,
    });
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.stringify(value);
        fc.pre(!/\\u0000|\\ud[89a-f]/i.test(plain));
        expect(toJsonb(value)).toBe(plain);
      }),
    );
  });
});

describe('Gate', () => {
  it('lets many writers in, or one sweeper, in the order of asking', async () => {
    const gate = new Gate();
    const log: string[] = [];
    const open: (() => void)[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} in`);
      await new Promise<void>((resolve) => open.push(resolve));
      log.push(`${name} out`);
    };
    const tick = () => new Promise((resolve) => setImmediate(resolve));
    const all = [gate.shared(work('a')), gate.shared(work('b')), gate.exclusively(work('X')), gate.shared(work('c'))];
    await tick();
    expect(log).toEqual(['a in', 'b in']);
    open[0]();
    await tick();
    open[1]();
    await tick();
    expect(log).toEqual(['a in', 'b in', 'a out', 'b out', 'X in']);
    open[2]();
    await tick();
    expect(log.slice(5)).toEqual(['X out', 'c in']);
    open[3]();
    await Promise.all(all);
  });

  it('goes on after a failure', async () => {
    const gate = new Gate();
    await expect(gate.exclusively(async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(gate.shared(async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await gate.exclusively(async () => 7)).toBe(7);
  });
});
