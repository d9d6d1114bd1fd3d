/** One row a sensor: what it is, what the filter found, how it compares with the device's own orientation. O(samples). */

import { type Table, tableFromRows } from '../../model/index.ts';
import type { SensorOrientation } from './estimate.ts';
import { gravityAtRest } from './flags.ts';
import type { Measures } from './measure.ts';
import { compareWithVendor } from './vendor.ts';

/** Table of the sensors, in the order of the results. */
export function tableOf(results: readonly SensorOrientation[], measures: readonly Measures[]): Table {
  const rows = results.map((result, i) => {
    const { sensor } = result;
    const vendor = compareWithVendor(result);
    const { bias, restShare, disturbedShare, inclinationRangeDeg, peak } = measures[i];
    return {
      sensor: sensor.id,
      segment: sensor.segment,
      side: sensor.side,
      rateHz: sensor.base.rateHz,
      samples: sensor.count,
      filter: result.filter,
      mode: result.mode,
      heading: result.filter === 'vendor' ? 'device' : result.north ? 'north' : 'relative',
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
      vendorInclination: vendor?.inclinationDeg,
      vendorAxes: vendor?.axesDeg,
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
      definition:
        'Root mean square inclination between this orientation and the device’s own, after their axes were aligned',
    },
    vendorAxes: {
      unit: 'deg',
      definition: 'Turn between the axes of the samples and those of the device’s orientation',
    },
  });
}
