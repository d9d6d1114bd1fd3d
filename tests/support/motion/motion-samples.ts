/** Recordings of known content for the tests of file formats and of the store. */

import { createRandom } from '../../../src/kernel/index.ts';
import type {
  ArtifactKind,
  CloudSequence,
  DepthSequence,
  EventList,
  MeshSequence,
  PointSequence,
  Quantity,
  SignalChannel,
  Signals,
  Unit,
} from '../../../src/model/index.ts';

function channel(name: string, unit: Unit, quantity: Quantity, seed: number, count: number): SignalChannel {
  const random = createRandom(seed);
  return { name, unit, quantity, values: Float32Array.from({ length: count }, () => random.uniform() * 4 - 2) };
}

/** Two electrodes at 2000 Hz, the second with a gap. */
export function emgSignals(count = 40): Signals {
  const left: SignalChannel = {
    ...channel('EMG1', 'uV', 'emg', 1, count),
    site: 'erectorSpinae',
    level: 'L4',
    side: 'left',
  };
  const right: SignalChannel = {
    ...channel('EMG2', 'uV', 'emg', 2, count),
    site: 'erectorSpinae',
    level: 'L4',
    side: 'right',
  };
  right.values.fill(Number.NaN, 10, 14);
  return { clock: 'trial', startS: 0.25, rateHz: 2000, channels: [left, right] };
}

/** One nine-axis sensor at a rate that is no whole number. */
function imuSignals(count = 30): Signals {
  const channels: SignalChannel[] = [];
  const vectors = [
    ['acc', 'm/s2', 'acceleration'],
    ['gyr', 'rad/s', 'angular-rate'],
    ['mag', 'uT', 'magnetic-field'],
  ] as const;
  for (const [at, [name, unit, quantity]] of vectors.entries())
    for (const [index, axis] of (['x', 'y', 'z'] as const).entries())
      channels.push({
        ...channel(`${name}_${axis}`, unit, quantity, 10 + 3 * at + index, count),
        axis,
        sensor: 'S1',
        segment: 'thorax',
      });
  return { clock: 'trial', startS: 0, rateHz: 285.714, channels };
}

/** One force plate of type 2. */
export function forceSignals(count = 20): Signals {
  const vector = (letter: string, unit: Unit, quantity: Quantity, seed: number) =>
    (['x', 'y', 'z'] as const).map((axis, index) => ({
      ...channel(`${letter}${axis}1`, unit, quantity, seed + index, count),
      axis,
      sensor: 'plate 1',
    }));
  const channels = [...vector('F', 'N', 'force', 30), ...vector('M', 'N.mm', 'moment', 33)];
  const corners = Float64Array.from([500, 0, 0, 0, 0, 0, 0, 400, 0, 500, 400, 0]);
  return {
    clock: 'trial',
    startS: 0,
    rateHz: 1000,
    channels,
    plates: [{ id: 'plate 1', type: 2, corners, origin: [0, 0, -40] }],
  };
}

/** Three markers over five frames, one of them hidden once. */
export function markerSequence(): PointSequence {
  const random = createRandom(5);
  const positions = Float32Array.from({ length: 3 * 3 * 5 }, () => random.uniform() * 1000);
  positions.fill(Number.NaN, 12, 15);
  return {
    clock: 'trial',
    startS: 0.01,
    rateHz: 100,
    frame: 'lab',
    up: '+z',
    names: ['T10', 'LASI', 'RASI'],
    positions,
  };
}

/** A chain of three joints. */
export function skeletonSequence(): PointSequence {
  const random = createRandom(6);
  const frames = 4;
  const orientations = new Float64Array(4 * 3 * frames);
  for (let at = 0; at < orientations.length; at += 4) {
    const angle = random.uniform();
    orientations[at] = Math.cos(angle);
    orientations[at + 2] = Math.sin(angle);
  }
  return {
    clock: 'trial',
    startS: 0,
    rateHz: 30,
    timeS: Float64Array.from([0, 0.034, 0.066, 0.1]),
    frame: 'camera',
    up: '-y',
    names: ['pelvis', 'spine', 'thorax'],
    parents: [-1, 0, 1],
    positions: Float64Array.from({ length: 3 * 3 * frames }, () => random.uniform() * 1000),
    orientations,
  };
}

/** A tetrahedron that grows; its vertices correspond. */
export function meshSequence(): MeshSequence {
  const corners = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1];
  const positions = [100, 110, 125].map((scale) => Float32Array.from(corners, (value) => value * scale));
  return {
    clock: 'trial',
    startS: 0,
    rateHz: 25,
    frame: 'lab',
    positions,
    triangles: [Uint32Array.from([0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3])],
    pointData: { speed: positions.map((frame) => frame.slice(0, 4)) },
  };
}

/** Clouds of different size. */
export function cloudSequence(): CloudSequence {
  const random = createRandom(8);
  const positions = [7, 5, 9].map((count) => Float32Array.from({ length: 3 * count }, () => random.uniform() * 500));
  return { clock: 'trial', startS: 0, rateHz: 30, frame: 'camera', up: '-y', positions };
}

/** Two small depth pictures. */
export function depthSequence(): DepthSequence {
  const [width, height, frames] = [6, 4, 2];
  const depthMm = Uint16Array.from({ length: width * height * frames }, (_, at) => (at % 3 ? 0 : 900 + at));
  const intrinsics = { fx: 300, fy: 300, cx: 2.5, cy: 1.5, source: 'made for a test' };
  return { clock: 'trial', startS: 0, rateHz: 30, width, height, depthMm, intrinsics };
}

export function eventList(): EventList {
  return {
    clock: 'trial',
    events: [
      { label: 'Foot Strike', timeS: 0.5, side: 'left' },
      { label: 'bend', timeS: 1.25, endS: 4 },
    ],
  };
}

/** Payload of a kind of motion, or undefined for other kinds. */
export function motionSample(kind: ArtifactKind): unknown {
  if (kind === 'signal.imu' || kind === 'signal.orientation') return imuSignals();
  if (kind === 'signal.force') return forceSignals();
  if (kind.startsWith('signal.')) return emgSignals();
  if (kind === 'sequence.markers') return markerSequence();
  if (kind === 'sequence.skeleton') return skeletonSequence();
  if (kind === 'sequence.mesh') return meshSequence();
  if (kind === 'sequence.cloud') return cloudSequence();
  if (kind === 'sequence.depth') return depthSequence();
  if (kind === 'events') return eventList();
  if (kind !== 'clocks') return undefined;
  const basis = 'angular speed of pelvis and hip';
  return {
    reference: 'trial',
    maps: [{ from: 'imu', to: 'trial', offsetS: 1.5, driftPpm: 20, method: 'correlation', quality: 0.9, basis }],
  };
}
