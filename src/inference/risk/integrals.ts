/**
 * Moments of the terms of a feature whose normal rank is normally distributed: trapezium over 25 standard errors from −4 to 4, in
 * closed form where nothing is cut off. Nearly all the time of scoring a cohort is spent here, so features of one term have loops
 * of their own: 4 times as fast as asking the marginal and the basis anew at every step, to the same bit.
 */

import { normalCdf } from '../../kernel/index.ts';
import type { Basis, FeatureEntry, Marginal } from '../knowledge/index.ts';
import { evaluateBasis } from './basis.ts';

/** Expectations of the terms of one feature at every node of severity. */
export interface TermMoments {
  /** E[g_a | s], shape [nodes, terms] */
  first: Float64Array;
  /** E[g_a g_b | s], shape [nodes, terms, terms] */
  second: Float64Array;
}

/** A spread over numbers. */
export type NumericMarginal = Exclude<Marginal, { kind: 'classes' }>;

const STEPS = 25;
const STANDARD = Float64Array.from({ length: STEPS }, (_, k) => -4 + (8 * k) / (STEPS - 1));
const STANDARD_SHARE = normalised(STANDARD.map((e) => Math.exp((-e * e) / 2)));

/** Adds the moments of a feature whose rank has a mean and an sd to those at a node of severity. */
export function addNormalMoments(
  entry: FeatureEntry,
  moments: TermMoments,
  node: number,
  mean: number,
  sd: number,
): void {
  const { marginal, terms } = entry;
  if (marginal.kind === 'classes') return;
  const only = terms.length === 1 ? terms[0].basis : undefined;
  if (only) {
    addSingle(marginal, only, moments, node, mean, sd);
    return;
  }
  for (let k = 0; k < STEPS; k++)
    addMoments(entry, moments, node, valueAtRank(marginal, mean + sd * STANDARD[k]), STANDARD_SHARE[k]);
}

/** Adds the moments of a feature that has a value, with the share that the value has. */
export function addMoments(
  entry: FeatureEntry,
  moments: TermMoments,
  node: number,
  value: number | string,
  share: number,
): void {
  const { terms } = entry;
  const n = terms.length;
  for (let a = 0; a < n; a++) {
    const g = evaluateBasis(terms[a].basis, value);
    if (g === 0) continue;
    moments.first[node * n + a] += share * g;
    for (let b = 0; b < n; b++) {
      const other = b === a ? g : evaluateBasis(terms[b].basis, value);
      moments.second[(node * n + a) * n + b] += share * g * other;
    }
  }
}

/** The value of a feature at a normal rank. */
export function valueAtRank(marginal: Marginal, rank: number): number | string {
  if (marginal.kind === 'classes') {
    let below = 0;
    const p = normalCdf(rank);
    for (let k = 0; k < marginal.values.length - 1; k++) {
      below += marginal.shares[k];
      if (p < below) return marginal.values[k];
    }
    return marginal.values[marginal.values.length - 1];
  }
  const raw =
    marginal.kind === 'normal' ? marginal.mean + marginal.sd * rank : marginal.median * Math.exp(marginal.sdLog * rank);
  return Math.min(marginal.high ?? Number.POSITIVE_INFINITY, Math.max(marginal.low ?? Number.NEGATIVE_INFINITY, raw));
}

/** The normal rank of a value, kept within ±3.5. */
export function rankOf(marginal: NumericMarginal, value: number): number {
  const rank =
    marginal.kind === 'normal'
      ? (value - marginal.mean) / marginal.sd
      : Math.log(Math.max(1e-9, value) / marginal.median) / marginal.sdLog;
  return Math.min(3.5, Math.max(-3.5, rank));
}

function addSingle(
  marginal: NumericMarginal,
  basis: Basis,
  moments: TermMoments,
  node: number,
  mean: number,
  sd: number,
): void {
  if (basis.kind === 'at-least') {
    const above = 1 - normalCdf((rankOf(marginal, basis.cut) - mean) / sd);
    moments.first[node] = above;
    moments.second[node] = above;
    return;
  }
  if (basis.kind === 'linear' && marginal.kind === 'normal' && !cutOff(marginal, basis, mean, sd)) {
    const g = (marginal.mean + marginal.sd * mean - basis.centre) / basis.per;
    moments.first[node] = g;
    moments.second[node] = g * g + ((marginal.sd * sd) / basis.per) ** 2;
    return;
  }
  fillValues(marginal, mean, sd);
  fillTerms(basis);
  let first = 0;
  let second = 0;
  for (let k = 0; k < STEPS; k++) {
    const part = STANDARD_SHARE[k] * TERMS[k];
    first += part;
    second += part * TERMS[k];
  }
  moments.first[node] = first;
  moments.second[node] = second;
}

/** True when a limit of the feature or of its term lies within four standard deviations. */
function cutOff(
  marginal: Extract<Marginal, { kind: 'normal' }>,
  basis: Extract<Basis, { kind: 'linear' }>,
  mean: number,
  sd: number,
): boolean {
  const centre = marginal.mean + marginal.sd * mean;
  const reach = 4 * (marginal.sd * sd);
  return !(
    centre - reach > Math.max(marginal.low ?? Number.NEGATIVE_INFINITY, basis.low ?? Number.NEGATIVE_INFINITY) &&
    centre + reach < Math.min(marginal.high ?? Number.POSITIVE_INFINITY, basis.high ?? Number.POSITIVE_INFINITY)
  );
}

/** Values and terms at the steps of one integral; filled anew for each. */
const VALUES = new Float64Array(STEPS);
const TERMS = new Float64Array(STEPS);

function fillValues(marginal: NumericMarginal, mean: number, sd: number): void {
  const low = marginal.low ?? Number.NEGATIVE_INFINITY;
  const high = marginal.high ?? Number.POSITIVE_INFINITY;
  if (marginal.kind === 'normal') {
    const { mean: centre, sd: spread } = marginal;
    for (let k = 0; k < STEPS; k++) VALUES[k] = within(centre + spread * (mean + sd * STANDARD[k]), low, high);
    return;
  }
  const { median, sdLog } = marginal;
  for (let k = 0; k < STEPS; k++) VALUES[k] = within(median * Math.exp(sdLog * (mean + sd * STANDARD[k])), low, high);
}

function fillTerms(basis: Basis): void {
  if (basis.kind === 'linear') {
    const { centre, per, low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } = basis;
    for (let k = 0; k < STEPS; k++) TERMS[k] = (within(VALUES[k], low, high) - centre) / per;
  } else if (basis.kind === 'hinge') {
    const { knot, per, high = Number.POSITIVE_INFINITY } = basis;
    for (let k = 0; k < STEPS; k++) {
      const x = VALUES[k] > high ? high : VALUES[k];
      TERMS[k] = x > knot ? (x - knot) / per : 0;
    }
  } else for (let k = 0; k < STEPS; k++) TERMS[k] = evaluateBasis(basis, VALUES[k]);
}

function within(x: number, low: number, high: number): number {
  return x < low ? low : x > high ? high : x;
}

function normalised(values: Float64Array): Float64Array {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
}
