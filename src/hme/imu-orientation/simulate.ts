/** Recordings of inertial sensors in known motion, as a reader would give them. */

import { DEG_PER_RAD, GRAVITY_MS2, type ImuScript, simulateImu } from '../../kernel/index.ts';
import type { ArtifactValue, Quantity, SignalChannel, Signals, Unit } from '../../model/index.ts';

/** One sensor: its motion and faults, what it is called and in which units it speaks. */
export interface ImuRecordingScript extends ImuScript {
  sensor?: string;
  segment?: string;
  side?: 'left' | 'right';
  /** default `deg/s` and `[g]`, as most devices */
  units?: { gyr?: 'deg/s' | 'rad/s'; acc?: '[g]' | 'm/s2' };
  /** leave the magnetometer out */
  withoutField?: boolean;
}

/**
 * A recording of sensors that share one time base, and the truth.
 *
 * @param scripts - one per sensor; rate and number of samples are those of the first
 * @returns recording, and `[w, x, y, z]` sensor to ENU of each sensor · shape [4N]
 */
export function simulateRecording(
  scripts: readonly ImuRecordingScript[],
  clock = 'simulated',
): { recording: ArtifactValue<'signal.imu'>; truth: Float64Array[] } {
  const [{ rateHz, samples: count }] = scripts;
  const truth: Float64Array[] = [];
  const channels = scripts.flatMap((script, i) => {
    const { samples, orientation } = simulateImu({ ...script, rateHz, samples: count, seed: script.seed ?? i + 1 });
    truth.push(orientation);
    return channelsOf(script, samples, script.sensor ?? (scripts.length > 1 ? `imu${i + 1}` : 'imu'));
  });
  const payload: Signals = { clock, startS: 0, rateHz, channels };
  return { recording: { kind: 'signal.imu', payload, name: clock, synthetic: true }, truth };
}

function channelsOf(
  { units = {}, segment, side, withoutField }: ImuRecordingScript,
  { gyr, acc, mag }: { gyr: Float64Array; acc: Float64Array; mag: Float64Array },
  sensor: string,
): SignalChannel[] {
  const about = { sensor, ...(segment ? { segment } : {}), ...(side ? { side } : {}) };
  const rate = units.gyr ?? 'deg/s';
  const force = units.acc ?? '[g]';
  const vectors: [string, Quantity, Unit, Float64Array, number][] = [
    ['acc', 'acceleration', force, acc, force === '[g]' ? 1 / GRAVITY_MS2 : 1],
    ['gyr', 'angular-rate', rate, gyr, rate === 'deg/s' ? DEG_PER_RAD : 1],
    ['mag', 'magnetic-field', 'uT', mag, 1],
  ];
  return vectors
    .filter(([name]) => !(withoutField && name === 'mag'))
    .flatMap(([name, quantity, unit, values, factor]) =>
      (['x', 'y', 'z'] as const).map((axis, k) => ({
        name: `${sensor}_${name}_${axis}`,
        quantity,
        unit,
        axis,
        ...about,
        values: Float64Array.from({ length: values.length / 3 }, (_, i) => factor * values[3 * i + k]),
      })),
    );
}
