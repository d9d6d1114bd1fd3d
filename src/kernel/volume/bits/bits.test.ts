import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../stats/index.ts';
import type { Size3 } from '../types.ts';
import { voxelCount } from '../types.ts';
import {
  andBits,
  andNotBits,
  bitsToMask,
  boundsOfBits,
  countBits,
  cropBits,
  forEachRun,
  getBit,
  invertBits,
  maskToBits,
  orBits,
  popCount,
  setRun,
  thresholdBits,
  trailingZeros,
} from './bit-volume.ts';
import { keepLargestComponent, labelComponents } from './components.ts';
import { closeBits, dilateBits, erodeBits, openBits } from './morphology.ts';
import {
  boxBits,
  fillHoles,
  fillHolesSlicewise,
  floodFromFaces,
  growFromSeeds,
  hysteresisThreshold,
} from './regions.ts';

const sizes = fc.tuple(
  fc.integer({ min: 1, max: 70 }),
  fc.integer({ min: 1, max: 6 }),
  fc.integer({ min: 1, max: 5 }),
) as fc.Arbitrary<Size3>;
const volumes = fc
  .tuple(sizes, fc.integer(), fc.double({ min: 0.05, max: 0.95, noNaN: true }))
  .map(([size, seed, share]) => ({ size, mask: noise(size, seed, share) }));

function noise(size: Size3, seed: number, share: number): Uint8Array {
  const rng = createRandom(seed);
  return Uint8Array.from({ length: voxelCount(size) }, () => (rng.uniform() < share ? 1 : 0));
}

/** Flood fill voxel by voxel: the oracle for components. */
function floodLabels(mask: Uint8Array, size: Size3, connectivity: 6 | 26): Int32Array {
  const [nx, ny, nz] = size;
  const labels = new Int32Array(mask.length);
  let count = 0;
  for (let s = 0; s < mask.length; s++) {
    if (!mask[s] || labels[s]) continue;
    labels[s] = ++count;
    const stack = [s];
    while (stack.length) {
      const i = stack.pop() as number;
      const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))];
      for (let d = 0; d < 27; d++) {
        const [dx, dy, dz] = [(d % 3) - 1, (Math.floor(d / 3) % 3) - 1, Math.floor(d / 9) - 1];
        if (connectivity === 6 && Math.abs(dx) + Math.abs(dy) + Math.abs(dz) !== 1) continue;
        const [a, b, c] = [x + dx, y + dy, z + dz];
        if (a < 0 || b < 0 || c < 0 || a >= nx || b >= ny || c >= nz) continue;
        const j = a + nx * (b + ny * c);
        if (mask[j] && !labels[j]) {
          labels[j] = count;
          stack.push(j);
        }
      }
    }
  }
  return labels;
}

/** Dilation by visiting every pair of voxels: the oracle for morphology. */
function slowDilate(mask: Uint8Array, size: Size3, r: readonly number[]): Uint8Array {
  const [nx, ny, nz] = size;
  const out = new Uint8Array(mask.length);
  const part = (d: number, radius: number) => (d === 0 ? 0 : radius > 0 ? (d / radius) ** 2 : 2);
  for (let i = 0; i < mask.length; i++) {
    if (!mask[i]) continue;
    const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))];
    for (let c = 0; c < nz; c++) {
      for (let b = 0; b < ny; b++) {
        for (let a = 0; a < nx; a++) {
          if (part(a - x, r[0]) + part(b - y, r[1]) + part(c - z, r[2]) <= 1 + 1e-9) out[a + nx * (b + ny * c)] = 1;
        }
      }
    }
  }
  return out;
}

