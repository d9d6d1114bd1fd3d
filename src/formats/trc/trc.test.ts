import { describe, expect, it } from 'vitest';
import { expectSurvives } from '../../../tests/support/formats/damage.ts';
import { memoryFile, readOne, roundTrip } from '../../../tests/support/formats/formats.ts';
import { pointSequenceDifference } from '../../../tests/support/motion/motion-difference.ts';
import { markerSequence, skeletonSequence } from '../../../tests/support/motion/motion-samples.ts';
import type { PointSequence } from '../../model/index.ts';
import { trc } from './index.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Three markers, one of them hidden in the second frame; no blank line before the rows; Windows line ends. */
const TEXT = [
  'PathFileType\t4\t(X/Y/Z)\tC:\\walk.trc',
  'DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames\t',
  '100.0\t100.0\t2\t3\tm\t100.0\t1\t2\t',
  'Frame#\tTime\tL ASI\t\t\tR.ASI:x\t\t\tC7\t\t\t',
  '\t\tX1\tY1\tZ1\tX2\tY2\tZ2\tX3\tY3\tZ3\t',
  '1\t0.50000\t0.001\t0.002\t0.003\t0.004\t0.005\t0.006\t0.007\t0.008\t0.009',
  '2\t0.51000\t1\t2\t3\t\t\t\t7\tNaN\t9',
].join('\r\n');

async function read(text: string) {
  const item = await readOne(trc, [memoryFile('walk.trc', bytesOf(text))]);
  return { item, markers: item.artifacts[0].payload as PointSequence };
}

describe('TRC', () => {
  it('reads names, gaps and units', async () => {
    const { markers } = await read(TEXT);
    expect(markers).toMatchObject({ clock: 'walk', startS: 0.5, rateHz: 100, names: ['L ASI', 'R.ASI:x', 'C7'] });
    expect(markers.timeS).toBeUndefined();
    const nan = Number.NaN;
    const places = Array.from(markers.positions, (value) => Math.round(value));
    expect(places).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 1000, 2000, 3000, nan, nan, nan, nan, nan, nan]);
  });

  it.each([
    [
      'two tabs between values',
      (text: string) => text.replace('100.0\t100.0\t2\t3\tm', ' 100.0\t\t100.0\t\t2\t\t3\t\tm'),
    ],
    ['names two cells apart', (text: string) => text.replace('L ASI\t\t\tR.ASI:x\t\t\tC7', '\tL ASI\t\tR.ASI:x\t\tC7')],
    ['commas', (text: string) => text.replaceAll('\t', ',')],
    ['a blank line before the rows', (text: string) => text.replace('\r\n1\t', '\r\n\t\r\n1\t')],
    ['spaces in the first line', (text: string) => text.replace('PathFileType\t', 'PathFileType  ')],
  ])('reads the variant with %s', async (_, change) => {
    const changed = change(TEXT);
    expect(changed).not.toBe(TEXT);
    const { markers } = await read(changed);
    expect(pointSequenceDifference((await read(TEXT)).markers, markers)).toBeUndefined();
  });

  it('keeps the time stamps where they follow no rate', async () => {
    const { markers } = await read(TEXT.replace('0.51000', '0.73'));
    expect(Array.from(markers.timeS ?? [])).toEqual([0.5, 0.73]);
  });

  it('flags wrong counts and rows that break off', async () => {
    const codes = async (text: string) => (await read(text)).item.quality.map(({ code }) => code);
    expect(await codes(TEXT.replace('\t2\t3\tm', '\t9\t3\tm'))).toContain('trc.frames');
    expect(await codes(TEXT.replace('2\t0.51000\t1', '2\t0.51000\tx'))).toContain('trc.row');
    expect(await codes(TEXT.replace('\tm\t', '\tfurlong\t'))).toContain('trc.unit');
    const broken = trc.read([memoryFile('x.trc', bytesOf(TEXT.split('\r\n').slice(0, 5).join('\n')))]);
    expect((await broken).errors[0].error.code).toBe('file.truncated');
  });

  it('gives back what it writes, in mm and m', async () => {
    const sent = markerSequence();
    for (const unit of ['mm', 'm']) {
      const item = await roundTrip(trc, { kind: 'sequence.markers', payload: sent, name: 'a' }, { unit });
      expect(pointSequenceDifference(sent, item.artifacts[0].payload as PointSequence)).toBeUndefined();
    }
    const skeleton = await roundTrip(trc, { kind: 'sequence.skeleton', payload: skeletonSequence(), name: 'b' });
    expect((skeleton.artifacts[0].payload as PointSequence).names).toEqual(['pelvis', 'spine', 'thorax']);
  });

  it.each(['+x', '-x', '+y', '-y', '+z', '-z'] as const)('turns %s up to y, without mirroring', async (up) => {
    const axis = 'xyz'.indexOf(up[1]);
    const sign = up[0] === '+' ? 1 : -1;
    const unit = (index: number, size: number) => [0, 1, 2].map((one) => (one === index ? size : 0));
    // a point upwards, and three that make a right-handed frame
    const places = [unit(axis, 5 * sign), unit(0, 1), unit(1, 1), unit(2, 1)].flat();
    const sent = { ...markerSequence(), up, names: ['up', 'x', 'y', 'z'], positions: Float64Array.from(places) };
    const item = await roundTrip(trc, { kind: 'sequence.markers', payload: sent, name: 'a' }, { up: 'y' });
    const p = Array.from((item.artifacts[0].payload as PointSequence).positions, (value) => value + 0);
    expect(p.slice(0, 3)).toEqual([0, 5, 0]);
    const [a, b, c] = [p.slice(3, 6), p.slice(6, 9), p.slice(9, 12)];
    const triple =
      a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
    expect(triple).toBe(1);
  });

  it('does not guess which way is up', async () => {
    const { up: _, ...unknown } = markerSequence();
    const write = async () =>
      trc.write?.({ kind: 'sequence.markers', payload: unknown, name: 'a' }, { choices: { up: 'y' } });
    await expect(write()).rejects.toMatchObject({ code: 'parameter.invalid' });
  });

  it('says what is wrong with a row, and that decimal commas are', async () => {
    const reading = (text: string) => readOne(trc, [memoryFile('x.trc', bytesOf(text))]);
    await expect(reading(TEXT.replace(/(\d)\.(\d)/g, '$1,$2'))).rejects.toMatchObject({
      code: 'file.malformed',
      hint: expect.stringContaining('decimal commas'),
    });
  });

  it('survives damage', () => expectSurvives(trc, 'x.trc', bytesOf(TEXT)));
});
