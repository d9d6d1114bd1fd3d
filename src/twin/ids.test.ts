import { describe, expect, it } from 'vitest';
import { acquisitionId, artifactId, artifactIdOf, featureRecordId, runKey, seedOfRun } from './ids.ts';

const RUN = { capability: 'skin', version: 1, params: { levelHu: -300 }, inputs: { volume: ['a'.repeat(64)] } };

describe('ids', () => {
  it('do not change from one release to the next', () => {
    expect(runKey(RUN)).toBe('3d9dda7089dd7d4cf40a1c4240b57d1393fce0fe6fd68cb0672a260f9d52d5b8');
    expect(artifactId({ ...RUN, role: 'skin', index: 0 })).toBe(artifactIdOf(runKey(RUN), 'skin', 0));
  });

  it('change with whatever can change the result', () => {
    const others = [
      { ...RUN, capability: 'bone' },
      { ...RUN, version: 2 },
      { ...RUN, params: { levelHu: -200 } },
      { ...RUN, inputs: { volume: ['b'.repeat(64)] } },
      { ...RUN, inputs: { image: ['a'.repeat(64)] } },
      { ...RUN, weights: 'c'.repeat(64) },
    ].map(runKey);
    expect(new Set([runKey(RUN), ...others]).size).toBe(others.length + 1);
    const key = runKey(RUN);
    expect(
      new Set([
        artifactIdOf(key, 'a', 0),
        artifactIdOf(key, 'a', 1),
        artifactIdOf(key, 'b', 0),
        featureRecordId(key, 0),
      ]).size,
    ).toBe(4);
  });

  it('do not change with the order of parameters or of files', () => {
    const params = { a: 1, b: 2 };
    expect(runKey({ ...RUN, params })).toBe(runKey({ ...RUN, params: { b: 2, a: 1 } }));
    expect(acquisitionId('ct', [{ sha256: 'x' }, { sha256: 'y' }])).toBe(
      acquisitionId('ct', [{ sha256: 'y' }, { sha256: 'x' }]),
    );
    expect(acquisitionId('ct', [{ sha256: 'x' }])).not.toBe(acquisitionId('mr', [{ sha256: 'x' }]));
  });

  it('seed chance with 32 bits', () => {
    expect(seedOfRun('0000000f'.padEnd(64, 'a'))).toBe(15);
    expect(seedOfRun('f'.repeat(64))).toBe(2 ** 32 - 1);
  });
});
