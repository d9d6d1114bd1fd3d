/** What the columns of an OpenSim table are: joint angles, forces, orientations, marker places, muscle activity. */

import {
  type ArtifactDraft,
  muscleOf,
  type PointSequence,
  type QualityFlag,
  type Quantity,
  type SignalChannel,
  type Signals,
  type TimeBase,
  type Unit,
} from '../../model/index.ts';
import { segmentOf } from '../recording/index.ts';
import type { MotTable } from './table.ts';

/** Steps of time that differ by more than this part of a step are uneven. */
const UNEVEN = 1e-3;

/** A pressure centre farther from the origin than this is in millimetres, whatever the header says · m */
const FARTHEST_M = 20;

/** A plate that carries this much is stood on · N */
const LOADED_N = 20;

/** The time base of a table; time stamps are kept where steps are uneven. */
function timeBaseOf({ timeS, header }: MotTable, clock: string): TimeBase {
  const count = timeS.length;
  const startS = timeS[0];
  const stated = Number(header.get('datarate'));
  if (count < 2) return { clock, startS, rateHz: stated > 0 ? stated : 1 };
  const step = (timeS[count - 1] - startS) / (count - 1);
  const rateHz =
    stated > 0 && Math.abs(stated * step - 1) < 1e-6 ? stated : plainRate(1 / step, timeS[count - 1] - startS);
  for (let row = 0; row < count; row++)
    if (Math.abs(timeS[row] - startS - row * step) > UNEVEN * step) return { clock, startS, rateHz, timeS };
  return { clock, startS, rateHz };
}

/** Time is printed with eight decimals or fewer: a rate that differs from a plain number by no more than that is that number. */
function plainRate(rateHz: number, lengthS: number): number {
  const plain = Math.round(rateHz * 1000) / 1000;
  return plain > 0 && Math.abs(rateHz / plain - 1) < 2e-8 / lengthS ? plain : rateHz;
}

/** A table as an artifact, with the modality it belongs to. */
export interface Meaning {
  modality: 'motion' | 'force' | 'imu' | 'emg';
  artifact: ArtifactDraft;
  /** forces that stood beside the joint angles */
  forces?: ArtifactDraft;
  flags: QualityFlag[];
}

/**
 * Finds out what a table holds.
 * @param clock - name of the recording's clock
 * @param about - what a table of our own says about its columns
 */
export function meaningOf(table: MotTable, clock: string, about?: readonly Partial<SignalChannel>[]): Meaning {
  const base = timeBaseOf(table, clock);
  if (about) return ownTable(table, base, about);
  if (table.header.get('datatype')?.toLowerCase() === 'quaternion') return orientations(table, base);
  const markers = markersOf(table, base);
  if (markers) return { modality: 'motion', artifact: markers, flags: [] };
  if (table.width > 1) return vectors(table, base);
  const forces = table.labels.map(forceLabel);
  const count = forces.filter(Boolean).length;
  const coordinates = table.inDegrees === true || /coordinates/i.test(table.name) || table.labels.some(isState);
  if (count >= 3 && count === table.labels.length) return forceTable(table, base);
  if (coordinates && count >= 3) return motionWithForces(table, base);
  return coordinates ? coordinateTable(table, base) : mixedTable(table, base);
}

/** SIMM's motions carry the forces of the plates beside the angles: two things, on one clock. */
function motionWithForces(table: MotTable, base: TimeBase): Meaning {
  const part = (wanted: boolean): MotTable => {
    const chosen = table.labels.flatMap((label, at) => (Boolean(forceLabel(label)) === wanted ? [at] : []));
    return {
      ...table,
      labels: chosen.map((at) => table.labels[at]),
      columns: chosen.map((at) => table.columns[at]),
    };
  };
  const motion = coordinateTable(part(false), base);
  const { artifact, flags } = forceTable(part(true), base);
  return { ...motion, forces: artifact, flags: [...motion.flags, ...flags] };
}

function ownTable(table: MotTable, base: TimeBase, about: readonly Partial<SignalChannel>[]): Meaning {
  const channels = table.columns.map(
    (values, index): SignalChannel => ({
      quantity: 'other',
      unit: '{arb}',
      ...about[index],
      name: table.labels[index],
      values,
    }),
  );
  const kind = (table.header.get('msdtkind') ?? 'signal.other') as 'signal.other';
  return {
    modality: kind === ('signal.force' as string) ? 'force' : 'motion',
    artifact: { kind, payload: { ...base, channels }, name: table.name || 'Signals' },
    flags: [],
  };
}

