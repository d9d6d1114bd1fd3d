import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WireContribution } from '../../../contract/index.ts';
import { layoutChord, layoutLabels } from './chord-layout.ts';
import { type ChordModel, type ChordRibbon, certainty, chordModel, firstHalfShare } from './chord-model.ts';
import { stepRibbon } from './chord-walk.ts';

const MODALITIES = ['record', 'questionnaire', 'mri', 'emg', 'imu'];
const CONSTRUCTS = ['person', 'stenosis', 'muscle', 'pain-disability'];

type Part = Pick<WireContribution, 'mean' | 'sd' | 'observed' | 'held'> & { modality: number; construct: number };

/** Intercept and all ribbons of a layer together · log-odds */
const layerSum = ({ ribbons, intercept }: ChordModel, layer: ChordRibbon['layer']): number =>
  ribbons.reduce((sum, ribbon) => (ribbon.layer === layer ? sum + ribbon.mean : sum), intercept);

const part = fc.record({
  mean: fc.oneof(fc.constant(0), fc.double({ min: -2, max: 2, noNaN: true })),
  sd: fc.double({ min: 0, max: 1, noNaN: true }),
  observed: fc.boolean(),
  held: fc.boolean(),
  modality: fc.nat(MODALITIES.length - 1),
  construct: fc.nat(CONSTRUCTS.length - 1),
});

function riskOf(parts: readonly Part[], intercept = -2.5) {
  const contributions = parts.map(
    ({ mean, sd, observed, held, modality, construct }, i): WireContribution => ({
      feature: `f${i}`,
      name: `Feature ${i}`,
      modality: MODALITIES[modality],
      construct: CONSTRUCTS[construct],
      // a held weight adds nothing
      mean: held ? 0 : mean,
      sd,
      observed,
      held,
      unit: '1',
      row: i + 1,
    }),
  );
  const logit = contributions.reduce((sum, { mean }) => sum + mean, intercept);
  const year = 1 / (1 + Math.exp(-logit));
  const horizon = (name: '0-12' | '0-6' | '6-12', share: number) => ({
    ...{ horizon: name, probability: 1 - (1 - year) ** share, low: 0, high: 1, expected: year },
  });
  return {
    ...{ contributions, intercept, logit },
    horizons: [horizon('0-12', 1), horizon('0-6', 0.72), horizon('6-12', 0.28)],
  };
}

const sample = riskOf([
  { mean: 0.4, sd: 0.1, observed: true, held: false, modality: 1, construct: 3 },
  { mean: -0.2, sd: 0.2, observed: true, held: false, modality: 0, construct: 0 },
  { mean: 0.1, sd: 0.3, observed: false, held: false, modality: 2, construct: 1 },
  { mean: 0, sd: 0.2, observed: true, held: true, modality: 3, construct: 2 },
]);

describe('chord model', () => {
  it('adds up to the displayed logit in both layers', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 70 }), fc.boolean(), fc.boolean(), (parts, held, missing) => {
        const model = chordModel(riskOf(parts), { held, missing });
        expect(layerSum(model, 'feature')).toBeCloseTo(model.logit, 9);
        expect(layerSum(model, 'flow')).toBeCloseTo(model.logit, 9);
      }),
    );
  });

  it('splits the year by its hazards', () => {
    expect(firstHalfShare(sample.horizons)).toBeCloseTo(0.72, 12);
    expect(firstHalfShare([])).toBe(0.5);
  });

  it('is as opaque as it is sure', () => {
    expect(certainty(0.3, 0.1)).toBeCloseTo(0.75, 12);
    expect(certainty(-0.3, 0)).toBe(1);
    expect(certainty(0, 0.2)).toBe(0);
    expect(certainty(0, 0)).toBe(0);
  });

  it('leaves out held and missing features only while they add nothing', () => {
    const ids = (held: boolean, missing: boolean) =>
      chordModel(sample, { held, missing })
        .ribbons.filter(({ layer }) => layer === 'feature')
        .map(({ id }) => id)
        .sort();
    expect(ids(true, true)).toEqual(['feature:f0', 'feature:f1', 'feature:f2', 'feature:f3']);
    expect(ids(false, false)).toEqual(['feature:f0', 'feature:f1', 'feature:f2']);
  });
});

describe('chord layout', () => {
  it('gives every ribbon the same width for a log-odds at both ends, inside its own arcs, without overlap', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 40 }), (parts) => {
        const { groups, ribbons, perLogOdds } = layoutChord(chordModel(riskOf(parts)));
        const arcs = new Map(groups.map((group) => [group.id, group]));
        const ends = ribbons.flatMap(({ source, target, from, to, mean }) => [
          { ...source, arc: from, mean },
          { ...target, arc: to, mean },
        ]);
        for (const { startAngle, endAngle, arc, mean } of ends) {
          expect(endAngle - startAngle).toBeCloseTo(perLogOdds * Math.abs(mean), 9);
          expect(startAngle).toBeGreaterThanOrEqual((arcs.get(arc)?.startAngle ?? Number.NaN) - 1e-9);
          expect(endAngle).toBeLessThanOrEqual((arcs.get(arc)?.endAngle ?? Number.NaN) + 1e-9);
        }
        const sorted = ends.sort((a, b) => a.startAngle - b.startAngle);
        for (let i = 1; i < sorted.length; i++)
          expect(sorted[i].startAngle).toBeGreaterThanOrEqual(sorted[i - 1].endAngle - 1e-9);
        expect(sorted.at(-1)?.endAngle ?? 0).toBeLessThanOrEqual(2 * Math.PI + 1e-9);
      }),
    );
  });

  it('draws nothing of nothing', () => {
    expect(layoutChord(chordModel(riskOf([])))).toEqual({ groups: [], ribbons: [], perLogOdds: 0 });
  });

  it('keeps labels apart and outside', () => {
    const { groups } = layoutChord(chordModel(sample));
    const labels = layoutLabels(groups, 100, 14);
    for (const side of ['left', 'right']) {
      const heights = labels.filter((label) => label.side === side).map(({ to }) => to[1]);
      heights.sort((a, b) => a - b);
      for (let i = 1; i < heights.length; i++) expect(heights[i] - heights[i - 1]).toBeGreaterThanOrEqual(14 - 1e-9);
    }
    for (const { to } of labels) expect(Math.hypot(...to)).toBeGreaterThan(100);
  });
});

describe('keys on the ribbons', () => {
  const walk = ['a', 'a', 'b', 'b', 'c'].map((from) => ({ from }));
  it('lead to the next ribbon, to the next arc, to the ends', () => {
    const to = (at: number, key: string) => stepRibbon(walk, at, key);
    expect([to(-1, 'ArrowRight'), to(0, 'ArrowRight'), to(4, 'ArrowRight'), to(0, 'ArrowLeft')]).toEqual([0, 1, 0, 4]);
    expect([to(0, 'ArrowDown'), to(3, 'ArrowDown'), to(4, 'ArrowDown')]).toEqual([2, 4, 0]);
    expect([to(4, 'ArrowUp'), to(3, 'ArrowUp'), to(0, 'ArrowUp')]).toEqual([2, 0, 4]);
    expect([to(2, 'Home'), to(2, 'End'), to(2, 'x')]).toEqual([0, 4, undefined]);
    expect(stepRibbon([{ from: 'a' }, { from: 'a' }], 1, 'ArrowDown')).toBe(1);
    expect(stepRibbon([], -1, 'ArrowRight')).toBe(0);
  });
});
