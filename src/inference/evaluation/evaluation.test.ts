import { describe, expect, it } from 'vitest';
import { createRandom, expit } from '../../kernel/index.ts';
import { tableFromRows } from '../../model/index.ts';
import { evaluateCohort } from './cohort-table.ts';
import { calibrationCurve, DECISION_THRESHOLDS, decisionCurve } from './curves.ts';
import { encodeTable } from './encode.ts';
import { matchedOddsRatios } from './matched.ts';
import { auc, brier, calibrationError, calibrationInTheLarge, calibrationLine, scaledBrier } from './metrics.ts';

describe('figures of merit', () => {
  it('agree with pairs counted by hand', () => {
    expect(auc({ probability: [0.1, 0.4, 0.35, 0.8], outcome: [0, 0, 1, 1] })).toBe(0.75);
    expect(auc({ probability: [0.5, 0.5], outcome: [0, 1] })).toBe(0.5);
    expect(auc({ probability: [0.5, 0.5], outcome: [1, 1] })).toBeNaN();
    expect(brier({ probability: [0.2, 0.6], outcome: [0, 1] })).toBeCloseTo(0.1, 12);
    expect(scaledBrier({ probability: [0.5, 0.5], outcome: [0, 1] })).toBe(0);
  });

  it('find calibration where it is, and the kind of error where it is not', () => {
    const random = createRandom(3);
    const rows = 20_000;
    const truth = Float64Array.from({ length: rows }, () => random.normal(-1, 1));
    const outcome = truth.map((eta) => (random.uniform() < expit(eta) ? 1 : 0));
    const right = { probability: truth.map(expit), outcome };
    expect(calibrationLine(right).slope).toBeCloseTo(1, 1);
    expect(calibrationError(right)).toBeLessThan(0.015);
    const extreme = { probability: truth.map((eta) => expit(2 * eta)), outcome };
    expect(calibrationLine(extreme).slope).toBeCloseTo(0.5, 1);
    expect(calibrationError(extreme)).toBeGreaterThan(0.05);
    const timid = { probability: truth.map((eta) => expit(eta - 1)), outcome };
    expect(calibrationInTheLarge(timid)).toBeCloseTo(1, 1);
    const curve = decisionCurve(right, [0.2, 0.4]);
    for (const { model, treatAll } of curve) expect(model).toBeGreaterThan(Math.max(0, treatAll));
  });

  it('give a matched odds ratio as discordant pairs do', () => {
    const pairs = [...new Array(41).fill([1]), ...new Array(19).fill([-1]), ...new Array(100).fill([0])];
    const [odds] = matchedOddsRatios(pairs);
    expect(odds.ratio).toBeCloseTo(41 / 19, 6);
    const half = 1.959963984540054 * Math.sqrt(1 / 41 + 1 / 19);
    expect(Math.log(odds.high / odds.ratio)).toBeCloseTo(half, 6);
  });
});

describe('curves for a screen', () => {
  const random = createRandom(12);
  const scoredOf = (rows: number) => {
    const probability = Array.from({ length: rows }, () => 0.05 + 0.4 * random.uniform());
    return { probability, outcome: probability.map((p) => (random.uniform() < p ? 1 : 0)) };
  };

  it('have intervals that hold the truth in nine of ten', () => {
    const large = scoredOf(400_000);
    const truth = decisionCurve(large, [0.2])[0].model;
    let [bins, held, curves, right] = [0, 0, 0, 0];
    for (let run = 0; run < 400; run++) {
      const scored = scoredOf(300);
      // calibrated by construction: what was predicted is the true share
      for (const { predicted, low, high } of calibrationCurve(scored)) {
        bins++;
        if (predicted >= low && predicted <= high) held++;
      }
      const [{ low, high }] = decisionCurve(scored, [0.2]);
      curves++;
      if (truth >= low && truth <= high) right++;
    }
    // 4,000 bins and 400 curves: two sd of a share of 0.9 are 0.01 and 0.03; Wilson is a little wide at 30 patients
    expect(held / bins).toBeGreaterThan(0.89);
    expect(held / bins).toBeLessThan(0.94);
    expect(right / curves).toBeGreaterThan(0.86);
    expect(right / curves).toBeLessThan(0.95);
  });

  it('do not grow surer by predicting the same patients again', () => {
    const once = scoredOf(200);
    const thrice = {
      probability: [...once.probability, ...once.probability, ...once.probability],
      outcome: [...once.outcome, ...once.outcome, ...once.outcome],
    };
    const bins = calibrationCurve(thrice, 10, 3);
    calibrationCurve(once).forEach(({ count, observed, low, high }, at) => {
      expect(bins[at].count).toBeCloseTo(count, 9);
      expect(bins[at].observed).toBeCloseTo(observed, 9);
      expect(bins[at].low).toBeCloseTo(low, 9);
      expect(bins[at].high).toBeCloseTo(high, 9);
    });
    const points = decisionCurve(thrice, DECISION_THRESHOLDS, 3);
    decisionCurve(once).forEach(({ model, low, treatAll, treatNone }, at) => {
      expect(points[at].model).toBeCloseTo(model, 9);
      expect(points[at].low).toBeCloseTo(low, 9);
      expect(points[at].treatAll).toBeCloseTo(treatAll, 9);
      expect(treatNone).toBe(0);
    });
  });

  it('have the net benefit of everybody where everybody is above the threshold', () => {
    const all = { probability: [0.9, 0.9, 0.9, 0.9], outcome: [1, 0, 0, 1] };
    const [{ model, treatAll }] = decisionCurve(all, [0.2]);
    expect(model).toBeCloseTo(0.5 - 0.25 * 0.5, 12);
    expect(treatAll).toBeCloseTo(model, 12);
  });

  it('come out of an evaluation as plain data, the same after a trip through JSON', () => {
    const result = evaluateCohort(simulated(120, 0), 'answer', { repeats: 2, folds: 3, learners: ['logistic'] });
    expect(JSON.parse(JSON.stringify(result))).toEqual(JSON.parse(JSON.stringify(structuredClone(result))));
    const [{ calibration, decision }] = result.learners;
    expect(calibration).toHaveLength(10);
    expect(calibration.reduce((sum, { count }) => sum + count, 0)).toBeCloseTo(120, 9);
    for (const { observed, low, high } of calibration) expect(low <= observed && observed <= high).toBe(true);
    expect(decision.map(({ threshold }) => threshold)).toEqual(DECISION_THRESHOLDS);
  });
});

