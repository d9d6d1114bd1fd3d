/** Which field of which R4 resource holds what a fact keeps; reading and writing follow the same table. */

import type { FactKind } from '../../model/index.ts';

/** Where a resource keeps what a fact keeps. */
export interface Mapping {
  kind: FactKind;
  subject: 'subject' | 'patient';
  /** field of the concept; `list`: the first of several, `choice`: a concept or a reference to a resource that has it */
  concept?: { field: string; form: 'one' | 'list' | 'choice' };
  /** `required` by R4: written where a fact has none; `unknown` where R4 allows it */
  status?: { field: string; form: 'code' | 'concept'; required?: string };
  verification?: string;
  intent?: string;
  category?: { field: string; form: 'concepts' | 'concept' | 'coding' | 'codes' };
  /** `choice`: `xDateTime` or `xPeriod`; `begin`: `onset` of which only the start counts */
  time?: { field: string; form: 'choice' | 'period' | 'one' | 'begin'; required?: boolean };
  /** end in a field of its own */
  end?: string;
  recorded?: string;
  /** reads `value[x]`, `component`, `dataAbsentReason` */
  valued?: boolean;
  bodySite?: { field: string; form: 'one' | 'list' };
  method?: string;
  interpretation?: string;
  findings?: string;
  reason?: string;
  because?: string;
  members?: string;
  encounter?: string;
  /** fields that a reader of this resource alone knows */
  own?: readonly string[];
}

const order = {
  subject: 'subject',
  status: { field: 'status', form: 'code', required: 'unknown' },
  encounter: 'encounter',
  reason: 'reasonCode',
  because: 'reasonReference',
} as const satisfies Partial<Mapping>;

const drug = {
  ...order,
  kind: 'medication',
  concept: { field: 'medication', form: 'choice' },
} as const satisfies Partial<Mapping>;

const coded = {
  subject: 'subject',
  concept: { field: 'code', form: 'one' },
  category: { field: 'category', form: 'concepts' },
} as const satisfies Partial<Mapping>;

const finding = {
  ...coded,
  status: { field: 'status', form: 'code', required: 'unknown' },
  time: { field: 'effective', form: 'choice' },
  recorded: 'issued',
  encounter: 'encounter',
} as const satisfies Partial<Mapping>;

const administered = {
  ...drug,
  category: { field: 'category', form: 'concept' },
  encounter: 'context',
} as const satisfies Partial<Mapping>;

/** Something that goes on: a problem or an allergy. */
const standing = {
  concept: { field: 'code', form: 'one' },
  verification: 'verificationStatus',
  time: { field: 'onset', form: 'begin' },
  recorded: 'recordedDate',
  encounter: 'encounter',
} as const satisfies Partial<Mapping>;

