/** What goes into the inference engine and what comes out of it: one assessment of one patient at one index date. */

import type { ClinicalRecord } from '../clinical/record.ts';
import type { Acquisition } from '../record/acquisition.ts';
import type { Feature } from '../record/feature.ts';
import type { Table } from '../table.ts';
import type { PatientGraph } from './patient-graph.ts';
import type {
  Construct,
  DescribedFeature,
  InferenceModality,
  LeftOutRecord,
  ModelState,
  RiskPrediction,
  SynchronisedFeature,
} from './risk.ts';
import type { Answer, AnswerForm, Ask, ExaminationWorth, Suggestion } from './suggestion.ts';

/** Everything the engine is told about a patient. No identity. */
export interface InferenceInput {
  /** pseudonymous id */
  twin: string;
  /** ISO 8601 · when it is asked */
  at: string;
  /** ISO 8601 · values after it do not count; the newest date of the data, not after `at`, when absent */
  indexDate?: string;
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
  /** risks within twelve months below and above which the site acts differently · 0 to 1 · the engine's own when undefined */
  actionBand?: ActionBand;
  synthetic: boolean;
}

/** Risks of surgery within twelve months between which a site would look closer; below and above it acts differently · 0 to 1. */
export type ActionBand = readonly [low: number, high: number];

