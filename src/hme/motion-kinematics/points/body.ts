/**
 * One body from a sequence of named points: tracks under anatomical names, frames that cannot be true set aside, short gaps bridged, noise
 * smoothed, turned into a room whose X is where the subject faces, Y up and Z the subject's right. O(points · frames).
 */

import {
  cross3,
  dot3,
  fillGaps,
  type GapReport,
  type Mat3,
  multiplyMat3Vec3,
  norm3,
  rejectFrom3,
  transposeMat3,
  unit3,
  type Vec3,
} from '../../../kernel/index.ts';
import { AXIS_VECTORS, frameCount, MsdtError, type PointSequence, type QualityFlag } from '../../../model/index.ts';
import { restoreShoulders } from './depth.ts';
import { markerPoint, type PointId, skeletonPoints } from './names.ts';
import { setAsideImplausible } from './plausible.ts';

/** What the points of a body are. */
type BodySource = 'markers' | 'skeleton' | 'targets';

/** Tracks of one body. Every track is xyz per frame, NaN where missing · shape [3F] · mm · X facing, Y up, Z right. */
export interface Body {
  source: BodySource;
  /** names of the system that were recognised */
  system: string;
  count: number;
  rateHz: number;
  points: Map<PointId, Float64Array>;
  /** markers that carry a segment beside its named points: `thigh.left`, `shank.right` */
  clusters: Map<PointId, Float64Array[]>;
  /** orientation of targets, target to room, row-major matrices · shape [9F] */
  turns: Map<PointId, Float64Array>;
  /** room of the body to the frame of the file · row-major rotation */
  roomToFile: Mat3;
  /** names that nothing is known of */
  unknown: string[];
  gaps: GapReport;
  /** share of frames in which a joint was set aside as impossible · 0 to 1 */
  implausible: number;
  quality: QualityFlag[];
}

/** How tracks are prepared. */
export interface BodyOptions {
  /** longest gap that is bridged · s */
  bridgeS: number;
  /** corner of the zero-phase low-pass filter, 0 for none · Hz */
  cutoffHz: number;
  /** anatomical point → name in the file, over what is known */
  mapping: ReadonlyMap<PointId, string>;
}

const KNOWN_SETS =
  'Plug-in Gait, IOR, OpenSim gait and OpenCap marker names, Kinect, BVH and 33-point skeletons, and ART targets are known';

/**
 * Builds a body from points.
 * @param kind - what the reader said the points are
 * @throws MsdtError `labels.unknown` too few of the names are known · `input.empty` no frame
 */
export function assembleBody(
  sequence: PointSequence,
  kind: 'markers' | 'skeleton',
  options: BodyOptions,
  file?: string,
): Body {
  const count = frameCount(sequence);
  if (count < 2) {
    throw new MsdtError('input.empty', 'The recording holds no movement', {
      where: { file },
      detail: `${count} frames of ${sequence.names.length} points`,
      hint: 'Give a recording of at least two frames.',
    });
  }
  const { source, system, points } = identify(sequence.names, kind, options.mapping, file);
  const body: Body = {
    source,
    system,
    count,
    rateHz: sequence.rateHz,
    points: new Map(),
    clusters: new Map(),
    turns: new Map(),
    roomToFile: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    unknown: sequence.names.filter((_, i) => points[i] === undefined),
    gaps: { filled: 0, bridged: 0, missing: 0, longest: 0 },
    implausible: 0,
    quality: [],
  };
  points.forEach((id, index) => {
    if (id) addTrack(body, id, trackOf(sequence, index, count));
    if (id && source === 'targets' && sequence.orientations) body.turns.set(id, turnsOf(sequence, index, count));
  });
  addMiddles(body);
  if (source === 'skeleton') {
    body.implausible = setAsideImplausible(body);
    if (sequence.frame === 'camera') tellRestored(body, restoreShoulders(body, [0, 0, 1]));
  }
  bridge(body, options.bridgeS);
  turnToRoom(body, upOf(sequence, body));
  return body;
}

function tellRestored(body: Body, share: number): void {
  if (share === 0) return;
  body.quality.push({
    code: 'kinematics.shoulders-restored',
    severity: 'info',
    message: `In ${(100 * share).toFixed(0)} % of the frames the camera saw the line of the shoulders too short; its depth was restored from its usual length.`,
  });
}

