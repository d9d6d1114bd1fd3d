import { describe, expect, it } from 'vitest';
import { memoryFile, readOne } from '../../../tests/support/formats/formats.ts';
import { expectRobust } from '../../../tests/support/formats/robust.ts';
import type { CloudSequence } from '../../model/index.ts';
import { concatBytes, utf8 } from '../bytes.ts';
import { pcd } from './index.ts';
import { inflateLzf } from './lzf.ts';

const POINTS = Array.from({ length: 40 }, (_, index) => [index * 10, index * 3 - 200, 900 + index, index]);

function header(data: string): string {
  return `# .PCD v0.7 - Point Cloud Data file format\nVERSION 0.7\nFIELDS x y z intensity\nSIZE 4 4 4 2\nTYPE F F F U\nCOUNT 1 1 1 1\nWIDTH 40\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS 40\nDATA ${data}\n`;
}

function binary(byField: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(40 * 14));
  for (const [point, values] of POINTS.entries())
    for (const [field, value] of values.entries()) {
      const at = byField ? field * 160 + point * (field < 3 ? 4 : 2) : point * 14 + field * 4;
      if (field < 3) view.setFloat32(at, value, true);
      else view.setUint16(at, value, true);
    }
  return new Uint8Array(view.buffer);
}

function file(data: 'ascii' | 'binary' | 'binary_compressed'): Uint8Array {
  const head = utf8(header(data));
  if (data === 'ascii') return concatBytes([head, utf8(POINTS.map((point) => `${point.join(' ')}\n`).join(''))]);
  if (data === 'binary') return concatBytes([head, binary(false)]);
  const plain = binary(true);
  const parts: Uint8Array[] = [];
  // literal runs alone are good LZF too
  for (let at = 0; at < plain.length; at += 32) {
    const run = plain.subarray(at, at + 32);
    parts.push(Uint8Array.of(run.length - 1, ...run));
  }
  const packed = concatBytes(parts);
  const sizes = new DataView(new ArrayBuffer(8));
  sizes.setUint32(0, packed.length, true);
  sizes.setUint32(4, plain.length, true);
  return concatBytes([head, new Uint8Array(sizes.buffer), packed]);
}

describe('PCD', () => {
  it.each(['ascii', 'binary', 'binary_compressed'] as const)('reads %s', async (data) => {
    const item = await readOne(pcd, [memoryFile('x.pcd', file(data))]);
    const cloud = item.artifacts[0].payload as CloudSequence;
    expect(Array.from(cloud.positions[0])).toEqual(POINTS.flatMap((point) => point.slice(0, 3)));
    expect(Array.from(cloud.pointData?.intensity[0] ?? [])).toEqual(POINTS.map((point) => point[3]));
  });

  it('makes numbered files one sequence, and metres millimetres', async () => {
    const text = (z: number): Uint8Array =>
      utf8(
        header('ascii').replaceAll('40', '2').replace(' intensity', '').replace('4 4 4 2', '4 4 4') +
          `0 0 ${z}\n1 nan 0\n`,
      );
    const names = Array.from({ length: 5 }, (_, index) =>
      memoryFile(`s/c_${String(7 * index).padStart(4, '0')}.pcd`, text(index)),
    );
    const item = await readOne(pcd, names.reverse(), { choices: { rateHz: '70' } });
    const cloud = item.artifacts[0].payload as CloudSequence;
    expect(cloud.positions.map((frame) => Array.from(frame))).toEqual([0, 1, 2, 3, 4].map((z) => [0, 0, 1000 * z]));
    expect([cloud.rateHz, cloud.clock]).toEqual([10, 'c']);
  });

  it('repeats what LZF points back to', () => {
    // "ab", then six bytes from two back
    expect(inflateLzf(Uint8Array.of(1, 97, 98, (4 << 5) | 0, 1), 8)).toEqual(utf8('abababab'));
    expect(inflateLzf(Uint8Array.of(32, 5), 3)).toBeUndefined();
  });

  it('withstands damage', async () => {
    for (const data of ['ascii', 'binary', 'binary_compressed'] as const)
      await expectRobust(pcd, [{ name: 'x.pcd', bytes: file(data) }]);
  });
});
