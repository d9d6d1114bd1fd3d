import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulateSubject } from '../../fixtures/synth/index.ts';
import { createServer } from '../../src/api/index.ts';
import { jobRef, ROUTES, twinView, type WireUpload } from '../../src/contract/index.ts';
import { nifti } from '../../src/formats/nifti/index.ts';
import { openTestEngine, type TestEngine } from '../support/engine.ts';

const TOKEN = 'test-token';
const AUTH = { authorization: `Bearer ${TOKEN}`, host: 'localhost' };

let test: TestEngine;
let server: FastifyInstance;
let uploadDir: string;

beforeAll(async () => {
  test = await openTestEngine();
  uploadDir = await mkdtemp(join(tmpdir(), 'msdt-uploads-'));
  server = await createServer({ engine: test.engine, token: TOKEN, uploadDir });
  await server.ready();
});

afterAll(async () => {
  await server.close();
  await test.close();
  await rm(uploadDir, { recursive: true, force: true });
});

const get = (url: string, headers: Record<string, string> = {}) =>
  server.inject({ method: 'GET', url, headers: { ...AUTH, ...headers } });
const post = (url: string, payload: object = {}) => server.inject({ method: 'POST', url, headers: AUTH, payload });

async function newTwin(alias: string): Promise<string> {
  return (await post('/api/twins', { alias })).json<{ id: string }>().id;
}

/** Sends files as a browser does and waits for the job. */
async function send(
  twin: string,
  files: { name: string; bytes: Uint8Array }[],
  chunk = 1 << 20,
): Promise<ReturnType<typeof twinView.parse>> {
  const upload = (
    await post('/api/uploads', { twin, files: files.map(({ name, bytes }) => ({ name, bytes: bytes.length })) })
  ).json<WireUpload>();
  for (const [index, { bytes }] of files.entries()) {
    for (let offset = 0; offset < bytes.length; offset += chunk)
      await put(upload.id, index, offset, bytes.subarray(offset, offset + chunk));
  }
  const { job } = jobRef.parse((await post(`/api/uploads/${upload.id}/complete`)).json());
  await test.engine.jobs.ended(job);
  return twinView.parse((await get(`/api/twins/${twin}`)).json());
}

const put = (upload: string, index: number, offset: number, bytes: Uint8Array) =>
  server.inject({
    method: 'PUT',
    url: `/api/uploads/${upload}/files/${index}?offset=${offset}`,
    headers: { ...AUTH, 'content-type': 'application/octet-stream' },
    payload: Buffer.from(bytes),
  });

describe('access', () => {
  it('answers health to anybody on this machine, and nothing else without the token', async () => {
    expect((await server.inject({ url: '/api/health', headers: { host: 'localhost' } })).json()).toMatchObject({
      name: 'msdt',
      researchUse: expect.stringContaining('not a medical device'),
    });
    for (const url of ['/api/twins', '/api/openapi.json', `/api/blobs/${'0'.repeat(64)}`]) {
      expect((await server.inject({ url, headers: { host: 'localhost' } })).statusCode, url).toBe(401);
      expect(
        (await server.inject({ url, headers: { host: 'localhost', authorization: 'Bearer wrong' } })).statusCode,
        url,
      ).toBe(401);
    }
  });

  it('refuses a foreign host name (DNS rebinding)', async () => {
    expect((await get('/api/twins', { host: 'evil.example' })).statusCode).toBe(401);
  });

  it('keeps the page isolated', async () => {
    const { headers } = await get('/api/health');
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(headers['content-security-policy']).toContain("default-src 'self'");
  });
});

