/** The resources of a file, sorted out by person: every one becomes a fact or a line that says why not. */

import { type ClinicalRecord, FACT_KINDS, type FactKind, type LeftOut } from '../../model/index.ts';
import { R4_TYPES } from '../json/index.ts';
import { type FactContext, type FactDraft, factOf } from './fact.ts';
import { type Identities, identitiesOf, isMadeUp, personOf } from './identity.ts';
import { type Json, objectOf, objectsOf, textOf } from './json-value.ts';
import { type Mapping, mappingOf, skipReason } from './mapping.ts';
import type { Found, Pool } from './pool.ts';

/** Fields of a patient that go on, or say nothing of the person. */
const PATIENT_FIELDS = new Set(['resourceType', 'id', 'meta', 'gender', 'language', 'deceasedBoolean']);

/** What of a patient goes on in part. */
const IN_PART: Readonly<Record<string, string>> = {
  birthDate: 'only the year goes on',
  deceasedDateTime: 'only that it is so goes on',
};

/** Counts by sort and reason. */
class Tally {
  private readonly counts = new Map<string, LeftOut>();

  add(what: string, reason: string, count = 1): void {
    const key = `${what}\n${reason}`;
    const known = this.counts.get(key);
    if (known) known.count += count;
    else this.counts.set(key, { what, reason, count });
  }

  /** most first, then by name */
  list(): LeftOut[] {
    return [...this.counts.values()].sort((a, b) => b.count - a.count || (a.what < b.what ? -1 : 1));
  }
}

interface Person {
  patient?: Json;
  facts: Found[];
  skipped: Tally;
  withheld: Tally;
  /** facts that name no patient, taken for this one's */
  assumed: number;
}

/** A record, and how many of its facts named no patient. */
export interface PersonRecord {
  record: ClinicalRecord;
  assumed: number;
}

/**
 * Sorts resources out by person. What belongs to nobody (organisations, entries without a resource) is told of in the first
 * record, so that all records together make up the whole source.
 */
export function recordsOf(pool: Pool): PersonRecord[] {
  const all = pool.found;
  const index = new Index(all);
  const common = new Tally();
  const people = new Map<string, Person>();
  const person = (key: string): Person => {
    const known = people.get(key);
    if (known) return known;
    const fresh = { facts: [], skipped: new Tally(), withheld: new Tally(), assumed: 0 };
    people.set(key, fresh);
    return fresh;
  };
  if (pool.empty) common.add('Bundle.entry', 'holds no resource', pool.empty);
  const current = all.filter((found) => {
    const last = index.isCurrent(found);
    if (!last) common.add(typeOf(found.resource), 'an older version of one that is here');
    return last;
  });
  for (const found of current)
    if (typeOf(found.resource) === 'Patient') person(index.keyOf(found)).patient = found.resource;
  for (const found of current) {
    const type = typeOf(found.resource);
    if (type === 'Patient') continue;
    const mapping = mappingOf(type);
    if (isOwnProposal(found.resource)) {
      common.add(type, 'proposed by this program, and nobody has taken it up');
      continue;
    }
    if (!mapping) {
      common.add(type, skipReason(type) ?? (R4_TYPES.has(type) ? 'the record has no place for it' : 'no type of R4'));
      continue;
    }
    const subject = found.resource[mapping.subject];
    const key = index.personKey(subject) ?? (people.size === 1 ? [...people.keys()][0] : undefined);
    if (key === undefined && people.size > 1) common.add(type, 'names no patient, and there are several');
    else {
      const owner = person(key ?? '');
      owner.facts.push(found);
      if (index.personKey(subject) === undefined) owner.assumed++;
    }
  }
  const identities = identitiesOf(all.map(({ resource }) => resource));
  if (people.size === 0) person('');
  const records = [...people.values()].map((one) => ({
    record: recordOf(one, index, identities),
    assumed: one.assumed,
  }));
  records[0].record.skipped.push(...common.list());
  return records;
}

function recordOf(person: Person, index: Index, identities: Identities): ClinicalRecord {
  const { patient, facts, skipped, withheld } = person;
  for (const field of Object.keys(patient ?? {}))
    if (!PATIENT_FIELDS.has(field) && !(field === 'birthDate' && String(patient?.birthDate).length === 4))
      withheld.add(`Patient.${field}`, IN_PART[field] ?? 'may identify a person');
  const ids = namesOf(facts);
  const drafts: { draft: FactDraft; found: Found }[] = [];
  for (const found of facts) {
    const context: FactContext = {
      identities,
      factId: (reference) => {
        const target = index.find(reference);
        return target && ids.get(target);
      },
      resource: (reference, from) => index.find(reference)?.resource ?? containedIn(from, reference),
      withhold: (field, reason) => withheld.add(field, reason),
    };
    const draft = factOf(found.resource, mappingOf(typeOf(found.resource)) as Mapping, context);
    if ('reason' in draft && typeof draft.reason === 'string') skipped.add(typeOf(found.resource), draft.reason);
    else drafts.push({ draft: draft as FactDraft, found });
  }
  const kept = renamed(drafts, ids);
  const people = patient ? [patient] : [];
  return {
    person: personOf(patient),
    facts: kept,
    skipped: skipped.list(),
    withheld: withheld.list(),
    synthetic: [...people, ...facts.slice(0, 1).map(({ resource }) => resource)].some(isMadeUp),
  };
}

