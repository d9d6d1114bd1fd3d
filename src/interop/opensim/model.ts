/** OpenSim models (.osim, version 2 to 4): bodies, joints, coordinates, couplers, markers, what is drawn. */

import { MsdtError } from '../../model/index.ts';
import { functionIn, type ModelFunction } from './functions.ts';
import { type JointMotion, jointMotion } from './joints.ts';
import { identity, invert, offsetFrame, type Rigid } from './rigid.ts';
import { childOf, membersOf, numbersOf, parseXml, textOf, vectorOf, wordsOf, type XmlElement } from './xml.ts';

/** A generalised coordinate. */
export interface ModelCoordinate {
  name: string;
  joint: string;
  /** angle in rad where true, otherwise a length in m */
  rotational: boolean;
  /** rad or m */
  defaultValue: number;
  /** rad or m */
  range: readonly [number, number];
  locked: boolean;
}

/** A joint: where it sits on both bodies and how it moves. */
export interface ModelJoint {
  name: string;
  kind: string;
  parent: string;
  child: string;
  coordinates: string[];
  /** joint frame in the parent body · m */
  inParent: Rigid;
  /** child body in its joint frame · m */
  childInJoint: Rigid;
  motion: JointMotion;
}

/** A coordinate that follows others. */
export interface ModelCoupler {
  dependent: string;
  independent: string[];
  value: ModelFunction;
}

/** A marker on a body. */
export interface ModelMarker {
  name: string;
  body: string;
  /** xyz in the body's frame · m */
  location: readonly [number, number, number];
}

/** A surface that is drawn on a body. */
export interface ModelGeometry {
  body: string;
  /** file name as the model gives it */
  file: string;
  scale: readonly [number, number, number];
  /** pose of the surface in the body · m */
  inBody: Rigid;
}

/** A model ready to be posed. World and bodies: x forward, y up, z to the right, m. */
export interface OpenSimModel {
  name: string;
  /** version number of the document: 40000 is 4.0 */
  version: number;
  /** bodies, each after its parent; without ground */
  bodies: string[];
  /** one joint per body, parents first */
  joints: ModelJoint[];
  coordinates: ModelCoordinate[];
  couplers: ModelCoupler[];
  markers: ModelMarker[];
  geometry: ModelGeometry[];
}

/** Versions up to 3 hang each joint on its child body. */
const FIRST_JOINT_SET = 40_000;

/**
 * Reads a model.
 * @param text - the XML document
 * @param file - name for messages
 * @throws MsdtError `file.malformed` no valid XML, bodies that hang on nothing · `file.unsupported` kinds of joint or function that
 * cannot be moved, version 1
 */
export function readOsim(text: string, file: string): OpenSimModel {
  const root = parseXml(text, file);
  const version = Number(root.attributes.Version ?? 0);
  const model = childOf(root, 'Model');
  if (root.tag !== 'OpenSimDocument' || !model)
    throw bad(file, 'root element', `found <${root.tag}>`, 'file.unrecognised');
  if (version > 0 && version < 20_000)
    throw bad(file, 'attribute Version', `${version}; save it with OpenSim 2 or later`, 'file.unsupported');
  const bodySet = membersOf(childOf(model, 'BodySet')).filter(({ tag }) => tag === 'Body');
  const newer = version >= FIRST_JOINT_SET || childOf(model, 'JointSet') !== undefined;
  const drafts = newer ? jointsOfSet(model, file) : bodySet.flatMap((body) => jointOfBody(body, file));
  const joints = inOrder(drafts, file);
  const frames = newer ? offsetFrames(model) : new Map<string, OffsetFrame>();
  return {
    name: model.name,
    version,
    bodies: joints.map(({ child }) => child),
    joints: joints.map(({ coordinateElements: _, ...joint }) => joint),
    coordinates: joints.flatMap(coordinatesOf),
    couplers: couplersOf(model, file),
    markers: markersOf(model, frames),
    geometry: geometryOf(bodySet, newer),
  };
}

function bad(
  file: string,
  place: string,
  detail: string,
  code: 'file.malformed' | 'file.unrecognised' | 'file.unsupported' = 'file.malformed',
) {
  return new MsdtError(code, `The OpenSim model cannot be understood (${file})`, {
    where: { file, place },
    detail,
    hint: 'Open the model in OpenSim 4 and save it again.',
  });
}

