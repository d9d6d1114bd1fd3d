/**
 * Is the labelled column a column? Doubts as quality flags.
 *
 * Method: simple anatomy — order, distances, sizes, pieces, neighbours of the sacrum and of the lowest ribs — against the usual
 * column of `priors.ts`. Complexity: O(voxels of the labels).
 */

import {
  compareLevels,
  type LabelEntry,
  type Labelmap,
  levelIndex,
  type QualityFlag,
  VERTEBRA_LEVELS,
  type VertebraLevel,
} from '../../model/index.ts';
import { type PlacedLabel, spacingsOf } from './detect.ts';
import { distanceMm, type LabelMeasure, measureLabels, piecesOf, placesOf, topCentre } from './measure.ts';
import { REGULAR_COLUMN, SPACING_LOG_SD, shiftProbabilities, spacingMisfit, usualSpacingMm } from './priors.ts';

interface Vertebra {
  level: VertebraLevel;
  entry: LabelEntry;
  measure: LabelMeasure;
}

const SHIFTS = [-3, -2, -1, 0, 1, 2, 3];

/**
 * All doubts about a labelled column.
 * @param vertebrae - one value a level
 * @param anatomy - other labels on the same grid, for ribs and sides
 */
export function checkColumn(vertebrae: Labelmap, anatomy?: Labelmap): QualityFlag[] {
  const measures = measureLabels(vertebrae);
  const column: Vertebra[] = [];
  for (const entry of vertebrae.labels) {
    const measure = measures.find(({ value }) => value === entry.value);
    if (measure && entry.level && entry.structure !== 'sacrum') column.push({ level: entry.level, entry, measure });
  }
  column.sort((a, b) => compareLevels(a.level, b.level));
  const sacrumValue = vertebrae.labels.find(({ structure }) => structure === 'sacrum')?.value;
  const sacrum = measures.find(({ value }) => value === sacrumValue);
  const others = anatomy ? measureLabels(anatomy) : [];
  return [
    ...orderFlags(column),
    ...missingFlags(column),
    ...spacingFlags(column),
    ...volumeFlags(column),
    ...pieceFlags(vertebrae, column),
    ...borderFlags(column),
    ...transitionalFlags(column, sacrum !== undefined),
    ...sacrumFlags(vertebrae, column, sacrum),
    ...ribFlags(column, anatomy, others),
    ...sideFlags(anatomy, others),
  ];
}

function orderFlags(column: readonly Vertebra[]): QualityFlag[] {
  const flags: QualityFlag[] = [];
  for (let k = 1; k < column.length; k++) {
    if (column[k].measure.centroid[2] < column[k - 1].measure.centroid[2]) continue;
    flags.push({
      code: 'labels.order',
      severity: 'fault',
      where: `${column[k - 1].level}, ${column[k].level}`,
      message: `${column[k].level} lies above ${column[k - 1].level}. The labels are mixed up or read with the wrong table; check "scheme".`,
    });
  }
  return flags;
}

function missingFlags(column: readonly Vertebra[]): QualityFlag[] {
  const flags: QualityFlag[] = [];
  for (let k = 1; k < column.length; k++) {
    const between = VERTEBRA_LEVELS.slice(levelIndex(column[k - 1].level) + 1, levelIndex(column[k].level));
    const missing = between.filter((level) => level !== 'T13' && level !== 'L6');
    if (missing.length === 0) continue;
    flags.push({
      code: 'labels.missing-level',
      severity: 'doubt',
      where: missing.join(', '),
      message: `No label for ${missing.join(', ')} between ${column[k - 1].level} and ${column[k].level}.`,
    });
  }
  return flags;
}

const asPlaced = (vertebra: Vertebra): { level: VertebraLevel; label: PlacedLabel } => ({
  level: vertebra.level,
  label: { measure: vertebra.measure, meaning: { name: vertebra.entry.name, structure: 'vertebra' } },
});

function spacingFlags(column: readonly Vertebra[]): QualityFlag[] {
  const inside = column.filter(({ measure }) => !measure.touchesBorder);
  const uncut = inside.length > 2 ? inside : [...column];
  const spacings = spacingsOf(uncut.map(asPlaced));
  if (spacings.length === 0) return [];
  const residuals = spacings.map(({ upper, steps, distanceMm: d }) =>
    Math.log(d / (usualSpacingMm(upper, steps) ?? d)),
  );
  const middle = [...residuals].sort((a, b) => a - b)[residuals.length >> 1];
  const flags: QualityFlag[] = [];
  for (const [k, residual] of residuals.entries()) {
    const off = residual - middle;
    if (residuals.length < 3 || Math.abs(off) < 4 * SPACING_LOG_SD) continue;
    const { upper, steps, distanceMm: d } = spacings[k];
    const pair = `${REGULAR_COLUMN[upper]}-${REGULAR_COLUMN[upper + steps]}`;
    flags.push({
      code: 'labels.spacing',
      severity: 'doubt',
      where: pair,
      message: `${pair} are ${d.toFixed(0)} mm apart, ${Math.round(100 * Math.abs(Math.exp(off) - 1))} % ${off > 0 ? 'more' : 'less'} than the rest of this column suggests.`,
    });
  }
  return [...flags, ...levelFlags(spacings, uncut)];
}

