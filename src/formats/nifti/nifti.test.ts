import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import {
  ctVolume,
  filesOf,
  GRID,
  labelmap,
  memoryFile,
  mrVolume,
  OBLIQUE,
  readOne,
  roundTrip,
} from '../../../tests/support/formats.ts';
import { isMsdtError, type Labelmap, sameGrid, type Volume } from '../../model/index.ts';
import { swapBytes } from '../voxels.ts';
import { nifti } from './index.ts';

const AXIAL = { ...GRID, direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] as const };

/** Bytes of a plain NIfTI-1 whose header a test may turn around. */
function plainFile(volume: Volume = ctVolume(), edit: (view: DataView) => void = () => {}): Uint8Array {
  const written = nifti.write?.({ kind: 'volume.other', payload: volume, name: 'x' }) as { bytes: Uint8Array }[];
  const source = written[0].bytes;
  const offset = new DataView(source.buffer).getFloat32(108, true);
  // without our notes, so that only the fixed header speaks
  const bytes = new Uint8Array(352 + source.length - offset);
  bytes.set(source.subarray(0, 348));
  bytes.set(source.subarray(offset), 352);
  const view = new DataView(bytes.buffer);
  view.setFloat32(108, 352, true);
  edit(view);
  return bytes;
}

async function readBytes(bytes: Uint8Array, name = 'x.nii', choices?: Record<string, string>) {
  const item = await readOne(nifti, [memoryFile(name, bytes)], { choices });
  return { item, volume: item.artifacts[0].payload as Volume & Labelmap };
}

const codes = (item: { quality: { code: string }[] }) => item.quality.map(({ code }) => code);

describe('NIfTI geometry', () => {
  it('writes both forms and reads either back', async () => {
    for (const use of ['sform', 'qform']) {
      const { volume, item } = await readBytes(plainFile(), 'x.nii', { use });
      expect(item.metadata.positionFrom).toBe(use);
      expect(sameGrid(volume, GRID, 1e-4)).toBe(true);
      expect(codes(item)).toEqual([]);
    }
  });

  it('keeps a mirrored grid mirrored', async () => {
    const direction = OBLIQUE.map((value, index) =>
      index % 3 === 1 ? -value : value,
    ) as unknown as Volume['direction'];
    const bytes = plainFile(ctVolume({ ...GRID, direction }));
    for (const use of ['sform', 'qform']) {
      const { volume } = await readBytes(bytes, 'x.nii', { use });
      expect(sameGrid(volume, { ...GRID, direction }, 1e-4)).toBe(true);
    }
  });

  it.each([
    [[-1, 0, 0, 0, -1, 0, 0, 0, 1], 'RAS'],
    [[1, 0, 0, 0, 1, 0, 0, 0, 1], 'LPS'],
    [[0, 0, -1, 1, 0, 0, 0, -1, 0], 'PIR'],
  ] as const)('names axes %j as %s', async (direction, letters) => {
    const { item } = await readBytes(plainFile(ctVolume({ ...GRID, direction })));
    expect(item.metadata.axes).toBe(letters);
  });

  it('turns the RAS of the file into LPS', async () => {
    const bytes = plainFile(ctVolume(AXIAL), (view) => {
      view.setInt16(252, 0, true);
      // voxel (0,0,0) lies 10 mm right, 20 mm anterior, 30 mm superior
      [2, 0, 0, 10, 0, 3, 0, 20, 0, 0, 4, 30].forEach((value, at) => {
        view.setFloat32(280 + 4 * at, value, true);
      });
    });
    const { volume } = await readBytes(bytes);
    expect(volume.origin).toEqual([-10, -20, 30]);
    expect(volume.spacing).toEqual([2, 3, 4]);
    expect(volume.direction).toEqual([-1, 0, 0, 0, -1, 0, 0, 0, 1]);
  });

  it('means 0.7 where the header holds the nearest float', async () => {
    const { volume } = await readBytes(plainFile(ctVolume(AXIAL)));
    expect(volume.spacing).toEqual([0.7, 1.25, 2.1]);
    expect(volume.origin).toEqual([-123.456, 87.25, -612.3]);
  });

  it('says when the forms disagree, and takes the one it is told', async () => {
    const bytes = plainFile(ctVolume(), (view) => view.setFloat32(268, view.getFloat32(268, true) + 5, true));
    const first = await readBytes(bytes);
    expect(codes(first.item)).toEqual(['nifti.forms-disagree']);
    expect(first.item.quality[0].message).toContain('5.0 mm');
    expect(sameGrid(first.volume, GRID, 1e-4)).toBe(true);
    const second = await readBytes(bytes, 'x.nii', { use: 'qform' });
    expect(second.volume.origin[0]).toBeCloseTo(GRID.origin[0] - 5, 4);
    const third = await readBytes(
      plainFile(ctVolume(), (view) => view.setFloat32(268, view.getFloat32(268, true) + 0.05, true)),
    );
    expect(codes(third.item)).toEqual([]);
  });

  it('says when nothing is known about the orientation', async () => {
    const bytes = plainFile(ctVolume(), (view) => {
      view.setInt16(252, 0, true);
      view.setInt16(254, 0, true);
    });
    const { item, volume } = await readBytes(bytes);
    expect(codes(item)).toEqual(['nifti.no-orientation']);
    expect(item.quality[0].severity).toBe('fault');
    expect(volume.spacing).toEqual([0.7, 1.25, 2.1]);
  });

  it('passes over an sform of zeros', async () => {
    const bytes = plainFile(ctVolume(), (view) => {
      for (let at = 280; at < 328; at += 4) view.setFloat32(at, 0, true);
    });
    const { item, volume } = await readBytes(bytes);
    expect(codes(item)).toEqual(['nifti.empty-form']);
    expect(sameGrid(volume, GRID, 1e-4)).toBe(true);
  });

  it('straightens a little shear and refuses much of it', async () => {
    const sheared = (by: number) => plainFile(ctVolume(AXIAL), (view) => view.setFloat32(288, by, true));
    const little = await readBytes(sheared(0.02));
    expect(codes(little.item)).toContain('grid.sheared');
    const file = memoryFile('x.nii', sheared(0.8));
    const { errors } = await nifti.read([file]);
    expect(errors[0].error.code).toBe('geometry.degenerate');
    expect(errors[0].error.hint).toContain('use = qform');
    const other = await nifti.read([file], { choices: { use: 'qform' } });
    expect(other.errors).toEqual([]);
  });

  it.each([
    [1, 1000],
    [3, 0.001],
    [0, 1],
  ])('honours the length unit %i', async (unit, scale) => {
    const { volume } = await readBytes(plainFile(ctVolume(AXIAL), (view) => view.setUint8(123, unit)));
    expect(volume.spacing[0]).toBeCloseTo(0.7 * scale, 9);
    expect(volume.origin[2]).toBeCloseTo(-612.3 * scale, 6);
  });

  it('keeps the full precision of a grid in its own note, while it agrees with the header', async () => {
    const written = filesOf((await nifti.write?.({ kind: 'volume.ct', payload: ctVolume(), name: 'ct' })) ?? []);
    const item = await readOne(nifti, written);
    const { direction, origin } = item.artifacts[0].payload as Volume;
    expect([...direction, ...origin]).toEqual([...GRID.direction, ...GRID.origin]);
    const moved = (await written[0].read()).slice();
    const view = new DataView(moved.buffer);
    view.setFloat32(292, view.getFloat32(292, true) + 3, true);
    view.setInt16(252, 0, true);
    const { volume } = await readBytes(moved);
    expect(volume.origin[0]).toBeCloseTo(GRID.origin[0] - 3, 4);
  });
});

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

