/** The typed client: one call per row of the contract's route table, replies checked against their schema. */

import type { z } from 'zod';
import { BYTE_PATHS, errorRecord, ROUTES, type WireError } from '../../contract/index.ts';
import { messageOf } from '../../model/index.ts';
import type { BlobReader } from '../kit/blobs.ts';

const TOKEN_KEY = 'msdt.token';

/** Takes the token out of the address (`/#token=…`), keeps it for this tab, and cleans the address. */
export function takeToken(): void {
  const found = /(?:^#|&)token=([^&]+)/.exec(location.hash);
  if (!found) return;
  sessionStorage.setItem(TOKEN_KEY, decodeURIComponent(found[1]));
  history.replaceState(history.state, '', location.pathname + location.search);
}

function token(): string | null {
  return sessionStorage.getItem(TOKEN_KEY);
}

function authorisation(): Record<string, string> {
  const held = token();
  return held ? { authorization: `Bearer ${held}` } : {};
}

/** An answer that says no, with the record that the screen shows. */
export class ApiError extends Error {
  readonly record: WireError;
  readonly status: number;

  constructor(record: WireError, status: number) {
    super(record.message);
    this.name = 'ApiError';
    this.record = record;
    this.status = status;
  }
}

/** The record of anything thrown, for the error note. */
export function recordOf(error: unknown): WireError {
  if (error instanceof ApiError) return error.record;
  const message = messageOf(error);
  return {
    code: 'page.failed',
    message,
    where: {},
    detail: error instanceof Error ? (error.stack ?? '') : '',
    hint: '',
  };
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

async function send(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers: { ...authorisation(), ...init.headers } });
  } catch (cause) {
    if (isAbort(cause)) throw cause;
    const hint = 'Check that `npm start` is still running, then try again.';
    throw new ApiError(
      { code: 'server.unreachable', message: 'The server does not answer', where: {}, detail: String(cause), hint },
      0,
    );
  }
  if (!response.ok) throw await refusal(response, path);
  return response;
}

async function refusal(response: Response, path: string): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  try {
    const body: unknown = JSON.parse(text);
    const inner = (body as { error?: unknown }).error;
    const parsed = errorRecord.safeParse(typeof inner === 'object' && inner ? inner : body);
    if (parsed.success) return new ApiError(parsed.data, response.status);
  } catch {
    // not JSON: the plain record below says what is known
  }
  const hint = response.status === 401 ? 'Open the address that the server printed when it started.' : '';
  const message = response.status === 401 ? 'This page has no valid token' : `The server answered ${response.status}`;
  return new ApiError(
    { code: `http.${response.status}`, message, where: { place: path }, detail: text.slice(0, 2000), hint },
    response.status,
  );
}

type Routes = typeof ROUTES;
type RouteName = keyof Routes;
type Input<R> = (R extends { params: infer P extends z.ZodType } ? { params: z.input<P> } : unknown) &
  (R extends { query: infer Q extends z.ZodType } ? { query?: z.input<Q> } : unknown) &
  (R extends { body: infer B extends z.ZodType } ? { body: z.input<B> } : unknown);
type Reply<R> = R extends { reply: infer P extends z.ZodType } ? z.output<P> : never;

/** Calls a route by its name. */
export async function call<N extends RouteName>(
  name: N,
  input: Input<Routes[N]>,
  signal?: AbortSignal,
): Promise<Reply<Routes[N]>> {
  const route = ROUTES[name];
  const { params, query, body } = input as {
    params?: Record<string, string>;
    query?: Record<string, string | undefined>;
    body?: unknown;
  };
  const path = fillPath(route.path, params ?? {}) + queryText(query ?? {});
  const init: RequestInit = { method: route.method, signal };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { 'content-type': 'application/json' };
  }
  const response = await send(path, init);
  const json: unknown = await response.json();
  const parsed = route.reply.safeParse(json);
  if (!parsed.success) {
    const hint = 'The page and the server are of different versions: reload the page.';
    const record = {
      code: 'reply.unexpected',
      message: `Unexpected reply to ${route.summary}`,
      where: { place: path },
      detail: parsed.error.message,
      hint,
    };
    throw new ApiError(record, response.status);
  }
  return parsed.data as Reply<Routes[N]>;
}

export function fillPath(path: string, params: Record<string, string | number>): string {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

function queryText(query: Record<string, string | undefined>): string {
  const given = Object.entries(query).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '',
  );
  return given.length > 0 ? `?${new URLSearchParams(given)}` : '';
}

/** Bytes of blobs, whole or by range. */
export const blobReader: BlobReader = {
  async bytes(sha256, range, signal) {
    const headers: Record<string, string> = range ? { range: `bytes=${range.start}-${range.end - 1}` } : {};
    const response = await send(fillPath(BYTE_PATHS.blob, { sha256 }), { headers, signal });
    const buffer = await response.arrayBuffer();
    // a server without ranges sends the whole file
    return range && response.status === 200 && buffer.byteLength > range.end - range.start
      ? buffer.slice(range.start, range.end)
      : buffer;
  },
  async json(sha256, signal) {
    const response = await send(fillPath(BYTE_PATHS.blob, { sha256 }), { signal });
    return response.json();
  },
};

/** Sends one chunk of an upload; tells the bytes that have left while it is under way. */
export function sendChunk(
  upload: string,
  index: number,
  offset: number,
  chunk: Blob,
  signal: AbortSignal,
  onSent: (bytes: number) => void,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', `${fillPath(BYTE_PATHS.uploadChunk, { upload, index })}?offset=${offset}`);
    for (const [name, value] of Object.entries(authorisation())) request.setRequestHeader(name, value);
    request.setRequestHeader('content-type', 'application/octet-stream');
    const abort = (): void => request.abort();
    signal.addEventListener('abort', abort, { once: true });
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'));
    request.onerror = () =>
      reject(
        new ApiError(
          { code: 'server.unreachable', message: 'The connection broke', where: {}, detail: '', hint: '' },
          0,
        ),
      );
    request.onloadend = () => signal.removeEventListener('abort', abort);
    request.onload = async () => {
      if (request.status >= 200 && request.status < 300) {
        const body = JSON.parse(request.responseText) as { received: number };
        resolve(body.received);
      } else reject(await refusal(new Response(request.responseText, { status: request.status }), 'upload'));
    };
    request.send(chunk);
  });
}

/** Fetches a file that the server makes (an export) with the name it gives. */
export async function fetchFile(path: string): Promise<{ blob: Blob; name: string | undefined }> {
  const response = await send(path, {});
  const name = /filename="?([^";]+)"?/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  return { blob: await response.blob(), name };
}

/** Address of the event stream; a browser's WebSocket carries no header, so the token rides in the query. */
export function eventsUrl(): string {
  const url = new URL(BYTE_PATHS.events, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const held = token();
  if (held) url.searchParams.set('token', held);
  return url.href;
}
