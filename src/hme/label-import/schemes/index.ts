/** The label schemes known, by id, and what each number means under them. */

import { type LabelMeaning, meaningOfName } from '../names.ts';
import {
  type NumberedNames,
  SPINEPS_INSTANCES,
  SPINEPS_SUBREGIONS,
  TOTALSPINESEG,
  TOTALSPINESEG_FIRST,
  VERSE,
} from './spine.ts';
import {
  TOTAL_MR,
  TOTAL_V1,
  TOTAL_V2,
  TOTAL_V3,
  VERTEBRAE_BODY,
  VERTEBRAE_MR,
  VERTEBRAE_PP,
} from './totalsegmentator.ts';

/** A numbering of labels. */
export interface LabelScheme {
  id: string;
  title: string;
  /** meaning of each number */
  meanings: ReadonlyMap<number, LabelMeaning>;
  /** the choice of the user that stands for this table */
  choice: SchemeChoice;
}

/** What a user may choose. */
export const SCHEME_CHOICES = [
  'auto',
  'names',
  'totalsegmentator-v1',
  'totalsegmentator-v2',
  'totalsegmentator-v3',
  'totalsegmentator-mr',
  'vertebrae-mr',
  'vertebrae-body',
  'vertebrae-pp',
  'verse',
  'spineps',
  'totalspineseg',
] as const;

export type SchemeChoice = (typeof SCHEME_CHOICES)[number];

const numbered = (names: readonly string[]): NumberedNames => names.map((name, index) => [index + 1, name]);

function scheme(id: string, choice: SchemeChoice, title: string, names: NumberedNames): LabelScheme {
  return { id, choice, title, meanings: new Map(names.map(([value, name]) => [value, meaningOfName(name)])) };
}

/** All tables; the order breaks ties. */
export const SCHEMES: readonly LabelScheme[] = [
  scheme('totalsegmentator-v2', 'totalsegmentator-v2', 'TotalSegmentator v2 (total)', numbered(TOTAL_V2)),
  scheme('totalsegmentator-v3', 'totalsegmentator-v3', 'TotalSegmentator v3 (total)', numbered(TOTAL_V3)),
  scheme('totalsegmentator-v1', 'totalsegmentator-v1', 'TotalSegmentator v1 (total)', numbered(TOTAL_V1)),
  scheme('verse', 'verse', 'VerSe', VERSE),
  scheme('totalsegmentator-mr', 'totalsegmentator-mr', 'TotalSegmentator MR (total_mr)', numbered(TOTAL_MR)),
  scheme('vertebrae-mr', 'vertebrae-mr', 'TotalSegmentator vertebrae_mr', numbered(VERTEBRAE_MR)),
  scheme('vertebrae-pp', 'vertebrae-pp', 'TotalSegmentator vertebrae_pp', numbered(VERTEBRAE_PP)),
  scheme('spineps-instances', 'spineps', 'SPINEPS/TPTBox instances', SPINEPS_INSTANCES),
  scheme('spineps-subregions', 'spineps', 'SPINEPS/TPTBox sub-regions', SPINEPS_SUBREGIONS),
  scheme('totalspineseg', 'totalspineseg', 'TotalSpineSeg', TOTALSPINESEG),
  scheme('totalspineseg-first', 'totalspineseg', 'TotalSpineSeg, first numbering', TOTALSPINESEG_FIRST),
  scheme('vertebrae-body', 'vertebrae-body', 'TotalSegmentator vertebrae_body', numbered(VERTEBRAE_BODY)),
];
