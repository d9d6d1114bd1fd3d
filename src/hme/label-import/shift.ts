/** Moving all levels of a column up or down. Method: table look-up; O(levels). */

import { compareLevels, levelIndex, shiftLevel, VERTEBRA_LEVELS, type VertebraLevel } from '../../model/index.ts';
import { segmentBelow } from './names.ts';

/**
 * Map from each level present to its level after a shift.
 *
 * In a regular column each level moves by `shift` places. Where T13 or L6 is present the column is taken as consecutive from its
 * highest level, so that no two levels meet. Levels that would leave the column are absent from the map.
 *
 * @param shift - places, caudal positive
 * @example shiftedLevels(['L4', 'L5'], -1).get('L5') // 'L4'
 */
export function shiftedLevels(present: readonly VertebraLevel[], shift: number): Map<VertebraLevel, VertebraLevel> {
  const levels = [...new Set(present)].sort(compareLevels);
  if (shift === 0) return new Map(levels.map((level) => [level, level]));
  const regular = !levels.includes('T13') && !levels.includes('L6');
  const moved = new Map<VertebraLevel, VertebraLevel>();
  for (const [index, level] of levels.entries()) {
    const start = regular ? level : levels[0];
    const places = regular ? shift : shift + stepsBetween(levels, index);
    const to = shiftLevel(start, places);
    if (to) moved.set(level, to);
  }
  return moved;
}

function stepsBetween(levels: readonly VertebraLevel[], index: number): number {
  const between = VERTEBRA_LEVELS.slice(levelIndex(levels[0]), levelIndex(levels[index]));
  return between.filter((level) => (level !== 'T13' && level !== 'L6') || levels.includes(level)).length;
}

/**
 * A segment after a shift: it stays under its upper vertebra.
 * @example shiftedSegment('L4-L5', -1) // 'L3-L4'
 */
export function shiftedSegment(segment: string, shift: number): string | undefined {
  if (shift === 0) return segment;
  const upper = shiftLevel(segment.split('-')[0] as VertebraLevel, shift);
  return upper && segmentBelow(upper);
}
