/** Damaged files of every kind this reader knows: each ends in a result or in an error that names file, place and remedy. */

import { describe, expect, it } from 'vitest';
import {
  compressedBytes,
  damaged,
  memoryFile,
  sliceBytes,
  sliceElements,
} from '../../../tests/support/formats/dicom.ts';
import { encodeLossless } from '../../../tests/support/formats/jpeg.ts';
import { isMsdtError, type MsdtError } from '../../model/index.ts';
import { decodeFrames } from './decode-frames.ts';
import { type ElementSpec, encodeFile } from './encode.ts';
import { readDicom } from './read.ts';

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
}

/** Every failure names where it happened and what to do. */
function expectHelpful(error: unknown, how: string): asserts error is MsdtError {
  expect(isMsdtError(error), `${how}: ${error instanceof Error ? error.stack : error}`).toBe(true);
  const { where, hint, detail } = error as MsdtError;
  expect(where.file, how).toMatch(/fuzz/);
  expect(where.place, how).toMatch(/./);
  expect(hint.length, how).toBeGreaterThan(10);
  expect(detail.length, how).toBeGreaterThan(3);
}

const GREY: ElementSpec[] = sliceElements({ rows: 24, columns: 32, signed: false, bitsStored: 12 });
const PLANE = Uint16Array.from({ length: 24 * 32 }, (_, n) => (n * 37) & 4095);

function segmentation(): Uint8Array {
  const frame = (z: number): ElementSpec[] => [
    [0x00209113, 'SQ', [[[0x00200032, 'DS', `0\\0\\${z}`]]]],
    [0x0062000a, 'SQ', [[[0x0062000b, 'US', [1]]]]],
  ];
  return encodeFile(
    [
      ...sliceElements({
        rows: 16,
        columns: 16,
        modality: 'SEG',
        sopClass: '1.2.840.10008.5.1.4.1.1.66.4',
        bitsStored: 1,
        extra: [
          [0x00280100, 'US', [1]],
          [0x00280008, 'IS', '3'],
          [0x00620001, 'CS', 'BINARY'],
        ],
      }),
      [
        0x00620002,
        'SQ',
        [
          [
            [0x00620004, 'US', [1]],
            [0x00620005, 'LO', 'L4'],
          ],
        ],
      ],
      [
        0x52009229,
        'SQ',
        [
          [
            [0x00209116, 'SQ', [[[0x00200037, 'DS', '1\\0\\0\\0\\1\\0']]]],
            [0x00289110, 'SQ', [[[0x00280030, 'DS', '1\\1']]]],
          ],
        ],
      ],
      [0x52009230, 'SQ', [frame(0), frame(1), frame(2)]],
      [0x7fe00010, 'OB', new Uint8Array(96).fill(0x5a)],
    ],
    undefined,
    { undefinedLengths: true },
  );
}

const SOURCES: [name: string, bytes: Uint8Array][] = [
  ['explicit slice', sliceBytes({ rows: 16, columns: 16 })],
  [
    'big endian slice',
    encodeFile([...GREY, [0x7fe00010, 'OW', new Uint8Array(PLANE.buffer)]], '1.2.840.10008.1.2.2', {
      littleEndian: false,
    }),
  ],
  [
    'implicit slice',
    encodeFile([...GREY, [0x7fe00010, 'OW', new Uint8Array(PLANE.buffer)]], '1.2.840.10008.1.2', { explicit: false }),
  ],
  [
    'lossless JPEG',
    compressedBytes(GREY, '1.2.840.10008.1.2.4.70', [
      encodeLossless([PLANE], { columns: 32, rows: 24, bits: 12, predictor: 1, restartRows: 4 }),
    ]),
  ],
  ['segmentation', segmentation()],
];

describe('damaged DICOM', () => {
  it.each(SOURCES)('200 times %s: no crash, no hang, every error helps', async (name, bytes) => {
    const random = generator(name.length * 7919);
    let failures = 0;
    const started = performance.now();
    for (let n = 0; n < 200; n++) {
      const { bytes: input, how } = damaged(bytes, random);
      const report = await readDicom([memoryFile('fuzz.dcm', input)]);
      for (const { error } of report.errors) expectHelpful(error, how);
      expect(report.items.length + report.skipped.length + report.errors.length, how).toBeGreaterThan(0);
      failures += report.errors.length;
      await decodeFrames(input, 'fuzz.dcm').catch((error: unknown) => expectHelpful(error, how));
    }
    expect(failures).toBeGreaterThan(50);
    expect(performance.now() - started).toBeLessThan(25_000);
  });

  it('a damaged slice among good ones leaves a volume', async () => {
    const random = generator(99);
    const good = Array.from({ length: 6 }, (_, n) => sliceBytes({ instance: n + 1 }));
    for (let n = 0; n < 40; n++) {
      const files = good.map((bytes, k) => memoryFile(`fuzz${k}.dcm`, k === 3 ? damaged(bytes, random).bytes : bytes));
      const { items, errors } = await readDicom(files);
      for (const { error } of errors) expectHelpful(error, `run ${n}`);
      expect(
        items.some((item) => item.files.length >= 3),
        `run ${n}`,
      ).toBe(true);
    }
  });
});
