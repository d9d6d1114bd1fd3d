/** Risk of one patient with its doubt and its reasons. */

import { expit } from '../../kernel/index.ts';
import type { Contribution, DoubtShares, FeatureSpace, HorizonRisk, RiskPrediction } from '../../model/index.ts';
import { DICTIONARY, type FeatureEntry, KNOWLEDGE, type Setting, valueKindOf } from '../knowledge/index.ts';
import { evaluateBasis } from './basis.ts';
import { missingMoments, SEVERITY_PRIOR } from './latent.ts';
import type { TrustedModel } from './model.ts';
import { type EnteredFeature, measuredOf, type PatientMoments, patientMoments, termCovariance } from './moments.ts';

/** Half width of a 90 % interval in standard deviations. */
export const Z90 = 1.6448536269514722;

export const NOT_VALIDATED =
  'Prior from the literature, not validated locally. Risk that surgery happens, not need of surgery.';

/** Choices of {@link predictRisk}. */
export interface PredictOptions {
  synthetic?: boolean;
}

/** The logit of a patient as mean and variance, and what it is made of. */
export interface LogitMoments {
  patient: PatientMoments;
  /** covariance of the terms given what is known, shape [terms, terms] */
  covariance: Float64Array;
  logit: number;
  variance: number;
  doubt: DoubtShares;
}

/** Mean and variance of the logit, split by where doubt comes from. */
export function logitMoments(model: TrustedModel, space: FeatureSpace): LogitMoments {
  const patient = patientMoments(model.entries, space);
  const { mean: weight, covariance: belief } = model.weights;
  const n = weight.length;
  const g = patient.mean;
  const covariance = termCovariance(patient);
  let logit = weight[0];
  let parameter = belief[0];
  for (let i = 1; i < n; i++) {
    logit += weight[i] * g[i - 1];
    parameter += 2 * belief[i] * g[i - 1];
    for (let j = 1; j < n; j++) parameter += g[i - 1] * belief[i * n + j] * g[j - 1];
  }
  const measured = new Uint8Array(n);
  for (const { from, entry, measured: value } of patient.entered)
    if (value) measured.fill(1, from + 1, from + 1 + entry.terms.length);
  let measurement = 0;
  let missing = 0;
  for (let i = 1; i < n; i++) {
    for (let j = 1; j < n; j++) {
      const shared = covariance[(i - 1) * (n - 1) + j - 1];
      if (shared === 0) continue;
      const part = (weight[i] * weight[j] + belief[i * n + j]) * shared;
      if (measured[i] && measured[j]) measurement += part;
      else missing += part;
    }
  }
  return {
    patient,
    covariance,
    logit,
    variance: parameter + measurement + missing,
    doubt: { parameter, measurement, missing },
  };
}

/**
 * Risk of spinal surgery in the twelve months after the index date, its interval and what drives it.
 *
 * `probability` is expit of the expected logit, to which the contributions add up; `expected` averages the risk over all doubt and is
 * what calibration is about. '6-12' is the risk of those not operated in the first six months.
 */
export function predictRisk(model: TrustedModel, space: FeatureSpace, options: PredictOptions = {}): RiskPrediction {
  const moments = logitMoments(model, space);
  const { logit, variance, doubt } = moments;
  const sdLogit = Math.sqrt(variance);
  return {
    model: { id: model.id, version: model.version },
    state: model.state,
    caution: cautionOf(model),
    setting: settingLine(model.setting),
    indexDate: space.indexDate,
    horizons: horizonsOf(logit, sdLogit, model.firstHalf),
    logit,
    sdLogit,
    intercept: model.weights.mean[0],
    interceptSd: Math.sqrt(model.weights.covariance[0]),
    doubt,
    contributions: contributionsOf(model, space, moments),
    synthetic: options.synthetic === true,
  };
}

/** The three horizons of a normally distributed logit of the 12-month risk. */
export function horizonsOf(logit: number, sdLogit: number, firstHalf: number): HorizonRisk[] {
  const low = expit(logit - Z90 * sdLogit);
  const high = expit(logit + Z90 * sdLogit);
  const split = (p: number, share: number) => 1 - (1 - p) ** share;
  const horizon = (name: HorizonRisk['horizon'], share: number): HorizonRisk => ({
    horizon: name,
    probability: split(expit(logit), share),
    low: split(low, share),
    high: split(high, share),
    expected: expectedRisk(logit, sdLogit, share),
  });
  return [horizon('0-12', 1), horizon('0-6', firstHalf), horizon('6-12', 1 - firstHalf)];
}

