/** Markers, skeletons, signals and events as C3D documents. */

import {
  type ArtifactKind,
  type EventList,
  type ForcePlate,
  frameCount,
  type MotionEvent,
  type PayloadByKind,
  type PointSequence,
  type Signals,
  sampleCount,
  type TimeBase,
} from '../../model/index.ts';
import type { C3dDocument, C3dGroup, C3dParameter } from './document.ts';
import { float32s, groupOf, int16s, numbered, texts, textsNumbered } from './make.ts';
import { ownGroup } from './own.ts';

/** An artifact as a writer gets it. */
export interface C3dArtifact {
  kind: ArtifactKind;
  payload: PayloadByKind[ArtifactKind];
}

/** What goes into one file: everything on one grid of time. */
export interface C3dContents {
  points?: PointSequence;
  pointsKind?: 'sequence.markers' | 'sequence.skeleton';
  signals: { kind: ArtifactKind; payload: Signals }[];
  events?: EventList;
}

/** Rates that differ by less than this part are one. */
const SAME_RATE = 1e-6;

/**
 * Sorts artifacts into files: a C3D file has one rate of points and one analog rate that is a whole multiple of it, both from
 * the same start. What does not fit the first file goes into further ones, never onto another rate.
 */
export function contentsOf(artifacts: readonly C3dArtifact[]): C3dContents[] {
  const files: C3dContents[] = [];
  for (const { kind, payload } of artifacts)
    if (kind === 'sequence.markers' || kind === 'sequence.skeleton')
      files.push({ points: payload as PointSequence, pointsKind: kind, signals: [] });
  for (const { kind, payload } of artifacts) {
    if (!kind.startsWith('signal.')) continue;
    const signals = payload as Signals;
    const home = files.find((file) => fits(file, signals));
    if (home) home.signals.push({ kind, payload: signals });
    else files.push({ signals: [{ kind, payload: signals }] });
  }
  for (const { kind, payload } of artifacts) {
    if (kind !== 'events') continue;
    const free = files.find(({ events }) => !events);
    if (free) free.events = payload as EventList;
    else files.push({ signals: [], events: payload as EventList });
  }
  return files;
}

function fits(file: C3dContents, signals: Signals): boolean {
  const others: TimeBase[] = [...(file.points ? [file.points] : []), ...file.signals.map(({ payload }) => payload)];
  if (signals.timeS || others.some(({ timeS }) => timeS)) return false;
  if (others.some(({ startS }) => Math.abs(startS - signals.startS) > 0.5 / signals.rateHz)) return false;
  const analog = file.signals[0]?.payload.rateHz;
  if (analog !== undefined && Math.abs(analog / signals.rateHz - 1) > SAME_RATE) return false;
  if (!file.points) return true;
  const ratio = signals.rateHz / file.points.rateHz;
  return Math.round(ratio) >= 1 && Math.abs(ratio / Math.round(ratio) - 1) < SAME_RATE;
}

/** The name of the channel that keeps uneven time: how much later a frame was taken than the even grid says · s */
export const TIME_CHANNEL = 'TIME_OFFSET';

interface Column {
  name: string;
  unit: string;
  values: ArrayLike<number>;
}

/** A document of what goes into one file. Values are stored in single precision. */
export function documentOf(contents: C3dContents): C3dDocument {
  const { points, signals } = contents;
  const base = points ?? signals[0]?.payload ?? { startS: 0, rateHz: 100, clock: '' };
  const rateHz = base.rateHz;
  const columns = columnsOf(contents, base);
  const samplesPerFrame = points && signals[0] ? Math.round(signals[0].payload.rateHz / rateHz) : 1;
  const samples = columns.reduce((most, { values }) => Math.max(most, values.length), 0);
  const frames = Math.max(points ? frameCount(points) : 0, Math.ceil(samples / samplesPerFrame));
  const names = points?.names ?? [];
  const analog = new Float32Array(columns.length * samplesPerFrame * frames).fill(Number.NaN);
  for (const [channel, { values }] of columns.entries())
    for (let at = 0; at < values.length; at++) analog[at * columns.length + channel] = values[at];
  const grid = Math.round(base.startS * rateHz) + 1;
  const firstFrame = grid >= 1 && grid <= 65_535 ? grid : 1;
  const residual = residualScale(points);
  const facts: Facts = { contents, columns, rateHz, samplesPerFrame, frames, firstFrame, residual, base };
  const hasTurns = points?.orientations !== undefined;
  return {
    processor: 'pc',
    header: {
      points: names.length,
      analogPerFrame: columns.length * samplesPerFrame,
      firstFrame,
      lastFrame: Math.min(65_535, firstFrame + frames - 1),
      maxGap: 0,
      scale: -residual,
      dataStart: 0,
      samplesPerFrame: columns.length ? samplesPerFrame : 0,
      rateHz,
      longLabels: true,
      events: [],
      reserved: new Int16Array(137),
    },
    groups: groupsOf(facts),
    frames,
    points: pointWords(points, frames, residual),
    analog,
    ...(hasTurns && { rotations: { used: names.length, values: rotationWords(points as PointSequence) } }),
  };
}

