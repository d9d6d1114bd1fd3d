/** Actions of UTD-MHAD: odd subjects are the examples, even subjects are named. */

import { expect, it } from 'vitest';
import { actionRecognition } from '../../src/hme/action-recognition/index.ts';
import type { ArtifactValue, Table } from '../../src/model/index.ts';
import { describeWithData } from '../support/data.ts';
import { ACTION_SET, listed, type Repetition, readRepetitions } from '../support/motion/actions.ts';
import { outputsOf, runCapability } from '../support/read.ts';

/** Rows that tell path and row and throw when anything else is read. */
function sealed(values: ArtifactValue[]): ArtifactValue[] {
  return values.map((value) => ({
    ...value,
    metadata: new Proxy(value.metadata ?? {}, {
      get(target, key) {
        if (key === 'path' || key === 'row') return Reflect.get(target, key);
        throw new Error(`read ${String(key)} of a recording in question`);
      },
    }),
  }));
}

async function shareOf(train: Repetition[], test: Repetition[], fused: boolean): Promise<number> {
  const [known, asked] = [listed(train, true), listed(test, true)];
  const inputs = {
    train: known.body,
    test: sealed(asked.body),
    ...(fused ? { trainImu: known.imu, testImu: sealed(asked.imu) } : {}),
  };
  const result = await runCapability(actionRecognition, inputs, { crossCheck: false });
  const { columns } = outputsOf(result, 'predictions')[0].payload as Table;
  const column = (name: string) => columns.find((candidate) => candidate.name === name)?.values ?? [];
  const rows = column('path').map(Number);
  return column('predicted').filter((label, i) => label === test[rows[i]].action).length / test.length;
}

describeWithData(ACTION_SET, () => {
  let odd: Repetition[] = [];
  let even: Repetition[] = [];

  it('reads the official halves', async () => {
    odd = await readRepetitions([1, 3, 5, 7]);
    even = await readRepetitions([2, 4, 6, 8]);
    expect([odd.length, even.length]).toEqual([431, 430]);
  });

  it('names at least 93 % of the actions of other subjects by their skeletons', async () => {
    expect(await shareOf(odd, even, false)).toBeGreaterThanOrEqual(0.93);
  });

  it('names at least 96 % with the inertial sensor', async () => {
    expect(await shareOf(odd, even, true)).toBeGreaterThanOrEqual(0.96);
  });
});
