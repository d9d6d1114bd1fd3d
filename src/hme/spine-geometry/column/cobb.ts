/**
 * Curves of the column in the coronal plane: turning points of the endplates' tilt from top to bottom make alternating curves, each
 * with its end vertebrae, its apex and its Cobb angle (superior endplate of the upper to inferior endplate of the lower end vertebra).
 * O(vertebrae²).
 */

import type { Vec3, VertebraLevel } from '../../../model/index.ts';
import type { Endplate } from '../endplate/endplate.ts';
import type { VertebraShape } from '../vertebra/model.ts';
import type { Measured } from './doubt.ts';
import { angleInPlane, measureAngle, measureTilt } from './tilts.ts';

/** One curve. */
export interface CobbCurve {
  upper: VertebraLevel;
  lower: VertebraLevel;
  apex: VertebraLevel;
  /** side the column bulges to */
  convexity: 'left' | 'right';
  /** deg, not negative */
  angle: Measured;
  plates: [Endplate, Endplate];
  /** greatest sideways distance of a body's centre from the line between the end vertebrae's · mm */
  apexOffsetMm: number;
  region: 'cervical' | 'upper thoracic' | 'thoracic' | 'thoracolumbar' | 'lumbar';
}

/** A vertebra that can end a curve. */
interface Link {
  shape: VertebraShape;
  superior: Endplate;
  inferior: Endplate;
  tilt: number;
}

function linksOf(shapes: readonly VertebraShape[]): Link[] {
  const links: Link[] = [];
  for (const shape of shapes) {
    const { superior, inferior } = shape;
    if (!superior || !inferior) continue;
    const tilt = (measureTilt(superior, 'coronal').value + measureTilt(inferior, 'coronal').value) / 2;
    links.push({ shape, superior, inferior, tilt });
  }
  return links;
}

/** Indices of turning points whose swings are at least `least` degrees. */
export function turningPoints(tilts: readonly number[], least: number): number[] {
  if (tilts.length < 2) return [];
  const turns: number[] = [];
  let [low, high] = [0, 0];
  let rising: boolean | undefined;
  for (let i = 1; i < tilts.length; i++) {
    if (tilts[i] < tilts[low]) low = i;
    if (tilts[i] > tilts[high]) high = i;
    if (rising !== false && tilts[high] - tilts[i] >= least) {
      turns.push(high);
      rising = false;
      low = i;
    } else if (rising !== true && tilts[i] - tilts[low] >= least) {
      turns.push(low);
      rising = true;
      high = i;
    }
    if (rising === true && tilts[i] > tilts[high]) high = i;
    if (rising === false && tilts[i] < tilts[low]) low = i;
    if (rising === true) low = i;
    if (rising === false) high = i;
  }
  const last =
    rising === undefined ? undefined : rising ? indexOfExtreme(tilts, turns, 1) : indexOfExtreme(tilts, turns, -1);
  if (last !== undefined && last !== turns[turns.length - 1]) turns.push(last);
  return turns;
}

function indexOfExtreme(tilts: readonly number[], turns: readonly number[], sign: 1 | -1): number {
  let best = turns[turns.length - 1];
  for (let i = best + 1; i < tilts.length; i++) if (sign * tilts[i] > sign * tilts[best]) best = i;
  return best;
}

/** End vertebrae one place either side of the turning points that open the angle widest. */
function widestPair(links: readonly Link[], a: number, b: number): [number, number] {
  const sign = Math.sign(links[a].tilt - links[b].tilt);
  let best: [number, number] = [a, b];
  let most = -Infinity;
  for (let i = Math.max(0, a - 1); i <= Math.min(links.length - 1, a + 1); i++) {
    for (let j = Math.max(i + 1, b - 1); j <= Math.min(links.length - 1, b + 1); j++) {
      const open = sign * measureAngle(links[i].superior, links[j].inferior, 'coronal').value;
      if (open > most + 1e-9) [best, most] = [[i, j], open];
    }
  }
  return best;
}

