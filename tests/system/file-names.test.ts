/** Files called by the name of a person: whoever dropped them sees the names, and nothing that is kept, shown around or written out does. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { simulateSubject } from '../../fixtures/synth/index.ts';
import { createServer } from '../../src/api/index.ts';
import { c3d } from '../../src/formats/c3d/index.ts';
import { nifti } from '../../src/formats/nifti/index.ts';
import { nrrd } from '../../src/formats/nrrd/index.ts';
import { stl } from '../../src/formats/stl/index.ts';
import type { ArtifactKind, Format } from '../../src/model/index.ts';
import type { RuntimeEvent } from '../../src/runtime/index.ts';
import { startServer } from '../../src/store/postgres/server.ts';
import { connectToServer } from '../../src/store/sql/connect.ts';
import type { Job } from '../../src/twin/index.ts';
import { openTestEngine } from '../support/engine.ts';
import { sliceBytes } from '../support/formats/dicom.ts';
import { sampleOf } from '../support/formats/formats.ts';
import { ROOT } from '../support/source-tree.ts';

const NAMES = ['Quetzalstein', 'Wilbrandine'];
const [FAMILY, FIRST] = NAMES;
const TOKEN = 'test-token';

const folder = mkdtempSync(join(tmpdir(), 'msdt-file-names-'));
const dataDir = join(folder, 'data');
const drop = join(folder, 'drop');
const given: string[] = [];

function put(name: string, bytes: Uint8Array | string): void {
  mkdirSync(dirname(join(drop, name)), { recursive: true });
  writeFileSync(join(drop, name), bytes);
  given.push(name);
}

async function write(format: Format, kind: ArtifactKind, name: string, options: { detached?: string } = {}) {
  const sample = sampleOf(kind);
  const stem = name.slice(0, name.indexOf('.')).split('/').at(-1) as string;
  const files = await format.write?.({ ...sample, name: stem }, { choices: { ...options } });
  for (const [at, file] of (files ?? []).entries()) put(at === 0 ? name : file.name, file.bytes);
}

const BUNDLE = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    { resource: { resourceType: 'Patient', id: 'p', gender: 'female', birthDate: '1957-02-03' } },
    {
      resource: {
        resourceType: 'Condition',
        id: 'c',
        subject: { reference: 'Patient/p' },
        onsetDateTime: '2026-01',
        code: { coding: [{ system: 'http://snomed.info/sct', code: '279039007', display: 'Low back pain' }] },
      },
    },
  ],
};

/** A zip archive of one file, stored as it is. */
function zipOf(name: string, bytes: Uint8Array): Uint8Array {
  const called = Buffer.from(name);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt32LE(crc32(bytes), 10);
  common.writeUInt32LE(bytes.length, 14);
  common.writeUInt32LE(bytes.length, 18);
  common.writeUInt16LE(called.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, called, bytes]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, Buffer.alloc(14), called]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from('PK\x05\x06'), end]);
}

const told = (text: string): string[] => NAMES.filter((name) => text.toLowerCase().includes(name.toLowerCase()));

