/**
 * Gaussian copula with one shared factor: the normal rank of each feature is λ·severity + √(1−λ²)·own, severity standard normal.
 *
 * Given severity all features are independent, so integrating out what was not measured is one sum over severity, exact up to the
 * grid: 33 nodes from −4 to 4. Tried: 65 nodes move no logit by more than 1e-5; a Gauss-Hermite grid of 20 misses narrow posteriors.
 */

import { normalCdf, normalQuantile } from '../../kernel/index.ts';
import type { FeatureEntry, Marginal } from '../knowledge/index.ts';
import { evaluateBasis } from './basis.ts';

const NODES = 33;
const OWN = 25;

/** Severity at the nodes. */
export const SEVERITY = Float64Array.from({ length: NODES }, (_, k) => -4 + (8 * k) / (NODES - 1));

/** Prior probability of the nodes; adds up to 1. */
export const SEVERITY_PRIOR = normalised(SEVERITY.map((s) => Math.exp((-s * s) / 2)));

const STANDARD = Float64Array.from({ length: OWN }, (_, k) => -4 + (8 * k) / (OWN - 1));
const STANDARD_SHARE = normalised(STANDARD.map((e) => Math.exp((-e * e) / 2)));

/** Expectations of the terms of one feature at every node of severity. */
export interface TermMoments {
  /** E[g_a | s], shape [nodes, terms] */
  first: Float64Array;
  /** E[g_a g_b | s], shape [nodes, terms, terms] */
  second: Float64Array;
}

/** A feature's value as the model knows it. */
export interface Measured {
  /** on the scale of the score */
  value: number | string;
  /** on the scale of the score; 0 exact */
  sd: number;
}

/** Nodes of severity with less probability than this are not worth an integral. */
export const NEGLIGIBLE = 1e-6;

const missingCache = new Map<FeatureEntry, TermMoments>();

/** Moments of the terms of a feature nobody measured; computed once a feature. */
export function missingMoments(entry: FeatureEntry): TermMoments {
  const known = missingCache.get(entry);
  if (known) return known;
  const moments = emptyMoments(entry.terms.length);
  for (let k = 0; k < NODES; k++) {
    const centre = entry.loading * SEVERITY[k];
    const own = Math.sqrt(1 - entry.loading ** 2);
    if (entry.marginal.kind === 'classes') {
      const shares = classShares(entry.marginal, centre, own);
      entry.marginal.values.forEach((value, at) => {
        addMoments(entry, moments, k, value, shares[at]);
      });
    } else addNormalMoments(entry, moments, k, centre, own);
  }
  missingCache.set(entry, moments);
  return moments;
}

/** Log-likelihood of severity at its nodes, from one measured feature; undefined where the feature says nothing of it. */
export function severityLikelihood(entry: FeatureEntry, measured: Measured): Float64Array | undefined {
  const { marginal, loading } = entry;
  if (loading === 0) return undefined;
  const own = Math.sqrt(1 - loading ** 2);
  if (marginal.kind === 'classes') return classLikelihood(entry, marginal, measured.value);
  const sd = measured.sd * rankSlope(marginal, Number(measured.value));
  const rank = rankOf(marginal, Number(measured.value));
  return SEVERITY.map((s) => -((rank - loading * s) ** 2) / (2 * (own ** 2 + sd ** 2)));
}

/** True when nothing about the terms of a measured feature is in doubt. */
export function isExact(entry: FeatureEntry, measured: Measured): boolean {
  return entry.marginal.kind === 'classes' || measured.sd === 0;
}

/** Terms of a feature whose value is not in doubt. */
export function exactTerms(entry: FeatureEntry, measured: Measured): Float64Array {
  return Float64Array.from(entry.terms, ({ basis }) => evaluateBasis(basis, measured.value));
}

/** Moments of the terms of a feature measured with an error, at the nodes whose probability matters. */
export function doubtfulMoments(entry: FeatureEntry, measured: Measured, severity: Float64Array): TermMoments {
  const moments = emptyMoments(entry.terms.length);
  const { marginal, loading } = entry;
  if (marginal.kind === 'classes') return moments;
  const own = 1 - loading ** 2;
  const error = (measured.sd * rankSlope(marginal, Number(measured.value))) ** 2;
  const rank = rankOf(marginal, Number(measured.value));
  const sd = Math.sqrt((own * error) / (own + error));
  for (let k = 0; k < NODES; k++) {
    if (severity[k] < NEGLIGIBLE) continue;
    addNormalMoments(entry, moments, k, (loading * SEVERITY[k] * error + rank * own) / (own + error), sd);
  }
  return moments;
}

