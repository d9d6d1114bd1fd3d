/** A clinical record out of its envelope, every field checked. */

import {
  type ClinicalFact,
  type ClinicalRecord,
  type ClinicalValue,
  type Concept,
  FACT_KINDS,
  type FactPart,
  type LeftOut,
  SCALES,
} from '../../model/index.ts';
import { type Json, listAt, numberAt, objectAt, textAt, Wrong } from './checks.ts';

const TEXT_FIELDS = ['status', 'verification', 'intent', 'from', 'to', 'recorded', 'encounter'] as const;
const CONCEPT_LISTS = ['category', 'bodySite', 'interpretation', 'findings', 'reason'] as const;
const ID_LISTS = ['because', 'members'] as const;
const VALUE_TEXTS = ['comparator', 'unit', 'unitText', 'time', 'absent'] as const;
const SEXES = ['female', 'male', 'other', 'unknown'] as const;

/**
 * A clinical record.
 * @param json - payload of the envelope
 * @throws Wrong the path of the first thing that is not right
 */
export function clinicalFrom(json: Json): ClinicalRecord {
  const person = objectAt(json.person, 'payload.person');
  const sex = SEXES.find((known) => known === person.sex);
  const leftOut = (key: string): LeftOut[] => each(json[key], `payload.${key}`, leftOutFrom);
  return {
    person: {
      ...(sex && { sex }),
      ...(person.birthYear !== undefined && { birthYear: numberAt(person.birthYear, 'payload.person.birthYear') }),
      ...(person.deceased === true && { deceased: true }),
    },
    facts: each(json.facts, 'payload.facts', factFrom),
    skipped: leftOut('skipped'),
    withheld: leftOut('withheld'),
    synthetic: json.synthetic === true,
  };
}

function each<T>(value: unknown, path: string, one: (json: Json, path: string) => T): T[] {
  return listAt(value, path).map((entry, index) => one(objectAt(entry, `${path}[${index}]`), `${path}[${index}]`));
}

function leftOutFrom(json: Json, path: string): LeftOut {
  return {
    what: textAt(json.what, `${path}.what`),
    reason: textAt(json.reason, `${path}.reason`),
    count: numberAt(json.count, `${path}.count`),
  };
}

function factFrom(json: Json, path: string): ClinicalFact {
  const kind = FACT_KINDS.find((known) => known === json.kind);
  const scale = SCALES.find((known) => known === json.scale);
  if (!kind) throw new Wrong(`${path}.kind: "${String(json.kind)}" is no kind of fact`);
  if (!scale) throw new Wrong(`${path}.scale: "${String(json.scale)}" is no scale`);
  const fact: ClinicalFact = {
    id: textAt(json.id, `${path}.id`),
    kind,
    resource: textAt(json.resource, `${path}.resource`),
    scale,
    concept: conceptFrom(objectAt(json.concept, `${path}.concept`), `${path}.concept`),
    place: textAt(json.place, `${path}.place`),
  };
  for (const key of TEXT_FIELDS) if (json[key] !== undefined) fact[key] = textAt(json[key], `${path}.${key}`);
  for (const key of CONCEPT_LISTS)
    if (json[key] !== undefined) fact[key] = each(json[key], `${path}.${key}`, conceptFrom);
  for (const key of ID_LISTS)
    if (json[key] !== undefined)
      fact[key] = listAt(json[key], `${path}.${key}`).map((id, index) => textAt(id, `${path}.${key}[${index}]`));
  if (json.method !== undefined) fact.method = conceptFrom(objectAt(json.method, `${path}.method`), `${path}.method`);
  if (json.value !== undefined) fact.value = valueFrom(objectAt(json.value, `${path}.value`), `${path}.value`);
  if (json.parts !== undefined) fact.parts = each(json.parts, `${path}.parts`, partFrom);
  return fact;
}

function partFrom(json: Json, path: string): FactPart {
  const part: FactPart = { concept: conceptFrom(objectAt(json.concept, `${path}.concept`), `${path}.concept`) };
  if (json.value !== undefined) part.value = valueFrom(objectAt(json.value, `${path}.value`), `${path}.value`);
  return part;
}

function conceptFrom(json: Json, path: string): Concept {
  const codings = each(json.codings, `${path}.codings`, (coding, at) => ({
    system: textAt(coding.system, `${at}.system`),
    code: textAt(coding.code, `${at}.code`),
    ...(coding.display !== undefined && { display: textAt(coding.display, `${at}.display`) }),
  }));
  return { codings, ...(json.text !== undefined && { text: textAt(json.text, `${path}.text`) }) };
}

function valueFrom(json: Json, path: string): ClinicalValue {
  const value: ClinicalValue = {};
  for (const key of ['number', 'low', 'high'] as const)
    if (json[key] !== undefined) value[key] = numberAt(json[key], `${path}.${key}`);
  for (const key of VALUE_TEXTS) if (json[key] !== undefined) value[key] = textAt(json[key], `${path}.${key}`) as never;
  if (json.concept !== undefined) value.concept = conceptFrom(objectAt(json.concept, `${path}.concept`), path);
  if (typeof json.truth === 'boolean') value.truth = json.truth;
  return value;
}
