/** Suggestions, questions and red flags of an assessment as resources. All are drafts and proposals: a person decides. */

import type { Ask, Assessment, Coding, Suggestion } from '../../../model/index.ts';
import type { BundleBuilder } from '../bundle.ts';
import type { Json } from '../json-value.ts';
import { contentExtension, LOCAL_ASSESSMENT, ruleCanonical } from './terms.ts';

type Reference = { reference: string };
type Resource = Json & { resourceType: string; id: string };

/** What the resources of suggestions share. */
export interface SuggestionContext {
  builder: BundleBuilder;
  patient: Reference;
  device: Reference;
  assessment: Assessment;
  /** resource that a reason was taken from, where it is in the bundle */
  sourceOf(source: string | undefined): Reference | undefined;
}

const PRIORITY = { emergency: 'stat', urgent: 'urgent', routine: 'routine' } as const;

/** Resource types that hold what an examination of a modality brings. */
const EXAMINED_AS: Readonly<Record<string, string>> = {
  mri: 'ImagingStudy',
  ct: 'ImagingStudy',
  radiograph: 'ImagingStudy',
  ultrasound: 'ImagingStudy',
  dxa: 'Observation',
  questionnaire: 'QuestionnaireResponse',
};

/**
 * The draft of what a suggestion would order, as a ServiceRequest without id; undefined where it has no code to order, or advises
 * against it.
 * @param subject - the patient
 * @param at - ISO 8601
 */
export function draftOrder(suggestion: Suggestion, subject: { reference: string }, at: string): Json | undefined {
  const { order, kind, title, urgency, rule, source, because } = suggestion;
  if (!order || kind === 'avoid') return undefined;
  return {
    resourceType: 'ServiceRequest',
    instantiatesUri: [`${LOCAL_ASSESSMENT.rule}:${rule}`],
    status: 'draft',
    intent: 'proposal',
    priority: PRIORITY[urgency],
    code: { coding: [codingJson(order)], text: order.display ?? title },
    subject,
    authoredOn: at,
    ...(because.length && { reasonCode: because.map(({ text }) => ({ text })) }),
    note: [{ text: `${title} (${rule}: ${source}). Proposed by software, research use only; a person decides.` }],
  };
}

/** True for a rule that speaks before and without any model. */
function isRedFlag({ urgency }: Pick<Suggestion, 'urgency'>): boolean {
  return urgency !== 'routine';
}

/** Adds suggestions, asks and red flags; gives the references to them. */
export function addSuggestions(context: SuggestionContext): Reference[] {
  const { builder, assessment } = context;
  const added: Reference[] = [];
  for (const [index, suggestion] of assessment.suggestions.entries()) {
    const plan = addPlan(suggestion, index + 1, context);
    const guidance = builder.add(guidanceOf(suggestion, index + 1, context, plan));
    added.push(guidance);
    if (isRedFlag(suggestion)) added.push(builder.add(issueOf(suggestion, index + 1, context)));
  }
  for (const [index, ask] of assessment.asks.entries()) added.push(builder.add(askOf(ask, index + 1, context)));
  return added;
}

/** A draft plan with the draft order in it. */
function addPlan(suggestion: Suggestion, turn: number, context: SuggestionContext): Reference | undefined {
  const { builder, patient, assessment, device } = context;
  const order = draftOrder(suggestion, patient, assessment.indexDate);
  if (!order) return undefined;
  const request = builder.add({ ...(order as Resource), id: `order-${turn}`, requester: device });
  return builder.add({
    resourceType: 'CarePlan',
    id: `plan-${turn}`,
    instantiatesUri: [`${LOCAL_ASSESSMENT.rule}:${suggestion.rule}`],
    status: 'draft',
    intent: 'proposal',
    title: suggestion.title,
    subject: patient,
    created: assessment.indexDate,
    activity: [{ reference: request }],
  });
}

function guidanceOf(
  suggestion: Suggestion,
  turn: number,
  { patient, device, assessment, sourceOf }: SuggestionContext,
  plan: Reference | undefined,
): Resource {
  const { id, rule, detail, because, kind, modality, order, ...rest } = suggestion;
  const sources = [...new Set(because.map(({ record }) => sourceOf(record?.source)?.reference))].filter(
    (reference) => reference !== undefined,
  );
  const type = kind === 'examination' && modality ? (EXAMINED_AS[modality] ?? 'Observation') : undefined;
  return {
    resourceType: 'GuidanceResponse',
    id: `guidance-${turn}`,
    extension: [contentExtension({ ...rest, kind, modality, order, because })],
    identifier: [{ system: LOCAL_ASSESSMENT.suggestion, value: id }],
    moduleCanonical: ruleCanonical(rule, assessment.engine.version),
    status: 'success',
    subject: patient,
    occurrenceDateTime: assessment.indexDate,
    performer: device,
    ...(because.length && { reasonCode: because.map(({ text }) => ({ text })) }),
    ...(sources.length && { reasonReference: sources.map((reference) => ({ reference })) }),
    note: [{ text: detail }],
    ...(plan && { result: plan }),
    ...(type && { dataRequirement: [requirementOf(type, order)] }),
  };
}

function requirementOf(type: string, order: Coding | undefined): Json {
  return { type, ...(order && { codeFilter: [{ path: 'code', code: [codingJson(order)] }] }) };
}

function issueOf(
  { rule, title, detail, urgency, because }: Suggestion,
  turn: number,
  { patient, device, assessment, sourceOf }: SuggestionContext,
): Resource {
  const evidence = because.map(({ text, record }) => {
    const source = sourceOf(record?.source);
    return { code: [{ text }], ...(source && { detail: [source] }) };
  });
  return {
    resourceType: 'DetectedIssue',
    id: `issue-${turn}`,
    status: 'preliminary',
    code: { coding: [{ system: LOCAL_ASSESSMENT.rule, code: rule, display: title }], text: title },
    severity: urgency === 'emergency' ? 'high' : 'moderate',
    patient,
    identifiedDateTime: assessment.indexDate,
    author: device,
    ...(evidence.length && { evidence }),
    detail,
  };
}

function askOf({ finding, question, ...rest }: Ask, turn: number, context: SuggestionContext): Resource {
  const { patient, device, assessment } = context;
  return {
    resourceType: 'GuidanceResponse',
    id: `ask-${turn}`,
    extension: [contentExtension(rest)],
    identifier: [{ system: LOCAL_ASSESSMENT.finding, value: finding }],
    moduleCodeableConcept: {
      coding: rest.rules.map((code) => ({
        system: LOCAL_ASSESSMENT.rule,
        version: String(assessment.engine.version),
        code,
      })),
      text: 'Rules that wait for an answer',
    },
    status: 'data-required',
    subject: patient,
    occurrenceDateTime: assessment.indexDate,
    performer: device,
    note: [{ text: question }],
    dataRequirement: [
      {
        type: 'Observation',
        codeFilter: [{ path: 'code', code: [{ system: LOCAL_ASSESSMENT.finding, code: finding, display: question }] }],
      },
    ],
  };
}

function codingJson({ system, code, display }: Coding): Json {
  return { ...(system && { system }), code, ...(display && { display }) };
}
