/** Record, risk, suggestions and site model through the HTTP face, on a real store. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RECORDS, simulateMotion, simulateRecord } from '../../fixtures/synth/index.ts';
import { createServer } from '../../src/api/index.ts';
import {
  assessmentLines,
  cohortResult,
  decisionList,
  inferenceDeskVersion,
  knowledge,
  likePatients,
  patientGraph,
  siteModel,
  siteSettings,
  storedAssessment,
} from '../../src/contract/index.ts';
import { fhir } from '../../src/formats/fhir/index.ts';
import { writeMotionParquet } from '../../src/formats/parquet/index.ts';
import { ingestAndWait, openTestEngine, type TestEngine } from '../support/engine.ts';

const TOKEN = 'test-token';
const AUTH = { authorization: `Bearer ${TOKEN}`, host: 'localhost' };
const SETTING = 'radicular-herniation';

let test: TestEngine;
let server: FastifyInstance;
let folder: string;
let twin: string;

const get = async (path: string) => (await server.inject({ method: 'GET', url: path, headers: AUTH })).json();
const send = (method: 'POST' | 'PUT', url: string, payload: object) =>
  server.inject({ method, url, headers: AUTH, payload });
const newest = async () => storedAssessment.parse(await get(`/api/twins/${twin}/assessment`));
const lines = async () => assessmentLines.parse(await get(`/api/twins/${twin}/assessments`)).assessments;
const desk = async () => inferenceDeskVersion.parse(await get(`/api/twins/${twin}/inference-desk`));

async function saveDesk(change: object) {
  const { version, document } = await desk();
  return send('PUT', `/api/twins/${twin}/inference-desk`, {
    baseVersion: version,
    document: { ...document, ...change },
  });
}

async function writeRecord(): Promise<string> {
  const artifact = { kind: 'record.clinical', payload: simulateRecord(RECORDS.demo), name: 'record' } as const;
  const [file] = (await fhir.write?.(artifact)) ?? [];
  const path = join(folder, file.name);
  await writeFile(path, file.bytes);
  return path;
}

/** A bend as sEMG and IMU record it. */
async function writeBend(): Promise<string[]> {
  const subject = simulateMotion({ task: 'bend', repetitions: 2, periodS: 4, restS: 1, seed: 9, relaxes: false });
  const about = { synthetic: true, takenAt: '2026-03-09T10:10:00Z', protocol: 'bend' };
  const pieces = [
    ['emg', 'signal.emg'],
    ['imu', 'signal.imu'],
  ] as const;
  return Promise.all(
    pieces.map(async ([name, kind]) => {
      const { bytes } = writeMotionParquet({ kind, payload: subject[name], name: `bend ${name}` }, about);
      const path = join(folder, `${name}.parquet`);
      await writeFile(path, bytes);
      return path;
    }),
  );
}

beforeAll(async () => {
  test = await openTestEngine();
  folder = await mkdtemp(join(tmpdir(), 'msdt-inference-'));
  server = await createServer({ engine: test.engine, token: TOKEN, uploadDir: join(folder, 'uploads') });
  await server.ready();
  twin = (await test.engine.createTwin('Assessed', { synthetic: true })).id;
});