/** xyz of a point in one frame; NaN where the point is missing. */
export function pointOf(body: Body, id: PointId, frame: number): Vec3 {
  const track = body.points.get(id);
  return track ? [track[3 * frame], track[3 * frame + 1], track[3 * frame + 2]] : [Number.NaN, Number.NaN, Number.NaN];
}

function identify(
  names: readonly string[],
  kind: 'markers' | 'skeleton',
  mapping: ReadonlyMap<PointId, string>,
  file?: string,
): { source: BodySource; system: string; points: (PointId | undefined)[] } {
  const named = new Map([...mapping].map(([id, name]) => [name, id]));
  const skeleton = skeletonPoints(names);
  const markers = names.map(markerPoint);
  const asTargets = skeleton.system === 'targets';
  const known = (list: readonly (PointId | undefined)[]) => new Set(list.filter((id) => id)).size;
  const useMarkers = kind === 'markers' && !asTargets && known(markers) >= 0.5 * known(skeleton.points);
  const points = (useMarkers ? markers : skeleton.points).map((id, i) => named.get(names[i]) ?? id);
  const wrong = [...mapping.values()].filter((name) => !names.includes(name));
  if (wrong.length || known(points) < 3) {
    throw new MsdtError(
      'labels.unknown',
      wrong.length
        ? 'The mapping names points that are not there'
        : 'The names of these points say nothing about the body',
      {
        where: { file },
        detail:
          `${wrong.length ? `not there: ${wrong.join(', ')}; ` : ''}the recording has ${names.slice(0, 40).join(', ')}`.slice(
            0,
            600,
          ),
        hint: `${KNOWN_SETS}; for others set the parameter mapping, e.g. "asis.left=M1; asis.right=M2; kneeLateral.left=M7".`,
      },
    );
  }
  return {
    source: asTargets ? 'targets' : useMarkers ? 'markers' : 'skeleton',
    system: useMarkers ? 'markers' : skeleton.system,
    points,
  };
}

function addTrack(body: Body, id: PointId, track: Float64Array): void {
  const stem = id.split('.')[0];
  if (stem === 'thigh' || stem === 'shank') body.clusters.set(id, [...(body.clusters.get(id) ?? []), track]);
  else if (!body.points.has(id)) body.points.set(id, track);
}

function trackOf({ positions, names }: PointSequence, index: number, count: number): Float64Array {
  const track = new Float64Array(3 * count);
  for (let i = 0; i < count; i++)
    for (let a = 0; a < 3; a++) track[3 * i + a] = positions[3 * (i * names.length + index) + a];
  return track;
}

function turnsOf({ orientations, names }: PointSequence, index: number, count: number): Float64Array {
  const turns = new Float64Array(9 * count);
  for (let i = 0; i < count; i++) {
    const [w, x, y, z] = [0, 1, 2, 3].map((k) => orientations?.[4 * (i * names.length + index) + k] ?? Number.NaN);
    const n = Math.hypot(w, x, y, z);
    const s = n > 0.5 ? 2 / (n * n) : Number.NaN;
    turns.set(
      [
        1 - s * (y * y + z * z),
        s * (x * y - w * z),
        s * (x * z + w * y),
        s * (x * y + w * z),
        1 - s * (x * x + z * z),
        s * (y * z - w * x),
        s * (x * z - w * y),
        s * (y * z + w * x),
        1 - s * (x * x + y * y),
      ],
      9 * i,
    );
  }
  return turns;
}

/** Joints on the midline that a system leaves out lie between their pairs. */
function addMiddles(body: Body): void {
  if (body.source !== 'skeleton') return;
  const middle = (id: PointId, pair: string) => {
    const [a, b] = [body.points.get(`${pair}.left`), body.points.get(`${pair}.right`)];
    if (!body.points.has(id) && a && b)
      body.points.set(
        id,
        a.map((value, i) => (value + b[i]) / 2),
      );
  };
  middle('pelvis', 'hip');
  middle('thorax', 'shoulder');
}

