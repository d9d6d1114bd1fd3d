import { describe, expect, it } from 'vitest';
import { buildChannel } from '../../recording/pyramid.ts';
import { forceAt, forceScale, greatestForce, type PlateChannel, platesOf } from './plate-forces.ts';

const time = { clock: 'own', startS: 0, rateHz: 10, count: 3 };
const channel = (sensor: string, quantity: 'force' | 'pressure-centre', axis: 'x' | 'y' | 'z', values: number[]) =>
  ({
    info: { sensor, quantity, axis },
    time,
    map: undefined,
    channel: buildChannel(Float32Array.from(values)),
  }) satisfies PlateChannel;
const channels = [
  channel('FP1', 'force', 'x', [0, 30, 0]),
  channel('FP1', 'force', 'y', [0, -40, 0]),
  channel('FP1', 'force', 'z', [0, 500, 5]),
  channel('FP1', 'pressure-centre', 'x', [Number.NaN, 100, 100]),
  channel('FP1', 'pressure-centre', 'y', [Number.NaN, 200, 200]),
  channel('FP1', 'pressure-centre', 'z', [Number.NaN, 0, 0]),
  channel('FP2', 'force', 'x', [1, 2, 3]),
];
const outline = (id: string) => ({ id, corners: [0, 0, 0, 400, 0, 0, 400, 600, 0, 0, 600, 0] });

describe('forces on plates', () => {
  const plates = platesOf([outline('FP1'), outline('FP2')], channels);

  it('belong to plates whose force and centre of pressure are known', () => {
    expect(plates.map(({ id }) => id)).toEqual(['FP1']);
  });

  it('start at the centre of pressure, and are nothing while nobody stands there', () => {
    expect(forceAt(plates[0], 0.1)).toEqual({ force: [30, -40, 500], from: [100, 200, 0] });
    expect(forceAt(plates[0], 0)).toBeUndefined();
    expect(forceAt(plates[0], 0.2)).toBeUndefined();
    expect(forceAt(plates[0], 9)).toBeUndefined();
  });

  it('are drawn to a scale with a round bar', () => {
    expect(greatestForce(plates)).toBeCloseTo(Math.hypot(30, 40, 500), 3);
    const { mmPerN, barN } = forceScale(750, 1800);
    expect(750 * mmPerN).toBeCloseTo(990, 6);
    expect(barN).toBe(200);
    expect(forceScale(1300).barN).toBe(500);
    expect(forceScale(0)).toEqual({ mmPerN: 1, barN: 100 });
  });
});