/** Mappings by resource type; types come from files, so look them up with `mappingOf`. */
const MAPPINGS: Readonly<Record<string, Mapping>> = {
  Condition: {
    ...standing,
    kind: 'condition',
    subject: 'subject',
    status: { field: 'clinicalStatus', form: 'concept' },
    category: { field: 'category', form: 'concepts' },
    end: 'abatement',
    bodySite: { field: 'bodySite', form: 'list' },
  },
  Observation: {
    ...finding,
    kind: 'observation',
    valued: true,
    bodySite: { field: 'bodySite', form: 'one' },
    method: 'method',
    interpretation: 'interpretation',
    members: 'hasMember',
  },
  QuestionnaireResponse: {
    kind: 'score',
    subject: 'subject',
    status: { field: 'status', form: 'code', required: 'completed' },
    time: { field: 'authored', form: 'one' },
    encounter: 'encounter',
    own: ['questionnaire', 'item'],
  },
  Procedure: {
    ...order,
    kind: 'procedure',
    concept: { field: 'code', form: 'one' },
    category: { field: 'category', form: 'concept' },
    time: { field: 'performed', form: 'choice' },
    bodySite: { field: 'bodySite', form: 'list' },
  },
  MedicationRequest: {
    ...drug,
    intent: 'intent',
    category: { field: 'category', form: 'concepts' },
    time: { field: 'authoredOn', form: 'one' },
    own: ['dosageInstruction'],
  },
  MedicationStatement: {
    ...administered,
    time: { field: 'effective', form: 'choice' },
    recorded: 'dateAsserted',
    own: ['dosage'],
  },
  MedicationAdministration: {
    ...administered,
    time: { field: 'effective', form: 'choice', required: true },
  },
  DiagnosticReport: {
    ...finding,
    kind: 'report',
    findings: 'conclusionCode',
    members: 'result',
  },
  ImagingStudy: {
    ...order,
    kind: 'imaging',
    time: { field: 'started', form: 'one' },
    own: ['modality', 'series', 'numberOfSeries', 'numberOfInstances'],
  },
  Encounter: {
    kind: 'encounter',
    subject: 'subject',
    concept: { field: 'type', form: 'list' },
    status: { field: 'status', form: 'code', required: 'unknown' },
    category: { field: 'class', form: 'coding' },
    time: { field: 'period', form: 'period' },
    reason: 'reasonCode',
    because: 'reasonReference',
  },
  AllergyIntolerance: {
    ...standing,
    kind: 'allergy',
    subject: 'patient',
    status: { field: 'clinicalStatus', form: 'concept', required: 'active' },
    category: { field: 'category', form: 'codes' },
  },
  Immunization: {
    ...order,
    kind: 'immunization',
    subject: 'patient',
    status: { field: 'status', form: 'code', required: 'completed' },
    concept: { field: 'vaccineCode', form: 'one' },
    time: { field: 'occurrence', form: 'choice', required: true },
    recorded: 'recorded',
  },
  CarePlan: {
    kind: 'plan',
    subject: 'subject',
    status: { field: 'status', form: 'code', required: 'unknown' },
    intent: 'intent',
    concept: { field: 'category', form: 'list' },
    time: { field: 'period', form: 'period' },
    recorded: 'created',
    because: 'addresses',
    encounter: 'encounter',
    own: ['activity'],
  },
  Goal: {
    kind: 'goal',
    subject: 'subject',
    concept: { field: 'description', form: 'one' },
    status: { field: 'lifecycleStatus', form: 'code', required: 'proposed' },
    category: { field: 'category', form: 'concepts' },
    time: { field: 'start', form: 'begin' },
    because: 'addresses',
  },
  ServiceRequest: {
    ...order,
    ...coded,
    kind: 'order',
    intent: 'intent',
    time: { field: 'occurrence', form: 'choice' },
    recorded: 'authoredOn',
    bodySite: { field: 'bodySite', form: 'list' },
  },
};

const PEOPLE = 'people and organisations do not enter a record';
const BILLS = 'a bill: what was done stands in the clinical resources';
const FREE = 'a free document, which may carry identity';
const TRACE = 'speaks of the data, not of the person';

/** Why a resource type does not become facts. */
const SKIP_REASONS: Readonly<Record<string, string>> = {
  ...sameReason(PEOPLE, 'Practitioner PractitionerRole Organization Location RelatedPerson Person CareTeam Group'),
  ...sameReason(PEOPLE, 'HealthcareService OrganizationAffiliation Endpoint'),
  ...sameReason(BILLS, 'Claim ClaimResponse ExplanationOfBenefit Coverage Invoice Account ChargeItem InsurancePlan'),
  ...sameReason(BILLS, 'CoverageEligibilityRequest CoverageEligibilityResponse PaymentNotice PaymentReconciliation'),
  ...sameReason(FREE, 'Binary Communication Composition DocumentManifest DocumentReference Media Basic'),
  ...sameReason(TRACE, 'AuditEvent Provenance OperationOutcome MessageHeader Linkage List Consent VerificationResult'),
  ...sameReason('the prescriptions that name it carry its code', 'Medication'),
  ...sameReason('speaks of relatives', 'FamilyMemberHistory'),
  ...sameReason('a prediction or suggestion of a program is no fact', 'RiskAssessment GuidanceResponse DetectedIssue'),
};

function sameReason(reason: string, types: string): Record<string, string> {
  return Object.fromEntries(types.split(' ').map((type) => [type, reason]));
}

/** The mapping of a resource type that becomes facts. */
export function mappingOf(type: string): Mapping | undefined {
  return Object.hasOwn(MAPPINGS, type) ? MAPPINGS[type] : undefined;
}

/** The resource type that a kind of fact is written as where its own is not known. */
export function resourceOf(kind: FactKind): string {
  return Object.keys(MAPPINGS).find((type) => MAPPINGS[type].kind === kind) ?? 'Observation';
}

/** Why a resource type does not become facts, where there is a reason of its own. */
export function skipReason(type: string): string | undefined {
  return Object.hasOwn(SKIP_REASONS, type) ? SKIP_REASONS[type] : undefined;
}