describe('contract', () => {
  it('publishes OpenAPI 3.1 with every route of the table', async () => {
    const openapi = (await get('/api/openapi.json')).json<{
      openapi: string;
      paths: Record<string, Record<string, { operationId: string }>>;
    }>();
    expect(openapi.openapi).toBe('3.1.0');
    const operations = Object.values(openapi.paths).flatMap((path) =>
      Object.values(path).map((operation) => operation.operationId),
    );
    expect(operations.sort()).toEqual(Object.keys(ROUTES).sort());
  });

  it('refuses a body that breaks the schema, with a record that says so', async () => {
    const reply = await post('/api/twins', { alias: '' });
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toMatchObject({ error: { code: 'parameter.invalid', hint: expect.any(String) } });
  });

  it('says 404 for what is not there', async () => {
    expect((await get('/api/twins/none')).statusCode).toBe(404);
    expect((await get('/api/jobs/none')).statusCode).toBe(404);
    expect((await get(`/api/blobs/${'0'.repeat(64)}`)).statusCode).toBe(404);
    expect((await get('/api/blobs/..%2f..%2fetc%2fpasswd')).statusCode).toBe(404);
  });

  it('lists the catalogue', async () => {
    const reply = (await get('/api/catalogue')).json();
    expect(reply.capabilities.map((capability: { id: string }) => capability.id)).toContain('spine-geometry');
    expect(reply.features.length).toBeGreaterThan(20);
  });
});

describe('a twin from uploaded files', () => {
  const subject = simulateSubject({ seed: 3, spacingMm: 2, levels: ['L3', 'S1'], field: 'spine' });
  const write = async (kind: 'labelmap.vertebrae' | 'volume.ct', payload: never, name: string) =>
    (await nifti.write?.({ kind, payload, name }))?.[0].bytes as Uint8Array;
  let twin: string;
  let view: ReturnType<typeof twinView.parse>;

  beforeAll(async () => {
    twin = await newTwin('Upload');
    const labels = await write('labelmap.vertebrae', subject.vertebrae as never, 'vertebrae');
    view = await send(twin, [
      { name: 'study/<img src=x onerror=alert(1)>.txt', bytes: new TextEncoder().encode('not an image') },
      { name: '../../escape/vertebrae.nii', bytes: labels },
    ]);
  });

  it('measures what can be measured and keeps going past the bad file', () => {
    expect(view.artifacts.map((artifact) => artifact.kind)).toContain('labelmap.vertebrae');
    expect(view.features.some((feature) => feature.definition.startsWith('spine.'))).toBe(true);
    expect(view.snapshots.length).toBeGreaterThan(1);
  });

  it('never lets a name of a file become a path', () => {
    const names = view.acquisitions.flatMap((acquisition) => acquisition.files.map((file) => file.name));
    expect(names).toEqual([expect.stringMatching(/^name-\d+\/vertebrae\.nii$/)]);
  });

  it('serves blobs whole and by range', async () => {
    const blob = view.artifacts.find((artifact) => artifact.kind === 'labelmap.vertebrae')?.blobs[0] as {
      sha256: string;
      bytes: number;
    };
    const whole = await get(`/api/blobs/${blob.sha256}`);
    expect(whole.rawPayload.length).toBe(blob.bytes);
    const part = await get(`/api/blobs/${blob.sha256}`, { range: 'bytes=100-199' });
    expect(part.statusCode).toBe(206);
    expect(part.headers['content-range']).toBe(`bytes 100-199/${blob.bytes}`);
    expect(part.rawPayload.equals(whole.rawPayload.subarray(100, 200))).toBe(true);
    expect((await get(`/api/blobs/${blob.sha256}`, { range: `bytes=${blob.bytes}-` })).statusCode).toBe(416);
  });

  it('exports a vertebra as STL and the features as CSV', async () => {
    const mesh = view.artifacts.find((artifact) => artifact.kind === 'mesh.vertebra') as { id: string };
    for (const format of ['stl', 'ply', 'glb']) {
      const reply = await get(`/api/artifacts/${mesh.id}/export?format=${format}`);
      expect(reply.statusCode, format).toBe(200);
      expect(reply.rawPayload.length, format).toBeGreaterThan(1000);
    }
    expect((await get(`/api/artifacts/${mesh.id}/export?format=nifti`)).statusCode).toBe(415);
    const csv = (await get(`/api/twins/${twin}/features.csv`)).payload.split('\n');
    expect(csv[0]).toContain('id,definition,level');
    expect(csv.length - 2).toBe(view.features.length);
  });

  it('shifts labels, and what follows from them; back is a known result', async () => {
    const before = levelsOf(view);
    const labels = view.artifacts.find((artifact) => artifact.kind === 'labelmap.vertebrae') as { id: string };
    const { job } = (await post(`/api/twins/${twin}/shift-labels`, { artifact: labels.id, by: -1 })).json<{
      job: string;
    }>();
    await test.engine.jobs.ended(job);
    const shifted = twinView.parse((await get(`/api/twins/${twin}`)).json());
    expect(levelsOf(shifted)).not.toEqual(before);
    expect(levelsOf(shifted)).toContain('L2');
    const moved = shifted.artifacts.find((artifact) => artifact.kind === 'labelmap.vertebrae') as { id: string };
    const back = (await post(`/api/twins/${twin}/shift-labels`, { artifact: moved.id, by: 1 })).json<{ job: string }>();
    const ended = await test.engine.jobs.ended(back.job);
    expect(ended.items.every((item) => item.status === 'cached')).toBe(true);
    const again = twinView.parse((await get(`/api/twins/${twin}`)).json());
    expect(again.artifacts.map((artifact) => artifact.id).sort()).toEqual(
      view.artifacts.map((artifact) => artifact.id).sort(),
    );
  });

  it('keeps measurements by version and refuses a stale save', async () => {
    const document = {
      schemaVersion: 1,
      items: [
        {
          id: 'm1',
          type: 'distance',
          label: 'L4 width',
          points: [
            [0, 0, 0],
            [0, 3, 4],
          ],
          plane: 'axial',
          value: 5,
          unit: 'mm',
          createdAt: '2026-01-01',
        },
      ],
    };
    const url = `/api/twins/${twin}/measurements`;
    const save = (baseVersion: number) =>
      server.inject({ method: 'PUT', url, headers: AUTH, payload: { baseVersion, document } });
    expect((await get(url)).json()).toMatchObject({ version: 0 });
    expect((await save(0)).json()).toMatchObject({ version: 1 });
    expect((await save(0)).statusCode).toBe(409);
    expect((await get(url)).json()).toMatchObject({ version: 1, document: { items: [{ label: 'L4 width' }] } });
  });
});

