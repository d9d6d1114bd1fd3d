/** Movement of real recordings and of the virtual subject, measured and compared: for the golden tests and the accuracy tables. */

import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type MotionParams, type MovingSubject, simulateMotion } from '../../../fixtures/synth/index.ts';
import { catalogue } from '../../../src/catalogue.ts';
import { compareSources, type PairAgreement } from '../../../src/hme/agreement/index.ts';
import { clockAlignment } from '../../../src/hme/clock-alignment/index.ts';
import { imuOrientation } from '../../../src/hme/imu-orientation/index.ts';
import { motionKinematics } from '../../../src/hme/motion-kinematics/index.ts';
import { segmentAngles } from '../../../src/hme/segment-angles/index.ts';
import { angleDeg, type Mat3, median, sub3, symmetricEigen3, unit3, type Vec3 } from '../../../src/kernel/index.ts';
import type {
  ArtifactDraft,
  ArtifactKind,
  ArtifactValue,
  ClockMap,
  Clocks,
  FeatureDraft,
  ParamValues,
  PayloadByKind,
  PointSequence,
  Signals,
} from '../../../src/model/index.ts';
import { frameCount } from '../../../src/model/index.ts';
import { type ExecuteResult, readFiles } from '../../../src/runtime/index.ts';
import { dataPath } from '../data-root.ts';
import { memoryFile } from '../formats/formats.ts';
import { outputsOf, runCapability } from '../read.ts';

/** Squats, sit-to-stand and walking with an expert's inverse kinematics. */
export const EXPERT = 'opensim-addbiomechanics-expert1';
/** Exercises of the back, camera and optical targets. */
export const KERAAL = 'skel-keraal';
/** Actions before a camera, with a sensor on wrist or thigh. */
export const UTD = 'skel-utd-mhad';

/** Actions of UTD-MHAD with the sensor on the thigh. */
export const THIGH_ACTIONS = [
  [24, 'sit to stand'],
  [25, 'stand to sit'],
  [26, 'lunge, left foot forward'],
  [27, 'squat'],
] as const;

/** Clocks of the virtual subject's camera and sensors. */
export const VIRTUAL_CLOCKS = { camera: { offsetS: 1.3, driftPpm: 40 }, sensors: { offsetS: -2.1, driftPpm: -60 } };

/** First artifact of a kind in a file of the real data, read as the product reads it. */
async function readMotion<Kind extends ArtifactKind>(kind: Kind, ...parts: string[]): Promise<ArtifactValue<Kind>> {
  const name = parts[parts.length - 1].replace(/\.gz$/, '');
  const stored = readFileSync(dataPath(...parts));
  const bytes = new Uint8Array(name === parts[parts.length - 1] ? stored : gunzipSync(stored));
  const report = await readFiles(catalogue, [memoryFile(name, bytes)], {});
  if (report.errors.length) throw report.errors[0].error;
  const drafts = report.items.flatMap(({ artifacts }) => artifacts) as ArtifactDraft[];
  const found = drafts.find((draft) => draft.kind === kind);
  if (!found) throw new Error(`${name} holds ${drafts.map((draft) => draft.kind).join(', ')}, not ${kind}`);
  return { kind, payload: found.payload as PayloadByKind[Kind], name };
}

/** Runs motion-kinematics on a recording. */
async function kinematicsOf(recording: ArtifactValue, params: ParamValues = {}, standing?: ArtifactValue) {
  const result = await runCapability(
    motionKinematics,
    { recording: [recording], ...(standing ? { standing: [standing] } : {}) },
    params,
  );
  return { ...result, angles: outputsOf(result, 'angles')[0].payload as Signals };
}

/** A number of a result. */
export function numberOf(
  result: { features: readonly FeatureDraft[] },
  definition: string,
  site?: string,
  side?: string,
): number {
  const found = result.features.find(
    (feature) => feature.definition === definition && feature.site === site && feature.side === side,
  );
  return typeof found?.value === 'number' ? found.value : Number.NaN;
}

/** Interval of a feature, NaN where it is unknown. */
export function intervalOf(
  result: { features: readonly FeatureDraft[] },
  definition: string,
  site: string,
): [number, number] {
  const found = result.features.find((feature) => feature.definition === definition && feature.site === site);
  return found?.uncertainty.kind === 'interval'
    ? [found.uncertainty.low, found.uncertainty.high]
    : [Number.NaN, Number.NaN];
}

