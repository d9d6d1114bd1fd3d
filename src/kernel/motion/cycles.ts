/**
 * Repetitions of a movement and steps of a gait from smooth curves. Peaks are kept by prominence (height above the higher of the two
 * valleys that part it from higher ground), found by one walk to each side: O(n · peaks) at worst.
 */

/** A local maximum. */
export interface Peak {
  index: number;
  value: number;
  /** how far one must go down before going up again to something higher · unit of the curve */
  prominence: number;
}

/** Where one repetition of a movement starts, is farthest, and ends · indices of samples. */
export interface Excursion {
  start: number;
  peak: number;
  end: number;
  /** how far the peak stands above the mean of both ends · unit of the curve */
  amplitude: number;
  /** false: the recording starts or stops within the repetition */
  complete: boolean;
}

/**
 * Maxima that stand out, in order of time. A plateau counts once, at its middle; the two ends of the curve are no maxima. NaN is taken
 * as the lowest ground.
 *
 * @param values - curve
 * @param prominence - least prominence · unit of the curve
 * @param distance - least distance between two peaks; of two too close the lower goes · samples
 * @example prominentPeaks([0, 3, 1, 2, 0], 1.5).map((peak) => peak.index) // [1]
 */
export function prominentPeaks(values: ArrayLike<number>, prominence: number, distance = 1): Peak[] {
  const height = (i: number) => (Number.isNaN(values[i]) ? Number.NEGATIVE_INFINITY : values[i]);
  const peaks: Peak[] = [];
  for (let i = 1; i + 1 < values.length; i++) {
    if (!(height(i) > height(i - 1))) continue;
    let right = i;
    while (right + 1 < values.length && height(right + 1) === height(i)) right++;
    if (right + 1 < values.length && height(right + 1) < height(i)) {
      const index = (i + right) >> 1;
      const out = prominenceAt(height, index, values.length);
      if (out >= prominence) peaks.push({ index, value: values[index], prominence: out });
    }
    i = right;
  }
  const kept: Peak[] = [];
  for (const peak of [...peaks].sort((a, b) => b.value - a.value || a.index - b.index))
    if (kept.every((other) => Math.abs(other.index - peak.index) >= distance)) kept.push(peak);
  return kept.sort((a, b) => a.index - b.index);
}

function prominenceAt(height: (i: number) => number, index: number, count: number): number {
  const top = height(index);
  const side = (step: number) => {
    let low = top;
    for (let i = index + step; i >= 0 && i < count && height(i) <= top; i += step)
      if (height(i) < low && height(i) > Number.NEGATIVE_INFINITY) low = height(i);
    return low;
  };
  return top - Math.max(side(-1), side(1));
}

/**
 * Repetitions of a movement that leaves a resting value and comes back: a squat in the knee angle, a bend in the trunk angle.
 *
 * A repetition starts where the curve last stood below the valley before the peak plus `share` of the climb, and ends likewise.
 *
 * @param values - curve that grows with the movement, smooth
 * @param least - smallest amplitude of a repetition · unit of the curve
 * @param share - share of the amplitude at which start and end are set · (0, 0.5]
 * @param distance - least distance of two peaks · samples
 * @example findExcursions([0, 0, 5, 10, 5, 0, 0], 4)[0].peak // 3
 */
export function findExcursions(values: ArrayLike<number>, least: number, share = 0.05, distance = 1): Excursion[] {
  const last = values.length - 1;
  const peaks = prominentPeaks(values, least, distance);
  const valley = (from: number, to: number) => {
    let at = from;
    for (let i = from; i <= to; i++) if (values[i] < values[at] || Number.isNaN(values[at])) at = i;
    return at;
  };
  const repetitions: Excursion[] = [];
  for (const [k, { index, value }] of peaks.entries()) {
    const left = valley(k ? peaks[k - 1].index : 0, index);
    const right = valley(index, k + 1 < peaks.length ? peaks[k + 1].index : last);
    let start = index;
    while (start > left && values[start] > values[left] + share * (value - values[left])) start--;
    let end = index;
    while (end < right && values[end] > values[right] + share * (value - values[right])) end++;
    repetitions.push({
      start,
      peak: index,
      end,
      amplitude: value - (values[left] + values[right]) / 2,
      complete: value - values[left] >= 0.5 * least && value - values[right] >= 0.5 * least && start > 0 && end < last,
    });
  }
  return repetitions;
}

/** Strikes and lifts of one foot · indices of samples. */
export interface FootContacts {
  strikes: number[];
  lifts: number[];
}

/**
 * Heel strikes and toe-offs of walking from the distance of foot and pelvis along the way: the heel is farthest in front at strike, the
 * toe farthest behind at toe-off.
 *
 * @param heelAhead - heel minus pelvis along the direction of walking · mm, smooth
 * @param toeAhead - toe minus pelvis along the direction of walking · mm, smooth
 * @param distance - least distance of two strikes · samples
 * @param prominence - least prominence of an extreme · mm
 * @see Zeni et al. 2008
 */
export function zeni2008(
  heelAhead: ArrayLike<number>,
  toeAhead: ArrayLike<number>,
  distance: number,
  prominence = 100,
): FootContacts {
  const behind = Float64Array.from(toeAhead, (value) => -value);
  return {
    strikes: prominentPeaks(heelAhead, prominence, distance).map(({ index }) => index),
    lifts: prominentPeaks(behind, prominence, distance).map(({ index }) => index),
  };
}
