/**
 * Graph network over one patient: modality → feature → construct → outcome, fixed clinical topology, one learnt number a construct.
 *
 * Messages are contributions in log-odds. With linear activation and all numbers 1 it is the trusted model, to rounding; with a
 * saturating activation it is the challenger.
 */

import { bernoulli, expit, fitPosterior } from '../../kernel/index.ts';
import type { Construct, Contribution, InferenceModality, RiskPrediction } from '../../model/index.ts';

export const CONSTRUCTS: readonly Construct[] = [
  'person',
  'pain-disability',
  'stenosis',
  'herniation',
  'instability',
  'degeneration',
  'alignment',
  'muscle',
  'movement',
  'bone',
  'inflammation',
  'care',
];

/** A node of the network with the message it holds. */
export interface NetworkNode {
  id: string;
  kind: 'modality' | 'feature' | 'construct' | 'outcome';
  name: string;
  /** log-odds; for a modality the sum of what its features send */
  message: number;
  /** sd of the message of a feature · log-odds */
  sd?: number;
  observed?: boolean;
  held?: boolean;
}

/** A directed edge; its gain multiplies the message. */
export interface NetworkEdge {
  from: string;
  to: string;
  type: 'brings' | 'describes' | 'drives';
  gain: number;
}

/** One patient's graph after a pass of messages. */
export interface PatientNetwork {
  nodes: readonly NetworkNode[];
  edges: readonly NetworkEdge[];
  logit: number;
}

/** What a network of this topology has learnt. */
export interface NetworkGains {
  intercept: number;
  /** one signed number a construct */
  gain: Readonly<Record<Construct, number>>;
  activation: 'linear' | 'saturating';
  /** messages of a construct saturate at this size · log-odds */
  limit: number;
}

export const LINEAR_GAINS: NetworkGains = {
  intercept: 0,
  gain: Object.fromEntries(CONSTRUCTS.map((name) => [name, 1])) as Record<Construct, number>,
  activation: 'linear',
  limit: 2,
};

/** Passes messages over the graph of a patient. `masked` names features whose messages are stopped. */
export function passMessages(
  risk: RiskPrediction,
  gains: NetworkGains = LINEAR_GAINS,
  masked: ReadonlySet<string> = new Set(),
): PatientNetwork {
  const nodes: NetworkNode[] = [];
  const edges: NetworkEdge[] = [];
  const brought = new Map<InferenceModality, number>();
  const gathered = new Map<Construct, number>();
  for (const { feature, name, modality, construct, mean, sd, observed, held } of risk.contributions) {
    const message = masked.has(feature) ? 0 : mean;
    nodes.push({ id: feature, kind: 'feature', name, message, sd, observed, held });
    edges.push({ from: `modality:${modality}`, to: feature, type: 'brings', gain: 1 });
    edges.push({ from: feature, to: `construct:${construct}`, type: 'describes', gain: 1 });
    brought.set(modality, (brought.get(modality) ?? 0) + message);
    gathered.set(construct, (gathered.get(construct) ?? 0) + message);
  }
  for (const [modality, message] of brought)
    nodes.push({ id: `modality:${modality}`, kind: 'modality', name: modality, message });
  let logit = risk.intercept + gains.intercept;
  for (const [construct, message] of gathered) {
    const gain = gains.gain[construct];
    nodes.push({ id: `construct:${construct}`, kind: 'construct', name: construct, message });
    edges.push({ from: `construct:${construct}`, to: 'outcome:surgery', type: 'drives', gain });
    logit += gain * activate(message, gains);
  }
  nodes.push({ id: 'outcome:surgery', kind: 'outcome', name: 'Surgery within 12 months', message: logit });
  return { nodes, edges, logit };
}

/** What each feature is worth to the network: its logit less the logit with that feature's message stopped, largest first. */
export function explainByMasking(
  risk: RiskPrediction,
  gains: NetworkGains = LINEAR_GAINS,
): { feature: string; worth: number }[] {
  const { logit } = passMessages(risk, gains);
  return risk.contributions
    .map(({ feature }) => ({ feature, worth: logit - passMessages(risk, gains, new Set([feature])).logit }))
    .sort((a, b) => Math.abs(b.worth) - Math.abs(a.worth));
}

/** Messages of the constructs of one patient, in the order of {@link CONSTRUCTS}. */
export function constructMessages(contributions: readonly Contribution[]): Float64Array {
  const sums = new Float64Array(CONSTRUCTS.length);
  for (const { construct, mean } of contributions) sums[CONSTRUCTS.indexOf(construct)] += mean;
  return sums;
}

/** Choices of {@link trainGains}. */
export interface GainOptions {
  activation?: NetworkGains['activation'];
  /** sd of the prior of each gain around 1 */
  priorSd?: number;
  /** where messages saturate · log-odds */
  limit?: number;
}

/**
 * Learns the gains from patients whose year is over.
 * @param outcomes - 1 operated within twelve months, 0 not
 */
export function trainGains(
  risks: readonly RiskPrediction[],
  outcomes: ArrayLike<number>,
  options: GainOptions = {},
): NetworkGains {
  const { activation = 'saturating', priorSd = 0.3, limit = LINEAR_GAINS.limit } = options;
  const columns = CONSTRUCTS.length + 1;
  const shape = { activation, limit };
  const design = new Float64Array(risks.length * columns);
  risks.forEach((risk, row) => {
    design[row * columns] = 1;
    constructMessages(risk.contributions).forEach((message, k) => {
      design[row * columns + 1 + k] = activate(message, shape);
    });
  });
  const { mean } = fitPosterior({
    design,
    rows: risks.length,
    columns,
    likelihood: bernoulli(outcomes),
    offset: Float64Array.from(risks, ({ intercept }) => intercept),
    priorMean: [0, ...CONSTRUCTS.map(() => 1)],
    priorPrecision: [1 / 0.35 ** 2, ...CONSTRUCTS.map(() => 1 / priorSd ** 2)],
  });
  const gain = Object.fromEntries(CONSTRUCTS.map((name, k) => [name, mean[k + 1]])) as Record<Construct, number>;
  return { intercept: mean[0], gain, ...shape };
}

/** Probability of surgery within twelve months by the network. */
export function networkRisk(risk: RiskPrediction, gains: NetworkGains): number {
  return expit(passMessages(risk, gains).logit);
}

function activate(message: number, { activation, limit }: Pick<NetworkGains, 'activation' | 'limit'>): number {
  return activation === 'linear' ? message : limit * Math.tanh(message / limit);
}
