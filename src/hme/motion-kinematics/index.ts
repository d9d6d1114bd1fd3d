/**
 * Door: joint and trunk angles, events and their values from markers or skeletons.
 *
 * Names → body → smooth tracks → joint centres → segment frames → angles → repetitions and steps → features. Linear in frames; 13 s of 51
 * markers at 100 Hz take about 0.2 s. What was tried stands in NOTES.md.
 */

import { MAD_TO_SD, mad } from '../../kernel/index.ts';
import {
  type ArtifactDraft,
  type ArtifactValue,
  type CapabilityResult,
  defineCapability,
  type EventList,
  MsdtError,
  type PointSequence,
  type QualityFlag,
  SKELETON_JOINTS,
  sampleTimeS,
} from '../../model/index.ts';
import { eventsOf, findMovement, type Movement, TASKS, type Task } from './events/movement.ts';
import { KINEMATIC_FEATURES } from './features.ts';
import { type Emission, rangeFeatures, repetitionFeatures, symmetryFeatures } from './measure/emit.ts';
import { type Smoothing, smoothingOf } from './measure/extremes.ts';
import { gaitFeatures, runs } from './measure/gait.ts';
import { rhythmFeatures } from './measure/rhythm.ts';
import { assembleBody, type Body, type BodyOptions } from './points/body.ts';
import { cornerOf, smoothBody } from './points/smooth.ts';
import { type AngleTrack, anglesAsSignals, measureAngles, zeroAtStart } from './pose/angles.ts';
import { addJointCentres } from './pose/joint-centres.ts';
import { buildSegments, type Segments, zeroSegments } from './pose/segments.ts';
import { completeFromStatic, unrestMm } from './pose/static-pose.ts';

export { KINEMATIC_FEATURES } from './features.ts';
export { markerPoint, skeletonPoints } from './points/names.ts';
export type { AngleTrack } from './pose/angles.ts';

type Points = ArtifactValue<'sequence.markers' | 'sequence.skeleton'>;

/** How a recording is measured. */
export interface KinematicsOptions extends BodyOptions {
  task: Task | 'auto';
  /** `start`: the pose of the first half second is neutral */
  zero: 'anatomical' | 'start';
}

/** Everything that is measured on one recording. */
export interface Kinematics {
  body: Body;
  segments: Segments;
  angles: AngleTrack[];
  movement: Movement;
  noiseDeg: Map<string, number>;
  /** undefined: not smoothed */
  smoothing: Smoothing | undefined;
  quality: QualityFlag[];
}

const DEFAULTS: KinematicsOptions = { bridgeS: 0.2, cutoffHz: 6, mapping: new Map(), task: 'auto', zero: 'anatomical' };

/**
 * Measures angles and movement of a recording.
 *
 * @param recording - markers or skeleton
 * @param options - see {@link KinematicsOptions}; by default gaps up to 0.2 s are bridged, tracks smoothed at 6 Hz (skeletons at less where their noise asks for it), angles anatomical
 * @param standing - a standing trial of the same subject with the same markers
 * @throws MsdtError `labels.unknown` the names of the points say too little · `input.empty` no movement
 */
export function measureKinematics(
  recording: Points,
  options: Partial<KinematicsOptions> = {},
  standing?: Points,
): Kinematics {
  const chosen = { ...DEFAULTS, ...options };
  const raw = assembleBody(recording.payload, kindOf(recording), chosen, recording.name);
  const quality = [...raw.quality];
  if (standing && raw.source === 'markers') quality.push(...takeStanding(raw, standing, chosen));
  const cornerHz = cornerFor(raw, chosen, quality);
  const smooth = smoothBody(raw, cornerHz, chosen.bridgeS);
  const prepare = (body: Body) => {
    const centres = addJointCentres(body);
    const segments = buildSegments(body);
    if (chosen.zero === 'start') zeroSegments(body, segments);
    const angles = measureAngles(body, segments);
    if (chosen.zero === 'start') zeroAtStart(angles, body.rateHz);
    return { centres, segments, angles };
  };
  const noisy = smooth === raw ? undefined : prepare(raw);
  const { centres, segments, angles } = prepare(smooth);
  if (angles.length === 0) throw nothingMeasured(raw, recording.name);
  const noiseDeg = new Map(noisy ? angles.map((track) => [track.id, noiseOf(track, noisy.angles)]) : []);
  quality.push(...flagsOf(raw, [...centres]));
  if (segments.oneLine) {
    quality.push({
      code: 'kinematics.no-lumbar-flexion',
      severity: 'info',
      message:
        'Between pelvis and thorax this skeleton has one line only: how far they flex against each other is not seen and not told.',
    });
  }
  const smoothing = noisy && smoothingOf(cornerHz, raw.rateHz);
  const movement = findMovement(smooth, angles, chosen.task);
  return { body: smooth, segments, angles, movement, noiseDeg, smoothing, quality };
}

