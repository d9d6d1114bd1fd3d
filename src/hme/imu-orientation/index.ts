/** Door: orientation of inertial sensors in the earth frame, with rest, magnetic disturbance and gyroscope bias. */

import {
  type ArtifactDraft,
  type CapabilityResult,
  defineCapability,
  type EventList,
  MsdtError,
  type SignalChannel,
  type Signals,
} from '../../model/index.ts';
import { type EstimateOptions, estimateSensor, FILTERS, type SensorOrientation } from './estimate.ts';
import { spellsOf } from './events.ts';
import { IMU_FEATURES } from './features.ts';
import { flagsOf } from './flags.ts';
import { featuresOf, measureSensor, type Naming } from './measure.ts';
import { type Sensor, sensorsOf } from './sensors.ts';
import { tableOf } from './table.ts';

export {
  type EstimateOptions,
  estimateSensor,
  FILTERS,
  type FilterName,
  type Mode,
  type SensorOrientation,
} from './estimate.ts';
export { IMU_FEATURES } from './features.ts';
export { inclinationRange } from './measure.ts';
export { type Sensor, sensorsOf } from './sensors.ts';
export { type ImuRecordingScript, simulateRecording } from './simulate.ts';

const AXES = ['w', 'x', 'y', 'z'] as const;

/** Channels of a sensor's orientation: `w x y z` where it is the only one, else with the sensor's name before. */
function channelsOf(result: SensorOrientation, alone: boolean): SignalChannel[] {
  const { sensor, orientation } = result;
  return AXES.map((axis, k) => ({
    name: alone ? axis : `${sensor.id}_${axis}`,
    unit: '1',
    quantity: 'orientation',
    axis,
    sensor: sensor.id,
    ...(sensor.segment ? { segment: sensor.segment } : {}),
    ...(sensor.side ? { side: sensor.side } : {}),
    values: Float64Array.from({ length: sensor.count }, (_, i) => orientation[4 * i + k]),
  }));
}

/** One artifact per time base, its sensors side by side. */
function orientationDrafts(results: readonly SensorOrientation[]): ArtifactDraft<'signal.orientation'>[] {
  const sources = [...new Set(results.map(({ sensor }) => sensor.source))];
  return sources.map((source) => {
    const own = results.filter(({ sensor }) => sensor.source === source);
    const payload: Signals = {
      ...own[0].sensor.base,
      channels: own.flatMap((result) => channelsOf(result, own.length === 1)),
    };
    const [first] = own;
    return {
      kind: 'signal.orientation',
      payload,
      name: own.length === 1 ? `Orientation of ${first.sensor.id}` : `Orientation of ${own.length} sensors`,
      quality: own
        .filter(({ north }) => !north)
        .map(({ sensor }) => ({
          code: 'imu.heading-relative',
          severity: 'info' as const,
          where: sensor.id,
          message: 'The heading counts from where the recording began.',
        })),
    };
  });
}

/** Site and side of each sensor's features: its segment, or its name where two would share one or there is none. */
function namings(results: readonly SensorOrientation[], sources: readonly number[]): Naming[] {
  const keyOf = ({ segment, side }: Sensor) => `${segment}.${side}`;
  return results.map(({ sensor }) => {
    const own = results.filter((other) => other.sensor.source === sensor.source);
    const shared = own.filter((other) => keyOf(other.sensor) === keyOf(sensor)).length > 1;
    const siblings = own.length;
    const bySegment = sensor.segment !== undefined && !shared;
    return {
      ...(bySegment ? { site: sensor.segment, side: sensor.side } : results.length > 1 ? { site: sensor.id } : {}),
      outputs: AXES.map((axis) => (siblings === 1 ? axis : `${sensor.id}_${axis}`)),
      index: sources.indexOf(sensor.source),
    };
  });
}

