import { describe, expect, it } from 'vitest';
import type { Mesh, ReadOptions } from '../../model/index.ts';
import { utf8 } from '../bytes.ts';
import { numberAt, parseNumbers } from '../text-numbers.ts';
import { LENGTH_UNITS, meshHeaderFrom, meshItem, type RawMesh } from './item.ts';
import { TriangleList } from './triangles.ts';

const RAW: RawMesh = {
  positions: Float32Array.of(10, 20, 30, 110, 20, 30, 10, 120, 30),
  triangles: Uint32Array.of(0, 1, 2),
  normals: Float32Array.of(0.6, 0, 0.8, 0, 1, 0, 1, 0, 0),
};

const item = (header = {}, options: ReadOptions = {}, raw = RAW) => meshItem('L4.stl', [raw], header, options, {});
const payload = (...args: Parameters<typeof item>) => item(...args).artifacts[0].payload as Mesh;

describe('frame and unit of a mesh', () => {
  it('is LPS mm when nothing is said', () => {
    expect(payload().positions).toEqual(RAW.positions);
    expect(payload()).toMatchObject({ frame: 'patient', name: 'L4' });
    expect(item().metadata).toMatchObject({ frame: 'LPS, as is usual', unit: 'mm, as is usual', triangles: 1 });
  });

  it('turns RAS half a way around, normals with it', () => {
    const mesh = payload({ space: 'RAS' });
    expect(Array.from(mesh.positions)).toEqual([-10, -20, 30, -110, -20, 30, -10, -120, 30]);
    expect(Array.from(mesh.normals ?? []).slice(0, 3)).toEqual([Math.fround(-0.6), -0, Math.fround(0.8)]);
    expect(mesh.triangles).toEqual(RAW.triangles);
  });

  it('obeys the user before the header', () => {
    expect(payload({ space: 'RAS' }, { choices: { frame: 'LPS' } }).positions).toEqual(RAW.positions);
    const scaled = (unit: string) => payload({ unit: 'cm' }, { choices: { unit } }).positions[0];
    expect(LENGTH_UNITS.map(scaled)).toEqual([10, 100, 10_000, Math.fround(0.01), 254]);
    expect(payload({ unit: 'cm' }).positions[0]).toBe(100);
  });

  it('doubts sizes that cannot be', () => {
    const small = { ...RAW, positions: RAW.positions.map((value) => value / 1000) };
    expect(item({}, {}, small).quality[0]).toMatchObject({ code: 'mesh.unit-doubt', severity: 'doubt' });
    expect(item({ unit: 'm' }, {}, small).quality).toEqual([]);
    const large = { ...RAW, positions: RAW.positions.map((value) => value * 100) };
    expect(item({}, {}, large).quality[0].message).toContain('larger than a person');
  });

  it.each([
    ['3D Slicer output. SPACE=RAS', { space: 'RAS' }],
    ['SPACE=LPS UNIT=mm', { space: 'LPS', unit: 'mm' }],
    ['# Units: Millimeters', { unit: 'mm' }],
    ['# Length unit: cm', { unit: 'cm' }],
    ['# Exported (units = "meters")', { unit: 'm' }],
    ['# Unit is inch', { unit: 'in' }],
    ['a community of unitarians, unit tests', {}],
    ['AEROSPACE=RAS', {}],
  ])('reads %j', (text, header) => {
    expect(meshHeaderFrom(text)).toEqual(header);
  });

  it('names the triangle or vertex that is wrong', () => {
    expect(() => item({}, {}, { ...RAW, triangles: Uint32Array.of(0, 1, 3) })).toThrow(/does not exist/);
    expect(() => item({}, {}, { ...RAW, positions: RAW.positions.map((v, i) => (i === 4 ? Number.NaN : v)) })).toThrow(
      /no position/,
    );
    expect(() => item({}, {}, { ...RAW, triangles: new Uint32Array(0) })).toThrow(/points but no surface/);
  });
});

