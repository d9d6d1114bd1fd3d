/**
 * Orientation of each segment in each frame: columns X anterior, Y superior, Z right of the segment in the room of the body (ISB; Wu 2002).
 * A segment that the points do not show is absent; a frame in which a point is missing is NaN. O(segments · frames).
 */

import {
  addScaled3,
  cross3,
  frameAlongY,
  lerp3,
  type Mat3,
  multiplyMat3,
  norm3,
  sub3,
  transposeMat3,
  unit3,
  type Vec3,
} from '../../../kernel/index.ts';
import { type Body, pointOf } from '../points/body.ts';
import type { PointId } from '../points/names.ts';
import { pelvisFrame, posteriorPelvis } from './joint-centres.ts';

/** Frames of one segment · row-major, segment to room · shape [9F]. */
export type FrameTrack = Float64Array;

/** Segments of a body and what their frames rest on. */
export interface Segments {
  frames: Map<string, FrameTrack>;
  /** in words, per segment */
  basis: Map<string, string>;
  /** segments whose turn about the long axis the points do not show */
  spun: Set<string>;
  /** pelvis and thorax lie along one line: how they bend against each other is not seen */
  oneLine: boolean;
}

/** Frame of a segment at one moment. */
export function frameAt(track: FrameTrack, i: number): Mat3 {
  const k = 9 * i;
  return [
    track[k],
    track[k + 1],
    track[k + 2],
    track[k + 3],
    track[k + 4],
    track[k + 5],
    track[k + 6],
    track[k + 7],
    track[k + 8],
  ];
}

/** Builds every segment that the points of a body allow. */
export function buildSegments(body: Body): Segments {
  const segments: Segments = { frames: new Map(), basis: new Map(), spun: new Set(), oneLine: false };
  if (body.source === 'targets') addTargets(body, segments);
  else if (body.source === 'skeleton') addSkeletonTrunk(body, segments);
  else addMarkerTrunk(body, segments);
  for (const side of ['left', 'right'] as const) addLeg(body, segments, side);
  return segments;
}

/**
 * Takes the pose of the first half second as neutral: each frame is told in the segment's own axes at the start. What a tilted camera or an
 * oblique marker set adds to every frame falls out.
 */
export function zeroSegments(body: Body, segments: Segments): void {
  for (const track of segments.frames.values()) {
    const start = transposeMat3(firstTurn(track, body));
    for (let i = 0; i < body.count; i++) track.set(multiplyMat3(start, frameAt(track, i)), 9 * i);
  }
}

function make(body: Body, build: (frame: number) => Mat3): FrameTrack {
  const track = new Float64Array(9 * body.count);
  for (let i = 0; i < body.count; i++) track.set(build(i), 9 * i);
  return track;
}

function put(segments: Segments, id: string, basis: string, track: FrameTrack | undefined): void {
  if (!track) return;
  segments.frames.set(id, track);
  segments.basis.set(id, basis);
}

const has = (body: Body, ...ids: PointId[]) => ids.every((id) => body.points.has(id));
const at = (body: Body, id: PointId) => (i: number) => pointOf(body, id, i);

function across(body: Body, ...stems: string[]): ((i: number) => Vec3) | undefined {
  const stem = stems.find((name) => has(body, `${name}.left`, `${name}.right`));
  return stem === undefined
    ? undefined
    : (i) => sub3(pointOf(body, `${stem}.right`, i), pointOf(body, `${stem}.left`, i));
}

function addSkeletonTrunk(body: Body, segments: Segments): void {
  const hips = across(body, 'hip');
  const shoulders = across(body, 'shoulder');
  if (!has(body, 'pelvis', 'thorax')) return;
  const low = boneShare(body, 'pelvis', 'spine') > 0.22 ? 'spine' : undefined;
  // where the thorax joint lies at the middle of the chest the bone above it is the rib cage; where it is the top, the one below
  const [from, to] = boneShare(body, 'thorax', 'neck') > 0.2 ? ['thorax', 'neck'] : [low ?? 'pelvis', 'thorax'];
  if (shoulders)
    put(
      segments,
      'thorax',
      `line from ${from} to ${to}, shoulders`,
      make(body, (i) => frameAlongY(sub3(pointOf(body, to, i), pointOf(body, from, i)), shoulders(i))),
    );
  if (!hips) return;
  const end = low ?? 'thorax';
  segments.oneLine = shoulders !== undefined && from === 'pelvis' && to === end;
  put(
    segments,
    'pelvis',
    `hip joints, line from pelvis to ${end}`,
    make(body, (i) => frameAcross(hips(i), sub3(pointOf(body, end, i), pointOf(body, 'pelvis', i)))),
  );
}

