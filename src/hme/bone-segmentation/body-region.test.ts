import { describe, expect, it } from 'vitest';
import { countBits, getBit } from '../../kernel/index.ts';
import { type Grid, ijkToXyz, type Labelmap, type Mat3, xyzToIjk } from '../../model/index.ts';
import { regionFromLabels } from './body-region.ts';

const turn = (angle: number): Mat3 => [
  Math.cos(angle),
  -Math.sin(angle),
  0,
  Math.sin(angle),
  Math.cos(angle),
  0,
  0,
  0,
  1,
];

function ball(direction: Mat3, spacing: [number, number, number]): Labelmap {
  const size: [number, number, number] = [40, 44, 30];
  const grid: Grid = { size, spacing, direction, origin: [-50, -40, -35] };
  const data = new Uint8Array(size[0] * size[1] * size[2]);
  for (let at = 0; at < data.length; at++) {
    const place = ijkToXyz(grid, [
      at % size[0],
      Math.floor(at / size[0]) % size[1],
      Math.floor(at / (size[0] * size[1])),
    ]);
    if (Math.hypot(place[0] - 3, place[1] - 5, place[2]) < 25) data[at] = 1;
  }
  return { ...grid, data, labels: [] };
}

describe('body region', () => {
  it.each([
    ['parallel', 0],
    ['turned', 0.3],
  ])('takes the nearest voxel of a %s grid', (_, angle) => {
    const labels = ball(turn(angle), [2.5, 2.5, 2.5]);
    const grid: Grid = { size: [70, 60, 50], spacing: [1.1, 1.3, 1.7], origin: [-40, -35, -40], direction: turn(0) };
    const bits = regionFromLabels(labels, grid);
    expect(countBits(bits)).toBeGreaterThan(10_000);
    for (let n = 0; n < 4000; n++) {
      const [i, j, k] = [(n * 37) % 70, (n * 17) % 60, (n * 7) % 50];
      const there = xyzToIjk(labels, ijkToXyz(grid, [i, j, k])).map((value, a) => {
        return Math.min(labels.size[a] - 1, Math.max(0, Math.round(value)));
      });
      const value = labels.data[there[0] + labels.size[0] * (there[1] + labels.size[1] * there[2])];
      expect(getBit(bits, i, j, k)).toBe(value === 1);
    }
  });
});
