/**
 * Label numbers of spine data sets and spine tools other than TotalSegmentator, as data.
 *
 * Sources (read, not remembered): VerSe — README of https://github.com/anjany/verse at 02b292b; SPINEPS and TPTBox — README of
 * https://github.com/Hendrik-code/spineps at 0cff0ae and `core/vert_constants.py` of https://github.com/Hendrik-code/TPTBox at
 * 03bc4df; TotalSpineSeg — `resources/labels_maps/tss_map.json` of https://github.com/neuropoly/totalspineseg at 2dc681d and,
 * for its first numbering, the README at 0284d94.
 */

const CERVICAL = ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7'];
const THORACIC = ['T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8', 'T9', 'T10', 'T11', 'T12'];
const LUMBAR = ['L1', 'L2', 'L3', 'L4', 'L5', 'L6'];

/** Pairs of label number and name. */
export type NumberedNames = readonly (readonly [value: number, name: string])[];

const from = (first: number, names: readonly string[]): [number, string][] =>
  names.map((name, index) => [first + index, name]);

/** VerSe: 1-7 cervical, 8-19 thoracic, 20-25 lumbar with L6, 26 sacrum, 27 coccyx, 28 T13; TPTBox adds 29-32 for S2-S5. */
export const VERSE: NumberedNames = [
  ...from(1, [...CERVICAL, ...THORACIC, ...LUMBAR]),
  [26, 'sacrum'],
  [27, 'coccyx'],
  [28, 'T13'],
  ...from(29, ['S2', 'S3', 'S4', 'S5']),
];

/** SPINEPS instance mask: VerSe numbers for the vertebrae, 100+n the disc below vertebra n, 200+n its endplates. */
export const SPINEPS_INSTANCES: NumberedNames = [
  ...VERSE,
  ...VERSE.filter(([value]) => value <= 25 || value === 28).flatMap(([value, name]): [number, string][] => [
    [100 + value, `disc_below_${name}`],
    [200 + value, `endplate_${name}`],
  ]),
];

/** SPINEPS/TPTBox sub-region mask: parts of all vertebrae, without their level. */
export const SPINEPS_SUBREGIONS: NumberedNames = [
  [26, 'sacrum'],
  [40, 'vertebra_full'],
  [41, 'arcus_vertebrae'],
  [42, 'spinosus_process'],
  [43, 'costal_process_left'],
  [44, 'costal_process_right'],
  [45, 'superior_articular_left'],
  [46, 'superior_articular_right'],
  [47, 'inferior_articular_left'],
  [48, 'inferior_articular_right'],
  [49, 'vertebra_corpus_border'],
  [50, 'vertebra_corpus'],
  [51, 'dens_axis'],
  [60, 'spinal_cord'],
  [61, 'spinal_canal'],
  [62, 'endplate'],
  [63, 'rib_left'],
  [64, 'rib_right'],
  [100, 'vertebra_disc'],
];

/** TotalSpineSeg since 2024-09: room for extra levels in every region. Its `L7` has no counterpart here and is left out. */
export const TOTALSPINESEG: NumberedNames = [
  [1, 'spinal_cord'],
  [2, 'spinal_canal'],
  ...from(11, CERVICAL),
  ...from(21, THORACIC),
  ...from(41, LUMBAR),
  [50, 'sacrum'],
  ...from(63, ['disc_C2-C3', 'disc_C3-C4', 'disc_C4-C5', 'disc_C5-C6', 'disc_C6-C7']),
  [71, 'disc_C7-T1'],
  ...from(72, discsBetween(THORACIC)),
  [91, 'disc_T12-L1'],
  ...from(92, discsBetween(LUMBAR.slice(0, 5))),
  [100, 'disc_L5-S1'],
];

/** TotalSpineSeg's first numbering: TotalSegmentator v1 for the vertebrae, 200-224 for cord, canal and discs (L5-S upwards). */
export const TOTALSPINESEG_FIRST: NumberedNames = [
  ...from(18, [...CERVICAL, ...THORACIC, ...LUMBAR.slice(0, 5)].reverse()),
  [92, 'sacrum'],
  [200, 'spinal_cord'],
  [201, 'spinal_canal'],
  [202, 'disc_L5-S1'],
  ...from(203, discsBetween([...CERVICAL.slice(1), ...THORACIC, ...LUMBAR.slice(0, 5)]).reverse()),
];

function discsBetween(levels: readonly string[]): string[] {
  return levels.slice(1).map((level, index) => `disc_${levels[index]}-${level}`);
}
