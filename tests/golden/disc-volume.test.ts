/** Lumbar discs of two volunteers with published volumes (Menezes-Reis et al. 2016). */

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { discVolume, measureDiscs } from '../../src/hme/disc-volume/index.ts';
import type { Labelmap } from '../../src/model/index.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { readNiftiArtifact, runCapability } from '../support/read.ts';

const SET = 'mr-lumbar-fastcleverseg';
/** values of the labels in the order of the published columns: L5-S1, L4-L5, L3-L4, L2-L3, L1-L2 */
const VALUES = [51, 102, 153, 204, 255];

function published(exam: string): number[] {
  const text = readFileSync(dataPath(SET, 'upstream-IVD-readme.md'), 'utf8');
  const row = text.split('\n').find((line) => line.split('|')[0].trim() === exam && line.includes('|'));
  return (row ?? '').split('|').slice(1).map(Number);
}

describeWithData(SET, () => {
  it.each(['2', '11'])('gives back the published disc volumes of exam %s', async (exam) => {
    const discs = await readNiftiArtifact(SET, 'IVD', `${exam}_Labels.nii`);
    const { features, quality } = await runCapability(discVolume, { discs: [discs] });
    const volumes = VALUES.map(
      (value) => features.find((f) => f.definition === 'discLabel.volume' && f.level === `label ${value}`)?.value,
    );
    expect(published(exam)).toHaveLength(5);
    // the table has six and more decimals of the same voxel sums
    for (const [i, cm3] of published(exam).entries()) expect(Math.abs(Number(volumes[i]) - cm3)).toBeLessThan(0.001);
    // these files write the slice distance (4.4 mm) to the first axis although the slices lie along the last
    expect(quality.filter(({ code }) => code === 'disc.shape')).toHaveLength(5);
  });

  it.each(['2', '11'])('measures plausible discs of exam %s once the spacings lie on their axes', async (exam) => {
    const { payload } = await readNiftiArtifact(SET, 'IVD', `${exam}_Labels.nii`);
    const map = payload as Labelmap;
    const { discs, quality } = measureDiscs({ ...map, spacing: [map.spacing[1], map.spacing[2], map.spacing[0]] });
    expect(quality.filter(({ code }) => code === 'disc.shape')).toEqual([]);
    for (const { shape } of discs) {
      expect(shape.meanThicknessMm).toBeGreaterThan(3);
      expect(shape.meanThicknessMm).toBeLessThan(12);
      expect(shape.areaMm2).toBeGreaterThan(700);
      expect(shape.areaMm2).toBeLessThan(1800);
      expect(shape.maxThicknessMm).toBeLessThan(20);
    }
  });
});
