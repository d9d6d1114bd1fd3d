import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkFolder, makeFolder, writeWhole } from './out-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'msdt-out-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('folders for results', () => {
  it('are made with those above them, and left alone where they are', async () => {
    const deep = join(root, 'a b', 'c', 'd');
    await checkFolder(deep);
    expect(existsSync(join(root, 'a b'))).toBe(false);
    await makeFolder(deep);
    writeFileSync(join(deep, 'keep.txt'), 'x');
    await makeFolder(deep);
    expect(readdirSync(deep)).toEqual(['keep.txt']);
  });

  it('are refused where a file stands', async () => {
    const file = join(root, 'file');
    writeFileSync(file, 'mine');
    for (const path of [file, join(file, 'below')])
      for (const act of [checkFolder, makeFolder])
        await expect(act(path)).rejects.toMatchObject({
          code: 'parameter.invalid',
          where: { file: path },
          hint: expect.stringContaining('another folder'),
        });
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it.skipIf(!existsSync('/proc/self'))('are refused where the system makes none, at once', async () => {
    await expect(makeFolder('/proc/msdt-nothing')).rejects.toMatchObject({ code: 'parameter.invalid' });
  });

  it('hold whole files or none', async () => {
    await writeWhole(join(root, 'x.csv'), new Uint8Array([1, 2]));
    expect(readFileSync(join(root, 'x.csv'))).toHaveLength(2);
    await makeFolder(join(root, 'taken.csv'));
    await expect(writeWhole(join(root, 'taken.csv'), new Uint8Array(1))).rejects.toMatchObject({
      code: 'parameter.invalid',
    });
    expect(readdirSync(root).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});
