/** JSON routes, registered from the contract's table. */

import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { RESEARCH_USE, ROUTES, type RouteSpec } from '../contract/index.ts';
import { segmentTwin } from '../interop/totalsegmentator/index.ts';
import { type Engine, loadAll, shiftLabels, VERSION } from '../runtime/index.ts';
import { inferenceHandlers } from './inference.ts';
import { readMeasurements, writeMeasurements } from './measurements.ts';
import { profileHandlers } from './profiles.ts';
import type { Uploads } from './uploads.ts';
import { twinView } from './view.ts';

type Handler<R extends RouteSpec> = (request: {
  params: R extends { params: infer P extends z.ZodType } ? z.output<P> : Record<string, never>;
  query: R extends { query: infer Q extends z.ZodType } ? z.output<Q> : Record<string, never>;
  body: R extends { body: infer B extends z.ZodType } ? z.output<B> : undefined;
}) => Promise<z.input<R['reply']>>;

type Handlers = { [K in keyof typeof ROUTES]: Handler<(typeof ROUTES)[K]> };

/** Adds every route of the contract. */
export function addJsonRoutes(
  server: FastifyInstance<never, never, never, never, never> | FastifyInstance,
  engine: Engine,
  uploads: Uploads,
): void {
  const handlers = createHandlers(engine, uploads);
  for (const [name, route] of Object.entries(ROUTES) as [keyof typeof ROUTES, RouteSpec][]) {
    const handler = handlers[name] as (request: unknown) => Promise<unknown>;
    (server as FastifyInstance).route({
      method: route.method,
      url: route.path,
      schema: {
        operationId: name,
        summary: route.summary,
        ...(route.params && { params: route.params }),
        ...(route.query && { querystring: route.query }),
        ...(route.body && { body: route.body }),
        response: { 200: route.reply },
      },
      handler: async (request) => handler({ params: request.params, query: request.query, body: request.body }),
    });
  }
}

function createHandlers(engine: Engine, uploads: Uploads): Handlers {
  const startedAt = new Date().toISOString();
  return {
    health: async () => ({ name: 'msdt', version: VERSION, researchUse: RESEARCH_USE, startedAt }),
    catalogue: () => catalogueOf(engine),
    listTwins: async () => ({ twins: await engine.store.twins.listTwins() }),
    createTwin: ({ body }) => engine.createTwin(body.alias, { synthetic: body.synthetic }),
    viewTwin: ({ params, query }) => twinView(engine, params.twin, { knownAt: query.known, validAt: query.valid }),
    buildTwin: async ({ params }) => ({ job: (await engine.build(params.twin)).id }),
    runCapability: async ({ params, body }) => ({ job: (await engine.run(params.twin, body)).id }),
    shiftLabels: async ({ params, body }) => ({
      job: (await shiftLabels(engine, params.twin, body.artifact, body.by)).id,
    }),
    segmentTwin: async ({ params, body }) => ({ job: (await segmentTwin(engine, params.twin, body)).id }),
    getMeasurements: ({ params }) => readMeasurements(engine, params.twin),
    putMeasurements: ({ params, body }) => writeMeasurements(engine, params.twin, body),
    ...profileHandlers(engine),
    ...inferenceHandlers(engine),
    listJobs: async ({ query }) => ({ jobs: await engine.jobs.list(query.twin) }),
    getJob: ({ params }) => engine.jobs.get(params.job),
    cancelJob: ({ params }) => engine.jobs.cancel(params.job),
    createUpload: async ({ body }) => {
      await engine.store.twins.getTwin(body.twin);
      return uploads.create(body.twin, body.files, body.choices);
    },
    getUpload: async ({ params }) => uploads.get(params.upload),
    completeUpload: async ({ params }) => {
      const { twin, files, choices, cleanUp } = uploads.complete(params.upload);
      return { job: (await engine.ingest(twin, files, { choices, cleanUp })).id };
    },
  };
}

async function catalogueOf(engine: Engine): Promise<z.input<typeof ROUTES.catalogue.reply>> {
  const [formats, modalities, tools] = await Promise.all([
    loadAll(engine.catalogue.formats),
    loadAll(engine.catalogue.modalities),
    loadAll(engine.catalogue.tools),
  ]);
  return {
    formats: formats.map(({ id, title, extensions, reads, writes }) => ({
      id,
      title,
      extensions: [...extensions],
      reads: [...reads],
      writes: [...writes],
    })),
    modalities: modalities.map(({ id, title, scales }) => ({ id, title, scales: [...scales] })),
    capabilities: engine.capabilities.map(({ id, version, title, summary, scales, inputs, outputs, params }) => ({
      id,
      version,
      title,
      summary,
      scales,
      inputs,
      outputs,
      params: params as z.input<typeof ROUTES.catalogue.reply>['capabilities'][number]['params'],
    })),
    tools: await Promise.all(
      tools.map(async (tool) => ({ id: tool.id, title: tool.title, found: await tool.found() })),
    ),
    features: engine.capabilities.flatMap((capability) =>
      capability.features.map((definition) => ({
        ...definition,
        reference: definition.reference?.map((range) => ({ ...range })),
      })),
    ),
  };
}
