import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { knowledgeModule } from '../../../scripts/knowledge.ts';
import { isLoinc, isSnomed, UNIT_TEXT } from '../../model/index.ts';
import { DICTIONARY, entryOf, KNOWLEDGE, valueKindOf, WINDOW_DAYS } from './index.ts';

describe('evidence table', () => {
  it('is what knowledge.csv says (node scripts/knowledge.ts writes it)', () => {
    const made = readFileSync(join(import.meta.dirname, 'table.ts'), 'utf8');
    const words = (text: string) => text.match(/[^\s,()'"\\]+/g)?.join(' ');
    expect(words(made)).toBe(words(knowledgeModule()));
    expect(KNOWLEDGE).toHaveLength(85);
  });

  it('gives every prior a spread, and every ratio a source', () => {
    for (const row of KNOWLEDGE) {
      if (row.mean !== undefined) expect(row.sd, row.feature).toBeGreaterThan(0);
      if (row.ratio) expect(row.source, row.feature).toBeTruthy();
    }
  });
});

describe('feature dictionary', () => {
  it('counts values for as long as the design says: scores a month, recordings and blood three, images a year', () => {
    const { questionnaire, emg, imu, video, laboratory, mri, ct, record } = WINDOW_DAYS;
    expect([questionnaire, emg, imu, video, laboratory, mri, ct, record]).toEqual([
      30,
      90,
      90,
      90,
      90,
      365,
      365,
      undefined,
    ]);
    const windows = [
      'prom.odi',
      'emg.fatigueSlope',
      'movement.flexion',
      'lab.crp',
      'stenosis.lee',
      'bone.l1Attenuation',
    ];
    expect(windows.map((id) => entryOf(id).windowDays)).toEqual([30, 90, 90, 90, 365, 365]);
  });

  it('says how a value is read: yes or no, grade, class, number', () => {
    const kindOf = (id: string) => valueKindOf(entryOf(id));
    expect(['care.opioid', 'segment.unstable', 'herniation.large'].map(kindOf)).toEqual(['yes-no', 'yes-no', 'yes-no']);
    expect(['stenosis.lee', 'bone.genant', 'disc.pfirrmann'].map(kindOf)).toEqual(['grade', 'grade', 'grade']);
    expect(['herniation.level', 'prom.startBack', 'stenosis.schizas'].map(kindOf)).toEqual(['class', 'class', 'class']);
    expect(['bone.tScore', 'symptom.duration'].map(kindOf)).toEqual(['number', 'number']);
  });

  it('has an entry for every row that is not about another row or a measurement error', () => {
    const used = new Set(DICTIONARY.flatMap(({ row, terms }) => [row, ...terms.map((term) => term.row)]));
    const unused = KNOWLEDGE.flatMap((row, at) => (used.has(at + 1) ? [] : [row.feature]));
    expect(unused).toEqual([
      'Symptom duration, disc herniation',
      'Tobacco use (clinic)',
      'Tobacco -> sciatica admission',
      'Disc fragment size',
      'IMU lumbar angle error',
    ]);
  });

  it('has one id an entry and one id a term', () => {
    for (const ids of [DICTIONARY.map(({ id }) => id), DICTIONARY.flatMap(({ terms }) => terms.map(({ id }) => id))])
      expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(DICTIONARY.map((entry) => [entry.id, entry] as const))('%s is sound', (_, entry) => {
    expect(Object.keys(UNIT_TEXT)).toContain(entry.unit);
    expect(Math.abs(entry.loading)).toBeLessThan(0.9);
    if (entry.marginal.kind === 'classes') {
      expect(entry.marginal.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      expect(entry.errorSd).toBe(0);
    }
    for (const { system, code } of entry.codes) expect(system === 'LOINC' ? isLoinc(code) : isSnomed(code)).toBe(true);
    if (entry.use !== 'context') expect(entry.terms.length).toBeGreaterThan(0);
    if (entry.use === 'held') expect(entry.terms.every(({ row }) => KNOWLEDGE[row - 1].mean === 0)).toBe(true);
  });

  it('holds at zero what did not predict surgery in the best data', () => {
    const held = DICTIONARY.filter(({ use }) => use === 'held').map(({ id }) => id);
    for (const id of ['disc.pfirrmann', 'facet.arthrosis', 'emg.fatigueSlope', 'emg.asymmetry', 'spine.lordosis'])
      expect(held).toContain(id);
    expect(held).toContain('movement.lumbopelvicRatio');
  });
});
