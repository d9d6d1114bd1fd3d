/** A site's model as stored JSON, and its life: {@link ModelLog} without the patients. */

import type { ClosedOutcome, FeatureSpace, SiteModelLife, SiteModelState } from '../../model/index.ts';
import {
  activeModel,
  type ModelEvent,
  type ModelLog,
  openLog,
  priorModel,
  publishUpdate,
  recordOutcome,
  rollBack,
  type TrustedModel,
} from '../risk/index.ts';

export const siteLife: SiteModelLife = {
  open: (setting, at) => stateOfLog(setting, openLog(priorModel(setting), at)),
  record(state, outcome, at) {
    const log = { ...logOf(state, []), events: [predictionOf(outcome, state.active)] };
    const after = recordOutcome(log, outcome.twin, localOutcome(outcome), at);
    const events = [...state.events, ...after.events.filter(isOfSite)];
    return { ...stateOfLog(state.setting, after), events };
  },
  update: (state, outcomes, at) => stateOfLog(state.setting, publishUpdate(logOf(state, outcomes), at)),
  rollBack: (state, version, at, reason) => stateOfLog(state.setting, rollBack(logOf(state, []), version, at, reason)),
};

/** The model of a state that predicts now. */
export function activeOf(state: SiteModelState): TrustedModel {
  return activeModel(logOf(state, []));
}

function logOf(state: SiteModelState, outcomes: readonly ClosedOutcome[]): ModelLog {
  const prior = priorModel(state.setting);
  const versions = state.versions.map(({ version, state: named, learnt, ids, mean, covariance }): TrustedModel => {
    const weights = { ids, mean: Float64Array.from(mean), covariance: Float64Array.from(covariance) };
    return { ...prior, version, state: named, learnt, weights };
  });
  return {
    versions,
    active: state.active,
    suspended: state.suspended,
    events: state.events,
    outcomes: outcomes.map((outcome) => ({
      ...localOutcome(outcome),
      patient: outcome.twin,
      predicted: outcome.predicted,
    })),
    watch: state.watch,
  };
}

function stateOfLog(setting: string, log: ModelLog): SiteModelState {
  return {
    schemaVersion: 1,
    setting,
    versions: log.versions.map(({ version, state, learnt, weights }) => ({
      ...{ version, state, learnt, ids: weights.ids },
      mean: Array.from(weights.mean),
      covariance: Array.from(weights.covariance),
    })),
    active: log.active,
    suspended: log.suspended,
    events: log.events.filter(isOfSite),
    watch: log.watch,
  };
}

function isOfSite(event: ModelEvent): event is SiteModelState['events'][number] {
  return event.kind !== 'predicted' && event.kind !== 'outcome';
}

function localOutcome({ used, indexDate, operatedIn }: ClosedOutcome) {
  const space: FeatureSpace = { indexDate, features: new Map(used.map((one) => [one.feature, one])), leftOut: [] };
  return { space, operatedIn, followedMonths: 12 as const };
}

function predictionOf({ twin, predicted, indexDate }: ClosedOutcome, version: number): ModelEvent {
  return {
    ...{ kind: 'predicted', at: indexDate, version, patient: twin },
    ...{ probability: predicted, low: predicted, high: predicted },
  };
}
