/** A site's model as stored JSON, and its life: {@link ModelLog} without the patients. */

import type { Assessment, ClosedOutcome, SiteModelLife, SiteModelState } from '../../model/index.ts';
import {
  activeModel,
  calibrateConformal,
  conformalSet,
  type ModelEvent,
  type ModelLog,
  openLog,
  priorModel,
  publishUpdate,
  recordOutcome,
  restoreModel,
  rollBack,
  type TrustedModel,
} from '../risk/index.ts';
import { nextChallenger } from './challenger.ts';
import { spaceOf } from './like.ts';

export const siteLife: SiteModelLife = {
  open: (setting, at) => stateOfLog(setting, openLog(priorModel(setting), at)),
  record(state, outcome, at) {
    const log = { ...logOf(state, []), events: [predictionOf(outcome, state.active)] };
    const after = recordOutcome(log, outcome.twin, localOutcome(outcome), at);
    const events = [...state.events, ...after.events.filter(isOfSite)];
    return { ...stateOfLog(state.setting, after), versions: state.versions, events, ...kept(state) };
  },
  update(state, outcomes, at) {
    const next = stateOfLog(state.setting, publishUpdate(logOf(state, outcomes), at));
    return {
      ...next,
      versions: [...state.versions, ...next.versions.slice(state.versions.length)],
      conformal: conformalOf(outcomes),
      challenger: nextChallenger(state, outcomes),
    };
  },
  rollBack: (state, version, at, reason) => ({
    ...stateOfLog(state.setting, rollBack(logOf(state, []), version, at, reason)),
    versions: state.versions,
    ...kept(state),
  }),
};

/** What no single outcome and no way back changes. */
function kept({ conformal, challenger }: SiteModelState): Pick<SiteModelState, 'conformal' | 'challenger'> {
  return { conformal, challenger };
}

/** Calibration cases from what was told before outcomes were known. */
function conformalOf(outcomes: readonly ClosedOutcome[]): SiteModelState['conformal'] {
  const calibration = calibrateConformal(
    outcomes.map(({ predicted }) => predicted),
    outcomes.map(({ operatedIn }) => (operatedIn > 0 ? 1 : 0)),
  );
  if (!calibration) return undefined;
  const { alpha, surgery, none } = calibration;
  return { alpha, surgery: Array.from(surgery), none: Array.from(none) };
}

/** The answers that a site's own outcomes do not rule out for a patient; undefined while there are too few of them. */
export function conformalAnswer(state: SiteModelState | undefined, probability: number): Assessment['conformal'] {
  if (!state?.conformal || state.suspended) return undefined;
  const { alpha, surgery, none } = state.conformal;
  const calibration = { alpha, surgery: Float64Array.from(surgery), none: Float64Array.from(none) };
  return { set: conformalSet(calibration, probability), alpha, cases: surgery.length + none.length };
}

/**
 * The model of a state that predicts now.
 * @throws MsdtError `store.not-found` no such version · `store.damaged` its weights are no weights
 */
export function activeOf(state: SiteModelState): TrustedModel {
  const { version } = activeModel(logOf(state, []));
  const stored = state.versions.find((one) => one.version === version) as StoredVersion;
  const { state: named, learnt } = stored;
  return {
    ...restoreModel(state.setting, weightsOf(stored)),
    version,
    learnt,
    state: state.suspended ? 'suspended' : named,
  };
}

type StoredVersion = SiteModelState['versions'][number];

function weightsOf({ ids, mean, covariance }: StoredVersion): TrustedModel['weights'] {
  return { ids, mean: Float64Array.from(mean), covariance: Float64Array.from(covariance) };
}

/** Versions as they are stored, but for the first: what is learnt is learnt from the prior of today's dictionary. */
function logOf(state: SiteModelState, outcomes: readonly ClosedOutcome[]): ModelLog {
  const prior = priorModel(state.setting);
  const versions = state.versions.map((stored, at): TrustedModel => {
    const { version, state: named, learnt } = stored;
    return { ...prior, version, state: named, learnt, weights: at === 0 ? prior.weights : weightsOf(stored) };
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
  return { space: spaceOf(used, indexDate), operatedIn, followedMonths: 12 as const };
}

function predictionOf({ twin, predicted, indexDate }: ClosedOutcome, version: number): ModelEvent {
  return {
    ...{ kind: 'predicted', at: indexDate, version, patient: twin },
    ...{ probability: predicted, low: predicted, high: predicted },
  };
}
