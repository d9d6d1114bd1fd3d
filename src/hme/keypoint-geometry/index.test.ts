import { describe, expect, it } from 'vitest';
import { runCapability } from '../../../tests/support/read.ts';
import { createRandom } from '../../kernel/index.ts';
import type { Landmark, SpineCurve, SpineLandmarks, Vec3, VertebraLevel } from '../../model/index.ts';
import { keypointGeometry, measureKeypoints, tangentAngle } from './index.ts';

const LEVELS: VertebraLevel[] = ['T10', 'T11', 'T12', 'L1', 'L2', 'L3', 'L4', 'L5'];
const RADIUS = 400;
const STEP = 30 / RADIUS;

/** A column on a circle in the coronal or sagittal plane, caudal end upright; pedicles turned by `turnDeg`. */
function arc(plane: 'coronal' | 'sagittal', levels = LEVELS, turnDeg = 0): SpineLandmarks {
  const turn = (turnDeg * Math.PI) / 180;
  const points: Landmark[] = levels.flatMap((level, i) => {
    const a = (levels.length - 1 - i) * STEP;
    const [aside, up] = [RADIUS * (1 - Math.cos(a)), RADIUS * Math.sin(a)];
    const body: Vec3 = plane === 'coronal' ? [aside, 0, up] : [0, -aside, up];
    const pedicle = (side: 'left' | 'right'): Landmark => {
      const s = side === 'left' ? 15 : -15;
      return {
        id: `${level}.pedicle.${side}`,
        xyz: [body[0] + s * Math.cos(turn), body[1] + 25 + s * Math.sin(turn), body[2] + 5],
        level,
        side,
      };
    };
    return [{ id: `${level}.body`, xyz: body, level }, pedicle('left'), pedicle('right')];
  });
  return { frame: 'patient', points, planes: [], vertebrae: [] };
}

function measure(keypoints: SpineLandmarks, sdMm = 0.1) {
  const random = createRandom(3);
  return measureKeypoints(keypoints, { sdMm, leastCurveDeg: 5, posture: 'supine', rng: () => random.uniform() });
}

const without = (keypoints: SpineLandmarks, test: RegExp): SpineLandmarks => ({
  ...keypoints,
  points: keypoints.points.filter(({ id }) => !test.test(id)),
});

function value(measured: ReturnType<typeof measure>, id: string, level?: string) {
  return measured.features.find((f) => f.definition === `keypoints.${id}` && (!level || f.level === level))?.value;
}

