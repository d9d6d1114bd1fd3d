/** The challenger's opinion: the shipped patient network, trained on SYNTHETIC patients alone. */

import { expit } from '../../kernel/index.ts';
import type { ChallengerOpinion, RiskPrediction } from '../../model/index.ts';
import { type NetworkGains, passMessages } from './network.ts';
import { SURGERY_GCN } from './weights.ts';

/** Name and version of the shipped network; the folder `weights/surgery-gcn` tells all about it. */
export const CHALLENGER = { id: SURGERY_GCN.id, version: SURGERY_GCN.version } as const;

export const CHALLENGER_NOTE =
  'Opinion of a small graph network trained on SYNTHETIC patients only. It stands beside the trusted risk and never takes its place ' +
  'before 200 outcomes of this site have proven it better.';

/** What the network has learnt, as it lies in its weights. */
export const CHALLENGER_GAINS: NetworkGains = SURGERY_GCN.gains;

/**
 * The challenger's number beside a trusted risk.
 * @param gains - of a network that a site has trained on its own outcomes; the shipped one when left out
 */
export function challengerOpinion(risk: RiskPrediction, gains: NetworkGains = CHALLENGER_GAINS): ChallengerOpinion {
  return { model: CHALLENGER, probability: expit(passMessages(risk, gains).logit), note: CHALLENGER_NOTE };
}
