/** A body of known angles: joints and markers by forward kinematics, so that what is measured can be compared with what was prescribed. */

import {
  cardanRotation,
  createRandom,
  type Mat3,
  multiplyMat3,
  multiplyMat3Vec3,
  type Vec3,
} from '../../kernel/index.ts';
import type { PointSequence } from '../../model/index.ts';

/** Prescribed angles at one moment · deg, signs as the capability tells them · metres for the pelvis. */
export interface Pose {
  pelvis?: { tilt?: number; obliquity?: number; rotation?: number; forwardMm?: number; heightMm?: number };
  lumbar?: { flexion?: number; lateral?: number; rotation?: number };
  left?: LegPose;
  right?: LegPose;
}

/** Angles of one leg · deg */
interface LegPose {
  hip?: number;
  hipAdduction?: number;
  hipRotation?: number;
  knee?: number;
  ankle?: number;
}

/** What is made. */
export interface SimulateOptions {
  seconds: number;
  rateHz: number;
  points: 'skeleton' | 'markers' | 'markers without inner ones';
  /** standard deviation of each coordinate · mm */
  noiseMm?: number;
  seed?: number;
}

const RAD = Math.PI / 180;
const THIGH_MM = 420;
const SHANK_MM = 410;
const TRUNK_MM = 450;

type Points = Record<string, Vec3>;

/**
 * Makes a recording of a body that moves as prescribed; lab frame with Z up, the subject facing −Y.
 * @param pose - angles at a time · s
 */
export function simulateMotion(pose: (timeS: number) => Pose, options: SimulateOptions): PointSequence {
  const { seconds, rateHz, points, noiseMm = 0, seed = 1 } = options;
  const count = Math.round(seconds * rateHz);
  const random = createRandom(seed);
  const names = Object.keys(pointsOf(pose(0), points));
  const positions = new Float64Array(3 * names.length * count);
  for (let i = 0; i < count; i++) {
    const made = pointsOf(pose(i / rateHz), points);
    names.forEach((name, k) => {
      const [x, y, z] = made[name];
      // body X anterior, Y up, Z right → room −Y, Z, −X
      const room = [-z, -x, y].map((value) => value + noiseMm * random.normal());
      positions.set(room, 3 * (i * names.length + k));
    });
  }
  return { clock: 'simulated', startS: 0, rateHz, frame: 'lab', up: '+z', names, positions };
}

function plus(a: Vec3, r: Mat3, b: Vec3): Vec3 {
  const v = multiplyMat3Vec3(r, b);
  return [a[0] + v[0], a[1] + v[1], a[2] + v[2]];
}

function pointsOf(pose: Pose, kind: SimulateOptions['points']): Points {
  const { tilt = 0, obliquity = 0, rotation = 0, forwardMm = 0, heightMm = 950 } = pose.pelvis ?? {};
  const pelvis = cardanRotation('YXZ', [rotation * RAD, obliquity * RAD, -tilt * RAD]);
  const { flexion = 0, lateral = 0, rotation: twist = 0 } = pose.lumbar ?? {};
  const thorax = multiplyMat3(pelvis, cardanRotation('ZXY', [-flexion * RAD, lateral * RAD, twist * RAD]));
  const origin: Vec3 = [forwardMm, heightMm, 0];
  return kind === 'skeleton'
    ? skeletonOf(pose, origin, pelvis, thorax)
    : markersOf(pose, origin, pelvis, thorax, kind === 'markers');
}

function skeletonOf(pose: Pose, origin: Vec3, pelvis: Mat3, thorax: Mat3): Points {
  const spine = plus(origin, pelvis, [0, 0.4 * TRUNK_MM, 0]);
  const made: Points = { pelvis: origin, spine, thorax: plus(origin, thorax, [0, TRUNK_MM, 0]) };
  for (const side of ['left', 'right'] as const) {
    const out = side === 'right' ? 1 : -1;
    const leg = legOf(pose[side] ?? {}, side, plus(origin, pelvis, [0, 0, 90 * out]), pelvis);
    made[`shoulder.${side}`] = plus(made.thorax, thorax, [0, 0, 180 * out]);
    made[`elbow.${side}`] = plus(made[`shoulder.${side}`], thorax, [0, -290, 0]);
    made[`wrist.${side}`] = plus(made[`elbow.${side}`], thorax, [0, -250, 0]);
    made[`hip.${side}`] = leg.hip;
    made[`knee.${side}`] = leg.knee;
    made[`ankle.${side}`] = leg.ankle;
    made[`foot.${side}`] = plus(leg.ankle, leg.foot, [150, 0, 0]);
  }
  return made;
}