/** Markers against the expert's inverse kinematics of the same trial, pair by pair; both have one clock. */
export async function expertAgreement(trial: string): Promise<{ pairs: PairAgreement[]; result: ExecuteResult }> {
  const zipped = existsSync(dataPath(EXPERT, `${trial}.trc.gz`)) ? '.gz' : '';
  const markers = await readMotion('sequence.markers', EXPERT, `${trial}.trc${zipped}`);
  const standing = await readMotion('sequence.markers', EXPERT, 'static1.trc');
  const expert = await readMotion('signal.angle', EXPERT, `${trial}.mot${zipped}`);
  const result = await kinematicsOf(markers as ArtifactValue, {}, standing as ArtifactValue);
  const same = { ...expert.payload, clock: result.angles.clock };
  return { pairs: compareSources(same, result.angles, { lag: 'report' }).pairs, result };
}

/** One exercise of KERAAL: camera against optical targets. */
export interface KeraalFigures {
  exercise: string;
  task: string;
  /** share of the camera's frames in which the trunk could not be told · 0 to 1 */
  lost: number;
  pairs: {
    name: string;
    lagS: number;
    correlation: number;
    rmse: number;
    /** smallest and largest angle where both are there · deg */
    camera: [number, number];
    optical: [number, number];
    /** the same of all that the optical system saw · deg */
    opticalWhole: [number, number];
  }[];
}

/** Camera against optical targets, each from its own pose at the start. */
export async function keraalFigures(exercise: 'CTK' | 'ELK' | 'RTK'): Promise<KeraalFigures> {
  const file = (device: string) => `G3-${device}-${exercise}-P1T1-Unknown-C-0.txt`;
  const camera = await kinematicsOf((await readMotion('sequence.skeleton', KERAAL, file('Kinect'))) as ArtifactValue, {
    zero: 'start',
  });
  const optical = await kinematicsOf((await readMotion('sequence.skeleton', KERAAL, file('Vicon'))) as ArtifactValue, {
    zero: 'start',
  });
  const names = ['trunk.flexion', 'trunk.lateral', 'trunk.rotation', 'lumbar.rotation'];
  const { pairs } = compareSources(optical.angles, camera.angles, {
    pairs: names.map((name) => `${name}=${name}`).join(';'),
    maxLagS: 0.5,
  });
  const range = (values: Float64Array): [number, number] => [Math.min(...values), Math.max(...values)];
  const whole = (name: string) =>
    range(
      Float64Array.from(optical.angles.channels.find((channel) => channel.name.startsWith(name))?.values ?? []).filter(
        (value) => !Number.isNaN(value),
      ),
    );
  const trunk =
    camera.angles.channels.find(({ name }) => name.startsWith('trunk.lateral'))?.values ?? new Float64Array();
  return {
    exercise,
    task: camera.features.find(({ task }) => task)?.task ?? '',
    lost: trunk.filter((value) => Number.isNaN(value)).length / trunk.length,
    pairs: pairs.map(({ pair, lag, common, measures }) => {
      const both = [...common.first.keys()].filter((i) => Number.isFinite(common.first[i] + common.second[i]));
      return {
        name: pair.name,
        lagS: lag?.lagS ?? Number.NaN,
        correlation: measures.correlation,
        rmse: measures.rmse,
        optical: range(Float64Array.from(both, (i) => common.first[i])),
        camera: range(Float64Array.from(both, (i) => common.second[i])),
        opticalWhole: whole(pair.name),
      };
    }),
  };
}

/** Clocks of the virtual subject, sensors against a camera. */
export interface VirtualClocks {
  /** error of the offset at the middle of the recording · s */
  offsetErrorS: number;
  driftErrorPpm: number;
  map: ClockMap;
  clocks: Clocks;
}

function syntheticValue<K extends ArtifactKind>(kind: K, payload: PayloadByKind[K], name: string): ArtifactValue {
  return { kind, payload, name, synthetic: true };
}

