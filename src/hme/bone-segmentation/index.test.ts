import { describe, expect, it } from 'vitest';
import { edgeReport, meshVolume } from '../../kernel/index.ts';
import type { CapabilityResult, Ctx, Labelmap, Mesh, QualityFlag, Volume } from '../../model/index.ts';
import { boneSegmentation } from './index.ts';
import { type BonePhantom, type BonePhantomOptions, bonePhantom } from './phantom.ts';

const ctx: Ctx = { signal: new AbortController().signal, progress() {}, log() {}, rng: () => 0.5 };
const DEFAULTS = { seed: 300, grow: 0, smallest: 500, closing: 2, triangles: 100_000 };

async function run(volume: Volume, params = {}, body?: Labelmap): Promise<CapabilityResult> {
  const inputs = {
    volume: { kind: 'volume.ct', payload: volume },
    body: body && { kind: 'labelmap.body', payload: body },
  };
  return boneSegmentation.run(ctx, inputs as never, { ...DEFAULTS, ...params } as never);
}

const maskOf = (result: CapabilityResult) => (result.outputs.bone as { payload: Labelmap }).payload;
const meshOf = (result: CapabilityResult) => (result.outputs.mesh as { payload: Mesh } | undefined)?.payload;
const codesOf = (result: CapabilityResult) =>
  (result.outputs.bone as { quality: QualityFlag[] }).quality.map(({ code }) => code);

/** Overlap of the mask with the truth (Dice), and bone found where there is none within 3 mm · voxels. */
function compare(phantom: BonePhantom, mask: Labelmap): { dice: number; stray: number } {
  let [both, found, truth, stray] = [0, 0, 0, 0];
  const [ni, nj] = mask.size;
  for (let at = 0; at < mask.data.length; at++) {
    const place = [at % ni, Math.floor(at / ni) % nj, Math.floor(at / (ni * nj))];
    const [x, y, z] = place.map((n, a) => mask.origin[a] + n * mask.spacing[a]);
    const is = phantom.bone(x, y, z);
    const has = mask.data[at] !== 0;
    if (is) truth++;
    if (has) found++;
    if (is && has) both++;
    if (has && !is && ![-3, 0, 3].some((dx) => [-3, 0, 3].some((dy) => phantom.bone(x + dx, y + dy, z)))) stray++;
  }
  return { dice: (2 * both) / (found + truth), stray };
}

describe('bone segmentation', () => {
  it.each<[string, BonePhantomOptions]>([
    ['clean data', {}],
    ['noise of 40 HU', { noiseHu: 40 }],
    ['porous bone', { spongyHu: 95, noiseHu: 20 }],
    ['a metal bar in the couch', { couchBar: true, noiseHu: 20 }],
    ['a pool of contrast medium', { poolHu: 420, noiseHu: 20 }],
    ['coarse voxels', { spacingMm: [2.5, 2.5, 3] }],
  ])('finds bone, spongy bone and no canal in %s', async (_, options) => {
    const phantom = bonePhantom(options);
    const result = await run(phantom.volume);
    const { dice, stray } = compare(phantom, maskOf(result));
    expect(dice).toBeGreaterThan(0.95);
    expect(stray).toBe(0);
    expect(edgeReport(meshOf(result)!)).toMatchObject({ closed: true, nonManifoldEdges: 0, degenerate: 0 });
  });

  it('draws the surface between voxels: at the half-way level the volume of the phantom within 2 %', async () => {
    const phantom = bonePhantom({ noiseHu: 10 });
    const mesh = meshOf(await run(phantom.volume, { grow: 330, seed: 400 }))!;
    expect(Math.abs(meshVolume(mesh) / phantom.boneMm3 - 1)).toBeLessThan(0.02);
  });

  it('says what it left out and what it doubts', async () => {
    expect(codesOf(await run(bonePhantom({ poolHu: 420 }).volume))).toContain('bone.contrast');
    const metal = bonePhantom().volume;
    metal.data.forEach((value, at) => {
      if (value === 550) metal.data[at] = 3000;
    });
    expect(codesOf(await run(metal))).toContain('bone.metal');
    const soft = bonePhantom().volume;
    const none = await run({ ...soft, data: soft.data.map((value) => Math.min(value, 100)) });
    expect(codesOf(none)).toEqual(['bone.none']);
    expect(meshOf(none)).toBeUndefined();
  });

  it('keeps to the body it is given', async () => {
    const phantom = bonePhantom();
    const { size, spacing, origin, direction } = phantom.volume;
    const data = new Uint8Array(size[0] * size[1] * size[2]);
    for (let at = 0; at < data.length; at++) if (at % size[0] > size[0] / 2) data[at] = 1;
    const body: Labelmap = { size, spacing, origin, direction, data, labels: [] };
    const mask = maskOf(await run(phantom.volume, {}, body));
    for (let at = 0; at < data.length; at++) if (mask.data[at]) expect(at % size[0]).toBeGreaterThan(size[0] / 2 - 1);
  });

  it('refuses crossed thresholds', async () => {
    await expect(run(bonePhantom().volume, { grow: 500, seed: 300 })).rejects.toMatchObject({
      code: 'parameter.invalid',
    });
  });
});
