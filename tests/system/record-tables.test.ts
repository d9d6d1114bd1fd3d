/** Tables of facts from a saved mapping to the risk: API, engine, features. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { profileHandlers } from '../../src/api/profiles.ts';
import { json } from '../../src/formats/json/index.ts';
import { KNOWN_MEANINGS } from '../../src/formats/record-csv/index.ts';
import { findEntry, findFinding, readClinical, synchronise } from '../../src/inference/index.ts';
import type { ClinicalRecord, RecordProfile } from '../../src/model/index.ts';
import { openTestEngine, type TestEngine } from '../support/engine.ts';
import { memoryFile } from '../support/formats/formats.ts';

const TABLE = [
  'when,Surname,a,b,c,d',
  '2026-01-10,Doe,44,7,0.9,no',
  '2026-02-20,Doe,38,six,0.2,no',
  '2026-02-28,Doe,36,5,0.3,no',
].join('\n');

const MAPPING: RecordProfile = {
  ...{ schemaVersion: 1, name: 'spine clinic', of: 'record', date: 'when' },
  columns: [
    { column: 'a', means: 'prom.odi', unit: '%' },
    { column: 'b', means: 'pain.leg', unit: '{score}' },
    { column: 'c', means: '1988-5', unit: 'mg/dL' },
    { column: 'd', means: 'flag.fever' },
  ],
};

describe('tables of facts', () => {
  let test: TestEngine;
  let folder: string;
  beforeAll(async () => {
    test = await openTestEngine();
    folder = await mkdtemp(join(tmpdir(), 'msdt-record-'));
    await writeFile(join(folder, 'visits.csv'), `${TABLE}\n`);
  }, 60_000);
  afterAll(async () => {
    await test.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('are looked at before they are read, without who it is', async () => {
    const handlers = profileHandlers(test.engine);
    const look = (text: string, profile?: unknown) =>
      handlers.lookAtTable({
        body: { name: 'visits.csv', bytes: text.length, head: Buffer.from(text).toString('base64'), profile },
      });
    const mapped = await look(TABLE, MAPPING);
    expect(mapped.record).toMatchObject({
      facts: 11,
      refused: ['Surname'],
      names: ['when', 'Surname', 'a', 'b', 'c', 'd'],
    });
    expect(JSON.stringify(mapped.record)).not.toContain('Doe');
    expect(mapped.problem).toMatchObject({ where: { place: 'row 3, column b' } });
    const spoken = await look('date,ODI (%),CRP (mg/L)\n2026-01-10,40,3\n');
    expect(spoken.record?.guess?.columns?.map(({ means }) => means)).toEqual(['prom.odi', 'lab.crp']);
    expect(spoken.recognised).toBe('CSV record');
    const samples = await look('time,x,y\n0,1,2\n0.1,2,3\n');
    expect(samples.record).toMatchObject({ likely: false, facts: 0, problems: [] });
    const wrong = await look(TABLE, { ...MAPPING, columns: [{ column: 'z', means: 'prom.odi' }] });
    expect(wrong.problem?.message).toMatch(/no column "z"/);
  });

  it('become the record of a twin by a mapping saved under a name', async () => {
    const { engine } = test;
    const handlers = profileHandlers(engine);
    await handlers.putProfile({ params: { name: 'spine clinic' }, body: { profile: MAPPING } as never });
    expect((await handlers.getProfile({ params: { name: 'spine clinic' } })).profile).toEqual(MAPPING);
    const twin = (await engine.createTwin('R-1', { synthetic: true })).id;
    const started = await engine.ingest(twin, [{ name: 'visits.csv', path: join(folder, 'visits.csv') }], {
      choices: { profile: 'spine clinic' },
    });
    const job = await engine.jobs.ended(started.id);
    expect(job.items.filter(({ status }) => status === 'error').map(({ error }) => error?.where.place)).toEqual([
      'row 3, column b',
    ]);
    const { state } = await engine.view(twin);
    expect(state.acquisitions.map(({ modality, takenAt }) => [modality, takenAt])).toEqual([['record', '2026-02-28']]);
    const [artifact] = state.artifacts.filter(({ kind }) => kind === 'record.clinical');
    const bytes = await engine.store.blobs.read(artifact.blobs[0].sha256);
    const read = await json.read([memoryFile(artifact.blobs[0].name, bytes)]);
    const record = read.items[0].artifacts[0].payload as ClinicalRecord;
    expect(JSON.stringify([record, artifact])).not.toContain('Doe');
    const { records } = readClinical([{ artifact: artifact.id, record }], '2026-03-02');
    const { features } = synchronise(records, '2026-03-02');
    expect(features.get('prom.odi')).toMatchObject({ value: 36, ageDays: 2 });
    expect(features.get('pain.leg')?.value).toBe(5);
    expect(features.get('lab.crp')?.value).toBeCloseTo(3, 12);
    expect(features.get('lab.crp')?.record.evidence?.[0].locator.place).toBe('row 4, column c');
    expect(records.find(({ feature }) => feature === 'flag.fever')?.value).toBe(0);
  }, 120_000);

  it('mean features and findings that exist', () => {
    const unknown = KNOWN_MEANINGS.filter((id) => !/^\d/.test(id) && !findEntry(id) && !findFinding(id));
    expect(unknown).toEqual([]);
  });
});
