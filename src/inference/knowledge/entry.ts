/** What the dictionary says of one feature: meaning, spread in the population, and how its value becomes terms of the model. */

import type { Construct, InferenceModality, Posture, Scale, Unit } from '../../model/index.ts';

/** Spread of a feature in people referred for degenerative spine disease; working assumptions, see NOTES.md. */
export type Marginal =
  | { kind: 'normal'; mean: number; sd: number; low?: number; high?: number }
  | { kind: 'lognormal'; median: number; sdLog: number; low?: number; high?: number }
  | { kind: 'classes'; values: readonly (number | string)[]; shares: readonly number[] };

/** How a value becomes a number that a weight multiplies. */
export type Basis =
  | { kind: 'linear'; centre: number; per: number; low?: number; high?: number }
  | { kind: 'hinge'; knot: number; per: number; high?: number }
  | { kind: 'at-least'; cut: number }
  | { kind: 'equals'; values: readonly (number | string)[] }
  | { kind: 'halving'; from: number; most: number };

/** One weight of the model. Its prior is that of a row of the evidence table. */
export interface Term {
  /** unique in the model: the feature, and what part of it */
  id: string;
  /** row of the evidence table, counted from 1 */
  row: number;
  basis: Basis;
  /** published ratio turned to the step of this term, for showing what adding them up would do */
  published?: number;
}

/** Expected value by age, and its spread: the feature is scored as (value − expected) / sd. */
export interface AgeNorm {
  /** age in years and expected value, in order of age */
  at: readonly (readonly [age: number, value: number])[];
  sd: number;
}

/** Expected value by level of the spine; scored as for age. */
export interface LevelNorm {
  levels: Readonly<Record<string, readonly [mean: number, sd: number]>>;
}

/** A code of a public system. `doubtful` codes have one weak source and want a terminology server. */
export interface FeatureCode {
  system: 'LOINC' | 'SNOMED';
  code: string;
  doubtful?: boolean;
}

/** One feature of the dictionary. */
export interface FeatureEntry {
  id: string;
  name: string;
  unit: Unit;
  /** row of the evidence table, counted from 1 */
  row: number;
  modality: InferenceModality;
  /** other modalities that can bring the same feature */
  also: readonly InferenceModality[];
  construct: Construct;
  scale: Scale;
  /** days before the index date in which a value counts; undefined: does not age */
  windowDays?: number;
  /** only values in this posture can be scored */
  posture?: Posture;
  /** standard deviation of one measurement · unit of the feature; 0 for what is asked or graded */
  errorSd: number;
  /** only values at lumbar levels and the lumbosacral junction count */
  lumbarOnly?: boolean;
  /** of several values at different levels or sides, which one counts */
  pick: 'latest' | 'largest' | 'smallest';
  marginal: Marginal;
  /** correlation of the (normal) rank of the value with the severity all features share */
  loading: number;
  norm?: AgeNorm | LevelNorm;
  terms: readonly Term[];
  /** active: in the model; held: no evidence that it predicts surgery, weight 0 until own outcomes free it; context: never a weight */
  use: 'active' | 'held' | 'context';
  /** of features of one group only the first that is known enters: never add twice */
  group?: string;
  codes: readonly FeatureCode[];
  /** capability features that bring this one: a definition, or `definition@site` where it serves several sites */
  from: readonly string[];
  /** what comes from a capability has a sign that the dictionary does not ask for: which side, not how much */
  magnitude?: true;
  /** what comes from a capability is graded: the value is how many of these cuts, in its own unit, it reaches */
  cuts?: readonly number[];
}

/** How a value of a feature is said: a yes or no, a grade, a class by its name, or a number in its unit. */
export function valueKindOf({ marginal }: Pick<FeatureEntry, 'marginal'>): 'number' | 'yes-no' | 'grade' | 'class' {
  if (marginal.kind !== 'classes') return 'number';
  const { values } = marginal;
  if (values.some((value) => typeof value === 'string')) return 'class';
  return values.length === 2 && values[0] === 0 && values[1] === 1 ? 'yes-no' : 'grade';
}
