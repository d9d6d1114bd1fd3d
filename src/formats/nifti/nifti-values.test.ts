import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { ctVolume, GRID, labelmap, memoryFile, mrVolume, roundTrip } from '../../../tests/support/formats/formats.ts';
import { codes, plainFile, readBytes } from '../../../tests/support/formats/nifti.ts';
import type { Labelmap, Volume } from '../../model/index.ts';
import { swapBytes } from '../voxels.ts';
import { nifti } from './index.ts';

const AXIAL = { ...GRID, direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] as const };

describe('NIfTI values', () => {
  const types: [string, number, (view: DataView, at: number, value: number, little: boolean) => void, number][] = [
    ['uint8', 2, (v, at, x) => v.setUint8(at, x), 1],
    ['int8', 256, (v, at, x) => v.setInt8(at, x), 1],
    ['int16', 4, (v, at, x, e) => v.setInt16(at, x, e), 2],
    ['uint16', 512, (v, at, x, e) => v.setUint16(at, x, e), 2],
    ['int32', 8, (v, at, x, e) => v.setInt32(at, x, e), 4],
    ['uint32', 768, (v, at, x, e) => v.setUint32(at, x, e), 4],
    ['float32', 16, (v, at, x, e) => v.setFloat32(at, x, e), 4],
    ['float64', 64, (v, at, x, e) => v.setFloat64(at, x, e), 8],
    ['int64', 1024, (v, at, x, e) => v.setBigInt64(at, BigInt(x), e), 8],
    ['uint64', 1280, (v, at, x, e) => v.setBigUint64(at, BigInt(x), e), 8],
  ];

  /** A 3×2×2 file of the values 0..11 times 10, in either byte order. */
  function typed(code: number, set: (typeof types)[0][2], width: number, little: boolean): Uint8Array {
    const grid = { ...AXIAL, size: [3, 2, 2] as const };
    const head = plainFile(ctVolume(grid)).slice(0, 352);
    const bytes = new Uint8Array(352 + 12 * width);
    bytes.set(head);
    const view = new DataView(bytes.buffer);
    view.setInt16(70, code, true);
    if (!little) {
      for (const [from, to, step] of [
        [0, 4, 4],
        [40, 56, 2],
        [68, 76, 2],
        [76, 120, 4],
        [252, 256, 2],
        [256, 328, 4],
      ])
        swapBytes(bytes.subarray(from, to), step);
    }
    for (let index = 0; index < 12; index++) set(view, 352 + index * width, index * 10, little);
    return bytes;
  }

  it.each(types)('reads %s of both byte orders', async (_name, code, set, width) => {
    for (const little of [true, false]) {
      const { volume } = await readBytes(typed(code, set, width, little), 't1.nii', { as: 'image' });
      expect(Array.from(volume.data)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110]);
      expect(volume.origin[2]).toBeCloseTo(-612.3, 9);
    }
  });

  it('reads 64-bit values beyond 32 bits as doubles', async () => {
    const bytes = typed(1024, (v, at, x, e) => v.setBigInt64(at, BigInt(x) * -(2n ** 35n), e), 8, true);
    const { volume } = await readBytes(bytes, 't1.nii');
    expect(volume.data).toBeInstanceOf(Float64Array);
    expect(volume.data[3]).toBe(-30 * 2 ** 35);
  });

  it('makes one number of colours and complex values, and says so', async () => {
    const colour = typed(128, (v, at, x) => new Uint8Array(v.buffer).fill(x, at, at + 3), 3, true);
    const first = await readBytes(colour, 't1.nii', { as: 'image' });
    expect(Array.from(first.volume.data).slice(0, 3)).toEqual([0, 10, 20]);
    expect(codes(first.item)).toEqual(['volume.values-merged']);
    const complex = typed(
      32,
      (v, at, x, e) => {
        v.setFloat32(at, 3 * x, e);
        v.setFloat32(at + 4, 4 * x, e);
      },
      8,
      true,
    );
    const second = await readBytes(complex, 't1.nii', { as: 'image' });
    expect(Array.from(second.volume.data).slice(0, 3)).toEqual([0, 50, 100]);
  });

  it('applies slope and intercept; whole numbers stay whole where they can', async () => {
    const scaled = (slope: number, inter: number) => async () =>
      (
        await readBytes(
          plainFile({ ...ctVolume(), data: Int16Array.from(ctVolume().data, (x) => x + 1024) }, (view) => {
            view.setFloat32(112, slope, true);
            view.setFloat32(116, inter, true);
          }),
          'a_ct.nii',
        )
      ).volume;
    const ct = await scaled(1, -1024)();
    expect(ct.data).toBeInstanceOf(Int16Array);
    expect(ct.data).toEqual(ctVolume().data);
    const half = await scaled(0.5, 2)();
    expect(half.data).toBeInstanceOf(Float32Array);
    expect(half.data[5]).toBeCloseTo((ctVolume().data[5] + 1024) * 0.5 + 2, 3);
    for (const [slope, inter] of [
      [0, 77],
      [Number.NaN, Number.NaN],
      [1, 0],
    ])
      expect((await scaled(slope, inter)()).data[5]).toBe(ctVolume().data[5] + 1024);
  });

  it('reads the first of several volumes and says so', async () => {
    const one = plainFile();
    const bytes = new Uint8Array(one.length + 3 * (one.length - 352));
    bytes.set(one);
    const view = new DataView(bytes.buffer);
    view.setInt16(40, 4, true);
    view.setInt16(48, 4, true);
    const plain = await readBytes(bytes);
    expect(plain.volume.data).toEqual(ctVolume().data);
    expect(codes(plain.item)).toEqual(['volume.first-of-many']);
    const zipped = await readBytes(gzipSync(bytes), 'x.nii.gz');
    expect(zipped.volume.data).toEqual(ctVolume().data);
  });

  it('puts voxels where it is told, once', async () => {
    const cases: [Volume | Labelmap, string][] = [
      [ctVolume(), 'int16'],
      [{ ...ctVolume(), data: Int32Array.from(ctVolume().data) }, 'int16'],
      [mrVolume(), 'float32'],
      [labelmap(), 'uint8'],
    ];
    for (const [payload, type] of cases) {
      const kind = 'labels' in payload ? 'labelmap.source' : payload.unit === '{arb}' ? 'volume.mr' : 'volume.ct';
      for (const compress of ['none', 'gzip']) {
        const made: string[] = [];
        const item = await roundTrip(
          nifti,
          { kind, payload: payload as Volume & Labelmap, name: 'x' },
          { compress },
          {
            allocate: (Type, length) => {
              made.push(Type.name.replace('Array', '').toLowerCase());
              return new Type(new SharedArrayBuffer(length * 4), 0, length);
            },
          },
        );
        const { data } = item.artifacts[0].payload as Volume;
        expect(data.buffer).toBeInstanceOf(SharedArrayBuffer);
        expect(Array.from(data)).toEqual(Array.from(payload.data));
        expect(made).toEqual([type]);
      }
    }
  });

  it('keeps integral CT in 16 bits whatever the file used', async () => {
    for (const Type of [Int32Array, Float32Array, Float64Array]) {
      const { volume } = await readBytes(plainFile({ ...ctVolume(), data: Type.from(ctVolume().data) }), 'ct.nii');
      expect(volume.data).toEqual(ctVolume().data);
    }
  });
});

