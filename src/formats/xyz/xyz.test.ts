import { describe, expect, it } from 'vitest';
import { memoryFile, readOne } from '../../../tests/support/formats/formats.ts';
import { expectRobust } from '../../../tests/support/formats/robust.ts';
import type { CloudSequence } from '../../model/index.ts';
import { utf8 } from '../bytes.ts';
import { xyz } from './index.ts';

const TEXT = utf8(Array.from({ length: 30 }, (_, index) => `${index} ${index * 2.5} 900\n`).join(''));

describe('XYZ', () => {
  it('reads points, with colours where they are', async () => {
    const item = await readOne(xyz, [memoryFile('x.xyz', utf8('3\n0 0 0 255 0 0\n100 0 0 0 128 0\n0 50 0 1 2 3\n'))]);
    const cloud = item.artifacts[0].payload as CloudSequence;
    expect(Array.from(cloud.positions[0])).toEqual([0, 0, 0, 100, 0, 0, 0, 50, 0]);
    expect(Array.from(cloud.pointData?.green[0] ?? [])).toEqual([0, 128, 2]);
  });

  it('obeys the unit of the user', async () => {
    const item = await readOne(xyz, [memoryFile('x.xyz', utf8('1,2,3\n4,5,6\n'))], { choices: { unit: 'cm' } });
    expect(Array.from((item.artifacts[0].payload as CloudSequence).positions[0])).toEqual([10, 20, 30, 40, 50, 60]);
  });

  it('leaves few files with short numbers apart', async () => {
    const files = [1, 2, 3].map((index) => memoryFile(`L${index}.xyz`, TEXT));
    expect((await xyz.read(files)).items).toHaveLength(3);
    expect((await xyz.read(files, { choices: { sequence: 'yes' } })).items).toHaveLength(1);
  });

  it('withstands damage', async () => {
    await expectRobust(xyz, [{ name: 'x.xyz', bytes: TEXT }]);
  });
});
