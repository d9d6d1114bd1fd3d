/** Who may ask: token, host name, and headers that keep the page to itself. */

import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MsdtError } from '../model/index.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/** Open without a token: the page itself and the health check. Everything else under /api is closed. */
const OPEN_PATHS = new Set(['/api/health']);

export interface AccessOptions {
  token: string;
  hosts?: readonly string[];
}

/** Installs the checks and the security headers on every request. */
export function guardRequests(
  server: FastifyInstance<never, never, never, never, never> | FastifyInstance,
  options: AccessOptions,
): void {
  const hosts = new Set([...LOOPBACK, ...(options.hosts ?? [])]);
  const app = server as FastifyInstance;
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy':
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    const host = hostName(request.headers.host ?? '');
    if (!hosts.has(host))
      throw new MsdtError('access.denied', `This server does not answer to the name "${host}"`, {
        hint: 'Open it by the address it printed, or start it with --host.',
      });
    const path = request.url.split('?')[0];
    if (!path.startsWith('/api/') || OPEN_PATHS.has(path)) return;
    if (!sameSecret(tokenOf(request), options.token)) {
      throw new MsdtError('access.denied', 'The access token is missing or wrong', {
        hint: 'Open the address that the server printed when it started; it carries the token.',
      });
    }
  });
}

function hostName(header: string): string {
  return header.startsWith('[') ? header.slice(0, header.indexOf(']') + 1) : header.split(':')[0];
}

function tokenOf(request: FastifyRequest): string {
  const bearer = bearerOf(request);
  if (bearer) return bearer;
  const query = (request.query as Record<string, unknown> | undefined)?.token;
  return typeof query === 'string' ? query : '';
}

/** The bearer token of a request's header; empty when there is none. */
export function bearerOf(request: FastifyRequest): string {
  const header = request.headers.authorization;
  return header?.startsWith('Bearer ') ? header.slice(7) : '';
}

/** Compares in a time that does not tell how much is right. */
export function sameSecret(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
