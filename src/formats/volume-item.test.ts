import { describe, expect, it } from 'vitest';
import { createRandom } from '../kernel/index.ts';
import type { Grid, Labelmap, Mat3, Volume, VoxelArray } from '../model/index.ts';
import { isMsdtError } from '../model/index.ts';
import { axisLetters, gridFromAffine, shortDecimal } from './grid-matrix.ts';
import { caretXmlOf, labelsFromCaretXml, labelsFromJson } from './label-table.ts';
import { hintOfName, volumeItem } from './volume-item.ts';

const GRID: Grid = {
  size: [20, 20, 20],
  spacing: [1, 1, 1],
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};

function voxels<Data extends VoxelArray>(
  type: new (n: number) => Data,
  at: (index: number, random: number) => number,
): Data {
  const random = createRandom(5);
  const data = new type(8000);
  for (let index = 0; index < data.length; index++) data[index] = at(index, random.uniform());
  return data;
}

const item = (data: VoxelArray, file = 'x.nii', choices?: Record<string, string>) =>
  volumeItem({ file, files: [file], grid: GRID, data, labels: [], quality: [], metadata: {} }, { choices });

const CT = voxels(Int16Array, (index, r) => (index % 20 < 8 ? -1000 + r * 30 : 40 + r * 100));
const MR8 = voxels(Uint8Array, (_index, r) => r * 255);
const LABELS = voxels(Int32Array, (index) => [0, 0, 7, 300][Math.floor((index % 20) / 5)]);

describe('what a volume is', () => {
  it('sees CT by its values', () => {
    const found = item(CT);
    expect(found.modality).toBe('ct');
    expect((found.artifacts[0].payload as Volume).unit).toBe("[hnsf'U]");
    expect(found.metadata.decidedBy).toMatch(/Hounsfield/);
    // a body without air around it, filled as converters fill
    expect(item(voxels(Int16Array, (index, r) => (index === 3 ? -1024 : r * 300))).modality).toBe('ct');
    expect(item(voxels(Float32Array, (_i, r) => (r - 0.5) * 3000)).modality).toBe('ct');
  });

  it('does not take every negative volume for CT', () => {
    expect(item(voxels(Int16Array, (_i, r) => (r - 0.5) * 4)).modality).toBe('volume');
    expect(item(voxels(Float32Array, (_i, r) => -4000 - r)).modality).toBe('volume');
  });

  it('sees MR by name or by values without sign', () => {
    expect(item(MR8).modality).toBe('mr');
    expect(item(CT, 'sub-1_T2w.nii.gz').modality).toBe('mr');
    expect(
      item(
        voxels(Int16Array, (_i, r) => r * 900 - 20),
        'example_mr_sm.nii.gz',
      ).modality,
    ).toBe('mr');
  });

  it('doubts a CT without its offset', () => {
    const found = item(
      voxels(Uint16Array, (_i, r) => r * 3000),
      'thorax_ct.nii',
    );
    expect(found.modality).toBe('ct');
    expect(found.quality.map(({ code }) => code)).toEqual(['volume.hu-offset']);
  });

  it('sees labels by equal neighbours, and 8-bit images by their noise', () => {
    const found = item(LABELS);
    expect(found.modality).toBe('labels');
    expect((found.artifacts[0].payload as Labelmap).data).toBeInstanceOf(Uint16Array);
    expect(found.metadata).toMatchObject({ labelCount: 2, labelValues: '7 300', storedType: 'int32' });
    expect(item(MR8).metadata.decidedBy).toMatch(/distinct values/);
  });

  it('lets the user decide', () => {
    expect(item(LABELS, 'x.nii', { as: 'image' }).modality).toBe('mr');
    expect(item(MR8, 'x.nii', { as: 'labels' }).modality).toBe('labels');
    expect(() => item(CT, 'x.nii', { as: 'labels' })).toThrow(/cannot be labels/);
  });

  it('does not make labels of what cannot be, whatever the name says', () => {
    expect(item(CT, 'ct_mask.nii').modality).toBe('ct');
    expect(
      item(
        voxels(Float32Array, (_i, r) => r),
        'soft_seg.nii',
      ).modality,
    ).toBe('mr');
  });

  it('counts voxels that hold no number', () => {
    const found = item(voxels(Float32Array, (index, r) => (index < 3 ? Number.NaN : r * 100)));
    expect(found.quality.map(({ code }) => code)).toEqual(['volume.not-finite']);
    expect(found.quality[0].message).toContain('3 voxels');
  });

  it.each([
    ['sub-ct_label-22_ct.nii.gz', 'ct'],
    ['sub-ct_seg-vert_label-22_msk.nii.gz', 'labels'],
    ['sub-mri_label-6_T2w.nii.gz', 'mr'],
    ['2_Labels.nii', 'labels'],
    ['ct_seg.nrrd', 'labels'],
    ['Patient.seg.nrrd', 'labels'],
    ['T1.mha', 'mr'],
    ['contact.nii', undefined],
    ['scan_ctrl.nii', undefined],
  ])('reads the name %s as %s', (name, hint) => {
    expect(hintOfName(name)).toBe(hint);
  });
});