function simulated(rows: number, noise: number) {
  const random = createRandom(8);
  return tableFromRows(
    Array.from({ length: rows }, (_, at) => {
      const [a, b] = [random.normal(), random.normal()];
      const answer = random.uniform() < expit(2 * a + 1.5 * b * b - 1.5) ? 'yes' : 'no';
      const noises = Object.fromEntries(Array.from({ length: noise }, (_, k) => [`noise${k}`, random.normal()]));
      return { a: at % 29 ? a : null, b, double: 2 * b, group: at % 3 ? 'x' : 'y', constant: 1, ...noises, answer };
    }),
  );
}

describe('table of a cohort', () => {
  it('is read with every change said', () => {
    const data = encodeTable(simulated(300, 0), 'answer');
    expect(data.columns.map(({ name }) => name)).toEqual(['a', 'b', 'group = y']);
    expect(data.positive).toBe('yes');
    expect(data.notes.join(' ')).toMatch(/a: 11 gaps.*constant: one value.*double: given by the other/);
  });

  it('is refused with a reason where it cannot be learnt from', () => {
    expect(() => encodeTable(simulated(30, 0), 'missing')).toThrow(/no column "missing"/);
    expect(() => encodeTable(simulated(30, 0), 'b')).toThrow(/30 different values/);
    expect(() => encodeTable(simulated(30, 0), 'constant')).toThrow(/Every patient has "1"/);
    const rare = tableFromRows(Array.from({ length: 40 }, (_, at) => ({ a: at * 1.1, answer: at < 2 ? 'yes' : 'no' })));
    expect(() => evaluateCohort(rare, 'answer')).toThrow(/Only 2 of 40/);
    expect(() => encodeTable(simulated(30, 0), 'answer', 'maybe')).toThrow(/no value/);
    expect(() => evaluateCohort(simulated(30, 0), 'answer', { folds: 1 })).toThrow(/folds/);
  });

  it('is not guessed at where numbers and texts are mixed', () => {
    const rows = (cell: (at: number) => string | number) =>
      tableFromRows(Array.from({ length: 40 }, (_, at) => ({ a: cell(at), b: at % 7, answer: at % 2 ? 'yes' : 'no' })));
    const comma = rows((at) => (at === 7 ? '12,5' : at * 1.5));
    expect(() => encodeTable(comma, 'answer')).toThrow(/"a" holds numbers and 1 cells/);
    try {
      encodeTable(comma, 'answer');
    } catch (error) {
      expect(error).toMatchObject({ where: { place: 'column a, row 8' }, detail: 'row 8: "12,5"' });
    }
    const gaps = encodeTable(
      rows((at) => (at % 10 === 3 ? 'n/a' : at * 1.5)),
      'answer',
    );
    expect(gaps.notes.join(' ')).toMatch(/4 cells such as "n\/a" read as gaps.*4 gaps filled/);
    expect(gaps.columns[0].values.every(Number.isFinite)).toBe(true);
    const grades = encodeTable(
      rows((at) => ['1', '2', '3', '3a'][at % 4]),
      'answer',
    );
    expect(grades.columns.map(({ name }) => name)).toContain('a = 3a');
  });

  it('shows the bend to the splines, silences noise, and gives the same twice', () => {
    const options = { repeats: 1, folds: 5, learners: ['logistic', 'additive-spline'] as const };
    const result = evaluateCohort(simulated(600, 6), 'answer', options);
    const [straight, bent] = result.learners;
    expect(bent.figures.auc).toBeGreaterThan(straight.figures.auc + 0.04);
    expect(Math.abs(bent.figures.slope - 1)).toBeLessThan(0.25);
    const noise = result.contributions.filter(({ column }) => column.startsWith('noise'));
    expect(noise).toHaveLength(6);
    for (const { contribution, low } of noise) {
      expect(contribution).toBeLessThan(0.2);
      expect(low).toBeLessThan(0.05);
    }
    for (const { contribution } of result.contributions.filter(({ column }) => column === 'a' || column === 'b'))
      expect(contribution).toBeGreaterThan(0.8);
    expect(evaluateCohort(simulated(600, 6), 'answer', options)).toEqual(result);
  });

  it('trains the networks to the same numbers twice', () => {
    const options = { repeats: 1, folds: 2, learners: ['network-no-graph', 'graph-network'] as const };
    const result = evaluateCohort(simulated(120, 0), 'answer', options);
    for (const { figures } of result.learners) expect(figures.auc).toBeGreaterThan(0.6);
    expect(evaluateCohort(simulated(120, 0), 'answer', options)).toEqual(result);
  });

  it('says why nothing is left to learn from', () => {
    const table = tableFromRows(Array.from({ length: 40 }, (_, at) => ({ x: 1, y: at % 2 })));
    expect(() => evaluateCohort(table, 'y')).toThrow(
      expect.objectContaining({ detail: 'x: one value only, left out.', hint: expect.stringContaining('differ') }),
    );
  });
});