/** The challenger's number, shown beside the trusted one and never instead of it. */
export interface ChallengerOpinion {
  model: { id: string; version: number };
  /** of surgery within twelve months */
  probability: number;
  /** what it was trained on, and why it is an opinion only */
  note: string;
  /** what its logit loses when the message of a feature is stopped, largest first · log-odds */
  explanation?: readonly { feature: string; name: string; worth: number }[];
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
  /** band that the rules read the risk against; absent in assessments stored before sites could set it */
  actionBand?: ActionBand;
  /** answers that cannot be ruled out at 1 − alpha; both: undecided. Absent until there are own outcomes enough */
  conformal?: { set: readonly ('surgery' | 'no surgery')[]; alpha: number; cases: number };
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

/** A patient whose twelve months of follow-up are over, with what was known at the index date. */
export interface ClosedOutcome {
  twin: string;
  setting: string;
  indexDate: string;
  /** ISO 8601 · when follow-up ended */
  closedAt: string;
  /** expected risk that was told at the index date */
  predicted: number;
  /** 1 in months 0-6, 2 in months 6-12, 0 not operated */
  operatedIn: 0 | 1 | 2;
  used: readonly SynchronisedFeature[];
}

/** One event in the life of a site's model; names no patient. */
export interface SiteModelEvent {
  kind: 'published' | 'rolled-back' | 'suspended';
  at: string;
  version: number;
  reason: string;
}

/** A site's model of one setting as it is stored: plain JSON, every change a new copy. Outcomes are kept apart, with their twins. */
export interface SiteModelState {
  schemaVersion: 1;
  setting: string;
  versions: readonly {
    version: number;
    state: ModelState;
    learnt: { patients: number; events: number };
    ids: readonly string[];
    mean: readonly number[];
    covariance: readonly number[];
  }[];
  /** version that predicts now */
  active: number;
  suspended: boolean;
  events: readonly SiteModelEvent[];
  /**
   * calibration cases of conformal sets, absent below fifty outcomes of either kind: one less the risk told to those operated, and the
   * risk told to the others, ascending
   */
  conformal?: { alpha: number; surgery: readonly number[]; none: readonly number[] };
  /** graph network trained on the site's own outcomes; absent below the least number of operations */
  challenger?: {
    version: number;
    /** outcomes it has learnt from, the first ones of the site */
    learnt: number;
    gains: {
      intercept: number;
      gain: Readonly<Record<string, number>>;
      activation: 'linear' | 'saturating';
      limit: number;
    };
    /** its predecessor against the trusted model, on outcomes neither had learnt from */
    verdict?: { version: number; promoted: boolean; outcomes: number; events: number; reasons: readonly string[] };
  };
  /** sums of the drift watch */
  watch: { up: number; down: number; sinceUp: number; sinceDown: number; alarm: 'up' | 'down' | null };
}

/** The life of a site's model: every function takes a state and gives the next. */
export interface SiteModelLife {
  /** the model before any outcome */
  open(setting: string, at: string): SiteModelState;
  /** @param before - outcomes already counted */
  record(state: SiteModelState, outcome: ClosedOutcome, at: string): SiteModelState;
  /** @throws MsdtError `input.missing` nothing to learn from */
  update(state: SiteModelState, outcomes: readonly ClosedOutcome[], at: string): SiteModelState;
  /** @throws MsdtError `store.not-found` no such version */
  rollBack(state: SiteModelState, version: number, at: string, reason: string): SiteModelState;
}

/** Another patient, as far as likeness is concerned. */
export interface OtherPatient {
  twin: string;
  used: readonly SynchronisedFeature[];
}

/** A patient like this one. */
export interface LikePatient {
  twin: string;
  /** Gower distance over the features both have · 0 alike, 1 as far apart as the population goes */
  distance: number;
  /** features both have */
  shared: number;
}

/** One line of the feature dictionary with its evidence. */
export interface KnowledgeEntry {
  id: string;
  name: string;
  unit: string;
  row: number;
  modality: InferenceModality;
  construct: Construct;
  use: 'active' | 'held' | 'context';
  /** how a reader says a value: 1 and 0 of `yes-no` are yes and no, a `grade` is a whole number, a `class` a text */
  valueKind: 'number' | 'yes-no' | 'grade' | 'class';
  windowDays?: number;
  reference: string;
  direction: string;
  ratio: string;
  interval: string;
  ratioAbout: string;
  source: string;
  step: string;
  priorMean?: number;
  priorSd?: number;
  code: string;
}

/** What the engine knows before it sees a patient. */
export interface InferenceKnowledge {
  version: string;
  settings: readonly { id: string; name: string; baseRate: number; horizon: string; source: string }[];
  features: readonly KnowledgeEntry[];
  findings: readonly { id: string; question: string; form: AnswerForm; redFlag: boolean }[];
  rules: readonly { id: string; title: string; when: string; strength: string; urgency: string; source: string }[];
}

/** How a cohort did, learner by learner: plain JSON. */
export interface CohortFigures {
  synthetic: boolean;
  rows: number;
  events: number;
  outcome: string;
  positive: string;
  notes: readonly string[];
  repeats: number;
  folds: number;
  learners: readonly {
    learner: string;
    figures: Readonly<Record<string, number>>;
    spread?: Readonly<Record<string, number>>;
    interval?: Readonly<Record<string, readonly [number, number]>>;
    calibration: readonly { count: number; predicted: number; observed: number; low?: number; high?: number }[];
    /** net benefit of acting on the model, with its 90 % interval, on everybody, and on nobody (0) */
    decision: readonly {
      threshold: number;
      model: number;
      low?: number;
      high?: number;
      treatAll: number;
      treatNone?: number;
    }[];
  }[];
  contributions: readonly { column: string; contribution: number; low: number; high: number }[];
}

/** Choices of a cohort's evaluation. */
export interface CohortChoices {
  outcome: string;
  positive?: string;
  repeats?: number;
  folds?: number;
  learners?: readonly string[];
  onProgress?(fraction: number, message: string): void;
}

/** The inference engine as the catalogue lists it. Pure: the same input and site model give the same assessment. */
export interface InferenceEngine {
  id: string;
  version: number;
  /** setting taken where nobody chose one; said on screen */
  assumedSetting: string;
  /** taken until a site sets its own */
  assumedBand: ActionBand;
  knowledge(): InferenceKnowledge;
  /**
   * @param site - the site's model of the setting; the literature prior when undefined
   * @throws MsdtError `parameter.invalid` the index date is no date, or no such setting
   */
  assess(input: InferenceInput, site?: SiteModelState): Assessment;
  /** What else was measured at an index date: features of any capability that the dictionary does not take. */
  described(
    input: Pick<InferenceInput, 'features' | 'acquisitions' | 'acquisitionOf'>,
    indexDate: string,
  ): DescribedFeature[];
  site: SiteModelLife;
  /** Patients nearest in what both were measured by, nearest first. */
  patientsLikeThis(used: readonly SynchronisedFeature[], others: readonly OtherPatient[], count: number): LikePatient[];
  /** Trains and scores the learners on a table. @throws MsdtError the table cannot be learnt from */
  evaluateTable(table: Table, choices: CohortChoices): CohortFigures;
  /** Generates a SYNTHETIC cohort and scores the literature prior on it. */
  simulateCohort(patients: number, seed: number): CohortFigures;
}
