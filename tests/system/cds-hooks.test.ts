/** The CDS Hooks services over HTTP on a real engine: discovery, cards, orders, trust, feedback. */

import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from '../../src/api/index.ts';
import { openTestEngine, type TestEngine } from '../support/engine.ts';

const TOKEN = 'test-token';
const HOST = { host: 'localhost' };
const AUTH = { ...HOST, authorization: `Bearer ${TOKEN}` };
const BASE = 'https://twin.example.org';
const EHR = 'https://ehr.example.org';

const keys = {
  es: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  rs: generateKeyPairSync('rsa', { modulusLength: 2048 }),
};

let test: TestEngine;
let server: FastifyInstance;
let uploadDir: string;

beforeAll(async () => {
  test = await openTestEngine(undefined, 1);
  uploadDir = await mkdtemp(join(tmpdir(), 'msdt-uploads-'));
  const jwk = (key: (typeof keys)['es'], kid: string) => ({ ...key.publicKey.export({ format: 'jwk' }), kid });
  server = await createServer({
    engine: test.engine,
    token: TOKEN,
    uploadDir,
    cdsHooks: {
      baseUrl: BASE,
      origins: ['https://sandbox.example.org'],
      clients: [{ issuer: EHR, keys: [jwk(keys.es, 'es-1'), jwk(keys.rs as never, 'rs-1')] }],
    },
  });
  await server.ready();
});

afterAll(async () => {
  await server.close();
  await test.close();
  await rm(uploadDir, { recursive: true, force: true });
});

type Json = { [key: string]: unknown };

const TODAY = new Date().toISOString().slice(0, 10);
const about = { reference: 'Patient/1288992' };
const bundle = (...resources: Json[]) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map((resource) => ({ resource })),
});
const condition = (code: string, display: string, more: Json = {}) => ({
  resourceType: 'Condition',
  id: `c-${code}`,
  clinicalStatus: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
  },
  code: { coding: [{ system: 'http://snomed.info/sct', code, display }] },
  subject: about,
  onsetDateTime: TODAY,
  ...more,
});
const odi = (value: number) => ({
  resourceType: 'Observation',
  id: 'o-odi',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '97909-6' }] },
  subject: about,
  effectiveDateTime: TODAY,
  valueQuantity: { value, unit: '%', system: 'http://unitsofmeasure.org', code: '%' },
});
const serviceRequest = (code: string, display: string) => ({
  resourceType: 'ServiceRequest',
  id: 'order-1',
  status: 'draft',
  intent: 'order',
  subject: about,
  code: { coding: [{ system: 'http://loinc.org', code, display }] },
});
const PATIENT = { resourceType: 'Patient', gender: 'male', birthDate: '1974-12-25' };

/** A request in the shape of the specification's own example. */
const patientView = (prefetch: Json = {}) => ({
  hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
  fhirServer: 'http://hooks.smarthealthit.org:9080',
  hook: 'patient-view',
  fhirAuthorization: {
    access_token: 'some-opaque-fhir-access-token',
    token_type: 'Bearer',
    expires_in: 300,
    scope: 'user/Patient.read user/Observation.read',
    subject: 'cds-service4',
  },
  context: { userId: 'Practitioner/example', patientId: '1288992', encounterId: '89284' },
  prefetch: { patient: PATIENT, conditions: bundle(condition('279039007', 'Low back pain')), ...prefetch },
});

const orderHook = (hook: 'order-select' | 'order-sign', orders: Json[], prefetch: Json = {}) => ({
  ...patientView(prefetch),
  hook,
  context: {
    userId: 'PractitionerRole/123',
    patientId: '1288992',
    encounterId: '89284',
    ...(hook === 'order-select' && { selections: [`${orders[0].resourceType}/${orders[0].id}`] }),
    draftOrders: { resourceType: 'Bundle', entry: orders.map((resource) => ({ resource })) },
  },
});

const post = (url: string, payload: object, headers: Record<string, string> = AUTH) =>
  server.inject({ method: 'POST', url, headers, payload });
const risk = (payload: object) => post('/cds-services/msdt-spine-risk', payload);
const check = (payload: object) => post('/cds-services/msdt-order-check', payload);

interface Card {
  uuid: string;
  summary: string;
  detail: string;
  indicator: string;
  source: { label: string };
  suggestions?: { uuid: string; actions: { type: string; resource: Json }[] }[];
  links?: { url: string; type: string }[];
  [key: string]: unknown;
}
const cardsOf = (answer: { json(): unknown }) => (answer.json() as { cards: Card[] }).cards;

