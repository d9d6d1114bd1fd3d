/**
 * The space between two vertebrae: from the inferior endplate of the upper one, along the mean of both normals, to the facing
 * superior endplate; heights at fixed stations, mean, volume, wedge, slip, and its surface as a closed mesh.
 * O(cells of the footprint).
 */

import { add3, addScaled3, cross3, DEG_PER_RAD, dot3, rejectFrom3, sub3, unit3 } from '../../../kernel/index.ts';
import type { Mesh, SegmentLevel, Vec3 } from '../../../model/index.ts';
import type { BoundaryNoise } from '../endplate/doubt.ts';
import type { Endplate } from '../endplate/endplate.ts';
import { plateHeight, plateVariance, trustedPlace } from '../endplate/evaluate.ts';
import { surfaceSlopes } from '../endplate/surface.ts';
import { type LocalFrame, toLocal, toPatient, turnToPatient } from '../label/local-frame.ts';
import type { BodyExtent, HeightStation, MeasuredHeight } from '../vertebra/heights.ts';
import { stationVariance } from '../vertebra/heights.ts';
import { insideRim, type Rim, rimCorners } from '../vertebra/outline.ts';
import { type Measured, measurePlates, type PlatePose, upwardOf } from './doubt.ts';

/** A plate with its rim. */
export interface RimmedPlate {
  plate: Endplate;
  rim: Rim;
}

/** The measured space. */
export interface IntervertebralSpace {
  segment: SegmentLevel;
  /** unit mean of the facing normals, upward */
  axis: Vec3;
  heights: Record<HeightStation, MeasuredHeight>;
  mean: Measured;
  volumeMm3: Measured;
  wedgeSagittal: Measured;
  wedgeCoronal: Measured;
  /** forward slip of the upper on the lower vertebra at the posterior corners · mm; share of the lower plate's depth · % */
  slip: Measured & { percent: number; percentSd: number; ends: [Vec3, Vec3] };
  mesh: Mesh;
}

/** Distance from a point along a direction to a plate's surface · mm, with the place it is met. */
function distanceAlong(target: RimmedPlate, from: Vec3, direction: Vec3): { mm: number; u: number; v: number } {
  const { frame } = target.plate;
  const [u0, v0, w0] = toLocal(frame, from);
  const step: Vec3 = [dot3(direction, frame.x), dot3(direction, frame.y), dot3(direction, frame.z)];
  let t = 0;
  for (let round = 0; round < 8; round++) {
    const [u, v] = [u0 + t * step[0], v0 + t * step[1]];
    const gap = plateHeight(target.plate, u, v) - (w0 + t * step[2]);
    const [su, sv] = [target.plate.plane.slopeU, target.plate.plane.slopeV];
    const change = gap / (step[2] - su * step[0] - sv * step[1]);
    t += change;
    if (Math.abs(change) < 1e-6) break;
  }
  return { mm: t, u: u0 + t * step[0], v: v0 + t * step[1] };
}

/** Measures the space between two facing plates. */
export function measureSpace(
  segment: SegmentLevel,
  upper: RimmedPlate,
  lower: RimmedPlate,
  upperExtent: BodyExtent,
  noise: BoundaryNoise,
): IntervertebralSpace {
  const axis = unit3(sub3(lower.plate.normal, upper.plate.normal));
  const down: Vec3 = [-axis[0], -axis[1], -axis[2]];
  const heights = {} as Record<HeightStation, MeasuredHeight>;
  for (const station of Object.keys(upperExtent.stations) as HeightStation[]) {
    heights[station] = heightAtStation(upper, lower, down, upperExtent.stations[station], noise);
  }
  const frame = upper.plate.frame;
  const sampled = sampleSpace(upper, lower, down);
  const mean = meanHeight(sampled, upper, lower, noise);
  const widen = Math.sqrt(sharedNoise(mean.value, upper, lower, noise));
  const wedge = (towards: Vec3): Measured => {
    const m = measurePlates([upper.plate, lower.plate], (poses) => localWedge(poses, frame, towards));
    return { value: m.value, sd: m.sd * widen };
  };
  const areaSd = 0.015;
  return {
    segment,
    axis,
    heights,
    mean,
    volumeMm3: {
      value: sampled.volume,
      sd: sampled.volume * Math.hypot(areaSd, mean.sd / Math.max(0.5, mean.value)),
    },
    wedgeSagittal: wedge(frame.y),
    wedgeCoronal: wedge(frame.x),
    slip: measureSlip(upper, lower),
    mesh: sampled.mesh(segment),
  };
}

