import { describe, expect, it } from 'vitest';
import { skinErrors } from '../../../tests/support/body/skin-figures.ts';
import { edgeReport, meshComponents } from '../../kernel/index.ts';
import type { CapabilityResult, Ctx, Labelmap, Mesh, QualityFlag, Volume } from '../../model/index.ts';
import { skinSegmentation } from './index.ts';
import { bodyPhantom, type Phantom, type PhantomOptions } from './phantom.ts';

const ctx: Ctx = { signal: new AbortController().signal, progress() {}, log() {}, rng: () => 0.5 };

async function run(volume: Volume, kind = 'volume.ct', params = {}): Promise<CapabilityResult> {
  const input = { volume: { kind, payload: volume } };
  return skinSegmentation.run(ctx, input as never, { triangles: 30_000, threshold: 0, ...params } as never);
}

const skinOf = (result: CapabilityResult) => (result.outputs.skin as { payload: Mesh; quality: QualityFlag[] }).payload;
const bodyOf = (result: CapabilityResult) => (result.outputs.body as { payload: Labelmap }).payload;

/** Body voxels whose centre lies more than half a voxel deep in the couch. */
function couchVoxels(phantom: Phantom, body: Labelmap): number {
  let count = 0;
  const [ni, nj] = body.size;
  for (let at = 0; at < body.data.length; at++) {
    if (!body.data[at]) continue;
    const x = body.origin[0] + (at % ni) * body.spacing[0];
    const y = body.origin[1] + ((Math.floor(at / ni) % nj) - 0.6) * body.spacing[1];
    if (phantom.couch([x, y, 0])) count++;
  }
  return count;
}

describe('skin segmentation', () => {
  // where the body lies flat on a dense couch nothing in the grey levels marks the skin: it is known to half a voxel there
  it.each<[string, PhantomOptions, number, number]>([
    ['a body in free air', {}, 0.1, 0.3],
    ['noise of 30 HU', { noiseHu: 30 }, 0.1, 0.3],
    ['finer voxels', { spacingMm: [1.5, 1.5, 3], noiseHu: 30 }, 0.08, 0.2],
    ['a body pressed flat on a dim couch', { shellHu: -420, noiseHu: 15 }, 0.3, 0.9],
    ['a body pressed flat on a dense couch', { shellHu: 60, noiseHu: 15 }, 0.4, 1.8],
    ['a couch that sags', { shellHu: 60, sagMm: 30, pressedMm: 8, noiseHu: 15 }, 0.4, 1.8],
    ['a thick couch top and 5 mm slices', { shellHu: 60, shellMm: 12, spacingMm: [2, 2, 5] }, 0.4, 1.5],
  ])('finds the skin of %s', async (_, options, meanMm, p95Mm) => {
    const phantom = bodyPhantom(options);
    const result = await run(phantom.volume);
    const mesh = skinOf(result);
    const { mean, p95 } = skinErrors(phantom, mesh);
    expect(mean).toBeLessThan(meanMm);
    expect(p95).toBeLessThan(p95Mm);
    expect(couchVoxels(phantom, bodyOf(result))).toBe(0);
    expect(edgeReport(mesh)).toMatchObject({ closed: true, nonManifoldEdges: 0 });
    expect(meshComponents(mesh).count).toBe(1);
  });

  it('does not care in which order and direction the axes run', async () => {
    const phantom = bodyPhantom({ shellHu: 60, noiseHu: 10, spacingMm: [3, 3, 4] });
    const turned = sagittalOrder(phantom.volume);
    const plain = skinErrors(phantom, skinOf(await run(phantom.volume)));
    const other = skinErrors(phantom, skinOf(await run(turned)));
    expect(other.mean).toBeCloseTo(plain.mean, 1);
    expect(Math.abs(other.bias - plain.bias)).toBeLessThan(0.1);
  });

  it('marks the caps where the field of view ends, and nothing else', async () => {
    const mesh = skinOf(await run(bodyPhantom().volume));
    for (let v = 0; v < mesh.positions.length / 3; v++) {
      const fromEnd = 45 - Math.abs(mesh.positions[3 * v + 2]);
      if (fromEnd < 2.9) expect(mesh.vertexData?.cut[v]).toBe(1);
      if (fromEnd > 9.1) expect(mesh.vertexData?.cut[v]).toBe(0);
    }
  });

  it('works on a scale it does not know, with the coil dimmer on one side', async () => {
    const phantom = bodyPhantom({ noiseHu: 20 });
    const { size, data } = phantom.volume;
    const grey = new Float32Array(data.length);
    for (let at = 0; at < data.length; at++) {
      const depth = (Math.floor(at / size[0]) % size[1]) / size[1];
      grey[at] = Math.max(5, (data[at] + 1000) * (0.4 + 1.6 * depth));
    }
    const result = await run({ ...phantom.volume, data: grey, unit: '{arb}' }, 'volume.mr');
    expect(skinErrors(phantom, skinOf(result)).mean).toBeLessThan(0.5);
    expect(edgeReport(skinOf(result)).closed).toBe(true);
  });

  it('measures volume and area of what is in view', async () => {
    const phantom = bodyPhantom();
    const result = await run(phantom.volume);
    const value = (id: string) => result.features.find(({ definition }) => definition === id)!.value as number;
    const { volumeMm3, areaMm2 } = inView(phantom, 45);
    expect(Math.abs(value('body.volumeInView') / (volumeMm3 / 1000) - 1)).toBeLessThan(0.005);
    expect(Math.abs(value('body.skinArea') / (areaMm2 / 100) - 1)).toBeLessThan(0.01);
  });

  it('gives the same bits again', async () => {
    const phantom = bodyPhantom({ noiseHu: 20, spacingMm: [3, 3, 4] });
    expect(skinOf(await run(phantom.volume)).positions).toEqual(skinOf(await run(phantom.volume)).positions);
  });

  it('refuses a scan that ends inside the body, and an empty one', async () => {
    const data = new Int16Array(40 * 40 * 40).fill(40);
    const volume: Volume = { ...bodyPhantom().volume, size: [40, 40, 40], data };
    await expect(run(volume)).rejects.toMatchObject({ code: 'input.empty' });
    await expect(run({ ...volume, data: new Int16Array(64_000).fill(-1000) })).rejects.toMatchObject({
      code: 'input.empty',
    });
  });
});

