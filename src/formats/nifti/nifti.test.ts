import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { ctVolume, filesOf, GRID, memoryFile, OBLIQUE, readOne } from '../../../tests/support/formats/formats.ts';
import { codes, plainFile, readBytes } from '../../../tests/support/formats/nifti.ts';
import { isMsdtError, sameGrid, type Volume } from '../../model/index.ts';
import { nifti } from './index.ts';

const AXIAL = { ...GRID, direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] as const };

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
