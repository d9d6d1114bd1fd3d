/** From rows and a mapping to facts, with every cell that is none told by row and column. */

import {
  type ClinicalFact,
  type ClinicalRecord,
  CODE_SYSTEM,
  type ColumnRef,
  type LeftOut,
  MsdtError,
  type RecordMeaning,
  type RecordProfile,
} from '../../model/index.ts';
import { cellDate, cellValue, type DateOrder, isMissing } from './cells.ts';
import { identifies, meaningOf, personal } from './names.ts';
import type { RecordTable } from './table.ts';
import { ucumOf } from './units.ts';

/** Local code system of features and findings. */
const LOCAL = 'urn:msdt:feature';

const SEXES: readonly [RegExp, 'female' | 'male' | 'other'][] = [
  [/^(f|female|w|weiblich|woman)$/i, 'female'],
  [/^(m|male|männlich|man)$/i, 'male'],
  [/^(o|other|d|divers)$/i, 'other'],
];

/** What a table gave. */
export interface TableFacts {
  record: ClinicalRecord;
  /** names of columns that identify people and were not taken */
  refused: string[];
  problems: { place: string; reason: string }[];
}

interface About {
  file: string;
  order: DateOrder | undefined;
}

/** A cell that a mapping gives a meaning. */
interface Filled {
  row: number;
  place: string;
  text: string;
  unit?: string;
  meaning: RecordMeaning;
}

/**
 * The facts of a table.
 * @throws MsdtError a column of the mapping is not there, or the rows are of several people
 */
export function factsOf(table: RecordTable, profile: RecordProfile, about: About): TableFacts {
  const { names, rows } = table;
  const refusedAt = names.flatMap((name, at) => (isRefused(name, at, table, profile) ? [at] : []));
  onePerson(table, refusedAt, about.file);
  const counts = new Map<string, LeftOut>();
  const leave = (what: string, reason: string): void => {
    const known = counts.get(`${what}\n${reason}`);
    if (known) known.count++;
    else counts.set(`${what}\n${reason}`, { what, reason, count: 1 });
  };
  const problems: TableFacts['problems'] = [];
  const filled = profile.long
    ? longCells(table, profile, refusedAt, leave)
    : wideCells(table, profile, refusedAt, leave);
  const date = columnAt(profile.date, names, about.file);
  const days = new Map<number, string | undefined>();
  const dayOf = (row: number): string | undefined => {
    if (days.has(row)) return days.get(row);
    const day = cellDate(rows[row][date] ?? '', about.order);
    if (typeof day !== 'string') problems.push({ place: placeOf(table, row, date), reason: day.reason });
    days.set(row, typeof day === 'string' ? day : undefined);
    return days.get(row);
  };
  const facts: ClinicalFact[] = [];
  for (const cell of filled(about.file)) {
    const from = dayOf(cell.row);
    if (from === undefined) continue;
    const value = cellValue(cell.text, table.comma);
    const unit = cell.unit ?? cell.meaning.unit;
    // what has a unit is a number
    if (!('number' in value) && !('reason' in value) && unit && unit !== '1')
      problems.push({ place: cell.place, reason: `a number in ${unit} is needed` });
    else if ('reason' in value) problems.push({ place: cell.place, reason: String(value.reason) });
    else facts.push(factOf(cell, from, { ...value, ...unitOf(value, cell) }, facts.length + 1));
  }
  const refused = refusedAt.map((at) => names[at]);
  return {
    record: {
      person: personOf(table, about.order),
      facts,
      skipped: [],
      withheld: [
        ...refused.map((what) => ({ what, reason: 'may identify a person', count: rows.length })),
        ...counts.values(),
      ],
      synthetic: false,
    },
    refused,
    problems,
  };
}

function factOf({ place, meaning }: Filled, from: string, value: ClinicalFact['value'], turn: number): ClinicalFact {
  const { means, level, side, posture } = meaning;
  const coding = /^\d/.test(means) ? { system: CODE_SYSTEM.LOINC, code: means } : { system: LOCAL, code: means };
  const site = [side, level].filter(Boolean).join(' ');
  return {
    ...{ id: `observation-${turn}`, kind: 'observation', resource: 'Observation', status: 'final', from, value, place },
    scale: means.startsWith('lab.') ? 'nano' : 'macro',
    concept: { codings: [coding] },
    ...(site && { bodySite: [{ codings: [], text: site }] }),
    ...(posture && {
      parts: [
        {
          concept: { codings: [{ system: 'urn:msdt:context', code: 'posture' }] },
          value: { concept: { codings: [{ system: 'urn:msdt:posture', code: posture }] } },
        },
      ],
    }),
  };
}

/** Numbers have units; yes, no and grades have none. */
function unitOf(value: object, { unit, meaning }: Filled): { unit?: string } {
  const said = unit ?? meaning.unit;
  return 'number' in value && said ? { unit: said } : {};
}

