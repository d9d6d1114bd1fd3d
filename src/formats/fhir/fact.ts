/** One resource as a fact, by the table of `mapping.ts`. */

import { type ClinicalFact, CODE_SYSTEM, type Concept, type Scale } from '../../model/index.ts';
import type { Identities } from './identity.ts';
import { defined, type Json, objectOf, objectsOf, textOf, timeOf } from './json-value.ts';
import type { Mapping } from './mapping.ts';
import { imagingFields, medicationParts, planParts, scoresOf } from './own-fields.ts';
import { clinicalValueOf, codingOf, conceptOf, conceptsOf, statusCode, VALUE_FIELDS } from './values.ts';

/** What reading a resource needs beside it. */
export interface FactContext {
  identities: Identities;
  /** id of the fact that a reference means, if it is one of the same person */
  factId(reference: unknown): string | undefined;
  /** the resource that a reference means */
  resource(reference: unknown, from: Json): Json | undefined;
  /** notes a field that is there but not read */
  withhold(field: string, reason: string): void;
}

/** A fact without its name and place. */
export type FactDraft = Omit<ClinicalFact, 'id' | 'place'>;

/** Fields of every resource that say nothing of the person, or were looked at before. */
const PLAIN_FIELDS = new Set(['resourceType', 'id', 'meta', 'language', 'doNotPerform']);

const UNREAD_REASONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    text: 'free text is withheld',
    note: 'free text is withheld',
    conclusion: 'free text is withheld',
    comment: 'free text is withheld',
    patientInstruction: 'free text is withheld',
    identifier: 'may identify a person',
    participant: 'may identify a person',
    performer: 'may identify a person',
    requester: 'may identify a person',
    serviceProvider: 'may identify a person',
    recorder: 'may identify a person',
    asserter: 'may identify a person',
    author: 'may identify a person',
    presentedForm: 'attachments are withheld',
    contained: 'of what lies inside a resource only the code of a drug is read',
  }),
);

/**
 * The fact of a resource, or the reason why it is none.
 * @param mapping - of its type
 */
export function factOf(resource: Json, mapping: Mapping, context: FactContext): FactDraft | { reason: string } {
  const type = String(resource.resourceType);
  const status = statusOf(resource, mapping);
  const verification = mapping.verification && statusCode(resource[mapping.verification]);
  if (status === 'entered-in-error' || verification === 'entered-in-error') return { reason: 'entered in error' };
  const turned = turnedBy(resource);
  if (turned) return { reason: turned };
  const { identities } = context;
  const own = ownFields(type, resource, context);
  const category = categoryOf(resource, mapping, identities);
  const named = mappedConcept(resource, mapping, context) ?? own.concept;
  const fallback = category?.[0] ?? { codings: [] };
  const list = (field?: string) => filled(field ? conceptsOf(resource[field], identities) : []);
  const facts = (field?: string) => filled(idsOf(field ? resource[field] : undefined, context));
  const parts = filled([...(mapping.valued ? componentsOf(type, resource, context) : []), ...(own.parts ?? [])]);
  const value = mapping.valued ? clinicalValueOf(resource, identities) : undefined;
  const members = facts(mapping.members);
  const findings = list(mapping.findings);
  if (!named && !category && !value && !parts && !members && !findings)
    return { reason: 'says neither what it is nor a value' };
  noteUnread(type, resource, mapping, context);
  return defined({
    kind: mapping.kind,
    resource: type,
    scale: scaleOf(mapping, category, value?.unit),
    concept: named ?? fallback,
    status,
    verification: verification || undefined,
    intent: mapping.intent && textOf(resource[mapping.intent]),
    category,
    ...timesOf(resource, mapping),
    value,
    parts,
    bodySite: own.bodySite ?? list(mapping.bodySite?.field),
    method: mapping.method ? conceptOf(resource[mapping.method], identities) : undefined,
    interpretation: list(mapping.interpretation),
    findings,
    reason: list(mapping.reason),
    because: facts(mapping.because),
    members,
    encounter: context.factId(mapping.encounter && resource[mapping.encounter]),
  }) as FactDraft;
}

/** Why a resource does not mean what its fields say; undefined: it does. FHIR wants such marks heeded, or the resource left out. */
function turnedBy({ modifierExtension, implicitRules, doNotPerform }: Json): string | undefined {
  if (doNotPerform === true) return 'says what is not to be done';
  const [first] = objectsOf(modifierExtension);
  if (first) return 'carries a modifierExtension, which changes its meaning in a way that is not known here';
  return implicitRules === undefined ? undefined : 'follows rules of its own (implicitRules)';
}

function ownFields(type: string, resource: Json, context: FactContext): Partial<FactDraft> {
  const { identities } = context;
  if (type === 'QuestionnaireResponse') return scoresOf(resource, context);
  if (type === 'ImagingStudy') return imagingFields(resource, identities);
  if (type === 'CarePlan') return { parts: planParts(resource, identities) };
  if (type === 'MedicationRequest') return { parts: medicationParts(resource.dosageInstruction) };
  if (type === 'MedicationStatement') return { parts: medicationParts(resource.dosage) };
  return {};
}

function statusOf(resource: Json, { status }: Mapping): string | undefined {
  if (!status) return undefined;
  return status.form === 'code' ? textOf(resource[status.field]) : statusCode(resource[status.field]);
}

