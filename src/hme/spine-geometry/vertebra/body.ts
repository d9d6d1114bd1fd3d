/** The body within a vertebra's label: by a map of bodies, by the canal, or because the label is a body alone. */

import type { Labelmap, VertebraLevel } from '../../../model/index.ts';
import { cellAt, measureFootprint } from '../endplate/footprint.ts';
import { bodyFromMap, bodyValues } from '../label/body-map.ts';
import { type Canal, findCanal } from '../label/canal.ts';
import { type Crop, cropCentroid, cropLabel, largestPiece, withMask } from '../label/crop.ts';
import { frameFrom, ijkToLocal, type LocalFrame, toLocal } from '../label/local-frame.ts';
import type { LabelRegion } from '../label/regions.ts';
import { findPosteriorWall, splitAtWall } from '../label/split.ts';
import type { BodySource } from './model.ts';

/** A body and what was found on the way. */
export interface FoundBody {
  body: Crop;
  source: BodySource;
  arch?: Crop;
  canal?: Canal;
}

/** A map of bodies with the extents of its labels. */
export interface BodyMap {
  map: Labelmap;
  regions: Map<number, LabelRegion>;
}

/** A label of which this share stands in full-height columns is a body alone. */
const BODY_ALONE_SHARE = 0.82;

/**
 * Finds the body.
 *
 * @param frame - axis of the vertebra as known so far; origin anywhere in it
 * @param bodies - map of bodies, when there is one
 */
export function findBody(crop: Crop, frame: LocalFrame, level: VertebraLevel, bodies?: BodyMap): FoundBody {
  const canal = findCanal(crop, frame);
  const mapped = bodies && bodyFromMap(crop, bodies.map, level);
  if (mapped && mapped.voxels > 0.15 * crop.voxels) {
    const body = ownBody(bodies, level) ?? largestPiece(mapped).crop;
    return { body, source: 'map', canal, arch: mapped.voxels < 0.9 * crop.voxels ? without(crop, mapped) : undefined };
  }
  if (!canal) {
    const footprint = measureFootprint(crop, frame);
    if (!footprint || footprint.fullShare > BODY_ALONE_SHARE) return { body: crop, source: 'label' };
    return { body: fullColumns(crop, frame), source: 'columns' };
  }
  return splitByCanal(crop, frame, canal);
}

/** Body of a map with a value per level: taken whole, also where the vertebra's label ends before it. */
function ownBody(bodies: BodyMap, level: VertebraLevel): Crop | undefined {
  const { values, shared } = bodyValues(bodies.map, level);
  const region = shared || values.length !== 1 ? undefined : bodies.regions.get(values[0]);
  return region && largestPiece(cropLabel(bodies.map, region)).crop;
}

/** Splits twice: the second time with the frame's origin at the height of the body found first. */
function splitByCanal(crop: Crop, frame: LocalFrame, canal: Canal): FoundBody {
  let at = frame;
  let hole = canal;
  let found: { body: Crop; arch: Crop } | undefined;
  for (let round = 0; round < 2; round++) {
    const wall = findPosteriorWall(crop, at, hole);
    if (!wall || wall.found < 0.1) break;
    const parts = splitAtWall(crop, at, wall);
    const body = largestPiece(parts.body).crop;
    if (body.voxels < 0.15 * crop.voxels) break;
    found = { body, arch: parts.arch };
    const centre = cropCentroid(body);
    if (!centre) break;
    const moved = frameFrom(centre, at.z, at.y);
    const [u, v] = toLocal(moved, hole.centre);
    hole = { ...hole, u, v };
    at = moved;
  }
  if (!found) return { body: fullColumns(crop, frame), source: 'columns', canal };
  return { ...found, source: 'split', canal };
}

function without(crop: Crop, body: Crop): Crop {
  return withMask(
    crop,
    crop.mask.map((v, i) => (v && !body.mask[i] ? 1 : 0)),
  );
}

/** Last resort: the bone that stands in full-height columns. */
function fullColumns(crop: Crop, frame: LocalFrame): Crop {
  const footprint = measureFootprint(crop, frame);
  if (!footprint) return crop;
  const m = ijkToLocal(crop.grid, crop.start, frame);
  const [nx, ny, nz] = crop.size;
  const mask = new Uint8Array(crop.mask.length);
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (crop.mask[at] === 0) continue;
        const cell = cellAt(footprint, m[0] * i + m[1] * j + m[2] * k + m[3], m[4] * i + m[5] * j + m[6] * k + m[7]);
        if (cell >= 0 && footprint.depth[cell] > 0) mask[at] = 1;
      }
    }
  }
  return largestPiece(withMask(crop, mask)).crop;
}
