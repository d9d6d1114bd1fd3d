/** Features arranged by level: rows cranial to caudal with the spaces between, columns by what is measured. */

import type { WireFeature, WireFeatureDefinition } from '../../../contract/index.ts';
import { levelIndex, VERTEBRA_LEVELS, type VertebraLevel } from '../../../model/index.ts';

export interface LevelRow {
  level: string;
  /** a space between two vertebrae */
  space: boolean;
  /** by column key */
  cells: ReadonlyMap<string, WireFeature>;
}

export interface LevelColumn {
  key: string;
  name: string;
  unit: string;
  group: ColumnGroup;
}

export type ColumnGroup = 'Heights' | 'Angles' | 'Size';

export interface LevelTable {
  rows: LevelRow[];
  columns: LevelColumn[];
}

type Definitions = ReadonlyMap<string, WireFeatureDefinition>;

function isLevel(text: string): text is VertebraLevel {
  return (VERTEBRA_LEVELS as readonly string[]).includes(text);
}

/** The two levels of a space, when the text names two. */
export function spaceOf(level: string): [VertebraLevel, VertebraLevel] | undefined {
  const [upper, lower, more] = level.split('-');
  return more === undefined && lower !== undefined && isLevel(upper) && isLevel(lower) ? [upper, lower] : undefined;
}

/** True for the space of two neighbours; a curve that spans more is no row of the table. */
export function isNeighbours(level: string, present: readonly string[]): boolean {
  const pair = spaceOf(level);
  if (!pair) return false;
  const [upper, lower] = pair.map(levelIndex);
  return (
    upper < lower &&
    !present.some((l) => isLevel(l) && levelIndex(l) > upper && levelIndex(l) < lower) &&
    lower - upper <= 2
  );
}

/** Features of the whole column or of a curve: everything that is no cell of the table. */
export function wholeFeatures(features: readonly WireFeature[]): WireFeature[] {
  const present = levelsPresent(features);
  return features.filter(({ level }) => !level || !(isLevel(level) || isNeighbours(level, present)));
}

function levelsPresent(features: readonly WireFeature[]): VertebraLevel[] {
  const found = new Set<VertebraLevel>();
  for (const { level } of features) if (level && isLevel(level)) found.add(level);
  return [...found].sort((a, b) => levelIndex(a) - levelIndex(b));
}

const ORDER = [
  /heightAnterior/i,
  /heightMiddle/i,
  /heightPosterior/i,
  /height.*left/i,
  /height.*right/i,
  /heightMean/i,
  /heightLoss|loss/i,
  /heightIndex/i,
  /height/i,
  /wedge/i,
  /segment|lordosis/i,
  /rotation/i,
  /tilt/i,
  /listhesis|slip/i,
  /volume/i,
  /depth/i,
  /width/i,
  /area/i,
];

function rank(key: string): number {
  const at = ORDER.findIndex((pattern) => pattern.test(key));
  return at < 0 ? ORDER.length : at;
}

function groupOf(key: string, unit: string): ColumnGroup {
  if (unit === 'deg' || unit === 'rad') return 'Angles';
  return /height/i.test(key) ? 'Heights' : 'Size';
}

/** Vertebra and space share a column where they measure the same in the same unit. */
function columnKey(feature: WireFeature): string {
  const measure = feature.definition.split('.').slice(1).join('.') || feature.definition;
  return [measure, feature.unit, feature.side].filter(Boolean).join('|');
}

export function levelTable(
  features: readonly WireFeature[],
  definitions: Definitions,
  order: readonly string[] = [],
): LevelTable {
  const present = [...new Set([...order.filter(isLevel), ...levelsPresent(features)])].sort(
    (a, b) => levelIndex(a) - levelIndex(b),
  );
  const cells = new Map<string, Map<string, WireFeature>>();
  const columns = new Map<string, LevelColumn>();
  for (const feature of features) {
    const { level } = feature;
    if (!level || !(isLevel(level) || isNeighbours(level, present))) continue;
    const key = columnKey(feature);
    const row = cells.get(level) ?? new Map<string, WireFeature>();
    row.set(key, feature);
    cells.set(level, row);
    if (columns.has(key) && !isLevel(level)) continue;
    const name = definitions.get(feature.definition)?.name ?? feature.definition;
    columns.set(key, {
      key,
      name: feature.side ? `${name}, ${feature.side}` : name,
      unit: feature.unit,
      group: groupOf(key, feature.unit),
    });
  }
  const rows: LevelRow[] = [];
  present.forEach((level, i) => {
    rows.push({ level, space: false, cells: cells.get(level) ?? new Map() });
    const space = [...cells.keys()].find(
      (name) => spaceOf(name)?.[0] === level && (i + 1 >= present.length || spaceOf(name)?.[1] === present[i + 1]),
    );
    if (space) rows.push({ level: space, space: true, cells: cells.get(space) ?? new Map() });
  });
  return {
    rows,
    columns: [...columns.values()].sort((a, b) => rank(a.key) - rank(b.key) || a.name.localeCompare(b.name)),
  };
}

/** The angles a reader looks for first. */
const FIRST = [
  /lumbarLordosis/i,
  /thoracicKyphosis/i,
  /cobb/i,
  /sacralSlope/i,
  /pelvicIncidence/i,
  /pelvicTilt/i,
  /verticalAxis|sva/i,
  /cervical/i,
];

export function keyFeatures(features: readonly WireFeature[]): WireFeature[] {
  const place = (feature: WireFeature): number => {
    const at = FIRST.findIndex((pattern) => pattern.test(feature.definition));
    return at < 0 ? FIRST.length + (feature.unit === 'deg' ? 0 : 1) : at;
  };
  return wholeFeatures(features)
    .map((feature, i) => ({ feature, i }))
    .sort((a, b) => place(a.feature) - place(b.feature) || a.i - b.i)
    .map(({ feature }) => feature);
}
