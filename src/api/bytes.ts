/** Routes that move bytes: chunks in; blobs, exports and feature tables out. */

import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { BYTE_PATHS } from '../contract/index.ts';
import { PATIENT_GRAPH_FORMATS, patientGraphFile } from '../formats/index.ts';
import { featureId, MsdtError, type WrittenFile } from '../model/index.ts';
import { type Engine, exportArtifact, featuresCsv, twinBundle } from '../runtime/index.ts';
import type { Uploads } from './uploads.ts';

const SHA256 = /^[0-9a-f]{64}$/;
const IMMUTABLE = 'private, max-age=31536000, immutable';

/** Adds the byte routes. */
export function addByteRoutes(
  server: FastifyInstance<never, never, never, never, never> | FastifyInstance,
  engine: Engine,
  uploads: Uploads,
): void {
  const app = server as FastifyInstance;
  const hidden = { schema: { hide: true } };

  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
  app.put(BYTE_PATHS.uploadChunk, { ...hidden, bodyLimit: 64 * 1024 * 1024 }, async (request) => {
    const { upload, index } = request.params as { upload: string; index: string };
    const offset = Number((request.query as { offset?: string }).offset ?? 0);
    const file = await uploads.write(upload, Number(index), offset, request.body as AsyncIterable<Uint8Array>);
    return { received: file.received };
  });

  app.get(BYTE_PATHS.blob, hidden, async (request, reply) => {
    const { sha256 } = request.params as { sha256: string };
    const { name = '', type } = request.query as { name?: string; type?: string };
    if (!SHA256.test(sha256))
      throw new MsdtError('store.not-found', 'A blob is named by 64 hexadecimal digits', {
        hint: 'Take the name from an artifact.',
      });
    const size = await engine.store.blobs.size(sha256);
    if (size === undefined)
      throw new MsdtError('store.not-found', 'This blob is not in the store', { hint: 'Reload the twin.' });
    return sendRange(reply, {
      size,
      range: request.headers.range,
      etag: sha256,
      name,
      type,
      open: (start, end) => engine.store.blobs.stream(sha256, { start, end }),
    });
  });

  app.get(BYTE_PATHS.exportArtifact, hidden, async (request, reply) => {
    const { artifact } = request.params as { artifact: string };
    const { format = '' } = request.query as { format?: string };
    const found = await engine.store.twins.findArtifact(artifact);
    return sendFile(reply, await exportArtifact(engine, found.artifact, format));
  });

  for (const format of PATIENT_GRAPH_FORMATS)
    app.get(BYTE_PATHS[format], hidden, async (request, reply) => {
      const { assessment } = await engine.inference.get((request.params as { twin: string }).twin);
      return sendFile(reply, patientGraphFile(assessment.graph, format));
    });

  app.get(BYTE_PATHS.fhirBundle, hidden, async (request, reply) => {
    const state = await engine.store.twins.current((request.params as { twin: string }).twin);
    return sendFile(reply, await twinBundle(engine, state));
  });

  app.get(BYTE_PATHS.featuresCsv, hidden, async (request, reply) => {
    const state = await engine.store.twins.current((request.params as { twin: string }).twin);
    const csv = featuresCsv(state.features.map((feature) => ({ ...feature, id: featureId(feature) })));
    return reply.header('content-disposition', attachment('features.csv')).type('text/csv; charset=utf-8').send(csv);
  });

  app.get(BYTE_PATHS.featuresJson, hidden, async (request, reply) => {
    const state = await engine.store.twins.current((request.params as { twin: string }).twin);
    return reply
      .header('content-disposition', attachment('features.json'))
      .send({ twin: state.twin, snapshot: state.snapshot?.id, features: state.features });
  });
}

function sendFile(reply: FastifyReply, { name, bytes, mediaType }: WrittenFile): FastifyReply {
  return reply
    .header('content-disposition', attachment(name))
    .type(mediaType)
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

interface RangeAnswer {
  size: number;
  range?: string;
  etag: string;
  name: string;
  type?: string;
  open(start: number, end: number): AsyncIterable<Uint8Array>;
}

/** Answers with the whole or one range of bytes. */
function sendRange(reply: FastifyReply, answer: RangeAnswer): FastifyReply {
  const { size } = answer;
  reply.headers({ 'accept-ranges': 'bytes', etag: `"${answer.etag}"`, 'cache-control': IMMUTABLE });
  if (answer.name) reply.header('content-disposition', attachment(answer.name));
  reply.type(
    /^[\w.+-]+\/[\w.+-]+$/.test(answer.type ?? '') && !/html|xml|script/.test(answer.type as string)
      ? (answer.type as string)
      : 'application/octet-stream',
  );
  const match = /^bytes=(\d*)-(\d*)$/.exec(answer.range ?? '');
  if (!answer.range) return reply.header('content-length', size).send(Readable.from(answer.open(0, size)));
  const start = match?.[1] ? Number(match[1]) : Math.max(0, size - Number(match?.[2] || 0));
  const end = match?.[1] && match[2] ? Math.min(size, Number(match[2]) + 1) : size;
  if (!match || start >= end) return reply.status(416).header('content-range', `bytes */${size}`).send();
  return reply
    .status(206)
    .headers({ 'content-range': `bytes ${start}-${end - 1}/${size}`, 'content-length': end - start })
    .send(Readable.from(answer.open(start, end)));
}

function attachment(name: string): string {
  const plain = name.replace(/[^\w.-]+/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`;
}
