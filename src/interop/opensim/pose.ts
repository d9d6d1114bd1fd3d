/** Forward kinematics: where bodies and markers of a model are for given coordinates. */

import {
  ArgumentError,
  MsdtError,
  type PointSequence,
  type QualityFlag,
  type SignalChannel,
  type Signals,
  sampleCount,
} from '../../model/index.ts';
import type { OpenSimModel } from './model.ts';
import { compose, identity, quaternion, type Rigid } from './rigid.ts';

/** Poses of the bodies in the world, in the order of `model.bodies` · m */
export type ModelPose = Rigid[];

/**
 * Values of all coordinates: the given ones, defaults for the rest; a coupled coordinate follows its coupler even where it is
 * given, because programs leave it at zero or in another unit in motion files.
 * @param given - rad and m
 */
export function coordinateValues(model: OpenSimModel, given: ReadonlyMap<string, number>): Map<string, number> {
  const values = new Map(model.coordinates.map(({ name, defaultValue }) => [name, defaultValue]));
  for (const [name, value] of given) if (values.has(name)) values.set(name, value);
  // couplers may hang on couplers, never deeper than there are of them
  for (let pass = 0; pass < model.couplers.length; pass++) {
    let changed = false;
    for (const { dependent, independent, value } of model.couplers) {
      const next = value(independent.map((name) => values.get(name) ?? 0));
      if (next === values.get(dependent)) continue;
      values.set(dependent, next);
      changed = true;
    }
    if (!changed) break;
  }
  return values;
}

/**
 * Poses a model.
 * @param given - values by coordinate; what is missing takes its default, coupled coordinates follow · rad and m
 * @returns pose of each body in the world (x forward, y up) · m
 */
export function poseModel(model: OpenSimModel, given: ReadonlyMap<string, number>): ModelPose {
  const values = coordinateValues(model, given);
  const poses = new Map<string, Rigid>([
    ['ground', identity()],
    ['', identity()],
  ]);
  return model.joints.map((joint) => {
    const inJoint = compose(joint.inParent, joint.motion.pose(values));
    const pose = compose(compose(poses.get(joint.parent) ?? identity(), inJoint), joint.childInJoint);
    poses.set(joint.child, pose);
    return pose;
  });
}

/** What forward kinematics gives: bodies as a skeleton, markers, and doubts. */
export interface ModelMotion {
  /** origin and orientation of each body · mm in the world, y up */
  bodies: PointSequence;
  /** markers of the model · mm in the world, y up */
  markers: PointSequence;
  quality: QualityFlag[];
}

/**
 * Moves a model by the coordinates of a motion.
 *
 * Channels are found by name (`knee_angle_r`, or a path such as `/jointset/knee_r/knee_angle_r/value`); angles in degrees are
 * turned to radians, translations are metres.
 *
 * @param motion - one channel per coordinate
 * @throws MsdtError `input.missing` no channel is a coordinate of the model
 * @throws ArgumentError a motion without samples
 */
export function moveModel(model: OpenSimModel, motion: Signals): ModelMotion {
  const frames = sampleCount(motion);
  if (frames === 0) throw new ArgumentError('motion', 'no samples', 'at least one');
  const { used, quality } = matchChannels(model, motion.channels);
  const bodyCount = model.bodies.length;
  const markerBodies = model.markers.map(({ body }) => model.bodies.indexOf(body));
  const bodyPositions = new Float64Array(3 * bodyCount * frames);
  const orientations = new Float64Array(4 * bodyCount * frames);
  const markerPositions = new Float64Array(3 * model.markers.length * frames);
  const given = new Map<string, number>();
  for (let frame = 0; frame < frames; frame++) {
    for (const { name, channel, factor } of used) given.set(name, channel.values[frame] * factor);
    const pose = poseModel(model, given);
    for (const [body, own] of pose.entries()) {
      const at = frame * bodyCount + body;
      for (let axis = 0; axis < 3; axis++) bodyPositions[3 * at + axis] = own[9 + axis] * 1000;
      orientations.set(quaternion(own), 4 * at);
    }
    for (const [index, { location }] of model.markers.entries()) {
      const own = pose[markerBodies[index]] ?? identity();
      const at = frame * model.markers.length + index;
      for (let axis = 0; axis < 3; axis++)
        markerPositions[3 * at + axis] =
          1000 *
          (own[3 * axis] * location[0] +
            own[3 * axis + 1] * location[1] +
            own[3 * axis + 2] * location[2] +
            own[9 + axis]);
    }
  }
  const { clock, startS, rateHz, timeS } = motion;
  const base = { clock, startS, rateHz, ...(timeS && { timeS }), frame: 'lab' as const, up: '+y' as const };
  const parents = model.joints.map(({ parent }) => model.bodies.indexOf(parent));
  return {
    bodies: { ...base, names: [...model.bodies], positions: bodyPositions, parents, orientations },
    markers: { ...base, names: model.markers.map(({ name }) => name), positions: markerPositions },
    quality,
  };
}

interface UsedChannel {
  name: string;
  channel: SignalChannel;
  factor: number;
}

function matchChannels(model: OpenSimModel, channels: readonly SignalChannel[]) {
  const known = new Map(model.coordinates.map((coordinate) => [coordinate.name, coordinate]));
  const used: UsedChannel[] = [];
  for (const channel of channels) {
    const name =
      channel.name
        .replace(/\/value$/, '')
        .split('/')
        .at(-1) ?? channel.name;
    const coordinate = /\/speed$/.test(channel.name) ? undefined : known.get(name);
    if (!coordinate) continue;
    const degrees = coordinate.rotational && channel.unit === 'deg';
    const millimetres = !coordinate.rotational && channel.unit === 'mm';
    used.push({ name, channel, factor: degrees ? Math.PI / 180 : millimetres ? 0.001 : 1 });
  }
  if (used.length === 0) {
    throw new MsdtError('input.missing', 'The motion does not belong to the model', {
      where: { place: 'channels' },
      detail: `no channel is named like a coordinate of ${model.name || 'the model'}`,
      hint: 'Give the motion that was computed with this model.',
    });
  }
  const missing = [...known.keys()].filter(
    (name) => !used.some((one) => one.name === name) && !model.couplers.some(({ dependent }) => dependent === name),
  );
  const quality: QualityFlag[] = [];
  if (missing.length > 0)
    quality.push({
      code: 'opensim.coordinates-missing',
      severity: missing.length > known.size / 2 ? 'doubt' : 'info',
      where: missing.slice(0, 12).join(', '),
      message: `${missing.length} of ${known.size} coordinates are not in the motion; they keep the model's default.`,
    });
  return { used, quality };
}
