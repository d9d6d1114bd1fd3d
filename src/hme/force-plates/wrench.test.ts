import { describe, expect, it } from 'vitest';
import { runCapability } from '../../../tests/support/read.ts';
import type { ForcePlate, SignalChannel, Signals, Unit } from '../../model/index.ts';
import { forcePlates, groundReactions, plateFrame, plateWrench } from './index.ts';

/** A plate of 600 × 400 mm, turned by 30° and tilted, its z axis into the floor. */
function tiltedPlate(type: number, origin: [number, number, number]): ForcePlate {
  const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
  // x and y of the plate in the room; z = x × y points down and a little sideways
  const [t, u] = [Math.cos(0.1), Math.sin(0.1)];
  const x = [c * t, s * t, u];
  const y = [s, -c, 0];
  const corner = (i: number, j: number) => [0, 1, 2].map((axis) => [900, 350, 20][axis] + i * x[axis] + j * y[axis]);
  const corners = [corner(300, 200), corner(-300, 200), corner(-300, -200), corner(300, -200)].flat();
  return { id: 'plate 1', type, corners: Float64Array.from(corners), origin };
}

const FORCE = [31, -47, -812];
const PLACE = [123, -88];
const FREE = 4200;

/** Moment about a point o above the sensor (o from sensor to surface) of the known force at the known place. */
function atSensor([ox, oy, oz]: readonly number[]): number[] {
  const [fx, fy, fz] = FORCE;
  const surface = [PLACE[1] * fz, -PLACE[0] * fz, PLACE[0] * fy - PLACE[1] * fx + FREE];
  return [surface[0] - (fy * oz - fz * oy), surface[1] - (fz * ox - fx * oz), surface[2] - (fx * oy - fy * ox)];
}

const channels = (values: number[], units: Unit[]): SignalChannel[] =>
  values.map((value, index) => ({
    name: `c${index}`,
    unit: units[index] ?? units[0],
    quantity: 'force',
    sensor: 'plate 1',
    values: Float64Array.of(value, 0),
  }));

/** The known force in the room. */
function expected(plate: ForcePlate) {
  const { axes, centre } = plateFrame(plate.corners);
  const room = (v: number[]) =>
    [0, 1, 2].map((axis) => v[0] * axes[axis] + v[1] * axes[3 + axis] + v[2] * axes[6 + axis]);
  return {
    force: room(FORCE),
    cop: room([...PLACE, 0]).map((value, axis) => value + centre[axis]),
    free: room([0, 0, FREE]),
  };
}

function check(plate: ForcePlate, given: SignalChannel[]): void {
  const wrench = plateWrench(plate, given);
  const want = expected(plate);
  for (let axis = 0; axis < 3; axis++) {
    expect(wrench.force[axis]).toBeCloseTo(want.force[axis], 6);
    expect(wrench.pressureCentre[axis]).toBeCloseTo(want.cop[axis], 6);
    expect(wrench.freeMoment[axis]).toBeCloseTo(want.free[axis], 4);
    // the second sample is an empty plate
    expect(wrench.force[3 + axis]).toBeCloseTo(0, 12);
    expect(wrench.pressureCentre[3 + axis]).toBeNaN();
  }
  expect(wrench.vertical[0]).toBeCloseTo(812, 9);
}

describe('force plates', () => {
  it('lies where its corners are, z into the floor', () => {
    const { axes, centre } = plateFrame(tiltedPlate(2, [0, 0, 0]).corners);
    expect(centre.map((value) => Number(value.toFixed(9)))).toEqual([900, 350, 20]);
    expect(axes[8]).toBeLessThan(-0.99);
    const dot = axes[0] * axes[3] + axes[1] * axes[4] + axes[2] * axes[5];
    expect(dot).toBeCloseTo(0, 12);
  });

  it('gives a known force at a known place back: type 1', () => {
    const given = channels([...FORCE, PLACE[0] / 1000, PLACE[1] / 1000, FREE / 1000], ['N', 'N', 'N', 'm', 'm', 'N.m']);
    check(tiltedPlate(1, [0, 0, 0]), given);
  });

  it.each([[[0, 0, -40]], [[12, -7, -36]]] as [[number, number, number]][])(
    'type 2 with its sensor at %s',
    (origin) => {
      check(tiltedPlate(2, origin), channels([...FORCE, ...atSensor(origin)], ['N', 'N', 'N', 'N.mm', 'N.mm', 'N.mm']));
    },
  );

  it('type 3: eight forces of four sensors', () => {
    const [a, b, az] = [200, 120, -50];
    const [fx, fy, fz] = FORCE;
    const [mx, my, mz] = atSensor([0, 0, az]);
    // split so that the sums and moments come out; the fourth freedom is set to zero
    const z = [
      fz / 4 + mx / (4 * b) - my / (4 * a),
      fz / 4 + mx / (4 * b) + my / (4 * a),
      fz / 4 - mx / (4 * b) + my / (4 * a),
      fz / 4 - mx / (4 * b) - my / (4 * a),
    ];
    const x = [fx / 2 - mz / (4 * b), fx / 2 + mz / (4 * b)];
    const y = [fy / 2 + mz / (4 * a), fy / 2 - mz / (4 * a)];
    check(tiltedPlate(3, [a, b, az]), channels([...x, ...y, ...z], ['N']));
  });

  it.each([4, 5])('type %i: voltages with a calibration matrix', (type) => {
    const count = type === 4 ? 6 : 8;
    const origin: [number, number, number] = [0, 0, -44];
    const target = [...FORCE, ...atSensor(origin)];
    // a matrix that mixes neighbours; its voltages by solving from below
    const matrix = new Float64Array(6 * count);
    const volts = new Array<number>(count).fill(0);
    for (let row = 5; row >= 0; row--) {
      matrix[row * count + row] = 100 + row;
      if (row < 5) matrix[row * count + row + 1] = 3 - row;
      const rest = row < 5 ? (3 - row) * volts[row + 1] : 0;
      volts[row] = (target[row] - rest) / (100 + row);
    }
    check({ ...tiltedPlate(type, origin), calibration: matrix }, channels(volts, ['V']));
  });

  it('says what is missing', () => {
    const plate = tiltedPlate(2, [0, 0, -40]);
    expect(() => plateWrench(plate, channels([1, 2], ['N']))).toThrow(
      expect.objectContaining({ code: 'input.missing' }),
    );
    expect(() => plateWrench({ ...plate, type: 4 }, channels([1, 2, 3, 4, 5, 6], ['V']))).toThrow(
      expect.objectContaining({ code: 'input.missing' }),
    );
    expect(() => plateWrench({ ...plate, type: 12 }, [])).toThrow(
      expect.objectContaining({ code: 'file.unsupported' }),
    );
    const line = Float64Array.from([0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0]);
    expect(() => plateFrame(line)).toThrow(expect.objectContaining({ code: 'geometry.degenerate' }));
    expect(() => groundReactions({ clock: 'a', startS: 0, rateHz: 1, channels: [] })).toThrow(
      expect.objectContaining({ code: 'input.missing' }),
    );
  });
});

