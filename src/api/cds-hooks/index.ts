/**
 * CDS Hooks 2.0 face of the inference engine: discovery, `patient-view`, `order-select`, `order-sign`, feedback.
 *
 * Works from prefetch alone and keeps nothing of a patient; which cards were given, and what people made of them, is appended to
 * the site's log. There are no system actions.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Assessment, ERROR_CODES, type InferenceEngine, isMsdtError, MsdtError } from '../../model/index.ts';
import type { Engine } from '../../runtime/index.ts';
import { bearerOf, sameSecret } from '../access.ts';
import { orderCards, patientCards, type RuleCard } from './cards.ts';
import { type Chart, readChart } from './chart.ts';
import {
  type Card,
  cardResponse,
  discovery,
  type FeedbackRequest,
  feedbackRequest,
  type HookRequest,
  hookRequest,
} from './schemas.ts';
import { discoveryOf, ORDER_SERVICE, prefetchTemplates, RISK_SERVICE } from './services.ts';
import { createTokenGate, type TrustedClient } from './trust.ts';

/** How the services are offered. */
export interface CdsHooksOptions {
  /** record systems that sign their calls; none: the server's own token opens the door */
  clients?: readonly TrustedClient[];
  /** web origins that may call from a browser */
  origins?: readonly string[];
  /** address under which record systems reach this server, for tokens and links: `https://twin.example.org` */
  baseUrl?: string;
  /** setting of the clinic; the engine assumes one and says so when absent */
  setting?: string;
}

/** Kinds of events in the site's log. */
const CDS_EVENTS = { response: 'cds-response', feedback: 'cds-feedback' } as const;

/** Largest call · bytes: years of observations come with it */
const MOST_CALL_BYTES = 32 * 1024 * 1024;
/** How far back a card is looked for · calls */
const LOOKED_BACK = 5000;

/** Adds the services. */
export function addCdsHooks(
  server: FastifyInstance<never, never, never, never, never> | FastifyInstance,
  engine: Engine,
  { token, ...options }: CdsHooksOptions & { token: string },
): void {
  void (server as FastifyInstance).register(async (scope) => {
    const gate = createTokenGate(options.clients ?? []);
    await expectSetting(engine, options.setting);
    answerOutcomes(scope);
    shareWith(scope, options.origins ?? []);
    scope.addHook('onRequest', async (request) => {
      if (request.method === 'OPTIONS') return;
      const bearer = bearerOf(request);
      if (sameSecret(bearer, token)) return;
      gate.admit(bearer, `${baseOf(request, options)}${request.url.split('?')[0]}`, Date.now() / 1000);
    });
    scope.get('/cds-services', { schema: { hide: true, response: { 200: discovery } } }, async () =>
      discoveryOf((await engine.catalogue.inference.load()).knowledge()),
    );
    scope.post(
      '/cds-services/:service',
      {
        bodyLimit: MOST_CALL_BYTES,
        schema: {
          hide: true,
          body: hookRequest,
          response: { 200: cardResponse },
        },
      },
      async (request) => {
        const { service } = request.params as { service: string };
        const call = request.body as HookRequest;
        const given = await cardsFor(engine, service, call, { ...options, baseUrl: baseOf(request, options) });
        await logCards(engine, service, call, given);
        return { cards: given.map(({ card }) => card) };
      },
    );
    scope.post(
      '/cds-services/:service/feedback',
      {
        schema: { hide: true, body: feedbackRequest },
      },
      async (request) => {
        const { service } = request.params as { service: string };
        expectService(service);
        await logFeedback(engine, service, request.body as FeedbackRequest);
        return {};
      },
    );
  });
}

/** @throws MsdtError `parameter.invalid` the engine knows no such setting */
async function expectSetting({ catalogue }: Engine, setting: string | undefined): Promise<void> {
  if (setting === undefined) return;
  const { settings } = (await catalogue.inference.load()).knowledge();
  if (settings.some(({ id }) => id === setting)) return;
  throw new MsdtError('parameter.invalid', `There is no setting "${setting}"`, {
    where: { place: 'setting' },
    hint: `Choose one of ${settings.map(({ id }) => id).join(', ')}.`,
  });
}

/** The cards of one call. */
async function cardsFor(
  engine: Engine,
  service: string,
  call: HookRequest,
  options: CdsHooksOptions,
): Promise<RuleCard[]> {
  expectService(service, call.hook);
  const inference = await engine.catalogue.inference.load();
  const asked = Object.keys(prefetchTemplates(inference.knowledge()));
  const at = new Date().toISOString();
  const chart = await readChart(call, asked, { drafts: service === ORDER_SERVICE, at });
  const assess = (about: Chart) => assessChart(engine, inference, about, { at, setting: options.setting });
  const assessment = await assess(chart);
  const { patientId } = call.context;
  const context = { assessment, chart, patientId, at, ...(await linkOf(engine, chart, options)) };
  if (service === RISK_SERVICE) return patientCards(context);
  const before = await assess(withoutDrafts(chart));
  return orderCards(context, new Set(before.suggestions.map(({ id }) => id)));
}

function expectService(service: string, hook?: HookRequest['hook']): void {
  const hooks: Readonly<Record<string, readonly string[]>> = {
    [RISK_SERVICE]: ['patient-view'],
    [ORDER_SERVICE]: ['order-select', 'order-sign'],
  };
  const known = Object.hasOwn(hooks, service) ? hooks[service] : undefined;
  if (!known)
    throw new MsdtError('store.not-found', `There is no service "${service}"`, {
      hint: 'GET /cds-services lists them.',
    });
  if (hook && !known.includes(hook))
    throw new MsdtError('parameter.invalid', `${service} does not serve ${hook}`, {
      where: { place: 'hook' },
      hint: `It serves ${known.join(' and ')}.`,
    });
}

