/** The numeric kernels beside SciPy, scikit-image and VTK on the same arrays (`kernel.py`), where those are installed. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mat3, Size3 } from '../../src/kernel/index.ts';
import {
  bitsToMask,
  buildTriangleTree,
  createRandom,
  dilateBits,
  distanceTransform,
  erodeBits,
  fillHoles,
  fitSmoothingSpline,
  gaussianSmooth,
  isosurface,
  labelComponents,
  mad,
  maskToBits,
  median3,
  meshArea,
  meshVolume,
  multiplyMat3,
  normalQuantile,
  quantile,
  sampleTrilinear,
  smoothSinc,
  svd3,
  symmetricEigen3,
  transposeMat3,
  watershed,
} from '../../src/kernel/index.ts';

const PYTHON = process.env.MSDT_PYTHON ?? '/usr/bin/python3';
const SCRIPT = fileURLToPath(new URL('./kernel.py', import.meta.url));
const present = spawnSync(PYTHON, ['-c', 'import scipy, skimage, vtk']).status === 0;
const reason = present ? '' : ` (skipped: ${PYTHON} has not all of scipy, skimage, vtk)`;

const SIZE: Size3 = [47, 38, 29];
const SPACING = [0.78, 0.78, 1.25] as const;
const COUNT = SIZE[0] * SIZE[1] * SIZE[2];

function makeInput() {
  const rng = createRandom(20240607);
  const grey = Int16Array.from({ length: COUNT }, () => rng.int(-1000, 1500));
  const rough = Float32Array.from({ length: COUNT }, () => rng.normal());
  const smooth = gaussianSmooth(rough, SIZE, [2, 2, 2]);
  const mask = smooth.map((v) => (v > 0.02 ? 1 : 0));
  const points = Float32Array.from({ length: 3 * 1000 }, (_, i) => rng.uniform() * (SIZE[i % 3] - 1));
  const markers = new Int32Array(COUNT);
  for (let k = 1; k <= 40; k++) markers[rng.int(0, COUNT - 1)] = k;
  const curveT = Array.from({ length: 24 }, (_, i) => 10 * i + 3 * rng.uniform());
  const task = {
    size: SIZE,
    spacing: SPACING,
    sigma: [1.2, 2, 0.8] as const,
    ball: [3, 3, 2] as const,
    iso: 0.0313,
    outside: -1,
    curveT,
    curve: curveT.flatMap((t) => [40 * Math.sin(t / 60), 20 * Math.cos(t / 35) + rng.normal(), t]),
    curveW: curveT.map(() => 0.5 + rng.uniform()),
    curveAt: [curveT[0], 17.3, 101.25, curveT[11], curveT[22] + 0.5],
    lambda: 250,
    values: Array.from({ length: 77 }, () => rng.normal(5, 30)),
    probabilities: [0, 0.01, 0.025, 0.3, 0.5, 0.77, 0.975, 0.999, 1],
    matrix: Array.from({ length: 9 }, () => rng.normal(0, 10)),
  };
  return { grey, smooth, mask: Uint8Array.from(mask), points, markers, task };
}

describe.skipIf(!present)(`kernels beside SciPy, scikit-image and VTK${reason}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'msdt-kernel-'));
  const { grey, smooth, mask, points, markers, task } = makeInput();
  const bits = maskToBits(mask, SIZE);
  let numbers: Record<string, never>;

  beforeAll(() => {
    writeFileSync(join(folder, 'input.json'), JSON.stringify(task));
    const arrays = {
      'grey.i16': grey,
      'smooth.f32': smooth,
      'mask.u8': mask,
      'points.f32': points,
      'markers.i32': markers,
    };
    for (const [name, array] of Object.entries(arrays)) writeFileSync(join(folder, name), array);
    const done = spawnSync(PYTHON, [SCRIPT, folder], { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(done.stderr);
    numbers = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const expected = <T>(name: string, Kind: new (buffer: ArrayBuffer) => T): T => {
    const file = readFileSync(join(folder, `expected.${name}`));
    return new Kind(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer);
  };
  const worst = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    expect(a.length).toBe(b.length);
    let most = 0;
    for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
    return most;
  };

  it('distances equal SciPy to single precision', () => {
    expect(worst(distanceTransform(mask, SIZE, SPACING), expected('distance.f32', Float32Array))).toBeLessThan(1e-5);
  });
  it('Gaussian and median equal SciPy', () => {
    // values to 1500 stored in single precision after each of three passes
    expect(worst(gaussianSmooth(grey, SIZE, task.sigma), expected('gauss.f32', Float32Array))).toBeLessThan(1e-3);
    expect(median3(grey, SIZE)).toEqual(expected('median.i16', Int16Array));
  });
  it('components equal SciPy, numbers included', () => {
    for (const connectivity of [6, 26] as const) {
      const found = labelComponents(bits, connectivity);
      expect(found.count).toBe(numbers[`components${connectivity}`]);
      expect(Int32Array.from(found.toLabels())).toEqual(expected(`labels${connectivity}.i32`, Int32Array));
    }
  });
  it('hole filling, dilation and erosion with a ball equal SciPy', () => {
    expect(bitsToMask(fillHoles(bits))).toEqual(expected('filled.u8', Uint8Array));
    expect(bitsToMask(dilateBits(bits, task.ball))).toEqual(expected('dilated.u8', Uint8Array));
    expect(bitsToMask(erodeBits(bits, task.ball))).toEqual(expected('eroded.u8', Uint8Array));
  });
  it('trilinear values equal SciPy within 1e-3 grey levels', () => {
    expect(worst(sampleTrilinear(grey, SIZE, points, 0), expected('sampled.f32', Float32Array))).toBeLessThan(1e-3);
  });
  it('watershed agrees with scikit-image but for voxels its 4096 height levels cannot tell apart', () => {
    const theirs = expected('basins.i32', Int32Array);
    const ours = watershed(smooth, markers, SIZE);
    let same = 0;
    for (let i = 0; i < COUNT; i++) if (ours[i] === theirs[i]) same++;
    expect(same / COUNT).toBeGreaterThan(0.98);
  });
  it('isosurface has the vertices and triangles of VTK flying edges', () => {
    const surface = isosurface(smooth, SIZE, task.iso);
    expect(surface.positions.length / 3).toBe(numbers.isoPoints);
    expect(surface.triangles.length / 3).toBe(numbers.isoTriangles);
    const sorted = (p: Float32Array) =>
      Array.from({ length: p.length / 3 }, (_, i) => [p[3 * i], p[3 * i + 1], p[3 * i + 2]]).sort(
        (a, b) => cell(a) - cell(b) || a[2] - b[2] || a[1] - b[1] || a[0] - b[0],
      );
    const cell = (a: number[]) => Math.floor(a[0]) + 64 * (Math.floor(a[1]) + 64 * Math.floor(a[2]));
    // ours keep 1/1024 of an edge away from the voxels
    const tree = sorted(expected('isoPoints.f32', Float32Array));
    sorted(surface.positions).forEach((p, i) => {
      expect(Math.hypot(...p.map((v, d) => v - tree[i][d]))).toBeLessThan(0.002);
    });
  });
  it('closed surface, its volume, area and smoothing agree with VTK', () => {
    const surface = isosurface(smooth, SIZE, task.iso, { closeBorders: true, outside: task.outside });
    expect(surface.triangles.length / 3).toBe(numbers.closedTriangles);
    // the cell tables cut the same loops into other triangles
    expect(Math.abs(meshVolume(surface) / numbers.volume - 1)).toBeLessThan(2e-3);
    expect(Math.abs(meshArea(surface) / numbers.area - 1)).toBeLessThan(5e-3);
    const soft = smoothSinc(surface);
    expect(Math.abs(meshVolume(soft) / numbers.sincVolume - 1)).toBeLessThan(5e-3);
    expect(Math.abs(meshArea(soft) / numbers.sincArea - 1)).toBeLessThan(1e-2);
    const tree = buildTriangleTree(surface);
    (numbers.distances as number[]).forEach((d, i) => {
      const p = points.subarray(3 * i, 3 * i + 3);
      // other diagonals in the cells: the surfaces differ by a few hundredths of a voxel
      expect(Math.abs((tree.closestPoint([p[0], p[1], p[2]])?.distance ?? 99) - d)).toBeLessThan(0.15);
    });
  });
  it('smoothing spline and its derivatives equal SciPy', () => {
    const curve = fitSmoothingSpline(task.curve, { t: task.curveT, weights: task.curveW, lambda: task.lambda });
    for (const order of [0, 1, 2, 3] as const) {
      task.curveAt.forEach((t, i) => {
        // third derivatives jump at a knot: there either side is right
        if (order === 3 && task.curveT.includes(t)) return;
        expect(worst(curve.at(t, order), (numbers.curve as number[][][])[order][i])).toBeLessThan(1e-9);
      });
    }
  });
  it('quantiles, spread, normal quantiles, singular and eigenvalues equal NumPy and SciPy', () => {
    expect(
      worst(
        task.probabilities.map((p) => quantile(task.values, p)),
        numbers.quantiles,
      ),
    ).toBeLessThan(1e-12);
    expect(mad(task.values)).toBeCloseTo(numbers.mad, 12);
    const inner = task.probabilities.filter((p) => p > 0 && p < 1);
    expect(worst(inner.map(normalQuantile), numbers.normal)).toBeLessThan(1e-12);
    const m = task.matrix as unknown as Mat3;
    expect(worst(svd3(m).s, numbers.singular)).toBeLessThan(1e-12);
    expect(worst(symmetricEigen3(multiplyMat3(m, transposeMat3(m))).values, numbers.eigen)).toBeLessThan(1e-10);
  });
});
