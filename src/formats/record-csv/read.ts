/** Tables of dated facts of one person: wide (one row a visit) or long (one row a fact). */

import {
  type ClinicalRecord,
  MsdtError,
  type QualityFlag,
  type ReadItem,
  type ReadOptions,
  type ReadReport,
  type RecordProfile,
  type SourceFile,
} from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { fileError, latin1, MAX_TEXT_BYTES } from '../bytes.ts';
import { asFileError } from '../report.ts';
import { type DateOrder, dateOrderOf } from './cells.ts';
import { factsOf, type TableFacts } from './facts.ts';
import { guessRecordProfile } from './guess.ts';
import { isDate } from './names.ts';
import { isRecordProfileText, parseRecordProfile, RECORD_PROFILE_MARK } from './profile.ts';
import { type RecordTable, recordTable } from './table.ts';

/** Bad cells that get a line of their own; the rest are counted in one. */
const MOST_ERRORS = 100;

/** Reads tables; a mapping among the files, or in `choices.profile`, holds for all of them. */
export async function readRecordTables(files: readonly SourceFile[], options: ReadOptions): Promise<ReadReport> {
  const report: ReadReport = { items: [], skipped: [], errors: [] };
  const tables: SourceFile[] = [];
  let mapping: RecordProfile | undefined;
  let mappingFile: string | undefined;
  for (const file of files) {
    options.signal?.throwIfAborted();
    if (!RECORD_PROFILE_MARK.test(latin1(await file.head(1024)))) {
      tables.push(file);
      continue;
    }
    try {
      mapping = parseRecordProfile(new TextDecoder().decode(await readWhole(file, MAX_TEXT_BYTES)), file.name);
      mappingFile = file.name;
    } catch (error) {
      report.errors.push({ file: file.name, error: asFileError(error, file.name) });
    }
  }
  const chosen = options.choices?.profile;
  for (const [at, file] of tables.entries()) {
    options.signal?.throwIfAborted();
    options.progress?.(at / tables.length, 'reading tables');
    try {
      const named = chosen && isRecordProfileText(chosen) ? parseRecordProfile(chosen, 'choices.profile') : mapping;
      const bytes = await readWhole(file, MAX_TEXT_BYTES);
      const item = recordItem(recordTable(bytes, file.name, named), file.name, named, report);
      if (item && mappingFile && named === mapping) item.files.push(mappingFile);
      if (item) report.items.push(item);
    } catch (error) {
      report.errors.push({ file: file.name, error: asFileError(error, file.name) });
    }
  }
  if (mappingFile && tables.length === 0)
    report.skipped.push({ file: mappingFile, reason: 'a record mapping without a table that it could be used on' });
  options.progress?.(1);
  return report;
}

/**
 * The read item of a table; bad cells become lines of the report.
 * @throws MsdtError no mapping, a column that is not there, days that may be months, several people
 */
export function recordItem(
  table: RecordTable,
  file: string,
  named: RecordProfile | undefined,
  report: Pick<ReadReport, 'errors' | 'skipped'>,
): ReadItem | undefined {
  const profile = named ?? guessRecordProfile(table.names, table.rows);
  if (!profile) throw unmapped(table, file);
  const facts = factsOf(table, profile, { file, order: orderOf(table, profile, file) });
  noteProblems(facts, file, report);
  const { record, refused } = facts;
  if (record.facts.length === 0 && facts.problems.length > 0) return undefined;
  if (record.facts.length === 0)
    throw fileError('input.empty', file, 'The table holds no fact', {
      place: `row ${table.firstRow}`,
      hint: 'Check that the mapping names the right columns and that they are filled.',
    });
  const takenAt = record.facts.reduce((latest, { from = '' }) => (from > latest ? from : latest), '');
  return {
    modality: 'record',
    artifacts: [{ kind: 'record.clinical', payload: record, name: 'Clinical record' }],
    files: [file],
    takenAt,
    synthetic: record.synthetic,
    quality: flagsOf(record, refused, facts.problems.length),
    metadata: { format: 'CSV record', mapping: profile.name, facts: record.facts.length, rows: table.rows.length },
    namesPerson: true,
  };
}

function flagsOf({ withheld }: ClinicalRecord, refused: readonly string[], bad: number): QualityFlag[] {
  const flags: QualityFlag[] = [];
  if (refused.length)
    flags.push({
      code: 'record.identity',
      severity: 'info',
      where: refused.join(', '),
      message: `${refused.length === 1 ? 'A column that may identify the person was' : `${refused.length} columns that may identify the person were`} left out; of a date of birth the year goes on.`,
    });
  const unmapped = withheld.filter(({ reason }) => reason.includes('mapping')).map(({ what }) => what);
  if (unmapped.length)
    flags.push({
      code: 'record.unmapped',
      severity: 'info',
      where: unmapped.slice(0, 8).join(', '),
      message: `${unmapped.length} columns or names have no meaning in the mapping and were left out.`,
    });
  if (bad)
    flags.push({
      code: 'record.bad-cells',
      severity: 'doubt',
      message: `${bad} cells could not be read and were left out.`,
    });
  return flags;
}

function noteProblems({ problems }: TableFacts, file: string, report: Pick<ReadReport, 'errors'>): void {
  for (const { place, reason } of problems.slice(0, MOST_ERRORS))
    report.errors.push({
      file,
      error: fileError('file.malformed', file, 'A cell could not be read', {
        place,
        detail: reason,
        hint: 'Correct the cell and read the table again; the other cells were taken.',
      }),
    });
  const rest = problems.length - MOST_ERRORS;
  if (rest > 0)
    report.errors.push({
      file,
      error: fileError('file.malformed', file, `${rest} more cells could not be read`, {
        place: `${problems[MOST_ERRORS].place} and below`,
        hint: 'So many bad cells mean a wrong mapping: check columns, decimal sign and order of dates.',
      }),
    });
}

/** Order of day and month: as the mapping says, else as the dates themselves tell. */
function orderOf({ names, rows }: RecordTable, profile: RecordProfile, file: string): DateOrder | undefined {
  if (profile.dates) return profile.dates;
  const at = typeof profile.date === 'number' ? profile.date - 1 : names.indexOf(profile.date);
  const order = dateOrderOf(rows.map((row) => row[at] ?? ''));
  if (order !== 'open') return order === 'none' ? undefined : order;
  throw new MsdtError('file.malformed', 'The dates leave open which number is the month', {
    where: { file, place: `column ${names[at] ?? at + 1}` },
    detail: 'no day of the column is above 12',
    hint: 'Say it in the mapping ("dates": "day-first" or "month-first"), or write the dates as 2026-03-04.',
  });
}

function unmapped({ names, firstRow }: RecordTable, file: string): MsdtError {
  const days = names.some(isDate);
  return fileError('input.missing', file, 'Nobody says what the columns of this table mean', {
    place: `row ${firstRow - 1}`,
    detail: days ? 'no column beside the date is known' : 'there is no column of dates',
    hint: 'Give a record mapping: the form "Map columns", or --choice profile=NAME or a JSON file.',
  });
}
