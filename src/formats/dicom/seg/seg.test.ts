import { describe, expect, it } from 'vitest';
import { memoryFile } from '../../../../tests/support/formats/dicom.ts';
import { ijkToXyz, type Labelmap, type ReadItem } from '../../../model/index.ts';
import { type ElementSpec, encodeFile } from '../encode.ts';
import { readDicom } from '../read.ts';
import { cielabToRgb } from './segments.ts';

interface FrameSpec {
  segment: number;
  z: number;
  /** voxels [column, row] of 6 × 5; the value for fractional frames */
  voxels: [number, number, number?][];
}

interface SegSpec {
  type?: string;
  segments?: number[];
  frames: FrameSpec[];
  spacingBetween?: string;
}

const COLUMNS = 6;
const ROWS = 5;

function segBytes(spec: SegSpec): Uint8Array {
  const { type = 'BINARY', frames, segments = [...new Set(frames.map((f) => f.segment))] } = spec;
  const size = COLUMNS * ROWS;
  const binary = type === 'BINARY';
  const pixels = new Uint8Array(binary ? Math.ceil((size * frames.length) / 8) : size * frames.length);
  frames.forEach(({ voxels }, frame) => {
    for (const [x, y, value = 255] of voxels) {
      const at = frame * size + y * COLUMNS + x;
      if (binary) pixels[at >> 3] |= 1 << (at & 7);
      else pixels[at] = value;
    }
  });
  const bits = binary ? 1 : 8;
  const perFrame = frames.map(({ segment, z }): ElementSpec[] => [
    [0x00209113, 'SQ', [[[0x00200032, 'DS', `10\\20\\${z}`]]]],
    ...(type === 'LABELMAP' ? [] : [[0x0062000a, 'SQ', [[[0x0062000b, 'US', [segment]]]]] as ElementSpec]),
  ]);
  return encodeFile([
    [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.66.4'],
    [0x00080018, 'UI', '1.2.3.4'],
    [0x00080060, 'CS', 'SEG'],
    [0x00200052, 'UI', '1.2.3.9'],
    [0x00280002, 'US', [1]],
    [0x00280004, 'CS', 'MONOCHROME2'],
    [0x00280008, 'IS', String(frames.length)],
    [0x00280010, 'US', [ROWS]],
    [0x00280011, 'US', [COLUMNS]],
    [0x00280100, 'US', [bits]],
    [0x00280101, 'US', [bits]],
    [0x00280102, 'US', [bits - 1]],
    [0x00280103, 'US', [0]],
    [0x00620001, 'CS', type],
    ...(type === 'FRACTIONAL' ? [[0x0062000e, 'US', [200]] as ElementSpec] : []),
    [0x00620002, 'SQ', segments.map(segmentItem)],
    [
      0x52009229,
      'SQ',
      [
        [
          [0x00209116, 'SQ', [[[0x00200037, 'DS', '1\\0\\0\\0\\1\\0']]]],
          [
            0x00289110,
            'SQ',
            [
              [
                [0x00180050, 'DS', '9'],
                [0x00280030, 'DS', '0.5\\0.75'],
                ...(spec.spacingBetween ? [[0x00180088, 'DS', spec.spacingBetween] as ElementSpec] : []),
              ],
            ],
          ],
        ],
      ],
    ],
    [0x52009230, 'SQ', perFrame],
    [0x7fe00010, 'OB', pixels],
  ]);
}

function segmentItem(number: number): ElementSpec[] {
  return [
    [0x00620004, 'US', [number]],
    [0x00620005, 'LO', `part ${number}`],
    [0x00620008, 'CS', 'AUTOMATIC'],
    [0x00620009, 'LO', 'robot'],
    [0x0062000d, 'US', [43803, 26565, 37722]],
    [
      0x0062000f,
      'SQ',
      [
        [
          [0x00080100, 'SH', '51282000'],
          [0x00080102, 'SH', 'SCT'],
          [0x00080104, 'LO', 'Vertebra'],
        ],
      ],
    ],
  ];
}

async function read(spec: SegSpec): Promise<ReadItem> {
  const { items, errors } = await readDicom([memoryFile('seg.dcm', segBytes(spec))]);
  expect(errors).toEqual([]);
  return items[0];
}

function maps(item: ReadItem): Labelmap[] {
  return item.artifacts.map((artifact) => artifact.payload as Labelmap);
}

describe('DICOM SEG', () => {
  it('reads sparse binary frames, names, colours and codes', async () => {
    const item = await read({
      frames: [
        { segment: 2, z: 40, voxels: [[5, 4]] },
        {
          segment: 1,
          z: 31,
          voxels: [
            [0, 0],
            [1, 0],
          ],
        },
        { segment: 1, z: 34, voxels: [[2, 3]] },
      ],
    });
    expect(item).toMatchObject({ modality: 'labels', frameOfReference: '1.2.3.9' });
    expect(item.metadata).toMatchObject({
      segments: 2,
      'segment.1.code': 'SCT 51282000 Vertebra',
      'segment.2.algorithm': 'AUTOMATIC robot',
    });
    const [map] = maps(item);
    expect(item.artifacts.map((a) => a.kind)).toEqual(['labelmap.source']);
    expect(map.size).toEqual([6, 5, 4]);
    expect(map.spacing).toEqual([0.75, 0.5, 3]);
    expect(map.origin).toEqual([10, 20, 31]);
    expect(map.labels).toEqual([
      { value: 1, name: 'part 1', color: [128, 174, 128] },
      { value: 2, name: 'part 2', color: [128, 174, 128] },
    ]);
    const set = [...map.data].flatMap((value, at) => (value ? [[at, value]] : []));
    expect(set).toEqual([
      [0, 1],
      [1, 1],
      [30 + 3 * 6 + 2, 1],
      [3 * 30 + 4 * 6 + 5, 2],
    ]);
    expect(ijkToXyz(map, [0, 0, 3])[2]).toBe(40);
  });

  it('gives overlapping segments a map each, others share one', async () => {
    const item = await read({
      frames: [
        {
          segment: 1,
          z: 0,
          voxels: [
            [1, 1],
            [2, 1],
          ],
        },
        { segment: 2, z: 0, voxels: [[2, 1]] },
        { segment: 3, z: 0, voxels: [[4, 4]] },
        { segment: 3, z: 1, voxels: [[1, 1]] },
      ],
    });
    expect(maps(item).map((map) => map.labels.map((label) => label.value))).toEqual([[1, 3], [2]]);
    expect(item.quality.map((flag) => flag.code)).toContain('dicom.overlapping-segments');
    expect(maps(item)[0].data[1 + 6]).toBe(1);
    expect(maps(item)[1].data[2 + 6]).toBe(2);
  });

  it('takes a voxel of a fractional segment from one half on', async () => {
    const item = await read({
      type: 'FRACTIONAL',
      frames: [
        {
          segment: 1,
          z: 0,
          voxels: [
            [0, 0, 99],
            [1, 0, 100],
            [2, 0, 200],
          ],
        },
        { segment: 1, z: 2, voxels: [[3, 3, 180]] },
      ],
    });
    expect([...maps(item)[0].data.subarray(0, 4)]).toEqual([0, 1, 1, 0]);
    expect(item.quality.map((flag) => flag.code)).toContain('dicom.fractional');
  });

  it('reads a label map SEG', async () => {
    const item = await read({
      type: 'LABELMAP',
      segments: [3, 7],
      frames: [
        { segment: 0, z: 0, voxels: [[0, 0, 3]] },
        { segment: 0, z: 1.5, voxels: [[1, 0, 7]] },
      ],
    });
    const [map] = maps(item);
    expect([map.data[0], map.data[31]]).toEqual([3, 7]);
    expect(map.labels.map((label) => label.name)).toEqual(['part 3', 'part 7']);
    expect(map.spacing[2]).toBe(1.5);
  });

  it('trusts the stated distance where the gaps allow it, finds a common step where they do not', async () => {
    const frames = (...depths: number[]): FrameSpec[] => depths.map((z) => ({ segment: 1, z, voxels: [[0, 0]] }));
    expect(maps(await read({ frames: frames(0, 4, 8), spacingBetween: '2' }))[0].size[2]).toBe(5);
    expect(maps(await read({ frames: frames(0, 4, 8), spacingBetween: '3' }))[0].size[2]).toBe(3);
    expect(maps(await read({ frames: frames(0, 4, 10) }))[0].spacing[2]).toBe(2);
  });

  it('names segments without voxels and frames without a segment', async () => {
    const item = await read({
      segments: [1, 5],
      frames: [
        { segment: 1, z: 0, voxels: [[0, 0]] },
        { segment: 9, z: 1, voxels: [[1, 1]] },
      ],
    });
    const flags = Object.fromEntries(item.quality.map((flag) => [flag.code, flag.where]));
    expect(flags['dicom.empty-segment']).toBe('part 5');
    expect(flags['dicom.unnamed-segment']).toBe('segment 9');
    expect(maps(item)[0].labels[1]).toEqual({ value: 9, name: 'segment 9' });
  });

  it.each([
    [
      'positions that share no step',
      { frames: [0, 1, 2.4, 7.77].map((z): FrameSpec => ({ segment: 1, z, voxels: [] })) },
      'series.inconsistent',
    ],
    [
      'positions out of this world',
      { frames: [0, 1, 999_999].map((z): FrameSpec => ({ segment: 1, z, voxels: [] })) },
      'file.malformed',
    ],
    ['frames without position', { frames: [{ segment: 1, z: Number.NaN, voxels: [] }] }, 'file.malformed'],
    ['segment 0', { frames: [{ segment: 0, z: 1, voxels: [] }] }, 'file.malformed'],
    ['an unknown type', { frames: [{ segment: 1, z: 1, voxels: [] }], type: 'MAGIC' }, 'file.unsupported'],
  ] as [string, SegSpec, string][])('refuses %s with place and remedy', async (_, spec, code) => {
    const { items, errors } = await readDicom([memoryFile('seg.dcm', segBytes(spec))]);
    expect(items).toEqual([]);
    expect(errors[0].error).toMatchObject({ code, where: { file: 'seg.dcm', place: expect.stringMatching(/tag \(/) } });
    expect(errors[0].error.hint.length).toBeGreaterThan(10);
  });

  it('knows its colours', () => {
    expect(cielabToRgb(0, 32896, 32896)).toEqual([0, 0, 0]);
    expect(cielabToRgb(65535, 32896, 32896)).toEqual([255, 255, 255]);
  });
});
