/** Orientation of one sensor by the chosen filter, stretch by stretch; the vendor's own where there is nothing to filter. O(samples). */

import { type ImuSamples, madgwick2010, mahony2008, type OrientationEstimate, vqf2023 } from '../../kernel/index.ts';
import { partsOf, setAsideImpossible } from './parts.ts';
import type { Sensor } from './sensors.ts';

/** Filters by name; `vendor` passes on what the device fused itself. */
export const FILTERS = ['vqf2023', 'madgwick2010', 'mahony2008', 'vendor'] as const;
export type FilterName = (typeof FILTERS)[number];

/** With hindsight, or each sample from the past alone. */
export type Mode = 'offline' | 'online';

/** How to estimate. */
export interface EstimateOptions {
  filter: FilterName;
  mode: Mode;
  /** use the magnetic field where there is one */
  field: boolean;
  /** beta of madgwick2010 · rad/s */
  beta: number;
  /** gains of mahony2008 · 1/s, 1/s² */
  kp: number;
  ki: number;
}

/** What became of a sensor. Arrays have the length of the sensor; NaN or 0 in gaps. */
export interface SensorOrientation {
  sensor: Sensor;
  filter: FilterName;
  /** mode that ran: the filters other than vqf2023 know online alone */
  mode: Mode;
  /** heading counts from north (true) or from anywhere */
  north: boolean;
  /** sensor to ENU `[w, x, y, z]` · shape [4N] */
  orientation: Float64Array;
  /** rad/s · shape [3N] */
  bias?: Float64Array;
  /** rad/s · shape [N] */
  biasSd?: Float64Array;
  rest?: Uint8Array;
  disturbed?: Uint8Array;
  bridged: number;
  lost: number;
  uneven: boolean;
  /** samples set aside as impossible */
  impossible: number;
  /** stretches that were filtered one by one */
  stretches: number;
}

/** Undefined where a sensor has neither rate and acceleration nor a vendor's orientation. */
export function estimateSensor(sensor: Sensor, options: EstimateOptions): SensorOrientation | undefined {
  const raw = sensor.gyr !== undefined && sensor.acc !== undefined;
  if ((options.filter === 'vendor' || !raw) && sensor.vendor) return passVendor(sensor, sensor.vendor);
  if (!raw) return undefined;
  const filter = options.filter === 'vendor' ? 'vqf2023' : options.filter;
  const impossible = setAsideImpossible(sensor);
  const { parts, bridged, lost, uneven } = partsOf(sensor, options.field);
  const mode = filter === 'vqf2023' ? options.mode : 'online';
  const north = parts.length > 0 && parts.every(({ samples }) => samples.mag);
  const out: SensorOrientation = {
    sensor,
    filter,
    mode,
    north,
    orientation: new Float64Array(4 * sensor.count).fill(Number.NaN),
    bridged,
    lost,
    uneven,
    impossible,
    stretches: parts.length,
  };
  for (const { from, samples } of parts) put(out, from, runFilter(filter, mode, samples, options));
  return out;
}

function runFilter(filter: FilterName, mode: Mode, samples: ImuSamples, options: EstimateOptions): OrientationEstimate {
  if (filter === 'madgwick2010') return madgwick2010(samples, { beta: options.beta });
  if (filter === 'mahony2008') return mahony2008(samples, { kp: options.kp, ki: options.ki });
  return vqf2023(samples, mode);
}

function put(out: SensorOrientation, from: number, part: OrientationEstimate): void {
  const { count } = out.sensor;
  out.orientation.set(part.orientation, 4 * from);
  if (part.bias) {
    out.bias ??= new Float64Array(3 * count).fill(Number.NaN);
    out.bias.set(part.bias, 3 * from);
  }
  if (part.biasSd) {
    out.biasSd ??= new Float64Array(count).fill(Number.NaN);
    out.biasSd.set(part.biasSd, from);
  }
  if (part.rest) {
    out.rest ??= new Uint8Array(count);
    out.rest.set(part.rest, from);
  }
  if (part.disturbed) {
    out.disturbed ??= new Uint8Array(count);
    out.disturbed.set(part.disturbed, from);
  }
}

/** The vendor's quaternions, made one long; NaN where they are not near one. */
function passVendor(sensor: Sensor, vendor: Float64Array): SensorOrientation {
  const orientation = new Float64Array(4 * sensor.count);
  let lost = 0;
  for (let i = 0; i < sensor.count; i++) {
    const [w, x, y, z] = vendor.subarray(4 * i, 4 * i + 4);
    const norm = Math.hypot(w, x, y, z);
    const good = norm > 0.9 && norm < 1.1;
    if (!good) lost++;
    orientation.set(good ? [w / norm, x / norm, y / norm, z / norm] : [NaN, NaN, NaN, NaN], 4 * i);
  }
  return {
    sensor,
    filter: 'vendor',
    mode: 'online',
    // devices tell all their sensors in one earth frame
    north: true,
    orientation,
    bridged: 0,
    lost,
    uneven: sensor.base.timeS !== undefined,
    impossible: setAsideImpossible(sensor),
    stretches: 1,
  };
}

/** First sample at which the filter had accepted a magnetic field; their number when it never did. */
export function fieldKnownFrom(disturbed: Uint8Array): number {
  const first = disturbed.indexOf(0);
  return first < 0 ? disturbed.length : first;
}
