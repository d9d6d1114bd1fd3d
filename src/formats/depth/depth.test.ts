import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { memoryFile, readOne } from '../../../tests/support/formats/formats.ts';
import { expectRobust } from '../../../tests/support/formats/robust.ts';
import type { DepthSequence } from '../../model/index.ts';
import { concatBytes, latin1, utf8 } from '../bytes.ts';
import { crc32 } from '../inflate.ts';
import { depth } from './index.ts';
import { readGreyPng } from './png.ts';

const WIDTH = 5;
const HEIGHT = 6;

function chunk(type: string, body: Uint8Array): Uint8Array {
  const typed = concatBytes([utf8(type), body]);
  const out = new DataView(new ArrayBuffer(typed.length + 8));
  out.setUint32(0, body.length);
  new Uint8Array(out.buffer).set(typed, 4);
  out.setUint32(typed.length + 4, crc32(typed));
  return new Uint8Array(out.buffer);
}

/** A grey PNG of 16 bits that uses every filter in turn. */
function png(values: readonly number[], width = WIDTH, height = HEIGHT): Uint8Array {
  const stride = width * 2;
  const rows = values.flatMap((value) => [value >> 8, value & 255]);
  const raw: number[] = [];
  for (let row = 0; row < height; row++) {
    const filter = row % 5;
    raw.push(filter);
    for (let at = 0; at < stride; at++) {
      const of = (r: number, a: number): number => (r < 0 || a < 0 ? 0 : rows[r * stride + a]);
      const [left, up, corner] = [of(row, at - 2), of(row - 1, at), of(row - 1, at - 2)];
      const guess = left + up - corner;
      const near = [left, up, corner].sort((a, b) => Math.abs(guess - a) - Math.abs(guess - b))[0];
      const paeth =
        Math.abs(guess - left) === Math.abs(guess - near)
          ? left
          : Math.abs(guess - up) === Math.abs(guess - near)
            ? up
            : corner;
      raw.push((rows[row * stride + at] - [0, left, up, (left + up) >> 1, paeth][filter]) & 255);
    }
  }
  const head = new DataView(new ArrayBuffer(13));
  head.setUint32(0, width);
  head.setUint32(4, height);
  head.setUint8(8, 16);
  const data = zlibSync(Uint8Array.from(raw));
  return concatBytes([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', new Uint8Array(head.buffer)),
    chunk('IDAT', data.subarray(0, 9)),
    chunk('IDAT', data.subarray(9)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

const frame = (of: number): number[] =>
  Array.from({ length: WIDTH * HEIGHT }, (_, at) => ((at * 997 * of) % 8000) + of);

const CAMERA = utf8(JSON.stringify({ width: WIDTH, height: HEIGHT, fx: 60, fy: 61, cx: 2, cy: 2.5 }));

const FILES = [
  { name: 'd/0002.png', bytes: png(frame(2)) },
  { name: 'd/0001.png', bytes: png(frame(1)) },
  { name: 'd/camera.json', bytes: CAMERA },
];

const files = FILES.map(({ name, bytes }) => memoryFile(name, bytes));

describe('depth pictures', () => {
  it('undoes every filter', () => {
    expect(Array.from(readGreyPng(png(frame(3)), 'x.png').values)).toEqual(frame(3));
  });

  it('makes a folder one sequence, with the camera beside it', async () => {
    const item = await readOne(depth, files, { choices: { rateHz: '25' } });
    const sequence = item.artifacts[0].payload as DepthSequence;
    expect(Array.from(sequence.depthMm)).toEqual([...frame(1), ...frame(2)]);
    expect(sequence).toMatchObject({ width: WIDTH, height: HEIGHT, rateHz: 25, clock: 'd' });
    expect(sequence.intrinsics).toEqual({ fx: 60, fy: 61, cx: 2, cy: 2.5, source: 'camera.json' });
    expect(item.quality).toEqual([]);
  });

  it('reads intrinsics column by column and scaled depth', async () => {
    const matrix = [60, 0, 0, 0, 61, 0, 2, 2.5, 1];
    const camera = utf8(JSON.stringify({ intrinsic_matrix: matrix, depth_scale: 5000 }));
    const item = await readOne(depth, [files[1], memoryFile('d/c.json', camera)]);
    const sequence = item.artifacts[0].payload as DepthSequence;
    expect(sequence.intrinsics).toMatchObject({ fx: 60, fy: 61, cx: 2, cy: 2.5 });
    expect(Array.from(sequence.depthMm)).toEqual(frame(1).map((value) => Math.round(value / 5)));
  });

  it('says what it assumed and keeps missing frames missing', async () => {
    const item = await readOne(depth, [memoryFile('0001.png', FILES[1].bytes), memoryFile('0004.png', FILES[0].bytes)]);
    expect(item.quality.map(({ code }) => code)).toEqual(['motion.nominal-rate', 'depth.nominal-camera']);
    expect((item.artifacts[0].payload as DepthSequence).timeS?.[1]).toBeCloseTo(0.1, 12);
  });

  it('leaves photographs and odd sizes out', async () => {
    const photo = png(frame(1));
    photo[25] = 2;
    expect(depth.sniff(photo.subarray(0, 64), 'x.png')).toBe('no');
    expect(latin1(photo, 1, 4)).toBe('PNG');
    const other = memoryFile('d/0003.png', png(frame(1).slice(0, 20), 5, 4));
    const report = await depth.read([...files, other]);
    expect(report.items).toHaveLength(1);
    expect(report.errors[0].error.code).toBe('series.inconsistent');
  });

  it('withstands damage', async () => {
    await expectRobust(depth, FILES);
  });
});
