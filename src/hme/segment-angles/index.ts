/** Door: joint and trunk angles after the ISB from sensors on segments, with the calibration between and its check. */

import {
  type ArtifactDraft,
  angleChannels,
  type CapabilityResult,
  defineCapability,
  type QualityFlag,
  type SignalChannel,
  type Signals,
} from '../../model/index.ts';
import { velocityOf } from './angles.ts';
import { measureSegmentAngles, type SegmentAngleOptions, type SegmentAngles } from './assemble.ts';
import { type CalibrationOptions, HEADING_AXES, segmentAt } from './calibrate.ts';
import { checkFeatures, checkTable } from './check.ts';
import { SEGMENT_FEATURES } from './features.ts';
import { angleFeatures } from './measure.ts';
import { parseMapping } from './segments.ts';

export { type AngleTrack, anglesOf, velocityOf } from './angles.ts';
export { measureSegmentAngles, type SegmentAngleOptions, type SegmentAngles } from './assemble.ts';
export { type CalibratedSegment, type CalibrationOptions, calibrate, HEADING_AXES, segmentAt } from './calibrate.ts';
export { SEGMENT_FEATURES } from './features.ts';
export { parseMapping, type Segments, type SegmentTrack, segmentsOf } from './segments.ts';
export { type BodyScript, type PostureAngles, simulateBody } from './simulate.ts';

function signalsOf({ segments }: SegmentAngles, channels: SignalChannel[]): Signals {
  return { ...segments.base, channels };
}

function velocityChannels({ angles, segments }: SegmentAngles): SignalChannel[] {
  const { rateHz, timeS } = segments.base;
  return angles.map(({ id, convention, joint, side, values }) => ({
    name: `${id} (${convention})`,
    unit: 'deg/s',
    quantity: 'angular-rate',
    segment: joint,
    ...(side ? { side } : {}),
    values: velocityOf(values, rateHz, timeS),
  }));
}

/** Orientation of the segments themselves, in the room X forward, Y up, Z right. */
function segmentChannels({ calibrated, segments }: SegmentAngles): SignalChannel[] {
  return calibrated.flatMap((one) => {
    const parts = [0, 1, 2, 3].map(() => new Float64Array(segments.count));
    for (let i = 0; i < segments.count; i++) for (const [k, part] of segmentAt(one, i).entries()) parts[k][i] = part;
    const { id, segment, side } = one.track;
    return (['w', 'x', 'y', 'z'] as const).map((axis, k) => ({
      name: `${id}_${axis}`,
      unit: '1' as const,
      quantity: 'orientation' as const,
      axis,
      sensor: id,
      segment,
      ...(side ? { side } : {}),
      values: parts[k],
    }));
  });
}

const NO_SEGMENTS: QualityFlag = {
  code: 'segment.none',
  severity: 'fault',
  message:
    'No sensor says which body segment it sits on. Name them in the parameter "sensors", for example "A=pelvis, B=thigh.left".',
};

/** Joint and trunk angles from inertial sensors. */
export const segmentAngles = defineCapability({
  id: 'segment-angles',
  version: 1,
  title: 'Angles of segments that carry sensors',
  summary:
    'Sensor-to-segment calibration, static or functional, with its check, and joint and trunk angles after the ISB with ranges and velocities.',
  scales: ['macro'],
  inputs: { orientation: 'signal.orientation[]', recording: 'signal.imu[]?' },
  params: {
    sensors: {
      type: 'text',
      label: 'Sensors and segments',
      default: '',
      help: 'sensor=segment pairs: "A=pelvis, B=thigh.left"; empty: as the file says',
    },
    calibration: {
      type: 'choice',
      label: 'Calibration',
      options: ['auto', 'static', 'functional', 'none'],
      default: 'auto',
      help: 'static: one heading for all; functional: each sensor by its own bending; auto: functional without magnetic field; none: sensors are aligned already',
    },
    poseStart: { type: 'number', label: 'Neutral pose from', unit: 's', min: -1e6, max: 1e9, default: 0 },
    poseEnd: {
      type: 'number',
      label: 'Neutral pose to',
      unit: 's',
      min: -1e6,
      max: 1e9,
      default: 0,
      help: 'not after its start: the first moment in which nobody moves',
    },
    movementStart: { type: 'number', label: 'Bending from', unit: 's', min: -1e6, max: 1e9, default: 0 },
    movementEnd: {
      type: 'number',
      label: 'Bending to',
      unit: 's',
      min: -1e6,
      max: 1e9,
      default: 0,
      help: 'not after its start: the whole recording',
    },
    headingAxis: {
      type: 'choice',
      label: 'Axis of the base sensor that points forward',
      options: HEADING_AXES,
      default: 'auto',
      help: 'auto: from the bending of the body',
    },
    headingRule: {
      type: 'choice',
      label: 'Heading of that axis',
      options: ['level', 'opensense'],
      default: 'level',
      help: 'opensense: its whole angle to forward, tilt and all, as OpenSense takes it',
    },
    headings: {
      type: 'choice',
      label: 'Headings of the sensors',
      options: ['auto', 'shared', 'own'],
      default: 'auto',
      help: 'shared: one earth frame for all; own: each starts anywhere and drifts (6 axes); auto: as the orientation and the raw samples say',
    },
    base: { type: 'text', label: 'Base segment', default: '', help: 'empty: pelvis, else lumbar, else thorax' },
    drift: {
      type: 'boolean',
      label: 'Take heading drift out',
      default: true,
      help: 'of sensors without magnetic field, where the subject stands upright and still',
    },
  },
  outputs: {
    angles: 'signal.angle?',
    velocities: 'signal.measure?',
    segments: 'signal.orientation?',
    calibration: 'table.record?',
  },
  features: SEGMENT_FEATURES,
  run(ctx, { orientation, recording = [] }, params): CapabilityResult {
    const found = measureSegmentAngles(orientation, recording, {
      mapping: parseMapping(params.sensors),
      headings: params.headings as SegmentAngleOptions['headings'],
      method: params.calibration as CalibrationOptions['method'],
      headingAxis: params.headingAxis as CalibrationOptions['headingAxis'],
      headingRule: params.headingRule as CalibrationOptions['headingRule'],
      base: params.base,
      poseS: [params.poseStart, params.poseEnd],
      movementS: [params.movementStart, params.movementEnd],
      drift: params.drift,
    });
    if (found.calibrated.length === 0) return { outputs: {}, features: [], quality: [...found.quality, NO_SEGMENTS] };
    ctx.progress(0.8, `${found.calibrated.length} segments`);
    const drafts: Record<string, ArtifactDraft> = {
      segments: {
        kind: 'signal.orientation',
        payload: signalsOf(found, segmentChannels(found)),
        name: 'Orientation of segments',
      },
      calibration: { kind: 'table.record', payload: checkTable(found.checks), name: 'Sensor-to-segment calibration' },
    };
    if (found.angles.length > 0) {
      drafts.angles = { kind: 'signal.angle', payload: signalsOf(found, angleChannels(found.angles)), name: 'Angles' };
      drafts.velocities = {
        kind: 'signal.measure',
        payload: signalsOf(found, velocityChannels(found)),
        name: 'Angular velocities',
      };
    }
    return {
      outputs: drafts,
      features: [...angleFeatures(found), ...checkFeatures(found.checks)],
      quality: found.quality,
    };
  },
});
