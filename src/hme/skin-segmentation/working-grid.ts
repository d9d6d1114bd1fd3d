/** The grid the body is found on: about 2 mm, averaged from the scan; and which way its axes run in the patient. */

import { resampleVolume } from '../../kernel/index.ts';
import { type Grid, ijkToXyz, type Vec3, type Volume } from '../../model/index.ts';

/** Voxel size aimed at · mm; scans that are coarser keep their own. */
const WORKING_SPACING_MM = 2;

/** Grid axes nearest to the patient's axes. */
export interface PatientAxes {
  leftRight: 0 | 1 | 2;
  frontBack: 0 | 1 | 2;
  headFoot: 0 | 1 | 2;
  /** the front-back axis counts towards the back */
  towardsBack: boolean;
}

/**
 * Averages a volume onto the working grid; the outer faces stay in place.
 * @param spacingMm - voxel size aimed at · mm
 */
export function toWorkingGrid(volume: Volume, spacingMm: number = WORKING_SPACING_MM): Volume {
  const size = volume.size.map((n, a) => {
    return volume.spacing[a] >= 0.75 * spacingMm ? n : Math.max(1, Math.round((n * volume.spacing[a]) / spacingMm));
  }) as [number, number, number];
  if (size.every((n, a) => n === volume.size[a])) return volume;
  const scale = size.map((n, a) => volume.size[a] / n) as [number, number, number];
  const data = resampleVolume(volume.data, volume.size, size, { method: 'average' });
  return {
    size,
    spacing: scale.map((s, a) => s * volume.spacing[a]) as unknown as Vec3,
    origin: ijkToXyz(volume, [(scale[0] - 1) / 2, (scale[1] - 1) / 2, (scale[2] - 1) / 2]),
    direction: volume.direction,
    data,
    unit: volume.unit,
  };
}

/** Matches grid axes to patient axes, each used once, the clearest match first. */
export function patientAxes(grid: Grid): PatientAxes {
  const d = grid.direction;
  const shares: { patient: number; axis: number; share: number }[] = [];
  for (let patient = 0; patient < 3; patient++) {
    for (let axis = 0; axis < 3; axis++) shares.push({ patient, axis, share: Math.abs(d[3 * patient + axis]) });
  }
  shares.sort((a, b) => b.share - a.share);
  const axisOf: number[] = [];
  for (const { patient, axis } of shares) {
    if (axisOf[patient] === undefined && !axisOf.includes(axis)) axisOf[patient] = axis;
  }
  const [leftRight, frontBack, headFoot] = axisOf as (0 | 1 | 2)[];
  return { leftRight, frontBack, headFoot, towardsBack: d[3 + frontBack] > 0 };
}
