/** What goes into the inference engine and what comes out of it: one assessment of one patient at one index date. */

import type { ClinicalRecord } from '../clinical/record.ts';
import type { Acquisition } from '../record/acquisition.ts';
import type { Feature } from '../record/feature.ts';
import type { PatientGraph } from './patient-graph.ts';
import type { LeftOutRecord, RiskPrediction, SynchronisedFeature } from './risk.ts';
import type { Answer, Ask, ExaminationWorth, Suggestion } from './suggestion.ts';

/** Everything the engine is told about a patient. No identity. */
export interface InferenceInput {
  /** pseudonymous id */
  twin: string;
  /** ISO 8601 · values after it do not count */
  indexDate: string;
  /** id of a setting; undefined: nobody has chosen one, the engine assumes one and says so */
  setting?: string;
  /** current features of the twin */
  features: readonly Feature[];
  acquisitions: readonly Acquisition[];
  /** clinical records, each with the artifact it lies in */
  records: readonly { artifact: string; record: ClinicalRecord }[];
  /** acquisition that an artifact descends from, by artifact id; lets the patient graph say which examination showed what */
  acquisitionOf?: Readonly<Record<string, string>>;
  answers: readonly Answer[];
  synthetic: boolean;
}

/** The challenger's number, shown beside the trusted one and never instead of it. */
export interface ChallengerOpinion {
  model: { id: string; version: number };
  /** of surgery within twelve months */
  probability: number;
  /** what it was trained on, and why it is an opinion only */
  note: string;
}

/** The engine's word about a patient; append-only in the twin. */
export interface Assessment {
  schemaVersion: 1;
  engine: { id: string; version: number };
  indexDate: string;
  /** false: the setting was assumed, nobody chose it */
  settingChosen: boolean;
  risk: RiskPrediction;
  challenger?: ChallengerOpinion;
  used: readonly SynchronisedFeature[];
  leftOut: readonly LeftOutRecord[];
  /** emergency first, then urgent, then by strength and worth */
  suggestions: readonly Suggestion[];
  asks: readonly Ask[];
  /** examinations not made, the most telling first */
  worth: readonly ExaminationWorth[];
  graph: PatientGraph;
  synthetic: boolean;
}

/** The inference engine as the catalogue lists it. Pure: the same input and site model give the same assessment. */
export interface InferenceEngine {
  id: string;
  version: number;
  /** settings a site can choose from */
  settings: readonly { id: string; name: string; baseRate: number; horizon: string; source: string }[];
  /**
   * @param siteModel - the site's own model log as stored; undefined before any outcome
   * @throws MsdtError `parameter.invalid` the index date is no date, or no such setting
   */
  assess(input: InferenceInput, siteModel?: unknown): Assessment;
}
