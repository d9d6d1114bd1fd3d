/** Features of a recording, with their doubt and the way back. */

import { mean, quantile } from '../../kernel/index.ts';
import type { EvidenceDraft, FeatureDraft, Uncertainty, Unit } from '../../model/index.ts';
import type { Comparison } from './compare.ts';
import { allSpeeds, type Measured } from './measure.ts';
import { REGIONS, type Region } from './moving.ts';
import type { PoseDistances } from './poses.ts';

type Role = EvidenceDraft['role'];

interface Draft {
  id: string;
  value: number | null;
  unit: Unit;
  doubt: Uncertainty;
  method: string;
  role: Role;
  missing?: string;
  site?: string;
  quality?: number;
  channels?: string[];
}

const within = (value: number, half: number, method: string): Uncertainty => ({
  kind: 'interval',
  low: value - half,
  high: value + half,
  sd: half / 1.6448536269514722,
  method,
});

const CURVES: Role = { output: 'curves' };

/** Share by which the flow of clouds was off on performers whose points are known, both ways. */
const FLOW_DOUBT = 0.1;

function speedDoubt(value: number, { speeds }: Measured): Uncertainty {
  if (speeds.method === 'correspondence') return { kind: 'exact', method: 'Differences of points that correspond' };
  if (speeds.method === 'flow') {
    return within(value, FLOW_DOUBT * value, 'A tenth: twice the error on two performers whose points are known');
  }
  return {
    kind: 'interval',
    low: value,
    high: 2.5 * value,
    sd: (0.75 * value) / 1.6448536269514722,
    method: 'Nearest points are a lower bound; on two performers they gave 46 to 56 % of the speed',
  };
}

function speedDrafts(measured: Measured): Draft[] {
  const total = allSpeeds(measured.speeds.total);
  const local = allSpeeds(measured.speeds.local);
  const method = {
    correspondence: 'Differences of points that correspond',
    flow: 'Flow between clouds, nodes linked as rigidly as possible',
    nearest: 'Mean of the five nearest points of the next and previous frame',
  }[measured.speeds.method];
  const drafts: [string, number, string][] = [
    ['speedMean', mean(total) / 1000, 'speedMean'],
    ['speedHigh', quantile(total, 0.95) / 1000, 'speedHigh'],
    ['speedLocal', mean(local) / 1000, 'speedLocal'],
  ];
  return drafts.map(([id, value, channel]) => ({
    id,
    value,
    unit: 'm/s',
    doubt: speedDoubt(value, measured),
    method,
    role: CURVES,
    channels: [channel],
    quality: measured.speeds.method === 'nearest' ? 0.4 : 0.9,
  }));
}

function pathDrafts({ centroid, moving }: Measured): Draft[] {
  const cut = Math.abs(centroid.lengthMm - centroid.lengthHalfRateMm) / 3;
  const seen = moving.kind === 'depth' ? ' One camera sees one side: the middle of that side.' : '';
  const base = { role: { output: 'centroid' } as Role, quality: moving.kind === 'depth' ? 0.6 : 0.95 };
  const smooth = centroid.smoothness;
  return [
    {
      ...base,
      id: 'pathLength',
      value: centroid.lengthMm,
      unit: 'mm',
      doubt: within(centroid.lengthMm, cut, 'A third of the change when every second frame is left out'),
      method: `Mean of all points, frame by frame.${seen}`,
    },
    {
      ...base,
      id: 'displacement',
      value: centroid.displacementMm,
      unit: 'mm',
      doubt: { kind: 'exact', method: 'Two means of points; how the points were sampled is not in it' },
      method: `Mean of all points of the first and last frame.${seen}`,
    },
    {
      ...base,
      id: 'smoothness',
      value: Number.isNaN(smooth) ? null : smooth,
      missing: Number.isNaN(smooth) ? 'The middle does not move, or the recording is too short.' : undefined,
      unit: '1',
      doubt: { kind: 'unknown', reason: 'One recording tells nothing of how its smoothness would repeat.' },
      method: 'Spectral arc length up to 10 Hz',
      role: CURVES,
      channels: ['centroidSpeed'],
    },
  ];
}

