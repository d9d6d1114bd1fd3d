import { describe, expect, it } from 'vitest';
import { type ClinicalFact, type ClinicalRecord, CODE_SYSTEM, conceptText, factsWithCode } from './record.ts';

const fact = (id: string, code: string, from?: string): ClinicalFact => ({
  id,
  kind: 'observation',
  resource: 'Observation',
  scale: 'nano',
  concept: { codings: [{ system: CODE_SYSTEM.LOINC, code }] },
  ...(from && { from }),
  place: 'entry[0]',
});

const record: ClinicalRecord = {
  person: {},
  facts: [
    fact('observation-1', '4548-4', '2020-03-02T10:00:00+02:00'),
    fact('observation-2', '1988-5', '2001'),
    fact('observation-3', '4548-4', '2020-03-02T07:59:00Z'),
    fact('observation-4', '4548-4'),
  ],
  skipped: [],
  withheld: [],
  synthetic: true,
};

describe('the clinical record', () => {
  it('finds facts by code in order of time, across time zones', () => {
    const found = factsWithCode(record, CODE_SYSTEM.LOINC, ['4548-4']);
    expect(found.map(({ id }) => id)).toEqual(['observation-4', 'observation-3', 'observation-1']);
    expect(factsWithCode(record, CODE_SYSTEM.SNOMED, ['4548-4'])).toEqual([]);
  });

  it('calls a concept by its text first', () => {
    const codings = [{ system: '', code: 'x', display: 'Pain' }];
    expect(conceptText({ codings, text: 'Ache' })).toBe('Ache');
    expect(conceptText({ codings: [{ system: '', code: 'x' }] })).toBe('x');
    expect(conceptText({ codings: [] })).toBe('');
  });
});
