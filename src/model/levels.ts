/**
 * Vertebral levels, cranial to caudal, with the transitional ones (T13, L6) in their place.
 * A disc or segment is named by its two neighbours: `L4-L5`.
 */

export const VERTEBRA_LEVELS = [
  'C1',
  'C2',
  'C3',
  'C4',
  'C5',
  'C6',
  'C7',
  'T1',
  'T2',
  'T3',
  'T4',
  'T5',
  'T6',
  'T7',
  'T8',
  'T9',
  'T10',
  'T11',
  'T12',
  'T13',
  'L1',
  'L2',
  'L3',
  'L4',
  'L5',
  'L6',
  'S1',
  'S2',
  'S3',
  'S4',
  'S5',
  'COCCYX',
] as const;

export type VertebraLevel = (typeof VERTEBRA_LEVELS)[number];

/** `L4-L5`: the segment (disc, facet pair) between two neighbouring levels. */
export type SegmentLevel = `${VertebraLevel}-${VertebraLevel}`;

/**
 * Place of a level in the column, 0 for C1; transitional levels included.
 * @example levelIndex('T1') // 7
 */
export function levelIndex(level: VertebraLevel): number {
  return VERTEBRA_LEVELS.indexOf(level);
}

/**
 * Recognises a level name in any of the usual spellings (`L1`, `vertebrae_L1`, `TH12`, `t12`).
 * @example parseLevel('vertebrae_L4') // 'L4'
 */
export function parseLevel(text: string): VertebraLevel | undefined {
  const match = /(?:^|[^a-z])(c|th|t|d|l|s)[ _-]?0*(\d{1,2})(?![0-9])/i.exec(text.replace(/vertebrae?/i, ' '));
  if (!match) return /coccyx/i.test(text) ? 'COCCYX' : undefined;
  const region = match[1].toUpperCase().replace('TH', 'T').replace('D', 'T');
  const name = `${region}${Number(match[2])}`;
  return (VERTEBRA_LEVELS as readonly string[]).includes(name) ? (name as VertebraLevel) : undefined;
}

/** Sorts levels cranial to caudal. */
export function compareLevels(a: VertebraLevel, b: VertebraLevel): number {
  return levelIndex(a) - levelIndex(b);
}

const REGULAR: readonly VertebraLevel[] = VERTEBRA_LEVELS.filter((l) => l !== 'T13' && l !== 'L6' && l !== 'COCCYX');

/**
 * The level `by` places caudal (positive) or cranial (negative) in a regular column (no T13, no L6).
 * @returns undefined past either end of the column
 * @example shiftLevel('L5', 1) // 'S1'
 */
export function shiftLevel(level: VertebraLevel, by: number): VertebraLevel | undefined {
  const from = level === 'T13' ? 'L1' : level === 'L6' ? 'S1' : level;
  const at = REGULAR.indexOf(from);
  return at < 0 ? undefined : REGULAR[at + by];
}