function volumeDrafts({ volume, coarseVolume, moving }: Measured): Draft[] {
  const missing = 'One camera sees one side of the body.';
  if (!volume) {
    const doubt: Uncertainty = { kind: 'unknown', reason: missing };
    const none = { value: null, doubt, missing, method: 'None', role: { input: 'sequence' }, quality: 0 } as const;
    return [
      { ...none, id: 'volume', unit: 'cm3' },
      { ...none, id: 'volumeChange', unit: '%' },
    ];
  }
  const average = mean(volume.values);
  const change = (values: Float64Array) => {
    const changes = Array.from(values, (v) => (100 * (v - values[0])) / values[0]);
    return changes.reduce((most, v) => (Math.abs(v) > Math.abs(most) ? v : most), 0);
  };
  const largest = change(volume.values);
  const exact: Uncertainty = {
    kind: 'exact',
    method: moving.kind === 'mesh' ? 'Volume inside the triangles as given' : 'Hull of the points as given',
  };
  // the hull of joints says how far the body spreads; nobody's volume grows threefold in a squat
  const quality = moving.kind === 'points' ? 0.4 : 0.9;
  const other = coarseVolume && 'Difference to cubes half as large again';
  return [
    {
      id: 'volume',
      value: average / 1000,
      unit: 'cm3',
      doubt: other ? within(average / 1000, Math.abs(mean(coarseVolume.values) - average) / 1000, other) : exact,
      method: volume.method,
      role: CURVES,
      quality,
      channels: ['volume'],
    },
    {
      id: 'volumeChange',
      value: Number.isFinite(largest) ? largest : null,
      missing: Number.isFinite(largest) ? undefined : 'The first frame has no volume.',
      unit: '%',
      doubt: other ? within(largest, Math.abs(change(coarseVolume.values) - largest), other) : exact,
      method: volume.method,
      role: CURVES,
      quality,
      channels: ['volume'],
    },
  ];
}

/** Region that should move: the given one, or the one that moved most. */
function targetOf(measured: Measured, target: Region | 'auto'): Region {
  if (target !== 'auto') return target;
  const { byRegion } = measured.activity;
  return REGIONS.reduce((most, region) => (byRegion[region] > byRegion[most] ? region : most), REGIONS[0]);
}

function activityDrafts(measured: Measured, wanted: Region | 'auto', minSpeed: number): Draft[] {
  const { activity, shifted, dynamic, speeds } = measured;
  const average = 100 * mean(activity.share.subarray(0, -1));
  const other = 100 * mean(shifted.share.subarray(0, -1));
  const shift = 'Difference when the cubes are shifted by half an edge';
  const all = allSpeeds(speeds.total);
  const share = dynamic
    ? (100 * dynamic.reduce((sum, v) => sum + v, 0)) / dynamic.length
    : (100 * all.reduce((sum, v) => sum + (v > minSpeed ? 1 : 0), 0)) / all.length;
  const target = targetOf(measured, wanted);
  const compensation = (by: Measured['activity']['byRegion']) => {
    const whole = REGIONS.reduce((sum, region) => sum + by[region], 0);
    return whole > 0 ? (100 * (whole - by[target])) / whole : Number.NaN;
  };
  const [index, again] = [compensation(activity.byRegion), compensation(shifted.byRegion)];
  const still = Number.isNaN(index);
  return [
    {
      id: 'activated',
      value: average,
      unit: '%',
      doubt: within(average, Math.abs(other - average), shift),
      method: 'Cubes whose occupancy changes and whose points move',
      role: CURVES,
      channels: ['activated'],
    },
    {
      id: 'dynamic',
      value: share,
      unit: '%',
      doubt:
        speeds.method === 'correspondence'
          ? { kind: 'exact', method: 'Counted over points that correspond' }
          : { kind: 'unknown', reason: 'How speeds near the limit are off without correspondence is not known.' },
      method: dynamic ? 'Points above the limit for a fifth of the time' : 'Points and frames above the limit',
      role: { output: 'moving' },
    },
    {
      id: 'compensation',
      site: target,
      value: still ? null : index,
      missing: still ? 'Nothing moved faster than the limit.' : undefined,
      unit: '%',
      doubt: still
        ? { kind: 'unknown', reason: 'Nothing moved faster than the limit.' }
        : within(index, Math.abs((Number.isNaN(again) ? index : again) - index), shift),
      method: measured.moving.names
        ? 'Regions by joints'
        : 'Regions by height in shares of the stature; arms are not told apart',
      role: { output: 'activity' },
      quality: measured.moving.names ? 0.9 : 0.6,
    },
  ];
}

