import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expit } from '../../kernel/index.ts';
import { generateCohort } from '../cohort/index.ts';
import { synchronise } from '../features/index.ts';
import { predictRisk, priorModel } from '../risk/index.ts';
import { CHALLENGER, CHALLENGER_GAINS, challengerOpinion } from './challenger.ts';
import { CONSTRUCTS, LINEAR_GAINS } from './network.ts';
import { SURGERY_GCN_RECIPE } from './recipe.ts';
import { SURGERY_GCN } from './weights.ts';

const read = (name: string) => readFileSync(new URL(`../../../weights/surgery-gcn/${name}`, import.meta.url), 'utf8');
const manifest = JSON.parse(read('manifest.json'));
const INDEX = '2026-01-05';

describe('challenger', () => {
  it('is the network that the manifest tells of', () => {
    const file = read(manifest.file);
    expect(createHash('sha256').update(file).digest('hex')).toBe(manifest.sha256);
    expect(SURGERY_GCN).toEqual(JSON.parse(file));
    expect(CHALLENGER).toEqual({ id: manifest.id, version: manifest.version });
    expect(manifest.recipe).toEqual(JSON.parse(JSON.stringify(SURGERY_GCN_RECIPE)));
    expect(Object.keys(CHALLENGER_GAINS.gain)).toEqual([...CONSTRUCTS]);
    expect(manifest.input.order).toEqual([...CONSTRUCTS]);
  });

  it('says everywhere that it knows SYNTHETIC patients only', () => {
    for (const text of [manifest.trainedOn, manifest.metrics.on, read('MODEL_CARD.md')])
      expect(text).toContain('SYNTHETIC');
    expect(read('MODEL_CARD.md')).toContain(manifest.metrics.challenger.brier.toFixed(4));
  });

  it('gives an opinion in every setting', () => {
    for (const setting of ['referred-chronic-back-pain', 'radicular-herniation']) {
      const model = priorModel(setting);
      for (const { records } of generateCohort(model, { patients: 40, seed: 2, indexDate: INDEX })) {
        const risk = predictRisk(model, synchronise(records, INDEX));
        const { model: said, probability, note } = challengerOpinion(risk);
        expect(said.id).toBe('surgery-gcn');
        expect(note).toMatch(/SYNTHETIC/);
        const sums = CONSTRUCTS.map((construct) =>
          risk.contributions.reduce((sum, part) => sum + (part.construct === construct ? part.mean : 0), 0),
        );
        const { gain, limit, intercept } = CHALLENGER_GAINS;
        const logit = CONSTRUCTS.reduce(
          (sum, construct, k) => sum + gain[construct] * limit * Math.tanh(sums[k] / limit),
          risk.intercept + intercept,
        );
        expect(Math.abs(probability - expit(logit))).toBeLessThan(1e-12);
        expect(Math.abs(challengerOpinion(risk, LINEAR_GAINS).probability - risk.horizons[0].probability)).toBeLessThan(
          1e-9,
        );
      }
    }
  });
});
