/** Fields that only one resource type has: scores of questionnaires, series of studies, doses, activities. */

import { CODE_SYSTEM, type Coding, type Concept, type FactPart } from '../../model/index.ts';
import type { FactContext, FactDraft } from './fact.ts';
import type { Identities } from './identity.ts';
import { defined, type Json, numberOf, objectOf, objectsOf, textOf } from './json-value.ts';
import { clinicalValueOf, codingOf, conceptOf, quantityOf } from './values.ts';

/** Local code systems of what R4 has no code for. */
export const LOCAL = {
  dosage: 'urn:msdt:dosage',
  study: 'urn:msdt:imaging-study',
  item: 'urn:msdt:questionnaire-item',
} as const;

const SCORE = /\b(score|total|sum|index|t-?score|scale)\b/i;
const MAX_ITEM_DEPTH = 20;

/**
 * The scores of a questionnaire; single answers stay out, as the questions of many instruments are under copyright and their
 * answers are free text.
 */
export function scoresOf(resource: Json, context: FactContext): Partial<FactDraft> {
  const { identities } = context;
  const parts: FactPart[] = [];
  const visit = (item: Json, depth: number): void => {
    const linkId = textOf(item.linkId) ?? '';
    const text = textOf(item.text);
    const answers = objectsOf(item.answer);
    const value =
      answers.length === 1
        ? (quantityOf(answers[0].valueQuantity) ?? clinicalValueOf(answers[0], identities))
        : undefined;
    const isScore = SCORE.test(`${linkId} ${text ?? ''}`) && value?.number !== undefined;
    if (isScore) parts.push({ concept: itemConcept(linkId, text, identities), value });
    else if (answers.length) context.withhold('QuestionnaireResponse.item', 'scores only: single answers are withheld');
    if (depth === MAX_ITEM_DEPTH) return;
    for (const child of [...objectsOf(item.item), ...answers.flatMap((answer) => objectsOf(answer.item))])
      visit(child, depth + 1);
  };
  for (const item of objectsOf(resource.item)) visit(item, 0);
  const questionnaire = textOf(resource.questionnaire);
  const concept = questionnaire && { codings: [{ system: '', code: questionnaire }] };
  return parts.length ? defined({ concept: concept || { codings: [] }, parts }) : {};
}

function itemConcept(linkId: string, text: string | undefined, identities: Identities): Concept {
  // forms made from LOINC panels carry the code in the link: /4548-4
  const loinc = /(?:^|\/)(\d{3,7}-\d)$/.exec(linkId)?.[1];
  const system = loinc ? CODE_SYSTEM.LOINC : LOCAL.item;
  const display = text && !identities.tells(text) ? text : undefined;
  return { codings: [defined({ system, code: loinc ?? (linkId || 'score'), display })] };
}

/** Modalities, regions and counts of a study; its UIDs stay out. */
export function imagingFields(resource: Json, identities: Identities): Partial<FactDraft> {
  const series = objectsOf(resource.series);
  const of = (values: unknown[]) => distinct(values.map((value) => codingOf(value, identities)));
  const codings = of([...objectsOf(resource.modality), ...series.map(({ modality }) => modality)]);
  const sites = of(series.map(({ bodySite }) => bodySite));
  const counts = (['numberOfSeries', 'numberOfInstances'] as const).flatMap((field): FactPart[] => {
    const number = numberOf(resource[field]);
    return number === undefined
      ? []
      : [{ concept: { codings: [{ system: LOCAL.study, code: field }] }, value: { number } }];
  });
  return {
    ...(codings.length && { concept: { codings } }),
    ...(counts.length && { parts: counts }),
    ...(sites.length && { bodySite: sites.map((coding) => ({ codings: [coding] })) }),
  };
}

function distinct(codings: readonly (Coding | undefined)[]): Coding[] {
  const found = codings.filter((coding) => coding !== undefined);
  return [...new Map(found.map((coding) => [`${coding.system} ${coding.code}`, coding])).values()];
}

const DAYS: Readonly<Record<string, number>> = { h: 1 / 24, d: 1, wk: 7 };

/** Dose and times a day of a drug. */
export function medicationParts(dosage: unknown): FactPart[] {
  return objectsOf(dosage).flatMap((instruction): FactPart[] => {
    const given = objectsOf(instruction.doseAndRate)[0];
    const dose = quantityOf(given?.doseQuantity);
    const repeat = objectOf(objectOf(instruction.timing)?.repeat);
    const frequency = numberOf(repeat?.frequency);
    const days = (numberOf(repeat?.period) ?? 1) * (DAYS[String(repeat?.periodUnit)] ?? Number.NaN);
    const number = frequency === undefined ? Number.NaN : frequency / days;
    const part = (code: string): Concept => ({ codings: [{ system: LOCAL.dosage, code }] });
    return [
      ...(dose ? [{ concept: part('dose'), value: dose }] : []),
      ...(Number.isFinite(number) ? [{ concept: part('times-per-day'), value: { number } }] : []),
      ...(instruction.asNeededBoolean === true ? [{ concept: part('as-needed'), value: { truth: true } }] : []),
    ];
  });
}

/** What a plan is made of. */
export function planParts(resource: Json, identities: Identities): FactPart[] {
  return objectsOf(resource.activity).flatMap((activity) => {
    const concept = conceptOf(objectOf(activity.detail)?.code, identities);
    return concept ? [{ concept }] : [];
  });
}