/** Everything the groups are made of. */
export interface Facts {
  contents: C3dContents;
  columns: readonly Column[];
  rateHz: number;
  samplesPerFrame: number;
  frames: number;
  firstFrame: number;
  residual: number;
  base: TimeBase;
}

function columnsOf({ points, signals }: C3dContents, base: TimeBase): Column[] {
  const columns: Column[] = signals.flatMap(({ payload }) =>
    payload.channels.map(({ name, unit, values }) =>
      payload.plates ? inMm({ name, unit, values }) : { name, unit, values },
    ),
  );
  const { timeS, startS, rateHz } = base;
  const count = points ? frameCount(points) : signals[0] ? sampleCount(signals[0].payload) : 0;
  if (timeS && count > 0)
    columns.push({
      name: TIME_CHANNEL,
      unit: 's',
      values: Float64Array.from({ length: count }, (_, at) => timeS[at] - startS - at / rateHz),
    });
  return columns;
}

/** Units of length of a plate's channels follow POINT:UNITS, because other programs take no other. */
export const PLATE_UNITS: Partial<Record<string, string>> = { m: 'mm', 'N.m': 'N.mm' };

function inMm(column: Column): Column {
  const unit = PLATE_UNITS[column.unit];
  return unit ? { ...column, unit, values: Float64Array.from(column.values, (value) => value * 1000) } : column;
}

/** Residuals have 8 bits: the step that holds the largest · mm */
function residualScale(points: PointSequence | undefined): number {
  let largest = 0;
  for (const value of points?.residualMm ?? []) if (value > largest) largest = value;
  return Math.max(0.01, largest / 255);
}

function pointWords(points: PointSequence | undefined, frames: number, residual: number): Float32Array {
  if (!points) return new Float32Array(0);
  const { positions, residualMm, names } = points;
  const words = new Float32Array(4 * names.length * frames);
  for (let at = 0; at < names.length * frames; at++) {
    const [x, y, z] = [positions[3 * at], positions[3 * at + 1], positions[3 * at + 2]];
    const there = Number.isFinite(x + y + z);
    words.set(there ? [x, y, z] : [0, 0, 0], 4 * at);
    const step = Math.round((residualMm?.[at] ?? 0) / residual) || 0;
    words[4 * at + 3] = there ? Math.min(255, step) : -1;
  }
  return words;
}

function rotationWords({ positions, orientations, names }: PointSequence): Float32Array {
  const turns = orientations ?? new Float32Array(0);
  const count = turns.length / 4;
  const words = new Float32Array(17 * (names.length ? count : 0));
  for (let at = 0; at < count; at++) {
    const [w, x, y, z] = turns.subarray(4 * at, 4 * at + 4);
    const there = Number.isFinite(w + x + y + z);
    const columns = [
      [1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y), 0],
      [2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x), 0],
      [2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y), 0],
      [positions[3 * at], positions[3 * at + 1], positions[3 * at + 2], 1],
    ];
    words.set(columns.flat(), 17 * at);
    words[17 * at + 16] = there ? 0 : -1;
  }
  return words;
}

function groupsOf(facts: Facts): C3dGroup[] {
  const { contents, columns } = facts;
  const plates = contents.signals.flatMap(({ payload }) => payload.plates ?? []);
  const lists: [string, C3dParameter[]][] = [
    ['POINT', pointParameters(facts)],
    ['ANALOG', analogParameters(facts)],
    ['FORCE_PLATFORM', plateParameters(plates, contents, columns)],
    ['TRIAL', trialParameters(facts)],
    ['EVENT', eventParameters(contents.events)],
    ['MANUFACTURER', [texts('COMPANY', ['msdt']), texts('SOFTWARE', ['msdt'])]],
  ];
  if (contents.points?.orientations) lists.push(['ROTATION', rotationParameters(facts)]);
  return [
    ...lists.map(([name, parameters], at) => groupOf(at + 1, name, parameters)),
    ownGroup(lists.length + 1, facts),
  ];
}

function pointParameters({ contents, rateHz, frames, residual }: Facts): C3dParameter[] {
  const names = contents.points?.names ?? [];
  const up = contents.points?.up?.toUpperCase();
  return [
    int16s('USED', [names.length]),
    float32s('SCALE', [-residual]),
    float32s('RATE', [rateHz]),
    int16s('DATA_START', [0]),
    int16s('FRAMES', [Math.min(65_535, frames)]),
    float32s('LONG_FRAMES', [frames]),
    texts('UNITS', ['mm']),
    ...textsNumbered('LABELS', names),
    ...textsNumbered(
      'DESCRIPTIONS',
      names.map(() => ''),
    ),
    ...(up ? [texts('X_SCREEN', [up.endsWith('X') ? '+Y' : '+X']), texts('Y_SCREEN', [up])] : []),
  ];
}

