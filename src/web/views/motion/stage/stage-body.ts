/** A body as three.js draws it: markers and bones, a surface, or a cloud; moved frame by frame in its own buffers. */

import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DataTexture,
  DoubleSide,
  Group,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  MeshLambertMaterial,
  type Object3D,
  Points,
  PointsMaterial,
} from 'three';
import { cssRgb, hexRgb, mapColour, type Rgb } from '../../../kit/colour.ts';
import type { BodyFrames, PointFrames, ShapeFrames } from '../recording/recording.ts';

export interface BodyLook {
  ink: Rgb;
  /** value of the points that colours them, over a range; plain where absent */
  colourBy?: { name: string; low: number; high: number };
  /** surfaces that let see what is inside · 0 to 1 */
  opacity?: number;
}

/** A body on the stage. */
export interface StageBody {
  object: Object3D;
  show(frame: number): void;
  dispose(): void;
}

const FAR_AWAY = 1e9;
let roundDot: DataTexture | undefined;

/** A white disc, so that points are round. */
function disc(): DataTexture {
  if (roundDot) return roundDot;
  const side = 32;
  const pixels = new Uint8Array(4 * side * side).fill(255);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) pixels[4 * (y * side + x) + 3] = Math.hypot(x - 15.5, y - 15.5) < 15.5 ? 255 : 0;
  roundDot = new DataTexture(pixels, side, side);
  roundDot.needsUpdate = true;
  return roundDot;
}

export function makeBody(frames: BodyFrames, look: BodyLook): StageBody {
  return frames.type === 'points' ? makePoints(frames, look) : makeShape(frames, look);
}

function makePoints(frames: PointFrames, look: BodyLook): StageBody {
  const count = frames.names.length;
  const positions = new Float32Array(3 * count);
  const attribute = new BufferAttribute(positions, 3);
  const geometry = new BufferGeometry().setAttribute('position', attribute);
  const group = new Group();
  const dots = new Points(
    geometry,
    new PointsMaterial({ size: 7, sizeAttenuation: false, map: disc(), alphaTest: 0.5 }),
  );
  dots.material.color = new Color(hexRgb(look.ink));
  const bones = bonesOf(frames);
  const lines = new LineSegments(new BufferGeometry(), new LineBasicMaterial({ color: cssRgb(look.ink) }));
  lines.material.color.setStyle(`rgb(${look.ink.join(',')})`);
  const ends = new Float32Array(6 * bones.length);
  const endAttribute = new BufferAttribute(ends, 3);
  lines.geometry.setAttribute('position', endAttribute);
  group.add(dots, lines);
  for (const object of [dots, lines]) object.frustumCulled = false;
  return {
    object: group,
    show(frame) {
      const from = 3 * count * frame;
      for (let i = 0; i < 3 * count; i++) {
        const value = frames.positions[from + i];
        positions[i] = Number.isNaN(value) ? FAR_AWAY : value;
      }
      bones.forEach(([a, b], k) => {
        const lost = positions[3 * a] === FAR_AWAY || positions[3 * b] === FAR_AWAY;
        for (let axis = 0; axis < 3; axis++) {
          ends[6 * k + axis] = lost ? FAR_AWAY : positions[3 * a + axis];
          ends[6 * k + 3 + axis] = lost ? FAR_AWAY : positions[3 * b + axis];
        }
      });
      attribute.needsUpdate = true;
      endAttribute.needsUpdate = true;
    },
    dispose() {
      geometry.dispose();
      lines.geometry.dispose();
      dots.material.dispose();
      lines.material.dispose();
    },
  };
}

/** Pairs of points that are joined: each joint and its parent. */
export function bonesOf({ parents }: Pick<PointFrames, 'parents'>): [number, number][] {
  return (parents ?? []).flatMap((parent, at): [number, number][] =>
    parent >= 0 && parent !== at ? [[parent, at]] : [],
  );
}

function makeShape(frames: ShapeFrames, look: BodyLook): StageBody {
  const most = frames.start.reduce((sum, at, f) => Math.max(sum, at - (frames.start[f - 1] ?? 0)), 0);
  const positions = new BufferAttribute(new Float32Array(3 * most), 3);
  const colours = new BufferAttribute(new Float32Array(3 * most), 3);
  const geometry = new BufferGeometry().setAttribute('position', positions).setAttribute('color', colours);
  const values = look.colourBy ? frames.values[look.colourBy.name] : undefined;
  const plain = new Color(hexRgb(look.ink));
  const ramp = values && look.colourBy ? rampOf(look.colourBy) : undefined;
  const object =
    frames.type === 'mesh'
      ? new Mesh(
          geometry,
          new MeshLambertMaterial({ vertexColors: Boolean(values), side: DoubleSide, flatShading: true }),
        )
      : new Points(geometry, new PointsMaterial({ size: 2.5, sizeAttenuation: false, vertexColors: Boolean(values) }));
  if (!values) object.material.color = plain;
  if (look.opacity !== undefined && look.opacity < 1) {
    Object.assign(object.material, { transparent: true, opacity: look.opacity, depthWrite: false });
    object.renderOrder = 3;
  }
  object.frustumCulled = false;
  let indexed = -1;
  return {
    object,
    show(frame) {
      const [from, to] = [frames.start[frame], frames.start[frame + 1]];
      (positions.array as Float32Array).set(frames.positions.subarray(3 * from, 3 * to));
      positions.needsUpdate = true;
      if (frames.triangles.length > 0) {
        const list = frames.triangles.length === 1 ? 0 : frame;
        if (list !== indexed) geometry.setIndex(new BufferAttribute(frames.triangles[list], 1));
        indexed = list;
      } else geometry.setDrawRange(0, to - from);
      if (values && ramp) {
        ramp(values, from, to, colours.array as Float32Array);
        colours.needsUpdate = true;
      }
    },
    dispose() {
      geometry.dispose();
      object.material.dispose();
    },
  };
}

const STEPS = 256;

/** Colours of viridis for a run of values, from a table. */
function rampOf({ low, high }: { low: number; high: number }) {
  const table = new Float32Array(3 * STEPS);
  const colour = new Color();
  for (let i = 0; i < STEPS; i++) {
    colour.setStyle(`rgb(${mapColour('viridis', i / (STEPS - 1)).join(',')})`);
    table.set([colour.r, colour.g, colour.b], 3 * i);
  }
  const scale = (STEPS - 1) / (high - low || 1);
  return (values: Float32Array, from: number, to: number, out: Float32Array): void => {
    for (let i = from, at = 0; i < to; i++, at += 3) {
      const step = Math.min(STEPS - 1, Math.max(0, Math.round((values[i] - low) * scale))) || 0;
      out[at] = table[3 * step];
      out[at + 1] = table[3 * step + 1];
      out[at + 2] = table[3 * step + 2];
    }
  };
}