describe('a server', () => {
  it('does not start with a setting that nobody knows', async () => {
    const start = async () =>
      (await createServer({ engine: test.engine, token: TOKEN, uploadDir, cdsHooks: { setting: 'nowhere' } })).ready();
    await expect(start()).rejects.toMatchObject({ code: 'parameter.invalid' });
  });
});

describe('discovery', () => {
  it('lists one service for patients and one for both order hooks, with templates that only ask what is allowed', async () => {
    const { services } = (await server.inject({ url: '/cds-services', headers: AUTH })).json<{
      services: { hook: string; id: string; description: string; prefetch: Record<string, string> }[];
    }>();
    expect(services.map(({ hook, id }) => [hook, id])).toEqual([
      ['patient-view', 'msdt-spine-risk'],
      ['order-select', 'msdt-order-check'],
      ['order-sign', 'msdt-order-check'],
    ]);
    const templates = services[0].prefetch;
    expect(templates.patient).toBe('Patient/{{context.patientId}}');
    expect(templates.measured).toContain('http://loinc.org|97909-6');
    for (const template of Object.values(templates)) {
      const parameters = [...template.matchAll(/[?&]([^=]+)=/g)].map(([, name]) => name);
      const allowed = ['patient', 'code', 'category', '_count', '_sort'];
      expect(parameters.filter((name) => !allowed.includes(name))).toEqual([]);
      expect(template.match(/\{\{(.*?)\}\}/g)).toEqual(['{{context.patientId}}']);
    }
  });
});

describe('a patient that is opened', () => {
  it('gets the risk with interval, setting, and that nobody has validated it here', async () => {
    const answer = await risk(patientView({ measured: bundle(odi(48)) }));
    expect(answer.statusCode).toBe(200);
    const card = cardsOf(answer).find(({ source }) => source.label.startsWith('msdt'));
    expect(card?.summary).toMatch(
      /^Spinal surgery within 12 months: [\d.]+ % \(90 % interval [\d.]+–[\d.]+ %\); not validated locally$/,
    );
    expect(card?.indicator).toBe('info');
    expect(card?.detail).toContain('**Setting**');
    expect(card?.detail).toContain('nobody has chosen one');
    expect(card?.detail).toMatch(/not need of surgery/i);
    expect(card?.detail).toMatch(/not validated locally/);
    // what was not sent is said
    expect(card?.detail).toMatch(/Not sent by the record system.*laboratory/);
    expect(card?.detail).not.toMatch(/Not sent[^.]*measured/);
    expect(answer.json()).not.toHaveProperty('systemActions');
    expect(answer.body).not.toContain('autolaunchable');
    expect(answer.body).not.toContain('some-opaque-fhir-access-token');
  });

  it('is told nothing where nobody speaks of the spine', async () => {
    const cold = { conditions: bundle(condition('195662009', 'Acute viral pharyngitis')) };
    const answer = await risk(patientView(cold));
    expect([answer.statusCode, answer.json()]).toEqual([200, { cards: [] }]);
    expect(cardsOf(await risk(patientView({ ...cold, measured: bundle(odi(40)) })))).not.toEqual([]);
  });

  it('moves with what is sent', async () => {
    const probability = async (value: number) => {
      const [{ summary }] = cardsOf(await risk(patientView({ measured: bundle(odi(value)) }))).filter(({ source }) =>
        source.label.startsWith('msdt'),
      );
      return Number(/: ([\d.]+) %/.exec(summary)?.[1]);
    };
    expect(await probability(64)).toBeGreaterThan(await probability(8));
  });

  it('never counts what belongs to another patient', async () => {
    const strange = { ...odi(90), subject: { reference: 'Patient/77' } };
    const with77 = cardsOf(await risk(patientView({ measured: bundle(strange) })));
    const without = cardsOf(await risk(patientView({ measured: bundle() })));
    expect(with77[0].summary).toBe(without[0].summary);
    expect(with77[0].detail).toContain('1 resources were of another patient');
  });

  it('links to the twin only where the twin is here', async () => {
    const { id } = await test.engine.createTwin('P1');
    const known = (value: string) => ({ ...PATIENT, identifier: [{ system: 'urn:msdt:twin', value }] });
    const [here] = cardsOf(await risk(patientView({ patient: known(id) })));
    const [gone] = cardsOf(await risk(patientView({ patient: known('nobody') })));
    expect(here.links).toEqual([{ label: 'Open the digital twin', url: `${BASE}/?twin=${id}`, type: 'absolute' }]);
    expect(gone.links).toBeUndefined();
  });
});

