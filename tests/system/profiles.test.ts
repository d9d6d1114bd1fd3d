import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from '../../src/api/index.ts';
import { jobRef, ROUTES, twinView, type WireProfile, type WireUpload } from '../../src/contract/index.ts';
import { openTestEngine, type TestEngine } from '../support/engine.ts';
import { ROOT } from '../support/source-tree.ts';

const AUTH = { authorization: 'Bearer secret', host: 'localhost' };

/** Two channels of an amplifier in counts, and no word of what they are. */
const TABLE = [
  'Ch1,Ch2,AccX',
  ...Array.from({ length: 600 }, (_, i) => [row(i, 7), row(i, 11), row(i, 90)].join()),
].join('\n');

function row(i: number, period: number): number {
  return Math.round(1000 * Math.sin((2 * Math.PI * i) / period));
}

const PROFILE: WireProfile = {
  schemaVersion: 1,
  name: 'lab amplifier',
  streams: [
    {
      rateHz: 500,
      channels: [
        { column: 'Ch1', name: 'EMG1', unit: 'mV', quantity: 'emg', scale: 0.001, site: 'erectorSpinae', level: 'L4' },
        { column: 2, name: 'EMG2', unit: 'mV', quantity: 'emg', scale: 0.001, side: 'right' },
      ],
    },
  ],
};

let test: TestEngine;
let server: FastifyInstance;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'msdt-profiles-'));
  test = await openTestEngine(join(folder, 'data'));
  server = await createServer({ engine: test.engine, token: 'secret', uploadDir: join(folder, 'uploads') });
  await server.ready();
});

afterAll(async () => {
  await server.close();
  await test.close();
  await rm(folder, { recursive: true, force: true });
});

const ask = async (method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, payload?: object) => {
  const reply = await server.inject({ method, url, headers: AUTH, ...(payload && { payload }) });
  return { status: reply.statusCode, body: reply.json() };
};

const look = async (text: string, profile?: unknown, name = 'table.csv') => {
  const head = Buffer.from(text).toString('base64');
  const { body } = await ask('POST', '/api/tables/look', { name, bytes: text.length, head, profile });
  return ROUTES.lookAtTable.reply.parse(body);
};

const named = (name: string) => `/api/profiles/${encodeURIComponent(name)}`;

describe('saved channel mappings', () => {
  it('are kept by name, replaced as a new version, and not over the head of somebody else', async () => {
    expect((await ask('GET', '/api/profiles')).body).toEqual({ profiles: [] });
    const name = 'Müller/Lab 2 & co';
    const first = await ask('PUT', named(name), { profile: PROFILE });
    expect(first).toMatchObject({
      status: 200,
      body: { name, version: 1, profile: { name, streams: PROFILE.streams } },
    });
    expect((await ask('PUT', named(name), { profile: PROFILE, baseVersion: 0 })).body).toMatchObject({
      error: { code: 'store.conflict' },
    });
    expect((await ask('PUT', named(name), { profile: PROFILE, baseVersion: 1 })).body.version).toBe(2);
    expect((await ask('PUT', named(name), { profile: PROFILE })).body.version).toBe(3);
    expect((await ask('GET', named(name))).body).toMatchObject({ name, version: 3 });
    expect((await ask('GET', '/api/profiles')).body.profiles).toHaveLength(1);
    expect((await ask('DELETE', named(name))).body).toEqual({ removed: name });
    for (const method of ['GET', 'DELETE'] as const)
      expect(await ask(method, named(name))).toMatchObject({
        status: 404,
        body: { error: { code: 'store.not-found' } },
      });
  });

  it('are refused with the place that is wrong', async () => {
    const [stream] = PROFILE.streams;
    const wrong = { ...PROFILE, streams: [{ ...stream, channels: [{ ...stream.channels[0], unit: 'furlong' }] }] };
    expect(await ask('PUT', named('wrong'), { profile: wrong })).toMatchObject({
      status: 400,
      body: { error: { code: 'parameter.invalid', where: { place: 'streams[0].channels[0].unit' } } },
    });
    expect((await ask('PUT', named('wrong'), { profile: { ...PROFILE, streams: [] } })).status).toBe(400);
    expect((await ask('GET', named('wrong'))).status).toBe(404);
  });
});

