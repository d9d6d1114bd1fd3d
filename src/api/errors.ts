/** Every error leaves as the same record: what happened, to which file, what to do. */

import type { FastifyInstance } from 'fastify';
import { ERROR_CODES, type ErrorCode, isMsdtError, toErrorRecord } from '../model/index.ts';

/** Installs the error and not-found handlers. */
export function answerErrors(server: FastifyInstance<never, never, never, never, never> | FastifyInstance): void {
  const app = server as FastifyInstance;
  app.setErrorHandler(async (error: unknown, request, reply) => {
    if (isMsdtError(error)) return reply.status(ERROR_CODES[error.code].http).send({ error: toErrorRecord(error) });
    const { validation, statusCode, message, tag } = error as {
      validation?: unknown;
      statusCode?: number;
      message: string;
      tag?: string;
    };
    if (validation || tag === 'ArgumentError' || (statusCode !== undefined && statusCode < 500)) {
      const status = validation || tag === 'ArgumentError' ? 400 : (statusCode as number);
      return reply
        .status(status)
        .send({ error: record('parameter.invalid', message, 'Compare the request with /api/openapi.json.') });
    }
    request.log.error(error);
    const defect = toErrorRecord(error);
    return reply.status(500).send({ error: { ...defect, detail: '' } });
  });
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?')[0];
    return reply.status(404).send({
      error: record('store.not-found', `There is nothing at ${path}`, 'The routes are listed in /api/openapi.json.'),
    });
  });
}

function record(code: ErrorCode, message: string, hint: string) {
  return { code, message, where: {}, detail: '', hint };
}