describe('bit volumes', () => {
  it('hold the mask they were made from', () => {
    fc.assert(
      fc.property(volumes, ({ size, mask }) => {
        const bits = maskToBits(mask, size);
        expect(bitsToMask(bits)).toEqual(mask);
        expect(countBits(bits)).toBe(mask.reduce((a, v) => a + v, 0));
        expect(bitsToMask(invertBits(bits))).toEqual(mask.map((v) => 1 - v));
        expect(countBits(invertBits(bits))).toBe(mask.length - countBits(bits));
        const x = mask.length % size[0];
        expect(getBit(bits, x, 0, 0)).toBe(mask[x] === 1);
      }),
    );
  });
  it('list each run once, as long as it is', () => {
    fc.assert(
      fc.property(volumes, ({ size, mask }) => {
        const again = maskToBits(new Uint8Array(mask.length), size);
        let previous = -1;
        forEachRun(maskToBits(mask, size), (start, end, row) => {
          const at = row * (size[0] + 1) + start;
          expect(at).toBeGreaterThan(previous);
          previous = row * (size[0] + 1) + end;
          setRun(again.words, row * again.wordsPerRow, start, end);
        });
        expect(bitsToMask(again)).toEqual(mask);
      }),
    );
  });
  it('threshold like a comparison, in every array type, and never mark not-a-number', () => {
    const kinds = [Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array];
    for (const Kind of kinds) {
      const size: Size3 = [37, 3, 2];
      const rng = createRandom(2);
      const data = new Kind(Array.from({ length: voxelCount(size) }, () => rng.int(0, 120)));
      for (const [low, high] of [
        [50, 80],
        [60, Number.POSITIVE_INFINITY],
        [60, 1e9],
        [0, 20],
        [90, 10],
      ]) {
        const expected = Uint8Array.from(data, (v) => (v >= low && v <= high ? 1 : 0));
        expect(bitsToMask(thresholdBits(data, size, low, high))).toEqual(expected);
      }
    }
    expect(countBits(thresholdBits(new Float32Array([Number.NaN, 5]), [2, 1, 1], -Infinity, Infinity))).toBe(1);
  });
  it('combine as sets', () => {
    const size: Size3 = [45, 3, 3];
    const [a, b] = [noise(size, 1, 0.5), noise(size, 2, 0.5)];
    const [p, q] = [maskToBits(a, size), maskToBits(b, size)];
    expect(bitsToMask(andBits(p, q))).toEqual(a.map((v, i) => v & b[i]));
    expect(bitsToMask(orBits(p, q))).toEqual(a.map((v, i) => v | b[i]));
    expect(bitsToMask(andNotBits(p, q))).toEqual(a.map((v, i) => v & ~b[i] & 1));
    expect(() => andBits(p, maskToBits(a, [3, 45, 3]))).toThrow(/size/);
  });
  it('know their box and can be cut out', () => {
    const box = boxBits([64, 10, 9], [33, 2, 3], [40, 5, 8]);
    expect(countBits(box)).toBe(8 * 4 * 6);
    expect(boundsOfBits(box)).toEqual({ min: [33, 2, 3], max: [40, 5, 8] });
    expect(countBits(cropBits(box, { min: [30, -2, 4], max: [34, 30, 4] }))).toBe(2 * 4);
    expect(boundsOfBits(maskToBits(new Uint8Array(4), [2, 2, 1]))).toBeUndefined();
  });
  it('count bits and zeros of words', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (w) => {
        const digits = w.toString(2);
        expect(popCount(w)).toBe([...digits].filter((d) => d === '1').length);
        expect(trailingZeros(w)).toBe(w === 0 ? 32 : digits.length - 1 - digits.lastIndexOf('1'));
      }),
    );
  });
});

describe('components', () => {
  it('equal a voxel-by-voxel flood fill', () => {
    fc.assert(
      fc.property(volumes, fc.constantFrom<6 | 26>(6, 26), ({ size, mask }, connectivity) => {
        const truth = floodLabels(mask, size, connectivity);
        const found = labelComponents(maskToBits(mask, size), connectivity);
        expect(Int32Array.from(found.toLabels())).toEqual(truth);
        for (let k = 1; k <= found.count; k++) expect(found.sizes[k]).toBe(truth.filter((v) => v === k).length);
        if (found.count > 0) {
          const chosen = found.select(found.count);
          expect(bitsToMask(chosen)).toEqual(Uint8Array.from(truth, (v) => (v === found.count ? 1 : 0)));
          expect(found.bounds(found.count)).toEqual(boundsOfBits(chosen));
        }
      }),
      { numRuns: 200 },
    );
  });
  it('keep the largest, drop the small, and find those that touch a seed', () => {
    const size: Size3 = [10, 1, 1];
    const bits = maskToBits(new Uint8Array([1, 0, 1, 1, 0, 1, 1, 1, 0, 1]), size);
    expect(bitsToMask(keepLargestComponent(bits, 6)).join('')).toBe('0000011100');
    const seed = maskToBits(new Uint8Array([0, 1, 0, 1, 0, 0, 0, 0, 0, 1]), size);
    expect(bitsToMask(growFromSeeds(bits, seed, 6)).join('')).toBe('0011000001');
    expect(countBits(keepLargestComponent(maskToBits(new Uint8Array(10), size), 6))).toBe(0);
  });
});

