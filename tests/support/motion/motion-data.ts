/** Measurements on real recordings, shared by the golden tests and the accuracy tables. */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { c3d, mot, nexusCsv, readC3d, trc, writeC3d } from '../../../src/formats/index.ts';
import { groundReactions, type PlateWrench } from '../../../src/hme/force-plates/index.ts';
import { moveModel, type OpenSimModel, readOsim } from '../../../src/interop/opensim/index.ts';
import {
  type ArtifactKind,
  type Format,
  frameCount,
  type PayloadByKind,
  type PointSequence,
  type ReadItem,
  type Signals,
  sampleTimeS,
} from '../../../src/model/index.ts';
import { dataPath } from '../data-root.ts';
import { memoryFile, readOne } from '../formats/formats.ts';

const VICON = 'c3d-pyomeca-vicon';
const WALKING = 'c3d-opensim-walking';

/** Bytes of a file of the real data, unpacked where it is gzipped. */
export function dataBytes(...parts: string[]): Uint8Array {
  const bytes = readFileSync(dataPath(...parts));
  return new Uint8Array(parts[parts.length - 1].endsWith('.gz') ? gunzipSync(bytes) : bytes);
}

/** The item of a file of the real data. */
export function readData(
  format: Format,
  parts: readonly string[],
  choices?: Record<string, string>,
): Promise<ReadItem> {
  const name = parts[parts.length - 1].replace(/\.gz$/, '');
  return readOne(format, [memoryFile(name, dataBytes(...parts))], { choices });
}

/** The payload of a kind in an item. */
export function payloadOf<Kind extends ArtifactKind>(item: ReadItem, kind: Kind): PayloadByKind[Kind] {
  const found = item.artifacts.find((artifact) => artifact.kind === kind);
  if (!found)
    throw new Error(`${item.files[0]} holds ${item.artifacts.map((one) => one.kind).join(', ')}, not ${kind}`);
  return found.payload as PayloadByKind[Kind];
}

/** How far two sets of numbers are apart, and where only one of them has a value. */
export interface Distance {
  compared: number;
  largest: number;
  onlyFirst: number;
  onlySecond: number;
}

function compare(pairs: Iterable<readonly [number, number]>): Distance {
  const out: Distance = { compared: 0, largest: 0, onlyFirst: 0, onlySecond: 0 };
  for (const [a, b] of pairs) {
    if (Number.isNaN(a) && Number.isNaN(b)) continue;
    if (Number.isNaN(b)) out.onlyFirst++;
    else if (Number.isNaN(a)) out.onlySecond++;
    else {
      out.compared++;
      out.largest = Math.max(out.largest, Math.abs(a - b));
    }
  }
  return out;
}

/** C3D against the vendor's own CSV of the same trial: markers in mm, analog in V. */
export async function viconDistances(): Promise<{ markers: Distance; analog: Distance; channels: number }> {
  const item = await readData(c3d, [VICON, 'markers_analogs.c3d']);
  const ours = payloadOf(item, 'sequence.markers');
  const theirs = payloadOf(await readData(nexusCsv, [VICON, 'markers.csv']), 'sequence.markers');
  if (ours.names.join() !== theirs.names.join()) throw new Error('marker names differ');
  const signals = item.artifacts.filter(({ kind }) => kind.startsWith('signal.'));
  const channels = signals.flatMap(({ payload }) => (payload as Signals).channels);
  const exported = (await readData(nexusCsv, [VICON, 'analogs.csv.gz'])).artifacts.flatMap(
    ({ payload }) => (payload as Signals).channels,
  );
  let matched = 0;
  const analog = compare(
    (function* () {
      for (const { name, values } of exported) {
        // the C3D puts the sensor's name in front: Delt_ant.EMG1
        const own = channels.find((one) => one.name === name || one.name.endsWith(`.${name}`));
        if (!own) throw new Error(`no channel ${name}`);
        if (own.values.length !== values.length) throw new Error(`${name}: ${own.values.length} samples`);
        matched++;
        for (let at = 0; at < values.length; at++) yield [own.values[at], values[at]] as const;
      }
    })(),
  );
  return { markers: compare(zip(ours.positions, theirs.positions)), analog, channels: matched };
}

function* zip(a: ArrayLike<number>, b: ArrayLike<number>): Generator<readonly [number, number]> {
  if (a.length !== b.length) throw new Error(`${a.length} and ${b.length} values`);
  for (let at = 0; at < a.length; at++) yield [a[at], b[at]];
}

/** Distances of one walking trial from OpenSim's output. */
export interface WalkingDistances {
  markers: Distance;
  analog: Distance;
  force: Distance;
  moment: Distance;
  pressureCentre: Distance;
  freeMoment: Distance;
}

