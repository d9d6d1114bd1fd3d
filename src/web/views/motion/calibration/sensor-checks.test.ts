import { describe, expect, it } from 'vitest';
import { tableFromRows } from '../../../../model/index.ts';
import { checksTable, sensorChecks } from './sensor-checks.ts';

const bias = { biasX: 0.3, biasY: 0.4, biasZ: 0, biasSd: 0.06, gravity: 9.81, restShare: 12 };
const sensors = tableFromRows([
  { sensor: 'A', segment: 'pelvis', disturbedShare: 56.7, ...bias },
  { sensor: 'B', segment: 'thorax', disturbedShare: 0, ...bias },
  { sensor: 'C', segment: 'thigh', side: 'left', disturbedShare: null, ...bias, biasX: null, gravity: 12 },
]);
const fitted = { segment: 'thorax', heading: 10, headingFrom: 'bending of the body' };
const calibration = tableFromRows([
  { ...fitted, sensor: 'A', segment: 'pelvis', headingMismatch: -0.2, gravityResidual: 0.1, fieldOff: 0 },
  { ...fitted, sensor: 'B', headingMismatch: 31, gravityResidual: 4.2, fieldOff: 1 },
  { ...fitted, sensor: 'C', segment: 'thigh', side: 'left', headingFrom: 'nothing', fieldOff: 3 },
]);
const events = [
  { label: 'magnetic disturbance (A)', timeS: 3, endS: 9 },
  { label: 'rest (A)', timeS: 0, endS: 2 },
  { label: 'magnetic disturbance (B)', timeS: 1, endS: 2 },
];

describe('the check of sensors', () => {
  const [a, b, c] = sensorChecks(sensors, calibration, events);

  it('brings orientation, calibration and events together', () => {
    expect(a).toMatchObject({ sensor: 'A', segment: 'pelvis', gravityDeg: 0.1, mismatchDeg: -0.2, fieldShare: 56.7 });
    expect(a.biasDegS).toBeCloseTo(0.5, 12);
    expect(a.disturbed).toEqual([[3, 9]]);
  });

  it('says what is doubtful and what to do', () => {
    expect([a, b, c].map(({ state }) => state)).toEqual(['doubtful', 'doubtful', 'doubtful']);
    expect(a.doubts.map(({ what }) => what)).toEqual(['The magnetic field was disturbed in 57 % of the time.']);
    expect(a.doubts[0].remedy).toContain('without the magnetic field');
    expect(b.doubts).toHaveLength(2);
    expect(b.doubts[1].what).toContain('31° to the left');
    expect(c.doubts.map(({ what }) => what)).toEqual([
      'Nothing tells which way it faces.',
      'Gravity measures 12.00 m/s² at rest.',
    ]);
  });

  it('takes the norm of the field where the filter has no word', () => {
    expect([c.fieldShare, c.biasDegS]).toEqual([3, undefined]);
  });

  it('finds sensors fine within the limits, and unchecked without a measure', () => {
    const good = tableFromRows([{ ...fitted, sensor: 'A', headingMismatch: 5, gravityResidual: 0.4 }]);
    expect(sensorChecks(undefined, good, [])[0].state).toBe('fine');
    expect(sensorChecks(undefined, tableFromRows([{ sensor: 'A', headingFrom: 'as given' }]), [])[0].state).toBe(
      'unchecked',
    );
    expect(sensorChecks(undefined, undefined, events)).toEqual([]);
  });

  it('leaves as a table with units', () => {
    const { columns } = checksTable([a, b, c]);
    expect(columns.find(({ name }) => name === 'gravity_residual')).toMatchObject({
      unit: 'deg',
      values: [0.1, 4.2, null],
    });
    expect(columns.find(({ name }) => name === 'state')?.values).toEqual(['doubtful', 'doubtful', 'doubtful']);
  });
});
