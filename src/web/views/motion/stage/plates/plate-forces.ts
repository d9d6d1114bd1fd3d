/** Force and its point of attack on each plate at the cursor, and how long an arrow is drawn. */

import type { Vec3 } from '../../../../../kernel/index.ts';
import { indexAt, valueAt } from '../../lanes/lane-painter.ts';
import type { Channel, ChannelInfo, PlateOutline } from '../../recording/recording.ts';

/** One component of what a plate measured, with the way to its samples. */
export interface PlateChannel {
  info: Pick<ChannelInfo, 'quantity' | 'axis' | 'sensor'>;
  time: Parameters<typeof indexAt>[0]['time'];
  map: Parameters<typeof indexAt>[0]['map'];
  channel: Channel | undefined;
}

/** A plate with what was measured on it. */
export interface Plate extends PlateOutline {
  force: readonly PlateChannel[];
  centre: readonly PlateChannel[];
}

/** What stands on a plate at one moment. */
export interface PlateForce {
  /** N, in the room of the markers, upon the body */
  force: Vec3;
  /** centre of pressure · mm */
  from: Vec3;
}

/** Plates whose force and centre of pressure are known in the room. */
export function platesOf(outlines: readonly PlateOutline[], channels: readonly PlateChannel[]): Plate[] {
  return outlines.flatMap((plate) => {
    const own = channels.filter(({ info }) => info.sensor === plate.id);
    const vector = (quantity: ChannelInfo['quantity']) =>
      (['x', 'y', 'z'] as const).flatMap(
        (axis) => own.find(({ info }) => info.quantity === quantity && info.axis === axis) ?? [],
      );
    const [force, centre] = [vector('force'), vector('pressure-centre')];
    return force.length === 3 && centre.length === 3 ? [{ ...plate, force, centre }] : [];
  });
}

/** Below it the point of attack is not known. */
const LEAST_N = 10;

/** Force at a moment; undefined while nobody stands on the plate. */
export function forceAt({ force, centre }: Pick<Plate, 'force' | 'centre'>, timeS: number): PlateForce | undefined {
  const read = (parts: readonly PlateChannel[]): Vec3 =>
    parts.map((one) =>
      one.channel ? valueAt(one.channel.values, indexAt(one, timeS)) : Number.NaN,
    ) as unknown as Vec3;
  const found = { force: read(force), from: read(centre) };
  const known = [...found.force, ...found.from].every(Number.isFinite);
  return known && Math.hypot(...found.force) >= LEAST_N ? found : undefined;
}

/** Largest force of the plates · N; 0 before they are read */
export function greatestForce(plates: readonly Pick<Plate, 'force'>[]): number {
  const sizes = plates.map(({ force }) =>
    Math.hypot(...force.map(({ channel }) => (channel ? Math.max(Math.abs(channel.low), Math.abs(channel.high)) : 0))),
  );
  return Math.max(0, ...sizes.filter(Number.isFinite));
}

/** Of the height of what is on the stage, how much the largest arrow takes. */
const ARROW_SHARE = 0.55;
const FALLBACK_MM = 1700;

/** How forces are drawn: mm for a newton, and the force that the scale bar stands for. */
export function forceScale(greatestN: number, heightMm = FALLBACK_MM): { mmPerN: number; barN: number } {
  const mmPerN = greatestN > 0 ? (ARROW_SHARE * heightMm) / greatestN : 1;
  const raw = greatestN / 2.5;
  const power = 10 ** Math.floor(Math.log10(raw > 0 ? raw : 100));
  const barN = ([5, 2, 1].find((step) => step * power <= raw) ?? 1) * power;
  return { mmPerN, barN };
}
