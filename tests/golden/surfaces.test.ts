/** Surfaces of real vertebra labels. */

import { expect, it } from 'vitest';
import { labelImport } from '../../src/hme/label-import/index.ts';
import { surfaceExtraction } from '../../src/hme/surface-extraction/index.ts';
import { edgeReport, meshComponents, meshVolume } from '../../src/kernel/index.ts';
import { type ArtifactValue, type Labelmap, type Mesh, voxelVolumeMm3 } from '../../src/model/index.ts';
import { voxelsInside } from '../support/body/inside.ts';
import { describeWithData } from '../support/data.ts';
import { outputsOf, readNiftiArtifact, runCapability } from '../support/read.ts';

async function surfacesOf(sources: ArtifactValue[]): Promise<{ map: Labelmap; meshes: Mesh[] }> {
  const labels = await runCapability(labelImport, { source: sources });
  const [vertebrae] = outputsOf(labels, 'vertebrae');
  const result = await runCapability(surfaceExtraction, { vertebrae: [vertebrae] });
  return {
    map: vertebrae.payload as Labelmap,
    meshes: outputsOf(result, 'surfaces').map(({ payload }) => payload as Mesh),
  };
}

/** Overlap (Dice) of a surface's inside with its label, and the volume ratio. */
function agreement(map: Labelmap, mesh: Mesh): { dice: number; volume: number } {
  const entry = map.labels.find(({ name, level }) => (mesh.level ? level === mesh.level : name === 'sacrum'))!;
  const inside = voxelsInside(mesh, map);
  let [both, label, found] = [0, 0, 0];
  for (let at = 0; at < inside.length; at++) {
    if (map.data[at] === entry.value) label++;
    if (inside[at]) found++;
    if (inside[at] && map.data[at] === entry.value) both++;
  }
  return { dice: (2 * both) / (label + found), volume: meshVolume(mesh) / (label * voxelVolumeMm3(map)) };
}

function expectSound(map: Labelmap, meshes: Mesh[]): void {
  for (const mesh of meshes) {
    expect(edgeReport(mesh), mesh.name).toMatchObject({ closed: true, nonManifoldEdges: 0, degenerate: 0 });
    expect(meshComponents(mesh).count).toBe(1);
    const { dice, volume } = agreement(map, mesh);
    expect(dice, mesh.name).toBeGreaterThan(0.93);
    expect(Math.abs(volume - 1), mesh.name).toBeLessThan(0.01);
  }
}

describeWithData('ct-torso-totalsegmentator', () => {
  it('are watertight, one piece, and as large as the labels (3 mm voxels)', async () => {
    const source = await readNiftiArtifact('ct-torso-totalsegmentator', 'example_seg_fast_force_split.nii.gz');
    const { map, meshes } = await surfacesOf([source]);
    const whole = meshes.filter(({ level }) => level !== 'T11');
    expect(meshes.map(({ name }) => name)).toEqual(['T11', 'T12', 'L1', 'L2', 'L3', 'L4', 'L5', 'S1', 'Sacrum']);
    expectSound(map, whole);
  });
});

describeWithData('ct-mr-vertebra-tptbox', () => {
  it('are watertight on tilted axes (1.5 mm voxels)', async () => {
    for (const [folder, name] of [
      ['sample_ct', 'sub-ct_seg-vert_label-22_msk.nii.gz'],
      ['sample_mri', 'sub-mri_seg-vert_label-6_msk.nii.gz'],
    ]) {
      const { map, meshes } = await surfacesOf([await readNiftiArtifact('ct-mr-vertebra-tptbox', folder, name)]);
      expect(meshes).toHaveLength(3);
      expectSound(map, [meshes[1]]);
    }
  });
});
