/** The life of a model at a site: an append-only log of versions, predictions, outcomes and alarms. Nothing is ever rewritten. */

import type { FeatureSpace } from '../../model/index.ts';
import { MsdtError } from '../../model/index.ts';
import { calibrationLine } from '../evaluation/index.ts';
import { type DriftWatch, outcomesSinceDrift, QUIET, watchOutcome } from './drift.ts';
import type { TrustedModel } from './model.ts';
import { predictRisk } from './predict.ts';
import { type LocalOutcome, updateModel } from './update.ts';

/** One event of the log. */
export type ModelEvent =
  | { kind: 'published'; at: string; version: number; reason: string }
  | { kind: 'rolled-back'; at: string; version: number; reason: string }
  | { kind: 'suspended'; at: string; version: number; reason: string }
  | { kind: 'predicted'; at: string; version: number; patient: string; probability: number; low: number; high: number }
  | { kind: 'outcome'; at: string; version: number; patient: string; predicted: number; operatedIn: 0 | 1 | 2 };

/** A site's model with its history. Every function returns a new one; versions and events only grow. */
export interface ModelLog {
  versions: readonly TrustedModel[];
  /** version that predicts now */
  active: number;
  suspended: boolean;
  events: readonly ModelEvent[];
  outcomes: readonly (LocalOutcome & { patient: string; predicted: number })[];
  watch: DriftWatch;
}

/** Begins a log with the model before any outcome. */
export function openLog(prior: TrustedModel, at: string): ModelLog {
  const reason = 'Literature priors.';
  const events: ModelEvent[] = [{ kind: 'published', at, version: prior.version, reason }];
  return { versions: [prior], active: prior.version, suspended: false, events, outcomes: [], watch: QUIET };
}

/** The model that predicts now; while suspended it says so. */
export function activeModel(log: ModelLog): TrustedModel {
  const model = versionOf(log, log.active);
  return log.suspended ? { ...model, state: 'suspended' } : model;
}

/** Predicts and remembers: the risk of a patient over time is the list of these events. */
export function recordPrediction(log: ModelLog, patient: string, space: FeatureSpace, at: string) {
  const risk = predictRisk(activeModel(log), space);
  const { low, high, expected } = risk.horizons[0];
  const event: ModelEvent = { kind: 'predicted', at, version: log.active, patient, probability: expected, low, high };
  return { log: { ...log, events: [...log.events, event] }, risk };
}

/** An outcome whose follow-up is closed: scored against what was predicted, and watched for drift. */
export function recordOutcome(log: ModelLog, patient: string, outcome: LocalOutcome, at: string): ModelLog {
  const told = log.events.findLast((event) => event.kind === 'predicted' && event.patient === patient);
  const predicted =
    told?.kind === 'predicted' ? told.probability : predictRisk(activeModel(log), outcome.space).horizons[0].expected;
  const watch = watchOutcome(log.watch, predicted, outcome.operatedIn > 0);
  const { operatedIn } = outcome;
  const events: ModelEvent[] = [
    ...log.events,
    { kind: 'outcome', at, version: log.active, patient, predicted, operatedIn },
  ];
  const rings = watch.alarm !== null && log.watch.alarm === null;
  if (rings) {
    const reason = `Surgery is ${watch.alarm === 'up' ? 'more' : 'less'} frequent than predicted over the last ${outcomesSinceDrift(watch)} outcomes.`;
    events.push({ kind: 'suspended', at, version: log.active, reason });
  }
  return {
    ...log,
    ...{ events, watch, suspended: log.suspended || rings },
    outcomes: [...log.outcomes, { ...outcome, patient, predicted }],
  };
}

/**
 * Publishes the next version, learnt from the prior and the outcomes: all of them, or after an alarm those since the drift began.
 * @throws MsdtError `input.missing` there is no closed outcome to learn from
 */
export function publishUpdate(log: ModelLog, at: string): ModelLog {
  const since = log.watch.alarm ? Math.max(0, log.outcomes.length - outcomesSinceDrift(log.watch)) : 0;
  const used = log.outcomes.slice(since);
  if (used.length === 0)
    throw new MsdtError('input.missing', 'No closed outcome to learn from', { hint: 'Record outcomes first.' });
  const version = Math.max(...log.versions.map((model) => model.version)) + 1;
  const happened = used.map(({ operatedIn }) => (operatedIn > 0 ? 1 : 0));
  // after a drift the new version has yet to prove itself
  const slope =
    new Set(happened).size === 2 && log.watch.alarm === null
      ? calibrationLine({ probability: used.map(({ predicted }) => predicted), outcome: happened }).slope
      : undefined;
  const model = updateModel(log.versions[0], used, version, slope);
  const reason = `Learnt from ${model.learnt.patients} patients, ${model.learnt.events} operated${since ? ', since the drift' : ''}.`;
  return {
    ...log,
    versions: [...log.versions, model],
    ...{ active: version, suspended: false, watch: QUIET },
    events: [...log.events, { kind: 'published', at, version, reason }],
  };
}

/**
 * Goes back to an earlier version; the later one stays in the log.
 * @throws MsdtError `store.not-found` no such version
 */
export function rollBack(log: ModelLog, version: number, at: string, reason: string): ModelLog {
  versionOf(log, version);
  const event: ModelEvent = { kind: 'rolled-back', at, version, reason };
  return { ...log, active: version, suspended: false, watch: QUIET, events: [...log.events, event] };
}

function versionOf(log: ModelLog, version: number): TrustedModel {
  const model = log.versions.find((candidate) => candidate.version === version);
  if (!model)
    throw new MsdtError('store.not-found', `No version ${version} of this model`, {
      hint: `Known: ${log.versions.map((known) => known.version).join(', ')}.`,
    });
  return model;
}