function bridge(body: Body, bridgeS: number): void {
  const most = Math.round(bridgeS * body.rateHz);
  for (const track of [...body.points.values(), ...[...body.clusters.values()].flat()]) {
    for (let axis = 0; axis < 3; axis++) {
      const report = fillGaps(track, most, 3, axis);
      if (axis > 0) continue;
      body.gaps.filled += report.filled;
      body.gaps.bridged += report.bridged;
      body.gaps.missing += report.missing;
      body.gaps.longest = Math.max(body.gaps.longest, report.longest);
    }
  }
}

/** Mean of the difference of two points over all frames in which both are seen. */
function meanDifference(body: Body, from: PointId, to: PointId): Vec3 | undefined {
  const [a, b] = [body.points.get(from), body.points.get(to)];
  if (!a || !b) return undefined;
  const sum = [0, 0, 0];
  let seen = 0;
  for (let i = 0; i < body.count; i++) {
    const d = [0, 1, 2].map((k) => b[3 * i + k] - a[3 * i + k]);
    if (d.some(Number.isNaN)) continue;
    seen++;
    for (let k = 0; k < 3; k++) sum[k] += d[k];
  }
  return seen ? [sum[0] / seen, sum[1] / seen, sum[2] / seen] : undefined;
}

const LOW_TO_HIGH: readonly (readonly [PointId, PointId])[] = [
  ['pelvis', 'thorax'],
  ['pelvisTarget', 'head'],
  ['sacrum', 'c7'],
  ['psis.left', 'c7'],
  ['knee.left', 'hip.left'],
  ['kneeLateral.left', 'asis.left'],
  ['ankleLateral.left', 'kneeLateral.left'],
  ['ankleLateral.right', 'kneeLateral.right'],
  ['heel.left', 'psis.left'],
  ['elbow.left', 'shoulder.left'],
];

function upOf(sequence: PointSequence, body: Body): Vec3 {
  if (sequence.up) return AXIS_VECTORS[sequence.up];
  if (sequence.frame === 'earth') return AXIS_VECTORS['+z'];
  const guide = LOW_TO_HIGH.map(([low, high]) => meanDifference(body, low, high)).find((d) => d);
  const [name, axis] = Object.entries(AXIS_VECTORS).reduce((best, entry) =>
    guide && dot3(entry[1], guide) > dot3(best[1], guide) ? entry : best,
  );
  body.quality.push({
    code: 'kinematics.up-guessed',
    severity: guide ? 'info' : 'doubt',
    message: guide
      ? `The recording does not say which axis points up; ${name} was taken from the body.`
      : `The recording does not say which axis points up, and the body does not show it; ${name} was taken.`,
  });
  return axis;
}

const LEFT_TO_RIGHT = [
  'hip',
  'asis',
  'psis',
  'thighTarget',
  'shoulder',
  'acromion',
  'knee',
  'kneeLateral',
  'ankleLateral',
];

function turnToRoom(body: Body, up: Vec3): void {
  const across = LEFT_TO_RIGHT.map((stem) => meanDifference(body, `${stem}.left`, `${stem}.right`)).find(
    (d) => d && norm3(rejectFrom3(d, up)) > 20,
  );
  if (!across) {
    body.quality.push({
      code: 'kinematics.facing',
      severity: 'doubt',
      message: 'No pair of points shows which way the subject faces; forward and sideways may be exchanged.',
    });
  }
  const right = across ? unit3(rejectFrom3(across, up)) : unit3(cross3(up, [up[2], up[0], up[1]]));
  const forward = cross3(up, right);
  const roomToFile: Mat3 = [forward[0], up[0], right[0], forward[1], up[1], right[1], forward[2], up[2], right[2]];
  const fileToRoom = transposeMat3(roomToFile);
  for (const track of [...body.points.values(), ...[...body.clusters.values()].flat()]) {
    for (let i = 0; i < body.count; i++)
      track.set(multiplyMat3Vec3(fileToRoom, [track[3 * i], track[3 * i + 1], track[3 * i + 2]]), 3 * i);
  }
  for (const turns of body.turns.values()) {
    for (let i = 0; i < body.count; i++)
      for (let column = 0; column < 3; column++) {
        const v = multiplyMat3Vec3(fileToRoom, [
          turns[9 * i + column],
          turns[9 * i + 3 + column],
          turns[9 * i + 6 + column],
        ]);
        for (let row = 0; row < 3; row++) turns[9 * i + 3 * row + column] = v[row];
      }
  }
  body.roomToFile = roomToFile;
}