describe('external tools', () => {
  it('says what is missing and what to do', async () => {
    const found = (await get('/api/catalogue')).json().tools[0] as { id: string; found: boolean };
    expect(found.id).toBe('totalsegmentator');
    const twin = await newTwin('Tool');
    const reply = await post(`/api/twins/${twin}/segment`, {});
    expect(reply.statusCode).toBe(found.found ? 409 : 501);
    expect(reply.json()).toMatchObject({ error: { hint: expect.any(String) } });
  });
});

describe('events', () => {
  it('reach a screen that listens, and only with the token', async () => {
    const socket = await server.injectWS(`/api/events?token=${TOKEN}`, { headers: { host: 'localhost' } });
    const heard: { type: string }[] = [];
    socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString())));
    await newTwin('Heard');
    await expect.poll(() => heard.map((event) => event.type)).toContain('twin');
    socket.terminate();
    await expect(server.injectWS('/api/events?token=wrong', { headers: { host: 'localhost' } })).rejects.toThrow();
  });
});

describe('uploads', () => {
  it('resume where they stopped and refuse a gap, an excess and an incomplete end', async () => {
    const twin = await newTwin('Resume');
    const upload = (await post('/api/uploads', { twin, files: [{ name: 'a.nii', bytes: 10 }] })).json<WireUpload>();
    expect((await put(upload.id, 0, 0, new Uint8Array(4))).json()).toEqual({ received: 4 });
    expect((await get(`/api/uploads/${upload.id}`)).json().files[0].received).toBe(4);
    expect((await put(upload.id, 0, 6, new Uint8Array(4))).statusCode).toBe(409);
    expect((await post(`/api/uploads/${upload.id}/complete`)).statusCode).toBe(422);
    expect((await put(upload.id, 0, 4, new Uint8Array(7))).statusCode).toBe(413);
    expect((await put(upload.id, 0, 4, new Uint8Array(6))).json()).toEqual({ received: 10 });
  });

  it('refuse an upload for a twin that is not there', async () => {
    expect((await post('/api/uploads', { twin: 'none', files: [{ name: 'a', bytes: 1 }] })).statusCode).toBe(404);
  });
});

function levelsOf(view: ReturnType<typeof twinView.parse>): string[] {
  return view.artifacts
    .filter((artifact) => artifact.kind === 'mesh.vertebra')
    .map((artifact) => artifact.level as string)
    .sort();
}
