/** Figures of a cohort in words and columns. Pure. */

import type { WireCohort } from '../../../../contract/index.ts';
import { DASH, formatNumber } from '../../../kit/number/format.ts';

export type Learner = WireCohort['learners'][number];

const LEARNER_NAMES: Readonly<Record<string, string>> = {
  logistic: 'Logistic regression',
  'additive-spline': 'Additive splines',
  'network-no-graph': 'Network without graph',
  'graph-network': 'Graph network (GCN)',
};

/** A learner by the name people call it. */
export function learnerName(id: string): string {
  return LEARNER_NAMES[id] ?? id.charAt(0).toUpperCase() + id.slice(1);
}

export interface FigureColumn {
  id: string;
  name: string;
  /** what it says, and which value is perfect */
  about: string;
  decimals: number;
}

export const FIGURES: readonly FigureColumn[] = [
  { id: 'auc', name: 'AUC', about: 'Ranks a case above a non-case this often; 0.5 is chance, 1 perfect', decimals: 3 },
  { id: 'brier', name: 'Brier', about: 'Mean squared error of the probability; 0 is perfect', decimals: 3 },
  {
    id: 'ece',
    name: 'ECE',
    about: 'Mean distance of predicted and observed over ten groups; 0 is perfect',
    decimals: 3,
  },
  {
    id: 'slope',
    name: 'Slope',
    about: 'Calibration slope; 1 is perfect, below 1 the predictions are too extreme',
    decimals: 2,
  },
];

export interface Figure {
  value: string;
  interval?: string;
}

/** One figure of a learner with its interval. */
export function figureOf(learner: Learner, { id, decimals }: FigureColumn): Figure {
  const value = learner.figures[id];
  if (value === null || value === undefined || !Number.isFinite(value)) return { value: DASH };
  const ends = learner.interval?.[id];
  return {
    value: formatNumber(value, decimals),
    ...(ends && { interval: `${formatNumber(ends[0], decimals)} to ${formatNumber(ends[1], decimals)}` }),
  };
}

export interface CalibrationPoint {
  predicted: number;
  observed: number;
  low: number;
  high: number;
  count: number;
}

const Z90 = 1.645;

/** Points of the calibration curve, each with its 90 % interval: the server's, or Wilson's of the share observed. */
export function calibrationPoints(learner: Learner): CalibrationPoint[] {
  return learner.calibration.map(({ count, predicted, observed, low, high }) => {
    const own = wilson(observed, count);
    return { count, predicted, observed, low: low ?? own[0], high: high ?? own[1] };
  });
}

/** Wilson's 90 % interval of a share seen in `count` patients. */
export function wilson(share: number, count: number): [low: number, high: number] {
  if (count <= 0) return [0, 1];
  const z2 = Z90 ** 2 / count;
  const centre = (share + z2 / 2) / (1 + z2);
  const half = (Z90 / (1 + z2)) * Math.sqrt((share * (1 - share)) / count + z2 / (4 * count));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

const BARS = 20;

/** Patients in bars of equal width from 0 to `top`: each group is spread between its neighbours' middles. */
export function histogramOf(points: readonly Pick<CalibrationPoint, 'predicted' | 'count'>[], top: number): number[] {
  const bars = new Array<number>(BARS).fill(0);
  const middles = points.slice(1).map(({ predicted }, i) => (points[i].predicted + predicted) / 2);
  points.forEach(({ predicted, count }, i) => {
    const from = i === 0 ? Math.max(0, 2 * predicted - (middles[0] ?? predicted)) : middles[i - 1];
    const to = i === points.length - 1 ? Math.min(top, 2 * predicted - from) : middles[i];
    spread(bars, top, { from, to: Math.max(to, from), count });
  });
  return bars;
}

function spread(bars: number[], top: number, group: { from: number; to: number; count: number }): void {
  const { from, to, count } = group;
  const width = top / bars.length;
  const barOf = (x: number): number => Math.min(bars.length - 1, Math.max(0, Math.floor(x / width)));
  if (to - from < 1e-9) {
    bars[barOf(from)] += count;
    return;
  }
  for (let bar = barOf(from); bar <= barOf(to); bar++) {
    const overlap = Math.min(to, (bar + 1) * width) - Math.max(from, bar * width);
    bars[bar] += (count * Math.max(0, overlap)) / (to - from);
  }
}

type Cell = string | number | null;

/** The figures as rows of a CSV. */
export function figureRows(cohort: WireCohort): Cell[][] {
  const head = FIGURES.flatMap(({ id }) => [id, `${id} low`, `${id} high`]);
  const rows = cohort.learners.map((learner) => [
    learnerName(learner.learner),
    ...FIGURES.flatMap(({ id }) => [
      learner.figures[id] ?? null,
      learner.interval?.[id]?.[0] ?? null,
      learner.interval?.[id]?.[1] ?? null,
    ]),
  ]);
  return [['learner', ...head], ...rows];
}

export function calibrationRows(cohort: WireCohort): Cell[][] {
  const rows = cohort.learners.flatMap((learner) =>
    calibrationPoints(learner).map(({ count, predicted, observed, low, high }) => [
      learnerName(learner.learner),
      count,
      predicted,
      observed,
      low,
      high,
    ]),
  );
  return [['learner', 'patients', 'predicted', 'observed', 'low', 'high'], ...rows];
}

export function decisionRows(cohort: WireCohort): Cell[][] {
  const rows = cohort.learners.flatMap(({ learner, decision }) =>
    decision.map(({ threshold, model, low, high, treatAll }) => [
      learnerName(learner),
      threshold,
      model,
      low ?? null,
      high ?? null,
      treatAll,
      0,
    ]),
  );
  return [['learner', 'threshold', 'net benefit', 'low', 'high', 'treat all', 'treat none'], ...rows];
}

export function contributionRows(cohort: WireCohort): Cell[][] {
  const rows = cohort.contributions.map(({ column, contribution, low, high }) => [column, contribution, low, high]);
  return [['column', 'mean absolute contribution (log-odds)', 'low', 'high'], ...rows];
}

/** First lines of every export, so that no file loses what it is. */
export function exportHead(cohort: WireCohort): Cell[][] {
  const about = `${cohort.name}: ${cohort.rows} patients, ${cohort.events} with ${cohort.outcome} = ${cohort.positive}`;
  return cohort.synthetic ? [['SYNTHETIC: generated patients, never a performance'], [about]] : [[about]];
}
