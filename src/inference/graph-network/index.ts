/** The challenger and the population graph. */

export { CHALLENGER, CHALLENGER_GAINS, CHALLENGER_NOTE, challengerOpinion } from './challenger.ts';
export {
  CONSTRUCTS,
  explainByMasking,
  LINEAR_GAINS,
  type NetworkEdge,
  type NetworkGains,
  type NetworkNode,
  networkRisk,
  type PatientNetwork,
  passMessages,
  trainGains,
} from './network.ts';
export { gowerDistance, type Neighbour, patientsLikeThis } from './population.ts';
export { type Duel, judgeChallenger, PROMOTION, type Verdict } from './promotion.ts';
