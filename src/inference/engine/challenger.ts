/** The challenger of a site: trained on its own outcomes, judged on those that came after. It never takes the trusted number's place by itself. */

import type { ChallengerOpinion, ClosedOutcome, RiskPrediction, SiteModelState } from '../../model/index.ts';
import {
  CHALLENGER,
  CHALLENGER_GAINS,
  challengerOpinion,
  explainByMasking,
  judgeChallenger,
  type NetworkGains,
  networkRisk,
  trainGains,
} from '../graph-network/index.ts';
import { EVENT_GATES, predictRisk, priorModel } from '../risk/index.ts';
import { spaceOf } from './like.ts';

type SiteChallenger = NonNullable<SiteModelState['challenger']>;

const happened = ({ operatedIn }: ClosedOutcome): number => (operatedIn > 0 ? 1 : 0);

/** The challenger after another round of outcomes; as it was while there are too few operations. */
export function nextChallenger(
  { setting, challenger: before }: SiteModelState,
  outcomes: readonly ClosedOutcome[],
): SiteChallenger | undefined {
  const events = outcomes.reduce((sum, outcome) => sum + happened(outcome), 0);
  if (events < EVENT_GATES.intercept) return before;
  const verdict = before && verdictOf(setting, before, outcomes.slice(before.learnt));
  const gains = trainGains(risksOf(setting, outcomes), outcomes.map(happened));
  return { version: (before?.version ?? 0) + 1, learnt: outcomes.length, gains, ...(verdict && { verdict }) };
}

/** Undefined while nothing, or only one kind of outcome, has come since it was trained. */
function verdictOf(
  setting: string,
  { version, gains }: SiteChallenger,
  later: readonly ClosedOutcome[],
): SiteChallenger['verdict'] {
  const outcome = later.map(happened);
  if (new Set(outcome).size < 2) return undefined;
  const { promoted, events, reasons } = judgeChallenger({
    trusted: later.map(({ predicted }) => predicted),
    challenger: risksOf(setting, later).map((risk) => networkRisk(risk, gains as NetworkGains)),
    outcome,
    groups: [later.map(sexOf), later.map(ageGroupOf)],
  });
  return { version, promoted, outcomes: later.length, events, reasons };
}

function sexOf({ used }: ClosedOutcome): string | undefined {
  const female = valueUsed(used, 'person.female');
  return female === undefined ? undefined : female === 1 ? 'women' : 'men';
}

/** Borders of the groups of age · years */
const AGE_GROUPS = [50, 70] as const;

function ageGroupOf({ used }: ClosedOutcome): string | undefined {
  const age = valueUsed(used, 'person.age');
  if (typeof age !== 'number') return undefined;
  return age < AGE_GROUPS[0] ? 'below 50 years' : age < AGE_GROUPS[1] ? '50 to 69 years' : '70 years and above';
}

function valueUsed(used: ClosedOutcome['used'], feature: string): number | string | undefined {
  return used.find((one) => one.feature === feature)?.value;
}

function risksOf(setting: string, outcomes: readonly ClosedOutcome[]) {
  const model = priorModel(setting);
  return outcomes.map(({ used, indexDate }) => predictRisk(model, spaceOf(used, indexDate)));
}

/** Features named in an explanation. */
const EXPLAINED = 5;

/** The challenger's number: of the site's own network where there is one, else of the shipped one; with what it stands on. */
export function opinionOf(risk: RiskPrediction, challenger?: SiteChallenger): ChallengerOpinion {
  const gains = challenger ? (challenger.gains as NetworkGains) : CHALLENGER_GAINS;
  const shipped = challengerOpinion(risk, gains);
  const names = new Map(risk.contributions.map(({ feature, name }) => [feature, name]));
  const explanation = explainByMasking(risk, gains)
    .filter(({ worth }) => worth !== 0)
    .slice(0, EXPLAINED)
    .map(({ feature, worth }) => ({ feature, name: names.get(feature) ?? feature, worth }));
  if (!challenger) return { ...shipped, explanation };
  const { version, learnt, verdict } = challenger;
  const model = { id: `${CHALLENGER.id}.site`, version };
  return { model, probability: shipped.probability, note: siteNote(learnt, verdict), explanation };
}

function siteNote(learnt: number, verdict: SiteChallenger['verdict']): string {
  const trained = `Opinion of a small graph network trained on ${learnt} closed follow-ups of this site.`;
  if (!verdict) return `${trained} Not judged yet: that takes outcomes it has not learnt from.`;
  const { promoted, outcomes, reasons } = verdict;
  return promoted
    ? `${trained} Its predecessor did better than the trusted model on ${outcomes} later outcomes: a person may decide to follow it.`
    : `${trained} It stays an opinion: ${reasons.join(' ')}`;
}
