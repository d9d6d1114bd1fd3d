/**
 * Our side of the 3D-video row: `node --expose-gc bench/clouds.ts` prints one JSON line a case on the generated surfaces in `$PEER_DATA`;
 * sequences for time warping are random walks of the peers' sizes. `bench/run.ts 9` runs this beside the peers.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildKdTree,
  createRandom,
  dtwDistance,
  forcePlainKernels,
  issKeypoints,
  occupiedVoxels,
  shapeContext,
  type VectorSequence,
  voxelGridAround,
} from '../src/kernel/index.ts';
import { measure } from './measure.ts';

const DATA = process.env.PEER_DATA ?? '/tmp/peers_data';

function floatsOf(name: string): Float32Array {
  const file = readFileSync(join(DATA, name));
  return new Float32Array(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
}

function walk(steps: number, dims: number, seed: number): VectorSequence {
  const rng = createRandom(seed);
  const values = new Float64Array(steps * dims);
  for (let i = 0; i < values.length; i++) values[i] = (values[i - dims] ?? 0) + rng.normal();
  return { values, dims };
}

const withNormals = floatsOf('model_20k.f32');
const model = new Float32Array(withNormals.length / 2).map((_, i) => withNormals[6 * Math.floor(i / 3) + (i % 3)]);
const view = floatsOf('view_20k.f32');
const n = model.length / 3;
const often = { runs: 31, warm: 20, collect: false };

await measure('msdt-kd-build', '20k', n, () => buildKdTree(model), often);
const tree = buildKdTree(model);
await measure('msdt-kd-1nn', '20k-in-20k', n, () => tree.nearest(view), {
  ...often,
  after: ({ squared }) => ({ sumOfSquares: squared.reduce((sum, d) => sum + d, 0) }),
});
await measure('msdt-kd-20nn', '20k-in-20k', n, () => tree.nearestK(model, 20), { runs: 11, warm: 5 });
const near = new Int32Array(n);
const countNear = () => {
  let sum = 0;
  for (let i = 0; i < model.length; i += 3) sum += tree.within(model[i], model[i + 1], model[i + 2], 12, near);
  return sum;
};
await measure('msdt-kd-ball', '20k-r12mm', n, countNear, { runs: 11, warm: 5 });
const voxels = () => occupiedVoxels(model, voxelGridAround([model], 8));
await measure('msdt-voxels', '20k-into-64^3-unique', n, voxels, {
  ...often,
  after: ({ length }) => ({ voxels: length }),
});
const iss = () => issKeypoints(model, { salientRadius: 20, suppressRadius: 14 });
await measure('msdt-ISS', '20k-salient20-nonmax14', n, iss, {
  runs: 7,
  after: ({ length }) => ({ keypoints: length }),
});
const contexts = () => {
  const out: Float32Array[] = [];
  for (let i = 0; i < model.length; i += 300) {
    const options = { bins: [12, 6, 5] as const, minRadius: 5, maxRadius: 120 };
    out.push(shapeContext(model, [model[i], model[i + 1], model[i + 2]], options));
  }
  return out;
};
await measure('msdt-shape-context', '200kp-in-20k', 200 * n, contexts, { runs: 7 });
const [a, b] = [walk(300, 60, 1), walk(280, 60, 2)];
const oneDtw = () => dtwDistance(a, b, { band: 1, cost: 'euclidean' });
await measure('msdt-DTW', '300x280-d60', 300 * 280, oneDtw, often);
const rng = createRandom(3);
const sequences = Array.from({ length: 100 }, (_, i) => walk(rng.int(30, 69), 60, 10 + i));
const allPairs = () => {
  let sum = 0;
  for (let i = 0; i < 100; i++)
    for (let j = 0; j < i; j++) sum += dtwDistance(sequences[i], sequences[j], { band: 1, cost: 'euclidean' });
  return sum;
};
await measure('msdt-DTW', 'all-pairs-100-sequences(30-70 frames)-d60', 4950, allPairs, { runs: 5, warm: 2 });
forcePlainKernels(true);
await measure('msdt-plain-DTW', '300x280-d60', 300 * 280, oneDtw, often);
await measure('msdt-plain-kd-build', '20k', n, () => buildKdTree(model), often);