/** Joins the clocks of sensors and camera of a virtual subject and compares with what was prescribed. */
export async function alignVirtual(subject: MovingSubject): Promise<VirtualClocks> {
  const inputs = {
    signals: [syntheticValue('signal.imu', subject.imu, 'sensors')],
    sequences: [syntheticValue('sequence.skeleton', subject.skeleton, 'camera')],
  };
  const aligned = await runCapability(clockAlignment, inputs, { reference: subject.skeleton.clock });
  const clocks = outputsOf(aligned, 'clocks')[0].payload as Clocks;
  const [map] = clocks.maps;
  const prescribed = (clock: string) => subject.truth.clocks.find(({ from }) => from === clock);
  const [s, c] = [prescribed(subject.imu.clock), prescribed(subject.skeleton.clock)];
  if (!s || !c) throw new Error('the virtual subject does not tell its clocks');
  // sensors → true seconds → camera
  const exact = (timeS: number) => (timeS * (1 + s.driftPpm * 1e-6) + s.offsetS - c.offsetS) / (1 + c.driftPpm * 1e-6);
  const middle = subject.imu.startS + subject.durationS / 2;
  return {
    offsetErrorS: middle * (1 + map.driftPpm * 1e-6) + map.offsetS - exact(middle),
    driftErrorPpm: map.driftPpm - ((1 + s.driftPpm * 1e-6) / (1 + c.driftPpm * 1e-6) - 1) * 1e6,
    map,
    clocks,
  };
}

/**
 * Where the sensors' neutral pose is. Who is to stand up begins seated, so the first moment of standing is named, as a user would; all others
 * begin standing still, and it is found.
 */
function neutralPose({ truth }: MovingSubject, sensorClock: string): ParamValues {
  if (truth.task !== 'sit-to-stand') return {};
  const own = truth.clocks.find(({ from }) => from === sensorClock);
  const [{ startS, periodS }] = truth.plan.cycles;
  const told = (share: number) => (startS + share * periodS - (own?.offsetS ?? 0)) / (1 + (own?.driftPpm ?? 0) * 1e-6);
  return { poseStart: told(0.42), poseEnd: told(0.58) };
}

/** The whole road on the virtual subject: two drifting clocks, angles from sensors and from a skeleton, compared on one clock. */
export async function virtualAgreement(params: MotionParams): Promise<VirtualClocks & { pairs: PairAgreement[] }> {
  const subject = simulateMotion(params);
  const found = await alignVirtual(subject);
  const imu = syntheticValue('signal.imu', subject.imu, 'sensors');
  const orientation = await runCapability(imuOrientation, { recording: [imu] });
  const segments = await runCapability(
    segmentAngles,
    {
      orientation: outputsOf(orientation, 'orientation').map((draft) => draft as ArtifactValue),
      recording: [imu],
    },
    neutralPose(subject, subject.imu.clock),
  );
  const sensors = outputsOf(segments, 'angles')[0].payload as Signals;
  const camera = (await kinematicsOf(syntheticValue('sequence.skeleton', subject.skeleton, 'camera'))).angles;
  return { ...found, pairs: compareSources(camera, sensors, { clocks: found.clocks }).pairs };
}

/** Thigh of UTD-MHAD, sensor against camera, over recordings. */
export interface ThighFigures {
  action: string;
  recordings: number;
  /** medians over the recordings */
  lagS: number;
  speedCorrelation: number;
  correlation: number;
  rmseDeg: number;
  biasDeg: number;
  /** 95 % limits of agreement within a recording · deg */
  limitsDeg: [low: number, high: number];
  kneeCorrelation: number;
  hipCorrelation: number;
}

/** Turning of a sensor about the axis it turns about most, its rest taken off · deg */
function turned(imu: Signals): Float64Array {
  const rates = (['x', 'y', 'z'] as const).map((axis) => {
    const channel = imu.channels.find((one) => one.quantity === 'angular-rate' && one.axis === axis);
    if (!channel) throw new Error('no gyroscope');
    const rest = median(channel.values.slice(0, Math.round(0.3 * imu.rateHz)));
    return Float64Array.from(channel.values, (value) => value - rest);
  });
  const scatter = rates.flatMap((a) => rates.map((b) => a.reduce((sum, value, i) => sum + value * b[i], 0)));
  const axis = symmetricEigen3(scatter as unknown as Mat3).vectors[0];
  let angle = 0;
  return rates[0].map((_, i) => {
    angle += (rates[0][i] * axis[0] + rates[1][i] * axis[1] + rates[2][i] * axis[2]) / imu.rateHz;
    return angle;
  });
}

