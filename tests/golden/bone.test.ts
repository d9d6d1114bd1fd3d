/** Bone of real scans against labels of a network, and without the couch. */

import { expect, it } from 'vitest';
import { boneSegmentation } from '../../src/hme/bone-segmentation/index.ts';
import { skinSegmentation } from '../../src/hme/skin-segmentation/index.ts';
import { edgeReport } from '../../src/kernel/index.ts';
import type { ArtifactValue, Labelmap, Mesh } from '../../src/model/index.ts';
import { isCouch, LIDC_COUCH, TORSO_COUCH } from '../support/body/couch.ts';
import { describeWithData } from '../support/data.ts';
import { outputsOf, readNiftiArtifact, readZippedSeries, runCapability } from '../support/read.ts';

const TORSO = 'ct-torso-totalsegmentator';

async function boneOf(volume: ArtifactValue): Promise<{ mask: Labelmap; mesh: Mesh; codes: string[] }> {
  const skin = await runCapability(skinSegmentation, { volume: [volume] });
  const body = outputsOf(skin, 'body').map((draft) => ({ ...draft, kind: draft.kind }));
  const result = await runCapability(boneSegmentation, { volume: [volume], body });
  const [bone] = outputsOf(result, 'bone');
  const codes = (bone.quality ?? []).map(({ code }) => code);
  return { mask: bone.payload as Labelmap, mesh: outputsOf(result, 'mesh')[0].payload as Mesh, codes };
}

describeWithData(TORSO, () => {
  it('holds the labelled skeleton, no couch, and no organ', async () => {
    const volume = await readNiftiArtifact(TORSO, 'example_ct.nii.gz');
    const labels = (await readNiftiArtifact(TORSO, 'example_seg_fast_force_split.nii.gz')).payload as Labelmap;
    const { mask, mesh, codes } = await boneOf(volume);
    const names = new Map(labels.labels.map(({ value, name }) => [value, name]));
    const counts = { vertebra: [0, 0], organ: [0, 0], couch: 0 };
    for (let at = 0; at < mask.data.length; at++) {
      const name = names.get(labels.data[at]) ?? '';
      const kind = /vertebrae_L/.test(name)
        ? 'vertebra'
        : /spleen|kidney|liver|stomach|colon|bladder|cord/.test(name)
          ? 'organ'
          : '';
      if (kind) {
        counts[kind as 'vertebra' | 'organ'][0]++;
        if (mask.data[at]) counts[kind as 'vertebra' | 'organ'][1]++;
      }
      if (mask.data[at] && isCouch(TORSO_COUCH, at % mask.size[0], Math.floor(at / mask.size[0]) % mask.size[1]))
        counts.couch++;
    }
    expect(counts.vertebra[1] / counts.vertebra[0]).toBeGreaterThan(0.8);
    expect(counts.organ[1] / counts.organ[0]).toBeLessThan(0.002);
    expect(counts.couch).toBe(0);
    expect(edgeReport(mesh)).toMatchObject({ closed: true, nonManifoldEdges: 0 });
    expect(codes).toEqual(['bone.metal']);
  });
});

describeWithData('ct-chest-lidc-0314', () => {
  it('leaves the dense tabletop out at full resolution', async () => {
    const volume = await readZippedSeries('ct-chest-lidc-0314', 'lidc-idri-0314-lower-half.zip');
    const { mask, mesh } = await boneOf(volume);
    let [bone, couch] = [0, 0];
    for (let at = 0; at < mask.data.length; at++) {
      if (!mask.data[at]) continue;
      bone++;
      if (isCouch(LIDC_COUCH, at % mask.size[0], Math.floor(at / mask.size[0]) % mask.size[1])) couch++;
    }
    expect(couch).toBe(0);
    expect(bone * 0.00122).toBeGreaterThan(300);
    expect(edgeReport(mesh)).toMatchObject({ closed: true, nonManifoldEdges: 0, degenerate: 0 });
  });
});