interface JointDraft extends ModelJoint {
  coordinateElements: XmlElement[];
}

interface OffsetFrame {
  body: string;
  pose: Rigid;
}

/** Name of a component at the end of its path: `/bodyset/pelvis` is `pelvis`. */
function tail(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

const socket = (element: XmlElement, name: string): string =>
  textOf(
    element,
    `socket_${name}`,
    `socket_${name}_connectee_name`,
    `socket_${name}_frame`,
    `socket_${name}_frame_connectee_name`,
  );

function jointsOfSet(model: XmlElement, file: string): JointDraft[] {
  return membersOf(childOf(model, 'JointSet'))
    .filter(({ tag }) => tag.endsWith('Joint'))
    .map((element) => {
      const frames = new Map<string, OffsetFrame>();
      for (const frame of childOf(element, 'frames')?.children ?? []) frames.set(frame.name, frameOf(frame));
      const side = (name: string): OffsetFrame => {
        const path = socket(element, `${name}_frame`) || socket(element, name);
        return frames.get(tail(path)) ?? { body: tail(path), pose: identity() };
      };
      const [parent, child] = [side('parent'), side('child')];
      const coordinates = childOf(element, 'coordinates')?.children.filter(({ tag }) => tag === 'Coordinate') ?? [];
      return draftOf(element, coordinates, { parent, child }, file);
    });
}

function frameOf(frame: XmlElement): OffsetFrame {
  return {
    body: tail(socket(frame, 'parent')),
    pose: offsetFrame(vectorOf(frame, 'translation'), vectorOf(frame, 'orientation')),
  };
}

function jointOfBody(body: XmlElement, file: string): JointDraft[] {
  const element = childOf(body, 'Joint')?.children.find(({ tag }) => tag.endsWith('Joint'));
  if (!element) {
    if (body.name === 'ground') return [];
    throw bad(file, `body ${body.name}`, 'it has no joint');
  }
  if (textOf(element, 'reverse') === 'true')
    throw bad(file, `joint ${element.name}`, 'it is reversed', 'file.unsupported');
  const sides = {
    parent: {
      body: textOf(element, 'parent_body'),
      pose: offsetFrame(vectorOf(element, 'location_in_parent'), vectorOf(element, 'orientation_in_parent')),
    },
    child: { body: body.name, pose: offsetFrame(vectorOf(element, 'location'), vectorOf(element, 'orientation')) },
  };
  const coordinates = membersOf(childOf(element, 'CoordinateSet')).filter(({ tag }) => tag === 'Coordinate');
  return [draftOf(element, coordinates, sides, file)];
}

function draftOf(
  element: XmlElement,
  coordinateElements: XmlElement[],
  { parent, child }: { parent: OffsetFrame; child: OffsetFrame },
  file: string,
): JointDraft {
  const coordinates = coordinateElements.map(({ name }) => name);
  return {
    name: element.name,
    kind: element.tag,
    parent: parent.body,
    child: child.body,
    coordinates,
    coordinateElements,
    inParent: parent.pose,
    childInJoint: invert(child.pose),
    motion: jointMotion(element, coordinates, file),
  };
}

/** Joints with parents first. */
function inOrder(joints: readonly JointDraft[], file: string): JointDraft[] {
  const known = new Set(['ground', '']);
  const ordered: JointDraft[] = [];
  let left = [...joints];
  while (left.length > 0) {
    const ready = left.filter(({ parent }) => known.has(parent));
    if (ready.length === 0)
      throw bad(file, `joint ${left[0].name}`, `its parent ${left[0].parent} hangs on nothing, or on itself`);
    for (const joint of ready) {
      if (known.has(joint.child)) throw bad(file, `joint ${joint.name}`, `the body ${joint.child} has two joints`);
      known.add(joint.child);
      ordered.push(joint);
    }
    left = left.filter((joint) => !ready.includes(joint));
  }
  return ordered;
}

function coordinatesOf(joint: JointDraft): ModelCoordinate[] {
  return joint.coordinateElements.map((element, at) => {
    const [low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY] = numbersOf(element, 'range');
    return {
      name: element.name,
      joint: joint.name,
      rotational: joint.motion.rotational[at] ?? true,
      defaultValue: Number(textOf(element, 'default_value') || 0),
      range: [low, high],
      locked: textOf(element, 'locked') === 'true',
    };
  });
}

function couplersOf(model: XmlElement, file: string): ModelCoupler[] {
  return membersOf(childOf(model, 'ConstraintSet')).flatMap((element) => {
    if (element.tag !== 'CoordinateCouplerConstraint') return [];
    if (textOf(element, 'isEnforced') === 'false' || textOf(element, 'isDisabled') === 'true') return [];
    const own = functionIn(childOf(element, 'coupled_coordinates_function'), file);
    const dependent = textOf(element, 'dependent_coordinate_name');
    if (!own || !dependent) return [];
    const scale = Number(textOf(element, 'scale_factor') || 1);
    const independent = wordsOf(element, 'independent_coordinate_names');
    return [{ dependent, independent, value: (values: readonly number[]) => scale * own.value(values) }];
  });
}

/** Frames of joints that markers may sit on. */
function offsetFrames(model: XmlElement): Map<string, OffsetFrame> {
  const frames = new Map<string, OffsetFrame>();
  for (const joint of membersOf(childOf(model, 'JointSet')))
    for (const frame of childOf(joint, 'frames')?.children ?? [])
      frames.set(`${joint.name}/${frame.name}`, frameOf(frame));
  return frames;
}

function markersOf(model: XmlElement, frames: ReadonlyMap<string, OffsetFrame>): ModelMarker[] {
  return membersOf(childOf(model, 'MarkerSet')).flatMap((element): ModelMarker[] => {
    if (element.tag !== 'Marker') return [];
    const path = socket(element, 'parent_frame') || textOf(element, 'body');
    const location = vectorOf(element, 'location');
    const frame = frames.get(path.split('/').slice(-2).join('/'));
    if (!frame) return path ? [{ name: element.name, body: tail(path), location }] : [];
    const [x, y, z] = [0, 1, 2].map(
      (row) =>
        frame.pose[3 * row] * location[0] +
        frame.pose[3 * row + 1] * location[1] +
        frame.pose[3 * row + 2] * location[2] +
        frame.pose[9 + row],
    );
    return [{ name: element.name, body: frame.body, location: [x, y, z] }];
  });
}

/** Surfaces of the bodies: `attached_geometry` and its frames since version 4, `VisibleObject` before. */
function geometryOf(bodies: readonly XmlElement[], newer: boolean): ModelGeometry[] {
  return bodies.flatMap((body) => (newer ? attached(body) : visible(body)));
}

function attached(body: XmlElement): ModelGeometry[] {
  const meshes = (holder: XmlElement | undefined, inBody: Rigid): ModelGeometry[] =>
    (childOf(holder, 'attached_geometry')?.children ?? [])
      .filter(({ tag }) => tag === 'Mesh')
      .map((mesh) => ({
        body: body.name,
        file: textOf(mesh, 'mesh_file'),
        scale: scaleOf(mesh, 'scale_factors'),
        inBody,
      }));
  const components = childOf(body, 'components')?.children.filter(({ tag }) => tag === 'PhysicalOffsetFrame') ?? [];
  return [...meshes(body, identity()), ...components.flatMap((frame) => meshes(frame, frameOf(frame).pose))];
}

function visible(body: XmlElement): ModelGeometry[] {
  const object = childOf(body, 'VisibleObject');
  const [sx, sy, sz] = scaleOf(object, 'scale_factors');
  return membersOf(childOf(object, 'GeometrySet'))
    .filter(({ tag }) => tag === 'DisplayGeometry')
    .map((shape) => {
      const [turnX = 0, turnY = 0, turnZ = 0, x = 0, y = 0, z = 0] = numbersOf(shape, 'transform');
      const [ox, oy, oz] = scaleOf(shape, 'scale_factors');
      return {
        body: body.name,
        file: textOf(shape, 'geometry_file'),
        scale: [sx * ox, sy * oy, sz * oz] as const,
        inBody: offsetFrame([x, y, z], [turnX, turnY, turnZ]),
      };
    });
}

function scaleOf(element: XmlElement | undefined, tag: string): [number, number, number] {
  const [x = 1, y = 1, z = 1] = numbersOf(element, tag);
  return [x, y, z];
}
