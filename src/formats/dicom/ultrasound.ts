/** Calibrated regions of an ultrasound image (PS3.3 C.8.5.5). */

import type { DataSet } from './parse/dataset.ts';
import { TAG } from './parse/tags.ts';

/** A part of the image with its own scale. */
export interface UltrasoundRegion {
  /** 1 tissue, 2 colour flow, 3 and above Doppler and traces */
  dataType: number;
  /** 1 two-dimensional, 2 M-mode, 3 spectral */
  format: number;
  /** corners in pixels, both included */
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  /** size of a pixel · mm; undefined where the axis is no length */
  mmPerPixelX?: number;
  mmPerPixelY?: number;
}

/** Code 3 of Physical Units X/Y Direction: centimetres. */
const UNIT_CM = 3;

/** The regions an image declares; empty where it declares none. */
export function ultrasoundRegions(data: DataSet): UltrasoundRegion[] {
  return data.items(TAG.SequenceOfUltrasoundRegions).map((region) => ({
    dataType: region.int16(TAG.RegionDataType) ?? 0,
    format: region.int16(TAG.RegionSpatialFormat) ?? 0,
    x0: region.uint32(TAG.RegionLocationMinX0) ?? 0,
    y0: region.uint32(TAG.RegionLocationMinY0) ?? 0,
    x1: region.uint32(TAG.RegionLocationMaxX1) ?? 0,
    y1: region.uint32(TAG.RegionLocationMaxY1) ?? 0,
    mmPerPixelX: millimetres(region, TAG.PhysicalUnitsXDirection, TAG.PhysicalDeltaX),
    mmPerPixelY: millimetres(region, TAG.PhysicalUnitsYDirection, TAG.PhysicalDeltaY),
  }));
}

function millimetres(region: DataSet, unitTag: number, deltaTag: number): number | undefined {
  const delta = region.doubles(deltaTag)[0];
  if (region.int16(unitTag) !== UNIT_CM || delta === undefined || !Number.isFinite(delta) || delta === 0)
    return undefined;
  return Math.abs(delta) * 10;
}