function analogParameters({ columns, rateHz, samplesPerFrame }: Facts): C3dParameter[] {
  const each = <Value>(value: Value) => columns.map(() => value);
  return [
    int16s('USED', [columns.length]),
    float32s('RATE', [rateHz * samplesPerFrame]),
    float32s('GEN_SCALE', [1]),
    texts('FORMAT', ['SIGNED']),
    int16s('BITS', [16]),
    ...numbered(each(1), (name, values) => float32s(name, values), 'SCALE'),
    ...numbered(each(0), (name, values) => int16s(name, values), 'OFFSET'),
    ...textsNumbered(
      'LABELS',
      columns.map(({ name }) => name),
    ),
    ...textsNumbered('DESCRIPTIONS', each('')),
    ...textsNumbered(
      'UNITS',
      columns.map(({ unit }) => unitText(unit)),
    ),
  ];
}

/** Units as other programs write them. */
function unitText(unit: string): string {
  return ({ 'N.m': 'Nm', 'N.mm': 'Nmm', '[g]': 'g', '{arb}': '', '1': '' } as Record<string, string>)[unit] ?? unit;
}

function plateParameters(
  plates: readonly ForcePlate[],
  { signals }: C3dContents,
  columns: readonly Column[],
): C3dParameter[] {
  const channels = signals.flatMap(({ payload }) => payload.channels);
  const own = plates.map(({ id }) =>
    channels.flatMap(({ sensor }, at) => (sensor === id && at < columns.length ? [at + 1] : [])),
  );
  const rows = Math.max(6, ...own.map(({ length }) => length));
  const width = plates.some(({ type }) => type === 5) ? 8 : 6;
  const matrices = plates.map(({ calibration }) =>
    // column by column, as readers expect
    Array.from({ length: 6 * width }, (_, at) => {
      const columnsOfMatrix = (calibration?.length ?? 0) / 6;
      const [column, row] = [Math.floor(at / 6), at % 6];
      return column < columnsOfMatrix ? (calibration?.[row * columnsOfMatrix + column] ?? 0) : 0;
    }),
  );
  const many = plates.length;
  return [
    int16s('USED', [many]),
    int16s('ZERO', [1, 0]),
    int16s(
      'TYPE',
      plates.map(({ type }) => type),
      [many],
    ),
    float32s(
      'CORNERS',
      plates.flatMap(({ corners }) => Array.from(corners)),
      [3, 4, many],
    ),
    float32s(
      'ORIGIN',
      plates.flatMap(({ origin }) => [...origin]),
      [3, many],
    ),
    int16s(
      'CHANNEL',
      own.flatMap((list) => Array.from({ length: rows }, (_, at) => list[at] ?? 0)),
      [rows, many],
    ),
    float32s('CAL_MATRIX', matrices.flat(), [6, width, many]),
  ];
}

function trialParameters({ firstFrame, frames }: Facts): C3dParameter[] {
  const words = (value: number) => [value & 0xffff, Math.floor(value / 65_536)];
  return [int16s('ACTUAL_START_FIELD', words(firstFrame)), int16s('ACTUAL_END_FIELD', words(firstFrame + frames - 1))];
}

function eventParameters(list: EventList | undefined): C3dParameter[] {
  const events = list?.events ?? [];
  const context = { left: 'Left', right: 'Right' };
  return [
    int16s('USED', [events.length]),
    ...textsNumbered(
      'CONTEXTS',
      events.map(({ side }) => (side ? context[side] : 'General')),
    ),
    ...textsNumbered(
      'LABELS',
      events.map(({ label }) => label),
    ),
    ...textsNumbered(
      'DESCRIPTIONS',
      events.map(() => ''),
    ),
    // minutes and seconds of each
    ...numbered(events, (name, part) => float32s(name, part.flatMap(minutesOf), [2, part.length]), 'TIMES'),
  ];
}

function minutesOf({ timeS }: MotionEvent): [number, number] {
  return [Math.floor(timeS / 60), timeS - 60 * Math.floor(timeS / 60)];
}

function rotationParameters({ contents, rateHz }: Facts): C3dParameter[] {
  const names = contents.points?.names ?? [];
  return [
    int16s('USED', [names.length]),
    float32s('RATE', [rateHz]),
    int16s('RATIO', [1]),
    int16s('DATA_START', [0]),
    ...textsNumbered('LABELS', names),
  ];
}
