import { describe, expect, it } from 'vitest';
import { encodeLossless } from '../../../../../tests/support/formats/jpeg.ts';
import { decodeFrame } from '../decode.ts';
import { inverseDct } from './idct.ts';
import { decodeJpeg } from './index.ts';
import { naturalOrder } from './markers.ts';

const RANDOM = lcg(7);

function lcg(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
}

/** Smooth values with noise, like an image. */
function image(columns: number, rows: number, bits: number): Uint16Array {
  const top = 2 ** bits - 1;
  return Uint16Array.from({ length: columns * rows }, (_, n) => {
    const x = n % columns;
    const y = Math.floor(n / columns);
    const value = (0.5 + 0.4 * Math.sin(x / 3) * Math.cos(y / 5) + 0.1 * (RANDOM() - 0.5)) * top;
    return Math.max(0, Math.min(top, Math.round(value)));
  });
}

const frameOf = (bytes: Uint8Array) => ({ bytes, file: 'test.dcm', place: 'frame 1' });

describe('lossless JPEG', () => {
  const cases = [1, 2, 3, 4, 5, 6, 7].flatMap((predictor) => [8, 12, 16].map((bits) => ({ predictor, bits })));
  it.each(cases)('gives back what was coded: predictor $predictor, $bits bits', ({ predictor, bits }) => {
    const plane = image(37, 23, bits);
    const bytes = encodeLossless([plane], { columns: 37, rows: 23, bits, predictor });
    expect(decodeJpeg(frameOf(bytes), { rows: 23, columns: 37, samples: 1 }).planes[0]).toEqual(plane);
  });

  it('decodes the full range of differences, restart intervals and a point transform', () => {
    const plane = Uint16Array.from({ length: 30 * 20 }, (_, n) => [0, 65535, 32768, 1, 0x7fff][n % 5]);
    const restarted = encodeLossless([plane], { columns: 30, rows: 20, bits: 16, predictor: 4, restartRows: 3 });
    expect(decodeJpeg(frameOf(restarted), { rows: 20, columns: 30, samples: 1 }).planes[0]).toEqual(plane);
    const shifted = encodeLossless([plane.map((v) => v >> 2)], {
      columns: 30,
      rows: 20,
      bits: 16,
      predictor: 1,
      pointTransform: 2,
    });
    expect(decodeJpeg(frameOf(shifted), { rows: 20, columns: 30, samples: 1 }).planes[0]).toEqual(
      plane.map((v) => (v >> 2) << 2),
    );
  });

  it('decodes three interleaved components', () => {
    const planes = [image(16, 9, 8), image(16, 9, 8), image(16, 9, 8)];
    const bytes = encodeLossless(planes, { columns: 16, rows: 9, bits: 8, predictor: 7 });
    expect(decodeJpeg(frameOf(bytes), { rows: 9, columns: 16, samples: 3 }).planes).toEqual(planes);
  });

  it('says where a stream ends too early or names another size', () => {
    const bytes = encodeLossless([image(37, 23, 12)], { columns: 37, rows: 23, bits: 12, predictor: 1 });
    expect(() => decodeJpeg(frameOf(bytes.slice(0, bytes.length - 60)), { rows: 23, columns: 37, samples: 1 })).toThrow(
      expect.objectContaining({ code: 'file.truncated', detail: expect.stringMatching(/row \d+ of 23/) }),
    );
    expect(() => decodeJpeg(frameOf(bytes), { rows: 22, columns: 37, samples: 1 })).toThrow(
      expect.objectContaining({ code: 'file.malformed', detail: expect.stringContaining('37 × 23') }),
    );
    expect(() => decodeJpeg(frameOf(new Uint8Array(50)), { rows: 1, columns: 1, samples: 1 })).toThrow(
      expect.objectContaining({ code: 'file.truncated' }),
    );
  });

  it('applies the sign of the header', () => {
    const plane = image(8, 8, 12);
    const bytes = encodeLossless([plane], { columns: 8, rows: 8, bits: 12, predictor: 1 });
    const layout = {
      rows: 8,
      columns: 8,
      samples: 1,
      photometric: 'MONOCHROME2',
      planar: 0,
      bitsAllocated: 16,
      bitsStored: 12,
      highBit: 11,
      signed: true,
      frames: 1,
    } as const;
    const syntax = { uid: '', title: '', explicit: true, littleEndian: true, deflated: false, pixels: 'jpeg' } as const;
    expect([...decodeFrame(frameOf(bytes), layout, syntax)]).toEqual([...plane].map((v) => (v >= 2048 ? v - 4096 : v)));
  });
});

describe('inverse DCT', () => {
  it.each([8, 12])('is within half a step of the definition at %s bits', (precision) => {
    const level = 2 ** (precision - 1);
    const quant = new Uint16Array(64).fill(1);
    for (let trial = 0; trial < 20; trial++) {
      const coefficients = Int16Array.from({ length: 64 }, (_, n) =>
        Math.round(((RANDOM() - 0.5) * level * 2) / (1 + n)),
      );
      const samples = new Uint16Array(64);
      inverseDct(coefficients, 0, quant, { samples, stride: 8, precision }, 0);
      for (let y = 0; y < 8; y++) {
        for (let x = 0; x < 8; x++) {
          const exact = Math.max(0, Math.min(2 * level - 1, definition(coefficients, x, y) + level));
          expect(Math.abs(samples[y * 8 + x] - exact)).toBeLessThan(0.75);
        }
      }
    }
  });

  it('knows the zigzag', () => {
    const order = naturalOrder();
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 64 }, (_, n) => n));
    // neighbours of the zigzag are neighbours in the block
    for (let n = 1; n < 64; n++) {
      const [dx, dy] = [(order[n] % 8) - (order[n - 1] % 8), (order[n] >> 3) - (order[n - 1] >> 3)];
      expect(Math.abs(dx) <= 1 && Math.abs(dy) <= 1).toBe(true);
    }
  });
});

/** The sum of T.81 A.3.3. */
function definition(c: Int16Array, x: number, y: number): number {
  let sum = 0;
  for (let v = 0; v < 8; v++) {
    for (let u = 0; u < 8; u++) {
      const scale = (u === 0 ? Math.SQRT1_2 : 1) * (v === 0 ? Math.SQRT1_2 : 1);
      sum +=
        scale * c[v * 8 + u] * Math.cos(((2 * x + 1) * u * Math.PI) / 16) * Math.cos(((2 * y + 1) * v * Math.PI) / 16);
    }
  }
  return sum / 4;
}