describe('triangles', () => {
  it('come from polygons and strips with their winding kept', () => {
    const list = new TriangleList();
    list.addPolygon([4, 5, 6, 7, 8], 0, 5);
    list.addStrip([0, 1, 2, 3, 4]);
    expect(Array.from(list.toArray())).toEqual([4, 5, 6, 4, 6, 7, 4, 7, 8, 0, 1, 2, 2, 1, 3, 2, 3, 4]);
  });

  it('cover a polygon that is not convex once, whatever corner it begins with and however it lies', () => {
    // an arrow head: the fan from its tip would be right, from its wings wrong
    const arrow = [0, 0, 10, -6, 4, 0, 10, 6].map((value) => value + 3);
    // a comb of three teeth
    const comb = [0, 0, 7, 0, 7, 5, 6, 1, 5, 5, 4, 1, 3, 5, 2, 1, 0, 5];
    for (const [outline, area] of [
      [arrow, 24],
      [comb, 21],
    ] as const) {
      const count = outline.length / 2;
      for (let axis = 0; axis < 3; axis++) {
        for (let first = 0; first < count; first++) {
          const positions = new Float64Array(count * 3);
          for (let corner = 0; corner < count; corner++) {
            positions[3 * corner + ((axis + 1) % 3)] = outline[2 * corner];
            positions[3 * corner + ((axis + 2) % 3)] = outline[2 * corner + 1];
          }
          const list = new TriangleList();
          const corners = Array.from({ length: count }, (_, index) => (index + first) % count);
          list.addPolygon(corners, 0, count, positions);
          const triangles = list.toArray();
          expect(triangles.length).toBe(3 * (count - 2));
          let covered = 0;
          for (let at = 0; at < triangles.length; at += 3) {
            const [a, b, c] = [0, 1, 2].map((corner) => 2 * triangles[at + corner]);
            const twice =
              (outline[b] - outline[a]) * (outline[c + 1] - outline[a + 1]) -
              (outline[b + 1] - outline[a + 1]) * (outline[c] - outline[a]);
            expect(twice).toBeGreaterThan(0);
            covered += twice / 2;
          }
          expect(covered).toBeCloseTo(area, 9);
        }
      }
    }
  });

  it('come out of polygons that cross themselves or have no area', () => {
    const list = new TriangleList();
    list.addPolygon([0, 1, 2, 3], 0, 4, [0, 0, 0, 10, 10, 0, 10, 0, 0, 0, 10, 0]);
    list.addPolygon([0, 1, 2, 3], 0, 4, [0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0]);
    expect(list.toArray().length).toBe(12);
  });
});

describe('numbers in text', () => {
  it.each([
    '0',
    '-0.5',
    '+3',
    '1.',
    '.25',
    '1e-7',
    '-2.5E+10',
    '123456789012345678',
    '0.1',
    '3.141592653589793',
    '1d3',
    '00012',
  ])('reads %s as JavaScript does', (text) => {
    const bytes = utf8(text);
    expect(numberAt(bytes, 0, bytes.length)).toBe(Number(text.replace('d', 'e')));
  });

  it('reads what is not finite, and refuses what is no number', () => {
    const value = (text: string) => numberAt(utf8(text), 0, text.length);
    expect(value('nan')).toBeNaN();
    expect(value('-inf')).toBe(Number.NEGATIVE_INFINITY);
    for (const text of ['', '-', '.', 'e5', '1e', '0x10', '1_000', '--1', 'nanx', '1.2.3'])
      expect(value(text)).toBeUndefined();
  });

  it('rounds every short decimal correctly', () => {
    for (let index = 0; index < 5000; index++) {
      const text = ((index * 7919) / 10_000 - 300).toFixed(4);
      expect(numberAt(utf8(text), 0, text.length)).toBe(Number(text));
    }
  });

  it('stops at the first thing that is no number', () => {
    const target = new Float32Array(10);
    expect(parseNumbers(utf8(' 1 2\n3\t x 4'), target)).toEqual({ count: 3, end: 8, bad: 8 });
    expect(parseNumbers(utf8('1,2,,3'), target, { separators: ',' })).toMatchObject({ count: 3 });
  });
});