function legOf(leg: LegPose, side: 'left' | 'right', hip: Vec3, pelvis: Mat3) {
  const sign = side === 'right' ? 1 : -1;
  const { hip: flexion = 0, hipAdduction = 0, hipRotation = 0, knee = 0, ankle = 0 } = leg;
  const thigh = multiplyMat3(
    pelvis,
    cardanRotation('ZXY', [flexion * RAD, sign * hipAdduction * RAD, sign * hipRotation * RAD]),
  );
  const shank = multiplyMat3(thigh, cardanRotation('ZXY', [-knee * RAD, 0, 0]));
  const foot = multiplyMat3(shank, cardanRotation('ZXY', [ankle * RAD, 0, 0]));
  const kneeCentre = plus(hip, thigh, [0, -THIGH_MM, 0]);
  return { thigh, shank, foot, hip, knee: kneeCentre, ankle: plus(kneeCentre, shank, [0, -SHANK_MM, 0]) };
}

/** Plug-in Gait names; the hip centres lie where Harrington's regression puts them for this pelvis. */
function markersOf(pose: Pose, origin: Vec3, pelvis: Mat3, thorax: Mat3, inner: boolean): Points {
  const [width, depth] = [240, 150];
  const front: Vec3 = plus(origin, pelvis, [0.24 * depth + 9.9, 0.3 * width + 10.9, 0]);
  const made: Points = {
    LASI: plus(front, pelvis, [0, 0, -width / 2]),
    RASI: plus(front, pelvis, [0, 0, width / 2]),
    LPSI: plus(front, pelvis, [-depth, 0, -45]),
    RPSI: plus(front, pelvis, [-depth, 0, 45]),
  };
  const top: Vec3 = plus(origin, thorax, [0, TRUNK_MM, 0]);
  Object.assign(made, {
    C7: plus(top, thorax, [-60, 20, 0]),
    T10: plus(top, thorax, [-60, -200, 0]),
    CLAV: plus(top, thorax, [60, 20, 0]),
    STRN: plus(top, thorax, [60, -200, 0]),
    LSHO: plus(top, thorax, [0, 10, -180]),
    RSHO: plus(top, thorax, [0, 10, 180]),
  });
  for (const side of ['left', 'right'] as const) {
    const [out, s] = side === 'right' ? [1, 'R'] : [-1, 'L'];
    const hip = plus(origin, pelvis, [0, 0, out * (0.33 * width + 7.3)]);
    const leg = legOf(pose[side] ?? {}, side, hip, pelvis);
    made[`${s}THI`] = plus(leg.hip, leg.thigh, [30, -200, 80 * out]);
    made[`${s}KNE`] = plus(leg.knee, leg.thigh, [0, 0, 57 * out]);
    made[`${s}TIB`] = plus(leg.knee, leg.shank, [20, -200, 60 * out]);
    made[`${s}ANK`] = plus(leg.ankle, leg.shank, [0, 0, 42 * out]);
    made[`${s}HEE`] = plus(leg.ankle, leg.foot, [-50, -50, 0]);
    made[`${s}TOE`] = plus(leg.ankle, leg.foot, [130, -50, 0]);
    if (!inner) continue;
    made[`${s}MKNE`] = plus(leg.knee, leg.thigh, [0, 0, -57 * out]);
    made[`${s}MANK`] = plus(leg.ankle, leg.shank, [0, 0, -42 * out]);
  }
  return made;
}

/** One cycle of a slow walk at a time: 1.1 s a stride, 0.3 m a leg before and behind, legs half a cycle apart. */
export function walkingPose(timeS: number, speedMmPerS = 0): Pose {
  const phase = (2 * Math.PI * timeS) / 1.1;
  const leg = (turn: number): LegPose => ({
    hip: 22 * Math.cos(phase + turn),
    knee:
      5 +
      25 * (1 - Math.cos(2 * Math.max(0, wrap(phase + turn - Math.PI)))) * (wrap(phase + turn - Math.PI) > 0 ? 1 : 0),
    ankle: 0,
  });
  return { pelvis: { forwardMm: speedMmPerS * timeS }, right: leg(0), left: leg(Math.PI) };
}

function wrap(angle: number): number {
  return Math.atan2(Math.sin(angle), Math.cos(angle));
}
