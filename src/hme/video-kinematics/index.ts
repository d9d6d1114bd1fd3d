/** Door: how a body moves in a 3D video, of any kind, with and without correspondence of its points. */

import { mean, quantile } from '../../kernel/index.ts';
import {
  type ArtifactDraft,
  type CapabilityResult,
  defineCapability,
  type QualityFlag,
  type SignalChannel,
  type Table,
  type TimeBase,
} from '../../model/index.ts';
import { activityPoints } from './activity.ts';
import { type Comparison, compareRecordings, SPEED_BINS, type SpeedHistograms } from './compare.ts';
import { VIDEO_FEATURES } from './features.ts';
import { histogramsOf, type Measured, measureMoving } from './measure.ts';
import { type Moving, movingOf, type Region } from './moving.ts';
import { featuresOf } from './numbers.ts';
import { type PoseDistances, poseDistances, similarPoses } from './poses.ts';
import { type Signatures, signatureDistance } from './signatures.ts';

export { activityOf, dynamicPoints } from './activity.ts';
export { centroidPath } from './centroid.ts';
export { compareRecordings, speedHistograms } from './compare.ts';
export { VIDEO_FEATURES } from './features.ts';
export { type Measured, measureMoving } from './measure.ts';
export { type Moving, movingOf, REGIONS, regionOfJoint, regionsOf } from './moving.ts';
export { poseDistances, similarPoses } from './poses.ts';
export { type Signatures, signatureDistance, signaturesOf } from './signatures.ts';
export { type PointSpeeds, pointSpeeds } from './speed.ts';
export { cloudVolume, volumeCurve } from './volume.ts';

/** Time of the frames that were used. */
function timeOf({ time, timesS }: Moving): TimeBase {
  const n = timesS.length;
  const rateHz = (n - 1) / (timesS[n - 1] - timesS[0]);
  const even = timesS.every((t, i) => Math.abs(t - timesS[0] - i / rateHz) < 1e-6);
  return { clock: time.clock, startS: timesS[0], rateHz, ...(even ? {} : { timeS: timesS }) };
}

function curvesOf({ moving, centroid, speeds, volume, activity }: Measured): ArtifactDraft<'signal.measure'> {
  const finite = (values: Float32Array) => values.filter((v) => !Number.isNaN(v));
  const each = (frames: readonly Float32Array[], tell: (values: Float32Array) => number) =>
    Float64Array.from(frames, (values) => {
      const seen = finite(values);
      return seen.length > 0 ? tell(seen) : Number.NaN;
    });
  const channel = (name: string, unit: SignalChannel['unit'], values: Float64Array): SignalChannel => ({
    name,
    unit,
    values,
    quantity: 'other',
  });
  const channels = [
    channel('centroidSpeed', 'mm/s', centroid.speed),
    channel('speedMean', 'mm/s', each(speeds.total, mean)),
    channel(
      'speedHigh',
      'mm/s',
      each(speeds.total, (values) => quantile(values, 0.95)),
    ),
    channel('speedLocal', 'mm/s', each(speeds.local, mean)),
    channel(
      'activated',
      '%',
      activity.share.map((v) => 100 * v),
    ),
    ...(volume
      ? [
          channel(
            'volume',
            'cm3',
            volume.values.map((v) => v / 1000),
          ),
        ]
      : []),
  ];
  return { kind: 'signal.measure', name: 'Speed, activity and volume', payload: { ...timeOf(moving), channels } };
}

function movingDraft({ moving, speeds, dynamic }: Measured): ArtifactDraft<'sequence.mesh' | 'sequence.cloud'> {
  const pointData = {
    speed: speeds.total,
    localSpeed: speeds.local,
    ...(dynamic ? { dynamic: moving.frames.map(() => dynamic) } : {}),
  };
  const { frames: positions, frame, up, triangles } = moving;
  const base = { ...timeOf(moving), frame, ...(up ? { up } : {}), positions, pointData };
  const name = 'Body with its speed';
  if (moving.kind === 'mesh' && triangles) return { kind: 'sequence.mesh', name, payload: { ...base, triangles } };
  return { kind: 'sequence.cloud', name, payload: base };
}

