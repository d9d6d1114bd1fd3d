/** Features arranged by level: rows cranial to caudal with the spaces between, columns by what is measured. */

import type { WireFeature, WireFeatureDefinition } from '../../../contract/index.ts';
import { levelIndex, VERTEBRA_LEVELS, type VertebraLevel } from '../../../model/index.ts';
import { featureDecimals } from '../../kit/number/format.ts';

export interface LevelRow {
  level: string;
  /** a space between two vertebrae */
  space: boolean;
  /** by column key */
  cells: ReadonlyMap<string, WireFeature>;
}

export interface LevelColumn {
  key: string;
  /** short, for the head of the column */
  name: string;
  /** in full */
  title: string;
  unit: string;
  group: ColumnGroup;
  /** decimals that all its numbers share */
  decimals: number;
  /** vertebrae have it, spaces have it: a gap is a gap only where it might be filled */
  ofBodies: boolean;
  ofSpaces: boolean;
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
function spaceOf(level: string): [VertebraLevel, VertebraLevel] | undefined {
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

/** Measures of the whole column: the level they carry says only where they were found. */
const WHOLE = /^(spine|pelvis|body|labels\.vertebraCount)/;

function isCell(feature: WireFeature, present: readonly string[]): boolean {
  const { level, definition } = feature;
  if (!level) return false;
  return isNeighbours(level, present) || (isLevel(level) && !WHOLE.test(definition));
}

/** Features of the whole column or of a curve: everything that is no cell of the table. */
export function wholeFeatures(features: readonly WireFeature[]): WireFeature[] {
  const present = levelsPresent(features);
  return features.filter((feature) => !isCell(feature, present));
}

function levelsPresent(features: readonly WireFeature[]): VertebraLevel[] {
  const found = new Set<VertebraLevel>();
  for (const { level } of features) if (level && isLevel(level)) found.add(level);
  return [...found].sort((a, b) => levelIndex(a) - levelIndex(b));
}

const ORDER = [
  /^heightAnterior/,
  /^heightMiddle/,
  /^heightPosterior/,
  /^heightLoss\b/,
  /^heightLossFlag/,
  /^heightMean/,
  /^heightIndex/,
  /^height/,
  /^wedgeSagittal|^wedge\b/,
  /segmentAngleSagittal/,
  /^axialRotation/,
  /^wedge/,
  /segmentAngle/,
  /^volume/,
  /^bodyVolume/,
  /^listhesis/,
  /^body/,
];

function rank(key: string): number {
  const at = ORDER.findIndex((pattern) => pattern.test(key));
  return at < 0 ? ORDER.length : at;
}

function groupOf(key: string, unit: string): ColumnGroup {
  if (unit === 'deg' || unit === 'rad') return 'Angles';
  return /height/i.test(key) ? 'Heights' : 'Size';
}

/** Structures whose measures stand in one column: a vertebra and the space below it. */
const SHARED = new Set(['vertebra', 'disc', 'segment']);

function columnKey({ definition, unit, side }: WireFeature): string {
  const [structure, ...rest] = definition.split('.');
  const measure = rest.length > 0 && SHARED.has(structure) ? rest.join('.') : definition;
  return [measure, unit, side].filter(Boolean).join('|');
}

/** `heightAnterior` under Heights is said `Anterior`. */
function shortName(key: string, title: string, group: ColumnGroup): string {
  const [measure, , side] = key.split('|');
  if (/\./.test(measure) && !/^spine\./.test(measure)) return title;
  const words = (measure.split('.').at(-1) ?? measure).replace(/([A-Z])/g, ' $1').toLowerCase();
  const short = (group === 'Heights' ? words.replace(/\bheight\b/, '') : words).replace(/\s+/g, ' ').trim();
  return `${short.charAt(0).toUpperCase()}${short.slice(1)}${side ? `, ${side}` : ''}`;
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
    if (!level || !isCell(feature, present)) continue;
    const key = columnKey(feature);
    const row = cells.get(level) ?? new Map<string, WireFeature>();
    row.set(key, feature);
    cells.set(level, row);
    const body = isLevel(level);
    const known = columns.get(key);
    const title = definitions.get(feature.definition)?.name ?? feature.definition;
    const group = groupOf(key, feature.unit);
    columns.set(key, {
      key,
      name: shortName(key, title, group),
      title: body || !known ? title : known.title,
      unit: feature.unit,
      group,
      decimals: 0,
      ofBodies: body || (known?.ofBodies ?? false),
      ofSpaces: !body || (known?.ofSpaces ?? false),
    });
  }
  for (const column of columns.values()) column.decimals = usualDecimals(column.key, cells);
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

/** The decimals that most numbers of a column deserve; all of it is written with them, so that it lines up. */
function usualDecimals(key: string, cells: ReadonlyMap<string, ReadonlyMap<string, WireFeature>>): number {
  const each = [...cells.values()]
    .map((row) => row.get(key))
    .filter((feature) => typeof feature?.value === 'number')
    .map((feature) => featureDecimals(feature as WireFeature))
    .sort((a, b) => a - b);
  return each[Math.floor(each.length / 2)] ?? 0;
}

/** The numbers a reader looks for first. */
const FIRST = [
  /^spine\.lumbarLordosis$/,
  /^spine\.thoracicKyphosis(\.t4t12)?$/,
  /^spine\.cobbAngle$/,
  /^pelvis\.incidence$/,
  /^pelvis\.tilt$/,
  /acralSlope$/,
  /incidenceLordosisMismatch/,
  /\.sva$/,
  /cervicalLordosis/,
  /^spine\.curveAngle/,
  /lumbarLordosis/,
  /thoracicKyphosis/,
  /cobb/i,
];

/** False for numbers that were taken from a stretch of time: they belong to the motion screen. */
export function isOfPlace({ evidence }: Pick<WireFeature, 'evidence'>): boolean {
  return !evidence.some(({ locator }) => locator.timeS !== undefined || locator.channels !== undefined);
}

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