function cornerFor(raw: Body, { cutoffHz, bridgeS }: KinematicsOptions, quality: QualityFlag[]): number {
  if (raw.source !== 'skeleton' || cutoffHz <= 0) return cutoffHz;
  const corner = cornerOf(raw, cutoffHz, bridgeS);
  if (corner < cutoffHz) {
    quality.push({
      code: 'kinematics.corner',
      severity: 'info',
      message: `The joints were smoothed at ${corner} Hz, not ${cutoffHz} Hz, as their noise asks for; faster movement is flattened.`,
    });
  }
  return corner;
}

function kindOf(recording: Points): 'markers' | 'skeleton' {
  return recording.kind === 'sequence.markers' ? 'markers' : 'skeleton';
}

/** Spread of what smoothing took away · deg */
function noiseOf(track: AngleTrack, noisy: readonly AngleTrack[]): number {
  const other = noisy.find(({ id }) => id === track.id);
  const rest = other?.values.map((value, i) => value - track.values[i]).filter((value) => !Number.isNaN(value));
  return rest?.length ? MAD_TO_SD * mad(rest) : 0;
}

function takeStanding(body: Body, standing: Points, options: BodyOptions): QualityFlag[] {
  const still = assembleBody(standing.payload, 'markers', options, standing.name);
  const unrest = unrestMm(still);
  if (unrest > 25) {
    return [
      {
        code: 'kinematics.standing-moves',
        severity: 'doubt',
        message: `The standing trial moves by ${unrest.toFixed(0)} mm and was not used.`,
      },
    ];
  }
  const { added, rejected, residualMm, strangers } = completeFromStatic(body, still);
  const flags: QualityFlag[] = [];
  if (added.length) {
    flags.push({
      code: 'kinematics.standing-used',
      severity: 'info',
      message: `${added.join(', ')} were carried over from the standing trial (markers fit to ${residualMm.toFixed(1)} mm).`,
    });
  }
  if (rejected.length || strangers) {
    flags.push({
      code: 'kinematics.standing-differs',
      severity: 'doubt',
      where: rejected.join(', '),
      message: `${strangers} markers do not lie where the standing trial has them${rejected.length ? `; ${rejected.join(', ')} was not carried over` : ''}. Check their labels.`,
    });
  }
  return flags;
}

function nothingMeasured(body: Body, file?: string): MsdtError {
  return new MsdtError('input.missing', 'These points give no joint angle', {
    where: { file },
    detail: `recognised: ${[...body.points.keys(), ...body.clusters.keys()].join(', ')}; not recognised: ${body.unknown.slice(0, 30).join(', ')}`,
    hint: 'Angles need hip, knee and ankle, or pelvis and shoulders. Name the points with the parameter mapping, e.g. "asis.left=M1; asis.right=M2".',
  });
}

