/**
 * A bundle of ours into a FHIR server, in one transaction: all of it or nothing. A server that takes only small transactions gets
 * several, what is referred to first.
 *
 * Every resource is created only where the server has none of the same identifier, so that writing twice writes once. Identifiers
 * come from what a resource says and whose it is, not from where it stands in the bundle.
 */

import { MsdtError } from '../../model/index.ts';
import { hashOf } from '../../twin/index.ts';
import { baseAddress } from './address.ts';
import { askServer, type FhirConnection, type FhirJson, outcomeText } from './request.ts';

/** What is written, and how. */
export interface WriteBundleOptions extends FhirConnection {
  /** bundle of type collection whose entries refer to each other by `fullUrl` */
  bundle: unknown;
  /** logical id of a Patient on the server to whom all of it belongs; a pseudonymous Patient is created when absent */
  patientId?: string;
}

/** What became of a bundle. */
export interface WriteBundleResult {
  /** resources that were new to the server */
  created: number;
  /** resources that it had already */
  existing: number;
  /** logical id of the patient on the server */
  patientId?: string;
  /** one where the server took the bundle as a whole */
  transactions: number;
  /** one line a resource, in the order of writing */
  entries: { resourceType: string; status: string; location?: string }[];
}

interface Entry {
  fullUrl: string;
  resource: FhirJson & { resourceType: string };
}

const RESOURCE_ID = 'urn:msdt:resource';
const TWIN_ID = 'urn:msdt:twin';
/** Types without `identifier`: told apart by a tag. */
const UNNAMED = new Set(['Provenance']);
const REFERENCE = /^urn:uuid:/;

/**
 * Writes a bundle.
 * @throws ArgumentError no address
 * @throws MsdtError `file.malformed` no bundle, or a reference that leads nowhere · what `askServer` throws
 */
export async function writeBundle(options: WriteBundleOptions): Promise<WriteBundleResult> {
  const base = baseAddress(options.baseUrl, options.token !== undefined);
  const connection = { ...options, baseUrl: base.href };
  const asked = inOrder(requestsOf(options.bundle, options.patientId));
  const places = new Map<string, string>();
  const entries: WriteBundleResult['entries'] = [];
  let transactions = 0;
  for (let size = asked.length; entries.length < asked.length; ) {
    const part = asked.slice(entries.length, entries.length + size);
    try {
      const written = await writePart(connection, part, places);
      transactions++;
      entries.push(...written);
      for (const [index, { location }] of written.entries()) if (location) places.set(part[index].fullUrl, location);
    } catch (error) {
      if (part.length === 1 || !isTooMany(error)) throw error;
      size = Math.ceil(part.length / 2);
    }
  }
  const created = entries.filter(({ status }) => status.startsWith('201')).length;
  const patient = entries.find(({ resourceType }) => resourceType === 'Patient')?.location;
  const patientId = options.patientId ?? patient?.slice('Patient/'.length);
  return {
    created,
    existing: entries.length - created,
    ...(patientId !== undefined && { patientId }),
    transactions,
    entries,
  };
}

/** An entry of a transaction. */
interface Request {
  fullUrl: string;
  resource: FhirJson;
  request: FhirJson;
}

/** One transaction; references to what earlier ones wrote go to its place on the server. */
async function writePart(
  connection: FhirConnection,
  part: readonly Request[],
  places: ReadonlyMap<string, string>,
): Promise<WriteBundleResult['entries']> {
  const here = new Set(part.map(({ fullUrl }) => fullUrl));
  const toPlace = (address: string): string => {
    const place = here.has(address) ? address : places.get(address);
    if (place) return place;
    throw new MsdtError('tool.failed', 'The FHIR server does not say where it put a resource', {
      where: { place: 'writing the bundle' },
      hint: 'Others refer to it: ask for a server that takes the bundle as one transaction.',
    });
  };
  const entry = part.map(({ resource, ...rest }) => ({ ...rest, resource: replaced(resource, toPlace) }));
  const body = { resourceType: 'Bundle', type: 'transaction', entry };
  const answer = await askServer(connection, {
    ...{ url: connection.baseUrl, method: 'POST', body },
    what: 'writing the bundle',
  });
  return resultOf(answer, part);
}

/** The server takes transactions, but none as large. */
function isTooMany(error: unknown): boolean {
  const { code, detail } = error as Partial<MsdtError>;
  if (code === 'file.too-large') return true;
  const refused = code === 'parameter.invalid' || code === 'tool.failed';
  return refused && /too (many|large|big)|maximum|exceed/i.test(detail ?? '');
}

/** What is referred to comes before what refers to it. */
function inOrder(requests: readonly Request[]): Request[] {
  const byUrl = new Map(requests.map((one) => [one.fullUrl, one]));
  const ordered = new Set<Request>();
  const entered = new Set<Request>();
  const visit = (one: Request): void => {
    if (entered.has(one)) return;
    entered.add(one);
    replaced(one.resource, (address) => {
      const target = byUrl.get(address);
      if (target) visit(target);
      return address;
    });
    ordered.add(one);
  };
  for (const one of requests) visit(one);
  return [...ordered];
}