function orientations(table: MotTable, base: TimeBase): Meaning {
  const channels = table.columns.map((values, index): SignalChannel => {
    const sensor = table.labels[Math.floor(index / 4)];
    const axis = (['w', 'x', 'y', 'z'] as const)[index % 4];
    return {
      name: `${sensor}_${axis}`,
      unit: '1',
      quantity: 'orientation',
      axis,
      sensor,
      values,
      ...segmentOf(sensor),
    };
  });
  const payload: Signals = { ...base, channels };
  return { modality: 'imu', artifact: { kind: 'signal.orientation', payload, name: 'Orientation' }, flags: [] };
}

/** Points when every column is a place: Vec3 in a table of markers, or `name_tx, name_ty, name_tz` throughout. */
function markersOf(table: MotTable, base: TimeBase): ArtifactDraft | undefined {
  const { labels, columns, header, name } = table;
  const vectors = table.width === 3 && (/marker/i.test(name) || header.has('units'));
  const triples =
    table.width === 1 &&
    labels.length % 3 === 0 &&
    labels.every((label, index) => label === `${labels[index - (index % 3)].slice(0, -3)}_t${'xyz'[index % 3]}`);
  if (!vectors && !triples) return undefined;
  const mm = vectors && header.get('units')?.trim().toLowerCase() === 'mm' ? 1 : 1000;
  const names = vectors ? labels : labels.filter((_, index) => index % 3 === 0).map((label) => label.slice(0, -3));
  const rows = table.timeS.length;
  const positions = new Float64Array(3 * names.length * rows);
  for (const [column, values] of columns.entries())
    for (let row = 0; row < rows; row++) positions[3 * names.length * row + column] = values[row] * mm;
  const payload: PointSequence = { ...base, frame: 'lab', up: '+y', names, positions };
  return { kind: 'sequence.markers', payload, name: 'Markers' };
}

function vectors(table: MotTable, base: TimeBase): Meaning {
  const channels = table.columns.map((values, index): SignalChannel => {
    const sensor = table.labels[Math.floor(index / table.width)];
    const component = index % table.width;
    const axis = table.width <= 3 ? (['x', 'y', 'z'] as const)[component] : undefined;
    const name = axis ? `${sensor}_${axis}` : `${sensor}_${component + 1}`;
    return { name, unit: '{arb}', quantity: 'other', sensor, values, ...(axis && { axis }) };
  });
  const artifact: ArtifactDraft = { kind: 'signal.other', payload: { ...base, channels }, name: 'Vectors' };
  return { modality: 'motion', artifact, flags: [] };
}

interface ForceLabel {
  quantity: Quantity;
  axis: 'x' | 'y' | 'z';
  sensor: string;
}

/** `ground_force_r_vx`, `1_ground_torque_x`, `R_ground_force_px`, `f1_1`, `p2_3`, `Fx1`. */
function forceLabel(label: string): ForceLabel | undefined {
  const grf = /^(.*?)_?(?:ground|grf)_?(force|torque|moment)?_?(.*?)_?([vpm]?)([xyz])$/i.exec(label);
  if (grf) {
    const kind =
      /torque|moment/i.test(grf[2] ?? '') || grf[4] === 'm' ? 'moment' : grf[4] === 'p' ? 'pressure-centre' : 'force';
    return {
      quantity: kind,
      axis: grf[5].toLowerCase() as 'x',
      sensor: `plate ${[grf[1], grf[3]].filter(Boolean).join(' ') || 1}`,
    };
  }
  const adapter = /^([fpm])(\d+)_([123])$/.exec(label);
  if (adapter) {
    const quantity = { f: 'force', p: 'pressure-centre', m: 'moment' }[adapter[1]] as Quantity;
    return { quantity, axis: 'xyz'[Number(adapter[3]) - 1] as 'x', sensor: `plate ${adapter[2]}` };
  }
  const raw = /^(F|M)([xyz])_?(\d+)$/i.exec(label);
  if (!raw) return undefined;
  return {
    quantity: raw[1].toUpperCase() === 'F' ? 'force' : 'moment',
    axis: raw[2].toLowerCase() as 'x',
    sensor: `plate ${raw[3]}`,
  };
}

/** What each column is. The plate of `ground_force_vx` is the first where `1_ground_force_vx`, the second, stands beside it. */
function forceLabels(names: readonly string[]): ForceLabel[] {
  const hasBare = names.some((name) => /^(ground|grf)_?(force|torque|moment)?_?[vpm]?[xyz]$/i.test(name));
  return names.map((name) => {
    const label = forceLabel(name) as ForceLabel;
    const later = hasBare ? /^(\d+)_/.exec(name) : undefined;
    return later ? { ...label, sensor: `plate ${Number(later[1]) + 1}` } : label;
  });
}