function flagsOf(body: Body, centres: [string, string][]): QualityFlag[] {
  const flags: QualityFlag[] = [];
  const { filled, bridged, missing } = body.gaps;
  if (bridged)
    flags.push({
      code: 'kinematics.gaps-bridged',
      severity: 'info',
      message: `${bridged} short gaps (${filled} samples) were bridged by cubics with the slopes at both sides.`,
    });
  if (missing) {
    const lost = [...body.points]
      .map(([id, track]) => [id, shareMissing(track)] as const)
      .filter(([, share]) => share > 0.02);
    flags.push({
      code: 'kinematics.points-missing',
      severity: lost.some(([, share]) => share > 0.2) ? 'doubt' : 'info',
      where: lost.map(([id]) => id).join(', '),
      message: `${missing} samples of points are missing (longest stretch ${(longestMissing(body) / body.rateHz).toFixed(2)} s): ${lost.map(([id, share]) => `${id} ${(100 * share).toFixed(0)} %`).join(', ') || 'each below 2 %'}. Angles are left empty there.`,
    });
  }
  if (body.implausible > 0.01)
    flags.push({
      code: 'kinematics.implausible',
      severity: body.implausible > 0.1 ? 'doubt' : 'info',
      message: `In ${(100 * body.implausible).toFixed(0)} % of the frames a bone of the skeleton changed its length by more than a third (something was hidden); these joints were set aside.`,
    });
  const functional = centres.filter(([, source]) => source === 'functional axis').map(([id]) => id);
  if (functional.length)
    flags.push({
      code: 'kinematics.functional-axis',
      severity: 'info',
      where: functional.join(', '),
      message: `${functional.join(', ')}: no inner marker; the centre lies on the axis that the bending shows, half an adult joint inward. A standing trial with inner markers is better.`,
    });
  if (body.unknown.length)
    flags.push({
      code: 'kinematics.unknown-names',
      severity: 'info',
      message: `${body.unknown.length} points were not used: ${body.unknown.slice(0, 12).join(', ')}${body.unknown.length > 12 ? ' …' : ''}.`,
    });
  return flags;
}

