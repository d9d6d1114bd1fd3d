/**
 * Sensor to segment: in the neutral pose every segment's Y points up and its X forward. Forward comes from an axis of the base sensor, or from
 * the axis about which segments bend; with one heading for all sensors that share an earth frame, or one for each. O(sensors).
 */

import {
  angleDeg,
  conjugateQuaternion,
  DEG_PER_RAD,
  mat3FromColumns,
  mat3ToQuaternion,
  multiplyQuaternion,
  type Quaternion,
  quaternionAt,
  rotateByQuaternion,
  type Vec3,
  wrapDeg,
} from '../../kernel/index.ts';
import type { QualityFlag } from '../../model/index.ts';
import { type FunctionalAxis, functionalAxis, isTrusted } from './functional.ts';
import type { Segments, SegmentTrack } from './segments.ts';
import { meanOrientation, type Spell } from './stillness.ts';

/** Axes of a sensor that may point forward. */
export const HEADING_AXES = ['auto', 'x', '-x', 'y', '-y', 'z', '-z'] as const;

/** How to calibrate. */
export interface CalibrationOptions {
  /** `static` one heading for all; `functional` each sensor by its own bending axis; `none` sensors are aligned already */
  method: 'auto' | 'static' | 'functional' | 'none';
  headingAxis: (typeof HEADING_AXES)[number];
  /** `level`: the axis seen from above; `opensense`: its whole angle to forward, as OpenSense 4.1 takes it */
  headingRule: 'level' | 'opensense';
  /** segment whose sensor gives the heading; the first of pelvis, lumbar, thorax when empty */
  base: string;
  pose: Spell;
  /** samples of the bending movement */
  movement: Spell;
  /** the movement was named: in it every segment bends the usual way */
  instructed: boolean;
}

/** A segment with its calibration. */
export interface CalibratedSegment {
  track: SegmentTrack;
  /** sensor to segment · `[w, x, y, z]` */
  sensorToSegment: Quaternion;
  /** earth to the room whose X is forward in the pose, Y up, Z right */
  earthToRoom: Quaternion;
  /** forward in the pose, anticlockwise from the first axis of the sensor's earth frame · deg; undefined when not calibrated */
  headingDeg?: number;
  /** where it comes from */
  headingFrom:
    | 'base axis'
    | 'bending of the body'
    | 'own bending'
    | 'own weak bending'
    | 'own axis'
    | 'nothing'
    | 'as given';
  axis?: FunctionalAxis;
}

const UP_TO_Y: Quaternion = [Math.SQRT1_2, -Math.SQRT1_2, 0, 0];
const BASES = ['pelvis', 'lumbar', 'thorax', 'thigh.right', 'thigh.left'];

/** The track that the others are told against. */
export function baseTrack(tracks: readonly SegmentTrack[], wanted: string): SegmentTrack {
  const order = [wanted, ...BASES].filter((id) => id !== '');
  for (const id of order) {
    const found = tracks.find((track) => track.id === id || track.sensor === id);
    if (found) return found;
  }
  return tracks[0];
}

/** Calibrates every segment that was seen in the pose. */
export function calibrate(
  segments: Segments,
  rates: readonly Float64Array[],
  options: CalibrationOptions,
): { segments: CalibratedSegment[]; quality: QualityFlag[] } {
  const quality: QualityFlag[] = [];
  const seen = segments.tracks.flatMap((track, i) => {
    const pose = meanOrientation(track.q, options.pose);
    if (!pose) {
      const message = 'It was not seen in the neutral pose and was left out.';
      quality.push({ code: 'segment.unseen', severity: 'doubt', where: track.sensor, message });
      return [];
    }
    return [{ track, pose, axis: functionalAxis(track.segment, track.q, rates[i], pose, options.movement) }];
  });
  if (seen.length === 0) return { segments: [], quality };
  if (options.method === 'none') return { segments: seen.map(({ track, axis }) => asGiven(track, axis)), quality };
  const relative = seen.some(({ track }) => track.relative);
  const each = options.method === 'functional' || (options.method === 'auto' && relative);
  const shared = sharedHeading(seen, options);
  const calibrated = seen.map((one) => {
    const own = headingOf(one, each, shared, options);
    if (own.from === 'nothing') quality.push(unknownHeading(one.track));
    if (own.from === 'own weak bending') quality.push(weakHeading(one.track));
    return place(one, own);
  });
  if (options.method === 'static' && relative) quality.push(staticWithoutNorth());
  if (!options.instructed && calibrated.some(({ headingFrom }) => headingFrom.endsWith('bending')))
    quality.push(uninstructed());
  return { segments: calibrated, quality };
}

interface Seen {
  track: SegmentTrack;
  pose: Quaternion;
  axis?: FunctionalAxis;
}

interface Heading {
  rad: number;
  from: CalibratedSegment['headingFrom'];
}

