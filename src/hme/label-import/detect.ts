/**
 * Which table of numbers a label map follows.
 *
 * Method: every table that knows the values present is judged by where the labels lie — the column runs from cranial to caudal,
 * neighbouring levels are as far apart as people's are, left lies left, the sacrum is lowest, spinous processes lie behind bodies —
 * and the best one is taken, with its margin over the next. Complexity: O(tables · labels).
 * Tried: counting known values only; it cannot tell TotalSegmentator v1 from v2, whose numbers 27-33 are both vertebrae.
 */

import { compareLevels, type VertebraLevel } from '../../model/index.ts';
import { distanceMm, type LabelMeasure } from './measure.ts';
import type { LabelMeaning } from './names.ts';
import { type MeasuredSpacing, REGULAR_COLUMN, spacingMisfit } from './priors.ts';
import { type LabelScheme, SCHEMES } from './schemes/index.ts';

/** How well a table explains where the labels lie. */
export interface SchemeVerdict {
  scheme: LabelScheme;
  /** 0 (contradicted) to 1 */
  score: number;
  reasons: string[];
}

interface Check {
  weight: number;
  /** 0-1 */
  agreement: number;
  text: string;
}

/** A label with its meaning under some table and its place. */
export interface PlacedLabel {
  measure: LabelMeasure;
  meaning: LabelMeaning;
}

/** Weight of the even prior: a table about which little can be checked stays near one half. */
const PRIOR_WEIGHT = 4;

/**
 * Judges all tables, best first; tables that know none of the values are left out.
 * @param schemes - tables to consider
 * @param file - name of the file; tools often write theirs into it
 */
export function judgeSchemes(
  measures: readonly LabelMeasure[],
  schemes: readonly LabelScheme[] = SCHEMES,
  file = '',
): SchemeVerdict[] {
  const verdicts: SchemeVerdict[] = [];
  for (const scheme of schemes) {
    const placed = placeLabels(measures, scheme.meanings);
    if (placed.length === 0) continue;
    const checks = [...schemeChecks(placed), ...fileCheck(scheme, file), knownShare(placed.length, measures.length)];
    const weight = PRIOR_WEIGHT + checks.reduce((sum, check) => sum + check.weight, 0);
    const gained = checks.reduce((sum, check) => sum + check.weight * check.agreement, PRIOR_WEIGHT / 2);
    const score = gained / weight;
    const spine = placed.some(({ meaning }) => isSpinal(meaning));
    verdicts.push({ scheme, score: spine ? score : 0.3 * score, reasons: checks.map((check) => check.text) });
  }
  return verdicts.sort((a, b) => b.score - a.score);
}

/** The labels that a table knows, with their meanings. */
export function placeLabels(
  measures: readonly LabelMeasure[],
  meanings: ReadonlyMap<number, LabelMeaning>,
): PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  for (const measure of measures) {
    const meaning = meanings.get(measure.value);
    if (meaning) placed.push({ measure, meaning });
  }
  return placed;
}

function isSpinal(meaning: LabelMeaning): boolean {
  return ['vertebra', 'vertebral-body', 'posterior-elements', 'disc', 'sacrum'].includes(meaning.structure);
}

function knownShare(known: number, all: number): Check {
  return { weight: 4, agreement: (known / all) ** 3, text: `${known} of ${all} label values are in the table` };
}

function schemeChecks(placed: readonly PlacedLabel[]): Check[] {
  const checks = [orderCheck, spacingCheck, sizeCheck, sideCheck, sacrumCheck, archCheck].map((check) => check(placed));
  return checks.filter((check): check is Check => check !== undefined);
}

const FILE_HINTS: readonly (readonly [RegExp, string])[] = [
  [/vertebrae_?body/i, 'vertebrae-body'],
  [/vertebrae_?pp/i, 'vertebrae-pp'],
  [/vertebrae_?mr/i, 'vertebrae-mr'],
  [/total_?mr/i, 'totalsegmentator-mr'],
  [/verse/i, 'verse'],
  [/seg-vert/i, 'spineps-instances'],
  [/seg-(subreg|spine)/i, 'spineps-subregions'],
  [/totalspineseg|_tss/i, 'totalspineseg'],
];

function fileCheck(scheme: LabelScheme, file: string): Check[] {
  const hint = FILE_HINTS.find(([pattern]) => pattern.test(file))?.[1];
  return hint === scheme.id ? [{ weight: 4, agreement: 1, text: 'the file name says so' }] : [];
}

/** Volumes a vertebra or its body can have · mm³ */
const VERTEBRA_MM3 = [1500, 130000] as const;

