/**
 * Markers that are only there in a standing trial (medial condyles, medial malleoli) or that are hidden for a while, carried by the markers
 * that are: each segment of the standing trial is laid rigidly on what is seen of it (Umeyama 1991). O(segments · frames · markers).
 */

import { alignUmeyama1991, median, transformPoint } from '../../../kernel/index.ts';
import { type Body, pointOf } from '../points/body.ts';
import type { PointId } from '../points/names.ts';

/** Which named points and clusters move as one. */
const SEGMENTS: readonly { points: readonly string[]; cluster?: string }[] = [
  { points: ['asis', 'psis', 'hip'] },
  { points: ['hip', 'kneeLateral', 'kneeMedial', 'knee'], cluster: 'thigh' },
  { points: ['knee', 'kneeLateral', 'kneeMedial', 'ankleLateral', 'ankleMedial', 'ankle'], cluster: 'shank' },
  { points: ['ankleLateral', 'ankleMedial', 'ankle', 'heel', 'toe', 'mt1', 'mt5'] },
];

/** Result of carrying points over from a standing trial. */
export interface Completion {
  /** points that the movement trial lacked altogether and now has */
  added: PointId[];
  /** segments whose markers do not fit the standing trial */
  rejected: string[];
  /** root mean square distance of the seen markers from the standing segment · mm */
  residualMm: number;
  /** markers left out because they do not lie where the standing trial has them */
  strangers: number;
}

/**
 * Completes a body by a standing trial of the same subject with the same markers; tracks that were seen stay as they are.
 * @param body - changed in place: points that were missing appear
 * @param still - body of the standing trial
 */
export function completeFromStatic(body: Body, still: Body): Completion {
  const added: PointId[] = [];
  const rejected: string[] = [];
  let [squares, fits, strangers] = [0, 0, 0];
  const jobs = SEGMENTS.flatMap(({ points, cluster }, at) =>
    at === 0
      ? [{ ids: points.flatMap((stem) => [`${stem}.left`, `${stem}.right`]).concat('sacrum'), cluster: undefined }]
      : (['left', 'right'] as const).map((side) => ({
          ids: points.map((stem) => `${stem}.${side}`),
          cluster: cluster && `${cluster}.${side}`,
        })),
  );
  for (const { ids, cluster } of jobs) {
    const template = templateOf(still, ids, cluster);
    const wanted = template.filter(({ id }) => id && !body.points.has(id));
    if (wanted.length === 0) continue;
    const seen = template.flatMap((point) => {
      const track = point.id ? body.points.get(point.id) : body.clusters.get(point.cluster ?? '')?.[point.member ?? 0];
      return track ? [{ point, track }] : [];
    });
    const fitting = withoutStrangers(seen, body.count);
    if (fitting.length < seen.length) strangers += seen.length - fitting.length;
    if (fitting.length < 3) continue;
    const carried = carry(fitting, wanted, body.count);
    if (!(carried.residualMm <= MOST_RESIDUAL_MM)) {
      rejected.push(cluster ?? ids[0].split('.')[0]);
      continue;
    }
    squares += carried.residualMm ** 2;
    fits++;
    wanted.forEach(({ id }, at) => {
      body.points.set(id as PointId, carried.tracks[at]);
    });
    added.push(...wanted.map(({ id }) => id as PointId));
  }
  return { added, rejected, residualMm: fits ? Math.sqrt(squares / fits) : Number.NaN, strangers };
}

/** A segment that is farther from the standing trial than this is not the same set of markers · mm */
const MOST_RESIDUAL_MM = 18;