afterAll(async () => {
  await server.close();
  await test.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the risk of a twin', () => {
  it('is made when a record comes in, from what the record says, with its way back', async () => {
    const told: number[] = [];
    const stop = test.engine.bus.subscribe((event) => {
      if (event.type === 'assessment' && event.twin === twin) told.push(event.number);
    });
    const path = await writeRecord();
    expect((await ingestAndWait(test.engine, twin, [path])).state).toBe('done');
    stop();
    const { number, reason, assessment } = await newest();
    expect([number, reason, told]).toEqual([1, 'One file added', [1]]);
    expect(assessment.indexDate.slice(0, 10)).toBe('2026-03-09');
    const odi = assessment.risk.contributions.find(({ feature }) => feature === 'prom.odi');
    expect(odi).toMatchObject({ observed: true, value: 34, modality: 'questionnaire' });
    const [evidence] = odi?.record?.evidence ?? [];
    const view = (await get(`/api/twins/${twin}`)) as { artifacts: { id: string; kind: string }[] };
    expect(view.artifacts.find(({ id }) => id === evidence.artifact)?.kind).toBe('record.clinical');
    expect(assessment.risk.synthetic).toBe(true);
    expect(assessment.settingChosen).toBe(false);
  });

  it('moves, interval and all, when a recording is added, and remembers where it was', async () => {
    const before = (await newest()).assessment.risk;
    await ingestAndWait(test.engine, twin, await writeBend());
    const { number, assessment } = await newest();
    expect(number).toBe(2);
    const ratio = assessment.risk.contributions.find(({ feature }) => feature === 'emg.flexionExtensionRatio');
    expect(ratio?.observed).toBe(true);
    expect(assessment.risk.logit).not.toBe(before.logit);
    expect(assessment.risk.sdLogit).not.toBe(before.sdLogit);
    const trajectory = await lines();
    expect(trajectory.map((line) => line.number)).toEqual([1, 2]);
    expect(trajectory[0].logit).toBe(before.logit);
    const old = storedAssessment.parse(await get(`/api/twins/${twin}/assessment?number=1`));
    expect(old.assessment.risk.logit).toBe(before.logit);
  });

  it('stands beside those of patients like this one, generated among generated', async () => {
    const real = await test.engine.createTwin('Real');
    const other = await test.engine.createTwin('Alike', { synthetic: true });
    const record = [await writeRecord()];
    for (const { id } of [other, real]) await ingestAndWait(test.engine, id, record);
    const { patients } = likePatients.parse(await get(`/api/twins/${twin}/like`));
    expect(patients.map(({ alias }) => alias)).toContain('Alike');
    expect(patients[0].distance).toBe(0);
    expect(patients[0].shared).toBeGreaterThan(3);
  });

  it('is not made again when nothing has changed', async () => {
    expect((await send('POST', `/api/twins/${twin}/assess`, {})).json()).toMatchObject({ number: 2 });
    expect(await lines()).toHaveLength(2);
  });

  it('follows the setting, which is asked for and shown', async () => {
    expect((await saveDesk({ setting: SETTING })).statusCode).toBe(200);
    const { assessment, reason } = await newest();
    expect(reason).toBe('Setting chosen');
    expect([assessment.settingChosen, assessment.risk.setting.id]).toEqual([true, SETTING]);
    expect((await saveDesk({ setting: 'nowhere' })).statusCode).toBe(400);
    expect((await desk()).document.setting).toBe(SETTING);
  });

  it('refuses to overwrite what somebody else said', async () => {
    const { document } = await desk();
    const late = await send('PUT', `/api/twins/${twin}/inference-desk`, { baseVersion: 0, document });
    expect(late.statusCode).toBe(409);
  });
});

describe('suggestions', () => {
  it('put a red flag first when an ask is answered so', async () => {
    const { answers } = (await desk()).document;
    const at = (await newest()).assessment.indexDate;
    await saveDesk({ answers: [...answers, { finding: 'flag.saddleNumbness', value: 1, at }] });
    const { assessment, reason } = await newest();
    expect(reason).toBe('Answer given');
    expect(assessment.suggestions[0]).toMatchObject({ rule: 'R01', urgency: 'emergency', strength: 'A' });
    expect(assessment.asks.every(({ finding }) => finding !== 'flag.saddleNumbness')).toBe(true);
  });

  it('are accepted or overridden by people, with a reason, for good', async () => {
    const path = `/api/twins/${twin}/decisions`;
    const bare = await send('POST', path, { suggestion: 'R01', decision: 'overridden' });
    expect(bare.statusCode).toBe(400);
    expect(bare.json().error.hint).toContain('why');
    const reason = 'MRI of last night shows no compression';
    expect((await send('POST', path, { suggestion: 'R01', decision: 'overridden', reason })).statusCode).toBe(200);
    expect((await send('POST', path, { suggestion: 'R99', decision: 'accepted' })).statusCode).toBe(404);
    const { decisions } = decisionList.parse(await get(path));
    expect(decisions).toEqual([expect.objectContaining({ suggestion: 'R01', rule: 'R01', reason })]);
  });
});

