/**
 * One request to a FHIR server: asked again with growing pauses while it is busy, cancelled at once, and refused in words.
 *
 * Neither the token nor the address of a resource ever enters a message: an address names the patient.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { ERROR_CODES, type ErrorCode, MsdtError } from '../../model/index.ts';

/** How a server is reached. */
export interface FhirConnection {
  /** `https://server/fhir` */
  baseUrl: string;
  /** bearer token */
  token?: string;
  signal?: AbortSignal;
  /** tries in all; 6 by default */
  tries?: number;
  /** first pause, doubled each time; 500 by default · ms */
  pauseMs?: number;
  /** longest wait for one answer; 120 000 by default · ms */
  timeoutMs?: number;
}

/** What is asked. */
export interface FhirRequest {
  url: string;
  method?: 'GET' | 'POST';
  body?: unknown;
  /** what it is, in words without the patient: `searching Observation` */
  what: string;
}

/** JSON of an answer. */
export type FhirJson = { [key: string]: unknown };

const MEDIA_TYPE = 'application/fhir+json';
const LONGEST_PAUSE_MS = 60_000;
/** Largest answer · bytes */
const MOST_BYTES = 512 * 1024 * 1024;
/** Answers that ask to come again */
const BUSY = new Set([429, 502, 503, 504]);

/**
 * The JSON of an answer.
 * @throws MsdtError `access.denied`, `store.not-found`, `store.conflict`, `store.unavailable`, `parameter.invalid`,
 *   `tool.failed` with what the server says; `file.malformed` its answer is no JSON · the abort reason
 */