/** C3D and ground reactions against what OpenSim gives for the same trial: mm, N, N·mm. */
export async function walkingDistances(trial: 'walking2' | 'walking5'): Promise<WalkingDistances> {
  const item = await readData(c3d, [WALKING, `${trial}.c3d`]);
  const forces = payloadOf(item, 'signal.force');
  const markers = payloadOf(item, 'sequence.markers');
  const plates = groundReactions(forces, 0);
  const atCentre = payloadOf(await readData(mot, [WALKING, `std_${trial}_grfs.sto`]), 'signal.force');
  const atPressure = payloadOf(await readData(mot, [WALKING, `std_cop_${trial}_grfs.sto`]), 'signal.force');
  const raw = payloadOf(await readData(mot, [WALKING, `std_${trial}_analog.sto`]), 'signal.force');
  const expected = payloadOf(await readData(trc, [WALKING, `std_${trial}_markers.trc`]), 'sequence.markers');
  const part = (table: Signals, letter: string, own: (plate: PlateWrench) => Float64Array) =>
    compare(tablePairs(table, letter, plates, forces, own));
  return {
    markers: compare(markerPairs(markers, expected)),
    analog: compare(analogPairs(forces, raw)),
    force: part(atCentre, 'f', ({ force }) => force),
    moment: part(atCentre, 'm', ({ moment }) => moment),
    pressureCentre: part(atPressure, 'p', ({ pressureCentre }) => pressureCentre),
    freeMoment: part(atPressure, 'm', ({ freeMoment }) => freeMoment),
  };
}

/** Sample of a recording that was taken at a time; it must be there. */
function sampleOf(base: { startS: number; rateHz: number }, timeS: number): number {
  const at = (timeS - base.startS) * base.rateHz;
  if (Math.abs(at - Math.round(at)) > 0.02) throw new Error(`${timeS} s is between samples`);
  return Math.round(at);
}

function* tablePairs(
  table: Signals,
  letter: string,
  plates: readonly PlateWrench[],
  base: Signals,
  own: (plate: PlateWrench) => Float64Array,
) {
  for (const { name, values } of table.channels) {
    const found = /^([fpm])(\d)_([123])$/.exec(name);
    if (found?.[1] !== letter) continue;
    const ours = own(plates[Number(found[2]) - 1]);
    for (let row = 0; row < values.length; row++)
      yield [ours[3 * sampleOf(base, sampleTimeS(table, row)) + Number(found[3]) - 1], values[row]] as const;
  }
}

function* markerPairs(ours: PointSequence, theirs: PointSequence) {
  for (let row = 0; row < frameCount(theirs); row++) {
    const frame = sampleOf(ours, sampleTimeS(theirs, row));
    for (const [index, name] of theirs.names.entries()) {
      const own = ours.names.indexOf(name);
      for (let axis = 0; axis < 3; axis++)
        yield [
          ours.positions[3 * (frame * ours.names.length + own) + axis],
          theirs.positions[3 * (row * theirs.names.length + index) + axis],
        ] as const;
    }
  }
}

function* analogPairs(ours: Signals, theirs: Signals) {
  for (const { name, values } of theirs.channels) {
    const own = ours.channels.find((channel) => channel.name === name);
    if (!own) throw new Error(`no channel ${name}`);
    for (let row = 0; row < values.length; row++)
      yield [own.values[sampleOf(ours, sampleTimeS(theirs, row))], values[row]] as const;
  }
}

/** A C3D file read, written and read again: bytes of samples, and parameters that differ. */
export function losslessness(...parts: string[]): { parameters: number; different: string[]; samples: number } {
  const first = readC3d(dataBytes(...parts), parts[parts.length - 1]).document;
  const second = readC3d(writeC3d(first), parts[parts.length - 1]).document;
  const different: string[] = [];
  let parameters = 0;
  for (const [at, group] of first.groups.entries()) {
    const again = second.groups[at];
    if (again?.name !== group.name || again.description !== group.description) different.push(group.name);
    for (const [index, parameter] of group.parameters.entries()) {
      parameters++;
      const copy = again?.parameters[index];
      // block numbers may move
      if (parameter.name === 'DATA_START') continue;
      if (JSON.stringify(plain(parameter)) !== JSON.stringify(plain(copy)))
        different.push(`${group.name}:${parameter.name}`);
    }
  }
  const samples = first.points.length + first.analog.length + (first.rotations?.values.length ?? 0);
  const bits = (values: Float32Array | Int16Array | undefined) =>
    values ? Buffer.from(values.buffer, values.byteOffset, values.byteLength) : Buffer.alloc(0);
  if (!bits(first.points).equals(bits(second.points))) different.push('points');
  if (!bits(first.analog).equals(bits(second.analog))) different.push('analog');
  if (!bits(first.rotations?.values).equals(bits(second.rotations?.values))) different.push('rotations');
  const header = ({ dataStart: _, ...rest }: typeof first.header) =>
    JSON.stringify({ ...rest, reserved: [...rest.reserved] });
  if (header(first.header) !== header(second.header)) different.push('header');
  return { parameters, different, samples };
}