describe('keypoint geometry', () => {
  it('finds the angle, length and curvature of an arc in the coronal plane', () => {
    const measured = measure(arc('coronal'));
    const whole = (7 * STEP * 180) / Math.PI;
    const angle = measured.features.find(({ definition }) => definition === 'keypoints.coronalCurveAngle');
    expect(angle?.level).toBe('T10-L5');
    // a spline that ends straight lags half a step at either end; the interval knows
    expect(Math.abs(Number(angle?.value) - (whole - (STEP * 180) / Math.PI))).toBeLessThan(0.5);
    if (angle?.uncertainty.kind === 'interval') expect(angle.uncertainty.high).toBeGreaterThan(whole);
    const [second, seventh] = [measured.line.coronal[1], measured.line.coronal[6]];
    expect(Math.abs(second - seventh - (5 * STEP * 180) / Math.PI)).toBeLessThan(1);
    expect(value(measured, 'centreLineLength')).toBeCloseTo(7 * STEP * RADIUS, 0);
    const { spline } = measured.line;
    expect(spline.curvature(spline.range[1] / 2)).toBeCloseTo(1 / RADIUS, 4);
    // the sagitta of the arc; the column bulges to the right of its chord
    const chordHalf = (7 * STEP) / 2;
    expect(Number(value(measured, 'lateralDeviation'))).toBeCloseTo(-RADIUS * (1 - Math.cos(chordHalf)), -0.3);
    expect(measured.line.coronal[0]).toBeGreaterThan(measured.line.coronal[7]);
  });

  it('tells lordosis from kyphosis by the sign', () => {
    // going up the column leans forward more and more, as in the chest; one body more at either end keeps the ends out of it
    const loin: VertebraLevel[] = ['T12', 'L1', 'L2', 'L3', 'L4', 'L5', 'L6'];
    const turn = (steps: number) => (steps * STEP * 180) / Math.PI;
    const lordosis = Number(value(measure(arc('sagittal', loin)), 'lumbarLordosis.l1l5'));
    expect(Math.abs(lordosis - -turn(4))).toBeLessThan(1);
    const chest: VertebraLevel[] = ['T3', 'T4', 'T5', 'T6', 'T7', 'T8', 'T9', 'T10', 'T11', 'T12', 'L1'];
    const kyphosis = Number(value(measure(arc('sagittal', chest)), 'thoracicKyphosis.t4t12'));
    expect(Math.abs(kyphosis - turn(8))).toBeLessThan(1);
  });

  it('reads rotation, distance and local axes from the pedicles', () => {
    const measured = measure(arc('coronal', LEVELS, 12));
    expect(value(measured, 'axialRotation', 'L3')).toBeCloseTo(12, 9);
    expect(value(measured, 'pedicleDistance', 'L3')).toBeCloseTo(30, 9);
    expect(value(measured, 'pedicleTilt', 'L3')).toBeCloseTo(0, 9);
  });

  it('gives intervals that hold the truth as often as they say', () => {
    const loin = arc('coronal', ['T11', ...LEVELS.slice(2)]);
    const random = createRandom(8);
    const held: Record<string, [number, number]> = { angle: [0, 0], rotation: [0, 0], distance: [0, 0] };
    const count = (key: string, low: number, high: number, truth: number) => {
      held[key][1]++;
      if (low <= truth && truth <= high) held[key][0]++;
    };
    for (let trial = 0; trial < 100; trial++) {
      const points = loin.points.map((p): Landmark => {
        const [x, y, z] = p.xyz;
        return { ...p, xyz: [x + random.normal(0, 2), y + random.normal(0, 2), z + random.normal(0, 2)] };
      });
      const { line, features } = measure({ ...loin, points }, 2);
      const angle = tangentAngle(line, 'coronal', 1, 5);
      const truth = (4 * STEP * 180) / Math.PI;
      count('angle', angle.value - 1.645 * angle.sd, angle.value + 1.645 * angle.sd, truth);
      for (const { definition, uncertainty: u } of features) {
        if (u.kind !== 'interval') continue;
        if (definition === 'keypoints.axialRotation') count('rotation', u.low, u.high, 0);
        if (definition === 'keypoints.pedicleDistance') count('distance', u.low, u.high, 30);
      }
    }
    const share = ([inside, all]: [number, number]) => inside / all;
    // 700 draws of 90 %: three standard errors are 3.4 %
    expect(Math.abs(share(held.rotation) - 0.9)).toBeLessThan(0.034);
    expect(Math.abs(share(held.distance) - 0.9)).toBeLessThan(0.034);
    // 100 draws, each with a standard deviation from 24 replicas
    expect(share(held.angle)).toBeGreaterThan(0.8);
    expect(share(held.angle)).toBeLessThan(0.98);
  });

  it('notices missing, skipped, double and misplaced vertebrae', () => {
    const codes = (keypoints: SpineLandmarks) => measure(keypoints).column.quality.map((q) => q.code);
    expect(codes(arc('coronal'))).toEqual([]);
    expect(codes(without(arc('coronal'), /^L2/))).toContain('keypoints.missing-level');
    expect(codes(arc('coronal', ['T9', 'T10', 'T11', 'L1', 'L2', 'L3']))).toContain('keypoints.skipped-level');
    expect(codes(arc('coronal', ['T12', 'T13', 'L1', 'L2', 'L3', 'L4', 'L5', 'L6']))).toEqual([
      'keypoints.transitional',
      'keypoints.transitional',
    ]);
    const twice = arc('coronal');
    twice.points.push({ id: 'L1.body.2', xyz: [3, 3, 100], level: 'L1' });
    expect(codes(twice)).toContain('keypoints.duplicate');
    const moved = arc('coronal');
    moved.points = moved.points.map((p) =>
      p.id === 'L2.body' ? { ...p, xyz: [p.xyz[0], p.xyz[1], p.xyz[2] + 18] } : p,
    );
    expect(codes(moved)).toContain('keypoints.spacing');
    expect(codes(without(arc('coronal'), /^L3.pedicle.left/))).toContain('keypoints.no-pedicles');
  });

  it('refuses what gives no line, with the reason', () => {
    const two = without(arc('coronal'), /^(T|L[2-5])/);
    expect(() => measure(two)).toThrow(expect.objectContaining({ code: 'input.empty' }));
    const here = arc('coronal');
    here.points = here.points.map((p) => ({ ...p, xyz: [1, 2, 3] }));
    expect(() => measure(here)).toThrow(expect.objectContaining({ code: 'geometry.degenerate' }));
    const nameless = {
      ...arc('coronal'),
      points: arc('coronal').points.map(({ id, xyz, side }) => ({ id, xyz, side })),
    };
    expect(() => measure(nameless)).toThrow(expect.objectContaining({ code: 'labels.unknown' }));
    const broken = arc('coronal');
    broken.points[0] = { ...broken.points[0], xyz: [Number.NaN, 0, 0] };
    expect(() => measure(broken)).toThrow(expect.objectContaining({ code: 'geometry.degenerate' }));
  });

  it('takes three bodies and a straight column, without torsion', () => {
    const straight = arc('coronal', ['L1', 'L2', 'L3']);
    straight.points = straight.points.map((p) => ({ ...p, xyz: [p.side ? p.xyz[0] : 0, p.xyz[1], p.xyz[2]] }));
    const measured = measure(straight, 2);
    expect(value(measured, 'coronalCurveAngle')).toBeCloseTo(0, 6);
    expect(value(measured, 'maxTorsion')).toBeUndefined();
  });

  it('gives a curve, local axes and a table, the same for the same seed', async () => {
    const run = () =>
      runCapability(keypointGeometry, { keypoints: [{ kind: 'landmarks.keypoints', payload: arc('coronal') }] });
    const [a, b] = [await run(), await run()];
    expect(a.features).toEqual(b.features);
    const [curve, landmarks] = a.outputs.map(({ draft }) => draft.payload) as [SpineCurve, SpineLandmarks];
    expect(curve.stations.map(({ level }) => level)).toEqual(LEVELS);
    expect(landmarks.vertebrae).toHaveLength(8);
    for (const { x, y, z } of landmarks.vertebrae) {
      expect(Math.abs(x[0] * z[0] + x[1] * z[1] + x[2] * z[2])).toBeLessThan(1e-12);
      expect(y[1]).toBeLessThan(-0.9);
    }
    expect(a.features.every(({ posture }) => posture === 'unknown')).toBe(true);
    expect(a.quality.map(({ code }) => code)).toContain('keypoints.posture-unknown');
  });
});
