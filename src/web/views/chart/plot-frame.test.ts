import { describe, expect, it } from 'vitest';
import { ticksOf } from './plot-frame.tsx';

describe('ticks', () => {
  it('are round and within the ends', () => {
    expect(ticksOf(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticksOf(0.05, 0.4)).toEqual([0.1, 0.2, 0.3, 0.4]);
    expect(ticksOf(-0.5, 0.5)).toEqual([-0.4, -0.2, 0, 0.2, 0.4]);
    expect(ticksOf(0, 2)).toEqual([0, 0.5, 1, 1.5, 2]);
  });
});
