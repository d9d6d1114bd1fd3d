/** Is each sensor fastened, facing and undisturbed as its angles need it: what capabilities measured, against limits, with the remedy in words. */

import { type MotionEvent, type Table, tableFromRows } from '../../../../model/index.ts';

/** Beyond these a sensor is doubtful; the first three are the limits at which the capabilities raise their own doubts. */
export const SENSOR_LIMITS = {
  gravityDeg: 3,
  headingDeg: 20,
  fieldShare: 20,
  /** the orientation filter believes no bias beyond it · deg/s */
  biasDegS: 2,
  /** of standard gravity · % */
  gravitySizeShare: 5,
} as const;

const GRAVITY_MS2 = 9.80665;

/** One sensor as the panel shows it; undefined where it was not measured. */
export interface SensorCheck {
  sensor: string;
  segment?: string;
  side?: string;
  gravityDeg?: number;
  headingDeg?: number;
  headingFrom?: string;
  mismatchDeg?: number;
  /** time in a disturbed field · % */
  fieldShare?: number;
  biasDegS?: number;
  biasSdDegS?: number;
  gravityMs2?: number;
  restShare?: number;
  driftDeg?: number;
  /** stretches of disturbed field on the clock of the screen · s */
  disturbed: readonly (readonly [number, number])[];
  state: 'fine' | 'doubtful' | 'unchecked';
  doubts: readonly Doubt[];
}

/** What is wrong, and what to do. */
export interface Doubt {
  what: string;
  remedy: string;
}

type Cells = Record<string, number | string | boolean | null>;

/** Rows of a table by the name of the sensor. */
function rowsBySensor(table: Table | undefined): Map<string, Cells> {
  const names = table?.columns.find(({ name }) => name === 'sensor')?.values ?? [];
  return new Map(
    names.map((name, row) => [
      String(name),
      Object.fromEntries(table?.columns.map((column) => [column.name, column.values[row] ?? null]) ?? []),
    ]),
  );
}

const numberIn = (cells: Cells | undefined, name: string): number | undefined => {
  const value = cells?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};