/** Volume and side area of the phantom between two heights, by rays from its axis and their sections. */
function inView(phantom: Phantom, halfHeight: number): { volumeMm3: number; areaMm2: number } {
  const radius = (angle: number, z: number): number => {
    let [low, high] = [10, 200];
    while (high - low > 1e-4) {
      const r = (low + high) / 2;
      if (phantom.skin([r * Math.cos(angle), r * Math.sin(angle), z]) < 0) low = r;
      else high = r;
    }
    return (low + high) / 2;
  };
  const [steps, rise] = [180, 1];
  const turn = (2 * Math.PI) / steps;
  const point = (n: number, z: number) => {
    const r = radius(n * turn, z);
    return [r * Math.cos(n * turn), r * Math.sin(n * turn), z];
  };
  let [volumeMm3, areaMm2] = [0, 0];
  for (let z = -halfHeight; z < halfHeight; z += rise) {
    for (let n = 0; n < steps; n++) {
      const [a, b, c] = [point(n, z), point(n + 1, z), point(n, z + rise)];
      const [u, v] = [b.map((p, i) => p - a[i]), c.map((p, i) => p - a[i])];
      areaMm2 += Math.hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]);
      const r = radius((n + 0.5) * turn, z + rise / 2);
      volumeMm3 += 0.5 * r * r * turn * rise;
    }
  }
  return { volumeMm3, areaMm2 };
}

/** The same scan stored slice by slice from the side, feet first, back to front. */
function sagittalOrder(volume: Volume<Int16Array>): Volume<Int16Array> {
  const [ni, nj, nk] = volume.size;
  const data = new Int16Array(volume.data.length);
  for (let i = 0; i < ni; i++) {
    for (let k = 0; k < nk; k++) {
      for (let j = 0; j < nj; j++) data[nj - 1 - j + nj * (k + nk * i)] = volume.data[i + ni * (j + nj * k)];
    }
  }
  const [si, sj, sk] = volume.spacing;
  const [x, y, z] = volume.origin;
  return {
    ...volume,
    data,
    size: [nj, nk, ni],
    spacing: [sj, sk, si],
    origin: [x, y + (nj - 1) * sj, z],
    direction: [0, 0, 1, -1, 0, 0, 0, 1, 0],
  };
}