/** One list per clock: recordings that know nothing of each other share no time. */
function eventDrafts(results: readonly SensorOrientation[]): ArtifactDraft<'events'>[] {
  const clocks = [...new Set(results.map(({ sensor }) => sensor.base.clock))];
  return clocks.map((clock) => {
    const own = results.filter(({ sensor }) => sensor.base.clock === clock);
    const events = own.flatMap((result) => spellsOf(result, own.length > 1 ? ` (${result.sensor.id})` : ''));
    const payload: EventList = { clock, events: events.sort((a, b) => a.timeS - b.timeS) };
    return { kind: 'events', payload, name: 'Rest and magnetic disturbance' };
  });
}

function nothingUsable(sensors: readonly Sensor[], file: string | undefined): MsdtError {
  return new MsdtError('input.empty', 'No sensor of the recording can be oriented', {
    where: { file },
    detail: sensors
      .flatMap(({ id, quality }) => quality.map(({ message }) => `${id}: ${message}`))
      .join(' ')
      .slice(0, 400),
    hint: 'An orientation needs acceleration and angular rate with known units, or the device’s own quaternion.',
  });
}

/** Orientation of every inertial sensor of a recording. */
export const imuOrientation = defineCapability({
  id: 'imu-orientation',
  version: 2,
  title: 'Orientation of inertial sensors',
  summary:
    'Orientation of each sensor in the east-north-up frame from acceleration, angular rate and magnetic field, with gyroscope bias, rest and magnetic disturbance.',
  scales: ['macro'],
  inputs: { recording: 'signal.imu[]' },
  params: {
    filter: {
      type: 'choice',
      label: 'Filter',
      options: FILTERS,
      default: 'vqf2023',
      help: 'vqf2023 is the most exact; vendor passes on what the device fused itself',
    },
    mode: {
      type: 'choice',
      label: 'Hindsight',
      options: ['offline', 'online'],
      default: 'offline',
      help: 'offline looks at the whole recording, online at the past alone (vqf2023)',
    },
    field: {
      type: 'boolean',
      label: 'Use the magnetic field',
      default: true,
      help: 'off: the heading starts anywhere and drifts, but no metal disturbs it',
    },
    beta: {
      type: 'number',
      label: 'beta of madgwick2010',
      unit: '1',
      min: 0.001,
      max: 5,
      default: 0.12,
      help: 'rad/s',
    },
    kp: { type: 'number', label: 'Kp of mahony2008', unit: '1', min: 0.001, max: 20, default: 0.74, help: '1/s' },
    ki: { type: 'number', label: 'Ki of mahony2008', unit: '1', min: 0, max: 5, default: 0.0012, help: '1/s²' },
  },
  outputs: { orientation: 'signal.orientation[]', events: 'events[]', sensors: 'table.record' },
  features: IMU_FEATURES,
  run(ctx, { recording }, params): CapabilityResult {
    const options: EstimateOptions = {
      filter: params.filter as EstimateOptions['filter'],
      mode: params.mode as EstimateOptions['mode'],
      field: params.field,
      beta: params.beta,
      kp: params.kp,
      ki: params.ki,
    };
    const sensors = sensorsOf(recording);
    const results = sensors.flatMap((sensor, i) => {
      ctx.signal.throwIfAborted();
      ctx.progress((0.9 * i) / sensors.length, sensor.id);
      return estimateSensor(sensor, options) ?? [];
    });
    if (results.length === 0) throw nothingUsable(sensors, recording[0].name);
    const measures = results.map(measureSensor);
    const unused = sensors.filter((sensor) => !results.some((result) => result.sensor === sensor));
    const sources = [...new Set(results.map(({ sensor }) => sensor.source))];
    const names = namings(results, sources);
    return {
      outputs: {
        orientation: orientationDrafts(results),
        events: eventDrafts(results),
        sensors: { kind: 'table.record', payload: tableOf(results, measures), name: 'Sensors' },
      },
      features: results.flatMap((result, i) => featuresOf(result, measures[i], names[i])),
      quality: [
        ...results.flatMap((result, i) => flagsOf(result, measures[i], options)),
        ...unused.flatMap(({ id, quality }) => [
          ...quality,
          {
            code: 'imu.unused',
            severity: 'doubt' as const,
            where: id,
            message: 'Acceleration or angular rate is missing, so this sensor has no orientation.',
          },
        ]),
      ],
    };
  },
});