const textIn = (cells: Cells | undefined, name: string): string | undefined => {
  const value = cells?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/**
 * Brings what was measured of each sensor together.
 * @param sensors - table `Sensors` of the orientation
 * @param calibration - table `Sensor-to-segment calibration` of the segment angles
 * @param events - of the session; those named `magnetic disturbance (sensor)` count
 */
export function sensorChecks(
  sensors: Table | undefined,
  calibration: Table | undefined,
  events: readonly MotionEvent[],
): SensorCheck[] {
  const [own, segments] = [rowsBySensor(sensors), rowsBySensor(calibration)];
  return [...new Set([...segments.keys(), ...own.keys()])].map((sensor) => {
    const [filter, fitted] = [own.get(sensor), segments.get(sensor)];
    const bias = ['biasX', 'biasY', 'biasZ'].map((name) => numberIn(filter, name));
    const check = {
      sensor,
      segment: textIn(fitted, 'segment') ?? textIn(filter, 'segment'),
      side: textIn(fitted, 'side') ?? textIn(filter, 'side'),
      gravityDeg: numberIn(fitted, 'gravityResidual'),
      headingDeg: numberIn(fitted, 'heading'),
      headingFrom: textIn(fitted, 'headingFrom'),
      mismatchDeg: numberIn(fitted, 'headingMismatch'),
      // the filter looks at norm and dip; where it has no word, the norm alone speaks
      fieldShare: numberIn(filter, 'disturbedShare') ?? numberIn(fitted, 'fieldOff'),
      biasDegS: bias.every((part) => part !== undefined) ? Math.hypot(...(bias as number[])) : undefined,
      biasSdDegS: numberIn(filter, 'biasSd'),
      gravityMs2: numberIn(filter, 'gravity'),
      restShare: numberIn(filter, 'restShare'),
      driftDeg: numberIn(fitted, 'drift'),
      disturbed: spellsOf(events, sensor, own.size),
    };
    const doubts = doubtsOf(check);
    const checked = [check.gravityDeg, check.mismatchDeg, check.fieldShare, check.biasDegS].some(
      (value) => value !== undefined,
    );
    return { ...check, doubts, state: doubts.length > 0 ? 'doubtful' : checked ? 'fine' : 'unchecked' };
  });
}

function spellsOf(events: readonly MotionEvent[], sensor: string, sensors: number): [number, number][] {
  const names = [`magnetic disturbance (${sensor})`, ...(sensors === 1 ? ['magnetic disturbance'] : [])];
  return events.flatMap(({ label, timeS, endS }): [number, number][] =>
    endS !== undefined && names.includes(label) ? [[timeS, endS]] : [],
  );
}

function doubtsOf(check: Omit<SensorCheck, 'state' | 'doubts'>): Doubt[] {
  const { gravityDeg, mismatchDeg, headingFrom, fieldShare, biasDegS, gravityMs2 } = check;
  const doubts: Doubt[] = [];
  if (gravityDeg !== undefined && gravityDeg > SENSOR_LIMITS.gravityDeg)
    doubts.push({
      what: `Gravity lies ${gravityDeg.toFixed(1)}° off the vertical in the neutral pose.`,
      remedy: 'The sensor slipped or its accelerometer is off: fasten it anew, and stand still for three seconds.',
    });
  if (mismatchDeg !== undefined && Math.abs(mismatchDeg) > SENSOR_LIMITS.headingDeg)
    doubts.push({
      what: `Its own bending says it faces ${Math.abs(mismatchDeg).toFixed(0)}° ${mismatchDeg > 0 ? 'to the left' : 'to the right'} of what was taken.`,
      remedy: 'Look whether it is turned, or sits where another should; then name the time of one plain bend.',
    });
  if (headingFrom === 'nothing' || headingFrom === 'own weak bending')
    doubts.push({
      what:
        headingFrom === 'nothing'
          ? 'Nothing tells which way it faces.'
          : 'It hardly bent, so its facing is weakly known.',
      remedy: 'Bend forward and back once, or name the sensor axis that points forward.',
    });
  if (fieldShare !== undefined && fieldShare > SENSOR_LIMITS.fieldShare)
    doubts.push({
      what: `The magnetic field was disturbed in ${fieldShare.toFixed(0)} % of the time.`,
      remedy:
        'Record away from steel and motors, or run the orientation without the magnetic field and calibrate by bending.',
    });
  if (biasDegS !== undefined && biasDegS > SENSOR_LIMITS.biasDegS)
    doubts.push({
      what: `The gyroscope shows ${biasDegS.toFixed(1)} °/s at rest.`,
      remedy: 'Lay the sensor still for ten seconds before recording, or calibrate it in its own software.',
    });
  if (gravityMs2 !== undefined && Math.abs(gravityMs2 / GRAVITY_MS2 - 1) > SENSOR_LIMITS.gravitySizeShare / 100)
    doubts.push({
      what: `Gravity measures ${gravityMs2.toFixed(2)} m/s² at rest.`,
      remedy: 'Check the unit of the file and calibrate the accelerometer.',
    });
  return doubts;
}

/** The checks as a table that leaves the page, with units, limits and meaning. */
export function checksTable(checks: readonly SensorCheck[]): Table {
  const { gravityDeg, headingDeg, fieldShare, biasDegS } = SENSOR_LIMITS;
  return tableFromRows(
    checks.map((check) => ({
      sensor: check.sensor,
      segment: check.segment,
      side: check.side,
      state: check.state,
      gravity_residual: check.gravityDeg,
      heading: check.headingDeg,
      heading_from: check.headingFrom,
      heading_mismatch: check.mismatchDeg,
      field_disturbed: check.fieldShare,
      gyro_bias: check.biasDegS,
      gyro_bias_sd: check.biasSdDegS,
      gravity: check.gravityMs2,
      at_rest: check.restShare,
      drift_taken_out: check.driftDeg,
      doubts: check.doubts.map(({ what }) => what).join(' '),
      remedies: check.doubts.map(({ remedy }) => remedy).join(' '),
    })),
    {
      gravity_residual: {
        unit: 'deg',
        definition: `gravity in the neutral pose against the vertical of the orientation; doubtful beyond ${gravityDeg}`,
      },
      heading: {
        unit: 'deg',
        definition: 'forward in the neutral pose, anticlockwise from the first axis of the earth frame',
      },
      heading_mismatch: {
        unit: 'deg',
        definition: `from the heading taken to the one its own bending shows; doubtful beyond ${headingDeg} either way`,
      },
      field_disturbed: { unit: '%', definition: `time in a disturbed magnetic field; doubtful beyond ${fieldShare}` },
      gyro_bias: { unit: 'deg/s', definition: `length of the gyroscope bias; doubtful beyond ${biasDegS}` },
      gyro_bias_sd: { unit: 'deg/s', definition: 'standard deviation of the bias, largest over directions' },
      gravity: { unit: 'm/s2', definition: 'median size of the acceleration at rest; doubtful beyond 5 % of 9.80665' },
      at_rest: { unit: '%', definition: 'share of the recording at rest' },
      drift_taken_out: { unit: 'deg', definition: 'largest heading drift that was taken out' },
    },
  );
}