describe('a red flag', () => {
  const retention = {
    conditions: bundle(condition('267064002', 'Retention of urine'), condition('279039007', 'Low back pain')),
  };

  it('gives a critical card before anything else, with a draft to sign and the rule behind it', async () => {
    const cards = cardsOf(await risk(patientView(retention)));
    expect(cards[0]).toMatchObject({
      indicator: 'critical',
      summary: expect.stringMatching(/^Emergency MRI/),
      source: { label: expect.stringContaining('R01') },
      selectionBehavior: 'at-most-one',
    });
    expect(cards[0].detail).toMatch(/\*\*Because\*\*\n\n- .*bladder/i);
    expect(cards[0].suggestions?.[0].actions[0]).toMatchObject({
      type: 'create',
      resource: { resourceType: 'ServiceRequest', status: 'draft', intent: 'proposal', subject: about },
    });
    const critical = cards.filter(({ indicator }) => indicator === 'critical');
    expect(critical.every(({ source }) => /^R0[1-4]:/.test(source.label))).toBe(true);
  });

  it('does not wait for a model: it is there while the model is suspended, and for a patient of whom nothing else is known', async () => {
    const { siteModel } = test.engine.inference;
    const state = await siteModel();
    await test.engine.store.site.append(`site-model:${state.setting}`, { ...state, suspended: true } as never);
    const [first] = cardsOf(await risk(patientView(retention)));
    await test.engine.store.site.append(`site-model:${state.setting}`, state as never);
    expect([first.indicator, first.source.label.slice(0, 3)]).toEqual(['critical', 'R01']);
  });

  it('is told at an order too', async () => {
    const order = { ...serviceRequest('1988-5', 'C-reactive protein') };
    const cards = cardsOf(await check(orderHook('order-sign', [order], retention)));
    expect(cards.map(({ indicator }) => indicator)).toContain('critical');
  });

  it('is absent where nothing speaks for it', async () => {
    const cards = cardsOf(await risk(patientView({ conditions: bundle(condition('279039007', 'Low back pain')) })));
    expect(cards.filter(({ indicator }) => indicator === 'critical')).toEqual([]);
  });
});

describe('an order', () => {
  const tramadol = {
    resourceType: 'MedicationRequest',
    id: 'rx-1',
    status: 'draft',
    intent: 'order',
    subject: about,
    medicationCodeableConcept: {
      coding: [{ system: 'http://www.whocc.no/atc', code: 'N02AX02', display: 'tramadol' }],
    },
  };
  const longAgo = new Date(Date.now() - 300 * 86_400_000).toISOString().slice(0, 10);
  const chronic = { conditions: bundle(condition('278860009', 'Chronic low back pain', { onsetDateTime: longAgo })) };
  const fresh = { conditions: bundle(condition('279039007', 'Low back pain')) };
  const mri = () => serviceRequest('30679-5', 'MR Lumbar spine WO contrast');
  const bloods = () => serviceRequest('1988-5', 'C-reactive protein');

  it.each(['order-select', 'order-sign'] as const)(
    'against a rule gets a warning at %s: an opioid for chronic back pain',
    async (hook) => {
      const cards = cardsOf(await check(orderHook(hook, [tramadol], chronic)));
      expect(cards.map(({ indicator, source }) => [indicator, source.label.slice(0, 3)])).toEqual([['warning', 'R23']]);
      expect(cards[0].detail).toMatch(/strength X/);
      expect(cards[0].detail).toMatch(/opioid/i);
      expect(cards[0].overrideReasons).not.toEqual([]);
      expect(cards[0].suggestions).toBeUndefined();
    },
  );

  it('is not called wrong while a rule waits for answers: imaging of new back pain, red flags not asked', async () => {
    expect(cardsOf(await check(orderHook('order-select', [mri()], fresh)))).toEqual([]);
    const [card] = cardsOf(await risk(patientView(fresh)));
    expect(card.detail).toMatch(/Rules wait for an answer[\s\S]*R09/);
  });

  it('that was not selected, or belongs to another patient, is not judged', async () => {
    const selected = orderHook('order-select', [bloods(), tramadol], chronic);
    expect(cardsOf(await check(selected))).toEqual([]);
    const strange = { ...tramadol, subject: { reference: 'Patient/77' } };
    expect(cardsOf(await check(orderHook('order-sign', [strange], chronic)))).toEqual([]);
  });

  it.each(['order-select', 'order-sign'] as const)('that no rule speaks against gets no card at %s', async (hook) => {
    const answer = await check(orderHook(hook, [bloods()], chronic));
    expect([answer.statusCode, answer.json()]).toEqual([200, { cards: [] }]);
    expect(cardsOf(await check(orderHook(hook, [bloods()], fresh)))).toEqual([]);
  });
});

