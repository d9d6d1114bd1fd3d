import { describe, expect, it } from 'vitest';
import type { TwinView, WireArtifact, WireFeature } from '../../contract/index.ts';
import { destinationOf } from './evidence.ts';

const artifact = (id: string, kind: string) => ({ id, kind }) as WireArtifact;
const view: Pick<TwinView, 'artifacts' | 'features'> = {
  artifacts: [artifact('rec', 'record.clinical'), artifact('emg', 'signal.emg'), artifact('col', 'landmarks.vertebra')],
  features: [
    { id: 'disc.height.L4-L5', level: 'L4-L5', evidence: [{ artifact: 'col', locator: { points: [[1, 2, 3]] } }] },
    { id: 'emg.slope', evidence: [{ artifact: 'emg', locator: { timeS: [0, 4] } }] },
  ] as unknown as WireFeature[],
};

describe('the way to the evidence', () => {
  it('leads to the fact of a record by its row', () => {
    const trail = { source: 'observation-3', evidence: [{ artifact: 'rec', locator: { row: 7 } }] };
    expect(destinationOf(view, trail)).toEqual({ screen: 'record', artifact: 'rec', fact: '#7' });
  });

  it('leads to the fact by its id where there is no row', () => {
    const trail = { source: 'observation-3', evidence: [{ artifact: 'rec', locator: {} }] };
    expect(destinationOf(view, trail)).toEqual({ screen: 'record', artifact: 'rec', fact: 'observation-3' });
  });

  it('leads to the level and point of a number of the column', () => {
    expect(destinationOf(view, { source: 'disc.height.L4-L5' })).toEqual({
      screen: 'spine',
      selection: { level: 'L4-L5', feature: 'disc.height.L4-L5' },
      at: [1, 2, 3],
    });
  });

  it('leads to the recording of a number of muscle', () => {
    expect(destinationOf(view, { source: 'emg.slope' })).toEqual({
      screen: 'motion',
      selection: { feature: 'emg.slope' },
    });
  });

  it('leads nowhere for an answer, or for what the twin no longer holds', () => {
    expect(destinationOf(view, { source: 'answer' })).toBeUndefined();
    expect(destinationOf(view, { evidence: [{ artifact: 'gone', locator: { row: 1 } }] })).toBeUndefined();
  });
});
