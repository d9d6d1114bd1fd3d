import { describe, expect, it } from 'vitest';
import { ASSESSMENT } from '../../../tests/support/record/assessment-sample.ts';
import type { Assessment, ClinicalFact } from '../../model/index.ts';
import { type CardContext, orderCards, patientCards } from './cards.ts';
import { card as cardSchema } from './schemas.ts';

const imaging: ClinicalFact = {
  id: 'order-1',
  kind: 'order',
  resource: 'ServiceRequest',
  scale: 'macro',
  concept: { codings: [{ system: 'urn:msdt:order', code: 'epidural' }] },
  place: 'entry[3]',
};

function context(assessment: Partial<Assessment> = {}, drafts: readonly ClinicalFact[] = []): CardContext {
  return {
    assessment: { ...ASSESSMENT, ...assessment },
    chart: {
      record: { person: {}, facts: [...drafts], skipped: [], withheld: [], synthetic: false },
      drafts: new Set(drafts.map(({ id }) => id)),
      ...{ unsent: [], cut: ['laboratory'], strangers: 0 },
    },
    patientId: '12',
    at: '2026-01-03T00:00:00Z',
  };
}

describe('cards of a patient', () => {
  const cards = patientCards(context());

  it('put signs of an emergency first, and nothing else is critical', () => {
    expect(cards.map(({ rule, card }) => [rule, card.indicator])).toEqual([
      ['R01', 'critical'],
      [undefined, 'info'],
      ['R28', 'info'],
    ]);
    const urgent = patientCards(
      context({ suggestions: [{ ...ASSESSMENT.suggestions[0], rule: 'R06', urgency: 'urgent' }] }),
    );
    expect(urgent[0].card.indicator).toBe('warning');
  });

  it('leave the risk out for a patient of whom nothing says that the spine is ill, and keep the red flags', () => {
    const asks = [{ ...ASSESSMENT.asks[0], finding: 'symptom.spinePain' }];
    const risk = { ...ASSESSMENT.risk, contributions: [] };
    const rules = (more: Partial<Assessment>) => patientCards(context({ asks, risk, ...more })).map(({ rule }) => rule);
    expect(rules({})).toEqual(['R01']);
    expect(rules({ settingChosen: true })).toHaveLength(3);
    expect(rules({ risk: ASSESSMENT.risk })).toHaveLength(3);
  });

  it('are none for a patient who has died', () => {
    const about = context();
    const record = { ...about.chart.record, person: { deceased: true as const } };
    expect(patientCards({ ...about, chart: { ...about.chart, record } })).toEqual([]);
    expect(orderCards({ ...about, chart: { ...about.chart, record } }, new Set())).toEqual([]);
  });

  it('escape marks where Markdown is read, and nowhere else', () => {
    const title = 'MRI_L4 [now] > 6 weeks';
    const [{ card }] = patientCards(context({ suggestions: [{ ...ASSESSMENT.suggestions[0], title, detail: title }] }));
    expect(card.summary).toContain(title);
    expect(card.detail).toContain('MRI\\_L4 \\[now\\] \\> 6 weeks');
    expect(card.suggestions?.[0].actions[0].description).toContain(title);
  });

  it('are cards by the specification', () => {
    for (const { card } of cards) expect(cardSchema.safeParse(card).error).toBeUndefined();
    const long = patientCards(context({ suggestions: [{ ...ASSESSMENT.suggestions[0], title: 'x'.repeat(400) }] }));
    expect(long[0].card.summary).toHaveLength(139);
  });

  it('offer a draft that somebody has to sign', () => {
    const [action] = cards[0].card.suggestions?.[0].actions ?? [];
    expect(action).toMatchObject({
      type: 'create',
      resource: {
        resourceType: 'ServiceRequest',
        status: 'draft',
        intent: 'proposal',
        priority: 'stat',
        subject: { reference: 'Patient/12' },
        code: { coding: [{ code: '30679-5' }] },
      },
    });
    expect(cards[0].card.selectionBehavior).toBe('at-most-one');
    expect(cards[0].card.overrideReasons?.every(({ display }) => display.length > 0)).toBe(true);
  });

  it.each(['suspended', 'failed'] as const)('give no number in the summary of a model that is %s', (state) => {
    const risk = { ...ASSESSMENT.risk, state, caution: 'Do not use this number.' };
    const [summary] = patientCards(context({ risk })).flatMap(({ card }) =>
      card.summary.includes('risk of spinal surgery') ? [card.summary] : [],
    );
    expect(summary).toMatch(/No usable risk/);
    expect(summary).not.toMatch(/[0-9]/);
  });

  it('say setting, interval, drivers, what waits, and that the data are made up', () => {
    const { summary, detail } = cards[1].card;
    expect(summary).toBe(
      'SYNTHETIC · Spinal surgery within 12 months: 12 % (90 % interval 5.0–28 %); not validated locally',
    );
    expect(detail).toContain('Referred chronic back pain (**assumed**');
    expect(detail).toContain('- Oswestry Disability Index: 48 %, 6 days old (+0.40 log-odds)');
    expect(detail).toContain('R25: No epidural injection for claudication');
    expect(detail).toContain('trouble with bladder or bowel? (R01, R02)');
    expect(detail).toContain('Sent in part (more pages exist): laboratory');
  });

  it('take words of a record for words, not for markup', () => {
    const because = [{ finding: 'x', text: 'Pain: <img src=x> [go](http://evil) **bold**\n# head' }];
    const [{ card }] = patientCards(context({ suggestions: [{ ...ASSESSMENT.suggestions[0], because }] }));
    expect(card.detail).toContain(String.raw`- Pain: \<img src=x\> \[go\](http:\/\/evil) \*\*bold\*\* \# head`);
  });
});

describe('cards of an order', () => {
  const avoid = ASSESSMENT.suggestions[2];

  it('warn where an order has the code that a rule speaks against', () => {
    const [emergency, warning, ...more] = orderCards(context({}, [imaging]), new Set(['R25']));
    expect(emergency.card.indicator).toBe('critical');
    expect([warning.rule, warning.card.indicator, warning.card.suggestions]).toEqual(['R25', 'warning', undefined]);
    expect(more).toEqual([]);
  });

  it('warn where the rule was silent before the order, or takes its reason from it', () => {
    const other = { ...imaging, concept: { codings: [] } };
    const record = { feature: 'order.epidural', value: 1, unit: '1' as const, source: 'order-1' };
    const reasoned = { ...avoid, because: [{ finding: 'order.epidural', text: 'Epidural ordered: yes', record }] };
    const rules = (suggestions: Assessment['suggestions'], without: string[]) =>
      orderCards(context({ suggestions }, [other]), new Set(without)).map(({ rule }) => rule);
    expect(rules([avoid], [])).toEqual(['R25']);
    expect(rules([avoid], ['R25'])).toEqual([]);
    expect(rules([reasoned], ['R25'])).toEqual(['R25']);
  });

  it('are silent where no order is in question, and about what only a suggestion would add', () => {
    const routine = ASSESSMENT.suggestions.slice(1);
    expect(orderCards(context({ suggestions: routine }), new Set())).toEqual([]);
    expect(orderCards(context({ suggestions: routine.slice(0, 1) }, [imaging]), new Set())).toEqual([]);
  });
});