const likelihoodCache = new Map<FeatureEntry, Map<number | string, Float64Array>>();

function classLikelihood(
  entry: FeatureEntry,
  marginal: Extract<Marginal, { kind: 'classes' }>,
  value: number | string,
): Float64Array | undefined {
  const at = marginal.values.indexOf(value);
  if (at < 0) return undefined;
  const known = likelihoodCache.get(entry) ?? new Map<number | string, Float64Array>();
  likelihoodCache.set(entry, known);
  let table = known.get(value);
  if (!table) {
    const own = Math.sqrt(1 - entry.loading ** 2);
    table = SEVERITY.map((s) => Math.log(Math.max(1e-300, classShares(marginal, entry.loading * s, own)[at])));
    known.set(value, table);
  }
  return table;
}

const rankCache = new Map<FeatureEntry, Float64Array>();

/** Covariance of each term of a feature with its own normal rank, over the population. */
export function rankCovariance(entry: FeatureEntry): Float64Array {
  let known = rankCache.get(entry);
  if (!known) {
    known = Float64Array.from(entry.terms, ({ basis }) => {
      let sum = 0;
      for (let k = -200; k <= 200; k++) {
        const rank = k / 50;
        const density = Math.exp((-rank * rank) / 2) / Math.sqrt(2 * Math.PI) / 50;
        sum += density * rank * evaluateBasis(basis, valueAtRank(entry.marginal, rank));
      }
      return sum;
    });
    rankCache.set(entry, known);
  }
  return known;
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

function rankOf(marginal: Exclude<Marginal, { kind: 'classes' }>, value: number): number {
  const rank =
    marginal.kind === 'normal'
      ? (value - marginal.mean) / marginal.sd
      : Math.log(Math.max(1e-9, value) / marginal.median) / marginal.sdLog;
  return Math.min(3.5, Math.max(-3.5, rank));
}

function rankSlope(marginal: Exclude<Marginal, { kind: 'classes' }>, value: number): number {
  return marginal.kind === 'normal'
    ? 1 / marginal.sd
    : 1 / (marginal.sdLog * Math.max(Math.abs(value), 0.05 * marginal.median));
}

const thresholdCache = new Map<Marginal, Float64Array>();

function classShares(marginal: Extract<Marginal, { kind: 'classes' }>, centre: number, own: number): number[] {
  let thresholds = thresholdCache.get(marginal);
  if (!thresholds) {
    let below = 0;
    thresholds = Float64Array.from(marginal.shares.slice(0, -1), (share) => normalQuantile((below += share)));
    thresholdCache.set(marginal, thresholds);
  }
  const shares: number[] = [];
  let last = 0;
  for (const threshold of thresholds) {
    const upto = normalCdf((threshold - centre) / own);
    shares.push(upto - last);
    last = upto;
  }
  return [...shares, 1 - last];
}

function addNormalMoments(entry: FeatureEntry, moments: TermMoments, node: number, mean: number, sd: number): void {
  const { marginal, terms } = entry;
  const only = terms.length === 1 ? terms[0].basis : undefined;
  if (only?.kind === 'at-least' && marginal.kind !== 'classes') {
    const above = 1 - normalCdf((rankOf(marginal, only.cut) - mean) / sd);
    moments.first[node] = above;
    moments.second[node] = above;
    return;
  }
  if (only?.kind === 'linear' && marginal.kind === 'normal') {
    const [centre, spread] = [marginal.mean + marginal.sd * mean, marginal.sd * sd];
    if (
      centre - 4 * spread > lowest(marginal.low, only.low) &&
      centre + 4 * spread < highest(marginal.high, only.high)
    ) {
      const g = (centre - only.centre) / only.per;
      moments.first[node] = g;
      moments.second[node] = g * g + (spread / only.per) ** 2;
      return;
    }
  }
  for (let k = 0; k < OWN; k++)
    addMoments(entry, moments, node, valueAtRank(marginal, mean + sd * STANDARD[k]), STANDARD_SHARE[k]);
}

function lowest(one = Number.NEGATIVE_INFINITY, other = Number.NEGATIVE_INFINITY): number {
  return Math.max(one, other);
}

function highest(one = Number.POSITIVE_INFINITY, other = Number.POSITIVE_INFINITY): number {
  return Math.min(one, other);
}

function addMoments(entry: FeatureEntry, moments: TermMoments, node: number, value: number | string, share: number) {
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

function emptyMoments(terms: number): TermMoments {
  return { first: new Float64Array(NODES * terms), second: new Float64Array(NODES * terms * terms) };
}

function normalised(values: Float64Array): Float64Array {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
}