/** Mean risk of a normally distributed logit, of a share of its cumulative hazard; trapezium over ±5 sd. */
export function expectedRisk(logit: number, sdLogit: number, share = 1): number {
  if (sdLogit === 0) return 1 - (1 - expit(logit)) ** share;
  let sum = 0;
  let total = 0;
  for (let k = -20; k <= 20; k++) {
    const z = k / 4;
    const weight = Math.exp((-z * z) / 2);
    const p = expit(logit + sdLogit * z);
    sum += weight * (share === 1 ? p : 1 - (1 - p) ** share);
    total += weight;
  }
  return sum / total;
}

/** Words that stand beside the number as long as the state asks for them. */
export function cautionOf(model: TrustedModel): string {
  if (model.state === 'validated-locally' || model.state === 'revised') return '';
  if (model.state === 'suspended')
    return 'Suspended: outcomes have drifted away from the model. Do not use this number.';
  return NOT_VALIDATED;
}

/** The setting as it stands beside a risk. */
export function settingLine(setting: Setting): RiskPrediction['setting'] {
  return {
    id: setting.id,
    name: setting.name,
    baseRate: setting.baseRate,
    source: `${setting.source}; ${setting.horizon}`,
  };
}

function contributionsOf(model: TrustedModel, space: FeatureSpace, moments: LogitMoments): Contribution[] {
  const spoken = moments.patient.entered.map((feature) => contributionOf(model, space, moments, feature));
  const entered = new Set(moments.patient.entered.map(({ entry }) => entry));
  const held = DICTIONARY.filter((entry) => entry.use === 'held' && !entered.has(entry)).map((entry) =>
    heldContribution(entry, space),
  );
  return [
    ...spoken.sort((a, b) => Math.abs(b.mean) - Math.abs(a.mean) || a.row - b.row),
    ...held.sort((a, b) => Number(b.observed) - Number(a.observed) || a.row - b.row),
  ];
}

function contributionOf(
  model: TrustedModel,
  space: FeatureSpace,
  { patient, covariance }: LogitMoments,
  { entry, from, measured }: EnteredFeature,
): Contribution {
  const { mean: weight, covariance: belief } = model.weights;
  const n = weight.length;
  let mean = 0;
  let variance = 0;
  for (let a = from; a < from + entry.terms.length; a++) {
    mean += weight[a + 1] * patient.mean[a];
    for (let b = from; b < from + entry.terms.length; b++) {
      const shared = covariance[a * (n - 1) + b];
      const doubt = belief[(a + 1) * n + b + 1];
      variance += patient.mean[a] * doubt * patient.mean[b] + (weight[a + 1] * weight[b + 1] + doubt) * shared;
    }
  }
  return {
    ...aboutEntry(entry, space),
    mean,
    sd: Math.sqrt(Math.max(0, variance)),
    observed: measured !== undefined,
    held: false,
  };
}

function heldContribution(entry: FeatureEntry, space: FeatureSpace): Contribution {
  const measured = measuredOf(entry, space, ageOf(space));
  let variance = 0;
  entry.terms.forEach((term, a) => {
    const n = entry.terms.length;
    const square = measured
      ? evaluateBasis(term.basis, measured.value) ** 2
      : SEVERITY_PRIOR.reduce((sum, p, k) => sum + p * missingMoments(entry).second[(k * n + a) * n + a], 0);
    variance += (KNOWLEDGE[term.row - 1].sd ?? 0) ** 2 * square;
  });
  return {
    ...aboutEntry(entry, space),
    mean: 0,
    sd: Math.sqrt(variance),
    observed: measured !== undefined,
    held: true,
  };
}

function ageOf(space: FeatureSpace): number | undefined {
  const age = Number(space.features.get('person.age')?.value);
  return Number.isFinite(age) ? age : undefined;
}

function aboutEntry(entry: FeatureEntry, space: FeatureSpace) {
  const known = space.features.get(entry.id);
  return {
    feature: entry.id,
    name: entry.name,
    modality: known?.record.modality ?? entry.modality,
    construct: entry.construct,
    unit: entry.unit,
    ...(valueKindOf(entry) === 'yes-no' && { yesNo: true as const }),
    row: entry.row,
    ...(known
      ? { value: known.value, ageDays: known.record.undated ? undefined : known.ageDays, record: known.record }
      : {}),
  };
}
