/**
 * Our side of the kernel rows: `node --expose-gc bench/kernels.ts 1 2a …` prints one JSON line a case on the generated inputs in
 * `$PEER_DATA`. `bench/run.ts` runs this beside the peers.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Surface } from '../src/kernel/index.ts';
import {
  createArena,
  edgeReport,
  forcePlainKernels,
  isosurface,
  labelComponents,
  maskToBits,
  resliceTrilinear,
  sampleTrilinear,
  simplify,
  smoothSinc,
  thresholdBits,
} from '../src/kernel/index.ts';
import { measure } from './measure.ts';

const DATA = process.env.PEER_DATA ?? '/tmp/peers_data';
const CT_SIZE = [512, 512, 300] as const;
const VOXELS = 512 * 512 * 300;
const SPACING = [0.78, 0.78, 1];

function bytesOf(name: string): ArrayBuffer {
  const file = readFileSync(join(DATA, name));
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
}

const readCt = () => new Int16Array(bytesOf('ct_512x512x300.i16'));

/** The bone mesh of the peers' run, in mm; our own where that was not written yet (same counts). */
function readMesh(): Surface {
  try {
    return {
      positions: new Float32Array(bytesOf('bone_mesh.v.f32')),
      triangles: new Uint32Array(bytesOf('bone_mesh.f.u32')),
    };
  } catch {
    const own = isosurface(readCt(), CT_SIZE, 200);
    return { positions: own.positions.map((v, i) => v * SPACING[i % 3]), triangles: own.triangles };
  }
}

/** The volume where a DICOM reader would decode it to, with room for the kernels to work. */
function inArena(ct: Int16Array): Int16Array {
  const arena = createArena(ct.byteLength + (80 << 20));
  const shared = arena.allocate(Int16Array, ct.length);
  shared.set(ct);
  return shared;
}

const counts = (s: Surface) => ({ triangles: s.triangles.length / 3, points: s.positions.length / 3 });

async function plainly(run: () => Promise<void>): Promise<void> {
  forcePlainKernels(true);
  await run();
  forcePlainKernels(false);
}

async function isosurfaceRow(): Promise<void> {
  const ct = readCt();
  const shared = inArena(ct);
  for (const [name, iso] of [
    ['bone200', 200],
    ['skin-300', -300],
  ] as const) {
    const label = `${name}-512x512x300`;
    await measure('msdt-simd', label, VOXELS, () => isosurface(shared, CT_SIZE, iso), { after: counts });
    await measure('msdt-simd-foreign-array', label, VOXELS, () => isosurface(ct, CT_SIZE, iso), { after: counts });
    await plainly(() => measure('msdt-plain', label, VOXELS, () => isosurface(ct, CT_SIZE, iso), { after: counts }));
  }
}

async function sincRow(): Promise<void> {
  const mesh = readMesh();
  const n = mesh.triangles.length / 3;
  await measure('msdt-simd', '20it-pb0.1', n, () => smoothSinc(mesh), { runs: 5, warm: 2, after: counts });
  await plainly(() =>
    measure('msdt-plain', '20it-pb0.1', n, () => smoothSinc(mesh), { runs: 3, warm: 1, after: counts }),
  );
}

async function decimationRow(): Promise<void> {
  const mesh = readMesh();
  const n = mesh.triangles.length / 3;
  await measure('msdt', 'reduce90%-bone200-err0.05', n, () => simplify(mesh, Math.floor(n / 10)), {
    runs: 5,
    warm: 2,
    after: (s) => ({ ...counts(s), nonManifoldEdges: edgeReport(s).nonManifoldEdges }),
  });
}

async function componentsRow(): Promise<void> {
  const ct = readCt();
  const mask = Uint8Array.from(ct, (v) => (v > 180 ? 1 : 0));
  const name = 'full512x512x300-6conn';
  // as the peers are measured: bytes in, a volume of labels out
  await measure(
    'msdt-simd',
    name,
    VOXELS,
    () => {
      const found = labelComponents(maskToBits(mask, CT_SIZE), 6);
      return { found, volume: found.toLabels() };
    },
    { after: ({ found }) => ({ labels: found.count }) },
  );
  await measure(
    'msdt-simd-from-ct-to-sizes',
    name,
    VOXELS,
    () => labelComponents(thresholdBits(ct, CT_SIZE, 181, 32767), 6),
    {
      after: (found) => ({ labels: found.count }),
    },
  );
  await plainly(() =>
    measure(
      'msdt-plain',
      name,
      VOXELS,
      () => {
        const found = labelComponents(maskToBits(mask, CT_SIZE), 6);
        return { found, volume: found.toLabels() };
      },
      { after: ({ found }) => ({ labels: found.count }) },
    ),
  );
}

async function resliceRow(): Promise<void> {
  const ct = readCt();
  const shared = inArena(ct);
  const out = new Float32Array(512 * 512);
  let k = 0;
  const slice = (data: Int16Array) => () => {
    k++;
    const origin = [40, 60, 20 + 1e-3 * k] as const;
    const step = { u: [0.75, 0.25, 0.2], v: [-0.2, 0.55, 0.3] } as const;
    return resliceTrilinear(data, CT_SIZE, { origin, ...step, width: 512, height: 512, background: -1024 }, out);
  };
  const often = { runs: 41, warm: 30, collect: false };
  await measure('msdt-simd', '512x512-oblique-linear', 512 * 512, slice(shared), often);
  await measure('msdt-plain', '512x512-oblique-linear', 512 * 512, slice(ct), often);
}

async function textureRow(): Promise<void> {
  const ct = readCt();
  const shared = inArena(ct);
  const points = readMesh().positions.map((v, i) => v / SPACING[i % 3]);
  const out = new Float32Array(points.length / 3);
  const sample = (data: Int16Array) => () => sampleTrilinear(data, CT_SIZE, points, -1024, out);
  const often = { runs: 21, warm: 10, collect: false };
  await measure('msdt-simd', 'texture-682k-vertices', out.length, sample(shared), often);
  await measure('msdt-plain', 'texture-682k-vertices', out.length, sample(ct), often);
}

const ROWS: Record<string, () => Promise<void>> = {
  '1': isosurfaceRow,
  '2a': sincRow,
  '2b': decimationRow,
  '4b': componentsRow,
  '10': resliceRow,
  '13': textureRow,
};

const wanted = process.argv.slice(2);
for (const [id, run] of Object.entries(ROWS)) if (wanted.length === 0 || wanted.includes(id)) await run();
