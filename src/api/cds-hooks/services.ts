/** The services a record system finds, and what each asks to be sent. */

import { type InferenceKnowledge, isLoinc } from '../../model/index.ts';
import type { Discovery } from './schemas.ts';

export const RISK_SERVICE = 'msdt-spine-risk';
export const ORDER_SERVICE = 'msdt-order-check';

/** Keys without which no word is said: who it is, and what is known to be wrong. */
export const NEEDED_KEYS: readonly string[] = ['patient', 'conditions'];

const USAGE =
  'Research use only, not a medical device. Works from prefetch alone: the FHIR server is never called back. Needs patient and conditions; what else is not sent counts as not known, and the cards say so.';

/** Prefetch templates, with the restrictions of the specification: reads, type searches, tokens, _count, _sort. */
export function prefetchTemplates(knowledge: InferenceKnowledge): Record<string, string> {
  const of = (type: string, query = '') => `${type}?patient={{context.patientId}}${query}`;
  const codes = [...new Set(knowledge.features.flatMap(({ code }) => loincCodes(code)))].sort();
  return {
    patient: 'Patient/{{context.patientId}}',
    conditions: of('Condition', '&_count=500'),
    ...(codes.length && {
      measured: of(
        'Observation',
        `&code=${codes.map((code) => `http://loinc.org|${code}`).join()}&_sort=-date&_count=200`,
      ),
    }),
    observations: of('Observation', '&category=survey,exam,social-history,vital-signs&_sort=-date&_count=300'),
    laboratory: of('Observation', '&category=laboratory&_sort=-date&_count=200'),
    questionnaires: of('QuestionnaireResponse', '&_count=100'),
    procedures: of('Procedure', '&_count=300'),
    prescriptions: of('MedicationRequest', '&_count=300'),
    medications: of('MedicationStatement', '&_count=300'),
    orders: of('ServiceRequest', '&_count=100'),
    imaging: of('ImagingStudy', '&_count=100'),
    reports: of('DiagnosticReport', '&_count=100'),
  };
}

function loincCodes(text: string): string[] {
  return (text.match(/\b\d{1,7}-\d\b/g) ?? []).filter(isLoinc);
}

/** What `GET /cds-services` answers. One id serves both order hooks, as the specification allows. */
export function discoveryOf(knowledge: InferenceKnowledge): Discovery {
  const prefetch = prefetchTemplates(knowledge);
  const orders = {
    id: ORDER_SERVICE,
    title: 'msdt: orders held against the rules of spine care',
    description:
      'Warns where an order goes against a rule, with the rule, its source and its reasons; silent otherwise.',
    usageRequirements: USAGE,
    prefetch,
  };
  return {
    services: [
      {
        hook: 'patient-view',
        id: RISK_SERVICE,
        title: 'msdt: risk of spinal surgery, and what comes next',
        description:
          'Red flags first and without any model; then the risk that spinal surgery happens within 12 months, with its 90 % interval, setting and drivers, and what rules suggest. A person decides.',
        usageRequirements: USAGE,
        prefetch,
      },
      { hook: 'order-select', ...orders },
      { hook: 'order-sign', ...orders },
    ],
  };
}
