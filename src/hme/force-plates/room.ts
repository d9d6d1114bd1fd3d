/**
 * Forces that are in the room already: tables of ground reactions with force, centre of pressure and free moment.
 *
 * Method: channels are taken as they are; up is the axis of the largest mean force. Moments are about the origin of the room.
 */

import type { SignalChannel, Signals } from '../../model/index.ts';
import type { PlateWrench } from './wrench.ts';

const FACTORS: Partial<Record<string, number>> = { N: 1, 'N.mm': 1, 'N.m': 1000, mm: 1, cm: 10, m: 1000 };

type Vector = [SignalChannel, SignalChannel, SignalChannel];

interface RoomPlate {
  id: string;
  force: Vector;
  place: Vector;
  free?: Vector;
}

/**
 * What acts on each plate of a table of ground reactions.
 * @returns one entry per plate that has a force and a centre of pressure in x, y and z; empty where none has
 */
export function roomReactions(signals: Signals, thresholdN: number): PlateWrench[] {
  const ids = [...new Set(signals.channels.map(({ sensor }) => sensor ?? ''))];
  const plates = ids.flatMap((id): RoomPlate[] => {
    const own = signals.channels.filter(({ sensor }) => (sensor ?? '') === id);
    const force = vectorOf(own, 'force');
    const place = vectorOf(own, 'pressure-centre');
    const free = vectorOf(own, 'moment');
    return force && place ? [{ id: id || 'plate', force, place, ...(free && { free }) }] : [];
  });
  const up = upAxis(plates);
  return plates.map((plate) => wrenchOf(plate, up, thresholdN));
}

function vectorOf(channels: readonly SignalChannel[], quantity: SignalChannel['quantity']): Vector | undefined {
  const [x, y, z] = (['x', 'y', 'z'] as const).map((axis) =>
    channels.find((channel) => channel.quantity === quantity && channel.axis === axis),
  );
  return x && y && z ? [x, y, z] : undefined;
}

/** Axis, 0 to 2, and sign of the largest mean force. */
function upAxis(plates: readonly RoomPlate[]): { axis: number; sign: number } {
  const sums = [0, 0, 0];
  for (const { force } of plates)
    for (const [axis, { values }] of force.entries()) for (const value of values) sums[axis] += value || 0;
  const axis = sums.reduce((best, sum, index) => (Math.abs(sum) > Math.abs(sums[best]) ? index : best), 0);
  return { axis, sign: sums[axis] < 0 ? -1 : 1 };
}

function wrenchOf(
  { id, force, place, free }: RoomPlate,
  up: { axis: number; sign: number },
  thresholdN: number,
): PlateWrench {
  const count = force[0].values.length;
  const scaled = (vector: Vector | undefined, axis: number, at: number) =>
    vector ? vector[axis].values[at] * (FACTORS[vector[axis].unit] ?? 1) : 0;
  // a right-handed frame whose z points into the floor
  const axes = new Float64Array(9);
  axes[(up.axis + 1) % 3] = 1;
  axes[3 + ((up.axis + 2) % 3)] = -up.sign;
  axes[6 + up.axis] = -up.sign;
  const wrench: PlateWrench = {
    plate: id,
    frame: { centre: [0, 0, 0], axes },
    force: new Float64Array(3 * count),
    moment: new Float64Array(3 * count),
    pressureCentre: new Float64Array(3 * count).fill(Number.NaN),
    freeMoment: new Float64Array(3 * count).fill(Number.NaN),
    vertical: new Float64Array(count),
  };
  for (let at = 0; at < count; at++) {
    const f = [0, 1, 2].map((axis) => scaled(force, axis, at));
    const p = [0, 1, 2].map((axis) => scaled(place, axis, at));
    const t = [0, 1, 2].map((axis) => scaled(free, axis, at));
    wrench.force.set(f, 3 * at);
    wrench.moment.set(
      [p[1] * f[2] - p[2] * f[1] + t[0], p[2] * f[0] - p[0] * f[2] + t[1], p[0] * f[1] - p[1] * f[0] + t[2]],
      3 * at,
    );
    wrench.vertical[at] = up.sign * f[up.axis];
    if (!(wrench.vertical[at] >= thresholdN && wrench.vertical[at] > 0)) continue;
    wrench.pressureCentre.set(p, 3 * at);
    if (free) wrench.freeMoment.set(t, 3 * at);
  }
  return wrench;
}
