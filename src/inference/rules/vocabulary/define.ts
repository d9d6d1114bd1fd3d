/** What a finding is, and short ways to write one, so that the vocabulary reads as a table. */

import type { AnswerForm } from '../../../model/index.ts';

/**
 * A code that speaks for a finding. ICD-10 and ATC codes stand for all codes that begin with them; `doubtful` ones have one weak
 * source and want a terminology server.
 */
export interface FindingCode {
  system: 'SNOMED' | 'LOINC' | 'ICD10' | 'ATC';
  code: string;
  doubtful?: boolean;
}

/** One entry of the rule vocabulary. */
export interface Finding {
  id: string;
  /** two to five words, for a list of reasons */
  name: string;
  /** as it is put to the person who fills it in */
  question: string;
  form: AnswerForm;
  /** days before the index date in which an answer counts; undefined: does not age */
  windowDays?: number;
  /** an emergency or urgent rule hangs on it */
  redFlag: boolean;
  codes: readonly FindingCode[];
  /** when the answer is yes, or what the number means */
  meaning: string;
}

const YES_NO: AnswerForm = { kind: 'yes-no' };

/** Days a sign of an emergency counts. */
export const ACUTE_DAYS = 30;
/** Days a course of illness or care counts. */
export const COURSE_DAYS = 90;

export const snomed = (...codes: string[]): FindingCode[] => codes.map((code) => ({ system: 'SNOMED', code }));
export const icd10 = (...codes: string[]): FindingCode[] => codes.map((code) => ({ system: 'ICD10', code }));
export const atc = (...codes: string[]): FindingCode[] => codes.map((code) => ({ system: 'ATC', code }));
export const loinc = (...codes: string[]): FindingCode[] => codes.map((code) => ({ system: 'LOINC', code }));

type Given = Pick<Finding, 'id' | 'name' | 'question' | 'meaning'> & Partial<Finding>;

export const flag = (given: Given): Finding => ({
  ...{ form: YES_NO, windowDays: ACUTE_DAYS, redFlag: true, codes: [] },
  ...given,
});

export const fact = (given: Given): Finding => ({
  ...{ form: YES_NO, windowDays: COURSE_DAYS, redFlag: false, codes: [] },
  ...given,
});
