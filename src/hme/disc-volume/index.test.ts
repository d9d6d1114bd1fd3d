import { describe, expect, it } from 'vitest';
import { runCapability } from '../../../tests/support/read.ts';
import type { LabelEntry, Labelmap, Mat3 } from '../../model/index.ts';
import { discVolume, measureDiscs } from './index.ts';

const TILT: Mat3 = [1, 0, 0, 0, Math.cos(0.4), -Math.sin(0.4), 0, Math.sin(0.4), Math.cos(0.4)];

/** A round flat disc of label 7, radius 20 mm and 10 mm thick, its axis tilted by 0.4 rad in the grid. */
function cylinder(
  spacing: [number, number, number],
  labels: LabelEntry[] = [],
  direction: Mat3 = TILT,
): Labelmap<Uint8Array> {
  const size: [number, number, number] = [
    Math.ceil(60 / spacing[0]),
    Math.ceil(60 / spacing[1]),
    Math.ceil(40 / spacing[2]),
  ];
  const data = new Uint8Array(size[0] * size[1] * size[2]);
  const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
  let at = 0;
  for (let k = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, at++) {
        const [x, y, z] = [(i + 0.5) * spacing[0] - 30, (j + 0.5) * spacing[1] - 30, (k + 0.5) * spacing[2] - 20];
        const [v, w] = [c * y + s * z, -s * y + c * z];
        if (Math.hypot(x, v) < 20 && Math.abs(w) < 5) data[at] = 7;
      }
  return { size, spacing, origin: [10, -20, 30], direction, data, labels };
}

const TRUE_CM3 = (Math.PI * 400 * 10) / 1000;

describe('disc volumes', () => {
  it.each([[[0.7, 0.7, 0.7]], [[0.5, 0.5, 2]], [[3, 0.5, 0.5]]] as [[number, number, number]][])(
    'finds volume, thickness, area and axis of a tilted cylinder of voxels %s',
    (spacing) => {
      const map = cylinder(spacing);
      const [{ shape, level }] = measureDiscs(map).discs;
      expect(level).toBe('label 7');
      expect(shape.volumeMm3 / 1000).toBeCloseTo((shape.voxels * spacing[0] * spacing[1] * spacing[2]) / 1000, 9);
      expect(shape.volumeMm3 / 1000 / TRUE_CM3).toBeCloseTo(1, 1);
      expect(Math.abs(shape.volumeMm3 / 1000 - TRUE_CM3)).toBeLessThan((1.645 * shape.boundarySdMm3) / 1000);
      // the outline of a projected staircase is up to a voxel wider than the disc
      expect(shape.areaMm2 / (Math.PI * 400)).toBeGreaterThan(0.98);
      expect(shape.areaMm2 / (Math.PI * 400)).toBeLessThan(1.12);
      expect(Math.abs(shape.meanThicknessMm - 10)).toBeLessThan(1.1);
      expect(Math.abs(shape.maxThicknessMm - 10)).toBeLessThan(1.6);
      // tilted by 0.4 in the grid and the grid by 0.4 in the patient
      expect(shape.flatAxis[2]).toBeCloseTo(Math.cos(0.8), 1);
      expect(shape.components).toBe(1);
    },
  );

  it('does not depend on where the grid lies or how it is turned', () => {
    const a = measureDiscs(cylinder([0.5, 0.5, 2])).discs[0].shape;
    const b = measureDiscs(cylinder([0.5, 0.5, 2], [], [0, 0, 1, 1, 0, 0, 0, 1, 0])).discs[0].shape;
    expect(b.volumeMm3).toBe(a.volumeMm3);
    expect(b.boundarySdMm3).toBeCloseTo(a.boundarySdMm3, 9);
    expect(b.maxThicknessMm).toBeCloseTo(a.maxThicknessMm, 1);
  });

  it('names discs by segment, keeps twins apart and passes over other structures', () => {
    const map = cylinder(
      [1, 1, 1],
      [
        { value: 7, name: 'disc_L4_L5', segment: 'L4-L5', structure: 'disc' },
        { value: 8, name: 'other disc', segment: 'L4-L5', structure: 'disc' },
        { value: 9, name: 'vertebrae_L4', structure: 'vertebra', level: 'L4' },
      ],
    );
    map.data.fill(8, 0, 5);
    map.data.fill(9, 10, 15);
    const { discs, quality } = measureDiscs(map);
    expect(discs.map(({ level }) => level)).toEqual(['L4-L5 (7)', 'L4-L5 (8)']);
    expect(quality.map(({ code }) => code)).toContain('disc.passed-over');
    expect(quality.find(({ code, where }) => code === 'disc.volume' && where === 'L4-L5 (8)')).toBeDefined();
  });

  it('flags pieces, the edge of the image and shapes that are no disc', () => {
    const map = cylinder([1, 1, 1]);
    map.data[0] = 7;
    const codes = measureDiscs(map).quality.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['disc.several-pieces', 'disc.touches-border', 'disc.unnamed']));
    // the same voxels with the thickness of the slices written to another axis
    const stretched = { ...cylinder([1, 1, 1]), spacing: [4.4, 1, 1] as const };
    expect(measureDiscs(stretched).quality.map(({ code }) => code)).toContain('disc.shape');
  });

  it('refuses an empty map and a map of vertebrae', () => {
    const empty = cylinder([2, 2, 2]);
    empty.data.fill(0);
    expect(() => measureDiscs(empty, 'a.nii')).toThrow(expect.objectContaining({ code: 'input.empty' }));
    const bones = cylinder([2, 2, 2], [{ value: 7, name: 'vertebrae_L4', structure: 'vertebra', level: 'L4' }]);
    expect(() => measureDiscs(bones)).toThrow(expect.objectContaining({ code: 'labels.unknown' }));
  });

  it('speaks in features with interval and the way back', async () => {
    const { features, outputs } = await runCapability(discVolume, {
      discs: [{ kind: 'labelmap.source', payload: cylinder([0.7, 0.7, 0.7]), name: 'x' }],
    });
    expect(features.map(({ definition }) => definition)).toEqual([
      'discLabel.volume',
      'discLabel.thicknessMean',
      'discLabel.thicknessMax',
      'discLabel.area',
    ]);
    for (const feature of features) {
      expect(feature.uncertainty.kind).toBe('interval');
      expect(feature.evidence[0].locator.label).toBe(7);
    }
    expect(outputs[0].draft.kind).toBe('table.record');
  });
});
