/**
 * Synthetic spine patients, every one marked SYNTHETIC: features from the dictionary's marginals and its copula, outcomes from the
 * trusted model with known weights. For tests and demonstrations; a model's AUC on them says nothing about patients.
 */

import { cholesky, createRandom, expit, type Random } from '../../kernel/index.ts';
import type { Construct, FeatureRecord, InferenceModality } from '../../model/index.ts';
import { DICTIONARY, type FeatureEntry } from '../knowledge/index.ts';
import { evaluateBasis, normOf } from '../risk/basis.ts';
import { valueAtRank } from '../risk/integrals.ts';
import type { TrustedModel } from '../risk/model.ts';

export const WATERMARK = 'SYNTHETIC';

/** Who goes without which values. */
export type Missingness = 'none' | 'at-random' | 'by-design';

/** Choices of {@link generateCohort}. */
export interface CohortOptions {
  patients: number;
  seed?: number;
  /** ISO 8601 */
  indexDate?: string;
  missing?: Missingness;
  /** one: all patients live under one set of true weights; many: each under its own draw from the model's belief */
  worlds?: 'one' | 'many';
  /** true weights to use instead of a draw */
  weights?: ArrayLike<number>;
  /** a truth that is no sum: what the features of one construct say together saturates at `limit`, then counts `gain` times */
  saturation?: Saturation;
  /** log-odds added to every patient's truth from this patient on: a change of practice */
  drift?: { from: number; shift: number };
}

/** How the truth of a cohort bends. */
export interface Saturation {
  /** log-odds */
  limit: number;
  /** 1 where left out */
  gain: Readonly<Partial<Record<Construct, number>>>;
}

/** One synthetic patient and the truth about it. */
export interface SyntheticPatient {
  /** begins with the watermark */
  id: string;
  synthetic: true;
  records: FeatureRecord[];
  /** true log-odds of surgery within twelve months */
  logit: number;
  /** 0 not operated, 1 in months 0-6, 2 in months 6-12 */
  operatedIn: 0 | 1 | 2;
}

const DEFAULT_DATE = '2026-01-05';

/** Share of patients examined at all, by modality, where values are missing by design of care. */
const EXAMINED: Readonly<Partial<Record<InferenceModality, number>>> = {
  ct: 0.35,
  radiograph: 0.5,
  emg: 0.3,
  imu: 0.3,
  laboratory: 0.4,
  dxa: 0.15,
  ultrasound: 0.2,
};

/** Makes the patients; same choices, same patients. */
export function generateCohort(model: TrustedModel, options: CohortOptions): SyntheticPatient[] {
  const { patients, seed = 1, missing = 'none', worlds = 'one', indexDate = DEFAULT_DATE, drift, saturation } = options;
  const random = createRandom(seed);
  const entries = generatedEntries();
  const root = cholesky(model.weights.covariance, model.weights.mean.length);
  const one = options.weights ?? drawWeights(model, root, random);
  const places = termPlaces(model);
  return Array.from({ length: patients }, (_, at) => {
    const truth = worlds === 'many' ? drawWeights(model, root, random) : one;
    const values = drawValues(entries, random);
    const shift = drift && at >= drift.from ? drift.shift : 0;
    const parts = entries.flatMap(({ id, construct, terms }) =>
      terms.flatMap((term) => {
        const place = places.get(term.id);
        if (place === undefined) return [];
        return [{ construct, part: truth[place] * evaluateBasis(term.basis, values.get(id)?.score ?? 0) }];
      }),
    );
    const logit = addUp(truth[0] + shift, parts, saturation);
    const seen = entries.filter(examinedOf(missing, values, random));
    return {
      id: `${WATERMARK}-${String(at + 1).padStart(6, '0')}`,
      synthetic: true,
      records: seen.map((entry) => recordOf(entry, values.get(entry.id) as Drawn, indexDate, random)),
      logit,
      operatedIn: operationOf(expit(logit), model.firstHalf, random),
    };
  });
}

