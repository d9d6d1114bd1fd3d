/** Movement of real recordings and of the virtual subject, measured and compared: for the golden tests and the accuracy tables. */

import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type MotionParams, simulateMotion } from '../../fixtures/synth/index.ts';
import { catalogue } from '../../src/catalogue.ts';
import { compareSources, type PairAgreement } from '../../src/hme/agreement/index.ts';
import { clockAlignment } from '../../src/hme/clock-alignment/index.ts';
import { imuOrientation } from '../../src/hme/imu-orientation/index.ts';
import { motionKinematics } from '../../src/hme/motion-kinematics/index.ts';
import { segmentAngles } from '../../src/hme/segment-angles/index.ts';
import type {
  ArtifactDraft,
  ArtifactKind,
  ArtifactValue,
  ClockMap,
  Clocks,
  FeatureDraft,
  ParamValues,
  PayloadByKind,
  Signals,
} from '../../src/model/index.ts';
import { type ExecuteResult, readFiles } from '../../src/runtime/index.ts';
import { dataPath } from './data-root.ts';
import { memoryFile } from './formats.ts';
import { outputsOf, runCapability } from './read.ts';

/** Squats, sit-to-stand and walking with an expert's inverse kinematics. */
export const EXPERT = 'opensim-addbiomechanics-expert1';
/** Exercises of the back, camera and optical targets. */
export const KERAAL = 'skel-keraal';
/** Actions before a camera, with a sensor on wrist or thigh. */
export const UTD = 'skel-utd-mhad';

/** First artifact of a kind in a file of the real data, read as the product reads it. */
export async function readMotion<Kind extends ArtifactKind>(
  kind: Kind,
  ...parts: string[]
): Promise<ArtifactValue<Kind>> {
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
export async function kinematicsOf(recording: ArtifactValue, params: ParamValues = {}, standing?: ArtifactValue) {
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
      };
    }),
  };
}

/** Clocks and angles of the virtual subject, sensors against a camera. */
export interface VirtualFigures {
  /** error of the offset at the middle of the recording · s */
  offsetErrorS: number;
  driftErrorPpm: number;
  map: ClockMap;
  pairs: PairAgreement[];
}

/** The whole road on the virtual subject: two drifting clocks, angles from sensors and from a skeleton, compared on one clock. */
export async function virtualAgreement(params: MotionParams): Promise<VirtualFigures> {
  const subject = simulateMotion(params);
  const value = <K extends ArtifactKind>(kind: K, payload: PayloadByKind[K], name: string): ArtifactValue => ({
    kind,
    payload,
    name,
    synthetic: true,
  });
  const [imu, skeleton] = [
    value('signal.imu', subject.imu, 'sensors'),
    value('sequence.skeleton', subject.skeleton, 'camera'),
  ];
  const aligned = await runCapability(
    clockAlignment,
    { signals: [imu], sequences: [skeleton] },
    { reference: subject.skeleton.clock },
  );
  const clocks = outputsOf(aligned, 'clocks')[0].payload as Clocks;
  const orientation = await runCapability(imuOrientation, { recording: [imu] });
  const segments = await runCapability(segmentAngles, {
    orientation: outputsOf(orientation, 'orientation').map((draft) => draft as ArtifactValue),
    recording: [imu],
  });
  const sensors = outputsOf(segments, 'angles')[0].payload as Signals;
  const camera = (await kinematicsOf(skeleton)).angles;
  const [map] = clocks.maps;
  const { pairs } = compareSources(camera, sensors, { clocks });
  const true_ = (clock: string) => subject.truth.clocks.find(({ from }) => from === clock);
  const [s, c] = [true_(subject.imu.clock), true_(subject.skeleton.clock)];
  if (!s || !c) throw new Error('the virtual subject does not tell its clocks');
  // sensors → true seconds → camera
  const exact = (timeS: number) => (timeS * (1 + s.driftPpm * 1e-6) + s.offsetS - c.offsetS) / (1 + c.driftPpm * 1e-6);
  const middle = subject.imu.startS + subject.durationS / 2;
  const found = middle * (1 + map.driftPpm * 1e-6) + map.offsetS;
  return {
    offsetErrorS: found - exact(middle),
    driftErrorPpm: map.driftPpm - ((1 + s.driftPpm * 1e-6) / (1 + c.driftPpm * 1e-6) - 1) * 1e6,
    map,
    pairs,
  };
}