/** Angle of the thigh away from its direction at the start in its own plane of movement, from hip and knee joints · deg */
function thighTurn(skeleton: PointSequence): Float64Array {
  const at = (name: string, i: number) => {
    const k = 3 * (i * skeleton.names.length + skeleton.names.indexOf(name));
    return [0, 1, 2].map((axis) => skeleton.positions[k + axis]);
  };
  const bones = Array.from({ length: frameCount(skeleton) }, (_, i) =>
    unit3(sub3(at('knee.right', i) as unknown as Vec3, at('hip.right', i) as unknown as Vec3)),
  );
  return Float64Array.from(bones, (bone) => angleDeg(bones[0], bone));
}

/**
 * Sensor on the right thigh against the skeleton of the same repetition. Neither file has times: 50 Hz for the sensor, and for the camera the rate at
 * which both are equally long.
 */
export async function thighFigures(action: number, name: string): Promise<ThighFigures> {
  const rows: number[][] = [];
  for (let subject = 1; subject <= 8; subject++)
    for (let trial = 1; trial <= 4; trial++) {
      const stem = `a${action}_s${subject}_t${trial}`;
      if (!existsSync(dataPath(UTD, 'Skeleton', `${stem}_skeleton.mat`))) continue;
      const skeleton = await readMotion('sequence.skeleton', UTD, 'Skeleton', `${stem}_skeleton.mat`);
      const imu = (await readMotion('signal.imu', UTD, 'Inertial', `${stem}_inertial.mat`)).payload;
      const lengthS = imu.channels[0].values.length / imu.rateHz;
      const rateHz = frameCount(skeleton.payload) / lengthS;
      const payload = { ...skeleton.payload, rateHz };
      const sensor = turned(imu);
      const camera = thighTurn(payload);
      const peak = [...sensor].reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
      const channel = (values: Float64Array): Signals['channels'] => [
        { name: 'thigh', unit: 'deg', quantity: 'angle', values },
      ];
      const base = { startS: 0, clock: 'camera', rateHz };
      const own: Signals = {
        clock: 'sensor',
        startS: 0,
        rateHz: imu.rateHz,
        channels: channel(sensor.map((value) => value * Math.sign(peak))),
      };
      const [thigh] = compareSources({ ...base, channels: channel(camera) }, own, { maxLagS: 1 }).pairs;
      const { angles } = await kinematicsOf({ ...skeleton, payload } as ArtifactValue);
      const joint = (id: string) => {
        const found = angles.channels.find((one) => one.name.startsWith(id));
        if (!found) return Number.NaN;
        return compareSources({ ...base, channels: channel(Float64Array.from(found.values)) }, own, { maxLagS: 1 })
          .pairs[0].measures.correlation;
      };
      const aligned = await runCapability(
        clockAlignment,
        {
          signals: [{ kind: 'signal.imu', payload: imu, name: stem }],
          sequences: [{ kind: 'sequence.skeleton', payload: { ...payload, clock: 'camera' }, name: stem }],
        },
        { reference: 'camera', drift: false },
      );
      const [map] = (outputsOf(aligned, 'clocks')[0].payload as Clocks).maps;
      const speed = Number(/correlation ([\d.]+)/.exec(map.basis)?.[1] ?? Number.NaN);
      rows.push([
        -map.offsetS,
        speed,
        thigh.measures.correlation,
        thigh.measures.rmse,
        thigh.measures.bias,
        ...thigh.measures.limits,
        joint('knee.flexion.right'),
        joint('hip.flexion.right'),
      ]);
    }
  const middle = (k: number) => median(rows.map((row) => row[k]).filter((value) => Number.isFinite(value)));
  const [lagS, speedCorrelation, correlation, rmseDeg, biasDeg, low, high, kneeCorrelation, hipCorrelation] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8,
  ].map(middle);
  return {
    action: name,
    recordings: rows.length,
    lagS,
    speedCorrelation,
    correlation,
    rmseDeg,
    biasDeg,
    limitsDeg: [low, high],
    kneeCorrelation,
    hipCorrelation,
  };
}