function addUp(
  intercept: number,
  parts: readonly { construct: Construct; part: number }[],
  saturation: Saturation | undefined,
): number {
  if (!saturation) return parts.reduce((sum, { part }) => sum + part, intercept);
  const { limit, gain } = saturation;
  const sums = new Map<Construct, number>();
  for (const { construct, part } of parts) sums.set(construct, (sums.get(construct) ?? 0) + part);
  let logit = intercept;
  for (const [construct, sum] of sums) logit += (gain[construct] ?? 1) * limit * Math.tanh(sum / limit);
  return logit;
}

interface Drawn {
  /** on the scale the model reads */
  score: number | string;
  norm?: { mean: number; sd: number };
  level?: string;
}

/** Every feature with a meaning of its own; of a group the first. */
function generatedEntries(): FeatureEntry[] {
  const groups = new Set<string>();
  return DICTIONARY.filter(({ group }) => {
    if (!group) return true;
    if (groups.has(group)) return false;
    groups.add(group);
    return true;
  });
}

function drawValues(entries: readonly FeatureEntry[], random: Random): Map<string, Drawn> {
  const severity = random.normal();
  const values = new Map<string, Drawn>();
  for (const entry of entries) {
    const rank = entry.loading * severity + Math.sqrt(1 - entry.loading ** 2) * random.normal();
    values.set(entry.id, { score: valueAtRank(entry.marginal, rank) });
  }
  const age = Number(values.get('person.age')?.score);
  for (const entry of entries) {
    if (!entry.norm) continue;
    const level = 'levels' in entry.norm ? 'L4-L5' : undefined;
    values.set(entry.id, { ...(values.get(entry.id) as Drawn), norm: normOf(entry, { age, level }), level });
  }
  return values;
}

function recordOf(entry: FeatureEntry, { score, norm, level }: Drawn, time: string, random: Random): FeatureRecord {
  const numeric = entry.marginal.kind !== 'classes';
  const value = numeric && norm ? norm.mean + norm.sd * Number(score) : score;
  return {
    feature: entry.id,
    value: numeric ? Number(value) + entry.errorSd * random.normal() : value,
    unit: entry.unit,
    sd: entry.errorSd,
    time,
    posture: entry.posture,
    level,
    grader: WATERMARK,
    modality: entry.modality,
  };
}

function examinedOf(missing: Missingness, values: ReadonlyMap<string, Drawn>, random: Random) {
  if (missing === 'none') return () => true;
  if (missing === 'at-random') {
    const absent = new Set<InferenceModality>();
    for (const modality of ['mri', 'ct', 'radiograph', 'emg', 'imu', 'laboratory', 'questionnaire'] as const)
      if (random.uniform() < 0.3) absent.add(modality);
    return (entry: FeatureEntry) => !absent.has(entry.modality) && random.uniform() > 0.1;
  }
  // who has marked claudication, deficit or paresthesia is sent to MRI, and these facts are on record
  const marked = ['symptom.claudication', 'symptom.motorDeficit', 'symptom.paresthesia'].some(
    (id) => values.get(id)?.score === 1,
  );
  const imaged = random.uniform() < (marked ? 0.9 : 0.25);
  const examined = new Map(Object.entries(EXAMINED).map(([name, share]) => [name, random.uniform() < share]));
  return (entry: FeatureEntry) => (entry.modality === 'mri' ? imaged : (examined.get(entry.modality) ?? true));
}

function operationOf(p: number, firstHalf: number, random: Random): 0 | 1 | 2 {
  const u = random.uniform();
  if (u < 1 - (1 - p) ** firstHalf) return 1;
  return u < p ? 2 : 0;
}

function drawWeights(model: TrustedModel, root: Float64Array, random: Random): Float64Array {
  const n = model.weights.mean.length;
  const own = Float64Array.from({ length: n }, () => random.normal());
  return model.weights.mean.map((mean, i) => {
    let sum = mean;
    for (let k = 0; k <= i; k++) sum += root[i * n + k] * own[k];
    return sum;
  });
}

function termPlaces(model: TrustedModel): Map<string, number> {
  return new Map(model.weights.ids.map((id, at) => [id, at]));
}
