import { describe, expect, it } from 'vitest';
import { memoryFile } from '../../../tests/support/formats/dicom.ts';
import { HOUNSFIELD, ijkToXyz, sameGrid, type Volume } from '../../model/index.ts';
import { dicom, writeSeries } from './index.ts';

/** An oblique volume of the size given. */
function volume(data: Volume['data'], size: [number, number, number], more: Partial<Volume> = {}): Volume {
  return {
    size,
    spacing: [0.7, 0.9, 1.5],
    origin: [-12.25, 33.5, 871.125],
    direction: [0.8, -0.36, 0.48, 0.6, 0.48, -0.64, 0, 0.8, 0.6],
    data,
    unit: HOUNSFIELD,
    ...more,
  };
}

const SIZE: [number, number, number] = [7, 5, 4];
const RAMP = Int16Array.from({ length: 140 }, (_, n) => n * 13 - 1000);

async function readBack(files: readonly { name: string; bytes: Uint8Array }[]) {
  const { items, errors, skipped } = await dicom.read(files.map(({ name, bytes }) => memoryFile(name, bytes)));
  expect([errors, skipped]).toEqual([[], []]);
  expect(items).toHaveLength(1);
  return { item: items[0], volume: items[0].artifacts[0].payload as Volume };
}

describe('writing a series', () => {
  it('comes back as it was: voxels, geometry, marks', async () => {
    const original = volume(RAMP, SIZE);
    const files = writeSeries('volume.ct', original, 'Lumbar CT', {
      synthetic: true,
      patientPosition: 'HFP',
      takenAt: '2026-03-02',
      region: 'lspine',
      seriesNumber: 7,
    });
    expect(files.map((f) => f.name)).toEqual([1, 2, 3, 4].map((n) => `Lumbar-CT/IM0000${n}.dcm`));
    const { item, volume: back } = await readBack(files);
    expect(back.data).toEqual(RAMP);
    expect(sameGrid(original, back, 1e-4)).toBe(true);
    expect(item).toMatchObject({
      modality: 'ct',
      synthetic: true,
      posture: 'prone',
      takenAt: '2026-03-02',
      region: 'lspine',
    });
    expect(item.metadata).toMatchObject({ seriesNumber: 7, modality: 'CT' });
    expect(item.quality.filter((f) => f.severity !== 'info')).toEqual([]);
  });

  it('is the same bytes for the same volume, another series for another', () => {
    const [a] = writeSeries('volume.ct', volume(RAMP, SIZE), 'x');
    const [b] = writeSeries('volume.ct', volume(RAMP.slice(), SIZE), 'x');
    expect(a.bytes).toEqual(b.bytes);
    const other = RAMP.slice();
    other[100]++;
    const uid = (bytes: Uint8Array) => /2\.25\.\d+/g.exec(new TextDecoder('latin1').decode(bytes.subarray(200)))?.[0];
    expect(uid(writeSeries('volume.ct', volume(other, SIZE), 'x')[0].bytes)).not.toBe(uid(a.bytes));
  });

  it('scales what is not whole numbers, within half a step', async () => {
    const data = Float32Array.from({ length: 140 }, (_, n) => Math.sin(n) * 0.37 + 5);
    const { volume: back, item } = await readBack(
      writeSeries('volume.mr', volume(data, SIZE, { unit: '{arb}' }), 'MR'),
    );
    expect(item.artifacts[0].kind).toBe('volume.mr');
    const step = 0.74 / 65_000;
    data.forEach((value, n) => {
      expect(Math.abs(back.data[n] - value)).toBeLessThan(step);
    });
  });

  it('keeps a left-handed grid in its place', async () => {
    const mirrored = volume(RAMP, SIZE, { direction: [1, 0, 0, 0, 1, 0, 0, 0, -1], origin: [0, 0, 0] });
    const { volume: back } = await readBack(writeSeries('volume.ct', mirrored, 'mirror'));
    for (const ijk of [
      [0, 0, 0],
      [3, 2, 1],
      [6, 4, 3],
    ] as const) {
      const value = RAMP[ijk[0] + 7 * (ijk[1] + 5 * ijk[2])];
      const at = [...back.data].indexOf(value);
      const place = ijkToXyz(back, [at % 7, Math.floor(at / 7) % 5, Math.floor(at / 35)]);
      ijkToXyz(mirrored, ijk).forEach((v, axis) => {
        expect(place[axis]).toBeCloseTo(v, 5);
      });
    }
  });

  it('shares study and frame of reference where told to', async () => {
    const choices = { study: 'visit 1' };
    const ct = await readBack(writeSeries('volume.ct', volume(RAMP, SIZE), 'CT', choices));
    const mr = await readBack(writeSeries('volume.mr', volume(RAMP, SIZE), 'MR', choices));
    expect(ct.item.frameOfReference).toMatch(/^2\.25\.\d+$/);
    expect(mr.item.frameOfReference).toBe(ct.item.frameOfReference);
  });

  it('refuses other kinds and unsound grids', () => {
    const map = { ...volume(RAMP, SIZE), labels: [] };
    expect(() => dicom.write?.({ kind: 'labelmap.bone', payload: map as never, name: 'x' })).toThrow(/kind/);
    expect(() => writeSeries('volume.ct', volume(RAMP, [7, 5, 5]), 'x')).toThrow(/data/);
  });

  it('takes its choices from text, as the format seam has them', async () => {
    const files = await dicom.write?.(
      { kind: 'volume.ct', payload: volume(RAMP, SIZE), name: 'CT' },
      { choices: { synthetic: 'yes', seriesNumber: '3', frameOfReference: '1.2.3.4' } },
    );
    const { item } = await readBack(files ?? []);
    expect(item).toMatchObject({ synthetic: true, frameOfReference: '1.2.3.4', metadata: { seriesNumber: 3 } });
  });
});
