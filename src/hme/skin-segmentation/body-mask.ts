/**
 * The body among air, couch, mattress and blankets.
 *
 * Method: threshold, opening by a ball (cuts what is thin: covers, shells, wires), the piece with most soft tissue, everything the
 * outside air cannot reach. Complexity: O(words · shifts) on bit rows. What was tried is in NOTES.md.
 */

import {
  andBits,
  andNotBits,
  type BitVolume,
  type Components,
  closeBits,
  countBits,
  dilateBits,
  erodeBits,
  invertBits,
  labelComponents,
  openBits,
  orBits,
  thresholdBits,
} from '../../kernel/index.ts';
import { type Volume, voxelVolumeMm3 } from '../../model/index.ts';
import { type CouchTop, findCouchTop, inFrontOf } from './couch.ts';
import type { PatientAxes } from './working-grid.ts';

/** The body on the working grid. */
export interface BodyMask {
  /** everything within the skin, lungs and bowel gas included */
  body: BitVolume;
  /** voxels above the threshold that are not body: couch, covers, clothes */
  foreign: BitVolume;
  /** other large pieces of soft tissue that were left out · cm³ each */
  leftOutCm3: number[];
  /** rigid couch top behind which nothing counts as body */
  couch?: CouchTop;
  /** faces of the volume through which the outside was entered, as axis · 2 + (0 low, 1 high) */
  openFaces: number[];
}

/** Thresholds and sizes of the search for the body. */
export interface BodyMaskOptions {
  axes: PatientAxes;
  /** tissue from here on · unit of the volume */
  level: number;
  /** grey levels of soft tissue; anything above the threshold counts when absent */
  softTissue?: readonly [number, number];
  /** open air is darker than this (lung is not); unit of the volume */
  openAirBelow?: number;
  /** what is thinner than twice this is not body · mm */
  thinMm: number;
}

/** Gaps narrower than twice this are closed before the outside is flooded · mm */
const CLOSING_MM = 4;

/** A cavity larger than this that opens to the outside through a narrow mouth (pharynx, lung) is body · mm³ */
const CAVITY_MM3 = 30_000;

/** Passages narrower than twice this count as narrow · mm */
const MOUTH_MM = 5;

/**
 * Finds the body.
 * @returns undefined when nothing above the threshold is thick enough, or no face of the volume shows outside air
 */
export function segmentBody(volume: Volume, options: BodyMaskOptions): BodyMask | undefined {
  const { spacing, size, data } = volume;
  const ball = (radiusMm: number) => ({ radiusMm: Math.max(radiusMm, 1.01 * Math.min(...spacing)), spacing });
  const everything = thresholdBits(data, size, options.level, Number.POSITIVE_INFINITY);
  const soft = options.softTissue
    ? andBits(everything, thresholdBits(data, size, options.softTissue[0], options.softTissue[1]))
    : everything;
  let solid = everything;
  let thick = labelComponents(openBits(solid, ball(options.thinMm)), 6);
  let chosen = pieceWithMost(thick, soft);
  if (chosen === 0) return undefined;
  const couch = findCouchTop(volume, solid, thick.select(chosen), options.axes);
  if (couch) {
    solid = inFrontOf(solid, couch, options.axes);
    thick = labelComponents(openBits(solid, ball(options.thinMm)), 6);
    chosen = pieceWithMost(thick, soft);
    if (chosen === 0) return undefined;
  }
  const core = thick.select(chosen);
  const rim = andBits(dilateBits(core, [1.01, 1.01, 1.01]), solid);
  const closed = closeBits(orBits(core, rim), ball(CLOSING_MM));
  const outside = floodOutside(volume, closed, options);
  if (!outside) return undefined;
  const body = keepLargest(invertBits(outside.bits));
  const voxelCm3 = voxelVolumeMm3(volume) / 1000;
  const leftOutCm3: number[] = [];
  for (let i = 1; i <= thick.count; i++) {
    const cm3 = thick.sizes[i] * voxelCm3;
    if (i !== chosen && cm3 > 200 && softShare(thick, i, soft) > 0.8) leftOutCm3.push(cm3);
  }
  return { body, foreign: andNotBits(everything, body), leftOutCm3, openFaces: outside.faces, couch };
}