export async function askServer(connection: FhirConnection, request: FhirRequest): Promise<FhirJson> {
  const { tries = 6, pauseMs = 500, signal } = connection;
  for (let turn = 1; ; turn++) {
    signal?.throwIfAborted();
    const answer = await attempt(connection, request);
    if ('json' in answer) return answer.json;
    if (!answer.again || turn >= tries) throw answer.error;
    const wait = Math.min(LONGEST_PAUSE_MS, answer.afterMs ?? pauseMs * 2 ** (turn - 1));
    await pause(wait, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

type Answer = { json: FhirJson } | { error: MsdtError; again: boolean; afterMs?: number };

async function attempt(connection: FhirConnection, { url, method = 'GET', body, what }: FhirRequest): Promise<Answer> {
  const { token, signal, timeoutMs = 120_000 } = connection;
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method,
      headers: {
        accept: MEDIA_TYPE,
        ...(body !== undefined && { 'content-type': MEDIA_TYPE }),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    const text = await textOf(response, what);
    if (response.ok) return { json: parseAnswer(text, what) };
    return {
      error: refusal(response, text, what),
      again: BUSY.has(response.status),
      afterMs: retryAfter(response.headers.get('retry-after')),
    };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof MsdtError) return { error, again: false };
    return { error: unreachable(error, what, limit.aborted ? timeoutMs : undefined), again: true };
  }
}

async function textOf(response: Response, what: string): Promise<string> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of response.body ?? []) {
    total += part.length;
    if (total > MOST_BYTES)
      throw new MsdtError('file.too-large', `The answer to ${what} does not end`, {
        detail: `more than ${MOST_BYTES / 1024 / 1024} MiB`,
        hint: 'Ask the server for smaller pages.',
      });
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parseAnswer(text: string, what: string): FhirJson {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as FhirJson;
  } catch {
    // told below
  }
  throw new MsdtError('file.malformed', `The answer to ${what} is no FHIR in JSON`, {
    detail: text.trimStart().startsWith('<') ? 'it is a page or XML' : 'it does not parse',
    hint: 'Check the address: it is the base of the FHIR API (…/fhir, …/r4), not of a web page.',
  });
}

/** Pause that the server asks for · ms. */
function retryAfter(header: string | null): number | undefined {
  if (!header) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? 1000 * seconds : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

const BY_STATUS: ReadonlyMap<number, { code: ErrorCode; hint: string }> = new Map([
  [400, { code: 'parameter.invalid', hint: 'The server does not take this request; what it says is above.' }],
  [401, { code: 'access.denied', hint: 'Give a token that is valid now.' }],
  [403, { code: 'access.denied', hint: 'Ask for a token whose scopes allow this.' }],
  [404, { code: 'store.not-found', hint: 'Check the address of the server and the number of the patient.' }],
  [405, { code: 'tool.failed', hint: 'The server does not offer this.' }],
  [409, { code: 'store.conflict', hint: 'Somebody else changed it meanwhile: try again.' }],
  [410, { code: 'store.not-found', hint: 'It was deleted on the server.' }],
  [412, { code: 'store.conflict', hint: 'The server holds several that fit one identifier: have them merged there.' }],
  [413, { code: 'file.too-large', hint: 'The server takes no bundle of this size: write less at once.' }],
  [422, { code: 'tool.failed', hint: 'The server holds it against profiles of its own; what it says is above.' }],
]);

function refusal(response: Response, text: string, what: string): MsdtError {
  const { status } = response;
  const busy = BUSY.has(status) || status >= 500;
  const fallback = busy
    ? { code: 'store.unavailable' as const, hint: 'The server is busy or broken: try again later.' }
    : { code: 'tool.failed' as const, hint: 'Check the address of the server.' };
  const { code, hint } = BY_STATUS.get(status) ?? fallback;
  const said = saidIn(text);
  const moved = status >= 300 && status < 400 ? 'it sends elsewhere, which is not followed' : '';
  return new MsdtError(code, `The FHIR server refuses ${what} (HTTP ${status})`, {
    where: { place: what },
    detail: [said, moved].filter(Boolean).join('; ') || `an answer of type ${response.headers.get('content-type')}`,
    hint,
  });
}

/** What an OperationOutcome says, without addresses of resources. */
function saidIn(text: string): string {
  try {
    return outcomeText(JSON.parse(text));
  } catch {
    return '';
  }
}

/** The issues of an OperationOutcome as one text; empty for anything else. */
export function outcomeText(outcome: unknown): string {
  const { resourceType, issue } = (outcome ?? {}) as { resourceType?: unknown; issue?: unknown };
  if (resourceType !== 'OperationOutcome' || !Array.isArray(issue)) return '';
  const said = issue.map((one: FhirJson | null) => {
    const { severity, code, diagnostics, details, expression } = one ?? {};
    const text = (details as FhirJson | undefined)?.text ?? diagnostics;
    const place = Array.isArray(expression) ? expression.join() : undefined;
    return [severity, code, typeof text === 'string' ? text : undefined, place].filter(Boolean).join(' · ');
  });
  return withoutNames([...new Set(said)].join('; ')).slice(0, 1000);
}

/** Addresses and numbers of patients do not go into messages. */
function withoutNames(text: string): string {
  return text.replace(/\bPatient[/?][^\s"',;)]+/g, 'Patient/…').replace(/https?:\/\/[^\s"',;)]+/g, '(address)');
}

function unreachable(error: unknown, what: string, timeoutMs: number | undefined): MsdtError {
  const { cause } = error as { cause?: { code?: string } };
  const detail =
    timeoutMs === undefined ? (cause?.code ?? 'the connection broke') : `no answer in ${timeoutMs / 1000} s`;
  return new MsdtError('store.unavailable', `The FHIR server cannot be reached for ${what}`, {
    where: { place: what },
    detail,
    hint: 'Check address, network and certificate; then try again.',
  });
}

/** Codes after which an operation may be tried in another way: the server does not know it. */
export function isUnsupported(error: unknown): boolean {
  const { code, message } = error as Partial<MsdtError>;
  if (!code || !(code in ERROR_CODES)) return false;
  return /\(HTTP (400|404|405|501)\)/.test(message ?? '');
}
