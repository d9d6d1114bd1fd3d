/** Doubts about numbering and place of marked vertebrae: levels left out, levels skipped, odd distances, wrong order. O(levels). */

import { distance3, median } from '../../kernel/index.ts';
import { levelIndex, type QualityFlag, VERTEBRA_LEVELS, type VertebraLevel } from '../../model/index.ts';
import type { MarkedVertebra } from './column.ts';

/** A spacing this share of that of its neighbours, or this many times it, is an outlier. */
const SPACING_RANGE = [0.6, 1.5] as const;

/** A step wider than this many usual ones has room for a vertebra that is not marked. */
const ROOM_FOR_ONE = 1.5;

/** Levels that only some people have. */
const TRANSITIONAL: readonly VertebraLevel[] = ['T13', 'L6'];

/** A flag of this capability. */
export function flag(
  code: string,
  severity: QualityFlag['severity'],
  where: string | undefined,
  message: string,
): QualityFlag {
  return { code: `keypoints.${code}`, severity, ...(where ? { where } : {}), message };
}

/** Levels between two others that everybody has. */
function regularBetween(upper: VertebraLevel, lower: VertebraLevel): VertebraLevel[] {
  return VERTEBRA_LEVELS.slice(levelIndex(upper) + 1, levelIndex(lower)).filter((l) => !TRANSITIONAL.includes(l));
}

/**
 * True when no regular level lies between two.
 * @example areNeighbours('T12', 'L1') // true
 */
export function areNeighbours(upper: VertebraLevel, lower: VertebraLevel): boolean {
  return regularBetween(upper, lower).length === 0;
}

interface Step {
  mm: number;
  missing: VertebraLevel[];
  name: string;
  /** median of up to two complete steps on either side · mm; undefined with fewer than two of them */
  usual: number | undefined;
}

function stepsOf(bodies: readonly MarkedVertebra[]): Step[] {
  const steps = bodies.slice(1).map((lower, i) => ({
    mm: distance3(bodies[i].body.xyz, lower.body.xyz),
    missing: regularBetween(bodies[i].level, lower.level),
    name: `${bodies[i].level}-${lower.level}`,
  }));
  return steps.map((step, i) => {
    const near = [i - 2, i - 1, i + 1, i + 2].map((k) => steps[k]).filter((s) => s && s.missing.length === 0);
    return { ...step, usual: near.length >= 2 ? median(near.map((s) => s.mm)) : undefined };
  });
}

/** Levels left out, with or without room for them, and transitional ones. */
export function numberingFlags(bodies: readonly MarkedVertebra[]): QualityFlag[] {
  const flags: QualityFlag[] = [];
  for (const { mm, missing, name, usual } of stepsOf(bodies)) {
    if (missing.length === 0) continue;
    const list = missing.join(', ');
    const verb = missing.length === 1 ? 'is' : 'are';
    if (usual === undefined || mm / usual >= ROOM_FOR_ONE) {
      flags.push(flag('missing-level', 'doubt', name, `${list} ${verb} not marked; the centre line runs past.`));
      continue;
    }
    const message = `${list} ${verb} not marked and there is no room (${name} are ${mm.toFixed(0)} mm apart): the number of vertebrae is unusual, or the numbering is wrong.`;
    flags.push(flag('skipped-level', 'doubt', name, message));
  }
  for (const level of TRANSITIONAL) {
    if (bodies.some((b) => b.level === level))
      flags.push(flag('transitional', 'info', level, `${level} is marked: a vertebra that few people have.`));
  }
  return flags;
}

/** Odd distances, and bodies that lie above the one before. */
export function placeFlags(bodies: readonly MarkedVertebra[]): QualityFlag[] {
  const flags: QualityFlag[] = [];
  for (const { mm, missing, name, usual } of stepsOf(bodies)) {
    if (usual === undefined || missing.length > 0) continue;
    const ratio = mm / usual;
    if (ratio >= SPACING_RANGE[0] && ratio <= SPACING_RANGE[1]) continue;
    const message = `${name} are ${mm.toFixed(0)} mm apart where their neighbours are ${usual.toFixed(0)} mm: a body may be misplaced or a vertebra skipped.`;
    flags.push(flag('spacing', 'doubt', name, message));
  }
  for (let i = 1; i < bodies.length; i++) {
    const [upper, lower] = [bodies[i - 1], bodies[i]];
    if (lower.body.xyz[2] < upper.body.xyz[2]) continue;
    const name = `${upper.level}-${lower.level}`;
    flags.push(flag('order', 'doubt', name, `${lower.level} does not lie below ${upper.level}.`));
  }
  return flags;
}

/** Vertebrae without a pair of pedicles. */
export function pedicleFlags(vertebrae: readonly MarkedVertebra[]): QualityFlag[] {
  const levels = vertebrae.filter(({ left, right }) => !left || !right).map(({ level }) => level);
  if (levels.length === 0) return [];
  const list = levels.join(', ');
  return [flag('no-pedicles', 'info', list, `No pedicle pair is marked at ${list}: rotation is not told there.`)];
}