describe('tables of ground reactions', () => {
  it('are taken as they are, up after the largest force', () => {
    const channel = (quantity: SignalChannel['quantity'], axis: 'x' | 'y' | 'z', unit: Unit, ...values: number[]) => ({
      name: `${quantity} ${axis}`,
      unit,
      quantity,
      axis,
      sensor: 'plate r',
      values: Float64Array.from(values),
    });
    const signals: Signals = {
      clock: 'grf',
      startS: 0,
      rateHz: 100,
      channels: [
        channel('force', 'x', 'N', 20, 0),
        channel('force', 'y', 'N', 700, 3),
        channel('force', 'z', 'N', -5, 0),
        channel('pressure-centre', 'x', 'm', 0.4, 9),
        channel('pressure-centre', 'y', 'm', 0, 9),
        channel('pressure-centre', 'z', 'm', -0.1, 9),
        channel('moment', 'y', 'N.m', 2, 9),
        channel('moment', 'x', 'N.m', 0, 9),
        channel('moment', 'z', 'N.m', 0, 9),
      ],
    };
    const [wrench] = groundReactions(signals, 20);
    expect(Array.from(wrench.vertical)).toEqual([700, 3]);
    expect(Array.from(wrench.pressureCentre)).toEqual([400, 0, -100, Number.NaN, Number.NaN, Number.NaN]);
    expect(wrench.freeMoment[1]).toBe(2000);
    // p × F + T about the origin of the room
    expect(Array.from(wrench.moment.subarray(0, 3))).toEqual([70_000, -100 * 20 + 400 * 5 + 2000, 280_000]);
    const a = wrench.frame.axes;
    expect(
      a[0] * (a[4] * a[8] - a[5] * a[7]) - a[1] * (a[3] * a[8] - a[5] * a[6]) + a[2] * (a[3] * a[7] - a[4] * a[6]),
    ).toBe(1);
    expect(a[7]).toBe(-1);
  });
});

/** Someone steps on the plate from 0.5 to 1.2 s and moves the centre of pressure from heel to toe. */
function step(): Signals {
  const rateHz = 1000;
  const count = 2000;
  const names = ['Fx', 'Fy', 'Fz', 'Mx', 'My', 'Mz'];
  const values = names.map(() => new Float64Array(count));
  for (let at = 0; at < count; at++) {
    const phase = (at - 500) / 700;
    const on = phase >= 0 && phase < 1;
    const fz = on ? -700 * Math.sin(Math.PI * Math.min(1, phase + 0.02) * 0.98) : (at % 2) * 0.6 - 0.3;
    const px = on ? -120 + 240 * phase : 0;
    values[2][at] = fz;
    values[4][at] = -px * fz;
  }
  return {
    clock: 'trial',
    startS: 10,
    rateHz,
    channels: names.map((name, index) => ({
      name,
      unit: index < 3 ? 'N' : 'N.mm',
      quantity: index < 3 ? 'force' : 'moment',
      sensor: 'plate 1',
      values: values[index],
    })),
    plates: [tiltedPlate(2, [0, 0, 0])],
  };
}

describe('ground reactions', () => {
  it('finds one contact with its peak, time and path', async () => {
    const result = await runCapability(forcePlates, { forces: [{ kind: 'signal.force', payload: step() }] });
    const value = (id: string) => result.features.find(({ definition }) => definition === `ground.${id}`);
    expect(value('peakVerticalForce')?.value).toBeCloseTo(700, 0);
    expect(value('contactTime')?.value as number).toBeCloseTo(0.69, 1);
    expect(Math.abs((value('pressurePathLength')?.value as number) - 240)).toBeLessThan(10);
    expect(value('contactTime')?.window?.startS).toBeCloseTo(10.5, 1);
    for (const feature of result.features) expect(feature.evidence.length).toBeGreaterThan(0);
    const peak = value('peakVerticalForce')?.uncertainty;
    expect(peak?.kind).toBe('interval');
  });

  it('does not depend on the threshold for peaks', async () => {
    const run = (thresholdN: number) =>
      runCapability(forcePlates, { forces: [{ kind: 'signal.force', payload: step() }] }, { thresholdN });
    const [a, b] = [await run(10), await run(50)];
    expect(a.features[0].value).toBe(b.features[0].value);
  });
});
