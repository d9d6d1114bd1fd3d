/** Surfaces, landmarks and curves of the twin. */

import type { VertebraLevel } from '../levels.ts';
import type { FrameName, Vec3 } from './frames.ts';

/** Triangle surface. Counter-clockwise seen from outside. */
export interface Mesh {
  /** xyz of each vertex · shape [3N] · mm in `frame` */
  positions: Float32Array;
  /** vertex indices of each triangle · shape [3M] */
  triangles: Uint32Array;
  frame: FrameName;
  /** unit vertex normals · shape [3N] */
  normals?: Float32Array;
  /** named value per vertex · each of shape [N]; `cut` is 1 where the surface is a cap of the field of view */
  vertexData?: Record<string, Float32Array | Uint8Array>;
  /** sRGB 0-255 for display */
  color?: readonly [number, number, number];
  name?: string;
  level?: VertebraLevel;
}

/** A named point. */
export interface Landmark {
  /** `L4.superiorEndplate.anterior`, `L4.pedicle.left` … */
  id: string;
  /** patient frame (LPS) · mm */
  xyz: Vec3;
  level?: VertebraLevel;
  side?: 'left' | 'right';
  /** one standard deviation along the worst direction · mm, when known */
  sdMm?: number;
}

/** An oriented plane patch, such as an endplate. */
export interface PlanePatch {
  id: string;
  /** patient frame (LPS) · mm */
  centre: Vec3;
  /** unit normal, pointing out of the vertebra */
  normal: Vec3;
  /** root-mean-square distance of the patch's points to the plane · mm */
  rmsMm: number;
  /** mm² */
  areaMm2: number;
  level?: VertebraLevel;
}

/** Local frame of a vertebra: columns are left (x), anterior (y) and superior (z) unit vectors. */
export interface VertebraFrame {
  level: VertebraLevel;
  /** centre of the vertebral body · patient frame (LPS) · mm */
  centre: Vec3;
  x: Vec3;
  y: Vec3;
  z: Vec3;
}

/** All landmarks of a column in one document. */
export interface SpineLandmarks {
  frame: 'patient';
  points: Landmark[];
  planes: PlanePatch[];
  vertebrae: VertebraFrame[];
}

/** Sampled space curve with its differential geometry. */
export interface SpineCurve {
  frame: 'patient';
  /** xyz of each sample, cranial to caudal · shape [3N] · mm */
  points: Float64Array;
  /** arc length from the first sample · shape [N] · mm */
  arcLengthMm: Float64Array;
  /** shape [N] · 1/mm */
  curvature: Float64Array;
  /** shape [N] · 1/mm */
  torsion: Float64Array;
  /** arc length at which each vertebra's centre is passed · mm */
  stations: { level: VertebraLevel; arcLengthMm: number }[];
}
