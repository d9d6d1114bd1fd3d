/** A body that carries sensors: orientations of sensors, mounted anyhow, from prescribed joint angles. */

import {
  axisRotation,
  cardanRotation,
  createRandom,
  type Mat3,
  mat3ToQuaternion,
  multiplyMat3,
  multiplyQuaternion,
  type Quaternion,
  quaternionFromAxisAngle,
} from '../../kernel/index.ts';
import type { ArtifactValue, SignalChannel } from '../../model/index.ts';

/** Angles of a posture as the capability names them, right side's signs for both · deg; what is absent is zero. */
export type PostureAngles = Partial<Record<string, number>>;

/** A recording to make. */
export interface BodyScript {
  rateHz: number;
  samples: number;
  /** angles at a time, by id (`knee.flexion.right`) · deg */
  angles: (timeS: number) => PostureAngles;
  /** direction that the body faces at the start, anticlockwise from east · deg */
  facingDeg?: number;
  /** sensors have no heading in common: each starts anywhere and drifts by up to this · deg/min */
  driftDegMin?: number;
  /** sensors are turned on their segments at random (default) or aligned with them */
  aligned?: boolean;
  seed?: number;
}

const RAD = Math.PI / 180;

/** Segments and the angles that carry them, proximal first. */
const CHAIN: readonly { id: string; parent?: string; joint: string }[] = [
  { id: 'pelvis', joint: 'pelvis' },
  { id: 'thorax', parent: 'pelvis', joint: 'lumbar' },
  { id: 'thigh.right', parent: 'pelvis', joint: 'hip' },
  { id: 'thigh.left', parent: 'pelvis', joint: 'hip' },
  { id: 'shank.right', parent: 'thigh.right', joint: 'knee' },
  { id: 'shank.left', parent: 'thigh.left', joint: 'knee' },
];

/**
 * Orientation signals of six sensors on pelvis, thorax, thighs and shanks.
 *
 * @returns one artifact with channels that carry their segment; the room's X is the direction faced
 */
export function simulateBody(script: BodyScript): ArtifactValue<'signal.orientation'> {
  const { rateHz, samples, facingDeg = 0, driftDegMin } = script;
  const random = createRandom(script.seed ?? 1);
  const anyTurn = (): Quaternion =>
    quaternionFromAxisAngle([random.normal(), random.normal(), random.normal()], 2 * random.normal());
  const mounts = CHAIN.map(() => (script.aligned ? ([1, 0, 0, 0] as const) : anyTurn()));
  const starts = CHAIN.map(() => (driftDegMin === undefined ? 0 : 360 * random.uniform()));
  const drifts = CHAIN.map(() => (driftDegMin ?? 0) * (2 * random.uniform() - 1));
  // room X forward, Y up, Z right in an earth whose z is up
  const roomToEarth = mat3ToQuaternion(multiplyMat3(axisRotation(2, facingDeg * RAD), axisRotation(0, Math.PI / 2)));
  const channels = CHAIN.flatMap(({ id }): SignalChannel[] => {
    const [segment, side] = id.split('.') as [string, 'left' | 'right' | undefined];
    return (['w', 'x', 'y', 'z'] as const).map((axis) => ({
      name: `imu ${id}_${axis}`,
      unit: '1',
      quantity: 'orientation',
      axis,
      sensor: `imu ${id}`,
      segment,
      ...(side ? { side } : {}),
      values: new Float64Array(samples),
    }));
  });
  for (let i = 0; i < samples; i++) {
    const timeS = i / rateHz;
    const frames = framesOf(script.angles(timeS));
    CHAIN.forEach(({ id }, s) => {
      const turn = quaternionFromAxisAngle([0, 0, 1], (starts[s] + (drifts[s] * timeS) / 60) * RAD);
      const segment = multiplyQuaternion(roomToEarth, mat3ToQuaternion(frames.get(id) as Mat3));
      const q = multiplyQuaternion(multiplyQuaternion(turn, segment), mounts[s]);
      for (let k = 0; k < 4; k++) channels[4 * s + k].values[i] = q[k];
    });
  }
  const quality =
    driftDegMin === undefined
      ? []
      : CHAIN.map(({ id }) => ({
          code: 'imu.heading-relative',
          severity: 'info' as const,
          where: `imu ${id}`,
          message: 'The heading counts from where the recording began.',
        }));
  return {
    kind: 'signal.orientation',
    payload: { clock: 'simulated', startS: 0, rateHz, channels },
    synthetic: true,
    quality,
  };
}

/** Segment to room of every segment. */
function framesOf(angles: PostureAngles): Map<string, Mat3> {
  const frames = new Map<string, Mat3>();
  for (const { id, parent, joint } of CHAIN) {
    const side = id.split('.')[1];
    const left = side === 'left' ? -1 : 1;
    const of = (motion: string) => (angles[[joint, motion, side].filter(Boolean).join('.')] ?? 0) * RAD;
    const own =
      joint === 'pelvis'
        ? cardanRotation('YXZ', [of('rotation'), of('obliquity'), -of('tilt')])
        : joint === 'lumbar'
          ? cardanRotation('ZXY', [-of('flexion'), of('lateral'), of('rotation')])
          : cardanRotation('ZXY', [
              (joint === 'knee' ? -1 : 1) * of('flexion'),
              left * of('adduction'),
              left * of('rotation'),
            ]);
    const above = parent && frames.get(parent);
    frames.set(id, above ? multiplyMat3(above, own) : own);
  }
  return frames;
}