function activityDraft({ moving, activity }: Measured): ArtifactDraft<'sequence.cloud'> {
  const { positions, times } = activityPoints(activity);
  const { frame, up, time, timesS } = moving;
  const base = { clock: time.clock, startS: timesS[0], rateHz: 1, frame, ...(up ? { up } : {}) };
  return {
    kind: 'sequence.cloud',
    name: 'Activated space',
    payload: { ...base, positions: [positions], pointData: { activations: [times] } },
  };
}

function keypointsDraft({ time, timesS, frame, up }: Moving, found: Signatures): ArtifactDraft<'sequence.cloud'> {
  const times = Float64Array.from(found.frames, (f) => timesS[f]);
  const span = times[times.length - 1] - times[0];
  const rateHz = span > 0 ? (times.length - 1) / span : time.rateHz;
  const even = times.every((t, i) => Math.abs(t - times[0] - i / rateHz) < 1e-6);
  const base = { clock: time.clock, startS: times[0], rateHz, ...(even ? {} : { timeS: times }) };
  return {
    kind: 'sequence.cloud',
    name: 'Key points of the surface',
    payload: { ...base, frame, ...(up ? { up } : {}), positions: found.points },
  };
}

function centroidDraft({ moving, centroid }: Measured): ArtifactDraft<'sequence.markers'> {
  const { frame, up } = moving;
  return {
    kind: 'sequence.markers',
    name: 'Path of the middle',
    payload: { ...timeOf(moving), frame, ...(up ? { up } : {}), names: ['centroid'], positions: centroid.places },
  };
}

const seconds = (timesS: Float64Array, frame: number) => Number(timesS[frame].toFixed(4));

function matrixOf(poses: PoseDistances, rows: Float64Array, columns: Float64Array): Table {
  const { values, unit, method } = poses;
  return {
    columns: [
      { name: 'time', unit: 's', values: poses.rowFrames.map((frame) => seconds(rows, frame)) },
      ...poses.columnFrames.map((frame, j) => ({
        name: String(seconds(columns, frame)),
        unit,
        definition: method,
        values: poses.rowFrames.map((_, i) => values[poses.columns * i + j]),
      })),
    ],
  };
}

/** Shares of the points by speed: the whole recording first, then frame by frame. */
function histogramTable({ whole, frames, most }: SpeedHistograms, { timesS }: Moving): Table {
  const rows = [whole, ...frames];
  const edge = (b: number) => ((most * b) / SPEED_BINS).toFixed(0);
  return {
    columns: [
      {
        name: 'time',
        unit: 's',
        definition: 'Empty for the whole recording',
        values: rows.map((_, r) => (r === 0 ? null : timesS[r - 1])),
      },
      ...Array.from({ length: SPEED_BINS }, (_, b) => ({
        name: `${edge(b)}-${edge(b + 1)}`,
        unit: '1' as const,
        definition: `Share of the points that move by ${edge(b)} to ${b === SPEED_BINS - 1 ? 'any higher' : edge(b + 1)} mm/s`,
        values: rows.map((shares) => shares[b]),
      })),
    ],
  };
}

function posesTable(poses: PoseDistances, rows: Float64Array, columns: Float64Array, apart: number): Table {
  const found = similarPoses(poses, apart);
  return {
    columns: [
      { name: 'time', unit: 's', values: found.map(({ row }) => seconds(rows, poses.rowFrames[row])) },
      {
        name: 'mostSimilar',
        unit: 's',
        definition:
          'Moment of the most similar pose: of the reference where there is one, else of the recording itself, half a second away',
        values: found.map(({ column }) => seconds(columns, poses.columnFrames[column])),
      },
      { name: 'distance', unit: poses.unit, definition: poses.method, values: found.map(({ distance }) => distance) },
    ],
  };
}

