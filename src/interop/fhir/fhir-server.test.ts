import { afterEach, describe, expect, it } from 'vitest';
import { memoryFile, readOne } from '../../../tests/support/formats/formats.ts';
import { ASSESSMENT } from '../../../tests/support/record/assessment-sample.ts';
import { featureBundleInput } from '../../../tests/support/record/feature-sample.ts';
import {
  type FhirTestOptions,
  type FhirTestServer,
  startFhirServer,
} from '../../../tests/support/record/fhir-server.ts';
import { assessmentFrom, featureBundle, fhir } from '../../formats/fhir/index.ts';
import type { ClinicalRecord } from '../../model/index.ts';
import { type ReadPatientOptions, readPatient, writeBundle } from './index.ts';

const servers: FhirTestServer[] = [];
const start = async (options: FhirTestOptions = {}) => {
  const server = await startFhirServer(options);
  servers.push(server);
  return server;
};
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const subject = { reference: 'Patient/p1' };
const observation = (number: number, more: object = {}) => ({
  resourceType: 'Observation',
  id: `o${number}`,
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '72514-3' }] },
  subject,
  effectiveDateTime: '2026-01-01',
  valueQuantity: { value: number, system: 'http://unitsofmeasure.org', code: '{score}' },
  ...more,
});

async function withPatient(options: FhirTestOptions = {}, observations = 23): Promise<FhirTestServer> {
  const server = await start(options);
  await server.put({
    resourceType: 'Patient',
    id: 'p1',
    gender: 'female',
    birthDate: '1960-02-03',
    name: [{ family: 'Secret' }],
  });
  await server.put({ resourceType: 'Patient', id: 'p2', gender: 'male' });
  for (let number = 1; number <= observations; number++) await server.put(observation(number));
  await server.put(observation(99, { subject: { reference: 'Patient/p2' } }));
  await server.put({ resourceType: 'Condition', id: 'c1', subject, code: { text: 'Back pain' } });
  return server;
}

const read = (server: FhirTestServer, more: Partial<ReadPatientOptions> = {}) =>
  readPatient({ baseUrl: server.url, patientId: 'p1', pauseMs: 5, ...more });
const recordOf = async (bytes: Uint8Array) =>
  (await readOne(fhir, [memoryFile('a.fhir.json', bytes)])).artifacts[0].payload as ClinicalRecord;