async function assessChart(
  engine: Engine,
  inference: InferenceEngine,
  { record }: Chart,
  { at, setting }: { at: string; setting?: string },
): Promise<Assessment> {
  const site = await engine.inference.siteModel(setting);
  return inference.assess(
    {
      twin: 'cds-hooks',
      at,
      indexDate: at,
      setting,
      features: [],
      acquisitions: [],
      records: [{ artifact: 'prefetch', record }],
      answers: [],
      synthetic: record.synthetic,
    },
    site,
  );
}

function withoutDrafts(chart: Chart): Chart {
  const facts = chart.record.facts.filter(({ id }) => !chart.drafts.has(id));
  return { ...chart, record: { ...chart.record, facts } };
}

/** Address of the twin, where the patient carries its number and it is here. */
async function linkOf({ store }: Engine, { twin }: Chart, { baseUrl }: CdsHooksOptions): Promise<{ twinUrl?: string }> {
  if (!twin || !baseUrl) return {};
  try {
    await store.twins.getTwin(twin);
    return { twinUrl: `${baseUrl}/?twin=${encodeURIComponent(twin)}` };
  } catch (error) {
    if (isMsdtError(error, 'store.not-found')) return {};
    throw error;
  }
}

/** Which cards were given, so that feedback finds its rule. Names no patient. */
async function logCards({ store }: Engine, service: string, call: HookRequest, given: readonly RuleCard[]) {
  if (given.length === 0) return;
  const cards = given.map(({ card, rule }) => ({
    uuid: card.uuid,
    rule: rule ?? 'risk',
    indicator: card.indicator,
    suggestions: (card.suggestions ?? []).map(({ uuid }) => uuid),
  }));
  await store.site.append(CDS_EVENTS.response, { service, hook: call.hook, hookInstance: call.hookInstance, cards });
}

async function logFeedback({ store }: Engine, service: string, { feedback }: FeedbackRequest): Promise<void> {
  const given = await store.site.list(CDS_EVENTS.response, LOOKED_BACK);
  const rules = new Map(
    given.flatMap(({ content }) =>
      (content as unknown as { cards: { uuid: Card['uuid']; rule: string }[] }).cards.map(({ uuid, rule }) => [
        uuid,
        rule,
      ]),
    ),
  );
  for (const one of feedback) {
    const { card, outcome, outcomeTimestamp } = one;
    const said =
      one.outcome === 'accepted'
        ? { accepted: one.acceptedSuggestions.map(({ id }) => id) }
        : {
            ...(one.overrideReason?.reason && { reason: one.overrideReason.reason.code }),
            ...(one.overrideReason?.userComment && { comment: one.overrideReason.userComment }),
          };
    const rule = rules.get(card) ?? 'unknown';
    await store.site.append(CDS_EVENTS.feedback, { service, card, rule, outcome, outcomeTimestamp, ...said });
  }
}

function baseOf(request: FastifyRequest, { baseUrl }: CdsHooksOptions): string {
  return (baseUrl ?? `${request.protocol}://${request.headers.host}`).replace(/\/+$/, '');
}

/** Lets the pages of some origins call. */
function shareWith(scope: FastifyInstance, origins: readonly string[]): void {
  const allowed = new Set(origins);
  const allow = (request: FastifyRequest, reply: FastifyReply): void => {
    reply.header('vary', 'Origin');
    const { origin } = request.headers;
    if (!origin || !allowed.has(origin)) return;
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': 'Authorization, Content-Type',
      'access-control-max-age': '600',
      'cross-origin-resource-policy': 'cross-origin',
    });
  };
  scope.addHook('onRequest', async (request, reply) => allow(request, reply));
  for (const url of ['/cds-services', '/cds-services/:service', '/cds-services/:service/feedback'])
    scope.options(url, { schema: { hide: true } }, async (_request, reply) => reply.status(204).send());
}

/** Errors as OperationOutcome; a missing prefetch is 412. */
function answerOutcomes(scope: FastifyInstance): void {
  scope.setErrorHandler(async (error: unknown, request, reply) => {
    const known = knownError(error);
    if (!known) request.log.error(error);
    const { status, code, text, diagnostics, expression } = known ?? {
      status: 500,
      code: 'exception',
      text: 'This is a defect of the program',
    };
    return reply.status(status).send({
      resourceType: 'OperationOutcome',
      issue: [
        {
          severity: 'error',
          code,
          details: { text },
          ...(diagnostics && { diagnostics }),
          ...(expression && { expression: [expression] }),
        },
      ],
    });
  });
}

interface Outcome {
  status: number;
  code: string;
  text: string;
  diagnostics?: string;
  expression?: string;
}

function knownError(error: unknown): Outcome | undefined {
  if (isMsdtError(error)) {
    const { http, fhir } = ERROR_CODES[error.code];
    return {
      status: error.code === 'input.missing' ? 412 : http,
      code: fhir,
      text: error.message,
      diagnostics: [error.detail, error.hint].filter(Boolean).join('. '),
      expression: error.where.place,
    };
  }
  const { validation, statusCode, message } = error as { validation?: unknown; statusCode?: number; message: string };
  if (validation || (statusCode !== undefined && statusCode < 500))
    return {
      status: validation ? 400 : (statusCode as number),
      code: validation ? 'structure' : 'processing',
      text: message,
    };
  return undefined;
}
