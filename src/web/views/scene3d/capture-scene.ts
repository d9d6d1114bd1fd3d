/** A picture of a scene: what is on the screen, drawn again at the size asked for, with letters and scale. */

import type { RootState } from '@react-three/fiber';
import { type OrthographicCamera, Vector3 } from 'three';
import type { Vec3 } from '../../../model/index.ts';
import { scaleBarMm, scaleBarText } from '../slice/plane.ts';
import type { SceneLabel } from './scene-marks.tsx';
import { screenAxes } from './scene-rig.tsx';
import { sideLetters } from './standard-views.ts';

export function captureScene(
  three: RootState,
  labels: readonly SceneLabel[],
  box: HTMLElement | null,
  scale: number,
): HTMLCanvasElement | undefined {
  const { gl, scene, size } = three;
  const camera = three.camera as OrthographicCamera;
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(size.width * scale);
  canvas.height = Math.round(size.height * scale);
  const context = canvas.getContext('2d');
  if (!context) return undefined;
  const style = getComputedStyle(box ?? document.documentElement);
  const ground = context.createLinearGradient(0, 0, 0, canvas.height);
  ground.addColorStop(0, style.getPropertyValue('--scene-top').trim() || '#15181c');
  ground.addColorStop(1, style.getPropertyValue('--scene-bottom').trim() || '#0c0e10');
  context.fillStyle = ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  const before = gl.getPixelRatio();
  gl.setPixelRatio(scale);
  gl.render(scene, camera);
  context.drawImage(gl.domElement, 0, 0, canvas.width, canvas.height);
  gl.setPixelRatio(before);
  gl.render(scene, camera);
  context.scale(scale, scale);
  const ink = style.getPropertyValue('--text').trim() || '#e7eaed';
  paintWords(context, camera, size, labels);
  paintSides(context, camera, size, ink);
  paintScale(context, camera, size, ink);
  return canvas;
}

function paintWords(
  context: CanvasRenderingContext2D,
  camera: OrthographicCamera,
  size: { width: number; height: number },
  labels: readonly SceneLabel[],
): void {
  context.font = '600 13px system-ui, "Segoe UI", Roboto, Lato, sans-serif';
  for (const label of labels) {
    const p = new Vector3(...label.at).project(camera);
    context.fillStyle = label.ink;
    context.fillText(label.text, ((p.x + 1) / 2) * size.width + 6, ((1 - p.y) / 2) * size.height - 6);
  }
}

/** Letters at the four sides where the view is near one of the six standard ones, the directions of the screen otherwise. */
function paintSides(
  context: CanvasRenderingContext2D,
  camera: OrthographicCamera,
  { width, height }: { width: number; height: number },
  ink: string,
): void {
  const [right, up] = screenAxes(camera);
  const minus = (v: Vec3): Vec3 => [-v[0], -v[1], -v[2]];
  context.font = '600 14px system-ui, "Segoe UI", Roboto, Lato, sans-serif';
  context.fillStyle = ink;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  context.fillText(sideLetters(minus(right)), 16, height / 2);
  context.fillText(sideLetters(right), width - 16, height / 2);
  context.fillText(sideLetters(up), width / 2, 16);
  context.fillText(sideLetters(minus(up)), width / 2, height - 16);
}

function paintScale(
  context: CanvasRenderingContext2D,
  camera: OrthographicCamera,
  { width, height }: { width: number; height: number },
  ink: string,
): void {
  const mm = scaleBarMm(1 / camera.zoom);
  const bar = mm * camera.zoom;
  context.strokeStyle = ink;
  context.fillStyle = ink;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(width - 16 - bar, height - 18);
  context.lineTo(width - 16, height - 18);
  context.stroke();
  context.font = '500 12px system-ui, "Segoe UI", Roboto, Lato, sans-serif';
  context.fillText(scaleBarText(mm), width - 16 - bar / 2, height - 30);
}