function comparisonTable({ path }: Comparison, poses: PoseDistances, a: Moving, b: Moving): Table {
  const [first, second] = [Array.from(path.first), Array.from(path.second)];
  return {
    columns: [
      { name: 'time', unit: 's', values: first.map((row) => seconds(a.timesS, poses.rowFrames[row])) },
      {
        name: 'referenceTime',
        unit: 's',
        definition: 'Moment of the reference that belongs to it after time warping',
        values: second.map((column) => seconds(b.timesS, poses.columnFrames[column])),
      },
      {
        name: 'distance',
        unit: poses.unit,
        definition: poses.method,
        values: first.map((row, k) => poses.values[poses.columns * row + second[k]]),
      },
    ],
  };
}

/** Frames of both recordings that belong together after warping. */
function framePairs({ path }: Comparison, { rowFrames, columnFrames }: PoseDistances): [number, number][] {
  return Array.from(path.first, (row, k): [number, number] => [rowFrames[row], columnFrames[path.second[k]]]);
}

/** Frames whose surface is smaller than this share of its median are partly hidden. */
const HIDDEN_BELOW = 0.6;

/** What is missing of the body: points, frames without any, frames in which much of the surface is hidden. */
function missingFlags({ names, kind, frames, emptyFrames }: Moving): QualityFlag[] {
  const flags: QualityFlag[] = [];
  const percent = (share: number) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
  if (emptyFrames > 0)
    flags.push({
      code: 'video.frames-empty',
      severity: emptyFrames > 0.05 * frames.length ? 'doubt' : 'info',
      message: `${emptyFrames} frames hold no point and were left out; times between their neighbours are longer there.`,
    });
  if (names) {
    const lost = names
      .map((name, k) => ({ name, share: mean(frames.map((points) => (Number.isNaN(points[3 * k]) ? 1 : 0))) }))
      .filter(({ share }) => share > 0)
      .sort((a, b) => b.share - a.share);
    if (lost.length > 0)
      flags.push({
        code: 'video.points-missing',
        severity: lost[0].share > 0.2 ? 'doubt' : 'info',
        where: lost.map(({ name }) => name).join(', '),
        message: `Missing, not filled: ${lost
          .slice(0, 8)
          .map(({ name, share }) => `${name} in ${percent(share)} of the frames`)
          .join(
            ', ',
          )}${lost.length > 8 ? ' …' : ''}. Their speed is left empty there; the middle is that of the points seen in every frame.`,
      });
  } else if (kind === 'depth' || kind === 'cloud') {
    const sizes = frames.map((points) => points.length);
    const usual = quantile(sizes, 0.5);
    const hidden = sizes.filter((size) => size < HIDDEN_BELOW * usual).length;
    if (hidden > 0)
      flags.push({
        code: 'video.occlusion',
        severity: hidden > 0.1 * frames.length ? 'doubt' : 'info',
        message: `In ${hidden} of ${frames.length} frames less than ${percent(HIDDEN_BELOW)} of the usual surface is seen: part of the body was hidden or out of the picture. Volume, middle and speed are off there.`,
      });
  }
  return flags;
}

function flagsOf({ moving, speeds }: Measured): QualityFlag[] {
  const flags: QualityFlag[] = missingFlags(moving);
  const add = (code: string, severity: QualityFlag['severity'], message: string) =>
    flags.push({ code: `video.${code}`, severity, message });
  if (moving.kind === 'depth')
    add(
      'one-side',
      'info',
      'One camera sees one side of the body: there is no volume, and the middle is that of the side.',
    );
  if (!moving.up) add('no-up', 'doubt', 'The recording does not say what is up; y was taken.');
  const rate = (moving.timesS.length - 1) / (moving.timesS[moving.timesS.length - 1] - moving.timesS[0]);
  if (speeds.method !== 'correspondence' && rate < 10)
    add(
      'slow-camera',
      'doubt',
      `${rate.toFixed(1)} frames a second are few for points without correspondence: fast limbs may be lost.`,
    );
  return flags;
}

