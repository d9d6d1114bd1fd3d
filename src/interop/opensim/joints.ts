/** Joints of OpenSim models: what a child does in its parent, as a function of coordinates. */

import { MsdtError } from '../../model/index.ts';
import { functionIn, type ReadFunction } from './functions.ts';
import { compose, identity, type Rigid, rotation, translation } from './rigid.ts';
import { childOf, numbersOf, wordsOf, type XmlElement } from './xml.ts';

/** Tags that are joints this program moves. */
const JOINT_TAGS = [
  'CustomJoint',
  'PinJoint',
  'SliderJoint',
  'UniversalJoint',
  'GimbalJoint',
  'BallJoint',
  'FreeJoint',
  'PlanarJoint',
  'WeldJoint',
] as const;

/** How a joint moves. */
export interface JointMotion {
  /** pose of the child's joint frame in the parent's, m, for values of all coordinates (rad and m) */
  pose(values: ReadonlyMap<string, number>): Rigid;
  /** true for each coordinate that is an angle, in the joint's order */
  rotational: boolean[];
}

/** Axes of the simple joints, each one coordinate: three turns, three shifts. */
const SIMPLE: Record<string, readonly (readonly [turn: boolean, axis: readonly number[]])[]> = {
  PinJoint: [[true, [0, 0, 1]]],
  SliderJoint: [[false, [1, 0, 0]]],
  UniversalJoint: [
    [true, [1, 0, 0]],
    [true, [0, 1, 0]],
  ],
  GimbalJoint: [
    [true, [1, 0, 0]],
    [true, [0, 1, 0]],
    [true, [0, 0, 1]],
  ],
  PlanarJoint: [
    [true, [0, 0, 1]],
    [false, [1, 0, 0]],
    [false, [0, 1, 0]],
  ],
  WeldJoint: [],
};
SIMPLE.BallJoint = SIMPLE.GimbalJoint;
SIMPLE.FreeJoint = [...SIMPLE.GimbalJoint, [false, [1, 0, 0]], [false, [0, 1, 0]], [false, [0, 0, 1]]];

/**
 * How a joint moves with its coordinates.
 * @param names - its coordinates, in order
 * @throws MsdtError `file.unsupported` another kind of joint · `file.malformed`
 */
export function jointMotion(joint: XmlElement, names: readonly string[], file: string): JointMotion {
  if (joint.tag === 'CustomJoint') return customMotion(joint, names, file);
  const axes = SIMPLE[joint.tag];
  if (!axes) {
    throw new MsdtError('file.unsupported', `The model has a joint this program cannot move (${file})`, {
      where: { file, place: `joint ${joint.name}` },
      detail: joint.tag,
      hint: `Known are ${JOINT_TAGS.join(', ')}.`,
    });
  }
  return {
    rotational: axes.map(([turn]) => turn),
    pose(values) {
      let turns = identity();
      const shift = [0, 0, 0];
      for (const [at, [turn, axis]] of axes.entries()) {
        const value = values.get(names[at] ?? '') ?? 0;
        if (turn) turns = compose(turns, rotation(axis, value));
        else for (let part = 0; part < 3; part++) shift[part] += axis[part] * value;
      }
      return compose(translation(shift), turns);
    },
  };
}

interface TransformAxis {
  axis: number[];
  coordinates: string[];
  function?: ReadFunction;
}

/** Three turns about their axes, each in the frame the one before made, then shifts along three axes of the parent's frame. */
function customMotion(joint: XmlElement, names: readonly string[], file: string): JointMotion {
  const transform = childOf(joint, 'SpatialTransform');
  const found = transform?.children.filter(({ tag }) => tag === 'TransformAxis') ?? [];
  const usual = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  const axes = ['rotation1', 'rotation2', 'rotation3', 'translation1', 'translation2', 'translation3'].map(
    (name, at): TransformAxis => {
      const element =
        found.find((candidate) => candidate.name === name) ?? (found.length === 6 ? found[at] : undefined);
      const axis = numbersOf(element, 'axis');
      const whole = axis.length === 3 && axis.every(Number.isFinite);
      return {
        axis: whole ? axis : usual[at % 3],
        coordinates: wordsOf(element, 'coordinates'),
        function: functionIn(element, file),
      };
    },
  );
  const amount = ({ coordinates, function: own }: TransformAxis, values: ReadonlyMap<string, number>) =>
    own ? own.value(coordinates.map((name) => values.get(name) ?? 0)) : 0;
  const drives = (axis: TransformAxis, name: string) => axis.coordinates.includes(name);
  return {
    rotational: names.map(
      (name) =>
        axes.slice(0, 3).some((axis) => drives(axis, name)) ||
        !axes.slice(3).some((axis) => drives(axis, name) && axis.function?.linear),
    ),
    pose(values) {
      let turns = identity();
      for (const axis of axes.slice(0, 3)) turns = compose(turns, rotation(axis.axis, amount(axis, values)));
      const shift = [0, 0, 0];
      for (const axis of axes.slice(3)) {
        const length = Math.hypot(...axis.axis) || 1;
        const far = amount(axis, values);
        for (let part = 0; part < 3; part++) shift[part] += (axis.axis[part] / length) * far;
      }
      return compose(translation(shift), turns);
    },
  };
}