function heightAtStation(
  upper: RimmedPlate,
  lower: RimmedPlate,
  down: Vec3,
  [u, v]: readonly [number, number],
  noise: BoundaryNoise,
): MeasuredHeight {
  const from = toPatient(upper.plate.frame, u, v, plateHeight(upper.plate, u, v));
  const hit = distanceAlong(lower, from, down);
  const variance =
    plateVariance(upper.plate, u, v) +
    plateVariance(lower.plate, hit.u, hit.v) +
    stationVariance(
      upper.plate.fitFrame.voxelMm,
      upper.plate.roughnessMm,
      slopesAgainst(upper.plate, down, ...trustedPlace(upper.plate, u, v)),
      slopesAgainst(lower.plate, down, ...trustedPlace(lower.plate, hit.u, hit.v)),
    );
  const shared = sharedNoise(hit.mm, upper, lower, noise);
  return { mm: hit.mm, sdMm: Math.sqrt(variance * shared), ends: [from, addScaled3(from, down, hit.mm)] };
}

/**
 * Facing endplates share the label's error when they lie within its length of each other: what makes both bodies thin makes the space
 * tall. Factor on variances, 1 to 2.
 */
function sharedNoise(gapMm: number, upper: RimmedPlate, lower: RimmedPlate, noise: BoundaryNoise): number {
  if (upper.plate.clean && lower.plate.clean) return 1;
  return 1 + Math.exp((-gapMm * gapMm) / (2 * noise.lengthMm * noise.lengthMm));
}

/** Slopes of a plate's surface against the disc's axis, to the left and to the front of the patient. */
function slopesAgainst(plate: Endplate, down: Vec3, u: number, v: number): readonly [number, number] {
  const n = surfaceNormal(plate, u, v);
  const up = plate.side === 'superior' ? n : ([-n[0], -n[1], -n[2]] as const);
  const along = Math.max(0.2, -dot3(up, down));
  const off = rejectFrom3(up, down);
  return [off[0] / along, -off[1] / along];
}

/** Opening of two facing plates in a plane of the upper vertebra · deg · positive is taller towards `towards`. */
function localWedge([a, b]: PlatePose[], frame: LocalFrame, towards: Vec3): number {
  const tilt = (n: Vec3) => Math.atan2(dot3(n, towards), dot3(n, frame.z));
  return (tilt(upwardOf(b, 'superior')) - tilt(upwardOf(a, 'inferior'))) * DEG_PER_RAD;
}

const CELL_MM = 1.5;

interface SampledSpace {
  heights: number[];
  volume: number;
  mesh(segment: SegmentLevel): Mesh;
}

function sampleSpace(upper: RimmedPlate, lower: RimmedPlate, down: Vec3): SampledSpace {
  const { rim, plate } = upper;
  const reach = Math.max(...rim.radii);
  const heights: number[] = [];
  for (let u = rim.centre[0] - reach; u <= rim.centre[0] + reach; u += CELL_MM) {
    for (let v = rim.centre[1] - reach; v <= rim.centre[1] + reach; v += CELL_MM) {
      if (!insideRim(rim, u, v)) continue;
      const from = toPatient(plate.frame, u, v, plateHeight(upper.plate, u, v));
      heights.push(Math.max(0, distanceAlong(lower, from, down).mm));
    }
  }
  const mean = heights.reduce((sum, h) => sum + h, 0) / Math.max(1, heights.length);
  // area of the footprint as the disc's axis sees it
  const seen = Math.abs(dot3(plate.normal, down)) / Math.abs(dot3(plate.normal, plate.frame.z));
  return {
    heights,
    volume: mean * rim.areaMm2 * seen,
    mesh: (segment) => spaceMesh(segment, upper, lower, down),
  };
}

function meanHeight(sampled: SampledSpace, upper: RimmedPlate, lower: RimmedPlate, noise: BoundaryNoise): Measured {
  const value = sampled.heights.reduce((sum, h) => sum + h, 0) / Math.max(1, sampled.heights.length);
  // the footprint's middle is as sure as a station, and the plates are not parallel
  const lean = 1 - Math.min(1, Math.abs(dot3(upper.plate.normal, lower.plate.normal)));
  const place = 2 * lean * (0.2 * upper.plate.fitFrame.voxelMm) ** 2;
  const variance = upper.plate.planeCovariance[0] + lower.plate.planeCovariance[0];
  return { value, sd: Math.sqrt(variance * sharedNoise(value, upper, lower, noise) + place) };
}