describe('a patient of a FHIR server', () => {
  it.each([
    ['everything', { everything: true, mostPerPage: 5 }],
    ['searches', { mostPerPage: 5 }],
  ] as const)('is read whole, page by page, by %s', async (via, options) => {
    const server = await withPatient(options);
    const told: number[] = [];
    const result = await read(server, { progress: (fraction) => told.push(fraction) });
    expect([result.via, result.resources]).toEqual([via, 25]);
    expect(result.pages).toBeGreaterThanOrEqual(5);
    const record = await recordOf(result.bytes);
    expect(record.person).toEqual({ sex: 'female', birthYear: 1960 });
    const values = record.facts.flatMap(({ value }) => value?.number ?? []).sort((a, b) => a - b);
    expect(values).toEqual(Array.from({ length: 23 }, (_, index) => index + 1));
    expect(told.at(-1)).toBe(1);
    // the name of the file says nothing of the patient
    expect(result.fileName).toBe('fhir-server.fhir.json');
  });

  it('is read to the end though the server is busy, silent or broken now and then', async () => {
    const server = await withPatient({ everything: true, mostPerPage: 10 });
    const busy = { status: 429, headers: { 'retry-after': '0' } };
    server.faults.push(busy, { status: 503 }, { drop: true }, { status: 504 }, { drop: true });
    expect((await read(server)).resources).toBe(25);
    server.faults.push({ hang: true });
    expect((await read(server, { timeoutMs: 300 })).resources).toBe(25);
  });

  it('is given up in words where the server stays busy', async () => {
    const server = await withPatient();
    for (let turn = 0; turn < 3; turn++) server.faults.push({ status: 503 });
    await expect(read(server, { tries: 3 })).rejects.toMatchObject({
      code: 'store.unavailable',
      hint: expect.stringContaining('later'),
    });
    expect(server.requests).toHaveLength(3);
  });

  it('stops at once when it is cancelled, also in a pause', async () => {
    const server = await withPatient();
    server.faults.push({ status: 429, headers: { 'retry-after': '30' } });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const began = performance.now();
    await expect(read(server, { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('says what the server did not give', async () => {
    const server = await withPatient({ without: ['ImagingStudy', 'Goal'] });
    const { skipped, resources } = await read(server);
    expect(resources).toBe(25);
    expect(skipped.map(({ what }) => what)).toEqual(['ImagingStudy', 'Goal']);
    expect(skipped[0].reason).toContain('not-supported');
  });

  it('is refused in words: no such patient, no token, another version, no FHIR, nobody there', async () => {
    const server = await withPatient({ token: 'right' });
    await expect(read(server, { token: 'right', patientId: 'p9' })).rejects.toMatchObject({ code: 'store.not-found' });
    await expect(read(server)).rejects.toMatchObject({ code: 'access.denied', hint: expect.stringContaining('token') });
    expect((await read(server, { token: 'right' })).resources).toBe(25);
    await expect(read(await start({ fhirVersion: '5.0.0' }))).rejects.toMatchObject({
      code: 'file.unsupported',
      message: expect.stringContaining('5.0.0'),
    });
    const page = await start();
    page.faults.push({ status: 200, body: '<html>' });
    await expect(read(page)).rejects.toMatchObject({ code: 'file.malformed' });
    await server.close();
    await expect(read(server, { tries: 2 })).rejects.toMatchObject({ code: 'store.unavailable' });
  });

  it('never sends the token elsewhere, follows no link away, and runs in no circle', async () => {
    const server = await withPatient({ everything: true });
    const thief = await start();
    server.faults.push({ status: 404 }, { next: `${thief.url.replace('/fhir', '/steal')}?page=2` });
    await expect(read(server, { token: 'secret' })).rejects.toMatchObject({ code: 'file.unsafe' });
    server.faults.push({ status: 302, headers: { location: thief.url } });
    server.faults.push({ status: 302, headers: { location: thief.url } });
    await expect(read(server, { token: 'secret' })).rejects.toMatchObject({ code: 'tool.failed' });
    expect(thief.requests).toEqual([]);
    const circle = `${server.url}/Patient/p1/$everything?_count=250`;
    server.faults.push({ status: 404 }, { next: circle });
    await expect(read(server)).rejects.toMatchObject({ message: expect.stringContaining('circle') });
    // behind a proxy the server knows itself by another name: the path counts
    server.faults.push({ status: 404 }, { next: 'http://inner:8080/fhir/Observation?patient=p1&_count=250' });
    expect((await read(server)).resources).toBe(25);
    await expect(
      readPatient({ baseUrl: 'http://fhir.example.org/r4', patientId: 'p1', token: 'secret' }),
    ).rejects.toMatchObject({ code: 'access.denied' });
  });

  it('tells neither token nor patient in an error', async () => {
    const server = await withPatient();
    const outcome = {
      resourceType: 'OperationOutcome',
      issue: [
        {
          severity: 'error',
          code: 'processing',
          diagnostics: `No ${server.url}/Patient/p1-secret for Patient/p1-secret`,
        },
      ],
    };
    server.faults.push({ status: 404 }, { status: 500, body: outcome });
    const error: unknown = await read(server, { patientId: 'p1-secret', token: 'hush', tries: 1 }).catch(
      (thrown) => thrown,
    );
    const text = JSON.stringify(error, Object.getOwnPropertyNames(error));
    expect(text).toContain('processing');
    expect(text).not.toMatch(/p1-secret|hush/);
  });

  it.each(['', 'p1/../p2', 'p1?x', 'p 1'])('is no number of FHIR: "%s"', async (patientId) => {
    const server = await start();
    await expect(read(server, { patientId })).rejects.toMatchObject({ code: 'parameter.invalid' });
    expect(server.requests).toEqual([]);
  });
});

describe('a bundle of ours', () => {
  const written = (assessment = ASSESSMENT) => {
    const { bytes } = featureBundle({ ...featureBundleInput(), assessment }, 'features');
    return JSON.parse(new TextDecoder().decode(bytes)) as { entry: { resource: { resourceType: string } }[] };
  };

  it('is written once, however often it is written, and comes back', async () => {
    const server = await start();
    const bundle = written();
    const first = await writeBundle({ baseUrl: server.url, bundle });
    expect([first.created, first.existing]).toEqual([bundle.entry.length, 0]);
    // this server takes no large transaction with conditions
    expect(first.transactions).toBeGreaterThan(1);
    const again = await writeBundle({ baseUrl: server.url, bundle });
    expect([again.created, again.existing]).toEqual([0, bundle.entry.length]);
    expect(again.patientId).toBe(first.patientId);
    // references lead to the resources of the server
    const [risk] = await server.all('RiskAssessment');
    expect(risk.subject).toEqual({ reference: `Patient/${first.patientId}` });
    const observations = new Set((await server.all('Observation')).map(({ id }) => `Observation/${id}`));
    expect((risk.basis as { reference: string }[]).every(({ reference }) => observations.has(reference))).toBe(true);
    const back = {
      entry: (await Promise.all(TYPES.map((type) => server.all(type)))).flat().map((resource) => ({ resource })),
    };
    expect(assessmentFrom(back)).toEqual(ASSESSMENT);
  });

  it('adds only what is new when the twin has moved on', async () => {
    const server = await start();
    await writeBundle({ baseUrl: server.url, bundle: written() });
    const features = featureBundleInput().features;
    const later = featureBundle({ ...featureBundleInput([...features].reverse()), assessment: ASSESSMENT }, 'features');
    const bundle = JSON.parse(new TextDecoder().decode(later.bytes));
    const { entries } = await writeBundle({ baseUrl: server.url, bundle });
    // the order of the features is another: only what lists them in order is new
    const fresh = entries.filter(({ status }) => status.startsWith('201')).map(({ resourceType }) => resourceType);
    expect([...new Set(fresh)].sort()).toEqual(['DiagnosticReport', 'Provenance']);
    expect(await server.count('Patient')).toBe(1);
    expect(await server.count('Observation')).toBe(6);
  });

  it('keeps equal words about two people apart', async () => {
    const server = await start();
    const of = (twin: string) =>
      JSON.parse(new TextDecoder().decode(featureBundle({ ...featureBundleInput(), twin }, 'features').bytes));
    await writeBundle({ baseUrl: server.url, bundle: of('t-1') });
    const second = await writeBundle({ baseUrl: server.url, bundle: of('t-2') });
    expect(second.existing).toBe(0);
    expect([await server.count('Patient'), await server.count('Observation')]).toEqual([2, 8]);
  });

  it('goes to a patient of the server where one is named', async () => {
    const server = await withPatient({}, 0);
    const { patientId, created } = await writeBundle({ baseUrl: server.url, bundle: written(), patientId: 'p1' });
    expect([patientId, created]).toEqual(['p1', written().entry.length - 1]);
    expect(await server.count('Patient')).toBe(2);
    expect((await server.all('RiskAssessment'))[0].subject).toEqual({ reference: 'Patient/p1' });
  });

  it('is written whole or not at all, and the server’s words come through', async () => {
    const server = await start();
    const bundle = written();
    Object.assign(bundle.entry.at(-1)?.resource ?? {}, { agent: undefined });
    await expect(writeBundle({ baseUrl: server.url, bundle })).rejects.toMatchObject({
      code: 'tool.failed',
      detail: expect.stringMatching(/agent/),
    });
    expect(await server.count('Patient')).toBe(0);
  });

  it('survives a server that is busy after it wrote', async () => {
    const server = await start();
    server.faults.push({ status: 503 }, { drop: true });
    const { created } = await writeBundle({ baseUrl: server.url, bundle: written(), pauseMs: 5 });
    expect(created).toBe(written().entry.length);
  });

  it.each([
    ['nothing', undefined],
    ['no bundle', { resourceType: 'Patient' }],
    ['an empty one', { resourceType: 'Bundle', entry: [] }],
    ['entries without address', { resourceType: 'Bundle', entry: [{ resource: { resourceType: 'Patient' } }] }],
  ])('is refused where there is %s', async (_, bundle) => {
    const server = await start();
    await expect(writeBundle({ baseUrl: server.url, bundle })).rejects.toMatchObject({ code: 'file.malformed' });
    expect(server.requests).toEqual([]);
  });
});

const TYPES = ['Patient', 'Observation', 'RiskAssessment', 'GuidanceResponse', 'DocumentReference', 'ServiceRequest'];
