/** Analog channels of a C3D document: scaled to their units and sorted by what they measure. */

import {
  type ForcePlate,
  muscleOf,
  type QualityFlag,
  type SignalChannel,
  type Signals,
  type Unit,
} from '../../model/index.ts';
import { axisOf, quantityOf, repeatFlags, segmentOf, sideOf, unitOfText } from '../recording/index.ts';
import { allNumbersOf, allTextsOf, type C3dDocument, countOf, findParameter, numberOf, textsOf } from './document.ts';
import type { PlateChannel, PlateReading } from './plates.ts';
import { pointRate, startOf, unique } from './points.ts';

/** Kinds that analog channels become, in the order they are listed. */
const ANALOG_KINDS = ['signal.emg', 'signal.imu', 'signal.orientation', 'signal.force', 'signal.other'] as const;

type AnalogKind = (typeof ANALOG_KINDS)[number];

/** Analog channels of a document, scaled. */
export interface AnalogReading {
  signals: { kind: AnalogKind; payload: Signals }[];
  /** all channels, in the order of the file */
  channels: SignalChannel[];
  rateHz: number;
  flags: QualityFlag[];
}

/**
 * Reads the analog channels: value = (stored − offset) · scale · general scale.
 * @param clock - name of the recording's clock
 */
export function readAnalog(document: C3dDocument, clock: string, plates: PlateReading): AnalogReading {
  const { frames, analog } = document;
  const reading: AnalogReading = { signals: [], channels: [], rateHz: 0, flags: [] };
  const perFrame = frames ? analog.length / frames : 0;
  if (perFrame === 0) return reading;
  const samplesPerFrame = samplesOf(document, perFrame, reading.flags);
  const count = perFrame / samplesPerFrame;
  const frameRate = pointRate(document);
  const stated = numberOf(findParameter(document, 'ANALOG', 'RATE'));
  const rateHz = frameRate * samplesPerFrame;
  if (stated && Math.abs(stated - rateHz) > 1e-3 * rateHz)
    reading.flags.push({
      code: 'c3d.analog-rate',
      severity: 'doubt',
      where: 'ANALOG:RATE',
      message: `The file states ${stated} analog samples a second and stores ${rateHz}; the stored number was used.`,
    });
  const names = unique(withDefaults(allTextsOf(document, 'ANALOG', 'LABELS'), count, (index) => `analog ${index + 1}`));
  const units = allTextsOf(document, 'ANALOG', 'UNITS');
  const scale = scalingOf(document);
  const channels = names.map((name, index): SignalChannel => {
    const unit: Unit = (units[index] && unitOfText(units[index])) || '{arb}';
    const values = scaled(analog, index, count, scale);
    const plate = plates.channels.get(index);
    return plate ? plateChannel(name, unit, values, plate) : describedChannel(name, unit, values);
  });
  const base = { clock, startS: startOf(document, frameRate), rateHz };
  reading.channels = channels;
  reading.rateHz = rateHz;
  reading.signals = sorted(channels, plates, base);
  for (const { kind, payload } of reading.signals)
    if (kind === 'signal.emg' || kind === 'signal.imu')
      reading.flags.push(...repeatFlags(payload), ...flatFlags(payload.channels));
  return reading;
}

/** Samples of each channel per frame of points; header and parameters may disagree. */
function samplesOf(document: C3dDocument, perFrame: number, flags: QualityFlag[]): number {
  const { header } = document;
  const used = countOf(findParameter(document, 'ANALOG', 'USED')) ?? 0;
  const stated = header.samplesPerFrame;
  if (stated > 0 && perFrame % stated === 0 && (used === 0 || perFrame === used * stated)) return stated;
  const samples = used > 0 && perFrame % used === 0 ? perFrame / used : perFrame % stated === 0 ? stated : 1;
  flags.push({
    code: 'c3d.header-disagrees',
    severity: 'doubt',
    where: 'header',
    message: `The header speaks of ${stated} analog samples a frame, ${perFrame} numbers and ${used} channels; ${samples} a frame were read.`,
  });
  return samples;
}

function withDefaults(given: readonly string[], count: number, name: (index: number) => string): string[] {
  return Array.from({ length: count }, (_, index) => given[index] || name(index));
}

interface Scaling {
  general: number;
  scales: number[];
  offsets: number[];
  unsigned: boolean;
}

function scalingOf(document: C3dDocument): Scaling {
  const format = textsOf(findParameter(document, 'ANALOG', 'FORMAT'))[0] ?? '';
  const unsigned = /^unsigned/i.test(format);
  const offsets = allNumbersOf(document, 'ANALOG', 'OFFSET');
  return {
    // some writers leave it at nought
    general: numberOf(findParameter(document, 'ANALOG', 'GEN_SCALE')) || 1,
    scales: allNumbersOf(document, 'ANALOG', 'SCALE'),
    offsets: unsigned ? offsets.map((offset) => (offset < 0 ? offset + 65_536 : offset)) : offsets,
    unsigned,
  };
}

