/** Feature space and risk: what the inference engine knows of a patient at an index date, and its word about it. */

import type { Posture } from '../record/acquisition.ts';
import type { Evidence } from '../record/feature.ts';
import type { Unit } from '../units.ts';

/** Where knowledge of a patient comes from; the outer arcs of the chord graph. */
export type InferenceModality =
  | 'record'
  | 'questionnaire'
  | 'mri'
  | 'ct'
  | 'radiograph'
  | 'ultrasound'
  | 'emg'
  | 'imu'
  | 'video'
  | 'laboratory'
  | 'dxa';

/** What a feature is about; the middle arcs of the chord graph. */
export type Construct =
  | 'person'
  | 'pain-disability'
  | 'stenosis'
  | 'herniation'
  | 'instability'
  | 'degeneration'
  | 'alignment'
  | 'muscle'
  | 'movement'
  | 'bone'
  | 'inflammation'
  | 'care';

/** What a person calls each construct. */
export const CONSTRUCT_NAMES: Readonly<Record<Construct, string>> = {
  person: 'Person',
  'pain-disability': 'Pain and disability',
  stenosis: 'Stenosis',
  herniation: 'Herniation',
  instability: 'Instability',
  degeneration: 'Degeneration',
  alignment: 'Alignment',
  muscle: 'Muscle',
  movement: 'Movement',
  bone: 'Bone',
  inflammation: 'Inflammation',
  care: 'Care so far',
};

/** Follow-up interval of a prediction, months after the index date: first six, six to twelve, or both together. */
export type Horizon = '0-6' | '6-12' | '0-12';

/** How far the model in use has been moved, or proven, by outcomes of the own site. */
export type ModelState =
  | 'prior-driven'
  | 'intercept-recalibrated'
  | 'slope-recalibrated'
  | 'validated-locally'
  | 'revised'
  | 'suspended'
  /** could not be evaluated: the base rate of the setting stands in, and says nothing of the patient */
  | 'failed';

/**
 * One value of one patient in the feature space.
 *
 * `feature` is an id of the dictionary (`knowledge`). Yes/no values are 1 and 0, grades are numbers, levels of the spine are texts.
 * `sd` is the standard deviation of the measurement in `unit`; 0 says exact, undefined that the dictionary's own error applies.
 */
export interface FeatureRecord {
  feature: string;
  value: number | string;
  unit: Unit;
  sd?: number;
  /** ISO 8601 · when it was true of the patient; undefined: at the index date, unless undated */
  time?: string;
  /** true: nobody knows when it was taken */
  undated?: true;
  posture?: Posture;
  side?: 'left' | 'right';
  level?: string;
  task?: string;
  device?: string;
  method?: string;
  version?: number | string;
  /** 0 to 1 */
  quality?: number;
  /** who or what graded, and on which scale */
  grader?: string;
  modality?: InferenceModality;
  /** id of the record, feature or FHIR resource it was taken from */
  source?: string;
  /** artifact places behind it */
  evidence?: readonly Evidence[];
}

/** Why a record was left out when the feature space was made at an index date. */
export interface LeftOutRecord {
  record: FeatureRecord;
  reason:
    | 'unknown-feature'
    | 'too-old'
    | 'after-index'
    | 'wrong-posture'
    | 'wrong-level'
    | 'no-value'
    | 'wrong-unit'
    | 'older-than-used';
  /** one sentence for a reader */
  detail: string;
}

/** Features of one patient that count at one index date: at most one record a feature, sd grown with age. */
export interface FeatureSpace {
  /** ISO 8601 */
  indexDate: string;
  features: ReadonlyMap<string, SynchronisedFeature>;
  leftOut: readonly LeftOutRecord[];
}

/** One feature at the index date. */
export interface SynchronisedFeature {
  /** id of the dictionary */
  feature: string;
  value: number | string;
  /** sd at the index date: measurement and age together · unit of the dictionary */
  sd: number;
  /** part of `sd` that the measurement brought */
  sdMeasured: number;
  /** of an undated value the whole window */
  ageDays: number;
  record: FeatureRecord;
}

/** A feature of the twin that the dictionary has no line for: at the index date it describes the patient, and has no weight. */
export interface DescribedFeature {
  /** `structure.measure[.site][.level][.side][@window]` */
  feature: string;
  /** undefined: nobody knows when it was taken */
  ageDays?: number;
  record: FeatureRecord;
}

/**
 * What one feature adds to the logit of the 12-month risk. The sum of `mean` over all contributions plus the intercept is the
 * logit of the prediction to 1e-9.
 */
export interface Contribution {
  feature: string;
  name: string;
  modality: InferenceModality;
  construct: Construct;
  /** expected contribution · log-odds */
  mean: number;
  /** standard deviation of the contribution · log-odds */
  sd: number;
  /** false: not measured, integrated out (grey and dashed on screen) */
  observed: boolean;
  /** weight held at zero for want of evidence that it predicts surgery (lock on screen); `sd` is then the sd it would bring */
  held: boolean;
  /** value it was computed from; undefined when not observed */
  value?: number | string;
  unit: Unit;
  /** its values 1 and 0 are yes and no */
  yesNo?: true;
  /** row of the knowledge table, counted from 1 */
  row: number;
  ageDays?: number;
  record?: FeatureRecord;
}

/** Variance of the logit by where doubt comes from; the three add up to the variance of the logit. */
export interface DoubtShares {
  /** weights and intercept */
  parameter: number;
  /** errors and age of what was measured */
  measurement: number;
  /** features that were not measured */
  missing: number;
}

/** Probability of one interval with its 90 % interval. */
export interface HorizonRisk {
  horizon: Horizon;
  /** expit of the expected logit for 0-12; the hazard split of it for the others */
  probability: number;
  low: number;
  high: number;
  /** mean of the predictive distribution: the number that calibration is about */
  expected: number;
}

/** The trusted model's word about one patient at one index date. */
export interface RiskPrediction {
  model: { id: string; version: number };
  state: ModelState;
  /** words that stay on screen until the state is validated locally; empty after */
  caution: string;
  setting: { id: string; name: string; baseRate: number; source: string };
  indexDate: string;
  /** 0-12 first, then 0-6 and 6-12 */
  horizons: readonly HorizonRisk[];
  logit: number;
  sdLogit: number;
  intercept: number;
  interceptSd: number;
  doubt: DoubtShares;
  /** largest |mean| first */
  contributions: readonly Contribution[];
  synthetic: boolean;
}
