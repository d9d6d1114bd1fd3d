import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createArena, forcePlainKernels, wordLanes } from '../../../kernel/index.ts';
import type { ImageLayout } from '../pixels/image.ts';
import { laneConstants, rescaleInto, rescaleWords, swapWords } from './rescale.ts';

function layout(bitsStored: number, signed: boolean, more: Partial<ImageLayout> = {}): ImageLayout {
  return {
    rows: 1,
    columns: 1,
    samples: 1,
    photometric: 'MONOCHROME2',
    planar: 0,
    bitsAllocated: 16,
    bitsStored,
    highBit: bitsStored - 1,
    signed,
    frames: 1,
    ...more,
  };
}

describe('rescaling of words', () => {
  const arena = createArena(8 << 20);

  it('gives the same with SIMD as word by word, or says that it cannot', () => {
    fc.assert(
      fc.property(
        fc.uint16Array({ minLength: 1, maxLength: 70 }),
        fc.constantFrom(8, 10, 12, 15, 16),
        fc.boolean(),
        fc.integer({ min: -40_000, max: 40_000 }),
        (words, bits, signed, intercept) => {
          const plain = Int16Array.from(words);
          const saturated = rescaleWords(plain, layout(bits, signed), { slope: 1, intercept });
          const constants = laneConstants(layout(bits, signed), { slope: 1, intercept });
          if (!constants) return;
          const mark = arena.mark();
          for (const plainly of [false, true])
            for (const target of [new Int16Array(words.length), arena.allocate(Int16Array, words.length)]) {
              forcePlainKernels(plainly);
              const lanes = wordLanes(target);
              forcePlainKernels(false);
              expect(lanes.words === target).toBe(plainly || target.buffer === arena.memory.buffer);
              lanes.words.set(words);
              const overflowed = lanes.add(constants);
              if (saturated > 0) expect(overflowed).toBe(true);
              if (!overflowed) expect([...lanes.words]).toEqual([...plain]);
            }
          arena.release(mark);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('takes the fast path for what scanners write', () => {
    for (const [bits, signed] of [
      [12, false],
      [12, true],
      [16, true],
      [16, false],
    ] as const) {
      expect(laneConstants(layout(bits, signed), { slope: 1, intercept: -1024 })).toBeDefined();
    }
    expect(laneConstants(layout(12, false), { slope: 2, intercept: 0 })).toBeUndefined();
    expect(laneConstants(layout(12, false, { highBit: 15 }), { slope: 1, intercept: 0 })).toBeUndefined();
  });

  it('stages slices larger than its first memory', () => {
    const count = 1_000_003;
    for (const target of [new Int16Array(count), arena.allocate(Int16Array, count)]) {
      const lanes = wordLanes(target);
      lanes.words.fill(1000);
      expect(lanes.add({ mask: 0xffff, flip: 0, add: -1024 })).toBe(false);
      expect(lanes.words.every((v) => v === -24)).toBe(true);
      expect(lanes.words === target).toBe(target.buffer === arena.memory.buffer);
    }
  });

  it('counts what it saturates, padding left out', () => {
    const words = Int16Array.from([-32768, -32767, 0, 32767]);
    expect(rescaleWords(words, layout(16, true, { padding: -32768 }), { slope: 1, intercept: -1024 })).toBe(1);
    expect([...words]).toEqual([-32768, -32768, -1024, 31743]);
    const wide = new Int16Array(3);
    expect(rescaleInto(Uint16Array.of(0, 40_000, 65_535), wide, layout(16, false), { slope: 1, intercept: 0 })).toBe(2);
    expect([...wide]).toEqual([0, 32767, 32767]);
  });

  it('swaps words', () => {
    const words = Uint16Array.of(0x0102, 0xff00);
    swapWords(words);
    expect([...words]).toEqual([0x0201, 0x00ff]);
  });
});
