/** What every driver of the storage port must do with assessments, decisions, outcomes and events of the site. */

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inferenceEngine } from '../../../src/inference/index.ts';
import { type Assessment, type ClosedOutcome, isMsdtError } from '../../../src/model/index.ts';
import type { OpenStore } from './store-rules-suite.ts';

const AT = '2026-03-02T09:00:00.000Z';

function assessmentOf(twin: string, odi: number): Assessment {
  const answers = [{ finding: 'prom.odi', value: odi, at: '2026-03-01' }];
  return inferenceEngine.assess({
    ...{ twin, at: AT, answers, features: [], acquisitions: [], records: [] },
    synthetic: true,
  });
}

/** @param open - opens a store that other tests may also use; every test makes twins of its own */
export function storeInferenceSuite(name: string, open: () => Promise<OpenStore>): void {
  describe(`inference in the store on ${name}`, () => {
    let store: OpenStore;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    it('numbers the assessments of a twin and never changes one', async () => {
      const { id } = await store.twins.createTwin('Assessed');
      expect(await store.twins.getAssessment(id)).toBeUndefined();
      const first = await store.twins.putAssessment(id, assessmentOf(id, 30), 'Scan added');
      const second = await store.twins.putAssessment(id, assessmentOf(id, 56), 'Answer given');
      expect([first.number, second.number]).toEqual([1, 2]);
      expect((await store.twins.getAssessment(id))?.number).toBe(2);
      const read = await store.twins.getAssessment(id, 1);
      expect(read?.assessment.risk.logit).toBe(first.assessment.risk.logit);
      expect(read?.assessment.graph.nodes).toHaveLength(first.assessment.graph.nodes.length);
      const lines = await store.twins.assessments(id);
      expect(lines.map(({ number, reason, observed }) => [number, reason, observed])).toEqual([
        [1, 'Scan added', 1],
        [2, 'Answer given', 1],
      ]);
      expect(lines[1].logit).toBe(second.assessment.risk.logit);
      expect(lines[1].horizons).toEqual(second.assessment.risk.horizons);
      for (const change of ['update assessments set reason = $$x$$', 'delete from assessments'])
        await expect(sql.raw(change).execute(store.db)).rejects.toThrow('history');
    });

    it('keeps every decision, in order, and refuses an override without a reason', async () => {
      const { id } = await store.twins.createTwin('Decided');
      const decision = { suggestion: 'R13', rule: 'R13' };
      await store.twins.putDecision(id, { ...decision, decision: 'accepted' });
      await expect(store.twins.putDecision(id, { ...decision, decision: 'overridden', reason: ' ' })).rejects.toSatisfy(
        (error) => isMsdtError(error, 'parameter.invalid'),
      );
      await store.twins.putDecision(id, { ...decision, decision: 'overridden', reason: 'MRI of last week' });
      const kept = await store.twins.decisions(id);
      expect(kept.map(({ decision: what, reason }) => [what, reason])).toEqual([
        ['accepted', undefined],
        ['overridden', 'MRI of last week'],
      ]);
      await expect(sql`delete from decisions`.execute(store.db)).rejects.toThrow('history');
    });

    it('forgets outcomes, decisions and assessments with the twin, and nobody else’s', async () => {
      const setting = `of-${Math.random()}`;
      const twins = [await store.twins.createTwin('Goes'), await store.twins.createTwin('Stays')];
      for (const { id } of twins) {
        const { indexDate, used } = assessmentOf(id, 40);
        const outcome: ClosedOutcome = {
          ...{ twin: id, setting, indexDate, closedAt: '2027-03-01', predicted: 0.1 },
          ...{ operatedIn: 0, used },
        };
        await store.twins.putOutcome(outcome);
        await store.twins.putAssessment(id, assessmentOf(id, 40), 'Looked');
      }
      expect((await store.twins.outcomes(setting)).map(({ twin }) => twin)).toEqual(twins.map(({ id }) => id));
      await store.twins.eraseTwin(twins[0].id);
      const left = await store.twins.outcomes(setting);
      expect(left.map(({ twin }) => twin)).toEqual([twins[1].id]);
      expect(left[0].used[0].feature).toBe('prom.odi');
      const newest = (await store.twins.newestAssessments()).filter(({ twin }) => twins.some(({ id }) => id === twin));
      expect(newest.map(({ alias, operatedIn, used }) => [alias, operatedIn, used[0].value])).toEqual([
        ['Stays', 0, 40],
      ]);
    });

    it('appends events of the site by kind', async () => {
      const kind = `kind-${Math.random()}`;
      expect(await store.site.last(kind)).toBeUndefined();
      for (const step of [1, 2, 3]) await store.site.append(kind, { step });
      const listed = await store.site.list(kind);
      expect(listed.map(({ content }) => content)).toEqual([{ step: 1 }, { step: 2 }, { step: 3 }]);
      expect((await store.site.list(kind, 2)).map(({ content }) => content)).toEqual([{ step: 2 }, { step: 3 }]);
      expect((await store.site.last(kind))?.id).toBe(listed[2].id);
      expect((await store.site.get(listed[0].id))?.content).toEqual({ step: 1 });
      expect(await store.site.get(-1)).toBeUndefined();
      await expect(sql`update site_events set kind = 'x'`.execute(store.db)).rejects.toThrow('history');
    });
  });
}
