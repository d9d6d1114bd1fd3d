/**
 * Unit of an angular rate that no file names: gravity, as the accelerometer sees it, turns against the sensor as fast as the sensor
 * turns. The slope of the one on the other is 1 for rad/s and 1/57.3 for deg/s.
 */

/** Windows over which accelerations are averaged, so that movement counts less than gravity · s */
const WINDOW_S = 0.25;

/** Slope half-way, in factors, between the two units. */
const BETWEEN = Math.sqrt(Math.PI / 180);

/** A person's segment hardly turns faster · rad/s */
const FASTEST_RAD_S = 40;

/** Fewer windows than this say nothing. */
const FEWEST = 6;

/**
 * Unit of angular rates.
 * @param rates         - x, y, z · shape [N] each · rad/s or deg/s
 * @param accelerations - x, y, z of the same sensor · shape [N] each · any unit
 * @returns the unit and whether the accelerometer decided it; otherwise the size of the values did
 */
export function gyroUnit(
  rates: readonly ArrayLike<number>[],
  accelerations: readonly ArrayLike<number>[] | undefined,
  rateHz: number,
): { unit: 'rad/s' | 'deg/s'; measured: boolean } {
  let largest = 0;
  for (let index = 0; index < rates[0].length; index++) {
    const size = Math.hypot(rates[0][index], rates[1][index], rates[2][index]);
    if (size > largest) largest = size;
  }
  if (largest > FASTEST_RAD_S) return { unit: 'deg/s', measured: false };
  const slope = accelerations && gravitySlope(rates, accelerations, rateHz);
  if (slope === undefined) return { unit: 'rad/s', measured: false };
  return { unit: slope > BETWEEN ? 'rad/s' : 'deg/s', measured: true };
}

/** Slope of the change of gravity's direction on what the rates predict; undefined where the two do not hang together. */
function gravitySlope(
  rates: readonly ArrayLike<number>[],
  accelerations: readonly ArrayLike<number>[],
  rateHz: number,
): number | undefined {
  const length = Math.max(2, Math.round(WINDOW_S * rateHz));
  const windows = Math.floor(rates[0].length / length);
  if (windows < FEWEST || accelerations[0].length < rates[0].length) return undefined;
  const mean = (of: readonly ArrayLike<number>[], start: number): number[] =>
    of.map((values) => {
      let sum = 0;
      for (let index = start; index < start + length; index++) sum += values[index];
      return sum / length;
    });
  let product = 0;
  let square = 0;
  let total = 0;
  let before: number[] | undefined;
  for (let window = 0; window < windows; window++) {
    const gravity = unit(mean(accelerations, window * length));
    if (before && gravity) {
      // the rates between the middles of two windows
      const [x, y, z] = mean(rates, Math.round((window - 0.5) * length));
      const [a, b, c] = unit([0, 1, 2].map((axis) => (before as number[])[axis] + gravity[axis])) ?? gravity;
      const step = length / rateHz;
      const predicted = [(z * b - y * c) * step, (x * c - z * a) * step, (y * a - x * b) * step];
      for (let axis = 0; axis < 3; axis++) {
        const change = gravity[axis] - before[axis];
        product += predicted[axis] * change;
        square += predicted[axis] ** 2;
        total += change ** 2;
      }
    }
    before = gravity;
  }
  const correlation = product / Math.sqrt(square * total);
  return correlation > 0.5 ? product / square : undefined;
}

function unit(vector: readonly number[]): number[] | undefined {
  const size = Math.hypot(...vector);
  return size > 0 && Number.isFinite(size) ? vector.map((value) => value / size) : undefined;
}