/** The spacings say which levels these are, roughly; they only speak when they contradict. */
function levelFlags(spacings: ReturnType<typeof spacingsOf>, column: readonly Vertebra[]): QualityFlag[] {
  const own = spacingMisfit(spacings);
  const anchors = REGULAR_COLUMN.map((_, index) => index - spacings[0].upper);
  const best = anchors.reduce(
    (least, shift) => (spacingMisfit(spacings, shift) < spacingMisfit(spacings, least) ? shift : least),
    0,
  );
  if (Math.abs(best) > 3 && own - spacingMisfit(spacings, best) > 12) {
    const first = REGULAR_COLUMN[spacings[0].upper + best];
    return [
      {
        code: 'labels.level-implausible',
        severity: 'doubt',
        where: `${column[0].level}-${column[column.length - 1].level}`,
        message: `The distances between these vertebrae do not fit ${column[0].level} downwards; they look like ${first} downwards. The numbers may only count the vertebrae in view.`,
      },
    ];
  }
  const chances = shiftProbabilities(spacings, SHIFTS);
  const likely = chances.indexOf(Math.max(...chances));
  if (spacings.length < 4 || chances[3] >= 0.02 || chances[likely] < 0.8) return [];
  const shift = SHIFTS[likely];
  return [
    {
      code: 'labels.level-doubt',
      severity: 'doubt',
      where: `${column[0].level}-${column[column.length - 1].level}`,
      message: `By their distances these levels could be named one or more too ${shift > 0 ? 'high' : 'low'} (shift ${shift > 0 ? '+' : ''}${shift}: ${Math.round(100 * chances[likely])} %, as labelled: ${Math.round(100 * chances[3])} %). Compare with the ribs and the sacrum; "shift" moves them all.`,
    },
  ];
}

function volumeFlags(column: readonly Vertebra[]): QualityFlag[] {
  const flags: QualityFlag[] = [];
  for (const [k, vertebra] of column.entries()) {
    if (vertebra.measure.touchesBorder || vertebra.level === 'S1' || vertebra.level === 'C1' || vertebra.level === 'C2')
      continue;
    const neighbours = [column[k - 1], column[k + 1]].filter(
      (other) =>
        other &&
        other.level !== 'S1' &&
        !other.measure.touchesBorder &&
        Math.abs(levelIndex(other.level) - levelIndex(vertebra.level)) <= 2,
    );
    if (neighbours.length === 0) continue;
    const usual = Math.exp(
      neighbours.reduce((sum, { measure }) => sum + Math.log(measure.volumeMm3), 0) / neighbours.length,
    );
    const ratio = vertebra.measure.volumeMm3 / usual;
    if (ratio > 0.6 && ratio < 1.6) continue;
    flags.push({
      code: 'labels.volume-jump',
      severity: 'doubt',
      where: vertebra.level,
      message: `${vertebra.level} has ${ratio.toFixed(2)} times the volume of its neighbours. It may be incomplete, fractured, or hold two vertebrae.`,
    });
  }
  return flags;
}

function pieceFlags(map: Labelmap, column: readonly Vertebra[]): QualityFlag[] {
  const flags: QualityFlag[] = [];
  for (const { level, measure } of column) {
    if (measure.touchesBorder) continue;
    const { count, strayShare } = piecesOf(map, measure);
    if (count < 2 || strayShare < 0.02) continue;
    flags.push({
      code: 'labels.fragments',
      severity: 'doubt',
      where: level,
      message: `${level} comes in ${count} pieces; ${Math.round(100 * strayShare)} % of its voxels lie apart from the largest.`,
    });
  }
  return flags;
}

function borderFlags(column: readonly Vertebra[]): QualityFlag[] {
  const cut = column.filter(({ measure }) => measure.touchesBorder).map(({ level }) => level);
  if (cut.length === 0) return [];
  return [
    {
      code: 'labels.cut',
      severity: 'info',
      where: cut.join(', '),
      message: `${cut.join(', ')} reach${cut.length === 1 ? 'es' : ''} the border of the image and may be incomplete.`,
    },
  ];
}

