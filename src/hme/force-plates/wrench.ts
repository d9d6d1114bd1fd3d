/**
 * What acts on a force plate, in the room: force, moment about the centre of its surface, centre of pressure, free moment.
 *
 * Method: channels → force and moment at the sensor by plate type → moved to the centre of the surface → turned into the room by
 * the four corners. One pass, O(samples). Pressure centre and free moment follow from M = r × F + T along the plate's normal.
 * Checked against OpenSim's output for two trials of two plates: equal to its printed digits (docs/accuracy.md).
 */

import { ArgumentError, type ForcePlate, MsdtError, type SignalChannel, type Signals } from '../../model/index.ts';
import { roomReactions } from './room.ts';

/** Where a plate lies, by its corners. */
export interface PlateFrame {
  /** centre of the working surface · mm in the frame of the markers */
  centre: readonly [number, number, number];
  /** unit axes of the plate in the frame of the markers, row by row: x, y, z; z points into the floor · shape [9] */
  axes: Float64Array;
}

/** What acts on one plate over time, in the frame of the markers. */
export interface PlateWrench {
  plate: string;
  frame: PlateFrame;
  /** ground reaction on the body · shape [3N] · N */
  force: Float64Array;
  /** moment about the centre of the surface · shape [3N] · N·mm */
  moment: Float64Array;
  /** centre of pressure, NaN below the threshold · shape [3N] · mm */
  pressureCentre: Float64Array;
  /** moment about the vertical axis through the centre of pressure, as a vector, NaN below the threshold · shape [3N] · N·mm */
  freeMoment: Float64Array;
  /** force out of the floor · shape [N] · N */
  vertical: Float64Array;
}

/**
 * Axes and centre of a plate. Corners are numbered from (+x, +y) on: (−x, +y), (−x, −y), (+x, −y).
 * @param corners - xyz of four corners · shape [12] · mm
 * @throws MsdtError `geometry.degenerate` the corners lie on one line
 * @example plateFrame(Float64Array.from([500, 400, 0, 0, 400, 0, 0, 0, 0, 500, 0, 0])).centre // [250, 200, 0]
 */
export function plateFrame(corners: Float64Array): PlateFrame {
  const corner = (index: number) => Array.from(corners.subarray(3 * index, 3 * index + 3));
  const between = (to: number[], from: number[]) => to.map((value, axis) => value - from[axis]);
  const x = between(corner(0), corner(1));
  const z = cross(x, between(corner(0), corner(3)));
  const y = cross(z, x);
  const axes = [x, y, z].map((axis) => {
    const length = Math.hypot(...axis);
    return axis.map((value) => value / length);
  });
  if (!axes.flat().every(Number.isFinite)) {
    throw new MsdtError('geometry.degenerate', 'The corners of a force plate lie on one line', {
      where: { place: 'corners' },
      detail: Array.from(corners, (value) => value.toFixed(1)).join(', '),
      hint: 'Correct the corners of the plate in the program that recorded the trial.',
    });
  }
  const centre = [0, 1, 2].map(
    (axis) => (corners[axis] + corners[3 + axis] + corners[6 + axis] + corners[9 + axis]) / 4,
  );
  return { centre: [centre[0], centre[1], centre[2]], axes: Float64Array.from(axes.flat()) };
}

function cross(a: readonly number[], b: readonly number[]): number[] {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** What each unit is in N, N·mm or mm. */
const FACTORS: Partial<Record<string, number>> = {
  N: 1,
  'N.mm': 1,
  'N.m': 1000,
  mm: 1,
  cm: 10,
  m: 1000,
  V: 1,
  '{arb}': 1,
};

/** Channels each type needs. */
const COUNTS: Record<number, number> = { 1: 6, 2: 6, 3: 8, 4: 6, 5: 8 };

/** Six numbers of one sample at the centre of the surface, in the plate's axes: force in N, moment in N·mm. */
type Wrench = [number, number, number, number, number, number];

/**
 * What acts on one plate.
 *
 * @param plate - geometry and type (1: force, pressure centre, free moment · 2: six components · 3: eight force components of four
 * sensors · 4 and 5: the same with a calibration matrix)
 * @param channels - the plate's channels, in the order of its type · shape [N] each
 * @param thresholdN - vertical force below which there is no pressure centre · N
 * @throws MsdtError `input.missing` too few channels or no calibration · `file.unsupported` another type · `geometry.degenerate`
 */
export function plateWrench(plate: ForcePlate, channels: readonly SignalChannel[], thresholdN = 20): PlateWrench {
  const needed = COUNTS[plate.type];
  if (!needed) throw plateError('file.unsupported', plate, `type ${plate.type}; types 1 to 5 are understood`);
  if (channels.length < needed)
    throw plateError('input.missing', plate, `${channels.length} channels of ${needed} for type ${plate.type}`);
  if (plate.type >= 4 && (plate.calibration?.length ?? 0) < 6 * needed)
    throw plateError('input.missing', plate, `no calibration matrix of 6×${needed} for type ${plate.type}`);
  if (!(thresholdN >= 0)) throw new ArgumentError('thresholdN', thresholdN, 'a number from 0');
  const frame = plateFrame(plate.corners);
  const factors = channels.slice(0, needed).map(({ unit }) => FACTORS[unit] ?? 1);
  const count = channels[0].values.length;
  const wrench: PlateWrench = {
    plate: plate.id,
    frame,
    force: new Float64Array(3 * count),
    moment: new Float64Array(3 * count),
    pressureCentre: new Float64Array(3 * count).fill(Number.NaN),
    freeMoment: new Float64Array(3 * count).fill(Number.NaN),
    vertical: new Float64Array(count),
  };
  const sample = new Float64Array(needed);
  const local: Wrench = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < count; at++) {
    for (let channel = 0; channel < needed; channel++)
      sample[channel] = channels[channel].values[at] * factors[channel];
    surfaceWrench(plate, sample, local);
    store(wrench, at, local, thresholdN);
  }
  return wrench;
}