describe('regions', () => {
  it('fill exactly the background a flood from outside cannot reach', () => {
    fc.assert(
      fc.property(volumes, ({ size, mask }) => {
        const [nx, ny, nz] = size;
        const labels = floodLabels(
          mask.map((v) => 1 - v),
          size,
          6,
        );
        const outside = new Set<number>();
        for (let i = 0; i < mask.length; i++) {
          const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))];
          if (x === 0 || y === 0 || z === 0 || x === nx - 1 || y === ny - 1 || z === nz - 1) outside.add(labels[i]);
        }
        const filled = Uint8Array.from(mask, (v, i) => (v || !outside.has(labels[i]) ? 1 : 0));
        expect(bitsToMask(fillHoles(maskToBits(mask, size)))).toEqual(filled);
        const faces = bitsToMask(
          floodFromFaces(
            maskToBits(
              mask.map((v) => 1 - v),
              size,
            ),
          ),
        );
        expect(faces).toEqual(filled.map((v) => 1 - v));
      }),
    );
  });
  it('fill a tube slice by slice along its own axis only', () => {
    const size: Size3 = [40, 9, 8];
    for (const axis of [0, 1, 2] as const) {
      const [min, max]: [number[], number[]] = [
        [2, 2, 2],
        [6, 6, 6],
      ];
      min[axis] = 0;
      max[axis] = size[axis] - 1;
      const inner = [min.map((v, d) => (d === axis ? v : v + 1)), max.map((v, d) => (d === axis ? v : v - 1))];
      const solid = boxBits(size, min as unknown as Size3, max as unknown as Size3);
      const tube = andNotBits(solid, boxBits(size, inner[0] as unknown as Size3, inner[1] as unknown as Size3));
      expect(countBits(fillHoles(tube))).toBe(countBits(tube));
      for (const other of [0, 1, 2] as const) {
        expect(countBits(fillHolesSlicewise(tube, other))).toBe(countBits(other === axis ? solid : tube));
      }
    }
  });
  it('hysteresis keeps dim voxels only beside bright ones and leaves metal out', () => {
    const data = new Int16Array([150, 260, 150, 0, 150, 150, 0, 150, 9000, 150]);
    const bits = hysteresisThreshold(data, [10, 1, 1], 100, 250, 3000, 6);
    expect(bitsToMask(bits).join('')).toBe('1110000000');
  });
});

describe('morphology', () => {
  const radii = fc.constantFrom([1, 1, 1], [2, 1, 0], [0, 0, 3], [2.5, 2.5, 2.5], [7, 3, 1.5], [40, 1, 1], [0, 0, 0]);
  it('dilation equals the ball swept over every voxel', () => {
    fc.assert(
      fc.property(volumes, radii, ({ size, mask }, r) => {
        const sparse = mask.map((v, i) => (i % 7 === 0 ? v : 0));
        const fast = dilateBits(maskToBits(sparse, size), r as unknown as Size3);
        expect(bitsToMask(fast)).toEqual(slowDilate(sparse, size, r));
      }),
    );
  });
  it('gives the same by shifts and by distances', () => {
    const size: Size3 = [40, 34, 30];
    const bits = maskToBits(noise(size, 5, 0.001), size);
    for (const r of [
      [8, 7, 6.5],
      [9, 9, 9],
    ]) {
      const far = dilateBits(bits, r as unknown as Size3);
      expect(bitsToMask(far)).toEqual(slowDilate(bitsToMask(bits), size, r));
    }
  });
  it('opening shrinks, closing grows, both twice change nothing more, also at the faces', () => {
    fc.assert(
      fc.property(volumes, radii, ({ size, mask }, r) => {
        const bits = maskToBits(mask, size);
        const radius = r as unknown as Size3;
        const opened = openBits(bits, radius);
        const closed = closeBits(bits, radius);
        expect(countBits(andNotBits(opened, bits))).toBe(0);
        expect(countBits(andNotBits(bits, closed))).toBe(0);
        expect(openBits(opened, radius).words).toEqual(opened.words);
        expect(closeBits(closed, radius).words).toEqual(closed.words);
      }),
      { numRuns: 50 },
    );
  });
  it('takes a radius in mm on anisotropic voxels', () => {
    const ball = dilateBits(boxBits([41, 41, 11], [20, 20, 5], [20, 20, 5]), { radiusMm: 10, spacing: [1, 1, 4] });
    expect(boundsOfBits(ball)).toEqual({ min: [10, 10, 3], max: [30, 30, 7] });
    expect(Math.abs((countBits(ball) * 4) / ((4 / 3) * Math.PI * 1000) - 1)).toBeLessThan(0.03);
    expect(countBits(erodeBits(ball, { radiusMm: 10, spacing: [1, 1, 4] }))).toBe(1);
  });
});
