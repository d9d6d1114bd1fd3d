/** What a rule is, and the codes of what it would order. */

import {
  CODE_SYSTEM,
  type Coding,
  type InferenceModality,
  type SuggestionKind,
  type SuggestionStrength,
  type Urgency,
} from '../../../model/index.ts';
import type { Condition } from '../condition.ts';

/** One rule: when it speaks, what it says, and on whose word. */
export interface Rule {
  /** `R01` to `R34` */
  id: string;
  condition: Condition;
  /** below 140 characters */
  title: string;
  detail: string;
  /** sentences added to the detail when their condition is known to hold */
  more?: readonly { when: Condition; text: string }[];
  kind: SuggestionKind;
  strength: SuggestionStrength;
  urgency: Urgency;
  /** where it comes from; what is our own assumption is called so */
  source: string;
  order?: Coding;
  /** what the suggested examination is made with */
  modality?: InferenceModality;
  /** examinations that are in place while the rule holds; only these are ranked by their worth (R34) */
  permits?: readonly InferenceModality[];
  /** of a "do not": findings and features that contradict it when they are yes */
  against?: readonly string[];
  /** R34 alone: one suggestion for each permitted examination that was not made, by its worth */
  each?: 'examination';
}

const loinc = (code: string, display: string): Coding => ({ system: CODE_SYSTEM.LOINC, code, display });
const snomed = (code: string, display: string): Coding => ({ system: CODE_SYSTEM.SNOMED, code, display });

/** Codes of what is ordered; displays are our own words. */
export const ORDER = {
  mri: loinc('30679-5', 'MRI of the lumbar spine without contrast'),
  mriContrast: loinc('24967-2', 'MRI of the lumbar spine without and with contrast'),
  ct: loinc('30620-9', 'CT of the lumbar spine without contrast'),
  radiograph: loinc('24972-2', 'Radiographs of the lumbar spine'),
  flexionExtension: loinc('24971-4', 'Radiographs of the lumbar spine in flexion and extension'),
  dxa: loinc('38267-1', 'Bone densitometry (DXA), T-score'),
  startBack: loinc('91351-7', 'STarT Back score'),
  surgeon: snomed('770695002', 'Referral for spinal surgery'),
  physiotherapy: snomed('91251008', 'Physical therapy'),
  movementTherapy: snomed('229064008', 'Movement therapy'),
  rehabilitation: snomed('78429003', 'Referral to rehabilitation'),
} as const;