type Leave = (what: string, reason: string) => void;
type Cells = (file: string) => Iterable<Filled>;

function wideCells(table: RecordTable, profile: RecordProfile, refused: readonly number[], leave: Leave): Cells {
  return function* (file) {
    const columns = (profile.columns ?? []).map((column) => ({
      column,
      at: columnAt(column.column, table.names, file),
    }));
    const taken = new Set([columnAt(profile.date, table.names, file), ...columns.map(({ at }) => at)]);
    for (const [row, cells] of table.rows.entries()) {
      for (const { column, at } of columns) {
        if (refused.includes(at) || isMissing(cells[at] ?? '')) continue;
        yield { row, place: placeOf(table, row, at), text: cells[at], meaning: column };
      }
      for (const [at, text] of cells.entries())
        if (!taken.has(at) && !refused.includes(at) && !personal(table.names[at] ?? '') && !isMissing(text))
          leave(table.names[at] || `column ${at + 1}`, 'the mapping gives it no meaning');
    }
  };
}

function longCells(table: RecordTable, profile: RecordProfile, refused: readonly number[], leave: Leave): Cells {
  return function* (file) {
    const { what, value, unit, meanings = [] } = profile.long as NonNullable<RecordProfile['long']>;
    const [whatAt, valueAt] = [columnAt(what, table.names, file), columnAt(value, table.names, file)];
    const unitAt = unit === undefined ? -1 : columnAt(unit, table.names, file);
    const given = new Map(meanings.map((meaning) => [meaning.name.trim().toLowerCase(), meaning]));
    for (const [row, cells] of table.rows.entries()) {
      const name = cells[whatAt]?.trim() ?? '';
      if (!name || refused.includes(valueAt) || isMissing(cells[valueAt] ?? '')) continue;
      const meaning: RecordMeaning | undefined = given.get(name.toLowerCase()) ?? meaningOf(name);
      // a name nobody knows may be anything, also a person's: it is counted and not repeated
      if (!meaning) leave('names of facts', 'the mapping gives them no meaning');
      else {
        const said = cells[unitAt]?.trim();
        const cell = { row, place: placeOf(table, row, valueAt), text: cells[valueAt], meaning };
        yield said ? { ...cell, unit: ucumOf(said) } : cell;
      }
    }
  };
}

/** Columns that identify people; what the mapping of a long table needs is none of them, whatever it is called. */
function isRefused(name: string, at: number, { names }: RecordTable, { long }: RecordProfile): boolean {
  const needed = long ? [long.what, long.value, long.unit] : [];
  if (needed.some((ref) => ref === at + 1 || ref === names[at])) return false;
  return identifies(name);
}

function columnAt(ref: ColumnRef, names: readonly string[], file: string): number {
  const at = typeof ref === 'number' ? ref - 1 : names.indexOf(ref.trim());
  if (at >= 0 && at < names.length) return at;
  throw new MsdtError('input.missing', `The table has no column ${typeof ref === 'number' ? ref : `"${ref}"`}`, {
    where: { file, place: 'the line of names' },
    detail: `it has ${names.length} columns`,
    hint: 'The mapping is of another table: choose another, or correct its columns.',
  });
}

function placeOf({ names, firstRow }: RecordTable, row: number, at: number): string {
  return `row ${firstRow + row}, column ${names[at] || at + 1}`;
}

/** A twin is one person: several numbers, names or birth dates mean several. */
function onePerson({ names, rows }: RecordTable, refused: readonly number[], file: string): void {
  for (const at of refused) {
    if (!/\b(patient|subject|mrn|birth|born|dob|ssn|surname|last ?name|family)/i.test(names[at].replace(/_/g, ' ')))
      continue;
    const people = new Set(rows.map((row) => row[at]?.trim().toLowerCase()).filter(Boolean));
    if (people.size > 1)
      throw new MsdtError('file.unsupported', `The table holds rows of ${people.size} people`, {
        where: { file, place: `column ${names[at]}` },
        detail: 'its values differ from row to row',
        hint: 'A twin is one person: keep the rows of one, and leave out the columns that name them.',
      });
  }
}

function personOf({ names, rows }: RecordTable, order: DateOrder | undefined): ClinicalRecord['person'] {
  const person: ClinicalRecord['person'] = {};
  for (const [at, name] of names.entries()) {
    const role = personal(name);
    const cell = rows.map((row) => row[at]?.trim() ?? '').find((text) => !isMissing(text));
    if (!cell || (role !== 'birth' && role !== 'sex')) continue;
    if (role === 'sex') person.sex ??= SEXES.find(([pattern]) => pattern.test(cell))?.[1];
    else {
      const day = /^(18|19|20)\d\d$/.test(cell) ? cell : cellDate(cell, order ?? 'day-first');
      if (typeof day === 'string') person.birthYear ??= Number(day.slice(0, 4));
    }
  }
  if (person.sex === undefined) delete person.sex;
  return person;
}