function repetitionDrafts({ repetition, poses, moving }: Measured): Draft[] {
  const { timesS } = moving;
  const stepS = ((timesS[timesS.length - 1] - timesS[0]) * (poses.rowFrames[1] ?? 1)) / (timesS.length - 1);
  const role: Role = { output: 'similarity' };
  const method = 'First clear minimum of the distance of the recording to itself at each lag';
  const found = !Number.isNaN(repetition.period);
  const periodS = repetition.period * stepS;
  const doubt = 'Half a frame of the period';
  return [
    {
      id: 'repetitions',
      value: repetition.count,
      unit: '{count}',
      doubt: found
        ? within(repetition.count, (repetition.count * 0.5) / repetition.period, doubt)
        : { kind: 'unknown', reason: 'Nothing repeats; a single movement counts as one.' },
      method,
      role,
      quality: found ? Math.min(1, 0.4 + repetition.strength) : 0.5,
    },
    {
      id: 'period',
      value: found ? periodS : null,
      missing: found ? undefined : 'Nothing repeats.',
      unit: 's',
      doubt: found ? within(periodS, 0.5 * stepS, doubt) : { kind: 'unknown', reason: 'Nothing repeats.' },
      method,
      role,
      quality: found ? Math.min(1, 0.4 + repetition.strength) : 0.5,
    },
  ];
}

function keypointDrafts({ signatures }: Measured): Draft[] {
  if (!signatures) return [];
  const counts = signatures.points.map(({ length }) => length / 3);
  const value = mean(counts);
  const half = 1.6448536269514722 * Math.sqrt(mean(counts.map((count) => (count - value) ** 2)));
  return [
    {
      id: 'keypoints',
      value,
      unit: '{count}',
      doubt: within(value, half, 'Spread of single frames'),
      method: `Intrinsic shape signatures, scatter within ${signatures.salientMm.toFixed(0)} mm, ${counts.length} frames`,
      role: { output: 'keypoints' },
    },
  ];
}

function comparisonDrafts(
  { pose, speedMmS, pathMm, aroundKeypoints }: Comparison & { aroundKeypoints: number },
  { unit }: PoseDistances,
): Draft[] {
  const doubt: Uncertainty = {
    kind: 'unknown',
    reason: 'Two recordings do not tell how far two of the same person differ.',
  };
  const role: Role = { output: 'comparison' };
  return [
    {
      id: unit === 'mm' ? 'poseDifference' : 'shapeDifference',
      value: pose,
      unit,
      doubt,
      method: 'Mean over the warping path',
      role,
    },
    { id: 'speedDifference', value: speedMmS / 1000, unit: 'm/s', doubt, method: 'Earth mover over 16 bins', role },
    { id: 'pathDifference', value: pathMm, unit: 'mm', doubt, method: 'Time warping of both paths', role },
    ...(Number.isNaN(aroundKeypoints)
      ? []
      : [
          {
            id: 'keypointDifference',
            value: aroundKeypoints,
            unit: '1' as const,
            doubt,
            method: 'Shape contexts of key points that choose each other, ten pairs of poses at most',
            role,
          },
        ]),
  ];
}

/** All numbers of a recording, and of its comparison where there is one. */
export function featuresOf(
  measured: Measured,
  target: Region | 'auto',
  minSpeed: number,
  compared?: { comparison: Comparison & { aroundKeypoints: number }; poses: PoseDistances },
): FeatureDraft[] {
  const { timesS } = measured.moving;
  const drafts = [
    ...pathDrafts(measured),
    ...speedDrafts(measured),
    ...volumeDrafts(measured),
    ...activityDrafts(measured, target, minSpeed),
    ...repetitionDrafts(measured),
    ...keypointDrafts(measured),
    ...(compared ? comparisonDrafts(compared.comparison, compared.poses) : []),
  ];
  return drafts.map(({ id, value, unit, doubt, method, role, missing, site, quality = 0.9, channels }) => ({
    definition: `video.${id}`,
    ...(site ? { site } : {}),
    value,
    ...(missing ? { missing } : {}),
    unit,
    uncertainty: doubt,
    quality,
    method,
    evidence: [{ role, locator: { timeS: [timesS[0], timesS[timesS.length - 1]], ...(channels ? { channels } : {}) } }],
  }));
}
