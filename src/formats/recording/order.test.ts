import { describe, expect, it } from 'vitest';
import type { QualityFlag, Signals } from '../../model/index.ts';
import { inOrder } from './order.ts';

const signals = (times: number[]): Signals => ({
  clock: 'a',
  startS: times[0],
  rateHz: 1,
  timeS: Float64Array.from(times),
  channels: [{ name: 'x', unit: '1', quantity: 'other', values: Float32Array.from(times.keys()) }],
});

describe('samples out of order', () => {
  it('are put in order of their stamps, equal ones as they came', () => {
    const flags: QualityFlag[] = [];
    const { timeS, startS, channels } = inOrder(signals([1, 3, 2, 2, 4, 4]), 'box', flags);
    expect(startS).toBe(1);
    expect(Array.from(channels[0].values)).toEqual([0, 2, 3, 1, 4, 5]);
    expect(Array.from(timeS ?? [])).toEqual([1, 2, 2.000001, 3, 4, 4.000001]);
    expect(flags).toEqual([
      expect.objectContaining({ code: 'signal.out-of-order', message: expect.stringContaining('3 samples of box') }),
    ]);
  });

  it('never pass the stamp that follows', () => {
    const { timeS } = inOrder(signals([0, 0, 0, 1e-6]), 'box', []);
    const times = Array.from(timeS ?? []);
    expect(times.every((time, at) => at === 0 || time > times[at - 1])).toBe(true);
    expect(times[3]).toBe(1e-6);
  });

  it('are left alone where they rise', () => {
    const plain = signals([0, 1, 2]);
    expect(inOrder(plain, 'box', [])).toBe(plain);
  });
});
