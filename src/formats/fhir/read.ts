/** FHIR files as read items: one clinical record a person. */

import {
  type ClinicalRecord,
  MsdtError,
  type QualityFlag,
  type ReadItem,
  type ReadOptions,
  type ReadReport,
  type SourceFile,
} from '../../model/index.ts';
import { asFileError } from '../report.ts';
import { impossibleCodes } from './code-check.ts';
import { holdsLines, type Pool, readPool } from './pool.ts';
import { type PersonRecord, recordsOf } from './records.ts';

/** Most people of one import: a twin is one person. */
const MAX_PEOPLE = 50;

/** Name of the artifact: never that of the file, which often is the name of the person. */
const RECORD_NAME = 'Clinical record';

/** Files whose resources refer to each other. */
interface Batch {
  files: SourceFile[];
  pool: Pool;
}

/** Reads FHIR files; the NDJSON files of one folder are parts of one export. */
export async function readFhir(files: readonly SourceFile[], options: ReadOptions): Promise<ReadReport> {
  const report: ReadReport = { items: [], skipped: [], errors: [] };
  const exports = new Map<string, Batch>();
  const batches: Batch[] = [];
  for (const [index, file] of files.entries()) {
    options.signal?.throwIfAborted();
    options.progress?.(index / files.length, 'reading FHIR');
    try {
      const pool = await readPool(file, options.signal);
      const folder = file.name.slice(0, file.name.lastIndexOf('/') + 1);
      const batch = holdsLines(file) ? exports.get(folder) : undefined;
      if (batch) {
        batch.files.push(file);
        for (const found of pool.found)
          batch.pool.found.push({ ...found, place: `file ${batch.files.length}, ${found.place}` });
        batch.pool.empty += pool.empty;
        continue;
      }
      const fresh = { files: [file], pool };
      if (holdsLines(file)) exports.set(folder, fresh);
      batches.push(fresh);
    } catch (error) {
      report.errors.push({ file: file.name, error: asFileError(error, file.name) });
    }
  }
  for (const batch of batches) {
    try {
      readBatch(batch, report);
    } catch (error) {
      report.errors.push({ file: batch.files[0].name, error: asFileError(error, batch.files[0].name) });
    }
  }
  options.progress?.(1);
  return report;
}

function readBatch({ files, pool }: Batch, report: ReadReport): void {
  const [{ name: file }] = files;
  const records = recordsOf(pool);
  const filled = records.filter(({ record }) => record.facts.length > 0 || Object.keys(record.person).length > 0);
  if (filled.length > MAX_PEOPLE) {
    report.errors.push({ file, error: tooManyPeople(file, filled.length) });
    return;
  }
  for (const { what, reason, count } of records.flatMap(({ record }) => record.skipped))
    report.skipped.push({ file: `${file} · ${count} × ${what}`, reason });
  if (filled.length === 0) report.skipped.push({ file, reason: 'no fact about a person in it' });
  const names = files.map(({ name }) => name);
  for (const one of filled) report.items.push(itemOf(one, names, filled.length));
}

function itemOf({ record, assumed }: PersonRecord, files: string[], people: number): ReadItem {
  const takenAt = latestOf(record);
  return {
    modality: 'record',
    artifacts: [{ kind: 'record.clinical', payload: record, name: RECORD_NAME }],
    files,
    ...(takenAt && { takenAt }),
    synthetic: record.synthetic,
    namesPerson: true,
    quality: flagsOf(record, assumed, people),
    metadata: { format: 'FHIR R4', facts: record.facts.length, leftOut: total(record.skipped) },
  };
}

function flagsOf(record: ClinicalRecord, assumed: number, people: number): QualityFlag[] {
  const flags: QualityFlag[] = [];
  const left = total(record.skipped);
  if (left) {
    const sorts = record.skipped.map(({ what, count }) => `${what} ${count}`).join(', ');
    flags.push({
      code: 'fhir.left-out',
      severity: 'info',
      message: `${left} resources did not become facts (${sorts}); the record says why for each sort.`,
    });
  }
  if (people > 1)
    flags.push({
      code: 'fhir.several-people',
      severity: 'doubt',
      message: `The file holds records of ${people} people: keep the one of this twin and retract the others.`,
    });
  if (record.person.deceased)
    flags.push({
      code: 'fhir.deceased',
      severity: 'doubt',
      message: 'The record says that the person has died: what is predicted or suggested here means nothing any more.',
    });
  if (assumed)
    flags.push({
      code: 'fhir.subject-assumed',
      severity: 'doubt',
      message: `${assumed} facts name no patient and were taken for those of the only one in the file.`,
    });
  const wrong = impossibleCodes(record);
  if (wrong.length)
    flags.push({
      code: 'fhir.codes',
      severity: 'doubt',
      where: wrong
        .map(({ code }) => code)
        .slice(0, 5)
        .join(', '),
      message: `${wrong.length} LOINC or SNOMED codes have a wrong check digit: mistyped, or of another system.`,
    });
  const undated = record.facts.filter(({ from, to }) => !from && !to).length;
  if (undated)
    flags.push({
      code: 'fhir.undated',
      severity: 'info',
      message: `${undated} facts carry no time at which they were true.`,
    });
  return flags;
}

function total(left: readonly { count: number }[]): number {
  return left.reduce((sum, { count }) => sum + count, 0);
}

/** Time of the latest fact. */
function latestOf({ facts }: ClinicalRecord): string | undefined {
  let latest: string | undefined;
  for (const { from, to } of facts) {
    const time = from ?? to;
    if (time && (latest === undefined || Date.parse(time) > Date.parse(latest))) latest = time;
  }
  return latest;
}

function tooManyPeople(file: string, people: number): MsdtError {
  return new MsdtError('file.unsupported', `The file holds records of ${people} people (${file})`, {
    where: { file, place: 'Patient' },
    detail: `at most ${MAX_PEOPLE} at once`,
    hint: 'A twin is one person: export one patient, with Patient/$everything for example.',
  });
}
