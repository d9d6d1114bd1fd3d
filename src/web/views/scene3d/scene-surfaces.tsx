/** The surfaces of a scene: a full and a light mesh each, one material. */

import { useThree } from '@react-three/fiber';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { BufferAttribute, BufferGeometry, DoubleSide, FrontSide, type Mesh, MeshLambertMaterial } from 'three';
import { MeshBVH } from 'three-mesh-bvh';
import { useBlobs } from '../../kit/blobs.ts';
import { hexRgb, type Rgb } from '../../kit/colour.ts';
import type { LevelOfDetail } from './level-of-detail.ts';
import { type Box, boxOf } from './standard-views.ts';
import type { SurfaceArrays } from './surface/glb.ts';
import { loadSurface, type Surface } from './surface/surface-loader.ts';

export interface SceneSurface {
  id: string;
  sha256: string;
  name: string;
  level?: string;
  colour: Rgb;
  opacity: number;
  /** `glass` shows its rim more than its face: skin over bone */
  look: 'solid' | 'glass';
  /** counts for what the camera shows at first */
  framed: boolean;
}

export interface SurfaceEvents {
  onReady(id: string, box: Box, triangles: number): void;
  onGone(id: string): void;
  onError(name: string, error: unknown): void;
}

export function SceneSurfaces({
  surfaces,
  detail,
  events,
}: {
  surfaces: readonly SceneSurface[];
  detail: LevelOfDetail;
  events: SurfaceEvents;
}) {
  return surfaces.map((surface) => <SurfaceMesh key={surface.id} surface={surface} detail={detail} events={events} />);
}

function SurfaceMesh({
  surface,
  detail,
  events,
}: {
  surface: SceneSurface;
  detail: LevelOfDetail;
  events: SurfaceEvents;
}) {
  const { id, sha256, name } = surface;
  const blobs = useBlobs();
  const [data, setData] = useState<Surface>();
  useEffect(() => {
    let alive = true;
    loadSurface(blobs, sha256).then(
      (loaded) => alive && setData(loaded),
      (error: unknown) => alive && events.onError(name, error),
    );
    return () => {
      alive = false;
    };
  }, [blobs, sha256, name, events]);
  useEffect(() => {
    if (!data) return;
    events.onReady(id, boxOf(data.coarse.positions), data.full.triangles.length / 3);
    return () => events.onGone(id);
  }, [data, id, events]);
  return data ? <LoadedMesh data={data} surface={surface} detail={detail} /> : null;
}

function LoadedMesh({ data, surface, detail }: { data: Surface; surface: SceneSurface; detail: LevelOfDetail }) {
  const full = useRef<Mesh>(null);
  const coarse = useRef<Mesh>(null);
  const invalidate = useThree((state) => state.invalidate);
  const [fullGeometry, coarseGeometry] = useMemo(() => {
    const light = geometryOf(data.coarse);
    // picks go against the light copy; its tree is small and built at once
    light.boundsTree = new MeshBVH(light);
    return [data.coarse === data.full ? light : geometryOf(data.full), light];
  }, [data]);
  useEffect(
    () => () => {
      fullGeometry.dispose();
      coarseGeometry.dispose();
    },
    [fullGeometry, coarseGeometry],
  );
  const material = useMemo(
    () => (surface.look === 'glass' ? glassMaterial() : new MeshLambertMaterial({ side: FrontSide })),
    [surface.look],
  );
  useEffect(() => () => material.dispose(), [material]);
  // before the next frame: a new surface never shows in the wrong colour
  useLayoutEffect(() => {
    const solid = surface.look === 'solid' && surface.opacity >= 0.999;
    material.color.set(hexRgb(surface.colour));
    material.opacity = surface.opacity;
    material.transparent = !solid;
    material.depthWrite = solid || surface.look === 'solid';
    material.side = solid ? DoubleSide : FrontSide;
    material.needsUpdate = true;
    invalidate();
  }, [material, surface.colour, surface.opacity, surface.look, invalidate]);
  useEffect(
    () => (full.current && coarse.current ? detail.add({ full: full.current, coarse: coarse.current }) : undefined),
    [detail],
  );
  const order = surface.look === 'glass' ? 5 : surface.opacity < 0.999 ? 2 : 0;
  const userData = useMemo(
    () => ({ surface: surface.id, level: surface.level, name: surface.name }),
    [surface.id, surface.level, surface.name],
  );
  return (
    <>
      <mesh ref={full} geometry={fullGeometry} material={material} renderOrder={order} userData={userData} />
      <mesh
        ref={coarse}
        geometry={coarseGeometry}
        material={material}
        renderOrder={order}
        userData={{ ...userData, coarse: true }}
        visible={false}
      />
    </>
  );
}

function geometryOf(arrays: SurfaceArrays): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(arrays.positions, 3));
  geometry.setAttribute('normal', new BufferAttribute(arrays.normals, 3));
  geometry.setIndex(new BufferAttribute(arrays.triangles, 1));
  geometry.computeBoundingSphere();
  return geometry;
}

/** Clear where it faces the eye, dense at its rim. */
function glassMaterial(): MeshLambertMaterial {
  const material = new MeshLambertMaterial({ transparent: true, depthWrite: false });
  material.onBeforeCompile = (shader) => {
    shader.fragmentShader = shader.fragmentShader.replace(
      '#include <opaque_fragment>',
      `float rim = 1.0 - abs( normalize( normal ).z );
      diffuseColor.a *= mix( 0.3, 2.6, rim * sqrt( rim ) );
      outgoingLight = mix( outgoingLight, diffuseColor.rgb, 0.75 );
      #include <opaque_fragment>`,
    );
  };
  return material;
}
