/** The kernels on a real CT and its real label map: twins agree, surfaces are closed, volumes are those of the voxels. */

import { expect, it } from 'vitest';
import type { Size3, VoxelArray } from '../../src/kernel/index.ts';
import {
  createArena,
  edgeReport,
  forcePlainKernels,
  isosurface,
  meshVolume,
  simplify,
  smoothSinc,
} from '../../src/kernel/index.ts';
import { describeWithData } from '../support/data.ts';
import { readNiftiArtifact } from '../support/read.ts';

interface GridData {
  readonly size: Size3;
  readonly data: VoxelArray;
}

async function grid(...parts: string[]): Promise<GridData> {
  return (await readNiftiArtifact('ct-torso-totalsegmentator', ...parts)).payload as GridData;
}

describeWithData('ct-torso-totalsegmentator', () => {
  it('bone and skin level: the same surface from every engine, closed before and after smoothing and reduction', async () => {
    const { size, data } = await grid('example_ct.nii.gz');
    const ct = Int16Array.from(data);
    const shared = createArena(32 << 20).allocate(Int16Array, ct.length);
    shared.set(ct);
    for (const iso of [200, -300]) {
      const surface = isosurface(ct, size, iso, { closeBorders: true });
      expect(surface.triangles.length / 3).toBeGreaterThan(50_000);
      expect(edgeReport(surface)).toMatchObject({ closed: true, degenerate: 0 });
      forcePlainKernels(true);
      const plain = isosurface(ct, size, iso, { closeBorders: true });
      forcePlainKernels(false);
      expect(plain).toEqual(surface);
      expect(isosurface(shared, size, iso, { closeBorders: true })).toEqual(surface);
      const soft = smoothSinc(surface);
      // the sheets of bone at 3 mm are one voxel thick: any low-pass filter thins those, so only the body's volume is held
      if (iso < 0) expect(Math.abs(meshVolume(soft) / meshVolume(surface) - 1)).toBeLessThan(0.01);
      const few = await simplify(soft, surface.triangles.length / 30);
      expect(edgeReport(few).closed).toBe(true);
    }
  });
});
