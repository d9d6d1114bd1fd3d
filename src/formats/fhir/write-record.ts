/** A clinical record as an R4 bundle; what `fact.ts` reads stands where it is read from. */

import {
  type ClinicalFact,
  type ClinicalRecord,
  type ClinicalValue,
  CODE_SYSTEM,
  type Concept,
} from '../../model/index.ts';
import { type BundleBuilder, bundleBuilder, PATIENT_ID, patientOf } from './bundle.ts';
import { defined, type Json } from './json-value.ts';
import { type Mapping, mappingOf, resourceOf } from './mapping.ts';
import { LOCAL } from './own-fields.ts';

const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem/';

/** Code systems of statuses that are concepts. */
const STATUS_SYSTEM: Readonly<Record<string, { status: string; verification: string }>> = {
  Condition: { status: `${TERMINOLOGY}condition-clinical`, verification: `${TERMINOLOGY}condition-ver-status` },
  AllergyIntolerance: {
    status: `${TERMINOLOGY}allergyintolerance-clinical`,
    verification: `${TERMINOLOGY}allergyintolerance-verification`,
  },
};

const UNKNOWN_TIME = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
};

/**
 * The record as a bundle.
 * @param record - of one person
 * @param scope - what tells the addresses of its resources from those of other bundles
 */
export function recordBundle(record: ClinicalRecord, scope: string): Json {
  const builder = bundleBuilder(scope, { synthetic: record.synthetic });
  builder.add(patientOf(record.person));
  for (const fact of record.facts) builder.add(resourceJson(fact, builder));
  return builder.bundle();
}

function resourceJson(stated: ClinicalFact, builder: BundleBuilder): Json & { resourceType: string; id: string } {
  const resource = mappingOf(stated.resource) ? stated.resource : resourceOf(stated.kind);
  const fact = { ...stated, resource };
  const mapping = mappingOf(resource) as Mapping;
  const references = (ids?: string[]) => ids?.map((id) => builder.reference(id));
  const fields: [string | undefined, unknown][] = [
    ...statusFields(fact, mapping),
    [mapping.intent, fact.intent ?? (mapping.intent && 'order')],
    ...categoryField(fact, mapping),
    ...conceptField(fact, mapping),
    [mapping.subject, builder.reference(PATIENT_ID)],
    [mapping.encounter, fact.encounter && builder.reference(fact.encounter)],
    ...timeFields(fact, mapping),
    [mapping.bodySite?.field, siteOf(fact, mapping)],
    [mapping.method, fact.method && conceptJson(fact.method)],
    [mapping.interpretation, fact.interpretation?.map(conceptJson)],
    [mapping.findings, fact.findings?.map(conceptJson)],
    [mapping.reason, fact.reason?.map(conceptJson)],
    [mapping.because, references(fact.because)],
    [mapping.members, references(fact.members)],
  ];
  const known = Object.fromEntries(fields.filter(([field, value]) => field && value !== undefined && value !== ''));
  return { resourceType: fact.resource, id: fact.id, ...known, ...ownFields(fact, mapping) };
}

function statusFields(fact: ClinicalFact, { status, verification }: Mapping): [string | undefined, unknown][] {
  const systems = STATUS_SYSTEM[fact.resource];
  const concept = (system: string | undefined, code: string | undefined) => code && { coding: [{ system, code }] };
  const code = fact.status ?? status?.required;
  return [
    [status?.field, status?.form === 'concept' ? concept(systems?.status, code) : code],
    [verification, concept(systems?.verification, fact.verification)],
  ];
}

function categoryField({ category }: ClinicalFact, { category: to }: Mapping): [string | undefined, unknown][] {
  if (!category || !to) return to?.field === 'class' ? [['class', UNKNOWN_CLASS]] : [];
  const [first] = category;
  if (to.form === 'coding') return [[to.field, first.codings[0]]];
  if (to.form === 'concept') return [[to.field, conceptJson(first)]];
  if (to.form === 'codes') return [[to.field, category.map(({ codings }) => codings[0]?.code)]];
  return [[to.field, category.map(conceptJson)]];
}