/** Heading of the body, where sensors share an earth frame. */
function sharedHeading(seen: readonly Seen[], options: CalibrationOptions): Heading {
  const base = baseTrack(
    seen.map(({ track }) => track),
    options.base,
  );
  const own = seen.find(({ track }) => track === base) as Seen;
  if (options.headingAxis !== 'auto') return { rad: axisHeading(own.pose, options), from: 'base axis' };
  let [sine, cosine] = [0, 0];
  for (const { axis } of seen) {
    if (!axis || !isTrusted(axis)) continue;
    const weight = axis.share * Math.min(axis.rangeDeg, 60);
    sine += weight * Math.sin(axis.headingRad);
    cosine += weight * Math.cos(axis.headingRad);
  }
  if (sine !== 0 || cosine !== 0) return { rad: Math.atan2(sine, cosine), from: 'bending of the body' };
  return { rad: 0, from: 'nothing' };
}

function headingOf(one: Seen, each: boolean, shared: Heading, options: CalibrationOptions): Heading {
  if (!each) return shared;
  // an axis that was named goes before what the movement shows, unless the movement was asked for
  const named = options.headingAxis !== 'auto' && one.track.relative;
  if (named && options.method !== 'functional') return { rad: axisHeading(one.pose, options), from: 'own axis' };
  if (one.axis && isTrusted(one.axis)) return { rad: one.axis.headingRad, from: 'own bending' };
  if (!one.track.relative && shared.from !== 'nothing') return shared;
  if (named) return { rad: axisHeading(one.pose, options), from: 'own axis' };
  if (one.axis && one.axis.rangeDeg > 5 && Math.abs(one.axis.tiltDeg) < 60)
    return { rad: one.axis.headingRad, from: 'own weak bending' };
  return { rad: 0, from: 'nothing' };
}

/** Forward by an axis of the sensor. OpenSense turns by the angle between the axis itself, tilt and all, and forward. */
function axisHeading(pose: Quaternion, { headingAxis, headingRule }: CalibrationOptions): number {
  const sign = headingAxis.startsWith('-') ? -1 : 1;
  const axis = ['x', 'y', 'z'].map((letter) => (headingAxis.endsWith(letter) ? sign : 0)) as unknown as Vec3;
  const there = rotateByQuaternion(pose, axis);
  if (headingRule === 'level') return Math.atan2(there[1], there[0]);
  return Math.acos(Math.max(-1, Math.min(1, there[0]))) * (there[1] < 0 ? -1 : 1);
}

function place({ track, pose, axis }: Seen, { rad, from }: Heading): CalibratedSegment {
  const forward: Vec3 = [Math.cos(rad), Math.sin(rad), 0];
  const up: Vec3 = [0, 0, 1];
  const right: Vec3 = [forward[1], -forward[0], 0];
  const roomToEarth = mat3ToQuaternion(mat3FromColumns(forward, up, right));
  const earthToRoom = conjugateQuaternion(roomToEarth);
  return {
    track,
    sensorToSegment: multiplyQuaternion(earthToRoom, pose),
    earthToRoom,
    headingDeg: wrapDeg(rad * DEG_PER_RAD),
    headingFrom: from,
    ...(axis ? { axis } : {}),
  };
}

function asGiven(track: SegmentTrack, axis: FunctionalAxis | undefined): CalibratedSegment {
  return {
    track,
    sensorToSegment: [1, 0, 0, 0],
    earthToRoom: UP_TO_Y,
    headingFrom: 'as given',
    ...(axis ? { axis } : {}),
  };
}

/** Orientation of a calibrated segment at one sample, segment to room. */
export function segmentAt({ track, sensorToSegment, earthToRoom }: CalibratedSegment, i: number): Quaternion {
  const { q } = track;
  const now = quaternionAt(q, i);
  return multiplyQuaternion(multiplyQuaternion(earthToRoom, now), conjugateQuaternion(sensorToSegment));
}

/** How far a heading lies from what the bending axis of the same sensor says · deg; undefined without a trusted axis. */
export function headingMismatchDeg({ axis, headingDeg }: CalibratedSegment): number | undefined {
  if (!axis || !isTrusted(axis) || headingDeg === undefined) return undefined;
  return wrapDeg(axis.headingRad * DEG_PER_RAD - headingDeg);
}

/** Angle between gravity as the accelerometer saw it in the pose and the vertical of the orientation · deg */
export function gravityResidualDeg(pose: Quaternion, acc: Vec3): number {
  return angleDeg(rotateByQuaternion(pose, acc), [0, 0, 1]);
}

function unknownHeading({ sensor }: SegmentTrack): QualityFlag {
  const message =
    'Nothing says which way this segment faces: flexion and lateral bending may be mixed. Name the sensor axis that points forward, or bend forward and back once.';
  return { code: 'segment.heading', severity: 'fault', where: sensor, message };
}

function staticWithoutNorth(): QualityFlag {
  const message =
    'Sensors without a magnetic field have no heading in common; one heading for all mixes their angles. Use the functional calibration.';
  return { code: 'segment.static-6d', severity: 'doubt', message };
}

function weakHeading({ sensor }: SegmentTrack): QualityFlag {
  const message =
    'It hardly bent about one axis, so the direction it faces is weakly known. Bend forward and back once, or name the sensor axis that points forward.';
  return { code: 'segment.weak-heading', severity: 'doubt', where: sensor, message };
}

function uninstructed(): QualityFlag {
  const message =
    'No bending movement was named, so it was taken from the whole recording: that trunk, pelvis and thighs bend forward more than back. If not (sitting tilts the pelvis back), flexion has the wrong sign; name the time of one bend or squat.';
  return { code: 'segment.uninstructed', severity: 'info', message };
}
