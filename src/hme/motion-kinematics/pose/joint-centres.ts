/**
 * Centres of joints from skin markers. Hip: given, else regression on the pelvis (Harrington 2007). Knee and ankle: middle of both condyles
 * and malleoli, else half a joint's width inward from the lateral marker along the knee axis, whose direction comes from the bending of
 * the leg itself. Shoulder: below the acromion by 17 % of the distance of both (Rab 2002). O(frames).
 */

import {
  addScaled3,
  cross3,
  dot3,
  frameAlongY,
  lerp3,
  type Mat3,
  multiplyMat3Vec3,
  norm3,
  sub3,
  transposeMat3,
  unit3,
  type Vec3,
} from '../../../kernel/index.ts';
import { type Body, pointOf } from '../points/body.ts';
import type { PointId } from '../points/names.ts';

const SIDES = ['left', 'right'] as const;

/** Half the distance from a lateral skin marker to the middle of the joint, in adults · mm. */
const HALF_KNEE_MM = 57;
const HALF_ANKLE_MM = 42;

/** How a joint centre was found, worst first in doubt. */
export type CentreSource = 'given' | 'both sides' | 'regression' | 'functional axis';

/** Fills in joint centres that a body lacks, in place. */
export function addJointCentres(body: Body): Map<PointId, CentreSource> {
  const sources = new Map<PointId, CentreSource>();
  if (body.source !== 'markers') return sources;
  for (const side of SIDES) put(body, sources, `hip.${side}`, 'regression', hipOf(body, side));
  put(body, sources, 'pelvis', 'both sides', middleOf(body, 'hip.left', 'hip.right'));
  for (const side of SIDES) {
    put(body, sources, `knee.${side}`, 'both sides', middleOf(body, `kneeLateral.${side}`, `kneeMedial.${side}`));
    put(body, sources, `ankle.${side}`, 'both sides', middleOf(body, `ankleLateral.${side}`, `ankleMedial.${side}`));
    const bending = centresByBending(body, side);
    put(body, sources, `knee.${side}`, 'functional axis', bending?.knee);
    put(body, sources, `ankle.${side}`, 'functional axis', bending?.ankle);
    put(body, sources, `elbow.${side}`, 'both sides', middleOf(body, `elbowLateral.${side}`, `elbowMedial.${side}`));
    put(body, sources, `elbow.${side}`, 'regression', body.points.get(`elbowLateral.${side}`));
    put(body, sources, `wrist.${side}`, 'both sides', middleOf(body, `wristRadial.${side}`, `wristUlnar.${side}`));
    put(body, sources, `wrist.${side}`, 'regression', body.points.get(`wristRadial.${side}`));
    put(body, sources, `shoulder.${side}`, 'regression', shoulderOf(body, side));
  }
  return sources;
}

function put(body: Body, sources: Map<PointId, CentreSource>, id: PointId, source: CentreSource, track?: Float64Array) {
  if (body.points.has(id)) {
    if (!sources.has(id)) sources.set(id, 'given');
  } else if (track) {
    body.points.set(id, track);
    sources.set(id, source);
  }
}

function perFrame(body: Body, needs: readonly PointId[], make: (...points: Vec3[]) => Vec3): Float64Array | undefined {
  if (!needs.every((id) => body.points.has(id))) return undefined;
  const out = new Float64Array(3 * body.count);
  for (let i = 0; i < body.count; i++) out.set(make(...needs.map((id) => pointOf(body, id, i))), 3 * i);
  return out;
}

function middleOf(body: Body, a: PointId, b: PointId): Float64Array | undefined {
  return perFrame(body, [a, b], (p, q) => lerp3(p, q, 0.5));
}

/** Middle of the posterior spines, or the marker between them. */
export function posteriorPelvis(body: Body): Float64Array | undefined {
  return middleOf(body, 'psis.left', 'psis.right') ?? body.points.get('sacrum');
}

/**
 * Pelvis after the ISB: Z between the anterior spines to the right, X in the plane with the posterior ones.
 * @returns segment to room, columns X, Y, Z; NaN where a marker is missing
 */
export function pelvisFrame(asisLeft: Vec3, asisRight: Vec3, posterior: Vec3): Mat3 {
  const right = sub3(asisRight, asisLeft);
  const forward = sub3(lerp3(asisLeft, asisRight, 0.5), posterior);
  const superior = cross3(right, forward);
  const z = unit3(right);
  const y = unit3(superior);
  const x = cross3(y, z);
  return [x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]];
}