/** Longest stretch in which a point is missing, at the ends of the recording too · frames */
function longestMissing(body: Body): number {
  let longest = 0;
  for (const track of body.points.values()) {
    let run = 0;
    for (let i = 0; i < track.length; i += 3) {
      run = Number.isNaN(track[i]) ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
  }
  return longest;
}

function shareMissing(track: Float64Array): number {
  let lost = 0;
  for (let i = 0; i < track.length; i += 3) if (Number.isNaN(track[i])) lost++;
  return (3 * lost) / track.length;
}

/**
 * Mapping of anatomical points as a person writes it.
 * @throws MsdtError `parameter.invalid` not a list of point=name
 * @example [...parseMapping('asis.left=M1; c7 = Neck 1')] // [['asis.left', 'M1'], ['c7', 'Neck 1']]
 */
export function parseMapping(text: string): Map<string, string> {
  const entries = text
    .split(/[;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return new Map(
    entries.map((entry) => {
      const at = entry.indexOf('=');
      if (at < 1 || at === entry.length - 1) {
        throw new MsdtError('parameter.invalid', 'The mapping of points cannot be read', {
          where: { place: entry },
          detail: 'expected point=name',
          hint: 'Write e.g. "asis.left=M1; asis.right=M2; kneeLateral.left=M7".',
        });
      }
      return [entry.slice(0, at).trim(), entry.slice(at + 1).trim()];
    }),
  );
}

/** Joint centres of a body as a skeleton in the frame of the file. */
function skeletonOf(body: Body, source: PointSequence): PointSequence | undefined {
  const names = SKELETON_JOINTS.filter((id) => body.points.has(id));
  if (names.length < 3) return undefined;
  const positions = new Float32Array(3 * names.length * body.count);
  const r = body.roomToFile;
  names.forEach((name, k) => {
    const track = body.points.get(name) as Float64Array;
    for (let i = 0; i < body.count; i++) {
      const [x, y, z] = [track[3 * i], track[3 * i + 1], track[3 * i + 2]];
      for (let row = 0; row < 3; row++)
        positions[3 * (i * names.length + k) + row] = r[3 * row] * x + r[3 * row + 1] * y + r[3 * row + 2] * z;
    }
  });
  const { clock, startS, rateHz, timeS, frame, up } = source;
  const parents = names.map((name) => names.indexOf(PARENT[name.split('.')[0]]?.(name) as (typeof names)[number]));
  return {
    clock,
    startS,
    rateHz,
    ...(timeS ? { timeS } : {}),
    frame,
    ...(up ? { up } : {}),
    names,
    positions,
    parents,
  };
}

const beside = (stem: string) => (name: string) => name.replace(/^[^.]+/, stem);
const PARENT: Record<string, (name: string) => string> = {
  hip: () => 'pelvis',
  knee: beside('hip'),
  ankle: beside('knee'),
  shoulder: () => 'pelvis',
  elbow: beside('shoulder'),
  wrist: beside('elbow'),
};

/** Joint angles, events and spatiotemporal values from markers or skeletons. */
export const motionKinematics = defineCapability({
  id: 'motion-kinematics',
  version: 2,
  title: 'Joint angles and events',
  summary:
    'Joint and trunk angles after the ISB, repetitions, steps, symmetry and lumbopelvic rhythm from optical markers or skeletons, with intervals.',
  scales: ['macro'],
  inputs: { recording: 'sequence.points', standing: 'sequence.markers?' },
  params: {
    task: { type: 'choice', label: 'Task', options: ['auto', ...TASKS], default: 'auto' },
    zero: {
      type: 'choice',
      label: 'Zero of the angles',
      options: ['anatomical', 'start'],
      default: 'anatomical',
      help: 'start: the pose of the first half second counts as zero',
    },
    cutoffHz: {
      type: 'number',
      label: 'Smoothing (zero-phase low-pass, 0 for none)',
      unit: 'Hz',
      min: 0,
      max: 30,
      step: 0.5,
      default: 6,
      help: 'of a skeleton the highest corner: its own noise may ask for a lower one',
    },
    bridgeS: {
      type: 'number',
      label: 'Longest gap that is bridged',
      unit: 's',
      min: 0,
      max: 2,
      step: 0.05,
      default: 0.2,
    },
    mapping: {
      type: 'text',
      label: 'Points by name',
      default: '',
      help: 'point=name in the file, separated by semicolons: asis.left=M1; asis.right=M2',
    },
  },
  outputs: { angles: 'signal.angle', events: 'events', skeleton: 'sequence.skeleton?' },
  features: KINEMATIC_FEATURES,
  run(ctx, { recording, standing }, params): CapabilityResult {
    ctx.progress(0.1, 'naming points');
    const options = {
      task: params.task as Task | 'auto',
      zero: params.zero as 'anatomical' | 'start',
      cutoffHz: params.cutoffHz,
      bridgeS: params.bridgeS,
      mapping: parseMapping(params.mapping),
    };
    const kinematics = measureKinematics(recording, options, standing);
    const { body, angles, movement, noiseDeg, smoothing, quality } = kinematics;
    ctx.signal.throwIfAborted();
    ctx.progress(0.8, `${angles.length} angles, ${movement.task}`);
    const sequence = recording.payload;
    const timeOf = (index: number) => sampleTimeS(sequence, index);
    const emission: Emission = { body, angles, movement, noiseDeg, smoothing, timeOf };
    const events: EventList = { clock: sequence.clock, events: eventsOf(movement, timeOf) };
    const skeleton = body.source === 'markers' ? skeletonOf(body, sequence) : undefined;
    if (runs(emission))
      quality.push({
        code: 'kinematics.running',
        severity: 'doubt',
        message:
          'The steps follow each other as in a run: speed, step length and stance, which are defined for walking, are left out.',
      });
    if (movement.guessed)
      quality.push({
        code: 'kinematics.task-guessed',
        severity: 'info',
        message: `The task was taken to be ${movement.task}; set the parameter task if it is another.`,
      });
    const outputs: CapabilityResult['outputs'] = {
      angles: {
        kind: 'signal.angle',
        payload: anglesAsSignals(angles, sequence),
        name: 'Joint angles',
        quality,
      } as ArtifactDraft,
      events: { kind: 'events', payload: events, name: `Events (${movement.task})` } as ArtifactDraft,
    };
    if (skeleton)
      outputs.skeleton = { kind: 'sequence.skeleton', payload: skeleton, name: 'Joint centres' } as ArtifactDraft;
    const features = [rangeFeatures, repetitionFeatures, symmetryFeatures, gaitFeatures, rhythmFeatures].flatMap(
      (emit) => emit(emission),
    );
    return { outputs, features, quality };
  },
});