function scaled(stored: Float32Array | Int16Array, channel: number, count: number, scaling: Scaling): Float32Array {
  const factor = (scaling.scales[channel] ?? 1) * scaling.general;
  const offset = scaling.offsets[channel] ?? 0;
  const wraps = scaling.unsigned && stored instanceof Int16Array;
  const values = new Float32Array(stored.length / count);
  for (let sample = 0, at = channel; sample < values.length; sample++, at += count)
    values[sample] = ((wraps ? stored[at] & 0xffff : stored[at]) - offset) * factor;
  return values;
}

function plateChannel(name: string, unit: Unit, values: Float32Array, plate: PlateChannel): SignalChannel {
  const { quantity, axis } = plate;
  return { name, unit, values, quantity, sensor: plate.plate, ...(axis && { axis }) };
}

const VOLTAGES = new Set<Unit>(['V', 'mV', 'uV']);
const FORCES = new Set<Unit>(['N', 'N.m', 'N.mm']);

/** What a channel of no plate measures, after its name and its unit. */
function describedChannel(name: string, unit: Unit, values: Float32Array): SignalChannel {
  const muscle = muscleOf(name);
  const side = sideOf(name);
  let quantity = quantityOf(name, unit);
  // a muscle's voltage; small voltages without another name are muscles too
  if (quantity === 'other' && VOLTAGES.has(unit) && (muscle || unit !== 'V')) quantity = 'emg';
  if (quantity === 'emg' && !VOLTAGES.has(unit) && unit !== '{arb}' && unit !== '%' && unit !== '1') quantity = 'other';
  // a plate's channel that was never calibrated is a voltage
  if ((quantity === 'force' || quantity === 'moment') && !FORCES.has(unit)) quantity = 'other';
  if (quantity === 'emg')
    return { name, unit, values, quantity, ...(muscle && { site: muscle.site }), ...placeOf(muscle, side) };
  if (quantity === 'acceleration' || quantity === 'angular-rate' || quantity === 'magnetic-field') {
    const axis = axisOf(name.replace(/[\d\s]+$/, ''));
    return { name, unit, values, quantity, sensor: sensorOf(name), ...(axis && { axis }), ...segmentOf(name) };
  }
  return { name, unit, values, quantity, ...(side && { side }) };
}

function placeOf(muscle: ReturnType<typeof muscleOf>, side: 'left' | 'right' | undefined) {
  const found = muscle?.side ?? side;
  return { ...(muscle?.level && { level: muscle.level }), ...(found && { side: found }) };
}

/** `Sensor 1` of `Sensor 1.ACCX1`. */
function sensorOf(name: string): string {
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 ? name.slice(0, dot) : name.replace(/[ _.:-]*(acc|gyr|mag).*$/i, '');
  return stem || 'sensor';
}

function sorted(
  channels: readonly SignalChannel[],
  plates: PlateReading,
  base: Omit<Signals, 'channels'>,
): AnalogReading['signals'] {
  const byKind = new Map<AnalogKind, SignalChannel[]>(ANALOG_KINDS.map((kind) => [kind, []]));
  // plate by plate, in the order of the plate's own list: types 3 and up are read by place
  const ranked = channels
    .map((channel, index) => ({ channel, index, plate: plates.channels.get(index) }))
    .sort((a, b) => rank(a.plate) - rank(b.plate) || a.index - b.index);
  for (const { channel, plate } of ranked) byKind.get(kindOf(channel, plate !== undefined))?.push(channel);
  return [...byKind]
    .filter(([, list]) => list.length > 0)
    .map(([kind, list]) => {
      const own: ForcePlate[] = kind === 'signal.force' ? plates.plates : [];
      return { kind, payload: { ...base, channels: list, ...(own.length > 0 && { plates: own }) } };
    });
}

function rank(plate: PlateChannel | undefined): number {
  return plate ? Number(plate.plate.replace(/\D+/g, '')) * 1000 + plate.order : 0;
}

function kindOf({ quantity }: SignalChannel, ofPlate: boolean): AnalogKind {
  if (ofPlate || quantity === 'force' || quantity === 'moment' || quantity === 'pressure-centre') return 'signal.force';
  if (quantity === 'emg') return 'signal.emg';
  if (quantity === 'orientation') return 'signal.orientation';
  const inertial = quantity === 'acceleration' || quantity === 'angular-rate' || quantity === 'magnetic-field';
  return inertial ? 'signal.imu' : 'signal.other';
}

/** Channels that never change: electrodes that were not worn, or lost. */
function flatFlags(channels: readonly SignalChannel[]): QualityFlag[] {
  const flat = channels.filter(({ values }) => values.every((value) => value === values[0]));
  if (flat.length === 0) return [];
  const names = flat.map(({ name }) => name).join(', ');
  const message = `${flat.length === 1 ? 'One channel never changes' : `${flat.length} channels never change`}: ${names}. Nothing was measured there.`;
  return [{ code: 'signal.flat', severity: 'doubt', where: names, message }];
}