function sizeCheck(placed: readonly PlacedLabel[]): Check | undefined {
  const column = columnOf(placed);
  if (column.length === 0) return undefined;
  const possible = column.filter(({ label: { measure } }) => {
    return measure.volumeMm3 < VERTEBRA_MM3[1] && (measure.touchesBorder || measure.volumeMm3 > VERTEBRA_MM3[0]);
  }).length;
  return {
    weight: 3,
    agreement: (possible / column.length) ** 2,
    text: `${possible} of ${column.length} vertebrae have a possible volume`,
  };
}

/** Labelled vertebrae or bodies with a level, cranial first; the whole vertebra where both are there. */
export function columnOf(placed: readonly PlacedLabel[]): { level: VertebraLevel; label: PlacedLabel }[] {
  const byLevel = new Map<VertebraLevel, PlacedLabel>();
  for (const label of placed) {
    const { structure, level } = label.meaning;
    if (!level || (structure !== 'vertebra' && structure !== 'vertebral-body')) continue;
    if (structure === 'vertebra' || !byLevel.has(level)) byLevel.set(level, label);
  }
  return [...byLevel].map(([level, label]) => ({ level, label })).sort((a, b) => compareLevels(a.level, b.level));
}

/** Spacings between the neighbours of a column, C1 to L5; T13, L6 and S1 are left out. */
export function spacingsOf(column: readonly { level: VertebraLevel; label: PlacedLabel }[]): MeasuredSpacing[] {
  const regular = column.filter(({ level }) => level !== 'S1' && REGULAR_COLUMN.includes(level));
  return regular.slice(1).map(({ level, label }, index) => {
    const above = regular[index];
    const upper = REGULAR_COLUMN.indexOf(above.level);
    return {
      upper,
      steps: REGULAR_COLUMN.indexOf(level) - upper,
      distanceMm: distanceMm(above.label.measure.centroid, label.measure.centroid),
    };
  });
}

function orderCheck(placed: readonly PlacedLabel[]): Check | undefined {
  const column = columnOf(placed);
  if (column.length < 2) return undefined;
  let right = 0;
  for (let k = 1; k < column.length; k++) {
    if (column[k].label.measure.centroid[2] < column[k - 1].label.measure.centroid[2]) right++;
  }
  const share = right / (column.length - 1);
  return {
    weight: 6,
    agreement: share ** 2,
    text: `${right} of ${column.length - 1} neighbours lie in cranial-caudal order`,
  };
}

function spacingCheck(placed: readonly PlacedLabel[]): Check | undefined {
  const whole = columnOf(placed).filter(({ label }) => !label.measure.touchesBorder);
  const spacings = spacingsOf(whole);
  if (spacings.length === 0) return undefined;
  const excess = Math.max(0, spacingMisfit(spacings) / spacings.length - 1);
  return {
    weight: 3,
    agreement: Math.exp(-excess / 6),
    text: `spacing of neighbouring levels differs from the usual by ${Math.sqrt(excess + 1).toFixed(1)} standard deviations`,
  };
}

function sideCheck(placed: readonly PlacedLabel[]): Check | undefined {
  let pairs = 0;
  let right = 0;
  for (const { meaning, measure } of placed) {
    if (meaning.side !== 'left') continue;
    const mirrored = meaning.name.replace(/left/i, 'right');
    const twin = placed.find((other) => other.meaning.side === 'right' && other.meaning.name === mirrored);
    if (!twin) continue;
    pairs++;
    if (measure.centroid[0] > twin.measure.centroid[0]) right++;
  }
  if (pairs === 0) return undefined;
  return { weight: 2, agreement: right / pairs, text: `${right} of ${pairs} left-right pairs lie on their sides` };
}

function sacrumCheck(placed: readonly PlacedLabel[]): Check | undefined {
  const sacrum = placed.find(({ meaning }) => meaning.structure === 'sacrum');
  const column = columnOf(placed).filter(({ level }) => level !== 'S1');
  if (!sacrum || column.length === 0) return undefined;
  const lowest = Math.min(...column.map(({ label }) => label.measure.centroid[2]));
  const below = sacrum.measure.centroid[2] < lowest;
  return {
    weight: 2,
    agreement: below ? 1 : 0,
    text: below ? 'the sacrum lies below' : 'the sacrum does not lie below',
  };
}

/** Sub-region masks: spinous processes behind arches behind bodies. */
function archCheck(placed: readonly PlacedLabel[]): Check | undefined {
  const posterior = (pattern: RegExp) => placed.find(({ meaning }) => pattern.test(meaning.name))?.measure.centroid[1];
  const places = [posterior(/corpus/), posterior(/arcus/), posterior(/spinosus/)];
  if (places.some((place) => place === undefined)) return undefined;
  const ordered = places[0]! < places[1]! && places[1]! < places[2]!;
  return {
    weight: 6,
    agreement: ordered ? 1 : 0,
    text: ordered ? 'processes lie behind arches behind bodies' : 'bodies, arches and processes are not in order',
  };
}
