/**
 * Named coordinate frames and the rigid or affine maps between them.
 *
 * `patient` is DICOM LPS in mm: x towards the patient's left, y posterior, z superior.
 */

import type { Mat4, Vec3 } from '../../kernel/index.ts';

export type { Mat3, Mat4, Vec3 } from '../../kernel/index.ts';

/**
 * Frames known so far; `probe`, `tracker` join with their modalities. `lab` is the frame of a motion laboratory, `camera` that of
 * a depth camera (x right, y down, z forward), `earth` is east, north, up.
 */
export type FrameName = 'patient' | 'vertebra' | 'image' | 'sacrum' | 'lab' | 'camera' | 'earth';

/** Edge of the frame graph, named `fromToTo`; maps a point of `From` to `To`. */
export interface Transform<From extends FrameName = FrameName, To extends FrameName = FrameName> {
  from: From;
  to: To;
  /** row-major 4×4, mm */
  matrix: Mat4;
  /** row-major 6×6 of (tx, ty, tz in mm, rx, ry, rz in rad), when known */
  covariance?: readonly number[];
}

/** Anatomical directions in the patient frame (LPS), unit length. */
export const LEFT: Vec3 = [1, 0, 0];
export const POSTERIOR: Vec3 = [0, 1, 0];
export const SUPERIOR: Vec3 = [0, 0, 1];

/** Normals of the anatomical planes in the patient frame. */
const PLANE_NORMALS = {
  /** coronal plane: seen from the front, an AP view */
  coronal: POSTERIOR,
  /** sagittal plane: seen from the side, a lateral view */
  sagittal: LEFT,
  /** axial plane: seen from the feet */
  axial: SUPERIOR,
} as const;

export type AnatomicalPlane = keyof typeof PLANE_NORMALS;