/** The entries of the transaction that writes a bundle. */
function requestsOf(bundle: unknown, patientId?: string): Request[] {
  const entries = entriesOf(bundle);
  const byUrl = new Map(entries.map((entry) => [entry.fullUrl, entry]));
  const scope = patientId === undefined ? scopeOf(entries) : `Patient/${patientId}`;
  const keys = new Map<string, string>();
  const keyOf = (fullUrl: string): string => {
    const known = keys.get(fullUrl);
    if (known !== undefined) return known;
    const entry = byUrl.get(fullUrl);
    if (!entry) throw leadsNowhere(fullUrl);
    // a reference back would never end; the type stands for it
    keys.set(fullUrl, entry.resource.resourceType);
    const { id: _, meta: __, ...said } = entry.resource;
    const key = entry.resource.resourceType === 'Patient' ? scope : hashOf({ scope, said: replaced(said, keyOf) });
    keys.set(fullUrl, key);
    return key;
  };
  const toServer = (address: string): string => {
    const target = byUrl.get(address);
    if (!target) throw leadsNowhere(address);
    return patientId !== undefined && target.resource.resourceType === 'Patient' ? `Patient/${patientId}` : address;
  };
  return entries
    .filter(({ resource }) => patientId === undefined || resource.resourceType !== 'Patient')
    .map(({ fullUrl, resource }) => {
      const { id: _, ...said } = resource;
      const moved = replaced(said, toServer) as Entry['resource'];
      return { fullUrl, ...namedEntry(moved, keyOf(fullUrl)) };
    });
}

/** A resource with an identifier of its own, and the condition under which it is created. */
function namedEntry(resource: Entry['resource'], key: string): { resource: FhirJson; request: FhirJson } {
  const { resourceType, identifier, meta } = resource;
  const request = (ifNoneExist: string) => ({ method: 'POST', url: resourceType, ifNoneExist });
  if (resourceType === 'Patient') {
    const known = listOf(identifier).find(({ system }) => system === TWIN_ID);
    if (known) return { resource, request: request(`identifier=${TWIN_ID}|${String(known.value)}`) };
  }
  if (UNNAMED.has(resourceType)) {
    const tags = listOf((meta as FhirJson | undefined)?.tag);
    const tagged = { ...(meta as FhirJson | undefined), tag: [...tags, { system: RESOURCE_ID, code: key }] };
    return { resource: { ...resource, meta: tagged }, request: request(`_tag=${RESOURCE_ID}|${key}`) };
  }
  const named = [...listOf(identifier), { system: RESOURCE_ID, value: key }];
  return { resource: { ...resource, identifier: named }, request: request(`identifier=${RESOURCE_ID}|${key}`) };
}

/** The same JSON with every reference inside the bundle put through `change`. */
function replaced(value: unknown, change: (address: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => replaced(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === 'reference' && typeof one === 'string' && REFERENCE.test(one) ? change(one) : replaced(one, change),
    ]),
  );
}

/** Whose bundle it is: equal words about two people must not become one resource. */
function scopeOf(entries: readonly Entry[]): string {
  const patient = entries.find(({ resource }) => resource.resourceType === 'Patient');
  const twin = listOf(patient?.resource.identifier).find(({ system }) => system === TWIN_ID)?.value;
  if (typeof twin === 'string') return twin;
  throw new MsdtError('input.missing', 'The bundle does not say whose it is', {
    where: { place: 'Patient.identifier' },
    detail: `a Patient with an identifier of ${TWIN_ID} is needed`,
    hint: 'Name the patient of the server to whom it belongs, or write the bundle of a twin.',
  });
}

function entriesOf(bundle: unknown): Entry[] {
  const { resourceType, entry } = (bundle ?? {}) as FhirJson;
  const list = resourceType === 'Bundle' && Array.isArray(entry) ? (entry as FhirJson[]) : undefined;
  const entries = list?.map(({ fullUrl, resource }) => ({ fullUrl, resource }));
  const sound = entries?.every(
    ({ fullUrl, resource }) =>
      typeof fullUrl === 'string' && typeof (resource as FhirJson | undefined)?.resourceType === 'string',
  );
  if (entries?.length && sound) return entries as Entry[];
  throw new MsdtError('file.malformed', 'This is no bundle that can be written', {
    where: { place: 'Bundle.entry' },
    detail: 'every entry needs a fullUrl and a resource',
    hint: 'Write what `msdt export --format fhir` makes.',
  });
}

function resultOf(answer: FhirJson, asked: readonly Request[]): WriteBundleResult['entries'] {
  const outcome = outcomeText(answer);
  const given = listOf(answer.entry);
  if (answer.resourceType !== 'Bundle' || given.length !== asked.length)
    throw new MsdtError('tool.failed', 'The FHIR server does not say what became of the bundle', {
      where: { place: 'writing the bundle' },
      detail: outcome || `${given.length} answers for ${asked.length} resources`,
      hint: 'Write it again: what is there already is not written twice.',
    });
  const entries = given.map((one, index) => {
    const { status, location } = (one.response ?? {}) as FhirJson;
    const place = /([A-Z]\w+\/[A-Za-z0-9.-]+)(?:\/_history\/[^/]+)?$/.exec(String(location ?? ''))?.[1];
    return {
      resourceType: String(asked[index].resource.resourceType),
      status: String(status ?? ''),
      ...(place !== undefined && { location: place }),
    };
  });
  const refused = entries.find(({ status }) => !/^2\d\d/.test(status));
  if (refused)
    throw new MsdtError('tool.failed', `The FHIR server refuses a ${refused.resourceType}`, {
      where: { place: `writing the bundle: ${refused.resourceType}` },
      detail: refused.status || 'no status',
      hint: 'It did not take the bundle as one transaction: what it took is there, and writing again adds the rest.',
    });
  return entries;
}

function listOf(value: unknown): FhirJson[] {
  return Array.isArray(value) ? (value as FhirJson[]) : [];
}

function leadsNowhere(address: string): MsdtError {
  return new MsdtError('file.malformed', 'A reference of the bundle leads nowhere', {
    where: { place: address },
    hint: 'Write what `msdt export --format fhir` makes.',
  });
}