/** Length of a bone of the trunk beside the whole from pelvis to thorax; a short one does not show a direction. */
function boneShare(body: Body, from: PointId, to: PointId): number {
  if (!has(body, from, to)) return 0;
  let [part, whole] = [0, 0];
  for (let i = 0; i < body.count; i++) {
    const length = norm3(sub3(pointOf(body, to, i), pointOf(body, from, i)));
    const trunk = norm3(sub3(pointOf(body, 'thorax', i), pointOf(body, 'pelvis', i)));
    if (Number.isNaN(length + trunk)) continue;
    part += length;
    whole += trunk;
  }
  return whole > 0 ? part / whole : 0;
}

/** Z held to the right. */
function frameAcross(right: Vec3, superior: Vec3): Mat3 {
  const z = unit3(right);
  const x = unit3(cross3(superior, right));
  const y = cross3(z, x);
  return norm3(right) > 0 ? [x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]] : frameAlongY([0, 0, 0], right);
}

/**
 * Targets carry their own axes. The pelvis is told by its turn away from the mean of the first half second, taken as upright; the thorax by the
 * line from the hips to the middle of the shoulders, as in a skeleton: the chest's own target tips with the breastbone when the arms rise.
 */
function addTargets(body: Body, segments: Segments): void {
  const turns = body.turns.get('pelvisTarget');
  if (turns) {
    const neutral = transposeMat3(firstTurn(turns, body));
    const track = make(body, (i) => multiplyMat3(frameAt(turns, i), neutral));
    put(segments, 'pelvis', 'turn of the target since the start', track);
  }
  const shoulders = across(body, 'shoulder');
  if (!shoulders || !has(body, 'pelvisTarget')) return;
  const [left, right, hips] = ['shoulder.left', 'shoulder.right', 'pelvisTarget'].map((id) => at(body, id));
  put(
    segments,
    'thorax',
    'line from the hips to the middle of the shoulders',
    make(body, (i) => frameAlongY(sub3(lerp3(left(i), right(i), 0.5), hips(i)), shoulders(i))),
  );
}

function firstTurn(turns: FrameTrack, body: Body): Mat3 {
  const sum = new Float64Array(9);
  for (let i = 0; i < Math.min(body.count, Math.max(1, Math.round(body.rateHz / 2))); i++)
    for (let k = 0; k < 9; k++) if (!Number.isNaN(turns[9 * i + k])) sum[k] += turns[9 * i + k];
  const [x, y] = [unit3([sum[0], sum[3], sum[6]]), [sum[1], sum[4], sum[7]] as Vec3];
  const z = unit3(cross3(x, y));
  const up = cross3(z, x);
  return [x[0], up[0], z[0], x[1], up[1], z[1], x[2], up[2], z[2]];
}

function addMarkerTrunk(body: Body, segments: Segments): void {
  const back = posteriorPelvis(body);
  if (back && has(body, 'asis.left', 'asis.right')) {
    const posterior = (i: number): Vec3 => [back[3 * i], back[3 * i + 1], back[3 * i + 2]];
    put(
      segments,
      'pelvis',
      'anterior and posterior iliac spines',
      make(body, (i) => pelvisFrame(pointOf(body, 'asis.left', i), pointOf(body, 'asis.right', i), posterior(i))),
    );
  }
  if (has(body, 'c7', 't8', 'jugular', 'xiphoid')) {
    const [c7, t8, ij, px] = ['c7', 't8', 'jugular', 'xiphoid'].map((id) => at(body, id));
    put(
      segments,
      'thorax',
      'C7, T8/T10, jugular notch and xiphoid (ISB)',
      make(body, (i) => {
        const superior = sub3(lerp3(ij(i), c7(i), 0.5), lerp3(px(i), t8(i), 0.5));
        const forward = sub3(lerp3(ij(i), px(i), 0.5), lerp3(c7(i), t8(i), 0.5));
        return frameAlongY(superior, cross3(forward, superior));
      }),
    );
    return;
  }
  put(
    segments,
    'thorax',
    'line from the base of the spine to the markers at the top of the trunk',
    lineThorax(body, back),
  );
}

const UPPER_TRUNK = [
  'c7',
  't8',
  'jugular',
  'xiphoid',
  'clavicle.left',
  'clavicle.right',
  'acromion.left',
  'acromion.right',
];