function plateError(code: 'file.unsupported' | 'input.missing', plate: ForcePlate, detail: string): MsdtError {
  return new MsdtError(code, `Force ${plate.id} cannot be understood`, {
    where: { place: plate.id },
    detail,
    hint: 'Export the trial again with all channels of its force plates.',
  });
}

/** Force and moment at the centre of the surface, in the plate's axes. */
function surfaceWrench(plate: ForcePlate, sample: Float64Array, out: Wrench): void {
  const { type, origin } = plate;
  if (type === 1) {
    const [fx, fy, fz, px, py, tz] = sample;
    out[0] = fx;
    out[1] = fy;
    out[2] = fz;
    out[3] = py * fz;
    out[4] = -px * fz;
    out[5] = tz + px * fy - py * fx;
    return;
  }
  if (type === 2) for (let part = 0; part < 6; part++) out[part] = sample[part];
  else if (type === 4) multiply(plate.calibration as Float64Array, sample, out);
  else {
    const eight = type === 5 ? plate.calibration : undefined;
    if (eight) multiply(eight, sample, out);
    else fourSensors(sample, origin[0], origin[1], out);
  }
  // from the sensor's origin to the surface: M + F × o; four-sensor plates know only their depth
  const [ox, oy] = type === 3 || type === 5 ? [0, 0] : origin;
  const oz = origin[2];
  const [fx, fy, fz] = out;
  out[3] += fy * oz - fz * oy;
  out[4] += fz * ox - fx * oz;
  out[5] += fx * oy - fy * ox;
}

/** Forces of four sensors at (±a, ±b): x12, x34, y14, y23, z1 to z4. */
function fourSensors(s: Float64Array, a: number, b: number, out: Wrench): void {
  out[0] = s[0] + s[1];
  out[1] = s[2] + s[3];
  out[2] = s[4] + s[5] + s[6] + s[7];
  out[3] = b * (s[4] + s[5] - s[6] - s[7]);
  out[4] = a * (-s[4] + s[5] + s[6] - s[7]);
  out[5] = b * (-s[0] + s[1]) + a * (s[2] - s[3]);
}

function multiply(matrix: Float64Array, sample: Float64Array, out: Wrench): void {
  const columns = sample.length;
  for (let row = 0; row < 6; row++) {
    let sum = 0;
    for (let column = 0; column < columns; column++) sum += matrix[row * columns + column] * sample[column];
    out[row] = sum;
  }
}

function store(wrench: PlateWrench, at: number, local: Wrench, thresholdN: number): void {
  const { axes, centre } = wrench.frame;
  const [fx, fy, fz, mx, my, mz] = local;
  // z points into the floor
  wrench.vertical[at] = -fz;
  const pressed = Math.abs(fz) >= thresholdN && fz !== 0;
  const px = -my / fz;
  const py = mx / fz;
  const free = mz - px * fy + py * fx;
  for (let axis = 0; axis < 3; axis++) {
    const [ex, ey, ez] = [axes[axis], axes[3 + axis], axes[6 + axis]];
    const to = 3 * at + axis;
    wrench.force[to] = ex * fx + ey * fy + ez * fz;
    wrench.moment[to] = ex * mx + ey * my + ez * mz;
    if (!pressed) continue;
    wrench.pressureCentre[to] = centre[axis] + ex * px + ey * py;
    wrench.freeMoment[to] = ez * free;
  }
}

/**
 * What acts on every plate of a recording: from its plates, or as a table of ground reactions has it already.
 * @returns one entry per plate that has its channels and corners
 * @throws MsdtError `input.missing` no plate at all, and no centre of pressure
 */
export function groundReactions(signals: Signals, thresholdN = 20): PlateWrench[] {
  const plates = signals.plates ?? [];
  if (plates.length === 0) {
    const given = roomReactions(signals, thresholdN);
    if (given.length > 0) return given;
    throw new MsdtError('input.missing', 'The recording knows no force plate', {
      where: { place: 'plates' },
      detail: `${signals.channels.length} force channels without corners of a plate`,
      hint: 'Export the trial as C3D with its force platforms.',
    });
  }
  return plates.map((plate) =>
    plateWrench(
      plate,
      signals.channels.filter(({ sensor }) => sensor === plate.id),
      thresholdN,
    ),
  );
}