describe('calls that must fail', () => {
  const issue = (answer: { json(): unknown }) =>
    (answer.json() as { resourceType: string; issue: { code: string; details: { text: string } }[] }).issue[0];

  it.each([
    ['no prefetch at all', { prefetch: undefined }],
    ['no patient', { prefetch: { conditions: bundle() } }],
    ['a patient that is not there', { prefetch: { patient: null, conditions: bundle() } }],
    ['no conditions', { prefetch: { patient: PATIENT } }],
    [
      'an error in place of conditions',
      { prefetch: { patient: PATIENT, conditions: { resourceType: 'OperationOutcome', issue: [] } } },
    ],
  ])('412 for %s', async (_, change) => {
    const answer = await risk({ ...patientView(), ...change });
    expect(answer.statusCode).toBe(412);
    expect(answer.json()).toMatchObject({ resourceType: 'OperationOutcome' });
    expect(issue(answer).details.text).toMatch(/prefetch/);
  });

  it.each([
    ['an unknown hook', { hook: 'medication-prescribe' }],
    ['no hook', { hook: undefined }],
    ['no hookInstance', { hookInstance: undefined }],
    ['no context', { context: undefined }],
    ['no patient in the context', { context: { userId: 'Practitioner/1' } }],
    ['a prefetch that is no resource', { prefetch: { patient: 'Patient/1', conditions: bundle() } }],
    ['an order hook at the wrong service', orderHook('order-sign', [])],
    ['order-select without selections', { ...orderHook('order-sign', []), hook: 'order-select' }],
  ])('400 for %s', async (_, change) => {
    const answer = await risk({ ...patientView(), ...change });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ resourceType: 'OperationOutcome' });
  });

  it('404 for a service that is not there', async () => {
    expect((await post('/cds-services/other', patientView())).statusCode).toBe(404);
    expect((await post('/cds-services/toString', patientView())).statusCode).toBe(404);
    expect((await post('/cds-services/other/feedback', { feedback: [] })).statusCode).toBe(400);
  });
});

