/**
 * How the shipped challenger is trained: on SYNTHETIC patients alone, whose truth is known and no sum.
 *
 * The truth saturates each construct at 0.6 log-odds and weighs some more and some less than the priors do. Gains are found by their
 * posterior mode; where messages saturate is the limit of the least log loss on a third of the patients that the gains did not see.
 */

import { expit } from '../../kernel/index.ts';
import type { RiskPrediction } from '../../model/index.ts';
import { generateCohort, type Missingness, type Saturation } from '../cohort/index.ts';
import { type Figures, figuresOf, logLoss } from '../evaluation/index.ts';
import { synchronise } from '../features/index.ts';
import { predictRisk, priorModel } from '../risk/index.ts';
import { type NetworkGains, networkRisk, trainGains } from './network.ts';
import { judgeChallenger } from './promotion.ts';

/** Everything the training depends on. */
export const SURGERY_GCN_RECIPE = {
  setting: 'radicular-herniation',
  patients: 12_000,
  testPatients: 12_000,
  seed: 41,
  testSeed: 42,
  missing: 'by-design' as Missingness,
  indexDate: '2026-01-05',
  truth: {
    limit: 0.6,
    gain: { 'pain-disability': 1.2, stenosis: 1.5, instability: 0.6, muscle: 0.5, movement: 0.5, care: 1.3 },
  } as Saturation,
  limits: [0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.5, 2, 4] as readonly number[],
  priorSd: 0.3,
} as const;

/** What the training gives. All figures are of SYNTHETIC patients the network never saw. */
export interface TrainedChallenger {
  gains: NetworkGains;
  metrics: {
    patients: number;
    events: number;
    challenger: Figures;
    /** the linear model with the priors' own weights */
    trusted: Figures;
    /** the generator's own probabilities: nobody can be better */
    truth: Figures;
    /** Brier score of the challenger less that of the trusted model, with its 95 % bootstrap interval */
    brierDifference: { difference: number; low: number; high: number };
  };
}

/** Trains the challenger. Same recipe, same numbers. */
export function trainSurgeryGcn(recipe: typeof SURGERY_GCN_RECIPE = SURGERY_GCN_RECIPE): TrainedChallenger {
  const train = cohortOf(recipe, recipe.patients, recipe.seed);
  const cut = Math.round((2 * train.risks.length) / 3);
  const [firstRisks, lastRisks] = [train.risks.slice(0, cut), train.risks.slice(cut)];
  const [firstOutcome, lastOutcome] = [train.outcome.slice(0, cut), train.outcome.slice(cut)];
  const { priorSd } = recipe;
  const tried = recipe.limits.map((limit) => {
    const gains = trainGains(firstRisks, firstOutcome, { limit, priorSd });
    return { limit, loss: logLoss({ probability: riskOf(lastRisks, gains), outcome: lastOutcome }) };
  });
  const { limit } = tried.reduce((best, one) => (one.loss < best.loss ? one : best));
  const gains = trainGains(train.risks, train.outcome, { limit, priorSd });
  const test = cohortOf(recipe, recipe.testPatients, recipe.testSeed);
  const { outcome } = test;
  const of = (probability: readonly number[]) => figuresOf({ probability, outcome });
  const challenger = riskOf(test.risks, gains);
  const trusted = test.risks.map(({ horizons }) => horizons[0].expected);
  const { difference, low, high } = judgeChallenger({ challenger, trusted, outcome });
  return {
    gains,
    metrics: {
      ...{ patients: outcome.length, events: outcome.reduce<number>((sum, y) => sum + y, 0) },
      ...{ challenger: of(challenger), trusted: of(trusted), truth: of(test.logits.map(expit)) },
      brierDifference: { difference, low, high },
    },
  };
}

function riskOf(risks: readonly RiskPrediction[], gains: NetworkGains): number[] {
  return risks.map((risk) => networkRisk(risk, gains));
}

function cohortOf(recipe: typeof SURGERY_GCN_RECIPE, patients: number, seed: number) {
  const { indexDate, missing, truth: saturation } = recipe;
  const model = priorModel(recipe.setting);
  const { mean: weights } = model.weights;
  const cohort = generateCohort(model, { patients, seed, indexDate, missing, weights, saturation });
  return {
    risks: cohort.map(({ records }) => predictRisk(model, synchronise(records, indexDate), { synthetic: true })),
    outcome: cohort.map(({ operatedIn }) => (operatedIn ? 1 : 0)),
    logits: cohort.map(({ logit }) => logit),
  };
}
