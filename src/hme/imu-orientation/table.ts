/** One row a sensor: what it is, what the filter found, how it compares with the device's own orientation. O(samples). */

import { orientationError } from '../../kernel/index.ts';
import { type Table, tableFromRows } from '../../model/index.ts';
import type { SensorOrientation } from './estimate.ts';
import { gravityAtRest } from './flags.ts';
import type { Measures } from './measure.ts';

/** Table of the sensors, in the order of the results. */
export function tableOf(results: readonly SensorOrientation[], measures: readonly Measures[]): Table {
  const rows = results.map((result, i) => {
    const { sensor } = result;
    const { bias, restShare, disturbedShare, inclinationRangeDeg, peak } = measures[i];
    return {
      sensor: sensor.id,
      segment: sensor.segment,
      side: sensor.side,
      rateHz: sensor.base.rateHz,
      samples: sensor.count,
      filter: result.filter,
      mode: result.mode,
      heading: result.north ? 'north' : 'relative',
      lost: result.lost,
      restShare,
      disturbedShare,
      biasX: bias?.xyz[0],
      biasY: bias?.xyz[1],
      biasZ: bias?.xyz[2],
      biasSd: bias?.sd,
      inclinationRange: inclinationRangeDeg,
      peakAngularVelocity: peak?.value,
      gravity: gravityAtRest(result),
      vendorInclination: vendorInclination(result),
    };
  });
  return tableFromRows(rows, {
    rateHz: { unit: 'Hz' },
    restShare: { unit: '%' },
    disturbedShare: { unit: '%' },
    biasX: { unit: 'deg/s', definition: 'Gyroscope bias about the sensor’s x axis' },
    biasY: { unit: 'deg/s' },
    biasZ: { unit: 'deg/s' },
    biasSd: { unit: 'deg/s', definition: 'Standard deviation of the bias, largest over directions' },
    inclinationRange: { unit: 'deg' },
    peakAngularVelocity: { unit: 'deg/s' },
    gravity: { unit: 'm/s2', definition: 'Median size of the acceleration at rest' },
    vendorInclination: {
      unit: 'deg',
      definition: 'Root mean square inclination between this orientation and the device’s own',
    },
  });
}

/** Undefined where the device gave none, or this is it. */
function vendorInclination({ sensor, filter, orientation }: SensorOrientation): number | undefined {
  if (!sensor.vendor || filter === 'vendor') return undefined;
  const { inclinationDeg, samples } = orientationError(orientation, sensor.vendor);
  return samples > 0 ? inclinationDeg : undefined;
}
