/**
 * The clinical record of one person: coded facts, each with its own time.
 *
 * Identity has no place here: of the person only sex and year of birth, of a fact neither names nor numbers of people, free text
 * nor identifiers of its source system. A fact is called by its kind and its turn: `observation-12`.
 */

import type { Scale } from '../record/acquisition.ts';

/** Addresses of the public code systems, as FHIR writes them. */
export const CODE_SYSTEM = {
  LOINC: 'http://loinc.org',
  SNOMED: 'http://snomed.info/sct',
  UCUM: 'http://unitsofmeasure.org',
  RXNORM: 'http://www.nlm.nih.gov/research/umls/rxnorm',
  ICD10: 'http://hl7.org/fhir/sid/icd-10',
  DICOM: 'http://dicom.nema.org/resources/ontology/DCM',
} as const;

/** One code of one system. */
export interface Coding {
  /** address of the code system; empty where the source names none */
  system: string;
  code: string;
  display?: string;
}

/** One meaning, perhaps in several code systems; `text` is what the source calls it. */
export interface Concept {
  codings: Coding[];
  text?: string;
}

/** What kinds of facts a record holds. */
export const FACT_KINDS = [
  'condition',
  'observation',
  'score',
  'procedure',
  'medication',
  'report',
  'imaging',
  'encounter',
  'allergy',
  'immunization',
  'plan',
  'goal',
  'order',
] as const;

export type FactKind = (typeof FACT_KINDS)[number];

/** A value as the source states it: a number with its unit, a range, a concept, yes or no, or the reason for a gap. */
export interface ClinicalValue {
  number?: number;
  /** the true value is less or more than the number: below or above what the laboratory can measure */
  comparator?: '<' | '<=' | '>=' | '>';
  low?: number;
  high?: number;
  /** UCUM code, as the source states it: also units the features do not use */
  unit?: string;
  /** unit as people read it; the only unit where the source gives no UCUM code */
  unitText?: string;
  concept?: Concept;
  truth?: boolean;
  /** ISO 8601 · a value that is a time */
  time?: string;
  absent?: string;
}

/** A part of a fact with its own code: systolic pressure, one score of a questionnaire, a dose. */
export interface FactPart {
  concept: Concept;
  value?: ClinicalValue;
}

/** One coded fact. */
export interface ClinicalFact {
  /** kind and turn, unique in the record: `condition-3` */
  id: string;
  kind: FactKind;
  /** FHIR R4 resource type it came as */
  resource: string;
  /** `nano` for what a laboratory measured */
  scale: Scale;
  concept: Concept;
  status?: string;
  /** for diagnoses: `confirmed`, `provisional`, `refuted` … */
  verification?: string;
  /** for orders and prescriptions: `order`, `plan`, `proposal` … */
  intent?: string;
  category?: Concept[];
  /** ISO 8601, as precise as the source · when it was true of the patient */
  from?: string;
  to?: string;
  /** ISO 8601 · when the source wrote it down */
  recorded?: string;
  value?: ClinicalValue;
  parts?: FactPart[];
  bodySite?: Concept[];
  method?: Concept;
  interpretation?: Concept[];
  /** coded conclusions of a report */
  findings?: Concept[];
  reason?: Concept[];
  /** ids of facts it was done for */
  because?: string[];
  /** ids of facts it is made of */
  members?: string[];
  /** id of the encounter it belongs to */
  encounter?: string;
  /** way back into the file: `entry[12]`, `line 7` */
  place: string;
}

/** How many things of one sort did not become facts, and why. */
export interface LeftOut {
  /** resource type, or type and field: `Practitioner`, `Patient.name` */
  what: string;
  reason: string;
  count: number;
}

/** The clinical record of one person. */
export interface ClinicalRecord {
  person: {
    sex?: 'female' | 'male' | 'other' | 'unknown';
    birthYear?: number;
    /** the source says that the person has died; when, does not go on */
    deceased?: true;
  };
  facts: ClinicalFact[];
  /** resources that did not become facts; with the facts and the patient they make up the whole source */
  skipped: LeftOut[];
  /** fields of used resources that were not read */
  withheld: LeftOut[];
  /** true when the source says that the person is made up */
  synthetic: boolean;
}

/**
 * True when a concept carries a code.
 * @example hasCode({ codings: [{ system: 'http://loinc.org', code: '4548-4' }] }, 'http://loinc.org', ['4548-4']) // true
 */
export function hasCode(concept: Concept, system: string, codes: readonly string[]): boolean {
  return concept.codings.some((coding) => coding.system === system && codes.includes(coding.code));
}

/**
 * What a person calls a concept: its text, else the display or code of its first coding.
 * @example conceptText({ codings: [{ system: '', code: 'x', display: 'Pain' }] }) // 'Pain'
 */
export function conceptText({ codings, text }: Concept): string {
  return text ?? codings[0]?.display ?? codings[0]?.code ?? '';
}