describe('NIfTI pairs and errors', () => {
  function pair(): { header: Uint8Array; image: Uint8Array } {
    const bytes = plainFile();
    const header = bytes.slice(0, 352);
    header.set([0x6e, 0x69, 0x31, 0], 344);
    new DataView(header.buffer).setFloat32(108, 0, true);
    return { header, image: bytes.slice(352) };
  }

  it('reads header and image apart, also zipped', async () => {
    const { header, image } = pair();
    const plain = [memoryFile('d/x.img', image), memoryFile('d/x.hdr', header), memoryFile('d/y.img', image)];
    const report = await nifti.read(plain);
    expect((report.items[0].artifacts[0].payload as Volume).data).toEqual(ctVolume().data);
    expect(report.items[0].files).toEqual(['d/x.hdr', 'd/x.img']);
    expect(report.skipped.map(({ file }) => file)).toEqual(['d/y.img']);
    const zipped = [memoryFile('x.img.gz', gzipSync(image)), memoryFile('x.hdr.gz', gzipSync(header))];
    expect((await nifti.read(zipped)).items).toHaveLength(1);
  });

  it('asks for the missing image', async () => {
    const { errors } = await nifti.read([memoryFile('x.hdr', pair().header)]);
    expect(errors[0].error.code).toBe('input.missing');
    expect(errors[0].error.hint).toContain('.img');
  });

  it('names ANALYZE, impossible sizes and types', async () => {
    const analyze = pair().header;
    analyze.fill(0, 344, 348);
    const cases: [Uint8Array, string][] = [
      [analyze, 'file.unsupported'],
      [plainFile(ctVolume(), (view) => view.setInt16(42, -1, true)), 'file.malformed'],
      [plainFile(ctVolume(), (view) => view.setInt16(42, 32000, true)), 'file.truncated'],
      [plainFile(ctVolume(), (view) => view.setInt16(70, 1536, true)), 'file.unsupported'],
      [plainFile(ctVolume(), (view) => view.setInt16(68, 1006, true)), 'file.unsupported'],
      [plainFile(ctVolume(), (view) => view.setFloat32(108, 1e9, true)), 'file.malformed'],
    ];
    for (const [bytes, code] of cases) {
      const { errors } = await nifti.read([memoryFile('x.hdr', bytes)]);
      expect(errors[0].error.code).toBe(code);
      expect(errors[0].error.hint).not.toBe('');
      expect(errors[0].error.where.place).toBeTruthy();
    }
  });

  it('does not believe a small zipped file that claims gigabytes', async () => {
    const bytes = plainFile(ctVolume(), (view) => {
      for (const at of [42, 44, 46]) view.setInt16(at, 900, true);
    });
    const { errors } = await nifti.read([memoryFile('x.nii.gz', gzipSync(bytes))]);
    expect(errors[0].error.code).toBe('file.truncated');
  });

  it('reads NIfTI-2 and descriptions', async () => {
    const written = await nifti.write?.(
      { kind: 'volume.ct', payload: ctVolume(), name: 'ct' },
      { choices: { version: '2', description: 'SYNTHETIC, made by a test' } },
    );
    const item = await readOne(nifti, filesOf(written ?? []));
    expect(item.metadata.format).toBe('NIfTI-2');
    expect(item.synthetic).toBe(true);
    expect((item.artifacts[0].payload as Volume).data).toEqual(ctVolume().data);
  });

  it('stops when it is cancelled and refuses unknown words', async () => {
    const file = memoryFile('x.nii', plainFile());
    await expect(nifti.read([file], { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    const { errors } = await nifti.read([file], { choices: { use: 'xform' } });
    expect(isMsdtError(errors[0].error, 'parameter.invalid')).toBe(true);
  });
});