/** A name for every resource that may become a fact, for references among them. */
function namesOf(facts: readonly Found[]): Map<Found, string> {
  return new Map(facts.map((found, index) => [found, `#${index}`]));
}

/** Facts under their kind and turn; references to what did not become a fact are dropped. */
function renamed(drafts: readonly { draft: FactDraft; found: Found }[], ids: Map<Found, string>) {
  const turns = Object.fromEntries(FACT_KINDS.map((kind) => [kind, 0])) as Record<FactKind, number>;
  const final = new Map<string, string>();
  for (const { draft, found } of drafts) final.set(ids.get(found) ?? '', `${draft.kind}-${++turns[draft.kind]}`);
  const list = (names: string[] | undefined) => {
    const known = names?.map((name) => final.get(name)).filter((id) => id !== undefined);
    return known?.length ? known : undefined;
  };
  return drafts.map(({ draft, found }) => {
    const { because, members, encounter, ...rest } = draft;
    const [why, parts] = [list(because), list(members)];
    const visit = encounter && final.get(encounter);
    return {
      id: final.get(ids.get(found) ?? '') ?? '',
      ...rest,
      ...(why && { because: why }),
      ...(parts && { members: parts }),
      ...(visit && { encounter: visit }),
      place: found.place,
    };
  });
}

function containedIn(resource: Json, reference: unknown): Json | undefined {
  const target = textOf(objectOf(reference)?.reference);
  if (!target?.startsWith('#')) return undefined;
  return objectsOf(resource.contained).find(({ id }) => id === target.slice(1));
}

/** A draft that a suggestion of ours brought: counted as an order it would make the program believe itself. */
function isOwnProposal({ intent, status, instantiatesUri }: Json): boolean {
  const rules = Array.isArray(instantiatesUri) ? instantiatesUri : [];
  return intent === 'proposal' && status === 'draft' && rules.some((uri) => String(uri).startsWith('urn:msdt:rule:'));
}

function typeOf(resource: Json): string {
  return String(resource.resourceType);
}

/** Finds resources by full address, by type and id, and patients by a search for one of their identifiers. */
class Index {
  private readonly byReference = new Map<string, Found>();
  private readonly byIdentifier = new Map<string, Found>();
  private readonly byId = new Map<string, Found>();

  constructor(all: readonly Found[]) {
    for (const found of all) {
      const { resource, fullUrl } = found;
      const id = textOf(resource.id);
      const key = id && `${typeOf(resource)}/${id}`;
      const older = key ? this.byId.get(key) : undefined;
      if (older && updatedAt(older) > updatedAt(found)) continue;
      if (key) {
        this.byId.set(key, found);
        this.byReference.set(key, found);
      }
      if (fullUrl) this.byReference.set(fullUrl, found);
      if (typeOf(resource) !== 'Patient') continue;
      for (const { value } of objectsOf(resource.identifier)) {
        const text = textOf(value);
        if (text) this.byIdentifier.set(text, found);
      }
    }
  }

  isCurrent(found: Found): boolean {
    const id = textOf(found.resource.id);
    return !id || this.byId.get(`${typeOf(found.resource)}/${id}`) === found;
  }

  find(reference: unknown): Found | undefined {
    const target = textOf(objectOf(reference)?.reference);
    if (!target) return this.byIdentifier.get(textOf(objectOf(objectOf(reference)?.identifier)?.value) ?? '');
    const known = this.byReference.get(target) ?? this.byReference.get(shortForm(target));
    if (known) return known;
    const identifier = /^Patient\?identifier=(?:.*\|)?(.+)$/.exec(target)?.[1];
    return identifier === undefined ? undefined : this.byIdentifier.get(identifier);
  }

  keyOf(found: Found): string {
    return `${typeOf(found.resource)}/${textOf(found.resource.id) ?? found.place}`;
  }

  /** Who a reference means; people of whom there is no patient resource are told apart by the reference. */
  personKey(reference: unknown): string | undefined {
    const found = this.find(reference);
    if (found) return this.keyOf(found);
    const target = textOf(objectOf(reference)?.reference);
    // a patient inside the resource itself cannot be anybody else's
    return target && !target.startsWith('#') ? shortForm(target) : undefined;
  }
}

/** `Patient/1` of `https://server/fhir/Patient/1/_history/2`. */
function shortForm(reference: string): string {
  return /([A-Z]\w+\/[\w.-]+)(?:\/_history\/[\w.-]+)?$/.exec(reference)?.[1] ?? reference;
}

function updatedAt(found: Found): number {
  return Date.parse(textOf(objectOf(found.resource.meta)?.lastUpdated) ?? '') || 0;
}