/**
 * Thorax without its four markers: along the line from the base of the spine (between hip centres and posterior spines) to the middle of
 * what markers there are at the top. A rigid group of C7, clavicles and shoulders was tried: it follows the shoulder girdle (squats with arms
 * raised: 8° rms from a modelled trunk, this line 3°).
 */
function lineThorax(body: Body, back: Float64Array | undefined): FrameTrack | undefined {
  const ids = UPPER_TRUNK.filter((id) => body.points.has(id));
  const right = across(body, 'acromion', 'clavicle');
  if (ids.length === 0 || !right || !back || !has(body, 'pelvis')) return undefined;
  return make(body, (i) => {
    const top = ids.reduce<Vec3>((sum, id) => addScaled3(sum, pointOf(body, id, i), 1 / ids.length), [0, 0, 0]);
    const base = lerp3([back[3 * i], back[3 * i + 1], back[3 * i + 2]], pointOf(body, 'pelvis', i), 0.5);
    return frameAlongY(sub3(top, base), right(i));
  });
}

function addLeg(body: Body, segments: Segments, side: 'left' | 'right'): void {
  const [hip, knee, ankle] = ['hip', 'knee', 'ankle'].map((stem) => at(body, `${stem}.${side}`));
  const hips = across(body, 'hip');
  const kneeRight = acrossJoint(body, 'knee', side);
  const ankleRight = acrossJoint(body, 'ankle', side) ?? kneeRight;
  if (has(body, `hip.${side}`, `knee.${side}`)) {
    const right = kneeRight ?? hips;
    if (!kneeRight) segments.spun.add(`thigh.${side}`);
    if (right)
      put(
        segments,
        `thigh.${side}`,
        kneeRight ? 'hip centre and knee axis' : 'hip and knee centres',
        make(body, (i) => frameAlongY(sub3(hip(i), knee(i)), right(i))),
      );
  }
  if (has(body, `knee.${side}`, `ankle.${side}`)) {
    const right = ankleRight ?? hips;
    if (!ankleRight) segments.spun.add(`shank.${side}`);
    if (right)
      put(
        segments,
        `shank.${side}`,
        ankleRight ? 'knee centre and malleoli' : 'knee and ankle centres',
        make(body, (i) => frameAlongY(sub3(knee(i), ankle(i)), right(i))),
      );
  }
  addFoot(body, segments, side, ankleRight ?? hips);
}

/** Direction to the subject's right through a joint, from the marker at its side. */
function acrossJoint(body: Body, joint: string, side: 'left' | 'right'): ((i: number) => Vec3) | undefined {
  if (!has(body, `${joint}Lateral.${side}`, `${joint}.${side}`)) return undefined;
  const sign = side === 'right' ? 1 : -1;
  return (i) => {
    const d = sub3(pointOf(body, `${joint}Lateral.${side}`, i), pointOf(body, `${joint}.${side}`, i));
    return [sign * d[0], sign * d[1], sign * d[2]];
  };
}

function addFoot(
  body: Body,
  segments: Segments,
  side: 'left' | 'right',
  right: ((i: number) => Vec3) | undefined,
): void {
  const heel = has(body, `heel.${side}`) ? `heel.${side}` : `ankle.${side}`;
  const toes = [`toe.${side}`, `mt5.${side}`, `mt1.${side}`, `foot.${side}`].filter((id) => has(body, id));
  if (!has(body, heel) || toes.length === 0 || !right) return;
  // the first toe alone where it is there, else the middle of the metatarsals
  const ends = toes[0] === `toe.${side}` || toes[0] === `foot.${side}` ? [toes[0]] : toes;
  if (heel === `ankle.${side}`) segments.spun.add(`foot.${side}`);
  put(
    segments,
    `foot.${side}`,
    heel === `ankle.${side}` ? 'ankle and foot joints' : 'heel and toe markers',
    make(body, (i) => {
      const tip = ends.reduce<Vec3>(
        (sum, id) => {
          const p = pointOf(body, id, i);
          return [sum[0] + p[0] / ends.length, sum[1] + p[1] / ends.length, sum[2] + p[2] / ends.length];
        },
        [0, 0, 0],
      );
      const x = unit3(sub3(tip, pointOf(body, heel, i)));
      const y = unit3(cross3(right(i), x));
      const z = cross3(x, y);
      return [x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]];
    }),
  );
}