/** Hip centre by regression on depth and width of the pelvis. @see Harrington et al. 2007 */
function hipOf(body: Body, side: 'left' | 'right'): Float64Array | undefined {
  const back = posteriorPelvis(body);
  const [left, right] = [body.points.get('asis.left'), body.points.get('asis.right')];
  if (!back || !left || !right) return undefined;
  const out = new Float64Array(3 * body.count);
  for (let i = 0; i < body.count; i++) {
    const [a, b] = [pointOf(body, 'asis.left', i), pointOf(body, 'asis.right', i)];
    const posterior: Vec3 = [back[3 * i], back[3 * i + 1], back[3 * i + 2]];
    const frame = pelvisFrame(a, b, posterior);
    const origin = lerp3(a, b, 0.5);
    const width = norm3(sub3(b, a));
    const depth = norm3(sub3(origin, posterior));
    const lateral = 0.33 * width + 7.3;
    const local: Vec3 = [-0.24 * depth - 9.9, -0.3 * width - 10.9, side === 'right' ? lateral : -lateral];
    const offset = multiplyMat3Vec3(frame, local);
    out.set([origin[0] + offset[0], origin[1] + offset[1], origin[2] + offset[2]], 3 * i);
  }
  return out;
}

function shoulderOf(body: Body, side: 'left' | 'right'): Float64Array | undefined {
  const low = body.points.get('pelvis') ? 'pelvis' : 'sacrum';
  return perFrame(body, [`acromion.${side}`, 'acromion.left', 'acromion.right', low], (own, left, right, pelvis) => {
    const up = unit3(sub3(lerp3(left, right, 0.5), pelvis));
    return addScaled3(own, up, -0.17 * norm3(sub3(right, left)));
  });
}

/**
 * Knee and ankle centres without inner markers. Where the leg bends, the normal of hip, knee and ankle shows the knee axis; its mean turn
 * about the thigh, weighted by the bending, is carried along by a thigh marker or, without one, by the pelvis. The lateral markers stand
 * in for the centres in the first of three rounds.
 */
function centresByBending(body: Body, side: 'left' | 'right'): { knee: Float64Array; ankle: Float64Array } | undefined {
  const [hip, outerKnee, outerAnkle] = ['hip', 'kneeLateral', 'ankleLateral'].map((stem) =>
    body.points.get(`${stem}.${side}`),
  );
  if (!hip || !outerKnee || !outerAnkle) return undefined;
  const sign = side === 'right' ? -1 : 1;
  const inward = (lateral: Float64Array, axis: Float64Array, halfMm: number) =>
    lateral.map((value, at) => value + sign * halfMm * axis[at]);
  let [knee, ankle] = [outerKnee, outerAnkle];
  for (let round = 0; round < 3; round++) {
    const axis = bendingAxis(body, side, [hip, knee, ankle]);
    if (!axis) return undefined;
    knee = inward(outerKnee, axis, HALF_KNEE_MM);
    ankle = inward(outerAnkle, axis, HALF_ANKLE_MM);
  }
  return { knee, ankle };
}

/** Knee axis to the right in each frame · unit length · undefined where the leg never bends by about 15° */
function bendingAxis(body: Body, side: 'left' | 'right', leg: readonly Float64Array[]): Float64Array | undefined {
  const carrier = body.clusters.get(`thigh.${side}`)?.[0];
  const frames: Mat3[] = [];
  let [sine, cosine] = [0, 0];
  for (let i = 0; i < body.count; i++) {
    const [hip, knee, ankle] = leg.map((track): Vec3 => [track[3 * i], track[3 * i + 1], track[3 * i + 2]]);
    const thigh = unit3(sub3(hip, knee));
    const hint: Vec3 = carrier
      ? sub3([carrier[3 * i], carrier[3 * i + 1], carrier[3 * i + 2]], knee)
      : sub3(pointOf(body, 'hip.right', i), pointOf(body, 'hip.left', i));
    const frame = frameAlongY(thigh, hint);
    frames.push(frame);
    // bent backwards, thigh × shank points to the right
    const normal = cross3(thigh, unit3(sub3(ankle, knee)));
    const local = multiplyMat3Vec3(transposeMat3(frame), normal);
    const weight = dot3(normal, normal);
    if (!(weight > 0.06)) continue;
    sine += weight * local[0];
    cosine += weight * local[2];
  }
  if (sine === 0 && cosine === 0) return undefined;
  const turn = Math.atan2(sine, cosine);
  const axis = new Float64Array(3 * body.count);
  frames.forEach((frame, i) => {
    axis.set(multiplyMat3Vec3(frame, [Math.sin(turn), 0, Math.cos(turn)]), 3 * i);
  });
  return axis;
}