/** Vertebra farthest from the line between the end vertebrae's centres, seen from the front. */
function findApex(links: readonly Link[], a: number, b: number): { index: number; offset: number } {
  const [p, q] = [links[a].shape.frame.origin, links[b].shape.frame.origin];
  let best = { index: a, offset: 0 };
  for (let i = a + 1; i < b; i++) {
    const offset = coronalOffset(links[i].shape.frame.origin, p, q);
    if (Math.abs(offset) > Math.abs(best.offset)) best = { index: i, offset };
  }
  return best;
}

/** Distance of a point from a line, seen from the front, positive to the patient's left · mm. */
export function coronalOffset(point: Vec3, top: Vec3, bottom: Vec3): number {
  const [dx, dz] = [bottom[0] - top[0], bottom[2] - top[2]];
  const length = Math.hypot(dx, dz);
  return length === 0 ? 0 : ((point[2] - top[2]) * dx - (point[0] - top[0]) * dz) / length;
}

function curveOf(links: readonly Link[], a: number, b: number): CobbCurve {
  const plates: [Endplate, Endplate] = [links[a].superior, links[b].inferior];
  const signed = measureAngle(plates[0], plates[1], 'coronal');
  const apex = findApex(links, a, b);
  const level = links[apex.index].shape.level;
  return {
    upper: links[a].shape.level,
    lower: links[b].shape.level,
    apex: level,
    convexity: signed.value > 0 ? 'right' : 'left',
    angle: { value: Math.abs(signed.value), sd: signed.sd },
    plates,
    apexOffsetMm: Math.abs(apex.offset),
    region: regionOf(level),
  };
}

/** Region of a curve by its apex, after the Scoliosis Research Society. */
function regionOf(apex: VertebraLevel): CobbCurve['region'] {
  const number = Number(apex.slice(1));
  if (apex.startsWith('C')) return 'cervical';
  if (apex.startsWith('T'))
    return number <= 1 ? 'cervical' : number <= 5 ? 'upper thoracic' : number <= 11 ? 'thoracic' : 'thoracolumbar';
  return number === 1 ? 'thoracolumbar' : 'lumbar';
}

/**
 * Every curve of at least `leastDeg`, from top to bottom.
 * @param leastDeg - swings of tilt below this are not told apart · deg
 */
export function findCurves(shapes: readonly VertebraShape[], leastDeg: number): CobbCurve[] {
  const links = linksOf(shapes);
  const turns = turningPoints(
    links.map((link) => link.tilt),
    leastDeg,
  );
  const curves: CobbCurve[] = [];
  for (let n = 0; n + 1 < turns.length; n++) {
    const [a, b] = widestPair(links, turns[n], turns[n + 1]);
    const curve = curveOf(links, a, b);
    if (curve.angle.value >= leastDeg) curves.push(curve);
  }
  return curves;
}

/** The widest angle between a superior and any lower inferior endplate; undefined below two vertebrae. */
export function largestCobb(shapes: readonly VertebraShape[]): CobbCurve | undefined {
  const links = linksOf(shapes);
  let best: [number, number] | undefined;
  let most = -1;
  for (let i = 0; i < links.length; i++) {
    for (let j = i + 1; j < links.length; j++) {
      const open = Math.abs(measureAngle(links[i].superior, links[j].inferior, 'coronal').value);
      if (open > most + 1e-9) [best, most] = [[i, j], open];
    }
  }
  return best && curveOf(links, ...best);
}

/** A curve in the vertical plane that opens it widest · deg; the plane's turn from coronal · deg · (-90, 90]. */
export function cobbInSpace(curve: CobbCurve): { deg: number; planeDeg: number } {
  const [upper, lower] = curve.plates;
  const flip = (plate: Endplate): Vec3 =>
    plate.side === 'superior' ? plate.normal : [-plate.normal[0], -plate.normal[1], -plate.normal[2]];
  let best = { deg: -1, planeDeg: 0 };
  for (let planeDeg = -89; planeDeg <= 90; planeDeg++) {
    const a = (planeDeg * Math.PI) / 180;
    const deg = Math.abs(angleInPlane(flip(upper), flip(lower), [Math.cos(a), Math.sin(a), 0]));
    if (deg > best.deg) best = { deg, planeDeg };
  }
  return best;
}
