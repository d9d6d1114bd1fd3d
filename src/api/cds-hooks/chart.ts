/** What a record system sent, as a clinical record of the one patient in question. Nothing of it is kept. */

import { fhir } from '../../formats/index.ts';
import { type ClinicalRecord, MsdtError } from '../../model/index.ts';
import { fileInMemory } from '../../runtime/index.ts';
import type { HookRequest } from './schemas.ts';
import { NEEDED_KEYS } from './services.ts';

type Resource = { resourceType: string; [key: string]: unknown };

/** The patient as the request tells of it. */
export interface Chart {
  record: ClinicalRecord;
  /** ids of the facts that are the orders in question */
  drafts: ReadonlySet<string>;
  /** keys that were asked for and not sent, or sent as an error */
  unsent: readonly string[];
  /** keys of which more pages exist than were sent */
  cut: readonly string[];
  /** resources of other people, which were left out */
  strangers: number;
  /** the patient's number in this program, where the patient carries it */
  twin?: string;
}

/** Fields that say whose a resource is. */
const SUBJECTS = ['subject', 'patient'] as const;

/**
 * Reads prefetch, and draft orders where wanted.
 * @param asked - keys of the service
 * @param options - `at`: ISO 8601, the moment of the call, at which the record is as it was sent
 * @throws MsdtError `input.missing` a key is absent without which nothing can be said
 */
export async function readChart(
  request: HookRequest,
  asked: readonly string[],
  options: { drafts: boolean; at: string },
): Promise<Chart> {
  const prefetch = request.prefetch ?? {};
  const failed = asked.filter((key) => prefetch[key]?.resourceType === 'OperationOutcome');
  const unsent = asked.filter((key) => prefetch[key] === undefined || failed.includes(key));
  const needed = NEEDED_KEYS.filter((key) => unsent.includes(key) || (key === 'patient' && !prefetch[key]));
  if (needed.length)
    throw new MsdtError('input.missing', `The request lacks the prefetch ${needed.join(' and ')}`, {
      where: { place: needed.map((key) => `prefetch.${key}`).join() },
      detail: 'this service does not call the FHIR server back',
      hint: 'Send the prefetch templates of GET /cds-services.',
    });
  const sent = asked.flatMap((key) => {
    const value = prefetch[key];
    return value && !failed.includes(key) ? resourcesOf(value) : [];
  });
  const { patientId } = request.context;
  const people = sent.map((one) => (one.resourceType === 'Patient' && !one.id ? { ...one, id: patientId } : one));
  const own = people.filter((one) => isOf(one, patientId));
  const selected = options.drafts ? draftsOf(request).filter((one) => isOf(one, patientId)) : [];
  // an order that is being written is of now
  const drafts = selected.map((one) => (one.authoredOn ? one : { ...one, authoredOn: options.at }));
  const record = await recordOf([...own, visitOf(patientId, options.at), ...drafts]);
  const places = new Set(drafts.map((_, index) => `entry[${own.length + 1 + index}]`));
  return {
    record,
    drafts: new Set(record.facts.filter(({ place }) => places.has(place)).map(({ id }) => id)),
    unsent,
    cut: asked.filter((key) => hasMore(prefetch[key])),
    strangers: people.length - own.length,
    twin: twinOf(own),
  };
}

/** The orders in question: the selected ones of `order-select`, all of `order-sign`. */
function draftsOf(request: HookRequest): Resource[] {
  if (request.hook === 'patient-view') return [];
  const drafts = resourcesOf(request.context.draftOrders);
  if (request.hook === 'order-sign') return drafts;
  const { selections } = request.context;
  return drafts.filter((one) => selections.some((text) => text === `${one.resourceType}/${one.id}` || text === one.id));
}

/** The call itself: what is active in the record is active now. */
function visitOf(patientId: string, at: string): Resource {
  return {
    resourceType: 'Encounter',
    id: 'cds-hooks-call',
    status: 'in-progress',
    subject: { reference: `Patient/${patientId}` },
    period: { start: at },
  };
}

function resourcesOf(value: Resource): Resource[] {
  if (value.resourceType !== 'Bundle') return [value];
  const entries = Array.isArray(value.entry) ? (value.entry as { resource?: Resource }[]) : [];
  return entries.flatMap(({ resource }) => (resource ? [resource] : []));
}

/** True for the patient, for what names the patient, and for what names nobody. */
function isOf(resource: Resource, patientId: string): boolean {
  if (resource.resourceType === 'Patient') return resource.id === patientId;
  const reference = SUBJECTS.map((field) => (resource[field] as { reference?: unknown } | undefined)?.reference).find(
    (text) => typeof text === 'string',
  ) as string | undefined;
  if (reference === undefined) return true;
  return reference.replace(/\/_history\/.*$/, '').endsWith(`Patient/${patientId}`);
}

async function recordOf(resources: readonly Resource[]): Promise<ClinicalRecord> {
  const bundle = { resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) };
  const file = fileInMemory('prefetch.fhir.json', new TextEncoder().encode(JSON.stringify(bundle)));
  const { items, errors } = await fhir.read([file]);
  if (errors.length) throw errors[0].error;
  const records = items.map(({ artifacts }) => artifacts[0].payload as ClinicalRecord);
  const [most] = records.sort((a, b) => b.facts.length - a.facts.length);
  return most ?? { person: {}, facts: [], skipped: [], withheld: [], synthetic: false };
}

function hasMore(value: Resource | null | undefined): boolean {
  const links = Array.isArray(value?.link) ? (value.link as { relation?: unknown }[]) : [];
  return links.some(({ relation }) => relation === 'next');
}

function twinOf(resources: readonly Resource[]): string | undefined {
  const patient = resources.find(({ resourceType }) => resourceType === 'Patient');
  const identifiers = Array.isArray(patient?.identifier) ? (patient.identifier as Record<string, unknown>[]) : [];
  const found = identifiers.find(({ system }) => system === 'urn:msdt:twin')?.value;
  return typeof found === 'string' ? found : undefined;
}
