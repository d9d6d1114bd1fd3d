/**
 * Heights of a vertebral body between its endplates' surfaces, along its own axis, at fixed shares of its depth and width.
 * Closed form on the fitted surfaces.
 */

import type { Vec3 } from '../../../model/index.ts';
import type { Endplate } from '../endplate/endplate.ts';
import { plateHeight, plateVariance, trustedPlace } from '../endplate/evaluate.ts';
import { surfaceSlopes } from '../endplate/surface.ts';
import { toPatient } from '../label/local-frame.ts';
import { type Rim, rimCorners } from './outline.ts';

/** A height with its two ends. */
export interface MeasuredHeight {
  mm: number;
  sdMm: number;
  /** upper and lower end · patient frame · mm */
  ends: [Vec3, Vec3];
}

export type HeightStation = 'anterior' | 'middle' | 'posterior' | 'left' | 'right';

/** Where heights are taken in the frame · u, v · mm: 15, 50, 85 % of depth; 15, 85 % of width at half depth. */
export type Stations = Record<HeightStation, readonly [number, number]>;

/** Depth, width and stations of a body from the rims of its endplates. */
export interface BodyExtent {
  depthMm: number;
  widthMm: number;
  stations: Stations;
}

/** Mean of the rims gives depth (on the mid-sagittal line) and width (at half depth). */
export function bodyExtent(rims: readonly Rim[]): BodyExtent {
  const corners = rims.map(rimCorners);
  const mean = (pick: (c: ReturnType<typeof rimCorners>) => number) =>
    corners.reduce((sum, c) => sum + pick(c), 0) / corners.length;
  const front = mean((c) => c.anterior[1]);
  const back = mean((c) => c.posterior[1]);
  const left = mean((c) => c.left[0]);
  const right = mean((c) => c.right[0]);
  const along = (share: number) => front + share * (back - front);
  const across = (share: number) => left + share * (right - left);
  return {
    depthMm: front - back,
    widthMm: left - right,
    stations: {
      anterior: [0, along(0.15)],
      middle: [0, along(0.5)],
      posterior: [0, along(0.85)],
      left: [across(0.15), along(0.5)],
      right: [across(0.85), along(0.5)],
    },
  };
}

/** A station is as sure as the rims it is taken from: this share of a voxel. */
const STATION_SHARE = 0.2;

/** Variance of a height whose station is unsure, between surfaces that are not parallel · mm². */
export function stationVariance(
  voxelMm: number,
  roughMm: number,
  a: readonly [number, number],
  b: readonly [number, number],
): number {
  const place = (STATION_SHARE * voxelMm) ** 2 + roughMm ** 2;
  return place * ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2);
}

/** Height between two endplates of one body at a place of their common frame. */
export function heightAt(superior: Endplate, inferior: Endplate, u: number, v: number): MeasuredHeight {
  const top = plateHeight(superior, u, v);
  const bottom = plateHeight(inferior, u, v);
  const variance =
    plateVariance(superior, u, v) +
    plateVariance(inferior, u, v) +
    stationVariance(
      superior.fitFrame.voxelMm,
      superior.roughnessMm,
      surfaceSlopes(superior.surface, ...trustedPlace(superior, u, v)),
      surfaceSlopes(inferior.surface, ...trustedPlace(inferior, u, v)),
    );
  return {
    mm: top - bottom,
    sdMm: Math.sqrt(variance),
    ends: [toPatient(superior.frame, u, v, top), toPatient(superior.frame, u, v, bottom)],
  };
}