function filesBelow(place: string): string {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), 'latin1')}`)
    .join('\n')
    .replaceAll(folder, '');
}

let twin: string;
let ended: Job;
const events: RuntimeEvent[] = [];
let answers: Record<string, string>;
let jobsAnswer: string;
let tables: Map<string, string>;

beforeAll(async () => {
  const scan = simulateSubject({ seed: 3, spacingMm: 3, levels: ['L3', 'S1'], field: 'spine' });
  const labels = { kind: 'labelmap.vertebrae' as const, payload: scan.vertebrae as never, name: 'x' };
  put(`${FIRST}_ct_seg.nii.gz`, (await nifti.write?.(labels, { choices: { compress: 'gzip' } }))?.[0].bytes as never);
  put(`${FAMILY}_${FIRST}_1957/IM0001.dcm`, sliceBytes({ instance: 1 }));
  put(`${FAMILY}_${FIRST}_1957/IM0002.dcm`, sliceBytes({ instance: 2 }));
  await write(stl, 'mesh.other', `${FAMILY}L4.stl`);
  await write(c3d, 'sequence.markers', `${FAMILY}${FIRST}.c3d`);
  await write(nrrd, 'volume.mr', `mr ${FAMILY}.nhdr`, { detached: 'yes' });
  put(`${FAMILY}.fhir.json`, JSON.stringify(BUNDLE));
  put(`visits ${FIRST}.csv`, 'date,ODI (%)\n2026-01-05,34\n2026-02-05,30\n');
  put(`${FAMILY} 01.json`, '{"resourceType":"Bundle","type":"collection","entry":[');
  put(`${FAMILY}.xyzzy`, 'nothing that anybody knows');
  put(`${FAMILY}.zip`, zipOf(`${FIRST} walk/${FAMILY} 02.nii`, new Uint8Array(400).fill(7)));

  const { engine, close } = await openTestEngine(dataDir);
  engine.bus.subscribe((event) => events.push(structuredClone(event)));
  twin = (await engine.createTwin('P-001', { synthetic: true })).id;
  const files = given.map((name) => ({ name, path: join(drop, name) }));
  ended = await engine.jobs.ended((await engine.ingest(twin, files)).id);
  const alone = await engine.ingest(twin, [files.find(({ name }) => name.endsWith('.c3d')) as (typeof files)[0]]);
  await engine.jobs.ended(alone.id);
  await engine.store.settled();

  const server = await createServer({ engine, token: TOKEN, uploadDir: join(folder, 'uploads') });
  const get = async (url: string): Promise<string> =>
    (await server.inject({ url, headers: { authorization: `Bearer ${TOKEN}`, host: 'localhost' } })).body;
  answers = {};
  for (const path of [
    ...['', '/assessment', '/assessments', '/graph', '/inference-desk', '/measurements', '/decisions'],
    ...['/features.csv', '/features.json', '/graph.graphml', '/graph.jsonld', '/bundle.fhir.json'],
  ])
    answers[path] = await get(`/api/twins/${twin}${path}`);
  answers.list = await get('/api/twins');
  jobsAnswer = await get('/api/jobs');
  await server.close();
  await close();

  const running = await startServer(join(dataDir, 'postgres'));
  const database = await connectToServer({ ...running, takeOver: false });
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public'`.execute(database.db);
  tables = new Map();
  for (const { name } of rows) {
    const { rows: content } = await sql<{ text: string }>`
      select t::text as text from ${sql.table(name)} t`.execute(database.db);
    tables.set(name, content.map(({ text }) => text).join('\n'));
  }
  await database.close();
  await running.stop();
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('stands in the names of what was dropped', () => {
  expect(given.filter((name) => told(name).length > 0)).toEqual(given);
  expect(ended.items.filter(({ status }) => status === 'ok').length).toBeGreaterThanOrEqual(7);
});

it('is what whoever dropped the files reads in the list of jobs, while they are read and afterwards', () => {
  const lines = ended.items.map(({ item }) => item).join('\n');
  for (const name of [`${FAMILY}${FIRST}.c3d`, `${FAMILY} 01.json`, `${FAMILY}.xyzzy`, `${FAMILY}.fhir.json`])
    expect(lines).toContain(name);
  expect(lines).toContain(`${FAMILY}.zip/${FIRST} walk/${FAMILY} 02.nii`);
  const failed = ended.items.find(({ item }) => item === `${FAMILY} 01.json`);
  expect(failed?.error?.where.file).toBe(`${FAMILY} 01.json`);
  const recording = ended.items.find(({ item }) => item.startsWith(`${FAMILY}${FIRST}.c3d`));
  expect(recording?.message).toMatch(/; in the twin: name-\d+\.c3d/);
  const live = events.flatMap((event) => (event.type === 'job' ? [event.job.title] : []));
  expect(live).toContain(`Add ${FAMILY}${FIRST}.c3d`);
  expect(jobsAnswer).toContain(`${FAMILY} 01.json`);
});

it('is in one table of the store: that of identities', () => {
  expect(tables.size).toBeGreaterThan(15);
  const telling = [...tables].filter(([, text]) => told(text).length > 0).map(([name]) => name);
  expect(telling).toEqual(['identities']);
  expect(tables.get('jobs')).toMatch(/name-\d+ 01\.json/);
  expect(tables.get('artifacts')).toMatch(/name-\d+/);
});

it('is in no file of the browsable folder', () => {
  const view = filesBelow(join(dataDir, 'twins'));
  expect(view.length).toBeGreaterThan(10_000);
  expect(told(view)).toEqual([]);
});

it('is in no answer about the twin, and in no event but those of jobs', () => {
  for (const [path, body] of Object.entries(answers)) expect([path, told(body)]).toEqual([path, []]);
  expect(/"clock":"name-\d+"/.test(answers[''])).toBe(true);
  expect(told(JSON.stringify(events.filter(({ type }) => type !== 'job')))).toEqual([]);
});

it('is in no export', () => {
  const formats = [['fhir'], ['graphml'], ['stl', '--kind', 'mesh'], ['c3d', '--kind', 'sequence.markers']];
  for (const format of [[], ...formats.map((words) => ['--format', ...words])]) {
    const out = join(folder, `out${format.join('')}`);
    execFileSync(
      process.execPath,
      [join(ROOT, 'src/cli/main.ts'), 'export', twin, '--out', out, ...format, '--data', dataDir],
      { encoding: 'utf8' },
    );
    expect(readdirSync(out).length).toBeGreaterThan(1);
    expect(told(filesBelow(out))).toEqual([]);
  }
}, 120_000);