/** Lays a segment of the standing trial on its seen markers, frame by frame. */
function carry(
  fitting: readonly { point: TemplatePoint; track: Float64Array }[],
  wanted: readonly TemplatePoint[],
  count: number,
): { tracks: Float64Array[]; residualMm: number } {
  const tracks = wanted.map(() => new Float64Array(3 * count).fill(Number.NaN));
  let [squares, fits] = [0, 0];
  for (let i = 0; i < count; i++) {
    const visible = fitting.filter(({ track }) => !Number.isNaN(track[3 * i]));
    if (visible.length < 3) continue;
    const from = visible.flatMap(({ point }) => point.xyz);
    const to = visible.flatMap(({ track }) => [track[3 * i], track[3 * i + 1], track[3 * i + 2]]);
    const { sourceToTarget, rms } = alignUmeyama1991(from, to);
    squares += rms * rms;
    fits++;
    wanted.forEach(({ xyz }, at) => {
      tracks[at].set(transformPoint(sourceToTarget, xyz), 3 * i);
    });
  }
  return { tracks, residualMm: fits ? Math.sqrt(squares / fits) : Number.NaN };
}

/** Distances to the others may differ by this much from the standing trial (soft tissue) · mm */
const MOST_STRAIN_MM = 25;

/** Drops, worst first, markers whose distances to the others are not those of the standing trial: exchanged or moved ones. */
function withoutStrangers<P extends { point: TemplatePoint; track: Float64Array }>(
  seen: readonly P[],
  count: number,
): P[] {
  const kept = [...seen];
  const strain = (a: P, b: P) => {
    const still = Math.hypot(...[0, 1, 2].map((k) => a.point.xyz[k] - b.point.xyz[k]));
    let [sum, n] = [0, 0];
    for (let i = 0; i < count; i += Math.max(1, Math.floor(count / 50))) {
      const d = Math.hypot(...[0, 1, 2].map((k) => a.track[3 * i + k] - b.track[3 * i + k]));
      if (Number.isNaN(d)) continue;
      sum += Math.abs(d - still);
      n++;
    }
    return n ? sum / n : 0;
  };
  while (kept.length >= 3) {
    const doubts = kept.map((one) => median(kept.filter((other) => other !== one).map((other) => strain(one, other))));
    const worst = doubts.indexOf(Math.max(...doubts));
    if (doubts[worst] <= MOST_STRAIN_MM) break;
    kept.splice(worst, 1);
  }
  return kept;
}

interface TemplatePoint {
  id?: PointId;
  cluster?: PointId;
  member?: number;
  xyz: [number, number, number];
}

function templateOf(still: Body, ids: readonly PointId[], cluster?: PointId): TemplatePoint[] {
  const points: TemplatePoint[] = [];
  for (const id of ids) {
    const track = still.points.get(id);
    const xyz = track && meanOf(track);
    if (xyz) points.push({ id, xyz });
  }
  (cluster ? (still.clusters.get(cluster) ?? []) : []).forEach((track, member) => {
    const xyz = meanOf(track);
    if (xyz) points.push({ cluster, member, xyz });
  });
  return points;
}

function meanOf(track: Float64Array): [number, number, number] | undefined {
  const sum: [number, number, number] = [0, 0, 0];
  let seen = 0;
  for (let i = 0; i < track.length; i += 3) {
    if (Number.isNaN(track[i])) continue;
    seen++;
    for (let k = 0; k < 3; k++) sum[k] += track[i + k];
  }
  return seen ? [sum[0] / seen, sum[1] / seen, sum[2] / seen] : undefined;
}

/** Largest standard deviation of any named point over a trial · mm; a standing trial stays below about 15. */
export function unrestMm(body: Body): number {
  let worst = 0;
  for (const id of body.points.keys()) {
    const sum = [0, 0, 0];
    const squares = [0, 0, 0];
    let seen = 0;
    for (let i = 0; i < body.count; i++) {
      const p = pointOf(body, id, i);
      if (Number.isNaN(p[0])) continue;
      seen++;
      for (let k = 0; k < 3; k++) {
        sum[k] += p[k];
        squares[k] += p[k] * p[k];
      }
    }
    if (seen < 2) continue;
    const spread = [0, 1, 2].reduce((total, k) => total + Math.max(0, squares[k] / seen - (sum[k] / seen) ** 2), 0);
    worst = Math.max(worst, Math.sqrt(spread));
  }
  return worst;
}