describe('grids from matrices', () => {
  const at = { file: 'x', place: 'header' };

  it('takes lengths as spacing and the rest as direction', () => {
    const { grid, flags } = gridFromAffine([0, 0, -4, 1, 2, 0, 0, 2, 0, -3, 0, 3], [5, 6, 7], at);
    expect(grid).toEqual({
      size: [5, 6, 7],
      spacing: [2, 3, 4],
      origin: [1, 2, 3],
      direction: [0, 0, -1, 1, 0, 0, 0, -1, 0],
    });
    expect(axisLetters(grid.direction)).toBe('PIR');
    expect(flags).toEqual([]);
  });

  it('finds the nearest orthonormal axes of a sheared grid', () => {
    const { grid, flags } = gridFromAffine([1, 0.001, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], [200, 200, 50], at);
    expect(flags.map(({ code }) => code)).toEqual(['grid.sheared']);
    const d = grid.direction;
    // half the shear goes to each axis
    expect(d[1]).toBeCloseTo(0.0005, 6);
    expect(d[3]).toBeCloseTo(-0.0005, 6);
    expect(d[0] * d[1] + d[3] * d[4] + d[6] * d[7]).toBeCloseTo(0, 12);
  });

  it('keeps mirrored axes mirrored', () => {
    const affine = [-1, 2e-5, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
    const d = gridFromAffine(affine, [3, 3, 3], at).grid.direction as Mat3;
    expect(d[0] * (d[4] * d[8] - d[5] * d[7])).toBeCloseTo(-1, 6);
  });

  it('refuses axes without length and axes that coincide', () => {
    for (const affine of [
      [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
      [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0],
      [Number.NaN, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
    ])
      expect(() => gridFromAffine(affine, [3, 3, 3], at)).toThrow(
        expect.toSatisfy((error) => isMsdtError(error, 'geometry.degenerate')),
      );
  });

  it('finds the decimal that was meant by a float', () => {
    for (const value of [0.7, 0.4296875, 94.30176, -612.3, 1e-7, 3, 123456.79])
      expect(shortDecimal(Math.fround(value))).toBe(value);
    expect(Math.fround(shortDecimal(Math.fround(Math.PI)))).toBe(Math.fround(Math.PI));
    expect(shortDecimal(Math.PI)).toBe(Math.PI);
  });
});

describe('label tables', () => {
  it('go to XML and back', () => {
    const labels = [
      { value: 3, name: 'a ]]> b', color: [1, 2, 3] as const },
      { value: 9, name: 'hip_left', color: [255, 0, 10] as const },
    ];
    expect(labelsFromCaretXml(caretXmlOf(labels))).toEqual(labels);
    expect(labelsFromCaretXml('<Label Key="2"> liver &amp; more </Label><Label Key="0">air</Label>')).toEqual([
      { value: 2, name: 'liver & more' },
    ]);
  });

  it('come from JSON only when they are right', () => {
    expect(labelsFromJson({ 1: 'a', 20: 'b' })).toHaveLength(2);
    for (const json of [{ a: 'b' }, { 1: 2 }, [], [{ value: 0, name: 'x' }], [{ value: 1.5, name: 'x' }], 'x', null])
      expect(labelsFromJson(json)).toBeUndefined();
  });
});
