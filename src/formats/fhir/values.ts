/** Concepts, quantities and other values of FHIR as the record keeps them. */

import { type ClinicalValue, CODE_SYSTEM, type Coding, type Concept } from '../../model/index.ts';
import type { Identities } from './identity.ts';
import { defined, type Json, numberOf, objectOf, objectsOf, textOf, timeOf } from './json-value.ts';

const COMPARATORS = ['<', '<=', '>=', '>'] as const;

/**
 * A coding, or undefined where it has no code.
 * @param identities - a display that tells of a person is dropped
 */
export function codingOf(value: unknown, identities: Identities): Coding | undefined {
  const coding = objectOf(value);
  const code = textOf(coding?.code);
  if (!coding || !code) return undefined;
  const system = textOf(coding.system) ?? '';
  const display = textOf(coding.display);
  // words of a public code system are no names, even where a person is called White
  const kept = display && (isPublic(system) || !identities.tells(display)) ? display : undefined;
  return { system, code, ...(kept && { display: kept }) };
}

function isPublic(system: string): boolean {
  return /^https?:\/\/((www\.)?(loinc\.org|nlm\.nih\.gov|whocc\.no)|snomed\.info|([\w-]+\.)*hl7\.org)\//.test(
    `${system}/`,
  );
}

/** A concept, or undefined where it has neither code nor text. Its text is dropped where it tells of a person. */
export function conceptOf(value: unknown, identities: Identities): Concept | undefined {
  const concept = objectOf(value);
  if (!concept) return undefined;
  const codings = objectsOf(concept.coding)
    .map((coding) => codingOf(coding, identities))
    .filter((coding) => coding !== undefined);
  const text = textOf(concept.text);
  const told = codings.some(({ display }) => display === text);
  const kept = text && (told || !identities.tells(text)) ? text : undefined;
  return codings.length || kept ? { codings, ...(kept && { text: kept }) } : undefined;
}

/** The concepts of a list. */
export function conceptsOf(value: unknown, identities: Identities): Concept[] {
  return objectsOf(value)
    .map((entry) => conceptOf(entry, identities))
    .filter((concept) => concept !== undefined);
}

/** The code of a status that is a concept. */
export function statusCode(value: unknown): string | undefined {
  return textOf(objectsOf(objectOf(value)?.coding)[0]?.code);
}

/** A quantity: number, comparator, unit. */
export function quantityOf(value: unknown): ClinicalValue | undefined {
  const quantity = objectOf(value);
  const number = numberOf(quantity?.value);
  if (!quantity || number === undefined) return undefined;
  const ucum = quantity.system === CODE_SYSTEM.UCUM ? textOf(quantity.code) : undefined;
  const unitText = textOf(quantity.unit) ?? (ucum ? undefined : textOf(quantity.code));
  const comparator = COMPARATORS.find((known) => known === quantity.comparator);
  return defined({ number, comparator, unit: ucum, unitText: unitText === ucum ? undefined : unitText });
}

/** Why a value that is there is not read. */
const UNREAD: Readonly<Record<string, string>> = {
  valueString: 'free text is withheld',
  valueTime: 'a time of day is not read',
  valueAttachment: 'attachments are withheld',
  valueSampledData: 'sampled data are not read',
  valueReference: 'references are withheld',
};

/** The fields of a value that can be told apart by their name. */
export const VALUE_FIELDS = [
  ...['valueQuantity', 'valueCodeableConcept', 'valueCoding', 'valueInteger', 'valueDecimal', 'valueBoolean'],
  ...['valueRange', 'valueRatio', 'valueDateTime', 'valueDate', 'valuePeriod', 'dataAbsentReason'],
  ...Object.keys(UNREAD),
] as const;

/** `value[x]` of an observation, a component or an answer; undefined where there is none and no reason for it. */
export function clinicalValueOf(holder: Json, identities: Identities): ClinicalValue | undefined {
  const quantity = quantityOf(holder.valueQuantity);
  if (quantity) return quantity;
  const coding = codingOf(holder.valueCoding, identities);
  const concept = conceptOf(holder.valueCodeableConcept, identities) ?? (coding && { codings: [coding] });
  if (concept) return { concept };
  const number = numberOf(holder.valueInteger) ?? numberOf(holder.valueDecimal);
  if (number !== undefined) return { number };
  const ratio = ratioOf(objectOf(holder.valueRatio));
  if (ratio) return ratio;
  if (typeof holder.valueBoolean === 'boolean') return { truth: holder.valueBoolean };
  const range = rangeOf(objectOf(holder.valueRange));
  if (range) return range;
  const period = objectOf(holder.valuePeriod);
  const time = timeOf(holder.valueDateTime) ?? timeOf(holder.valueDate) ?? timeOf(period?.start) ?? timeOf(period?.end);
  if (time) return { time };
  const unread = Object.keys(UNREAD).find((field) => holder[field] !== undefined);
  if (unread) return { absent: UNREAD[unread] };
  const missing = conceptOf(holder.dataAbsentReason, identities);
  if (missing) return { absent: missing.codings[0]?.code ?? missing.text ?? 'unknown' };
  const given = VALUE_FIELDS.find((field) => field !== 'dataAbsentReason' && holder[field] !== undefined);
  return given === undefined ? undefined : { absent: `${given} cannot be read` };
}

function rangeOf(range: Json | undefined): ClinicalValue | undefined {
  const [low, high] = [quantityOf(range?.low), quantityOf(range?.high)];
  const of = low ?? high;
  if (!of) return undefined;
  return defined({ low: low?.number, high: high?.number, unit: of.unit, unitText: of.unitText });
}

/** A ratio as a number; its unit where both parts have one, as 5 mg in 10 mL. Two parts of one unit are a share. */
function ratioOf(ratio: Json | undefined): ClinicalValue | undefined {
  const [top, bottom] = [quantityOf(ratio?.numerator), quantityOf(ratio?.denominator)];
  if (top?.number === undefined || !bottom?.number) return undefined;
  const words = ({ unit, unitText }: ClinicalValue): string => unitText ?? unit ?? '';
  const isShare = words(top) === words(bottom);
  const isUcum = top.unit !== undefined && (bottom.unit !== undefined || words(bottom) === '');
  const per = [isUcum ? top.unit : words(top), isUcum ? bottom.unit : words(bottom)].filter(Boolean).join('/');
  const unit = isShare || per === '' ? {} : isUcum ? { unit: per } : { unitText: words(top) === '' ? `/${per}` : per };
  return { number: top.number / bottom.number, ...unit };
}