function mappedConcept(resource: Json, { concept }: Mapping, context: FactContext): Concept | undefined {
  const { identities } = context;
  if (!concept) return undefined;
  if (concept.form !== 'choice') {
    const found = conceptsOf(resource[concept.field], identities);
    return found.find(({ codings }) => codings.some(({ system }) => system === CODE_SYSTEM.SNOMED)) ?? found[0];
  }
  const given = conceptOf(resource[`${concept.field}CodeableConcept`], identities);
  const reference = resource[`${concept.field}Reference`];
  const display = textOf(objectOf(reference)?.display);
  const text = display && !identities.tells(display) ? { codings: [], text: display } : undefined;
  return given ?? conceptOf(context.resource(reference, resource)?.code, identities) ?? text;
}

function categoryOf(resource: Json, { category, concept }: Mapping, identities: Identities): Concept[] | undefined {
  if (!category || category.field === concept?.field) return undefined;
  const value = resource[category.field];
  if (category.form === 'coding') {
    const coding = codingOf(value, identities);
    return coding && [{ codings: [coding] }];
  }
  if (category.form !== 'codes') return filled(conceptsOf(value, identities));
  const codes = (Array.isArray(value) ? value : [value]).map(textOf).filter((code) => code !== undefined);
  return filled(codes.map((code) => ({ codings: [{ system: '', code }] })));
}

function componentsOf(type: string, resource: Json, context: FactContext): NonNullable<FactDraft['parts']> {
  const { identities } = context;
  return objectsOf(resource.component).flatMap((component) => {
    const concept = conceptOf(component.code, identities);
    const turned = objectsOf(component.modifierExtension).length > 0;
    if (concept && !turned) return [defined({ concept, value: clinicalValueOf(component, identities) })];
    context.withhold(`${type}.component`, turned ? 'carries a modifierExtension' : 'names no code');
    return [];
  });
}

function timesOf(resource: Json, { time, end, recorded }: Mapping): Pick<FactDraft, 'from' | 'to' | 'recorded'> {
  const written = recorded ? timeOf(resource[recorded]) : undefined;
  if (!time) return { recorded: written };
  const { field, form } = time;
  const period = objectOf(form === 'period' ? resource[field] : resource[`${field}Period`]);
  const single = form === 'one' ? resource[field] : (resource[`${field}DateTime`] ?? resource[`${field}Date`]);
  const instant = form === 'choice' ? resource[`${field}Instant`] : undefined;
  const from = timeOf(period?.start) ?? timeOf(single) ?? timeOf(instant);
  const until = end
    ? (timeOf(resource[`${end}DateTime`]) ?? timeOf(objectOf(resource[`${end}Period`])?.end))
    : undefined;
  return { from, to: until ?? (form === 'begin' ? undefined : timeOf(period?.end)), recorded: written };
}

const LABORATORY = /^(laboratory|lab)$/i;
const PER_VOLUME = /\/(d?l|ml|ul|dL|mL|uL|L)$/;

/** A laboratory looks at molecules and cells, imaging at organs, all else at the whole person. */
function scaleOf(mapping: Mapping, category: Concept[] | undefined, unit: string | undefined): Scale {
  const codes = category?.flatMap(({ codings }) => codings.map(({ code }) => code)) ?? [];
  if (codes.some((code) => LABORATORY.test(code))) return 'nano';
  if (mapping.kind === 'imaging' || codes.some((code) => /^(imaging|RAD)$/i.test(code))) return 'meso';
  return mapping.kind === 'observation' && codes.length === 0 && PER_VOLUME.test(unit ?? '') ? 'nano' : 'macro';
}

function idsOf(value: unknown, context: FactContext): string[] {
  return objectsOf(value)
    .map((reference) => context.factId(reference))
    .filter((id) => id !== undefined);
}

function filled<T>(list: T[]): T[] | undefined {
  return list.length ? list : undefined;
}

/** Counts every field that the table does not know, so that nothing is lost in silence. */
function noteUnread(type: string, resource: Json, mapping: Mapping, context: FactContext): void {
  const known = knownFields(type, mapping);
  for (const field of Object.keys(resource)) {
    const plain = field.replace(/^_/, '');
    if (!known.has(plain))
      context.withhold(`${type}.${field}`, UNREAD_REASONS.get(plain) ?? 'the record has no place for it');
  }
}

const KNOWN = new Map<string, ReadonlySet<string>>();

function knownFields(type: string, mapping: Mapping): ReadonlySet<string> {
  const found = KNOWN.get(type);
  if (found) return found;
  const { concept, status, category, time, end, bodySite } = mapping;
  const of = (field: string | undefined, endings: readonly string[]) => endings.map((ending) => `${field}${ending}`);
  const known = new Set([
    ...PLAIN_FIELDS,
    ...[mapping.subject, mapping.verification, mapping.intent, mapping.recorded, mapping.method, mapping.encounter],
    ...[mapping.interpretation, mapping.findings, mapping.reason, mapping.because, mapping.members],
    ...[status?.field, category?.field, bodySite?.field, ...(mapping.own ?? [])],
    ...of(concept?.field, concept?.form === 'choice' ? ['CodeableConcept', 'Reference'] : ['']),
    ...of(time?.field, ['', 'DateTime', 'Date', 'Period', 'Instant']),
    ...of(end, ['DateTime', 'Period']),
    ...(mapping.valued ? ['component', ...VALUE_FIELDS] : []),
  ] as string[]);
  KNOWN.set(type, known);
  return known;
}
