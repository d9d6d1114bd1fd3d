/** Everything that is measured of one recording. */

import { countRepetitions, quantile, type Repetition } from '../../kernel/index.ts';
import type { Ctx } from '../../model/index.ts';
import { type Activity, activityOf, dynamicPoints } from './activity.ts';
import { type CentroidPath, centroidPath } from './centroid.ts';
import { type SpeedHistograms, speedHistograms } from './compare.ts';
import type { Moving } from './moving.ts';
import { type PoseDistances, poseDistances } from './poses.ts';
import { type Signatures, signaturesOf } from './signatures.ts';
import { type PointSpeeds, pointSpeeds, type SpeedMethod } from './speed.ts';
import { type VolumeCurve, volumeCurve } from './volume.ts';

/** How a recording is measured. */
export interface MeasureOptions {
  method: SpeedMethod;
  voxelMm: number;
  /** mm/s */
  minSpeed: number;
}

/** What was measured of one recording. */
export interface Measured {
  moving: Moving;
  centroid: CentroidPath;
  speeds: PointSpeeds;
  volume?: VolumeCurve;
  /** the volumes with cubes half as large again, for clouds */
  coarseVolume?: VolumeCurve;
  activity: Activity;
  /** the same with the cubes shifted by half an edge */
  shifted: Activity;
  dynamic?: Float32Array;
  poses: PoseDistances;
  repetition: Repetition;
  /** key points, where there is a surface */
  signatures?: Signatures;
}

/** Share of the time that a point must move to be called dynamic. */
export const DYNAMIC_TIME = 0.2;

/** Measures a recording; `progress` gets shares from 0 to 1. */
export function measureMoving(
  moving: Moving,
  options: MeasureOptions,
  ctx: Pick<Ctx, 'signal'>,
  progress: (share: number, message: string) => void,
): Measured {
  const speeds = pointSpeeds(moving, options.method, (share) => {
    ctx.signal.throwIfAborted();
    progress(0.6 * share, 'following points');
  });
  const check = () => ctx.signal.throwIfAborted();
  const within = (from: number, to: number, message: string) => (share: number) => {
    check();
    progress(from + (to - from) * share, message);
  };
  const centroid = centroidPath(moving);
  const volume = volumeCurve(moving, 1, within(0.6, 0.7, 'volume'));
  progress(0.7, 'volume');
  const coarse = moving.kind === 'cloud';
  const coarseVolume = coarse ? volumeCurve(moving, 1.5, within(0.7, 0.75, 'volume')) : undefined;
  const activity = activityOf(moving, speeds, options.voxelMm, options.minSpeed, 0, check);
  const shifted = activityOf(moving, speeds, options.voxelMm, options.minSpeed, 0.5, check);
  progress(0.8, 'poses');
  const poses = poseDistances(moving, moving, check);
  const rateHz = (moving.timesS.length - 1) / (moving.timesS[moving.timesS.length - 1] - moving.timesS[0]);
  const minLag = Math.max(3, Math.round((0.4 * rateHz) / (poses.rowFrames[1] ?? 1)));
  const repetition = countRepetitions(poses.values, poses.rows, { minLag });
  const dynamic = dynamicPoints(moving, speeds, options.minSpeed, DYNAMIC_TIME);
  progress(0.9, 'key points');
  const signatures = signaturesOf(moving, check);
  return { moving, centroid, speeds, volume, coarseVolume, activity, shifted, dynamic, poses, repetition, signatures };
}

/** All finite speeds of a recording but the repeated last frame, in one list · mm/s. */
export function allSpeeds(speeds: readonly Float32Array[]): Float32Array {
  const frames = speeds.slice(0, -1);
  const out = new Float32Array(frames.reduce((sum, values) => sum + values.length, 0));
  let at = 0;
  for (const values of frames) for (const v of values) if (!Number.isNaN(v)) out[at++] = v;
  return out.subarray(0, at);
}

/** Histograms of recordings over one range: up to what 99 % of all speeds stay below. */
export function histogramsOf(all: readonly Measured[]): SpeedHistograms[] {
  const most = Math.max(...all.map(({ speeds }) => quantile(allSpeeds(speeds.total), 0.99)));
  return all.map(({ speeds }) => speedHistograms(speeds.total.slice(0, -1), most));
}
