/**
 * HTTP and WebSocket face of one engine. No science: it validates, asks the engine, streams bytes.
 *
 * Listens on loopback unless told otherwise; every request under /api but health carries a token.
 */

import { existsSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import fastifySwagger from '@fastify/swagger';
import fastifyWebsocket from '@fastify/websocket';
import fastify, { type FastifyInstance } from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { RESEARCH_USE } from '../contract/index.ts';
import { type Engine, VERSION } from '../runtime/index.ts';
import { guardRequests } from './access.ts';
import { addByteRoutes } from './bytes.ts';
import { addCdsHooks, type CdsHooksOptions } from './cds-hooks/index.ts';
import { answerErrors } from './errors.ts';
import { addEventRoute } from './events.ts';
import { addJsonRoutes } from './routes.ts';
import { createUploads } from './uploads.ts';

export interface ServerOptions {
  engine: Engine;
  /** secret that every request must carry */
  token: string;
  /** built web application; none is served when the folder is absent */
  webRoot?: string;
  /** where uploads wait until they are complete */
  uploadDir: string;
  /** hosts other than loopback names that the server answers to (DNS rebinding is refused) */
  hosts?: readonly string[];
  /** how record systems reach the CDS Hooks services; with the server's token when absent */
  cdsHooks?: CdsHooksOptions;
  logger?: boolean;
}

/** Largest JSON body · bytes. Uploads have their own limits. */
const MOST_JSON_BYTES = 8 * 1024 * 1024;

/** Builds the server; it does not listen yet, so that tests can inject requests. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const server = fastify({
    bodyLimit: MOST_JSON_BYTES,
    logger: options.logger
      ? {
          redact: ['req.headers.authorization', 'req.headers.cookie'],
          serializers: { req: (request) => ({ method: request.method, path: request.url.split('?')[0] }) },
        }
      : false,
    routerOptions: { maxParamLength: 256 },
  }).withTypeProvider<ZodTypeProvider>();
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  answerErrors(server);
  const { baseUrl } = options.cdsHooks ?? {};
  guardRequests(server, {
    ...options,
    hosts: [...(options.hosts ?? []), ...(baseUrl ? [new URL(baseUrl).hostname] : [])],
  });
  await server.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'msdt', version: VERSION, description: RESEARCH_USE },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: jsonSchemaTransform,
  });
  await server.register(fastifyWebsocket, { options: { maxPayload: 64 * 1024 } });
  const uploads = await createUploads(options.uploadDir);
  addJsonRoutes(server, options.engine, uploads);
  addByteRoutes(server, options.engine, uploads);
  addEventRoute(server, options.engine);
  addCdsHooks(server, options.engine, { ...options.cdsHooks, token: options.token });
  server.get('/api/openapi.json', { schema: { hide: true } }, async () => server.swagger());
  if (options.webRoot && existsSync(options.webRoot)) {
    await server.register(fastifyStatic, {
      root: options.webRoot,
      index: 'index.html',
      cacheControl: false,
      setHeaders(reply, path) {
        // names under assets carry a hash of their content; the page itself must never be stale
        reply.header(
          'cache-control',
          /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
  }
  return server as unknown as FastifyInstance;
}
