import { describe, expect, it } from 'vitest';
import { memoryFile } from '../../../../tests/support/formats/dicom.ts';
import type { Volume } from '../../../model/index.ts';
import { type ElementSpec, type EncodeOptions, encodeFile } from '../encode.ts';
import { readDicom } from '../read.ts';

interface FrameSpec {
  position: [number, number, number];
  slope?: number;
  stack?: string;
  temporal?: number;
  value: number;
}

/** An enhanced CT or MR object of 4 × 3 pixels a frame. */
function enhanced(frames: FrameSpec[], options: EncodeOptions & { orientationPerFrame?: boolean } = {}): Uint8Array {
  const orientation: ElementSpec = [0x00209116, 'SQ', [[[0x00200037, 'DS', '1\\0\\0\\0\\1\\0']]]];
  const perFrame = frames.map(({ position, slope, stack, temporal }): ElementSpec[] => {
    const content: ElementSpec[] = [];
    if (stack) content.push([0x00209056, 'SH', stack]);
    if (temporal) content.push([0x00209128, 'UL', [temporal]]);
    return [
      [0x00209111, 'SQ', [content]],
      [0x00209113, 'SQ', [[[0x00200032, 'DS', position.join('\\')]]]],
      ...(options.orientationPerFrame ? [orientation] : []),
      ...(slope === undefined ? [] : [transformation(slope)]),
    ];
  });
  const words = Uint16Array.from(frames.flatMap(({ value }) => Array.from({ length: 12 }, (_, n) => value + n)));
  const shared: ElementSpec[] = [
    [
      0x00289110,
      'SQ',
      [
        [
          [0x00180050, 'DS', '5'],
          [0x00280030, 'DS', '0.5\\0.75'],
        ],
      ],
    ],
    ...(options.orientationPerFrame ? [] : [orientation]),
    ...(frames[0].slope === undefined ? [transformation(1)] : []),
  ];
  return encodeFile(
    [
      [0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\VOLUME\\NONE'],
      [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2.1'],
      [0x00080018, 'UI', '1.2.3.4'],
      [0x00080060, 'CS', 'CT'],
      [0x00185100, 'CS', 'HFS'],
      [0x0020000e, 'UI', '1.2.3'],
      [0x00280002, 'US', [1]],
      [0x00280004, 'CS', 'MONOCHROME2'],
      [0x00280008, 'IS', String(frames.length)],
      [0x00280010, 'US', [3]],
      [0x00280011, 'US', [4]],
      [0x00280100, 'US', [16]],
      [0x00280101, 'US', [12]],
      [0x00280102, 'US', [11]],
      [0x00280103, 'US', [0]],
      [0x52009229, 'SQ', [shared]],
      [0x52009230, 'SQ', perFrame],
      [0x7fe00010, 'OW', new Uint8Array(words.buffer)],
    ],
    undefined,
    options,
  );
}

function transformation(slope: number): ElementSpec {
  return [
    0x00289145,
    'SQ',
    [
      [
        [0x00281052, 'DS', '-1000'],
        [0x00281053, 'DS', String(slope)],
        [0x00281054, 'LO', 'HU'],
      ],
    ],
  ];
}

async function volumes(bytes: Uint8Array): Promise<Volume[]> {
  const { items, errors } = await readDicom([memoryFile('enhanced.dcm', bytes)]);
  expect(errors).toEqual([]);
  return items.map((item) => item.artifacts[0].payload as Volume);
}

describe('enhanced multi-frame', () => {
  const shuffled = [3, 0, 2, 1].map((n): FrameSpec => ({ position: [7, 8, n * 1.5], value: 100 * n }));

  it.each([
    ['plain', {}],
    ['undefined lengths', { undefinedLengths: true }],
    ['orientation in every frame', { orientationPerFrame: true }],
  ])('orders frames by position: %s', async (_, options) => {
    const [volume] = await volumes(enhanced(shuffled, options));
    expect(volume.size).toEqual([4, 3, 4]);
    expect(volume.spacing).toEqual([0.75, 0.5, 1.5]);
    expect(volume.origin).toEqual([7, 8, 0]);
    expect([0, 1, 2, 3].map((k) => volume.data[12 * k + 5])).toEqual([-995, -895, -795, -695]);
  });

  it('applies a slope per frame', async () => {
    const [volume] = await volumes(enhanced([1, 2, 3].map((n) => ({ position: [0, 0, n], value: 200, slope: n / 4 }))));
    expect(volume.data).toBeInstanceOf(Float32Array);
    expect([0, 1, 2].map((k) => volume.data[12 * k])).toEqual([-950, -900, -850]);
  });

  it('separates stacks and phases', async () => {
    const stacks = ['a', 'b'].flatMap((stack, s) =>
      [0, 1, 2].map((n): FrameSpec => ({ position: [0, 0, n], stack, value: 100 * s })),
    );
    expect((await volumes(enhanced(stacks))).map((v) => [v.size[2], v.data[0]])).toEqual([
      [3, -1000],
      [3, -900],
    ]);
    const phases = [1, 2, 3].flatMap((temporal) =>
      [0, 1, 2].map((n): FrameSpec => ({ position: [0, 0, n], temporal, value: 50 * temporal })),
    );
    expect((await volumes(enhanced(phases))).map((v) => v.data[0])).toEqual([-950, -900, -850]);
  });

  it('says when there are fewer places than frames', async () => {
    const bytes = enhanced(shuffled);
    const at = new TextDecoder('latin1').decode(bytes).indexOf('IS\u0002\u00004 ') + 4;
    bytes[at] = '5'.charCodeAt(0);
    const { items, errors } = await readDicom([memoryFile('enhanced.dcm', bytes)]);
    expect(items).toEqual([]);
    expect(errors[0].error).toMatchObject({ where: { file: 'enhanced.dcm', place: expect.stringMatching(/tag \(/) } });
  });
});