describe('the look at a table', () => {
  it('gives columns, first samples and a guess, and says that nothing is known', async () => {
    const seen = await look(TABLE);
    expect(seen).toMatchObject({ plain: true, separator: 'comma', decimal: 'point' });
    expect(seen.columns.map(({ name }) => name)).toEqual(['Ch1', 'Ch2', 'AccX']);
    expect(seen.rows[1]).toEqual([row(1, 7), row(1, 11), row(1, 90)]);
    expect(seen.guess?.streams[0].channels[2]).toMatchObject({ quantity: 'acceleration', axis: 'x' });
    expect(seen.quality.map(({ code }) => code)).toContain('signal.no-rate');
    expect(seen.problem).toBeUndefined();
  });

  it('knows a table that speaks for itself', async () => {
    const seen = await look('time (s),EMG L4 left [mV]\n0,0.1\n0.001,0.2\n0.002,0.1\n');
    expect(seen).toMatchObject({ plain: false, recognised: 'CSV recording', streams: [{ kind: 'signal.emg' }] });
    expect(seen.streams[0].rateHz).toBeCloseTo(1000, 6);
  });

  it('tells what a mapping makes of it, and what is wrong with one', async () => {
    expect(await look(TABLE, PROFILE)).toMatchObject({
      streams: [{ kind: 'signal.emg', channels: 2, rateHz: 500, samples: 600 }],
      quality: expect.not.arrayContaining([expect.objectContaining({ code: 'signal.no-rate' })]),
    });
    const [stream] = PROFILE.streams;
    const timed = await look(TABLE, { ...PROFILE, streams: [{ ...stream, time: { column: 1, unit: 's' } }] });
    expect(timed.problem?.message).toMatch(/times do not rise/);
    expect(timed.columns).toHaveLength(3);
    const absent = { ...stream, channels: [{ ...stream.channels[0], column: 'Ch9' }] };
    expect((await look(TABLE, { ...PROFILE, streams: [absent] })).problem?.where.place).toBe('column Ch9');
    const unfinished = await look(TABLE, { schemaVersion: 1, streams: [{ channels: [] }] });
    expect(unfinished.problem?.where.place).toBe('streams[0].channels');
    expect(unfinished.columns).toHaveLength(3);
  });

  it('takes the first bytes of a long file, and any bytes at all', async () => {
    const text = `a;b\n${'1,5;2,5\n'.repeat(200)}1,5;`;
    const head = Buffer.from(text).toString('base64');
    const { body } = await ask('POST', '/api/tables/look', { name: 'x.csv', bytes: 1e9, head });
    expect(body).toMatchObject({
      separator: 'semicolon',
      decimal: 'comma',
      rows: expect.arrayContaining([[1.5, 2.5]]),
    });
    expect((await look('no numbers in here\n')).problem?.code).toBe('file.malformed');
    expect((await look('')).problem).toBeDefined();
    const { status } = await ask('POST', '/api/tables/look', { name: 'x', bytes: 1, head: '$$$' });
    expect(status).toBe(400);
  });
});

/** Uploads the table with choices and gives the twin that comes of it. */
async function upload(choices: Record<string, string>, into?: string) {
  const twin = into ?? ((await ask('POST', '/api/twins', { alias: 'Profiles' })).body.id as string);
  const files = [{ name: 'amplifier.csv', bytes: TABLE.length }];
  const { id } = (await ask('POST', '/api/uploads', { twin, files, choices })).body as WireUpload;
  const headers = { ...AUTH, 'content-type': 'application/octet-stream' };
  const url = `/api/uploads/${id}/files/0?offset=0`;
  await server.inject({ method: 'PUT', url, headers, payload: Buffer.from(TABLE) });
  const reply = await ask('POST', `/api/uploads/${id}/complete`);
  if (reply.status !== 200) return { refused: reply.body.error };
  const job = await test.engine.jobs.ended(jobRef.parse(reply.body).job);
  return { job, view: twinView.parse((await ask('GET', `/api/twins/${twin}`)).body) };
}