/** Offset of the posterior corners along the lower plate's sagittal direction. */
function measureSlip(upper: RimmedPlate, lower: RimmedPlate): IntervertebralSpace['slip'] {
  const corner = (p: RimmedPlate, which: 'anterior' | 'posterior') => {
    const [u, v] = rimCorners(p.rim)[which];
    return toPatient(p.plate.frame, u, v, plateHeight(p.plate, u, v));
  };
  const [from, to] = [corner(lower, 'posterior'), corner(upper, 'posterior')];
  const front = corner(lower, 'anterior');
  const forward = unit3(rejectFrom3(lower.plate.frame.y, lower.plate.normal));
  const value = dot3(sub3(to, from), forward);
  const depth = dot3(sub3(front, from), forward);
  const sd = Math.SQRT2 * cornerSdMm(upper, lower);
  return { value, sd, percent: (100 * value) / depth, percentSd: (100 * sd) / depth, ends: [from, to] };
}

/** A corner is where a rim ends between voxels, a little further off on rough labels. */
function cornerSdMm(a: RimmedPlate, b: RimmedPlate): number {
  const voxel = Math.max(a.plate.fitFrame.voxelMm, b.plate.fitFrame.voxelMm);
  return Math.hypot(0.34 * voxel, 1.2 * Math.max(a.plate.roughnessMm, b.plate.roughnessMm));
}

const RINGS = 6;

/** Closed surface of the space: both plates on a fan of rings, joined by a wall. Patient frame · mm. */
function spaceMesh(segment: SegmentLevel, upper: RimmedPlate, lower: RimmedPlate, down: Vec3): Mesh {
  const { rim, plate } = upper;
  const spokes = rim.radii.length / 2;
  const top: Vec3[] = [];
  const bottom: Vec3[] = [];
  const add = (u: number, v: number) => {
    const from = toPatient(plate.frame, u, v, plateHeight(upper.plate, u, v));
    const mm = Math.max(0.05, distanceAlong(lower, from, down).mm);
    top.push(from);
    bottom.push(addScaled3(from, down, mm));
  };
  add(rim.centre[0], rim.centre[1]);
  for (let ring = 1; ring <= RINGS; ring++) {
    for (let s = 0; s < spokes; s++) {
      const angle = (2 * Math.PI * s) / spokes;
      const r = (rim.radii[2 * s] * ring) / RINGS;
      add(rim.centre[0] + r * Math.cos(angle), rim.centre[1] + r * Math.sin(angle));
    }
  }
  const triangles = fanTriangles(spokes, top.length, facesUp(top));
  const positions = new Float32Array(6 * top.length);
  top.forEach((p, i) => {
    positions.set(p, 3 * i);
  });
  bottom.forEach((p, i) => {
    positions.set(p, 3 * (top.length + i));
  });
  return { positions, triangles, frame: 'patient', name: `Disc space ${segment}` };

  /** True when ring order, seen from above, turns counter-clockwise. */
  function facesUp(points: Vec3[]): boolean {
    const a = sub3(points[1], points[0]);
    const b = sub3(points[2], points[0]);
    return dot3(cross3(a, b), down) < 0;
  }
}

function fanTriangles(spokes: number, count: number, up: boolean): Uint32Array {
  const out: number[] = [];
  const face = (a: number, b: number, c: number, topSide: boolean) => {
    if (topSide === up) out.push(a, b, c);
    else out.push(a, c, b);
  };
  const at = (ring: number, s: number) => (ring === 0 ? 0 : 1 + (ring - 1) * spokes + (s % spokes));
  for (let s = 0; s < spokes; s++) {
    for (const [offset, topSide] of [
      [0, true],
      [count, false],
    ] as const) {
      face(offset, offset + at(1, s), offset + at(1, s + 1), topSide);
      for (let ring = 1; ring < RINGS; ring++) {
        const [a, b] = [offset + at(ring, s), offset + at(ring, s + 1)];
        const [c, d] = [offset + at(ring + 1, s), offset + at(ring + 1, s + 1)];
        face(a, c, d, topSide);
        face(a, d, b, topSide);
      }
    }
    const [a, b] = [at(RINGS, s), at(RINGS, s + 1)];
    face(a, count + a, count + b, true);
    face(a, count + b, b, true);
  }
  return Uint32Array.from(out);
}

/** Unit normal of a plate's surface at a place, in the patient. */
function surfaceNormal(plate: Endplate, u: number, v: number): Vec3 {
  const [su, sv] = surfaceSlopes(plate.surface, u, v);
  const side = plate.side === 'superior' ? 1 : -1;
  return unit3(add3([0, 0, 0], turnToPatient(plate.frame, -su * side, -sv * side, side)));
}
