/** What is measured of one vertebra before any number is told. */

import type { Vec3, VertebraLevel } from '../../../model/index.ts';
import type { Endplate } from '../endplate/endplate.ts';
import type { Canal } from '../label/canal.ts';
import type { Crop } from '../label/crop.ts';
import type { LocalFrame } from '../label/local-frame.ts';
import type { Midline } from '../label/midline.ts';
import type { LabelRegion } from '../label/regions.ts';

/** Where the body came from. */
export type BodySource = 'map' | 'split' | 'label' | 'columns';

/** Where the anterior direction came from. */
export type AnteriorSource = 'canal' | 'cord' | 'patient';

/** One vertebra in place. */
export interface VertebraShape {
  level: VertebraLevel;
  region: LabelRegion;
  /** the whole label */
  crop: Crop;
  /** voxels left out because they hang apart from the label */
  droppedVoxels: number;
  body: Crop;
  bodySource: BodySource;
  arch?: Crop;
  canal?: Canal;
  /** side walls of canal and body, in the frame before it was last turned */
  midlines?: { canal: Midline; body: Midline };
  frame: LocalFrame;
  anteriorSource: AnteriorSource;
  /** the label, or its body, reaches a face of the volume */
  cutLabel: boolean;
  cutBody: boolean;
  superior?: Endplate;
  inferior?: Endplate;
  /** why an endplate is missing */
  missing: { superior?: string; inferior?: string };
  /** voxel edge along the body's axis · mm */
  voxelMm: number;
}

/** A point with one standard deviation along its worst direction · mm. */
export interface MeasuredPoint {
  xyz: Vec3;
  sdMm: number;
}
