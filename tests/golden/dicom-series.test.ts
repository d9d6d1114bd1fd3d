/** A real CT series in a zip archive, and segmentations with the same content in NRRD. */

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { dicom } from '../../src/formats/dicom/index.ts';
import { nrrd } from '../../src/formats/nrrd/index.ts';
import { openZip } from '../../src/formats/zip/index.ts';
import { HOUNSFIELD, ijkToXyz, type Labelmap, sameGrid, type Volume, xyzToIjk } from '../../src/model/index.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { memoryFile } from '../support/formats/dicom.ts';

function fileOf(...parts: string[]) {
  return memoryFile(parts[parts.length - 1], new Uint8Array(readFileSync(dataPath(...parts))));
}

describeWithData('ct-chest-lidc-0314', () => {
  it('becomes one volume with spacing from positions', async () => {
    const files = await openZip(fileOf('ct-chest-lidc-0314', 'lidc-idri-0314-lower-half.zip'));
    expect(files).toHaveLength(72);
    const { items, errors, skipped } = await dicom.read(files);
    expect([errors, skipped]).toEqual([[], []]);
    expect(items).toHaveLength(1);
    const [item] = items;
    const volume = item.artifacts[0].payload as Volume;
    expect(item).toMatchObject({
      modality: 'ct',
      posture: 'supine',
      device: 'Philips Brilliance 16P',
      region: 'chest',
    });
    expect(item.metadata).toMatchObject({
      kVp: 120,
      kernel: 'D',
      sliceThicknessMm: 1,
      sliceSpacingMm: 2,
      airHu: -1000,
    });
    expect(volume.size).toEqual([512, 512, 72]);
    expect(volume.spacing).toEqual([0.78125, 0.78125, 2]);
    expect(volume.origin[2]).toBeCloseTo(-679.8, 3);
    expect(ijkToXyz(volume, [0, 0, 71])[2]).toBeCloseTo(-537.8, 3);
    expect(volume.unit).toBe(HOUNSFIELD);
    const { data } = volume;
    let low = data[0];
    let high = data[0];
    for (const value of data) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    expect([low, high]).toEqual([-1000, 1755]);
    // thickness 1 mm, positions 2 mm apart; every slice of the de-identified series has its own frame of reference
    expect(item.quality.map((flag) => flag.code)).toEqual(['dicom.thickness-differs', 'dicom.frame-of-reference']);
    expect(item.frameOfReference).toBeUndefined();
  });
});

describeWithData('dicom-seg-dcmqi', () => {
  const read = async (...names: string[]) => {
    const report = await dicom.read(names.map((name) => fileOf('dicom-seg-dcmqi', name)));
    expect(report.errors).toEqual([]);
    return report;
  };
  const mask = async (name: string): Promise<Labelmap> => {
    const { items } = await nrrd.read([fileOf('dicom-seg-dcmqi', name)], { choices: { as: 'labels' } });
    return items[0].artifacts[0].payload as Labelmap;
  };

  /** Voxels of `value` in `theirs` against voxels of `label` in `ours`, compared by place in the patient. */
  function countDifferences(
    ours: Labelmap,
    label: number,
    theirs: Labelmap,
    value: number,
  ): { voxels: number; different: number } {
    let voxels = 0;
    let different = 0;
    const [ni, nj, nk] = theirs.size;
    const [mi, mj, mk] = ours.size;
    for (let k = 0; k < nk; k++) {
      for (let j = 0; j < nj; j++) {
        for (let i = 0; i < ni; i++) {
          const theirSet = theirs.data[i + ni * (j + nj * k)] === value;
          const [x, y, z] = xyzToIjk(ours, ijkToXyz(theirs, [i, j, k])).map(Math.round);
          const inside = x >= 0 && x < mi && y >= 0 && y < mj && z >= 0 && z < mk;
          const ourSet = inside && ours.data[x + mi * (y + mj * z)] === label;
          if (theirSet) voxels++;
          if (theirSet !== ourSet) different++;
        }
      }
    }
    return { voxels, different };
  }

  it('reads the CT with its padding', async () => {
    const { items } = await read('01.dcm', '03.dcm', '02.dcm');
    const volume = items[0].artifacts[0].payload as Volume;
    expect(volume.size).toEqual([512, 512, 3]);
    expect(volume.spacing).toEqual([0.810547, 0.810547, 1]);
    expect(items[0].metadata).toMatchObject({ paddingValue: -3024, airHu: -1024 });
    expect(volume.data[0]).toBe(-3024);
    expect(items[0].quality.map((flag) => flag.code)).toEqual(['dicom.thickness-differs', 'dicom.padding']);
  });

  it('gives the liver of the SEG and of the NRRD mask the same voxels, on the grid of the CT', async () => {
    const { items } = await read('01.dcm', '02.dcm', '03.dcm', 'liver.dcm');
    const [ct, seg] = items;
    const map = seg.artifacts[0].payload as Labelmap;
    expect(map.labels).toEqual([{ value: 1, name: 'Liver', color: [221, 130, 101] }]);
    expect(sameGrid(map, ct.artifacts[0].payload as Volume)).toBe(true);
    expect(seg.frameOfReference).toBe(ct.frameOfReference);
    expect(countDifferences(map, 1, await mask('liver_seg.nrrd'), 1)).toEqual({ voxels: 107_098, different: 0 });
  });

  it('gives overlapping segments the same voxels as the three NRRD masks', async () => {
    const { items } = await read('partial_overlaps.dcm');
    const maps = items[0].artifacts.map((artifact) => artifact.payload as Labelmap);
    const names = maps.flatMap((map) => map.labels.map((label) => label.name)).sort();
    expect(names).toEqual(['DARK_BLUE', 'GREEN', 'LIGHT_BLUE', 'ORANGE', 'PURPLE']);
    const theirs = await Promise.all([1, 2, 3].map((n) => mask(`partial_overlaps-${n}.nrrd`)));
    let matched = 0;
    for (const map of maps) {
      for (const { value } of map.labels) {
        const found = theirs.filter((other) => other.data.some((v) => v === value));
        expect(found, `segment ${value}`).toHaveLength(1);
        const { voxels, different } = countDifferences(map, value, found[0], value);
        expect(voxels).toBeGreaterThan(100);
        expect(different).toBe(0);
        matched++;
      }
    }
    expect(matched).toBe(5);
  });

  it('carries no identity into what it read', async () => {
    const { items } = await read('01.dcm', '02.dcm', '03.dcm', 'liver.dcm', 'partial_overlaps.dcm');
    const words = JSON.stringify(items.map(({ artifacts, ...rest }) => [rest, artifacts.map((a) => a.name)]));
    expect(words).not.toMatch(/JANCT|99000|03086212/);
  });
});
