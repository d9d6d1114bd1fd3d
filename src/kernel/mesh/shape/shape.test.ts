import { describe, expect, it } from 'vitest';
import { pointBounds } from '../../cloud/index.ts';
import { createRandom } from '../../stats/index.ts';
import type { Size3 } from '../../volume/types.ts';
import { isosurface } from '../extract/isosurface.ts';
import { edgeReport } from '../query/topology.ts';
import type { Surface } from '../surface.ts';
import { meshArea, meshVolume } from '../surface.ts';
import { vertexNeighbours } from './neighbours.ts';
import { simplify } from './simplify.ts';
import { sincWeights, smoothSinc, smoothTaubin } from './smooth.ts';

const SIZE: Size3 = [45, 45, 45];
const RADIUS = 18;
const CENTRE = 22;

/** A ball of yes-or-no voxels: its surface has steps that smoothing should remove. */
function steppedBall(): Surface {
  const data = new Uint8Array(45 ** 3);
  for (let i = 0; i < data.length; i++) {
    const [x, y, z] = [i % 45, Math.floor(i / 45) % 45, Math.floor(i / 2025)];
    data[i] = Math.hypot(x - CENTRE, y - CENTRE, z - CENTRE) <= RADIUS ? 1 : 0;
  }
  return isosurface(data, SIZE, 1);
}

function roughness(surface: Surface): number {
  const p = surface.positions;
  let [sum, square] = [0, 0];
  for (let i = 0; i < p.length; i += 3) {
    const r = Math.hypot(p[i] - CENTRE, p[i + 1] - CENTRE, p[i + 2] - CENTRE);
    sum += r;
    square += r * r;
  }
  const n = p.length / 3;
  return Math.sqrt(Math.max(0, square / n - (sum / n) ** 2));
}

const BALL = steppedBall();

describe('smoothing', () => {
  it.each([
    ['taubin', (s: Surface) => smoothTaubin(s)],
    ['sinc', (s: Surface) => smoothSinc(s)],
  ])('%s removes the steps and keeps the volume within one per cent', (_, smooth) => {
    const out = smooth(BALL);
    expect(roughness(out)).toBeLessThan(0.55 * roughness(BALL));
    expect(Math.abs(meshVolume(out) / meshVolume(BALL) - 1)).toBeLessThan(0.01);
    expect(meshArea(out)).toBeLessThan(meshArea(BALL));
    expect(out.triangles).toBe(BALL.triangles);
    expect(BALL.positions).toEqual(steppedBall().positions);
  });
  it('moves with the surface: smoothing a shifted surface is the shifted smooth surface', () => {
    const shifted = { positions: BALL.positions.map((v) => v + 300), triangles: BALL.triangles };
    const here = smoothSinc(BALL).positions;
    const there = smoothSinc(shifted).positions;
    for (let i = 0; i < here.length; i++) expect(Math.abs(there[i] - here[i] - 300)).toBeLessThan(2e-3);
  });
  it('leaves an open border and fixed vertices where they are, and moves no vertex past the limit', () => {
    const rng = createRandom(1);
    const data = Int16Array.from({ length: 20 ** 3 }, () => rng.int(0, 1000));
    const open = isosurface(data, [20, 20, 20], 600);
    const { border } = vertexNeighbours(open);
    const fixed = Uint8Array.from({ length: open.positions.length / 3 }, (_, i) => (i % 5 === 0 ? 1 : 0));
    for (const out of [smoothTaubin(open, { fixed, maxMove: 0.1 }), smoothSinc(open, { fixed, maxMove: 0.1 })]) {
      let moved = 0;
      for (let v = 0; v < fixed.length; v++) {
        const d = Math.hypot(...[0, 1, 2].map((k) => out.positions[3 * v + k] - open.positions[3 * v + k]));
        if (fixed[v] || border?.[v]) expect(d).toBe(0);
        expect(d).toBeLessThan(0.1 + 1e-5);
        if (d > 0.01) moved++;
      }
      expect(moved).toBeGreaterThan(fixed.length / 3);
    }
  });
  it('writes in place when asked', () => {
    const own = { positions: BALL.positions.slice(), triangles: BALL.triangles };
    expect(smoothTaubin(own, { inPlace: true })).toBe(own);
    expect(own.positions).toEqual(smoothTaubin(BALL).positions);
  });
  it('passes low frequencies in full and stops high ones', () => {
    const w = sincWeights(20, 0.1);
    const at = (k: number) => w.reduce((a, v, n) => a + v * Math.cos(n * Math.acos(1 - k / 2)), 0);
    expect(at(0)).toBeCloseTo(1, 12);
    for (const k of [0.01, 0.03, 0.06, 0.1]) expect(Math.abs(at(k) - 1)).toBeLessThan(0.03);
    for (const k of [0.6, 1, 1.5, 2]) expect(Math.abs(at(k))).toBeLessThan(0.01);
  });
});

describe('vertexNeighbours', () => {
  it('lists each neighbour once and in both directions, also on open and branching surfaces', () => {
    const fin = { positions: new Float32Array(15), triangles: new Uint32Array([0, 1, 2, 1, 0, 3, 0, 1, 4]) };
    for (const surface of [BALL, fin]) {
      const { starts, list } = vertexNeighbours(surface);
      const pairs = new Set<string>();
      for (let v = 0; v + 1 < starts.length; v++) {
        for (let i = starts[v]; i < starts[v + 1]; i++) pairs.add(`${v} ${list[i]}`);
      }
      expect(pairs.size).toBe(list.length);
      for (const pair of pairs) expect(pairs.has(pair.split(' ').reverse().join(' '))).toBe(true);
    }
    expect(vertexNeighbours(BALL).border).toBeUndefined();
    expect([...(vertexNeighbours(fin).border ?? [])]).toEqual([1, 1, 1, 1, 1]);
  });
});

describe('simplify', () => {
  it('leaves a rough surface closed however far it goes', async () => {
    const rng = createRandom(5);
    const data = Int16Array.from({ length: 30 ** 3 }, () => rng.int(0, 1000));
    const rough = isosurface(data, [30, 30, 30], 800, { closeBorders: true });
    for (const share of [0.5, 0.2, 0.05]) {
      const few = await simplify(rough, (share * rough.triangles.length) / 3);
      expect(edgeReport(few)).toMatchObject({ closed: true, nonManifoldEdges: 0 });
    }
  });
  it('reaches the wanted number, stays closed and keeps the volume', async () => {
    const smooth = smoothSinc(BALL);
    const few = await simplify(smooth, 800);
    expect(few.triangles.length / 3).toBeLessThanOrEqual(800);
    expect(few.triangles.length / 3).toBeGreaterThan(700);
    expect(edgeReport(few).closed).toBe(true);
    expect(Math.abs(meshVolume(few) / meshVolume(smooth) - 1)).toBeLessThan(0.01);
    expect(Math.max(...few.triangles)).toBe(few.positions.length / 3 - 1);
  });
  it('stops at the error limit and leaves its input alone', async () => {
    const before = BALL.triangles.slice();
    const strict = await simplify(BALL, 100, { errorMm: 0.05 });
    expect(strict.triangles.length / 3).toBeGreaterThan(1000);
    expect(BALL.triangles).toEqual(before);
    const right = (surface: Surface) => pointBounds([surface.positions]).max[0];
    expect(Math.abs(right(strict) - right(BALL))).toBeLessThan(0.1);
    expect(
      (await simplify({ positions: new Float32Array(0), triangles: new Uint32Array(0) }, 10)).triangles.length,
    ).toBe(0);
  });
});