function pieceWithMost(pieces: Components, soft: BitVolume): number {
  let best = 0;
  let most = 0;
  const order = Array.from({ length: pieces.count }, (_, i) => i + 1).sort((a, b) => pieces.sizes[b] - pieces.sizes[a]);
  for (const i of order.slice(0, 5)) {
    const amount = countBits(andBits(pieces.select(i), soft));
    if (amount > most) {
      most = amount;
      best = i;
    }
  }
  return best;
}

function softShare(pieces: Components, index: number, soft: BitVolume): number {
  return countBits(andBits(pieces.select(index), soft)) / pieces.sizes[index];
}

function keepLargest(bits: BitVolume): BitVolume {
  const pieces = labelComponents(bits, 6);
  return pieces.select(pieces.largest);
}

interface Outside {
  bits: BitVolume;
  faces: number[];
}

/** Air that reaches an open face of the volume, without the large cavities behind narrow mouths. */
function floodOutside(volume: Volume, body: BitVolume, options: BodyMaskOptions): Outside | undefined {
  const faces = openFaces(volume, body, options);
  if (faces.length === 0) return undefined;
  const air = invertBits(body);
  const plain = reaching(air, faces);
  const spacing = volume.spacing;
  const wide = reaching(erodeBits(air, { radiusMm: MOUTH_MM, spacing }), faces);
  const near = andBits(dilateBits(wide, { radiusMm: 1.6 * MOUTH_MM, spacing }), plain);
  const narrow = labelComponents(andNotBits(plain, near), 6);
  const limit = CAVITY_MM3 / voxelVolumeMm3(volume);
  const cavities = narrow.select((i) => narrow.sizes[i] > limit);
  return { bits: andNotBits(plain, cavities), faces };
}

/** The 6-connected part of a mask that touches one of the given faces. */
function reaching(bits: BitVolume, faces: readonly number[]): BitVolume {
  const pieces = labelComponents(bits, 6);
  return pieces.select((i) => {
    const { min, max } = pieces.bounds(i);
    return faces.some((face) => {
      const axis = face >> 1;
      return face & 1 ? max[axis] === bits.size[axis] - 1 : min[axis] === 0;
    });
  });
}

/**
 * Faces through which one looks at the outside: front and back, left and right, where body covers little of them and, on CT, what
 * is not body is as dark as open air (a small field of view may end inside a lung). Head and foot faces cut the body, never count.
 */
function openFaces(volume: Volume, body: BitVolume, options: BodyMaskOptions): number[] {
  const faces: number[] = [];
  for (const axis of [options.axes.frontBack, options.axes.leftRight]) {
    for (const end of [0, 1]) {
      const { covered, darkness } = lookAtFace(volume, body, axis, end);
      const allowed = axis === options.axes.frontBack ? 0.5 : 0.3;
      const dark = options.openAirBelow === undefined || darkness < options.openAirBelow;
      if (covered < allowed && dark) faces.push(2 * axis + end);
    }
  }
  return faces;
}

/** Share of a face that body covers, and the mean grey level of the rest. */
function lookAtFace(volume: Volume, body: BitVolume, axis: number, end: number): { covered: number; darkness: number } {
  const { size, data } = volume;
  const [u, v] = [0, 1, 2].filter((a) => a !== axis);
  const place = [0, 0, 0];
  place[axis] = end * (size[axis] - 1);
  let inBody = 0;
  let sum = 0;
  for (place[v] = 0; place[v] < size[v]; place[v]++) {
    for (place[u] = 0; place[u] < size[u]; place[u]++) {
      const row = place[1] + size[1] * place[2];
      if ((body.words[row * body.wordsPerRow + (place[0] >>> 5)] >>> (place[0] & 31)) & 1) inBody++;
      else sum += data[place[0] + size[0] * row];
    }
  }
  const all = size[u] * size[v];
  return { covered: inBody / all, darkness: sum / Math.max(1, all - inBody) };
}
