/**
 * Centre line of the column: a cubic smoothing spline through the centres of the vertebral bodies, with curvature and torsion.
 * O(vertebrae) to fit, O(samples) to sample. Bodies stand 20-40 mm apart, so curvature below 1/200 mm and torsion are estimates of
 * the column's course, not of a curve that could be drawn through anything finer.
 */

import { createRandom, fitSmoothingSpline, norm3, type SplineCurve, standardDeviation } from '../../../kernel/index.ts';
import type { SpineCurve, Vec3, VertebraLevel } from '../../../model/index.ts';
import type { VertebraShape } from '../vertebra/model.ts';
import { coronalOffset } from './cobb.ts';
import type { Measured } from './doubt.ts';

/** The centre line with what is told of it. */
export interface CentreLine {
  curve: SpineCurve;
  lengthMm: Measured;
  maxCurvature: Measured & { level: VertebraLevel; at: Vec3 };
  maxTorsion: Measured & { level: VertebraLevel; at: Vec3 };
  /** greatest distance of a body's centre from the line first to last, seen from the front · mm · positive to the left */
  lateralDeviation: Measured & { level: VertebraLevel; at: Vec3 };
  first: VertebraLevel;
  last: VertebraLevel;
}

/** Root mean square distance from the centres that smoothing may take · mm. */
const SMOOTHING_RMS_MM = 0.4;
const SAMPLE_MM = 1;
const REPLICATES = 24;

/** Spline through centres; the cranial end comes first. */
function splineOf(centres: readonly Vec3[]): SplineCurve {
  return fitSmoothingSpline(centres.flat(), { targetRms: SMOOTHING_RMS_MM });
}

interface Extremes {
  length: number;
  curvature: number;
  curvatureAt: number;
  torsion: number;
  torsionAt: number;
}

/** Torsion counts only where the curve bends: this share of the greatest curvature. */
const BENT_SHARE = 0.25;

function extremesOf(spline: SplineCurve): Extremes {
  const [from, to] = spline.range;
  const out: Extremes = { length: spline.length(), curvature: 0, curvatureAt: from, torsion: 0, torsionAt: from };
  const steps = Math.max(8, Math.round((to - from) / 2));
  for (let i = 0; i <= steps; i++) {
    const t = from + ((to - from) * i) / steps;
    const curvature = spline.curvature(t);
    if (curvature > out.curvature) [out.curvature, out.curvatureAt] = [curvature, t];
  }
  for (let i = 0; i <= steps; i++) {
    const t = from + ((to - from) * i) / steps;
    if (spline.curvature(t) < BENT_SHARE * out.curvature) continue;
    const torsion = spline.torsion(t);
    if (Math.abs(torsion) > Math.abs(out.torsion)) [out.torsion, out.torsionAt] = [torsion, t];
  }
  return out;
}

/**
 * Measures the centre line of at least four bodies.
 *
 * @param centreSdMm - one standard deviation of a body's centre
 * @returns undefined with fewer than four uncut bodies
 */
export function measureCentreLine(shapes: readonly VertebraShape[], centreSdMm: number): CentreLine | undefined {
  const used = shapes.filter((shape) => !shape.cutBody && shape.level !== 'S1' && shape.level !== 'C1');
  if (used.length < 4) return undefined;
  const centres = used.map((shape) => shape.frame.origin);
  const spline = splineOf(centres);
  const extremes = extremesOf(spline);
  const random = createRandom(20240 + used.length);
  const replicas = Array.from({ length: REPLICATES }, () =>
    extremesOf(
      splineOf(centres.map((c): Vec3 => [0, 1, 2].map((a) => c[a] + random.normal(0, centreSdMm)) as unknown as Vec3)),
    ),
  );
  const spread = (pick: (e: Extremes) => number) => standardDeviation(replicas.map(pick));
  const levelAt = (t: number) => {
    let best = 0;
    for (let i = 1; i < spline.t.length; i++) if (Math.abs(spline.t[i] - t) < Math.abs(spline.t[best] - t)) best = i;
    return used[best].level;
  };
  return {
    curve: sampleCurve(spline, used),
    lengthMm: { value: extremes.length, sd: spread((e) => e.length) },
    maxCurvature: {
      value: extremes.curvature,
      sd: spread((e) => e.curvature),
      level: levelAt(extremes.curvatureAt),
      at: spline.at(extremes.curvatureAt),
    },
    maxTorsion: {
      value: extremes.torsion,
      sd: spread((e) => e.torsion),
      level: levelAt(extremes.torsionAt),
      at: spline.at(extremes.torsionAt),
    },
    lateralDeviation: lateralDeviation(used, centreSdMm),
    first: used[0].level,
    last: used[used.length - 1].level,
  };
}

function lateralDeviation(used: readonly VertebraShape[], centreSdMm: number): CentreLine['lateralDeviation'] {
  const [top, bottom] = [used[0].frame.origin, used[used.length - 1].frame.origin];
  let best = { value: 0, level: used[0].level, at: top };
  for (const shape of used) {
    const value = coronalOffset(shape.frame.origin, top, bottom);
    if (Math.abs(value) > Math.abs(best.value)) best = { value, level: shape.level, at: shape.frame.origin };
  }
  return { ...best, sd: Math.sqrt(1.5) * centreSdMm };
}

function sampleCurve(spline: SplineCurve, used: readonly VertebraShape[]): SpineCurve {
  const [from, to] = spline.range;
  const count = Math.max(2, Math.round(spline.length() / SAMPLE_MM) + 1);
  const points = new Float64Array(3 * count);
  const arcLengthMm = new Float64Array(count);
  const curvature = new Float64Array(count);
  const torsion = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const t = from + ((to - from) * i) / (count - 1);
    const p = spline.at(t);
    points.set(p, 3 * i);
    if (i > 0) {
      const o = 3 * i;
      arcLengthMm[i] = arcLengthMm[i - 1] + norm3([p[0] - points[o - 3], p[1] - points[o - 2], p[2] - points[o - 1]]);
    }
    curvature[i] = spline.curvature(t);
    torsion[i] = spline.torsion(t);
  }
  const stations = used.map((shape, i) => ({
    level: shape.level,
    arcLengthMm: arcLengthMm[Math.round(((spline.t[i] - from) / (to - from)) * (count - 1))],
  }));
  return { frame: 'patient', points, arcLengthMm, curvature, torsion, stations };
}