describe('NIfTI labels', () => {
  it('carries names, colours, levels and sides in its header, for us and for TotalSegmentator', async () => {
    for (const compress of ['none', 'gzip']) {
      const item = await roundTrip(nifti, { kind: 'labelmap.vertebrae', payload: labelmap(), name: 'v' }, { compress });
      expect(item.modality).toBe('labels');
      expect(item.artifacts[0].kind).toBe('labelmap.source');
      expect(item.metadata.writtenAs).toBe('labelmap.vertebrae');
      expect((item.artifacts[0].payload as Labelmap).labels).toEqual(labelmap().labels);
    }
    const [{ bytes }] = (await nifti.write?.({ kind: 'labelmap.source', payload: labelmap(), name: 'v' })) ?? [];
    const view = new DataView(bytes.buffer);
    expect(view.getInt32(356, true)).toBe(0);
    const xml = new TextDecoder().decode(bytes.subarray(360, 352 + view.getInt32(352, true)));
    expect(xml).toContain('<Label Key="20"');
    expect(xml).toContain('<![CDATA[vertebrae_L4]]>');
    expect(view.getInt16(68, true)).toBe(1002);
    expect(view.getFloat32(108, true) % 16).toBe(0);
  });

  it('names labels from the XML alone', async () => {
    const [{ bytes }] = (await nifti.write?.({ kind: 'labelmap.source', payload: labelmap(), name: 'v' })) ?? [];
    const view = new DataView(bytes.buffer);
    // a reader that dropped our note
    const xmlSize = view.getInt32(352, true);
    view.setInt32(352 + xmlSize, 0, true);
    const { volume } = await readBytes(bytes, 'totalseg.nii');
    expect(volume.labels.map(({ value, name }) => [value, name])).toEqual([
      [20, 'vertebrae_L4'],
      [21, 'Wirbelkörper "L5" <&>'],
      [99, 'hip_left'],
    ]);
    expect(volume.labels[0].color).toEqual([230, 120, 10]);
  });

  it('makes labels of whole floats', async () => {
    const data = Float32Array.from(labelmap().data);
    const { item, volume } = await readBytes(plainFile({ ...mrVolume(), data }), 'case_mask.nii');
    expect(item.modality).toBe('labels');
    expect(volume.data).toEqual(labelmap().data);
    expect(item.metadata.labelValues).toBe('20 21 99');
  });

  it('refuses labels that cannot be', async () => {
    const { errors } = await nifti.read([memoryFile('x.nii', plainFile())], { choices: { as: 'labels' } });
    expect(errors[0].error.code).toBe('labels.unknown');
  });
});
