/**
 * Speed of every point from its frame to the next, and what is left of it once the motion of the whole body is taken out.
 *
 * Three ways: points that correspond are subtracted, exactly; otherwise the cloud's flow is found (kernel `estimateCloudFlow`); or, as the
 * published method has it, the mean of the five nearest points of the next and the previous frame stands for the point. The last is a lower bound:
 * it lost half of the speed of two performers at 4 frames a second, where the flow was within 5 %. See NOTES.md.
 */

import {
  alignIcp1992,
  alignUmeyama1991,
  buildKdTree,
  estimateCloudFlow,
  type Mat4,
  transformPositions,
  type Vec3,
} from '../../kernel/index.ts';
import type { Moving } from './moving.ts';

/** How points without correspondence are followed. */
export type SpeedMethod = 'flow' | 'nearest';

/** Speeds of all points. */
export interface PointSpeeds {
  /** of each point of each frame; those of the last frames look back · mm/s */
  total: Float32Array[];
  /** beside the rigid motion of the body · mm/s */
  local: Float32Array[];
  method: 'correspondence' | SpeedMethod;
}

/** Neighbours that stand for a point. */
const NEIGHBOURS = 5;
/**
 * Time over which points without correspondence are followed: what two samplings of one surface differ by, over a thirtieth of a second,
 * would be a speed of its own · s
 */
const SPAN_S = 0.1;
/** Points that tell the rigid motion. */
const RIGID_POINTS = 2000;

function thin(points: Float32Array, most: number): Float32Array {
  const n = points.length / 3;
  if (n <= most) return points;
  const out = new Float32Array(3 * most);
  for (let k = 0; k < most; k++) {
    const i = Math.floor((k * n) / most);
    out.set(points.subarray(3 * i, 3 * i + 3), 3 * k);
  }
  return out;
}

/** Distances of points to where they went, with and without the shared motion, over a time · mm/s. */
function speedsTo(from: Float32Array, to: Float32Array, shared: Mat4, dtS: number): [Float32Array, Float32Array] {
  const carried = transformPositions(from, shared);
  const [total, local] = [new Float32Array(from.length / 3), new Float32Array(from.length / 3)];
  for (let i = 0; i < total.length; i++) {
    const j = 3 * i;
    total[i] = Math.hypot(to[j] - from[j], to[j + 1] - from[j + 1], to[j + 2] - from[j + 2]) / dtS;
    local[i] = Math.hypot(to[j] - carried[j], to[j + 1] - carried[j + 1], to[j + 2] - carried[j + 2]) / dtS;
  }
  return [total, local];
}

/** Rigid motion of points that correspond; those that are missing at either end do not count. */
function rigidOf(from: Float32Array, to: Float32Array): Mat4 {
  const [a, b]: number[][] = [[], []];
  const n = from.length / 3;
  const step = Math.max(1, Math.floor(n / RIGID_POINTS));
  for (let i = 0; i < n; i += step) {
    const whole = from[3 * i] + from[3 * i + 1] + from[3 * i + 2] + to[3 * i] + to[3 * i + 1] + to[3 * i + 2];
    if (Number.isNaN(whole)) continue;
    a.push(from[3 * i], from[3 * i + 1], from[3 * i + 2]);
    b.push(to[3 * i], to[3 * i + 1], to[3 * i + 2]);
  }
  return a.length >= 9 ? alignUmeyama1991(a, b).sourceToTarget : [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
}

/** Mean of the five nearest points of another frame, for each point. */
function nearestMeans(points: Float32Array, other: Float32Array): Float32Array {
  const k = Math.min(NEIGHBOURS, other.length / 3);
  const { indices } = buildKdTree(other).nearestK(points, k);
  const out = new Float32Array(points.length);
  for (let i = 0; i < indices.length; i++) {
    const [p, q] = [3 * Math.floor(i / k), 3 * indices[i]];
    for (let d = 0; d < 3; d++) out[p + d] += other[q + d] / k;
  }
  return out;
}

/** Where the points of a frame are in another, and the rigid motion between. */
function follow(moving: Moving, method: SpeedMethod, from: number, to: number): { moved: Float32Array; shared: Mat4 } {
  const [a, b] = [moving.frames[from], moving.frames[to]];
  if (moving.corresponds) return { moved: b, shared: rigidOf(a, b) };
  if (method === 'nearest' || a.length < 30 || b.length < 30) {
    const [thinA, thinB] = [thin(a, RIGID_POINTS), thin(b, RIGID_POINTS)];
    const shared = alignIcp1992(thinA.length >= 9 ? thinA : a, thinB).sourceToTarget;
    return { moved: nearestMeans(a, b), shared };
  }
  const up = [0, 1, 2].map((d) => (d === moving.upright.axis ? 1 : 0)) as unknown as Vec3;
  const { moved, rigid } = estimateCloudFlow(a, b, { up });
  return { moved, shared: rigid };
}

/**
 * Speeds of all points of all frames.
 *
 * @param step - called after each frame with the share that is done
 */
export function pointSpeeds(moving: Moving, method: SpeedMethod, step: (share: number) => void): PointSpeeds {
  const { frames, timesS, corresponds } = moving;
  const total: Float32Array[] = [];
  const local: Float32Array[] = [];
  const last = frames.length - 1;
  const rateHz = last / (timesS[last] - timesS[0]);
  const span = corresponds ? 1 : Math.max(1, Math.min(last, Math.round(SPAN_S * rateHz)));
  for (let f = 0; f <= last; f++) {
    const to = f + span <= last ? f + span : f - span;
    const dtS = Math.abs(timesS[to] - timesS[f]);
    const { moved, shared } = follow(moving, method, f, to);
    const speeds = speedsTo(frames[f], moved, shared, dtS);
    if (method === 'nearest' && !corresponds && f >= span && f + span <= last) {
      const back = follow(moving, method, f, f - span);
      const past = speedsTo(frames[f], back.moved, back.shared, timesS[f] - timesS[f - span]);
      speeds.forEach((values, which) => {
        for (let i = 0; i < values.length; i++) values[i] = (values[i] + past[which][i]) / 2;
      });
    }
    total.push(speeds[0]);
    local.push(speeds[1]);
    step((f + 1) / frames.length);
  }
  return { total, local, method: corresponds ? 'correspondence' : method };
}
