import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CurrentSet, currentSet, type StandingRun, sameSet, standingRuns } from './current.ts';

function run(key: string, slot: string, more: Partial<StandingRun> = {}): StandingRun {
  return {
    key,
    slot,
    acquisitions: ['a1'],
    artifacts: [`${key}.0`, `${key}.1`],
    features: [`${key}.f`],
    replaces: [],
    ...more,
  };
}

function now(activated: StandingRun[], retracted = new Set<string>()): CurrentSet {
  return currentSet(standingRuns(activated, retracted));
}

describe('the current set', () => {
  it('keeps the newest run of a slot, as a whole', () => {
    const old = run('old', 's', { artifacts: ['L1', 'L2', 'L3'] });
    const young = run('young', 's', { artifacts: ['L1b'] });
    expect(now([old, young])).toEqual({ runs: ['young'], artifacts: ['L1b'], features: ['young.f'] });
  });

  it('lets an older run take its slot again', () => {
    const [a, b] = [run('a', 's'), run('b', 's')];
    expect(now([a, b, a]).runs).toEqual(['a']);
  });

  it('takes out what descends from a retracted acquisition', () => {
    const runs = [
      run('ct', 'import|a1'),
      run('both', 'x', { acquisitions: ['a1', 'a2'] }),
      run('mr', 'import|a2', { acquisitions: ['a2'] }),
    ];
    expect(now(runs, new Set(['a1'])).runs).toEqual(['mr']);
  });

  it('hides what a run replaces, for as long as that run stands', () => {
    const labels = run('labels', 'import|a1');
    const corrected = run('corrected', 'review', { replaces: ['labels.0'] });
    expect(now([labels, corrected]).artifacts).toEqual(['labels.1', 'corrected.0', 'corrected.1']);
    expect(now([labels, corrected, run('undone', 'review')]).artifacts).toContain('labels.0');
  });

  it('moves a run whose slot got another name', () => {
    const a = run('a', 'old-name');
    expect(now([a, { ...a, slot: 'new-name' }]).runs).toEqual(['a']);
    expect(now([a, { ...a, slot: 'new-name' }, run('b', 'old-name')]).runs).toEqual(['a', 'b']);
  });

  it('holds one run per slot and only the newest, whatever came', () => {
    const runs = fc.array(fc.record({ key: fc.integer({ min: 0, max: 9 }), slot: fc.integer({ min: 0, max: 3 }) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(runs, (drawn) => {
        const activated = drawn.map(({ key, slot }) => run(`k${key}s${slot}`, `s${slot}`));
        const got = now(activated);
        const slots = new Set(activated.map((item) => item.slot));
        const want = [...slots].map((slot) => activated.filter((item) => item.slot === slot).at(-1)?.key);
        expect([...got.runs].sort()).toEqual([...want].sort());
        expect(new Set(got.artifacts).size).toBe(got.artifacts.length);
      }),
    );
  });
});

describe('sameSet', () => {
  const set = (artifacts: string[], features: string[] = [], runs: string[] = []): CurrentSet => ({
    runs,
    artifacts,
    features,
  });

  it('does not see order, does see every difference', () => {
    expect(sameSet(set(['a', 'b'], ['f'], ['r', 's']), set(['b', 'a'], ['f'], ['s', 'r']))).toBe(true);
    expect(sameSet(set(['a', 'b']), set(['a', 'c']))).toBe(false);
    expect(sameSet(set([], ['a']), set([]))).toBe(false);
    expect(sameSet(set([], [], ['r']), set([], []))).toBe(false);
  });
});
