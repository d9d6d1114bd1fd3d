/** Pan and zoom of one slice view: a place under the middle of the picture and mm per pixel. Pure steps from camera to camera. */

import type { AnatomicalPlane, Vec3 } from '../../../model/index.ts';
import { PLANES, pixelToWorld, type SliceFrame, worldToPixel } from './plane.ts';

export interface SliceCamera {
  centre: Vec3;
  mmPerPixel: number;
}

const CLOSEST_MM = 0.02;
const FARTHEST_MM = 20;

/** The frame of a camera whose depth is the crosshair's. */
export function frameOf(
  camera: SliceCamera,
  plane: AnatomicalPlane,
  crosshair: Vec3 | undefined,
  width: number,
  height: number,
): SliceFrame {
  const { axis } = PLANES[plane];
  const centre: [number, number, number] = [...camera.centre];
  if (crosshair) centre[axis] = crosshair[axis];
  return { plane, centre, mmPerPixel: camera.mmPerPixel, width, height };
}

export function panned(start: SliceCamera, plane: AnatomicalPlane, dx: number, dy: number): SliceCamera {
  const { right, down } = PLANES[plane];
  const k = start.mmPerPixel;
  const centre = [0, 1, 2].map((a) => start.centre[a] - k * (dx * right[a] + dy * down[a]));
  return { ...start, centre: centre as unknown as Vec3 };
}

/** Zoom by a factor (above 1: closer) that keeps the place under a pixel where it is. */
export function zoomed(camera: SliceCamera, frame: SliceFrame, x: number, y: number, factor: number): SliceCamera {
  const mmPerPixel = Math.min(FARTHEST_MM, Math.max(CLOSEST_MM, camera.mmPerPixel / factor));
  const fixed = pixelToWorld(frame, x, y);
  const ratio = mmPerPixel / camera.mmPerPixel;
  const centre = [0, 1, 2].map((a) => fixed[a] + (frame.centre[a] - fixed[a]) * ratio);
  return { centre: centre as unknown as Vec3, mmPerPixel };
}

/** Largest part of the picture that what is looked for may leave empty before the camera comes closer. */
const LOOSE = 2.2;

/**
 * Brings a place into the middle part of the picture, close enough to see `radiusMm` around it.
 * @param free - the reader has not set the zoom: come close to what is far
 */
export function lookingAt(
  camera: SliceCamera,
  frame: SliceFrame,
  at: Vec3,
  radiusMm: number,
  free: boolean,
): SliceCamera {
  const p = worldToPixel(frame, at);
  const inside =
    p.x > 0.2 * frame.width && p.x < 0.8 * frame.width && p.y > 0.2 * frame.height && p.y < 0.8 * frame.height;
  const shown = Math.min(frame.width, frame.height) * camera.mmPerPixel;
  const fits = 2 * radiusMm <= shown * 1.02 && !(free && shown > 2 * radiusMm * LOOSE);
  if (fits) return inside ? camera : { centre: at, mmPerPixel: camera.mmPerPixel };
  return { centre: at, mmPerPixel: (2 * radiusMm * (free ? 1.25 : 1)) / Math.min(frame.width, frame.height) };
}
