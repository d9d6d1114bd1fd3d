import { describe, expect, it } from 'vitest';
import type { WireDecision, WireSuggestion } from '../../../../contract/index.ts';
import { bandsOf, decisionWords, narrowingOf, orderText, trailOf } from './suggestion-model.ts';

const suggestion = (id: string, urgency: WireSuggestion['urgency'] = 'routine'): WireSuggestion => ({
  id,
  rule: id.split(':')[0],
  title: id,
  detail: '',
  kind: 'examination',
  strength: 'A',
  urgency,
  source: 'a guideline',
  because: [],
});
const decision = (of: string, what: WireDecision['decision'], more: Partial<WireDecision> = {}): WireDecision => ({
  suggestion: of,
  rule: of,
  decision: what,
  at: '2026-03-02T10:00:00Z',
  ...more,
});

describe('bands', () => {
  const all = [suggestion('R01', 'emergency'), suggestion('R04', 'urgent'), suggestion('R13'), suggestion('R31')];

  it('keeps red flags in their band after a decision, in the order of the engine', () => {
    const { redFlags, open, decided } = bandsOf(all, [decision('R04', 'accepted')]);
    expect(redFlags.map((one) => one.suggestion.id)).toEqual(['R01', 'R04']);
    expect(redFlags[1].decision?.decision).toBe('accepted');
    expect(open.map((one) => one.suggestion.id)).toEqual(['R13', 'R31']);
    expect(decided).toEqual([]);
  });

  it('takes the last decision and keeps those before it', () => {
    const { decided } = bandsOf(all, [
      decision('R13', 'accepted'),
      decision('R31', 'accepted'),
      decision('R13', 'overridden', { reason: 'pacemaker' }),
    ]);
    expect(decided.map((one) => [one.suggestion.id, one.decision?.decision, one.earlier.length])).toEqual([
      ['R13', 'overridden', 1],
      ['R31', 'accepted', 0],
    ]);
  });

  it('does not take a decision on one object of a rule for another', () => {
    const { open } = bandsOf([suggestion('R34:mri'), suggestion('R34:emg')], [decision('R34:mri', 'accepted')]);
    expect(open.map((one) => one.suggestion.id)).toEqual(['R34:emg']);
  });
});

describe('expected narrowing', () => {
  it('turns the spread of the logit into two intervals of the risk', () => {
    const narrowing = narrowingOf({ logit: 0 }, { sdNow: 1, sdAfter: 0.5 });
    expect(narrowing?.share).toBe(0.5);
    expect(narrowing?.now[0]).toBeCloseTo(0.1618, 4);
    expect(narrowing?.now[1]).toBeCloseTo(0.8382, 4);
    expect(narrowing?.after[0]).toBeCloseTo(0.3052, 4);
  });

  it('says nothing without a spread', () => {
    expect(narrowingOf({ logit: 0 }, undefined)).toBeUndefined();
    expect(narrowingOf({ logit: 0 }, { sdNow: 0, sdAfter: 0 })).toBeUndefined();
  });
});

describe('the way back of a reason', () => {
  it('is its own evidence, else that of its record', () => {
    const own = [{ artifact: 'a', locator: { row: 1 } }];
    const record = { feature: 'prom.odi', value: 40, unit: '%', source: 'observation-1', evidence: own };
    expect(trailOf({ finding: 'prom.odi', text: 'ODI: 40 %', record })).toEqual({
      source: 'observation-1',
      level: undefined,
      evidence: own,
    });
    const other = [{ artifact: 'b', locator: {} }];
    expect(trailOf({ finding: 'prom.odi', text: '', record, evidence: other }).evidence).toBe(other);
  });
});

describe('words', () => {
  it('names the code system of an order', () => {
    expect(orderText({ system: 'http://loinc.org', code: '30679-5', display: 'MR lumbar spine' })).toBe(
      'LOINC 30679-5 MR lumbar spine',
    );
    expect(orderText({ system: 'urn:own', code: '7' })).toBe('urn:own 7');
  });

  it('says who decided', () => {
    expect(decisionWords(decision('R13', 'accepted', { user: 'AB' }))).toBe('accepted by AB');
    expect(decisionWords(decision('R13', 'overridden'))).toBe('overridden');
  });
});
