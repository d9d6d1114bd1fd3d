import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../kernel/index.ts';
import type { Labelmap, Mat3, Vec3 } from '../../../model/index.ts';
import { findCanal } from './canal.ts';
import { cropCentroid, cropLabel, largestPiece, touchesVolumeFace } from './crop.ts';
import { frameFrom, ijkToLocal, toLocal, toPatient } from './local-frame.ts';
import { canalMidline } from './midline.ts';
import { scanLabels } from './regions.ts';
import { findPosteriorWall, splitAtWall, wallAt } from './split.ts';

function emptyMap(size: [number, number, number], spacing: Vec3 = [1, 1, 1], direction?: Mat3): Labelmap {
  return {
    size,
    spacing,
    origin: [0, 0, 0],
    direction: direction ?? [1, 0, 0, 0, 1, 0, 0, 0, 1],
    data: new Uint8Array(size[0] * size[1] * size[2]),
    labels: [{ value: 1, name: 'L3', level: 'L3', structure: 'vertebra' }],
  };
}

/** A body with a ring behind it: body 40×30×24, canal of radius 9 centred 26 mm behind the body's middle, wall 6 mm thick. */
function ringVertebra(shiftMm = 0): Labelmap {
  const map = emptyMap([70, 90, 44]);
  const [cx, cy, cz] = [35 + shiftMm, 30, 22];
  for (let k = 0; k < 44; k++) {
    for (let j = 0; j < 90; j++) {
      for (let i = 0; i < 70; i++) {
        const [x, y, z] = [i - cx, j - cy, k - cz];
        const body = Math.abs(x) <= 20 && Math.abs(y) <= 15 && Math.abs(z) <= 12;
        const r = Math.hypot(x, y - 26);
        const arch = r >= 9 && r < 15 && y > 15 && (Math.abs(x) >= 9 || y > 26) && z > 0 && z < 11;
        const lamina = r >= 9 && r < 15 && y > 28 && Math.abs(z) < 11;
        if (body || arch || lamina) map.data[i + 70 * (j + 90 * k)] = 1;
      }
    }
  }
  return map;
}

const upright = (origin: Vec3) => frameFrom(origin, [0, 0, 1], [0, -1, 0]);

describe('regions', () => {
  it('count like a voxel-by-voxel scan, in any map', () => {
    const random = createRandom(3);
    for (let trial = 0; trial < 20; trial++) {
      const map = emptyMap([random.int(1, 9), random.int(1, 9), random.int(1, 9)]);
      for (let i = 0; i < map.data.length; i++) map.data[i] = random.int(0, 3);
      const found = scanLabels(map, [1, 3]);
      for (const value of [1, 3]) {
        let [n, sum, border] = [0, 0, 0];
        const [nx, ny, nz] = map.size;
        for (let k = 0; k < nz; k++)
          for (let j = 0; j < ny; j++)
            for (let i = 0; i < nx; i++) {
              if (map.data[i + nx * (j + ny * k)] !== value) continue;
              n++;
              sum += i;
              const faces = [i, nx - 1 - i, j, ny - 1 - j, k, nz - 1 - k];
              if (Math.min(...faces) === 0) border += 1;
            }
        const region = found.get(value);
        expect(region?.voxels ?? 0).toBe(n);
        if (!region) continue;
        expect(region.centroidIjk[0]).toBeCloseTo(sum / n, 12);
        expect(region.borderVoxels > 0).toBe(border > 0);
      }
      expect(found.has(2)).toBe(false);
    }
  });

  it('keep the largest piece and see the faces of the volume', () => {
    const map = emptyMap([12, 12, 12]);
    for (let i = 0; i < 5; i++) for (let j = 0; j < 5; j++) map.data[3 + i + 12 * (3 + j + 12 * 6)] = 1;
    map.data[11 + 12 * (11 + 12 * 11)] = 1;
    const region = scanLabels(map, [1]).get(1);
    if (!region) throw new Error('no region');
    const crop = cropLabel(map, region);
    expect(touchesVolumeFace(crop)).toBe(true);
    const { crop: kept, dropped } = largestPiece(crop);
    expect(dropped).toBe(1);
    expect(touchesVolumeFace(kept)).toBe(false);
    expect(cropCentroid(kept)).toEqual([5, 5, 6]);
  });
});

describe('local frames', () => {
  it('take voxels where patient coordinates take them', () => {
    const map = emptyMap([5, 6, 7], [0.7, 1.3, 2], [0, 0, -1, 1, 0, 0, 0, -1, 0]);
    const frame = frameFrom([3, -2, 5], [0.1, 0.2, 1], [0.3, -1, 0]);
    const m = ijkToLocal(map, [1, 2, 3], frame);
    const p: Vec3 = [-2 * 6, 0.7 * 3, -1.3 * 4];
    const expected = toLocal(frame, p);
    for (let r = 0; r < 3; r++) {
      expect(m[4 * r] * 2 + m[4 * r + 1] * 2 + m[4 * r + 2] * 3 + m[4 * r + 3]).toBeCloseTo(expected[r], 10);
    }
    const back = toPatient(frame, ...expected);
    back.forEach((v, a) => {
      expect(v).toBeCloseTo(p[a], 10);
    });
  });
});

describe('canal and body', () => {
  const map = ringVertebra();
  const region = scanLabels(map, [1]).get(1);
  if (!region) throw new Error('no region');
  const crop = cropLabel(map, region);
  const frame = upright([35, 30, 22]);

  it('finds the hole that no single slice encloses', () => {
    const canal = findCanal(crop, frame);
    expect(canal?.u).toBeCloseTo(0, 0);
    // the circle of the arch and the gap before it, down to the back of the body
    expect(Math.abs((canal?.v ?? 0) + 24.7)).toBeLessThan(0.5);
    expect(Math.abs((canal?.halfWidth ?? 0) - 9)).toBeLessThan(1.2);
    expect(canal?.closing).toBe(0);
  });

  it('puts the midline within a third of a voxel for walls along the grid, the worst there are', () => {
    for (const shift of [0, 0.21, 0.5, 0.83]) {
      const shifted = ringVertebra(shift);
      const own = scanLabels(shifted, [1]).get(1);
      if (!own) throw new Error('no region');
      const piece = cropLabel(shifted, own);
      const canal = findCanal(piece, frame);
      if (!canal) throw new Error('no canal');
      expect(Math.abs((canalMidline(piece, frame, canal)?.u ?? 9) - shift)).toBeLessThan(0.35);
    }
  });

  it('parts body and arch at the posterior wall', () => {
    const canal = findCanal(crop, frame);
    if (!canal) throw new Error('no canal');
    const wall = findPosteriorWall(crop, frame, canal);
    if (!wall) throw new Error('no wall');
    expect(wallAt(wall, 0, 0)).toBeCloseTo(-15.5, 0);
    const { body, arch } = splitAtWall(crop, frame, wall);
    expect(body.voxels + arch.voxels).toBe(crop.voxels);
    expect(Math.abs(body.voxels / (41 * 31 * 25) - 1)).toBeLessThan(0.01);
  });

  it('finds no canal where the label is a body alone', () => {
    const { body } = splitAtWall(crop, frame, {
      contour: Float64Array.of(-15.5, -15.5),
      first: -30,
      step: 60,
      lean: 0,
      middle: 0,
      found: 1,
    });
    expect(findCanal(body, frame)).toBeUndefined();
  });
});
