import { describe, expect, it } from 'vitest';
import type { ClinicalFact, ClinicalRecord } from '../../../model/index.ts';
import { clinicalValue, codingText, factByReference, findFacts, groupFacts, timeBins } from './record-facts.ts';

const fact = (
  id: string,
  kind: ClinicalFact['kind'],
  name: string,
  more: Partial<ClinicalFact> = {},
): ClinicalFact => ({
  id,
  kind,
  resource: 'Observation',
  scale: 'macro',
  concept: { codings: [{ system: 'http://loinc.org', code: '1988-5', display: name }] },
  place: `entry[${id}]`,
  ...more,
});
const FACTS = [
  fact('observation-1', 'observation', 'C-reactive protein', {
    scale: 'nano',
    from: '2025-11-03',
    value: { number: 12, unit: 'mg/L' },
  }),
  fact('observation-2', 'observation', 'Body weight', { from: '2023-01-09' }),
  fact('condition-1', 'condition', 'Lumbar radiculopathy', { from: '2024-05' }),
  fact('allergy-1', 'allergy', 'Penicillin'),
];
const RECORD: ClinicalRecord = { person: {}, facts: FACTS, skipped: [], withheld: [], synthetic: false };

describe('groups', () => {
  it('put laboratory apart as the nanoscale, and lose no fact', () => {
    const groups = groupFacts(FACTS);
    expect(groups.map(({ id }) => id)).toEqual(['conditions', 'laboratory', 'observations', 'other']);
    expect(groups[1].scale).toBe('nano');
    expect(groups.flatMap(({ facts }) => facts)).toHaveLength(FACTS.length);
  });

  it('show the newest first', () => {
    const [group] = groupFacts([
      fact('a', 'score', 'ODI', { from: '2024' }),
      fact('b', 'score', 'ODI', { from: '2025' }),
    ]);
    expect(group.facts.map(({ id }) => id)).toEqual(['b', 'a']);
  });
});

describe('values', () => {
  it('read as the source states them', () => {
    expect(clinicalValue({ number: 5, comparator: '<', unit: 'mg/L' })).toEqual({ text: '<5', unit: 'mg/L' });
    expect(clinicalValue({ number: 7, unit: '{score}' })).toEqual({ text: '7', unit: '' });
    expect(clinicalValue({ low: 200, high: 500, unit: 'm' })).toEqual({ text: '200 to 500', unit: 'm' });
    expect(clinicalValue({ number: 88.17143, unit: 'mg/dL' }).text).toBe('88.17');
    expect(clinicalValue({ number: 88.17143 }, 12).text).toBe('88.17143');
    expect(clinicalValue({ number: 123456 }).text).toBe('123456');
    expect(clinicalValue({ truth: false })).toEqual({ text: 'no', unit: '' });
    expect(clinicalValue({ absent: 'not asked' })).toEqual({ text: '–', unit: '', gap: 'not asked' });
    expect(clinicalValue({ concept: { codings: [], text: 'Never smoked' } }).text).toBe('Never smoked');
    expect(clinicalValue(undefined).text).toBe('');
  });

  it('name the code system', () => {
    expect(codingText({ system: 'http://snomed.info/sct', code: '128196005' })).toBe('SNOMED CT 128196005');
  });
});

describe('search', () => {
  it('needs every word, in names, codes or dates', () => {
    expect(findFacts(FACTS, 'protein').map(({ id }) => id)).toEqual(['observation-1']);
    expect(findFacts(FACTS, '1988-5 weight').map(({ id }) => id)).toEqual(['observation-2']);
    expect(findFacts(FACTS, 'protein weight')).toEqual([]);
    expect(findFacts(FACTS, '', '2024').map(({ id }) => id)).toEqual(['condition-1']);
  });

  it('finds the fact that evidence names by row, id or place', () => {
    expect(factByReference(RECORD, '#2')?.id).toBe('condition-1');
    expect(factByReference(RECORD, 'allergy-1')?.id).toBe('allergy-1');
    expect(factByReference(RECORD, 'entry[observation-2]')?.id).toBe('observation-2');
    expect(factByReference(RECORD, '#99')).toBeUndefined();
    expect(factByReference(RECORD, undefined)).toBeUndefined();
  });
});

describe('the line of time', () => {
  it('goes by month in a record of few years, and leaves no gap', () => {
    const bins = timeBins(FACTS);
    expect(bins[0]).toEqual({ span: '2023-01', count: 1 });
    expect(bins.at(-1)).toEqual({ span: '2025-11', count: 1 });
    expect(bins).toHaveLength(35);
    expect(timeBins([])).toEqual([]);
  });

  it('goes by year in a long record', () => {
    const bins = timeBins([fact('a', 'plan', 'x', { from: '1990-05-01' }), fact('b', 'plan', 'x', { from: '2025' })]);
    expect(bins).toHaveLength(36);
    expect(bins[0]).toEqual({ span: '1990', count: 1 });
  });

  it('finds again what it counts', () => {
    const all = [...FACTS, fact('c', 'plan', 'x', { from: '2024' })];
    for (const { span, count } of timeBins(all)) expect(findFacts(all, '', span)).toHaveLength(count);
  });
});
