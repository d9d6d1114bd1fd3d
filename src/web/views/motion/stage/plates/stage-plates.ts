/** Force plates as three.js draws them: the outline of each, and an arrow from the centre of pressure as long as the force is large. */

import {
  BufferAttribute,
  BufferGeometry,
  ConeGeometry,
  CylinderGeometry,
  Group,
  LineBasicMaterial,
  LineLoop,
  Mesh,
  MeshBasicMaterial,
  Vector3,
} from 'three';
import { hexRgb, type Rgb } from '../../../../kit/colour.ts';
import type { StageProp } from '../stage-engine.ts';
import { forceAt, type Plate } from './plate-forces.ts';

const SHAFT_MM = 9;
const HEAD_MM = 26;
const HEAD_LENGTH_MM = 70;

export function makePlates(plates: readonly Plate[], mmPerN: number, ink: Rgb): StageProp {
  const group = new Group();
  const line = new LineBasicMaterial({ color: hexRgb(ink) });
  const paint = new MeshBasicMaterial({ color: hexRgb(ink) });
  // both stand on the origin and point along Y
  const shaft = new CylinderGeometry(SHAFT_MM, SHAFT_MM, 1, 12).translate(0, 0.5, 0);
  const head = new ConeGeometry(HEAD_MM, 1, 16).translate(0, 0.5, 0);
  const loops = plates.map(({ corners }) => {
    const outline = new BufferGeometry().setAttribute('position', new BufferAttribute(Float32Array.from(corners), 3));
    const loop = new LineLoop(outline, line);
    group.add(loop);
    return loop;
  });
  const arrows = plates.map(() => {
    const arrow = new Group();
    const [body, tip] = [new Mesh(shaft, paint), new Mesh(head, paint)];
    arrow.add(body, tip);
    group.add(arrow);
    return { arrow, body, tip };
  });
  const up = new Vector3(0, 1, 0);
  const along = new Vector3();
  return {
    object: group,
    moveTo(timeS) {
      for (const [i, { arrow, body, tip }] of arrows.entries()) {
        const found = forceAt(plates[i], timeS);
        arrow.visible = found !== undefined;
        if (!found) continue;
        along.set(...found.force);
        const length = along.length() * mmPerN;
        const point = Math.min(HEAD_LENGTH_MM, length);
        arrow.position.set(...found.from);
        arrow.quaternion.setFromUnitVectors(up, along.normalize());
        body.scale.set(1, Math.max(1e-3, length - point), 1);
        tip.scale.set(1, point, 1);
        tip.position.set(0, length - point, 0);
      }
    },
    dispose() {
      for (const { geometry } of loops) geometry.dispose();
      for (const one of [shaft, head, line, paint]) one.dispose();
    },
  };
}