/** Kinematics of bodies in 3D video. */
export const videoKinematics = defineCapability({
  id: 'video-kinematics',
  version: 2,
  title: '3D video kinematics',
  summary:
    'How a body moves in a sequence of meshes, clouds, depth pictures or skeletons: path, speed of every point, volume, activated space, repetitions, similar poses; compared with a second recording where there is one.',
  scales: ['macro'],
  inputs: { sequence: 'sequence.*', reference: 'sequence.*?' },
  params: {
    voxel: { type: 'number', label: 'Edge of a cube', unit: 'mm', min: 5, max: 200, default: 20 },
    minSpeed: {
      type: 'number',
      label: 'Moving is faster than',
      unit: 'm/s',
      min: 0,
      max: 5,
      default: 0.1,
      help: 'Slower points neither activate space nor count as moving.',
    },
    correspondence: {
      type: 'boolean',
      label: 'Trust correspondence',
      default: true,
      help: 'Off treats vertices of one mesh as if nobody knew which is which.',
    },
    following: {
      type: 'choice',
      label: 'Points without correspondence',
      options: ['flow', 'nearest'],
      default: 'flow',
      help: 'The flow follows swinging limbs; nearest points are faster and a lower bound.',
    },
    target: {
      type: 'choice',
      label: 'Region that should move',
      options: ['auto', 'head', 'trunk', 'arms', 'legs'],
      default: 'auto',
      help: 'The compensation index tells how much moves elsewhere; auto takes the region that moves most.',
    },
  },
  outputs: {
    curves: 'signal.measure',
    centroid: 'sequence.markers',
    moving: 'sequence.*',
    activity: 'sequence.cloud',
    similarity: 'table.matrix',
    histograms: 'table.record',
    poses: 'table.record',
    keypoints: 'sequence.cloud?',
    comparison: 'table.record?',
  },
  features: VIDEO_FEATURES,
  automatic: false,
  run(ctx, { sequence, reference }, params): CapabilityResult {
    const options = {
      method: params.following as 'flow' | 'nearest',
      voxelMm: params.voxel,
      minSpeed: 1000 * params.minSpeed,
    };
    const share = reference ? 0.5 : 1;
    const own = movingOf(sequence, params.correspondence);
    const measured = measureMoving(own, options, ctx, (done, text) => ctx.progress(0.9 * share * done, text));
    const other = reference && movingOf(reference, params.correspondence);
    const second =
      other && measureMoving(other, options, ctx, (done, text) => ctx.progress(0.9 * (0.5 + 0.5 * done), text));
    const histograms = histogramsOf(second ? [measured, second] : [measured]);
    const cross = other && poseDistances(own, other);
    const comparison =
      second && cross
        ? compareRecordings(cross, [histograms[0], histograms[1]], [measured.centroid, second.centroid])
        : undefined;
    const quality = flagsOf(measured);
    const target = params.target as Region | 'auto';
    const apart = Math.ceil((0.5 * (own.timesS.length - 1)) / (own.timesS[own.timesS.length - 1] - own.timesS[0]));
    const [poses, to] = cross && other ? [cross, other] : [measured.poses, own];
    const gap = cross ? 0 : Math.max(1, Math.ceil(apart / (poses.rowFrames[1] ?? 1)));
    const outputs: CapabilityResult['outputs'] = {
      curves: curvesOf(measured),
      centroid: centroidDraft(measured),
      moving: movingDraft(measured),
      activity: activityDraft(measured),
      similarity: {
        kind: 'table.matrix',
        name: 'Self-similarity',
        payload: matrixOf(measured.poses, own.timesS, own.timesS),
      },
      histograms: { kind: 'table.record', name: 'Speed histograms', payload: histogramTable(histograms[0], own) },
      poses: { kind: 'table.record', name: 'Similar poses', payload: posesTable(poses, own.timesS, to.timesS, gap) },
    };
    if (measured.signatures) outputs.keypoints = keypointsDraft(own, measured.signatures);
    if (comparison && cross && other)
      outputs.comparison = {
        kind: 'table.record',
        name: 'Comparison',
        payload: comparisonTable(comparison, cross, own, other),
      };
    const aroundKeypoints = () =>
      comparison && cross && other
        ? signatureDistance(own, other, framePairs(comparison, cross), () => ctx.signal.throwIfAborted())
        : Number.NaN;
    const compared =
      comparison && cross
        ? { comparison: { ...comparison, aroundKeypoints: aroundKeypoints() }, poses: cross }
        : undefined;
    return { outputs, features: featuresOf(measured, target, options.minSpeed, compared), quality };
  },
});