function forceTable(table: MotTable, base: TimeBase): Meaning {
  const flags: QualityFlag[] = [];
  const labels = forceLabels(table.labels);
  const largest = reachOf(table, labels);
  const inMm = largest > FARTHEST_M || labels.every(({ quantity }) => quantity !== 'pressure-centre');
  if (largest > FARTHEST_M)
    flags.push({
      code: 'mot.unit',
      severity: 'doubt',
      message: `Pressure centres reach ${largest.toFixed(0)}; they were read as millimetres although the format means metres.`,
    });
  const units: Partial<Record<Quantity, Unit>> = {
    force: 'N',
    'pressure-centre': inMm ? 'mm' : 'm',
    moment: inMm ? 'N.mm' : 'N.m',
  };
  const channels = table.columns.map(
    (values, index): SignalChannel => ({
      name: table.labels[index],
      unit: units[labels[index].quantity] ?? '{arb}',
      values,
      ...labels[index],
    }),
  );
  return {
    modality: 'force',
    artifact: { kind: 'signal.force', payload: { ...base, channels }, name: 'Forces' },
    flags,
  };
}

/** How far centres of pressure reach while their plate is loaded; an empty plate divides noise by noise. */
function reachOf(table: MotTable, labels: readonly ForceLabel[]): number {
  const rows = table.timeS.length;
  let [loaded, empty, anyLoad] = [0, 0, false];
  for (const sensor of new Set(labels.map((label) => label.sensor))) {
    const own = labels.flatMap((label, index) =>
      label.sensor === sensor ? [{ ...label, values: table.columns[index] }] : [],
    );
    const forces = own.filter(({ quantity }) => quantity === 'force');
    for (let row = 0; row < rows; row++) {
      const load = Math.hypot(...forces.map(({ values }) => values[row])) >= LOADED_N;
      anyLoad ||= load;
      for (const { quantity, values } of own) {
        if (quantity !== 'pressure-centre') continue;
        const size = Math.abs(values[row]) || 0;
        if (load) loaded = Math.max(loaded, size);
        else empty = Math.max(empty, size);
      }
    }
  }
  return anyLoad ? loaded : empty;
}

/** States of a model, and names that only coordinates have. */
const isState = (label: string): boolean =>
  /\/(value|speed)$|^pelvis_(tilt|t[xyz])$|^(hip|lumbar)_(flexion|extension)(_[lr])?$|^knee_angle(_[lr])?$/.test(label);

/** Generalised coordinates: rotations in the header's unit, translations in metres. */
function coordinateTable(table: MotTable, base: TimeBase): Meaning {
  const channels = table.columns.map((values, index): SignalChannel => {
    const name = table.labels[index];
    const side = sideOf(name);
    // SIMM's own header knows no flag: its angles are degrees
    const rotary: Unit = (table.inDegrees ?? table.header.has('datacolumns')) ? 'deg' : 'rad';
    const short =
      name
        .replace(/\/value$/, '')
        .split('/')
        .at(-1) ?? name;
    if (/\/speed$|_u$/.test(name)) return { name, values, unit: '{arb}', quantity: 'other', ...side };
    if (/(^|_)t[xyz]$|_trans[xyz]$/i.test(short)) return { name, values, unit: 'm', quantity: 'position', ...side };
    if (/activation|\/fiber_length|excitation/i.test(name))
      return { name, values, unit: '1', quantity: 'other', ...side };
    return { name, values, unit: rotary, quantity: 'angle', ...side };
  });
  return {
    modality: 'motion',
    artifact: { kind: 'signal.angle', payload: { ...base, channels }, name: 'Joint angles' },
    flags: [],
  };
}

function sideOf(name: string): { side?: 'left' | 'right' } {
  const end = /_([lr])(?:_|\/|$)/i.exec(name)?.[1].toLowerCase();
  return end ? { side: end === 'l' ? 'left' : 'right' } : {};
}

/** Anything else: generalised forces by their endings, muscle curves by their names, the rest without meaning. */
function mixedTable(table: MotTable, base: TimeBase): Meaning {
  const channels = table.columns.map((values, index): SignalChannel => {
    const name = table.labels[index];
    const side = sideOf(name);
    if (/_moment$/.test(name)) return { name, values, unit: 'N.m', quantity: 'moment', ...side };
    if (/_force$/.test(name)) return { name, values, unit: 'N', quantity: 'force', ...side };
    const muscle = muscleOf(name);
    if (muscle) return { name, values, unit: '1', quantity: 'emg', ...muscle, ...side };
    return { name, values, unit: '{arb}', quantity: 'other', ...side };
  });
  const known = channels.some(({ quantity }) => quantity !== 'other');
  const kind = known ? 'signal.measure' : 'signal.other';
  return {
    modality: 'motion',
    artifact: { kind, payload: { ...base, channels }, name: known ? 'Curves' : 'Other channels' },
    flags: [],
  };
}
