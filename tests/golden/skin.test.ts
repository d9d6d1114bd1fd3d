/** Skin of real scans: closed, without couch, around everything that lies in the body. */

import { describe, expect, it } from 'vitest';
import { SUBJECTS, simulateSubject } from '../../fixtures/synth/index.ts';
import { skinSegmentation } from '../../src/hme/skin-segmentation/index.ts';
import { edgeReport, meshComponents } from '../../src/kernel/index.ts';
import {
  type ArtifactValue,
  type Grid,
  ijkToXyz,
  type Labelmap,
  type Mesh,
  type Volume,
  xyzToIjk,
} from '../../src/model/index.ts';
import { type CouchMark, isCouch, LIDC_COUCH, TORSO_COUCH } from '../support/body/couch.ts';
import { voxelsInside } from '../support/body/inside.ts';
import { skinVoxels } from '../support/body/skin-figures.ts';
import { describeWithData } from '../support/data.ts';
import { outputsOf, readNiftiArtifact, readZippedSeries, runCapability } from '../support/read.ts';

const TORSO = 'ct-torso-totalsegmentator';

async function skinOf(
  volume: ArtifactValue,
): Promise<{ mesh: Mesh; body: Labelmap; features: Record<string, number> }> {
  const result = await runCapability(skinSegmentation, { volume: [volume] });
  const features = Object.fromEntries(result.features.map(({ definition, value }) => [definition, value as number]));
  const [skin] = outputsOf(result, 'skin');
  const [body] = outputsOf(result, 'body');
  return { mesh: skin.payload as Mesh, body: body.payload as Labelmap, features };
}

function couchInside(inside: Uint8Array, { size }: Grid, couch: CouchMark): { couch: number; inside: number } {
  let [voxels, within] = [0, 0];
  for (let at = 0; at < inside.length; at++) {
    if (!isCouch(couch, at % size[0], Math.floor(at / size[0]) % size[1])) continue;
    voxels++;
    if (inside[at]) within++;
  }
  return { couch: voxels, inside: within };
}

/** Body voxels of the label map whose centre is couch in the scan. */
function couchInBody(body: Labelmap, volume: Volume, couch: CouchMark): number {
  let count = 0;
  const [ni, nj] = body.size;
  for (let at = 0; at < body.data.length; at++) {
    if (!body.data[at]) continue;
    const place = ijkToXyz(body, [at % ni, Math.floor(at / ni) % nj, Math.floor(at / (ni * nj))]);
    const [i, j] = xyzToIjk(volume, place);
    if (isCouch(couch, Math.round(i), Math.round(j))) count++;
  }
  return count;
}

describeWithData(TORSO, () => {
  it('is one closed surface around all 61 labels, without a voxel of the couch', async () => {
    const volume = await readNiftiArtifact(TORSO, 'example_ct.nii.gz');
    const labels = (await readNiftiArtifact(TORSO, 'example_seg_fast_force_split.nii.gz')).payload as Labelmap;
    const { mesh, body, features } = await skinOf(volume);
    expect(edgeReport(mesh)).toMatchObject({ closed: true, nonManifoldEdges: 0, degenerate: 0 });
    expect(meshComponents(mesh).count).toBe(1);
    const inside = voxelsInside(mesh, labels);
    let [labelled, outside] = [0, 0];
    for (let at = 0; at < inside.length; at++) {
      if (!labels.data[at]) continue;
      labelled++;
      if (!inside[at]) outside++;
    }
    expect(labelled).toBe(345988);
    expect(outside).toBe(0);
    const counts = couchInside(inside, labels, TORSO_COUCH);
    expect(counts.couch).toBeGreaterThan(100_000);
    expect(counts.inside).toBe(0);
    expect(couchInBody(body, volume.payload as Volume, TORSO_COUCH)).toBe(0);
    // 336 mm of an adult trunk
    expect(features['body.volumeInView']).toBeGreaterThan(23_500);
    expect(features['body.volumeInView']).toBeLessThan(24_500);
  });

  it('works on MR of the same region', async () => {
    const volume = await readNiftiArtifact(TORSO, 'example_mr_sm.nii.gz');
    const labels = (await readNiftiArtifact(TORSO, 'example_seg_mr.nii.gz')).payload as Labelmap;
    const { mesh } = await skinOf(volume);
    expect(edgeReport(mesh)).toMatchObject({ closed: true, nonManifoldEdges: 0 });
    expect(meshComponents(mesh).count).toBe(1);
    const inside = voxelsInside(mesh, labels);
    let outside = 0;
    for (let at = 0; at < inside.length; at++) if (labels.data[at] && !inside[at]) outside++;
    expect(outside).toBe(0);
  });
});

describeWithData('ct-chest-lidc-0314', () => {
  it('is one closed surface without a voxel of the couch at full resolution', async () => {
    const volume = await readZippedSeries('ct-chest-lidc-0314', 'lidc-idri-0314-lower-half.zip');
    const { mesh, body, features } = await skinOf(volume);
    expect(edgeReport(mesh)).toMatchObject({ closed: true, nonManifoldEdges: 0, degenerate: 0 });
    expect(meshComponents(mesh).count).toBe(1);
    const grid = volume.payload as Volume;
    const counts = couchInside(voxelsInside(mesh, grid), grid, LIDC_COUCH);
    expect(counts.couch).toBeGreaterThan(2e6);
    expect(counts.inside).toBe(0);
    expect(couchInBody(body, grid, LIDC_COUCH)).toBe(0);
    expect(features['body.volumeInView']).toBeGreaterThan(8_400);
    expect(features['body.volumeInView']).toBeLessThan(8_900);
  });
});

describe('virtual subject', () => {
  it('has its skin found again, the table left out but for what the back is pressed into', async () => {
    const subject = simulateSubject({ ...SUBJECTS.demo, levels: ['L1', 'S1'], spacingMm: 2.5 });
    const { mesh } = await skinOf({ kind: 'volume.ct', payload: subject.ct });
    expect(edgeReport(mesh)).toMatchObject({ closed: true, nonManifoldEdges: 0, degenerate: 0 });
    expect(meshComponents(mesh).count).toBe(1);
    const { body, couch, dice } = skinVoxels(subject, mesh);
    expect(dice).toBeGreaterThan(0.998);
    // voxels that straddle the skin where it touches the mattress: half of them may fall inside
    expect(couch / body).toBeLessThan(0.0003);
  });
});
