/** Handlers of the routes of inference. */

import type { z } from 'zod';
import type { INFERENCE_ROUTES } from '../contract/index.ts';
import { neighbours, subgraph } from '../inference/index.ts';
import {
  ArgumentError,
  type ClosedOutcome,
  GRAPH_NODE_KINDS,
  type PatientGraph,
  type SiteModelState,
} from '../model/index.ts';
import type { Engine, InferenceDesk, SiteSettings } from '../runtime/index.ts';

type Routes = typeof INFERENCE_ROUTES;
type Reply<K extends keyof Routes> = z.input<Routes[K]['reply']>;
type Body<K extends keyof Routes> = Routes[K] extends { body: infer B extends z.ZodType } ? z.output<B> : never;
type TwinParams = { params: { twin: string } };

/** @param engine - the engine whose twins are assessed */
export function inferenceHandlers(engine: Engine) {
  const { inference, store } = engine;
  return {
    getAssessment: async ({ params, query }: TwinParams & { query: { number?: number } }) =>
      (await inference.get(params.twin, query.number)) as Reply<'getAssessment'>,
    listAssessments: async ({ params }: TwinParams) =>
      ({ assessments: await store.twins.assessments(params.twin) }) as Reply<'listAssessments'>,
    queryGraph: async ({ params, query }: TwinParams & { query: z.output<Routes['queryGraph']['query']> }) => {
      const { graph } = (await inference.get(params.twin)).assessment;
      return partOf(graph, query) as Reply<'queryGraph'>;
    },
    patientsLikeThis: async ({ params, query }: TwinParams & { query: { count: number } }) => ({
      patients: await inference.like(params.twin, query.count),
    }),
    assessTwin: async ({ params }: TwinParams) =>
      (await inference.assess(params.twin, 'Asked for')) as Reply<'assessTwin'>,
    getInferenceDesk: ({ params }: TwinParams) => inference.desk(params.twin),
    putInferenceDesk: ({ params, body }: TwinParams & { body: Body<'putInferenceDesk'> }) =>
      inference.saveDesk(params.twin, body.document satisfies InferenceDesk, body.baseVersion),
    decideSuggestion: ({ params, body }: TwinParams & { body: Body<'decideSuggestion'> }) =>
      inference.decide(params.twin, body),
    listDecisions: async ({ params }: TwinParams) => ({ decisions: await store.twins.decisions(params.twin) }),
    putOutcome: async ({ params, body }: TwinParams & { body: Body<'putOutcome'> }) =>
      siteModelView(engine, await inference.closeFollowUp(params.twin, body.operatedIn, body.closedAt)),
    getKnowledge: async () => (await inference.engine()).knowledge() as unknown as Reply<'getKnowledge'>,
    getSiteSettings: async () => settingsOf(await inference.siteSettings()),
    putSiteSettings: async ({ body }: { body: Body<'putSiteSettings'> }) =>
      settingsOf(await inference.setActionBand(body.actionBand)),
    getSiteModel: async ({ query }: { query: { setting?: string } }) =>
      siteModelView(engine, await inference.siteModel(query.setting)),
    updateSiteModel: async ({ body }: { body: Body<'updateSiteModel'> }) =>
      siteModelView(engine, await inference.updateSiteModel(body.setting)),
    rollBackSiteModel: async ({ body }: { body: Body<'rollBackSiteModel'> }) =>
      siteModelView(engine, await inference.rollBackSiteModel(body.version, body.reason, body.setting)),
    evaluateCohort: async ({ body }: { body: Body<'evaluateCohort'> }) => {
      const { name, table, ...choices } = body;
      return { job: (await inference.scoreCohort(name, { kind: 'evaluate', name, csv: table, choices })).id };
    },
    simulateCohort: async ({ body }: { body: Body<'simulateCohort'> }) => ({
      job: (await inference.scoreCohort(`SYNTHETIC cohort, seed ${body.seed}`, { kind: 'simulate', ...body })).id,
    }),
    listCohorts: async () => ({
      cohorts: (await inference.cohorts()).map(({ id, at, name, synthetic, rows, events }) => {
        return { id, at, name, synthetic, rows, events };
      }),
    }),
    getCohort: async ({ params }: { params: { cohort: number } }) =>
      (await inference.cohort(params.cohort)) as unknown as Reply<'getCohort'>,
  };
}

function settingsOf({ actionBand: [low, high], actionBandChosen }: SiteSettings): Reply<'getSiteSettings'> {
  return { actionBand: [low, high], actionBandChosen };
}

/** A site's model as a screen reads it: without weights, with its outcomes summed up. */
async function siteModelView(engine: Engine, state: SiteModelState): Promise<Reply<'getSiteModel'>> {
  const outcomes = await engine.store.twins.outcomes(state.setting);
  const active = state.versions.find(({ version }) => version === state.active);
  return {
    setting: state.setting,
    active: state.active,
    state: state.suspended ? 'suspended' : (active?.state ?? 'prior-driven'),
    suspended: state.suspended,
    versions: state.versions.map(({ version, state: named, learnt }) => {
      const reason = state.events.find((event) => event.kind === 'published' && event.version === version)?.reason;
      return { version, state: named, ...learnt, reason: reason ?? '' };
    }),
    outcomes: outcomes.length,
    operated: outcomes.filter(({ operatedIn }) => operatedIn > 0).length,
    drift: driftOf(outcomes),
    ...(state.challenger && { challenger: challengerView(state.challenger) }),
    alarm: state.watch.alarm,
    ...sinceDrift(state),
    events: state.events.map((event) => ({ ...event })),
  };
}

function sinceDrift({ watch: { alarm, sinceUp, sinceDown } }: SiteModelState): { sinceDrift?: number } {
  if (alarm === null) return {};
  return { sinceDrift: alarm === 'up' ? sinceUp : sinceDown };
}

function challengerView({ version, learnt, verdict }: NonNullable<SiteModelState['challenger']>) {
  return { version, learnt, ...(verdict && { verdict: { ...verdict, reasons: [...verdict.reasons] } }) };
}

/** Observed less expected operations, summed up outcome by outcome. */
function driftOf(outcomes: readonly ClosedOutcome[]): Reply<'getSiteModel'>['drift'] {
  let sum = 0;
  return outcomes.map(({ twin, predicted, operatedIn }) => {
    const observed = operatedIn > 0 ? 1 : 0;
    sum += observed - predicted;
    return { patient: twin, predicted, observed, sum };
  });
}

/** The part of a graph that a query asks for. */
function partOf(
  graph: PatientGraph,
  { kinds, node, ...filter }: z.output<Routes['queryGraph']['query']>,
): PatientGraph {
  const wanted = kinds?.split(',').map((kind) => {
    const known = GRAPH_NODE_KINDS.find((name) => name === kind.trim());
    if (!known) throw new ArgumentError('kinds', kind, GRAPH_NODE_KINDS.join(', '));
    return known;
  });
  const part = subgraph(graph, { kinds: wanted, ...filter });
  if (node === undefined) return part;
  const beside = new Set([node, ...neighbours(part, node).map((one) => one.node.id)]);
  return {
    ...part,
    nodes: part.nodes.filter(({ id }) => beside.has(id)),
    edges: part.edges.filter(({ from, to }) => (from === node || to === node) && beside.has(from) && beside.has(to)),
  };
}