const UNKNOWN_CLASS = { system: 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor', code: 'UNK' };

function conceptField({ concept }: ClinicalFact, { concept: to }: Mapping): [string | undefined, unknown][] {
  if (!to || (concept.codings.length === 0 && !concept.text)) return [];
  const json = conceptJson(concept);
  if (to.form === 'choice') return [[`${to.field}CodeableConcept`, json]];
  return [[to.field, to.form === 'list' ? [json] : json]];
}

function timeFields({ from, to, recorded }: ClinicalFact, mapping: Mapping): [string | undefined, unknown][] {
  const { time, end } = mapping;
  const fields: [string | undefined, unknown][] = [[mapping.recorded, recorded]];
  if (!time) return fields;
  const period = { ...(from && { start: from }), ...(to && { end: to }) };
  if (time.form === 'period') fields.push([time.field, from || to ? period : undefined]);
  else if (time.form === 'one') fields.push([time.field, from]);
  else if (time.form === 'choice' && to) fields.push([`${time.field}Period`, period]);
  else fields.push([`${time.field}${time.field === 'start' ? 'Date' : 'DateTime'}`, from]);
  if (end) fields.push([`${end}DateTime`, to]);
  if (time.required && !from && !to) fields.push([`_${time.field}DateTime`, UNKNOWN_TIME]);
  return fields;
}

function siteOf({ bodySite }: ClinicalFact, { bodySite: to }: Mapping): unknown {
  if (!bodySite || !to) return undefined;
  return to.form === 'list' ? bodySite.map(conceptJson) : conceptJson(bodySite[0]);
}

function ownFields(fact: ClinicalFact, mapping: Mapping): Json {
  if (mapping.valued)
    return {
      ...(fact.value && valueJson(fact.value)),
      ...(fact.parts && {
        component: fact.parts.map(({ concept, value }) => ({
          code: conceptJson(concept),
          ...(value && valueJson(value)),
        })),
      }),
    };
  if (fact.resource === 'QuestionnaireResponse') return questionnaireJson(fact);
  if (fact.resource === 'ImagingStudy') return studyJson(fact);
  if (fact.resource === 'CarePlan' && fact.parts)
    return {
      activity: fact.parts.map(({ concept }) => ({ detail: { code: conceptJson(concept), status: 'unknown' } })),
    };
  const dosage = dosageJson(fact);
  if (fact.resource === 'MedicationRequest' && dosage) return { dosageInstruction: dosage };
  return fact.resource === 'MedicationStatement' && dosage ? { dosage } : {};
}

function questionnaireJson({ concept, parts = [] }: ClinicalFact): Json {
  return defined({
    questionnaire: concept.codings[0]?.code,
    item: parts.map(({ concept: { codings }, value }) => {
      const { system, code, display } = codings[0];
      const answer = value?.unit || value?.unitText ? valueJson(value) : { valueDecimal: value?.number };
      return defined({ linkId: system === CODE_SYSTEM.LOINC ? `/${code}` : code, text: display, answer: [answer] });
    }),
  });
}

function studyJson({ id, concept, bodySite = [], parts = [] }: ClinicalFact): Json {
  const counts = parts.map(({ concept: { codings }, value }) => [codings[0].code, value?.number]);
  const modalities = concept.codings;
  const series = Array.from({ length: Math.max(bodySite.length, 1) }, (_, index) =>
    defined({
      uid: `${id}.${index + 1}`,
      modality: modalities[index] ?? modalities[0],
      bodySite: bodySite[index]?.codings[0],
    }),
  );
  return {
    modality: modalities,
    ...(bodySite.length && modalities.length && { series }),
    ...Object.fromEntries(counts),
  };
}

function dosageJson({ parts }: ClinicalFact): Json[] | undefined {
  if (!parts) return undefined;
  const of = (code: string) =>
    parts.find(({ concept }) => concept.codings.some((known) => known.system === LOCAL.dosage && known.code === code))
      ?.value;
  const [dose, times, needed] = [of('dose'), of('times-per-day'), of('as-needed')];
  const often = times?.number ?? Number.NaN;
  const repeat = Number.isInteger(often)
    ? { frequency: often, period: 1, periodUnit: 'd' }
    : { frequency: 1, period: 1 / often, periodUnit: 'd' };
  return [
    {
      ...(times && { timing: { repeat } }),
      ...(needed && { asNeededBoolean: true }),
      ...(dose && { doseAndRate: [{ doseQuantity: valueJson(dose).valueQuantity }] }),
    },
  ];
}

/** A concept as a CodeableConcept. */
function conceptJson({ codings, text }: Concept): Json {
  const coding = codings.map(({ system, code, display }) => defined({ system: system || undefined, code, display }));
  return { ...(coding.length && { coding }), ...(text && { text }) };
}

/** A value as `value[x]`. */
function valueJson(value: ClinicalValue): Json {
  const { number, comparator, low, high, concept, truth, time, absent, unit, unitText } = value;
  const units = defined({ unit: unitText ?? unit, ...(unit && { system: CODE_SYSTEM.UCUM, code: unit }) });
  const quantity = (amount: number) => ({ value: amount, ...units });
  if (number !== undefined) return { valueQuantity: { ...quantity(number), ...(comparator && { comparator }) } };
  if (low !== undefined || high !== undefined)
    return {
      valueRange: {
        ...(low !== undefined && { low: quantity(low) }),
        ...(high !== undefined && { high: quantity(high) }),
      },
    };
  if (concept) return { valueCodeableConcept: conceptJson(concept) };
  if (truth !== undefined) return { valueBoolean: truth };
  if (time) return { valueDateTime: time };
  return absent ? { dataAbsentReason: { text: absent } } : {};
}