describe('the patient graph', () => {
  it('is asked in parts and leaves as GraphML and JSON-LD', async () => {
    const whole = patientGraph.parse(await get(`/api/twins/${twin}/graph`));
    const part = patientGraph.parse(await get(`/api/twins/${twin}/graph?kinds=exam,modality`));
    expect(new Set(part.nodes.map(({ kind }) => kind))).toEqual(new Set(['exam', 'modality']));
    expect(part.nodes.length).toBeLessThan(whole.nodes.length);
    expect((await server.inject({ url: `/api/twins/${twin}/graph?kinds=cat`, headers: AUTH })).statusCode).toBe(400);
    const graphml = await server.inject({ url: `/api/twins/${twin}/graph.graphml`, headers: AUTH });
    expect(graphml.body).toContain('<graphml');
    const jsonld = await server.inject({ url: `/api/twins/${twin}/graph.jsonld`, headers: AUTH });
    expect(jsonld.json()).toHaveProperty('@context');
  });

  it('leaves with risk and suggestions as a FHIR bundle', async () => {
    const bundle = await server.inject({ url: `/api/twins/${twin}/bundle.fhir.json`, headers: AUTH });
    const types = bundle
      .json()
      .entry.map(({ resource }: { resource: { resourceType: string } }) => resource.resourceType);
    expect(types).toEqual(expect.arrayContaining(['RiskAssessment', 'GuidanceResponse', 'Observation', 'Provenance']));
  });
});

describe('the model of a site', () => {
  const INDEX = '2026-03-02T09:00:00.000Z';
  const CLOSED = '2027-03-10';
  const read = async (id: string) => storedAssessment.parse(await get(`/api/twins/${id}/assessment`));
  const close = (id: string, operatedIn: 0 | 1 | 2, closedAt = CLOSED) =>
    send('POST', `/api/twins/${id}/outcome`, { operatedIn, closedAt });
  /** A patient known by answers alone, who is no generated one. */
  const followed = async (alias: string, setting: string): Promise<string> => {
    const { id } = await test.engine.createTwin(alias);
    const answers = [{ finding: 'prom.odi', value: 44, at: INDEX }];
    const document = { schemaVersion: 1, setting, indexDate: INDEX, answers };
    await send('PUT', `/api/twins/${id}/inference-desk`, { baseVersion: 0, document });
    return id;
  };
  let patient: string;

  it('takes an outcome of a patient, once, when the twelve months are over', async () => {
    patient = await followed('Followed', SETTING);
    const early = await close(patient, 1, '2026-09-01');
    expect(early.statusCode).toBe(400);
    expect(early.json().error.hint).toContain('twelve months');
    const closed = siteModel.parse((await close(patient, 1)).json());
    expect([closed.setting, closed.outcomes, closed.operated, closed.state]).toEqual([SETTING, 1, 1, 'prior-driven']);
    expect(closed.drift[0]).toMatchObject({ patient, observed: 1 });
    expect((await close(patient, 1)).statusCode).toBe(409);
    const generated = await close(twin, 1);
    expect([generated.statusCode, generated.json().error.message]).toEqual([400, expect.stringContaining('SYNTHETIC')]);
    expect(siteModel.parse(await get(`/api/inference/model?setting=${SETTING}`)).outcomes).toBe(1);
  });

  it('learns a version, goes back, and keeps both; whoever reads a risk reads it of the version in use', async () => {
    const before = await read(patient);
    const learnt = siteModel.parse((await send('POST', '/api/inference/model/update', { setting: SETTING })).json());
    expect([learnt.active, learnt.versions.length]).toEqual([2, 2]);
    const [after, again] = await Promise.all([read(patient), read(patient)]);
    expect(after).toEqual(again);
    expect([after.number, after.assessment.risk.model.version]).toEqual([before.number + 1, 2]);
    expect(after.reason).toBe('Version 2 of the model in use');
    const back = { setting: SETTING, version: 1, reason: 'one patient is no cohort' };
    const model = siteModel.parse((await send('POST', '/api/inference/model/rollback', back)).json());
    expect([model.active, model.versions.length]).toEqual([1, 2]);
    expect(model.events.at(-1)).toMatchObject({ kind: 'rolled-back', reason: back.reason });
    expect(siteModel.parse(await get(`/api/inference/model?setting=${SETTING}`))).toEqual(model);
    expect((await read(patient)).assessment.risk.model.version).toBe(1);
  });

  it('is suspended by drift, and no risk told before is read on as if nothing had happened', async () => {
    const setting = 'referred-chronic-back-pain';
    const ids: string[] = [];
    for (let i = 0; i < 12; i++) ids.push(await followed(`Operated ${i + 1}`, setting));
    const told = await read(ids[0]);
    expect(told.assessment.risk.state).toBe('prior-driven');
    // closed at once: none may overtake another
    await Promise.all(ids.map((id) => close(id, 1)));
    const model = siteModel.parse(await get(`/api/inference/model?setting=${setting}`));
    expect([model.outcomes, model.state, model.alarm]).toEqual([12, 'suspended', 'up']);
    const now = await read(ids[0]);
    expect([now.reason, now.assessment.risk.state]).toEqual(['Model suspended by drift', 'suspended']);
    expect(now.assessment.risk.caution).toContain('Do not use');
    const old = storedAssessment.parse(await get(`/api/twins/${ids[0]}/assessment?number=${told.number}`));
    expect(old).toEqual(told);
  });

  it('is read against the action band that the site sets', async () => {
    const before = siteSettings.parse(await get('/api/inference/site'));
    expect(before).toEqual({ actionBand: [0.1, 0.3], actionBandChosen: false });
    expect((await newest()).assessment.actionBand).toEqual([0.1, 0.3]);
    for (const actionBand of [[0.4, 0.2], [0, 0.3], [0.1], ['a', 1]])
      expect((await send('PUT', '/api/inference/site', { actionBand })).statusCode).toBe(400);
    const set = await send('PUT', '/api/inference/site', { actionBand: [0.05, 0.15] });
    expect(siteSettings.parse(set.json())).toEqual({ actionBand: [0.05, 0.15], actionBandChosen: true });
    const { number, assessment, reason } = await newest();
    expect(assessment.actionBand).toEqual([0.05, 0.15]);
    expect(reason).toBe('Action band of the site changed');
    expect((await newest()).number).toBe(number);
  });

  it('assesses and stores red flags even when the stored model of the site is damaged', async () => {
    const { store } = test.engine;
    const kind = `site-model:${SETTING}`;
    const sound = await test.engine.inference.siteModel(SETTING);
    await store.site.append(kind, { ...sound, active: 99 } as never);
    const at = (await newest()).assessment.indexDate;
    const { document } = await desk();
    await saveDesk({ answers: [...document.answers, { finding: 'flag.saddleNumbness', value: 1, at }] });
    const { assessment } = await newest();
    expect(assessment.risk.state).toBe('failed');
    expect(assessment.suggestions[0]).toMatchObject({ rule: 'R01', urgency: 'emergency' });
    expect((await lines()).at(-1)).toMatchObject({ state: 'failed' });
    const { length } = await lines();
    await newest();
    expect(await lines()).toHaveLength(length);
    await store.site.append(kind, sound as never);
    expect((await newest()).assessment.risk.state).not.toBe('failed');
    await saveDesk({ answers: document.answers });
  });

  it('describes what it knows', async () => {
    const { features, settings, findings, rules } = knowledge.parse(await get('/api/inference/knowledge'));
    expect(settings.map(({ id }) => id)).toContain(SETTING);
    expect(features.find(({ id }) => id === 'prom.odi')?.source).not.toBe('');
    expect(findings.some(({ redFlag }) => redFlag)).toBe(true);
    expect(rules).toHaveLength(34);
  });
});

