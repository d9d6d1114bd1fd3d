/** Force plates of a C3D document: where they lie, and which channels are theirs. */

import type { ForcePlate, QualityFlag, Quantity, SignalChannel } from '../../model/index.ts';
import { allNumbersOf, type C3dDocument, countOf, findParameter, numbersOf, textsOf } from './document.ts';

/** What each channel of a plate is, by plate type, in the order of FORCE_PLATFORM:CHANNEL. */
const CHANNELS: Record<number, readonly (readonly [Quantity, 'x' | 'y' | 'z'])[]> = {
  1: [
    ['force', 'x'],
    ['force', 'y'],
    ['force', 'z'],
    ['pressure-centre', 'x'],
    ['pressure-centre', 'y'],
    ['moment', 'z'],
  ],
  2: [
    ['force', 'x'],
    ['force', 'y'],
    ['force', 'z'],
    ['moment', 'x'],
    ['moment', 'y'],
    ['moment', 'z'],
  ],
  3: [
    ['force', 'x'],
    ['force', 'x'],
    ['force', 'y'],
    ['force', 'y'],
    ['force', 'z'],
    ['force', 'z'],
    ['force', 'z'],
    ['force', 'z'],
  ],
};
CHANNELS[4] = CHANNELS[2];
CHANNELS[5] = CHANNELS[3];

/** Calibration numbers a plate of a type has; 0 for none. */
const MATRIX: Record<number, number> = { 4: 36, 5: 48 };

/** A corner farther away than this is garbage · mm */
const FARTHEST_MM = 1e6;

/** A plate's channel. */
export interface PlateChannel {
  plate: string;
  quantity: Quantity;
  axis: SignalChannel['axis'];
  /** place in the order of the plate's channels */
  order: number;
}

/** Plates with believable corners, and every channel that belongs to a plate, by its index from 0. */
export interface PlateReading {
  plates: ForcePlate[];
  channels: Map<number, PlateChannel>;
  flags: QualityFlag[];
}

/**
 * Reads the group FORCE_PLATFORM.
 * @param mm - length of one unit of POINT:UNITS · mm
 */
export function readPlates(document: C3dDocument, mm: number): PlateReading {
  const reading: PlateReading = { plates: [], channels: new Map(), flags: [] };
  const find = (name: string) => findParameter(document, 'FORCE_PLATFORM', name);
  const used = Math.min(64, countOf(find('USED')) ?? 0);
  const types = allNumbersOf(document, 'FORCE_PLATFORM', 'TYPE');
  const corners = allNumbersOf(document, 'FORCE_PLATFORM', 'CORNERS');
  const origins = allNumbersOf(document, 'FORCE_PLATFORM', 'ORIGIN');
  const channel = find('CHANNEL');
  const rows = channel?.dimensions[0] ?? 0;
  const numbers = numbersOf(channel);
  for (let plate = 0; plate < used; plate++) {
    const id = `plate ${plate + 1}`;
    const type = types[plate] ?? 0;
    const meaning = CHANNELS[type] ?? [];
    for (let order = 0; order < rows; order++) {
      const index = numbers[plate * rows + order];
      const known = meaning[order];
      if (index > 0)
        reading.channels.set(index - 1, { plate: id, quantity: known?.[0] ?? 'other', axis: known?.[1], order });
    }
    const own = Float64Array.from(corners.slice(12 * plate, 12 * plate + 12), (value) => value * mm);
    if (!believable(own)) {
      reading.flags.push({
        code: 'c3d.plate-corners',
        severity: 'fault',
        where: id,
        message: `The corners of force ${id} make no sense; its forces cannot be placed in the room.`,
      });
      continue;
    }
    const origin = originOf(
      type,
      origins.slice(3 * plate, 3 * plate + 3).map((value) => value * mm),
    );
    const calibration = matrixOf(document, plate, MATRIX[type] ?? 0, mm);
    reading.plates.push({ id, type, corners: own, origin, ...(calibration && { calibration }) });
  }
  return reading;
}

/**
 * From the sensor's origin to the centre of the surface. The plate's z axis points down, so that z is never positive; where it
 * is, the vector was written the other way round. Types 3 and 5 hold the distances of their four sensors instead, and their depth.
 */
function originOf(type: number, [x = 0, y = 0, z = 0]: readonly number[]): [number, number, number] {
  if (type === 3 || type === 5) return [Math.abs(x), Math.abs(y), -Math.abs(z)];
  return z > 0 ? [-x, -y, -z] : [x, y, z];
}

/** Four different corners within reach that span an area. */
function believable(corners: Float64Array): boolean {
  if (corners.length < 12 || !corners.every((value) => Math.abs(value) < FARTHEST_MM)) return false;
  const side = (from: number, to: number) => [0, 1, 2].map((axis) => corners[3 * to + axis] - corners[3 * from + axis]);
  const [a, b] = [side(0, 1), side(0, 3)];
  const normal = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  return Math.hypot(...normal) > 1;
}

/**
 * CAL_MATRIX of one plate, row-major, to N and N·mm; the file holds it column by column unless MATRIX_STORE says otherwise, with
 * moments in its unit of length.
 */
function matrixOf(document: C3dDocument, plate: number, size: number, mm: number): Float64Array | undefined {
  const parameter = findParameter(document, 'FORCE_PLATFORM', 'CAL_MATRIX');
  const all = numbersOf(parameter);
  const [first = 6, second = 6] = parameter?.dimensions ?? [];
  const each = first * second;
  if (size === 0 || each < size) return undefined;
  const own = all.slice(plate * each, (plate + 1) * each);
  if (own.length < each || own.every((value) => value === 0)) return undefined;
  const rows = 6;
  const columns = size / rows;
  const store = textsOf(findParameter(document, 'FORCE_PLATFORM', 'MATRIX_STORE'))[0] ?? '';
  const byRow = /row/i.test(store);
  // the first dimension runs fastest: down a column, or along a row where the file says so
  return Float64Array.from({ length: size }, (_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    return (byRow ? own[row * first + column] : own[column * first + row]) * (row < 3 ? 1 : mm);
  });
}
