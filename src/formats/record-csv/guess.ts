/** A record mapping from nothing but the names of the columns, for tables that speak for themselves. */

import type { RecordColumn, RecordProfile } from '../../model/index.ts';
import { isDate, longRole, meaningOf, personal } from './names.ts';
import { unitInName } from './units.ts';

/** Name of a mapping that nobody saved. */
export const GUESSED = 'found in the header';

/** Above this an ODI is a percentage: points end at 50. */
const MOST_POINTS = 50;

/** The mapping that the names of the columns suggest; undefined where no column is a date, or none is known. */
export function guessRecordProfile(
  names: readonly string[],
  cells: readonly (readonly string[])[] = [],
): RecordProfile | undefined {
  const date = names.findIndex(isDate);
  if (date < 0) return undefined;
  const base = { schemaVersion: 1, name: GUESSED, of: 'record', date: date + 1 } as const;
  const roles = names.map(longRole);
  const [what, value, unit] = [lastOf(roles, 'what'), roles.indexOf('value'), roles.indexOf('unit')];
  if (what >= 0 && value >= 0 && what !== value)
    return { ...base, long: { what: what + 1, value: value + 1, ...(unit >= 0 && { unit: unit + 1 }) } };
  const columns = names.flatMap((name, at): RecordColumn[] => {
    if (at === date || personal(name)) return [];
    const known = meaningOf(name);
    if (!known) return [];
    const said = unitInName(name) ?? known.unit ?? usedUnit(known.means, cells, at);
    return [{ column: at + 1, means: known.means, ...(said && { unit: said }), ...placeIn(name) }];
  });
  return columns.length ? { ...base, columns } : undefined;
}

/** A name of a person comes before the name of a test. */
function lastOf(roles: readonly (string | undefined)[], role: string): number {
  return roles.lastIndexOf(role);
}

function usedUnit(means: string, cells: readonly (readonly string[])[], at: number): string | undefined {
  if (means !== 'prom.odi') return undefined;
  const most = cells.reduce((max, row) => Math.max(max, Number(row[at]) || 0), 0);
  return most > MOST_POINTS ? '%' : undefined;
}

/** Level, side and posture in the name of a column: `Disc height L4-L5`, `Lordosis standing`. */
function placeIn(name: string): Pick<RecordColumn, 'level' | 'side' | 'posture'> {
  const level = /\b([TL]\d{1,2})[-/ ]?([TLS]\d{1,2})?\b/.exec(name.toUpperCase());
  const side = /\b(left|right)\b/i.exec(name)?.[1].toLowerCase() as 'left' | undefined;
  const posture = /\b(standing|supine)\b/i.exec(name)?.[1].toLowerCase() as 'standing' | undefined;
  return {
    ...(level && !/^L1$/.test(level[0]) && { level: level[2] ? `${level[1]}-${level[2]}` : level[1] }),
    ...(side && { side }),
    ...(posture && { posture }),
  };
}

/** True where a table is surely a record: days, and at least half of what else is there is known. */
export function speaksOfRecord(names: readonly string[]): boolean {
  const guess = guessRecordProfile(names);
  if (!guess) return false;
  if (guess.long) return true;
  const others = names.filter((name, at) => at + 1 !== guess.date && !personal(name));
  return (guess.columns?.length ?? 0) * 2 >= others.length;
}
