import { describe, expect, it } from 'vitest';
import { edgeReport, meshComponents, meshVolume } from '../../kernel/index.ts';
import type { ArtifactDraft, CapabilityResult, Ctx, Labelmap } from '../../model/index.ts';
import { surfaceExtraction } from './index.ts';

const ctx: Ctx = { signal: new AbortController().signal, progress() {}, log() {}, rng: () => 0.5 };

async function run(payload: Labelmap, params = {}): Promise<CapabilityResult> {
  const input = { vertebrae: { kind: 'labelmap.vertebrae', payload } };
  return surfaceExtraction.run(ctx, input as never, { smoothing: 20, triangles: 12_000, ...params } as never);
}

const drafts = (result: CapabilityResult) => result.outputs.surfaces as ArtifactDraft<'mesh.vertebra'>[];

/** A map of labels from a function of the patient's place. */
function draw(
  labelAt: (x: number, y: number, z: number) => number,
  options: {
    spacing?: [number, number, number];
    boxMm?: [number, number, number];
    direction?: Labelmap['direction'];
  } = {},
): Labelmap {
  const { spacing = [1, 1, 1], boxMm = [70, 70, 70], direction = [1, 0, 0, 0, 1, 0, 0, 0, 1] } = options;
  const size = boxMm.map((mm, a) => Math.round(mm / spacing[a])) as [number, number, number];
  const data = new Uint8Array(size[0] * size[1] * size[2]);
  const half = size.map((n, a) => ((n - 1) * spacing[a]) / 2);
  const origin = [0, 1, 2].map(
    (r) => -(direction[3 * r] * half[0] + direction[3 * r + 1] * half[1] + direction[3 * r + 2] * half[2]),
  );
  for (let k = 0, at = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, at++) {
        const p = [i * spacing[0], j * spacing[1], k * spacing[2]];
        const [x, y, z] = [0, 1, 2].map(
          (r) => origin[r] + direction[3 * r] * p[0] + direction[3 * r + 1] * p[1] + direction[3 * r + 2] * p[2],
        );
        data[at] = labelAt(x, y, z);
      }
    }
  }
  return {
    size,
    spacing,
    origin: origin as unknown as Labelmap['origin'],
    direction,
    data,
    labels: [
      { value: 23, name: 'L4', level: 'L4', structure: 'vertebra' },
      { value: 24, name: 'L5', level: 'L5', structure: 'vertebra', color: [1, 2, 3] },
      { value: 34, name: 'sacrum', structure: 'sacrum' },
    ],
  };
}

/** A body with an arch and a spinous process, as thin as real ones. */
function vertebraAt(x: number, y: number, z: number): number {
  const body = Math.hypot(x / 22, (y + 14) / 15) < 1 && Math.abs(z) < 13;
  const ring = Math.hypot(x, y - 12);
  const arch = ring < 16 && ring > 11 && Math.abs(z) < 8;
  const process = Math.abs(x) < 2.2 && y > 22 && y < 40 && Math.abs(z + 2) < 6;
  return body || arch || process ? 23 : 0;
}

describe('surface extraction', () => {
  it('finds a sphere: place within half a voxel, volume within 1 %, whatever the smoothing', async () => {
    for (const smoothing of [0, 20, 60]) {
      const radius = 22;
      const map = draw((x, y, z) => (Math.hypot(x - 2, y + 1, z) < radius ? 23 : 0), { spacing: [1, 1, 1.5] });
      const [{ payload }] = drafts(await run(map, { smoothing }));
      for (let v = 0; v < payload.positions.length; v += 3) {
        const away = Math.hypot(payload.positions[v] - 2, payload.positions[v + 1] + 1, payload.positions[v + 2]);
        expect(Math.abs(away - radius)).toBeLessThan(0.9);
      }
      expect(Math.abs(meshVolume(payload) / ((4 / 3) * Math.PI * radius ** 3) - 1)).toBeLessThan(0.01);
    }
  });

  it.each([
    ['fine voxels', [0.8, 0.8, 0.8]],
    ['coarse voxels', [3, 3, 3]],
    ['thick slices', [0.7, 0.7, 4]],
  ] as const)('keeps processes and volume at %s, closed and in one piece', async (_, spacing) => {
    const map = draw(vertebraAt, { spacing: [...spacing], boxMm: [66, 96, 54] });
    const [{ payload }] = drafts(await run(map, { triangles: 6000 }));
    expect(edgeReport(payload)).toMatchObject({ closed: true, nonManifoldEdges: 0 });
    expect(meshComponents(payload).count).toBe(1);
    let voxels = 0;
    for (const value of map.data) if (value) voxels++;
    const labelled = voxels * spacing[0] * spacing[1] * spacing[2];
    expect(Math.abs(meshVolume(payload) / labelled - 1)).toBeLessThan(0.01);
    const last = payload.positions.reduce((most, p, i) => (i % 3 === 1 && p > most ? p : most), -99);
    expect(last).toBeGreaterThan(40 - 1.2 * Math.max(1, spacing[1]));
  });

  it('does not depend on how the grid lies', async () => {
    const plain = draw(vertebraAt, { boxMm: [66, 96, 54] });
    const mirrored = draw(vertebraAt, { boxMm: [66, 96, 54], direction: [-1, 0, 0, 0, 1, 0, 0, 0, 1] });
    const [a] = drafts(await run(plain));
    const [b] = drafts(await run(mirrored));
    expect(meshVolume(b.payload)).toBeGreaterThan(0);
    expect(meshVolume(b.payload) / meshVolume(a.payload)).toBeCloseTo(1, 3);
  });

  it('gives each level its own surface with name, level and colour, the sacrum too', async () => {
    const map = draw((_, __, z) => (z > 20 ? 23 : z < -20 ? 34 : Math.abs(z) < 15 ? 24 : 0));
    const made = drafts(await run(map));
    expect(made.map(({ name, level }) => [name, level])).toEqual([
      ['L4', 'L4'],
      ['L5', 'L5'],
      ['Sacrum', undefined],
    ]);
    expect(made[1].payload).toMatchObject({ level: 'L5', color: [1, 2, 3], frame: 'patient' });
  });

  it('keeps the largest piece and says so; marks what the border cuts', async () => {
    const map = draw((x, y, z) => (Math.hypot(x, y, z - 30) < 20 || Math.hypot(x - 25, y, z + 25) < 5 ? 23 : 0));
    const [{ payload, quality }] = drafts(await run(map));
    expect(meshComponents(payload).count).toBe(1);
    expect(quality?.map(({ code }) => code)).toEqual(['surface.pieces', 'surface.cut']);
    expect(payload.vertexData?.cut.some((value) => value === 1)).toBe(true);
    expect(edgeReport(payload).closed).toBe(true);
  });

  it('reaches about the triangles asked for', async () => {
    const map = draw(vertebraAt, { boxMm: [66, 96, 54] });
    const [{ payload }] = drafts(await run(map, { triangles: 3000 }));
    expect(payload.triangles.length / 3).toBeLessThan(3200);
  });

  it('refuses a map without vertebrae', async () => {
    await expect(run(draw(() => 0))).rejects.toMatchObject({ code: 'input.empty' });
  });
});