function plain(parameter: object | undefined): unknown {
  if (!parameter) return undefined;
  const { values, ...rest } = parameter as { values: Float32Array };
  return { ...rest, values: Array.from(values, (value) => (Number.isNaN(value) ? 'nan' : value)) };
}

/** A model of the real data. */
export function readModel(...parts: string[]): OpenSimModel {
  return readOsim(new TextDecoder().decode(dataBytes(...parts)), parts[parts.length - 1]);
}

const RUNNING = 'opensim-hamner-running';

/** Markers of the running model moved by OpenSim's inverse kinematics, against OpenSim's own marker places · mm */
export async function runningDistances(): Promise<{
  distance: number;
  markers: number;
  frames: number;
  where: string;
}> {
  const model = readModel(RUNNING, 'subject02_registered.osim');
  const motion = payloadOf(await readData(mot, [RUNNING, 'subject02_running_ik.mot']), 'signal.angle');
  const truth = payloadOf(await readData(mot, [RUNNING, 'ik_model_marker_locations.sto']), 'sequence.markers');
  const { markers } = moveModel(model, motion);
  const frames = frameCount(truth);
  let [distance, where] = [0, ''];
  for (const [index, name] of truth.names.entries()) {
    const own = markers.names.indexOf(name);
    if (own < 0) throw new Error(`no marker ${name}`);
    for (let frame = 0; frame < frames; frame++) {
      const a = 3 * (frame * truth.names.length + index);
      const b = 3 * (frame * markers.names.length + own);
      const gap = Math.hypot(...[0, 1, 2].map((axis) => truth.positions[a + axis] - markers.positions[b + axis]));
      if (gap > distance) [distance, where] = [gap, `${name}, frame ${frame}`];
    }
  }
  return { distance, markers: truth.names.length, frames, where };
}

/** One body of the drop jump: largest distance of its origin in mm and of its orientation in degrees. */
export interface BodyDistance {
  body: string;
  mm: number;
  deg: number;
}

/** Bodies of the drop jump moved by its motion file, against the published transforms. */
export async function dropJumpDistances(): Promise<BodyDistance[]> {
  const model = readModel('opencap', 'DJ1_LaiUhlrich2022_scaled.osim.gz');
  const motion = payloadOf(await readData(mot, ['opencap', 'DJ1_videoAndMocap.mot']), 'signal.angle');
  const truth = JSON.parse(new TextDecoder().decode(dataBytes('opencap', 'DJ1_visualizerTransforms.json'))) as {
    bodies: Record<string, { translation: number[][]; rotation: number[][] }>;
  };
  const { bodies } = moveModel(model, motion);
  const count = bodies.names.length;
  return Object.entries(truth.bodies).map(([body, { translation, rotation }]) => {
    const own = bodies.names.indexOf(body);
    if (own < 0) throw new Error(`no body ${body}`);
    let [mm, deg] = [0, 0];
    for (const [frame, place] of translation.entries()) {
      const at = frame * count + own;
      mm = Math.max(mm, Math.hypot(...place.map((metres, axis) => 1000 * metres - bodies.positions[3 * at + axis])));
      const q = bodies.orientations?.subarray(4 * at, 4 * at + 4) ?? [];
      const expected = turn(rotation[frame]);
      // the vector part of conj(expected)·q: exact for small angles, where acos is not
      const [w, x, y, z] = expected;
      const off = Math.hypot(
        w * q[1] - x * q[0] - y * q[3] + z * q[2],
        w * q[2] + x * q[3] - y * q[0] - z * q[1],
        w * q[3] - x * q[2] + y * q[1] - z * q[0],
      );
      deg = Math.max(deg, (2 * Math.asin(Math.min(1, off)) * 180) / Math.PI);
    }
    return { body, mm, deg };
  });
}

/** Quaternion of a body-fixed x-y-z sequence · rad */
function turn([a, b, c]: readonly number[]): [number, number, number, number] {
  const half = (angle: number) => [Math.cos(angle / 2), Math.sin(angle / 2)];
  const [[ca, sa], [cb, sb], [cc, sc]] = [half(a), half(b), half(c)];
  return [
    ca * cb * cc - sa * sb * sc,
    sa * cb * cc + ca * sb * sc,
    ca * sb * cc - sa * cb * sc,
    ca * cb * sc + sa * sb * cc,
  ];
}
