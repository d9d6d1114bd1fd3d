/** Smallest box around points, in one pass, O(N). */

/** Corners of a box along the axes · unit of the points. */
export interface PointBounds {
  min: [number, number, number];
  max: [number, number, number];
}

/**
 * Smallest box around the points of several clouds; a coordinate that is no number is passed over.
 *
 * @param clouds - flat xyz each · shape [3N]
 * @returns corners · unit of the points; min = Infinity and max = -Infinity where there is no point
 * @example pointBounds([[0, 0, 5, 1, 2, 3], [-1, 0, 4]]) // { min: [-1, 0, 3], max: [1, 2, 5] }
 */
export function pointBounds(clouds: readonly ArrayLike<number>[]): PointBounds {
  const min: PointBounds['min'] = [Infinity, Infinity, Infinity];
  const max: PointBounds['max'] = [-Infinity, -Infinity, -Infinity];
  for (const points of clouds) {
    for (let i = 0; i + 2 < points.length; i += 3) {
      for (let axis = 0; axis < 3; axis++) {
        const value = points[i + axis];
        if (value < min[axis]) min[axis] = value;
        if (value > max[axis]) max[axis] = value;
      }
    }
  }
  return { min, max };
}
