/** Cohorts for a screen: learners scored on a table, and the literature prior scored on a generated cohort. */

import { ArgumentError, type CohortChoices, type CohortFigures, type Table } from '../../model/index.ts';
import { generateCohort, scoreCohort, WATERMARK } from '../cohort/index.ts';
import {
  calibrationCurve,
  decisionCurve,
  evaluateCohort,
  figuresOf,
  LEARNERS,
  type LearnerName,
} from '../evaluation/index.ts';
import { synchronise } from '../features/index.ts';
import { predictRisk, priorModel } from '../risk/index.ts';
import { ASSUMED_SETTING } from './assess.ts';

const COHORT_DATE = '2026-01-05';

/**
 * Trains and scores the learners.
 * @throws ArgumentError no such learner
 * @throws MsdtError the table cannot be learnt from
 */
export function evaluateTable(table: Table, choices: CohortChoices): CohortFigures {
  const { outcome, learners, ...options } = choices;
  for (const name of learners ?? [])
    if (!(name in LEARNERS)) throw new ArgumentError('learners', name, `some of ${Object.keys(LEARNERS).join(', ')}`);
  const result = evaluateCohort(table, outcome, {
    ...options,
    learners: learners as readonly LearnerName[] | undefined,
  });
  return {
    ...result,
    synthetic: false,
    learners: result.learners.map(({ figures, spread, ...rest }) => ({
      ...rest,
      figures: { ...figures },
      spread: { ...spread },
    })),
  };
}

/** A generated cohort with modalities missing as care would have it, scored by the literature prior. Proves code, not patients. */
export function simulatedFigures(patients: number, seed: number): CohortFigures {
  const model = priorModel(ASSUMED_SETTING);
  const cohort = generateCohort(model, {
    patients,
    seed,
    indexDate: COHORT_DATE,
    missing: 'by-design',
    worlds: 'many',
  });
  const spaces = cohort.map(({ records }) => synchronise(records, COHORT_DATE));
  const { expected } = scoreCohort(model, spaces);
  const scored = { probability: expected, outcome: cohort.map(({ operatedIn }) => (operatedIn > 0 ? 1 : 0)) };
  const sums = new Map<string, { name: string; sizes: number[] }>();
  for (const space of spaces.slice(0, 500))
    for (const { name, feature, mean, held } of predictRisk(model, space).contributions) {
      if (held) continue;
      const entry = sums.get(feature) ?? { name, sizes: [] };
      entry.sizes.push(Math.abs(mean));
      sums.set(feature, entry);
    }
  return {
    synthetic: true,
    rows: patients,
    events: scored.outcome.filter((y) => y === 1).length,
    outcome: 'surgery within twelve months',
    positive: 'operated',
    notes: [
      `${WATERMARK}: patients and outcomes were generated from the model's own prior. Figures prove the code, never a performance.`,
      `Setting: ${model.setting.name}.`,
    ],
    repeats: 1,
    folds: 1,
    learners: [
      {
        learner: 'trusted model, literature prior',
        figures: { ...figuresOf(scored) },
        calibration: calibrationCurve(scored),
        decision: decisionCurve(scored),
      },
    ],
    contributions: [...sums.values()]
      .map(({ name, sizes }) => {
        sizes.sort((a, b) => a - b);
        const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
        return {
          column: name,
          contribution: mean,
          low: sizes[Math.floor(0.05 * sizes.length)],
          high: sizes[Math.floor(0.95 * (sizes.length - 1))],
        };
      })
      .sort((a, b) => b.contribution - a.contribution),
  };
}
