/** Camera, lamp and hand of a scene: an orthographic camera on a turntable whose axis is the patient's. */

import { useFrame, useThree } from '@react-three/fiber';
import { type RefObject, useEffect, useImperativeHandle, useMemo, useRef } from 'react';
import { type DirectionalLight, MOUSE, type OrthographicCamera, TOUCH, Vector3 } from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import type { Vec3 } from '../../../model/index.ts';
import type { LevelOfDetail } from './level-of-detail.ts';
import { type Box, boxCentre, fitZoom, STANDARD_VIEWS, type StandardView } from './standard-views.ts';

const FAR_MM = 4000;

export interface RigHandle {
  view(view: StandardView): void;
  fit(box: Box, force: boolean): void;
  lookAt(at: Vec3, radiusMm: number): void;
  camera(): OrthographicCamera;
}

export interface RigProps {
  handle: RefObject<RigHandle | null>;
  detail: LevelOfDetail;
  first: StandardView;
  turnable: boolean;
  /** the room for the picture has changed */
  onResize(): void;
  /** after every drawn frame */
  onFrame(camera: OrthographicCamera): void;
}

export function SceneRig({ handle, detail, first, turnable, onResize, onFrame }: RigProps) {
  const camera = useThree((state) => state.camera) as OrthographicCamera;
  const element = useThree((state) => state.gl.domElement);
  const size = useThree((state) => state.size);
  const invalidate = useThree((state) => state.invalidate);
  const lamp = useRef<DirectionalLight>(null);
  const touched = useRef(false);

  const controls = useMemo(() => {
    camera.up.set(0, 0, 1);
    camera.near = 1;
    camera.far = 2 * FAR_MM;
    const made = new OrbitControls(camera);
    made.zoomToCursor = true;
    made.zoomSpeed = 1.4;
    made.minZoom = 0.05;
    made.maxZoom = 200;
    made.mouseButtons = { LEFT: MOUSE.ROTATE, MIDDLE: MOUSE.PAN, RIGHT: MOUSE.DOLLY };
    made.touches = { ONE: TOUCH.ROTATE, TWO: TOUCH.DOLLY_PAN };
    return made;
  }, [camera]);

  useEffect(() => {
    place(controls, camera, first);
  }, [controls, camera, first]);

  useEffect(() => {
    if (!turnable) return;
    controls.connect(element);
    const start = (): void => {
      touched.current = true;
    };
    const change = (): void => detail.move();
    controls.addEventListener('start', start);
    controls.addEventListener('change', change);
    return () => {
      controls.removeEventListener('start', start);
      controls.removeEventListener('change', change);
      controls.disconnect();
    };
  }, [controls, element, detail, turnable]);

  useImperativeHandle(handle, () => ({
    view(view) {
      place(controls, camera, view);
      controls.update();
      invalidate();
    },
    fit(box, force) {
      if (touched.current && !force) return;
      if (force) touched.current = false;
      const along = new Vector3().subVectors(camera.position, controls.target).normalize();
      controls.target.set(...boxCentre(box));
      camera.position.copy(controls.target).addScaledVector(along, FAR_MM);
      controls.update();
      const [right, up] = screenAxes(camera);
      camera.zoom = fitZoom(box, right, up, size.width, size.height);
      camera.updateProjectionMatrix();
      invalidate();
    },
    lookAt(at, radiusMm) {
      const along = new Vector3().subVectors(camera.position, controls.target).normalize();
      controls.target.set(...at);
      camera.position.copy(controls.target).addScaledVector(along, FAR_MM);
      const fits = Math.min(size.width, size.height) / (2.2 * radiusMm);
      if (camera.zoom > fits * 1.2 || camera.zoom < fits * 0.4) camera.zoom = fits * 0.75;
      camera.updateProjectionMatrix();
      controls.update();
      touched.current = true;
      invalidate();
    },
    camera: () => camera,
  }));

  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the size that calls for it
  useEffect(onResize, [size.width, size.height, onResize]);

  useFrame(() => {
    // the lamp hangs over the reader's left shoulder
    if (lamp.current) {
      const [right, up] = screenAxes(camera);
      lamp.current.position.copy(camera.position).addScaledVector(new Vector3(...right), -0.35 * FAR_MM);
      lamp.current.position.addScaledVector(new Vector3(...up), 0.5 * FAR_MM);
      lamp.current.target.position.copy(controls.target);
      lamp.current.target.updateMatrixWorld();
    }
    detail.frame(performance.now());
    onFrame(camera);
  });

  return (
    <>
      <hemisphereLight args={['#ffffff', '#8a93a0', 1.25]} position={[0, 0, 1]} />
      <directionalLight ref={lamp} intensity={2.1} color="#fffaf2" />
    </>
  );
}

function place(controls: OrbitControls, camera: OrthographicCamera, view: StandardView): void {
  const from = new Vector3(...STANDARD_VIEWS[view].from).normalize();
  camera.position.copy(controls.target).addScaledVector(from, FAR_MM);
  camera.lookAt(controls.target);
  camera.updateMatrixWorld();
}

/** Directions of screen right and up · patient frame (LPS) · unit */
export function screenAxes(camera: OrthographicCamera): [Vec3, Vec3] {
  const m = camera.matrixWorld.elements;
  return [
    [m[0], m[1], m[2]],
    [m[4], m[5], m[6]],
  ];
}