describe('an import with a mapping', () => {
  it('reads the table by the name of a saved one, and keeps the mapping with what it made', async () => {
    await ask('PUT', named('lab amplifier'), { profile: PROFILE });
    const { view } = await upload({ profile: 'lab amplifier' });
    const emg = view?.artifacts.find(({ kind, acquisition }) => kind === 'signal.emg' && acquisition);
    expect(emg?.summary).toMatchObject({ channels: 2, rateHz: 500 });
    expect(JSON.parse(String(emg?.provenance.params.profile))).toMatchObject(PROFILE);
    // the mapping may go, what it read stays
    await ask('DELETE', named('lab amplifier'));
    expect((await ask('GET', `/api/twins/${view?.twin.id}`)).body.artifacts.length).toBe(view?.artifacts.length);
    expect((await upload({ profile: 'lab amplifier' })).refused).toMatchObject({ code: 'store.not-found' });
  });

  it('takes muscle and motion out of one file, again and again', async () => {
    const acceleration = { column: 'AccX', unit: '[g]', quantity: 'acceleration' as const, axis: 'x' as const };
    const both = { ...PROFILE, streams: [...PROFILE.streams, { rateHz: 100, channels: [acceleration] }] };
    const { job, view } = await upload({ profile: JSON.stringify(both) });
    expect(job?.error).toBeUndefined();
    const read = view?.artifacts.filter(({ provenance }) => provenance.capability === 'import');
    expect(read?.map(({ kind }) => kind).sort()).toEqual(['signal.emg', 'signal.imu']);
    const again = await upload({ profile: JSON.stringify(both) }, view?.twin.id);
    const lines = again.job?.items.filter(({ item }) => item.startsWith('amplifier.csv'));
    expect(lines).toMatchObject([
      { item: 'amplifier.csv · emg', status: 'cached' },
      { item: 'amplifier.csv · imu', status: 'cached' },
    ]);
  });

  it('takes the table for a table where no mapping is given', async () => {
    const { view } = await upload({});
    expect(view?.artifacts.map(({ kind }) => kind.split('.')[0])).toEqual(['table']);
  });
});

describe('the command line', () => {
  const run = promisify(execFile);
  const msdt = (...args: string[]) =>
    run(process.execPath, [join(ROOT, 'src/cli/main.ts'), ...args], {
      env: { ...process.env, MSDT_HOME: join(folder, 'cli-data') },
    });

  it('takes a mapping by its file, and a saved one by its name', async () => {
    const [table, mapping, out] = ['amplifier.csv', 'mapping.json', 'out.csv'].map((name) => join(folder, name));
    await writeFile(table, TABLE);
    await writeFile(mapping, JSON.stringify(PROFILE));
    await msdt('convert', table, out, '--choice', `profile=${mapping}`);
    expect(await readFile(out, 'utf8')).toContain('EMG1');

    const other = await openTestEngine(join(folder, 'cli-data'));
    await other.engine.store.profiles.put(PROFILE as Parameters<typeof other.engine.store.profiles.put>[0]);
    const locked = await msdt('convert', table, out, '-c', 'profile=lab amplifier').catch((error: unknown) => error);
    expect((locked as { stderr: string }).stderr).toMatch(/cannot be looked up now/);
    await other.close();

    await rm(out);
    await msdt('convert', table, out, '-c', 'profile=lab amplifier');
    expect(await readFile(out, 'utf8')).toContain('EMG1');
    const built = await msdt('build', table, '-c', 'profile=lab amplifier', '--json');
    expect(JSON.parse(built.stdout).items[0]).toMatchObject({ status: 'ok', message: 'Muscle activity' });
    const ran = await msdt(
      'run',
      'emg-analysis',
      '--in',
      `recording=${table}`,
      '-c',
      'profile=lab amplifier',
      '--json',
    );
    expect(JSON.parse(ran.stdout).features.length).toBeGreaterThan(0);

    for (const wrong of ['nobody', join(folder, 'absent.json'), table]) {
      const failed = await msdt('convert', table, out, '-c', `profile=${wrong}`).catch((error: unknown) => error);
      expect((failed as { code: number }).code).toBe(1);
      expect((failed as { stderr: string }).stderr).toMatch(/channel mapping/);
    }
  });
});
