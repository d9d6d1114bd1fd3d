import { describe, expect, it } from 'vitest';
import type { Table } from '../../model/index.ts';
import { cobbFromLandmarks, measureFilm, measureFilms, readFilms } from './index.ts';

/** Corners of a column of boxes whose tilts are given; image y grows downwards. */
function film(tiltsDeg: number[], lateral: number[] = [], width = 1000, height = 2500) {
  const x: number[] = [];
  const y: number[] = [];
  tiltsDeg.forEach((tilt, k) => {
    const [c, s] = [Math.cos((tilt * Math.PI) / 180), Math.sin((tilt * Math.PI) / 180)];
    const [cx, cy] = [500 + (lateral[k] ?? 0), 200 + 120 * k];
    for (const [dx, dy] of [
      [-60, -40],
      [60, -40],
      [-60, 40],
      [60, 40],
    ]) {
      x.push(cx + c * dx - s * dy);
      y.push(cy + s * dx + c * dy);
    }
  });
  return { x, y, width, height };
}

function landmarkTable(films: ReturnType<typeof film>[], headerless = false): Table {
  const rows = films.map((f) => [...f.x.map((v) => v / f.width), ...f.y.map((v) => v / f.height)]);
  const width = rows[0].length;
  if (!headerless)
    return { columns: Array.from({ length: width }, (_, c) => ({ name: `c${c}`, values: rows.map((r) => r[c]) })) };
  return {
    columns: Array.from({ length: width }, (_, c) => ({
      name: String(rows[0][c]),
      values: rows.slice(1).map((r) => r[c]),
    })),
  };
}

function sizeTable(films: ReturnType<typeof film>[]): Table {
  return {
    columns: [
      { name: 'filename', values: films.map((_, i) => `film${i}.jpg`) },
      { name: 'width', values: films.map((f) => f.width) },
      { name: 'height', values: films.map((f) => f.height) },
    ],
  };
}

/** Bulges to the image left, as vertebrae that lean right above and left below do. */
const C_CURVE = film([20, 15, 8, 0, -6, -12, -15], [0, -38, -62, -70, -64, -45, -16]);

describe('film landmarks', () => {
  it('finds the prescribed angle, end vertebrae, apex and side', () => {
    const [read] = readFilms(landmarkTable([C_CURVE]), sizeTable([C_CURVE]));
    const angles = measureFilm(read);
    expect(angles.angle1.deg).toBeCloseTo(35, 9);
    expect([angles.angle1.upper, angles.angle1.lower, angles.angle1.apex]).toEqual([0, 6, 3]);
    expect(angles.angle1.bulge).toBe('image-left');
    expect(angles.sShaped).toBe(false);
    expect([angles.angle2?.deg, angles.angle3?.deg]).toEqual([0, 0]);
  });

  it('measures three curves of an S whose main curve lies in the upper half', () => {
    const s = film([-10, 0, 22, 10, -8, -18, -5, 4, 9], [0, -20, -30, 10, 40, 40, 20, 0, 5], 1000, 2500);
    const angles = measureFilm(readFilms(landmarkTable([s]), sizeTable([s]))[0]);
    expect(angles.sShaped).toBe(true);
    expect(angles.angle1.deg).toBeCloseTo(40, 9);
    expect(angles.angle2?.deg).toBeCloseTo(32, 9);
    expect(angles.angle3?.deg).toBeCloseTo(27, 9);
  });

  it('refuses shares of the image without sizes', () => {
    expect(() => measureFilms(landmarkTable([C_CURVE]))).toThrow(/image sizes/);
  });

  it('goes wrong by degrees when the aspect ratio is left out, which is why it refuses', () => {
    const square = { ...C_CURVE, width: 1000, height: 1000 };
    const wrong = measureFilm(readFilms(landmarkTable([C_CURVE]), sizeTable([square]))[0]);
    expect(Math.abs(wrong.angle1.deg - 35)).toBeGreaterThan(5);
  });

  it('takes pixels as they are and leaves out what needs the image height', () => {
    const pixels: Table = {
      columns: [...C_CURVE.x, ...C_CURVE.y].map((value, i) => ({ name: `p${i}`, values: [value] })),
    };
    expect(measureFilms(pixels).columns.find((c) => c.name === 'cobb1')?.values[0]).toBeCloseTo(35, 3);
    const s = film([-10, 0, 22, 10, -8, -18, -5], [0, -20, -30, 10, 40, 40, 0]);
    const sPixels: Table = { columns: [...s.x, ...s.y].map((value, i) => ({ name: `p${i}`, values: [value] })) };
    const table = measureFilms(sPixels);
    expect(table.columns.find((c) => c.name === 'cobb1')?.values[0]).toBeCloseTo(40, 3);
    expect(table.columns.find((c) => c.name === 'cobb3')?.values[0]).toBeNull();
  });

  it('gives back the film that a reader took for a header', () => {
    const films = [C_CURVE, film([5, 0, -5, -9]), C_CURVE].map((f) => (f.x.length === C_CURVE.x.length ? f : C_CURVE));
    const table = measureFilms(landmarkTable(films, true), sizeTable(films));
    expect(table.columns[0].values).toEqual(['film0.jpg', 'film1.jpg', 'film2.jpg']);
    expect(table.columns[1].values.every((value) => Math.abs(Number(value) - 35) < 1e-3)).toBe(true);
  });

  it('names row and remedy of a broken row', () => {
    const table = landmarkTable([C_CURVE, C_CURVE]);
    table.columns[3].values[1] = null;
    expect(() => measureFilms(table, sizeTable([C_CURVE, C_CURVE]))).toThrow(/Film 2/);
    expect(() => measureFilms(landmarkTable([C_CURVE, C_CURVE]), sizeTable([C_CURVE]))).toThrow(/different numbers/);
  });

  it('speaks in features for one film and in a table for many', async () => {
    const ctx = { signal: new AbortController().signal, progress() {}, log() {}, rng: () => 0.5 };
    const run = (n: number) =>
      cobbFromLandmarks.run(
        ctx,
        {
          landmarks: { kind: 'table.landmarks2d', payload: landmarkTable(Array(n).fill(C_CURVE)) },
          sizes: { kind: 'table.record', payload: sizeTable(Array(n).fill(C_CURVE)) },
        },
        { coordinates: 'auto' },
      );
    expect((await run(1)).features.map((f) => f.level)).toEqual(['V1-V7', 'V1-V1', 'V7-V7']);
    expect((await run(3)).features).toEqual([]);
  });
});
