/** The patient's own bones as three.js draws them: surfaces of the CT, each moved as a whole. */

import { BufferAttribute, BufferGeometry, DoubleSide, Group, Mesh, MeshLambertMaterial } from 'three';
import { hexRgb, type Rgb } from '../../../../kit/colour.ts';
import type { SurfaceArrays } from '../../../scene3d/surface/glb.ts';
import type { StageProp } from '../stage-engine.ts';
import { type ChainBone, placeBones } from './own-bones.ts';
import type { BodyPose } from './segment-poses.ts';

/** A bone with its surface. */
export interface BoneSurface {
  bone: ChainBone;
  surface: SurfaceArrays;
}

/** Makes the bones; where the segments were not seen, they are not shown. */
export function makeBones(
  bones: readonly BoneSurface[],
  poseAt: (timeS: number) => BodyPose | undefined,
  ink: Rgb,
): StageProp {
  const material = new MeshLambertMaterial({ color: hexRgb(ink), side: DoubleSide });
  const group = new Group();
  const meshes = bones.map(({ surface }) => {
    const geometry = new BufferGeometry();
    geometry.setAttribute('position', new BufferAttribute(surface.positions, 3));
    geometry.setAttribute('normal', new BufferAttribute(surface.normals, 3));
    geometry.setIndex(new BufferAttribute(surface.triangles, 1));
    const mesh = new Mesh(geometry, material);
    group.add(mesh);
    return mesh;
  });
  const chain = bones.map(({ bone }) => bone);
  return {
    object: group,
    moveTo(timeS) {
      const pose = poseAt(timeS);
      group.visible = pose !== undefined;
      if (!pose) return;
      for (const [i, { turn, shift }] of placeBones(chain, pose, pose.root).entries()) {
        const [w, x, y, z] = turn;
        meshes[i].quaternion.set(x, y, z, w);
        meshes[i].position.set(...shift);
      }
    },
    dispose() {
      for (const { geometry } of meshes) geometry.dispose();
      material.dispose();
    },
  };
}