describe('cohorts', () => {
  it('are scored in a worker and kept; generated ones are marked', async () => {
    const { job } = (await send('POST', '/api/inference/cohorts/simulate', { patients: 400, seed: 3 })).json();
    expect((await test.engine.jobs.ended(job)).state).toBe('done');
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * 13) % 11},${i % 3 === 0 ? 'yes' : 'no'}`);
    const table = ['age,pain,operated', ...rows].join('\n');
    const request = { name: 'clinic.csv', table, outcome: 'operated', repeats: 1, folds: 2, learners: ['logistic'] };
    const evaluated = (await send('POST', '/api/inference/cohorts/evaluate', request)).json();
    expect((await test.engine.jobs.ended(evaluated.job)).state).toBe('done');
    const { cohorts } = await get('/api/inference/cohorts');
    expect(cohorts.map(({ synthetic, rows: n }: { synthetic: boolean; rows: number }) => [synthetic, n])).toEqual([
      [false, 60],
      [true, 400],
    ]);
    const kept = cohortResult.parse(await get(`/api/inference/cohorts/${cohorts[0].id}`));
    expect(kept.learners.map(({ learner }) => learner)).toEqual(['logistic']);
    const bad = (await send('POST', '/api/inference/cohorts/evaluate', { ...request, outcome: 'cat' })).json();
    const ended = await test.engine.jobs.ended(bad.job);
    expect([ended.state, ended.error?.message]).toEqual(['failed', expect.stringContaining('cat')]);
  });
});
