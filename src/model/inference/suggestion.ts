/** What the inference engine suggests, what it asks, and what people made of it. */

import type { Coding } from '../clinical/record.ts';
import type { Evidence } from '../record/feature.ts';
import type { Unit } from '../units.ts';
import type { FeatureRecord, InferenceModality } from './risk.ts';

/** A: a guideline says must or offer; B: consider; C: consensus; X: do not; '-': a reminder. */
export type SuggestionStrength = 'A' | 'B' | 'C' | 'X' | '-';

/** How soon: at once, within days, in the ordinary course. The first two come before and without any model. */
export type Urgency = 'emergency' | 'urgent' | 'routine';

/** What a suggestion is about. */
export type SuggestionKind =
  | 'examination'
  | 'referral'
  | 'treatment'
  | 'advice'
  | 'avoid'
  | 'reminder'
  | 'questionnaire'
  | 'optimisation';

/** A value that made a rule fire, with its way back. */
export interface Reason {
  /** id of a finding of the rule vocabulary or of a feature of the dictionary */
  finding: string;
  /** what it is, and the value in words: "Saddle numbness: yes" */
  text: string;
  record?: FeatureRecord;
  evidence?: readonly Evidence[];
}

/** Worth of one examination that was not made. */
export interface ExaminationWorth {
  modality: InferenceModality;
  /** features it would bring */
  features: readonly string[];
  /** expected fall of the variance of the logit */
  varianceDrop: number;
  /** sd of the logit after it, and now · log-odds */
  sdAfter: number;
  sdNow: number;
}

/** The next examination or treatment, with its reason. Always a person decides. */
export interface Suggestion {
  /** the rule, or rule and object where one rule speaks of several: `R13`, `R34:mri` */
  id: string;
  rule: string;
  /** below 140 characters */
  title: string;
  detail: string;
  kind: SuggestionKind;
  strength: SuggestionStrength;
  urgency: Urgency;
  source: string;
  because: readonly Reason[];
  /** what would be ordered, as a code */
  order?: Coding;
  modality?: InferenceModality;
  /** what the examination is expected to tell */
  worth?: ExaminationWorth;
}

/** How a question is answered. */
export type AnswerForm =
  | { kind: 'yes-no' }
  | { kind: 'number'; unit: Unit; min: number; max: number }
  | { kind: 'choice'; options: readonly { value: string; text: string }[] };

/** Something that a rule needs and nobody has said yet. */
export interface Ask {
  /** id of the rule vocabulary */
  finding: string;
  question: string;
  form: AnswerForm;
  /** rules that wait for it */
  rules: readonly string[];
  /** true: an emergency or urgent rule waits for it */
  redFlag: boolean;
}

/** An answer a person gave. Yes and no are 1 and 0. */
export interface Answer {
  /** id of the rule vocabulary or of the dictionary */
  finding: string;
  value: number | string;
  /** ISO 8601 · when it was true of the patient */
  at: string;
  user?: string;
}

/** What a person made of a suggestion; append-only. */
export interface SuggestionDecision {
  suggestion: string;
  rule: string;
  decision: 'accepted' | 'overridden';
  /** needed when overridden */
  reason?: string;
  /** ISO 8601 */
  at: string;
  user?: string;
  /** number of the assessment it was seen in */
  assessment?: number;
}