describe('trust', () => {
  const claims = (more: Json = {}) => {
    const now = Math.floor(Date.now() / 1000);
    return { iss: EHR, aud: `${BASE}/cds-services`, iat: now, exp: now + 300, jti: crypto.randomUUID(), ...more };
  };
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signedBy = (alg: 'ES384' | 'RS384', body: Json, header: Json = {}) => {
    const key = alg === 'ES384' ? keys.es : keys.rs;
    const kid = alg === 'ES384' ? 'es-1' : 'rs-1';
    const text = `${encode({ alg, kid, typ: 'JWT', ...header })}.${encode(body)}`;
    const dsaEncoding = alg === 'ES384' ? ('ieee-p1363' as const) : undefined;
    return `${text}.${sign('sha384', Buffer.from(text), { key: key.privateKey, dsaEncoding }).toString('base64url')}`;
  };
  const call = async (token: string) =>
    (await server.inject({ url: '/cds-services', headers: { ...HOST, authorization: `Bearer ${token}` } })).statusCode;

  it('lets in nobody without a token, and whoever holds the server’s', async () => {
    expect((await server.inject({ url: '/cds-services', headers: HOST })).statusCode).toBe(401);
    expect((await post('/cds-services/msdt-spine-risk', patientView(), HOST)).statusCode).toBe(401);
    expect((await post('/cds-services/msdt-spine-risk/feedback', {}, HOST)).statusCode).toBe(401);
    expect(await call(TOKEN)).toBe(200);
    expect(await call('wrong')).toBe(401);
  });

  it('lets in a record system that signs, by elliptic curve or RSA, once a token', async () => {
    const token = signedBy('ES384', claims());
    expect([await call(token), await call(token)]).toEqual([200, 401]);
    expect(await call(signedBy('RS384', claims({ aud: ['other', `${BASE}/cds-services`] })))).toBe(200);
  });

  it.each([
    ['another issuer', () => signedBy('ES384', claims({ iss: 'https://evil.example.org' }))],
    ['another address', () => signedBy('ES384', claims({ aud: `${BASE}/cds-services/msdt-spine-risk` }))],
    ['the past', () => signedBy('ES384', claims({ exp: 1_600_000_000, iat: 1_599_999_900 }))],
    ['the future', () => signedBy('ES384', claims({ iat: Date.now() / 1000 + 3600, exp: Date.now() / 1000 + 3700 }))],
    ['a life too long', () => signedBy('ES384', claims({ exp: Date.now() / 1000 + 86_400 }))],
    ['no jti', () => signedBy('ES384', claims({ jti: undefined }))],
    ['an unknown key', () => signedBy('ES384', claims(), { kid: 'es-2' })],
    ['no signature', () => `${encode({ alg: 'none', kid: 'es-1' })}.${encode(claims())}.`],
    [
      'a shared secret made of the public key',
      () => `${encode({ alg: 'HS256', kid: 'es-1' })}.${encode(claims())}.AAAA`,
    ],
    ['a key of another kind', () => signedBy('ES384', claims(), { alg: 'RS384' })],
    ['a changed claim', () => signedBy('ES384', claims()).replace(/\.[^.]+\./, `.${encode(claims({ sub: 'x' }))}.`)],
    ['no JSON', () => 'abc.def.ghi'],
  ])('keeps out %s', async (_, token) => {
    expect(await call(token())).toBe(401);
  });

  it('shares with the listed origins alone', async () => {
    const preflight = async (origin: string) =>
      await server.inject({
        method: 'OPTIONS',
        url: '/cds-services/msdt-spine-risk',
        headers: { ...HOST, origin, 'access-control-request-method': 'POST' },
      });
    const ours = await preflight('https://sandbox.example.org');
    expect([ours.statusCode, ours.headers['access-control-allow-origin']]).toEqual([
      204,
      'https://sandbox.example.org',
    ]);
    expect((await preflight('https://evil.example.org')).headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('feedback', () => {
  const feedback = (...entries: Json[]) => post('/cds-services/msdt-spine-risk/feedback', { feedback: entries });
  const outcomeTimestamp = '2021-12-11T10:05:31Z';

  it('is kept with the rule that the card spoke for, and never changed', async () => {
    const [card] = cardsOf(await risk(patientView()));
    const accepted = {
      card: card.uuid,
      outcome: 'accepted',
      acceptedSuggestions: [{ id: 'e56e1945' }],
      outcomeTimestamp,
    };
    const overridden = {
      card: 'f6b95768-b1c8-40dc-8385-bf3504b82ffb',
      outcome: 'overridden',
      overrideReason: { reason: { code: 'disagree', system: 'urn:msdt:override-reason' }, userComment: 'seen' },
      outcomeTimestamp,
    };
    expect((await feedback(accepted, overridden)).statusCode).toBe(200);
    const kept = (await test.engine.store.site.list('cds-feedback')).slice(-2).map(({ content }) => content);
    expect(kept).toEqual([
      {
        service: 'msdt-spine-risk',
        card: card.uuid,
        rule: 'risk',
        outcome: 'accepted',
        outcomeTimestamp,
        accepted: ['e56e1945'],
      },
      {
        service: 'msdt-spine-risk',
        card: overridden.card,
        rule: 'unknown',
        outcome: 'overridden',
        outcomeTimestamp,
        reason: 'disagree',
        comment: 'seen',
      },
    ]);
    // the log of cards names no patient
    const log = JSON.stringify(await test.engine.store.site.list('cds-response'));
    expect(log).not.toContain('1288992');
  });

  it.each([
    ['nothing', []],
    ['an outcome that is none', [{ card: 'a', outcome: 'ignored', outcomeTimestamp }]],
    ['an acceptance of nothing', [{ card: 'a', outcome: 'accepted', outcomeTimestamp }]],
    ['no time', [{ card: 'a', outcome: 'overridden' }]],
    ['a time that is none', [{ card: 'a', outcome: 'overridden', outcomeTimestamp: 'yesterday' }]],
    ['no card', [{ outcome: 'overridden', outcomeTimestamp }]],
  ])('is refused for %s', async (_, entries) => {
    expect((await feedback(...(entries as Json[]))).statusCode).toBe(400);
  });
});
