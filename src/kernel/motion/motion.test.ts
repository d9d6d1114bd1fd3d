import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multiplyMat3, transposeMat3 } from '../linear/index.ts';
import {
  type AxisOrder,
  cardanAngles,
  cardanRotation,
  fillGaps,
  findExcursions,
  frameAlongY,
  prominentPeaks,
  relativeRotation,
  unwrapInPlace,
  zeni2008,
} from './index.ts';

const ORDERS: AxisOrder[] = ['XYZ', 'XZY', 'YXZ', 'YZX', 'ZXY', 'ZYX', 'XYX', 'XZX', 'YXY', 'YZY', 'ZXZ', 'ZYZ'];

describe('angles about moving axes', () => {
  it.each(ORDERS)('%s come back from the rotation they make', (order) => {
    const repeated = order[0] === order[2];
    const outer = fc.double({ min: -3.1, max: 3.1, noNaN: true });
    const middle = fc.double({ min: repeated ? 0.01 : -1.56, max: repeated ? 3.13 : 1.56, noNaN: true });
    fc.assert(
      fc.property(outer, middle, outer, (a, b, c) => {
        const found = cardanAngles(order, cardanRotation(order, [a, b, c]));
        [a, b, c].forEach((angle, at) => {
          expect(found[at]).toBeCloseTo(angle, 7);
        });
      }),
      { numRuns: 60 },
    );
  });

  it.each(ORDERS)('%s still make the same rotation in gimbal lock', (order) => {
    const middles = order[0] === order[2] ? [0, Math.PI] : [Math.PI / 2, -Math.PI / 2];
    for (const middle of middles) {
      const rotation = cardanRotation(order, [0.7, middle, -0.4]);
      const again = cardanRotation(order, cardanAngles(order, rotation));
      again.forEach((value, at) => {
        expect(value).toBeCloseTo(rotation[at], 7);
      });
    }
  });

  it('give NaN for a missing frame', () => {
    const lost = frameAlongY([Number.NaN, 0, 0], [0, 0, 1]);
    expect(cardanAngles('ZXY', lost).every(Number.isNaN)).toBe(true);
  });

  it('keep together over the turn', () => {
    expect([...unwrapInPlace(Float64Array.of(-179, 178, Number.NaN, 170), 360)]).toEqual([
      -179,
      -182,
      Number.NaN,
      -190,
    ]);
  });
});

describe('segment frames', () => {
  const vector = fc.tuple(
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
  );
  it('are proper rotations that hold the axis they promise', () => {
    fc.assert(
      fc.property(vector, vector, (a, b) => {
        const cross = Math.hypot(a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]);
        fc.pre(cross > 1e-3);
        const y = frameAlongY(a, b);
        const unity = multiplyMat3(y, transposeMat3(y));
        [1, 0, 0, 0, 1, 0, 0, 0, 1].forEach((value, at) => {
          expect(unity[at]).toBeCloseTo(value, 9);
        });
        expect(y[1] * a[0] + y[4] * a[1] + y[7] * a[2]).toBeCloseTo(Math.hypot(...a), 9);
      }),
    );
  });

  it('do not see the frame of the room', () => {
    const turn = cardanRotation('XYZ', [0.3, -1, 2]);
    const [a, b] = [cardanRotation('ZXY', [0.2, 0.1, 0.5]), cardanRotation('ZXY', [-0.4, 0.6, 0.1])];
    const here = relativeRotation(a, b);
    relativeRotation(multiplyMat3(turn, a), multiplyMat3(turn, b)).forEach((value, at) => {
      expect(value).toBeCloseTo(here[at], 12);
    });
  });
});

describe('gaps', () => {
  it('are bridged along a parabola nearly without error, and left open when long or at an end', () => {
    const track = Float64Array.from({ length: 30 }, (_, i) => (i - 12) ** 2);
    const holes = track.slice();
    for (const i of [0, 8, 9, 10, 20, 21, 22, 23, 24, 25, 29]) holes[i] = Number.NaN;
    const report = fillGaps(holes, 4);
    expect(report).toEqual({ filled: 3, bridged: 1, missing: 8, longest: 6 });
    for (const i of [8, 9, 10]) expect(Math.abs(holes[i] - track[i])).toBeLessThan(1.01);
    expect(Number.isNaN(holes[20]) && Number.isNaN(holes[0]) && Number.isNaN(holes[29])).toBe(true);
  });
  it('of one track leave its neighbours alone', () => {
    const xyz = Float64Array.of(0, 9, 9, Number.NaN, 9, Number.NaN, 2, 9, 9);
    expect(fillGaps(xyz, 1, 3, 0).filled).toBe(1);
    expect(xyz[3]).toBeCloseTo(1, 12);
    expect(Number.isNaN(xyz[5])).toBe(true);
  });
});

describe('cycles', () => {
  const curve = Float64Array.from({ length: 1000 }, (_, i) => 50 * (1 - Math.cos((2 * Math.PI * i) / 200)));
  it('are counted with start, peak and end', () => {
    const reps = findExcursions(curve, 20);
    expect(reps.map(({ peak }) => peak)).toEqual([100, 300, 500, 700, 900]);
    expect(reps.slice(0, 4).every(({ complete, amplitude }) => complete && Math.abs(amplitude - 100) < 0.1)).toBe(true);
    expect(curve[reps[1].start]).toBeLessThan(5.1);
    expect(curve[reps[1].end]).toBeLessThan(5.1);
  });
  it('ignore ripples and half movements', () => {
    const rippled = curve.map((value, i) => value + 2 * Math.sin(i));
    expect(findExcursions(rippled, 20).length).toBe(5);
    expect(findExcursions(curve.slice(0, 60), 20)).toEqual([]);
  });
  it('peaks too close to a higher one go', () => {
    expect(prominentPeaks([0, 5, 0, 6, 0], 1, 3).map(({ value }) => value)).toEqual([6]);
    expect(prominentPeaks([0, 4, 4, 4, 0], 1).map(({ index }) => index)).toEqual([2]);
  });
  it('steps of a foot that swings and stands', () => {
    const rate = 100;
    const ahead = (shift: number) =>
      Float64Array.from({ length: 500 }, (_, i) => 300 * Math.sin((2 * Math.PI * (i / rate - shift)) / 1.1));
    const { strikes, lifts } = zeni2008(ahead(0), ahead(0.1), 60);
    expect(strikes[0] / rate).toBeCloseTo(1.1 / 4, 1);
    expect(lifts[0] / rate).toBeCloseTo(0.1 + (3 * 1.1) / 4, 1);
    expect(strikes.length).toBe(5);
  });
});