function transitionalFlags(column: readonly Vertebra[], hasSacrum: boolean): QualityFlag[] {
  const levels = column.map(({ level }) => level);
  const alternatives: string[] = [];
  if (levels.includes('T13')) alternatives.push('T13: a thirteenth rib-bearing vertebra, or L1 with lumbar ribs');
  if (levels.includes('L6'))
    alternatives.push('L6: a sixth lumbar vertebra, or a first sacral one that stands free (S1)');
  const lumbar = levels.filter((level) => level[0] === 'L').length;
  const full = levels.includes('T12') && (hasSacrum || levels.includes('S1'));
  const gap = missingFlags(column).length > 0;
  if (full && !gap && lumbar === 4)
    alternatives.push('four lumbar vertebrae: L5 grown to the sacrum, or a rib-less T12 named L1');
  if (alternatives.length === 0) return [];
  return [
    {
      code: 'labels.transitional',
      severity: 'doubt',
      where: levels.filter((level) => level === 'T13' || level === 'L6').join(', ') || 'L1-L5',
      message: `Transitional anatomy is possible — ${alternatives.join('; ')}. Compare with the ribs and whole-spine images; "shift" renames all levels.`,
    },
  ];
}

/** The vertebra that stands on the sacrum is L5 unless anatomy is transitional. */
function sacrumFlags(map: Labelmap, column: readonly Vertebra[], sacrum: LabelMeasure | undefined): QualityFlag[] {
  const free = column.filter(({ level }) => level[0] !== 'S');
  const lowest = free[free.length - 1];
  const onS1 = column.find(({ level }) => level === 'S1');
  const base = onS1?.measure.centroid ?? (sacrum && topCentre(map, sacrum, 30));
  if (!lowest || !base || lowest.level === 'L5' || lowest.level === 'L6') return [];
  if (distanceMm(lowest.measure.centroid, base) > 55) return [];
  const shift = levelIndex('L5') - levelIndex(lowest.level);
  return [
    {
      code: 'labels.sacrum-neighbour',
      severity: 'doubt',
      where: lowest.level,
      message: `The vertebra on the sacrum is named ${lowest.level}, where L5 is usual. Alternatives: transitional anatomy, or all names ${shift} too high ("shift" ${shift}).`,
    },
  ];
}

/** Ribs 10-12 spring from the vertebra of their own number; at the end of the column only one that is labelled can tell. */
function ribFlags(
  column: readonly Vertebra[],
  anatomy: Labelmap | undefined,
  others: readonly LabelMeasure[],
): QualityFlag[] {
  if (!anatomy || column.length < 2) return [];
  const offsets: { rib: string; level: VertebraLevel; offset: number }[] = [];
  for (const { name, structure, value } of anatomy.labels) {
    const number = structure === 'rib' ? Number(/(1[0-2])(?!\d)/.exec(name)?.[1]) : Number.NaN;
    const measure = others.find((other) => other.value === value);
    if (!number || !measure) continue;
    const nearest = nearestVertebra(placesOf(anatomy, measure), column);
    const own = column.some(({ level }) => level === `T${number}`);
    const last = nearest === column[0].level || nearest === column[column.length - 1].level;
    if (!nearest || (last && !own)) continue;
    offsets.push({
      rib: name,
      level: nearest,
      offset: levelIndex(nearest) - levelIndex(`T${number}` as VertebraLevel),
    });
  }
  const wrong = offsets.filter(({ offset }) => offset !== 0);
  if (wrong.length === 0 || wrong.length < offsets.length / 2) return [];
  return [
    {
      code: 'labels.rib-neighbour',
      severity: 'doubt',
      where: wrong.map(({ level }) => level).join(', '),
      message: `${wrong.map(({ rib, level }) => `${rib} springs from ${level}`).join('; ')}. Vertebrae or ribs are numbered one off, or a rib is missing or extra.`,
    },
  ];
}

/** The vertebra a rib springs from: the one its nearest voxel lies within 45 mm of; none when that one is cut by the border. */
function nearestVertebra(rib: Float32Array, column: readonly Vertebra[]): VertebraLevel | undefined {
  let best = 45;
  let level: VertebraLevel | undefined;
  for (const vertebra of column) {
    const [x, y, z] = vertebra.measure.centroid;
    for (let p = 0; p < rib.length; p += 3) {
      const away = Math.hypot(rib[p] - x, rib[p + 1] - y, rib[p + 2] - z);
      if (away < best) {
        best = away;
        level = vertebra.measure.touchesBorder ? undefined : vertebra.level;
      }
    }
  }
  return level;
}

function sideFlags(anatomy: Labelmap | undefined, others: readonly LabelMeasure[]): QualityFlag[] {
  if (!anatomy) return [];
  const place = (entry: LabelEntry | undefined) => others.find(({ value }) => value === entry?.value)?.centroid[0];
  let pairs = 0;
  let swapped = 0;
  for (const entry of anatomy.labels) {
    if (entry.side !== 'left') continue;
    const left = place(entry);
    const right = place(anatomy.labels.find(({ name }) => name === entry.name.replace(/left/i, 'right')));
    if (left === undefined || right === undefined) continue;
    pairs++;
    if (left < right) swapped++;
  }
  if (pairs === 0 || swapped <= pairs / 2) return [];
  return [
    {
      code: 'labels.sides-swapped',
      severity: 'fault',
      message: `${swapped} of ${pairs} structures named left lie on the patient's right. The file's orientation is likely wrong.`,
    },
  ];
}
