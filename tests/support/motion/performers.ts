/** The two performers whose vertices correspond, through the product's readers and, for the truth, through a few lines of their own. */

import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createRandom } from '../../../src/kernel/index.ts';
import type { ArtifactValue, CloudSequence, MeshSequence } from '../../../src/model/index.ts';
import { dataPath } from '../data-root.ts';
import { readRecordings } from './imu.ts';

/** Name of the set and its performers. */
export const PERFORMER_SET = 'mesh-vlasic';
export const PERFORMERS = ['crane', 'samba'] as const;

const filesOf = (name: string) => readdirSync(dataPath(PERFORMER_SET, name)).sort();

/** A performer as the product reads it. */
export async function readPerformer(name: string): Promise<ArtifactValue<'sequence.mesh'>> {
  const values = await readRecordings(PERFORMER_SET, ...filesOf(name).map((file) => `${name}/${file}`));
  return values.find(({ kind }) => kind === 'sequence.mesh') as ArtifactValue<'sequence.mesh'>;
}

/** Volume of each frame in mm³ and middle of its vertices in mm, straight from the text of the files. */
export function truthOf(name: string): { volumes: number[]; middles: number[][] } {
  const volumes: number[] = [];
  const middles: number[][] = [];
  for (const file of filesOf(name)) {
    const lines = gunzipSync(readFileSync(dataPath(PERFORMER_SET, name, file)))
      .toString()
      .split('\n');
    const v = lines
      .filter((line) => line.startsWith('v '))
      .map((line) => line.slice(2).trim().split(/\s+/).map(Number));
    let six = 0;
    for (const line of lines) {
      if (!line.startsWith('f ')) continue;
      const [a, b, c] = line
        .slice(2)
        .trim()
        .split(/\s+/)
        .map((corner) => v[Number.parseInt(corner, 10) - 1]);
      six +=
        a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
    }
    volumes.push(Math.abs(six / 6) * 1e9);
    middles.push([0, 1, 2].map((d) => (1000 * v.reduce((sum, p) => sum + p[d], 0)) / v.length));
  }
  return { volumes, middles };
}

/** Points drawn anew on the surface of each frame, so that no point is in two frames, and how fast their places move. */
export function sampledPerformer(
  mesh: MeshSequence,
  count: number,
  noiseMm = 0,
): { cloud: CloudSequence; exact: Float32Array[] } {
  const { triangles, positions, ...base } = mesh;
  const rng = createRandom(23);
  const exact: Float32Array[] = [];
  const clouds = positions.map((vertices, f) => {
    const next = positions[f + 1] ?? positions[f - 1];
    const out = new Float32Array(3 * count);
    const speed = new Float32Array(count);
    const pick = areaPicker(vertices, triangles[0]);
    for (let i = 0; i < count; i++) {
      const t = 3 * pick(rng.uniform());
      let [a, b] = [rng.uniform(), rng.uniform()];
      if (a + b > 1) [a, b] = [1 - a, 1 - b];
      const at = (points: Float32Array, d: number) =>
        (1 - a - b) * points[3 * triangles[0][t] + d] +
        a * points[3 * triangles[0][t + 1] + d] +
        b * points[3 * triangles[0][t + 2] + d];
      const step = [0, 1, 2].map((d) => at(next, d) - at(vertices, d));
      speed[i] = Math.hypot(...step) * mesh.rateHz;
      for (let d = 0; d < 3; d++) out[3 * i + d] = at(vertices, d) + rng.normal(0, noiseMm);
    }
    exact.push(speed);
    return out;
  });
  const { pointData: _, ...time } = base;
  return { cloud: { ...time, positions: clouds }, exact };
}

/** Chooses triangles by their area. */
function areaPicker(v: Float32Array, t: Uint32Array): (u: number) => number {
  const sums = new Float64Array(t.length / 3);
  let sum = 0;
  for (let i = 0; i < sums.length; i++) {
    const [a, b, c] = [3 * t[3 * i], 3 * t[3 * i + 1], 3 * t[3 * i + 2]];
    const [p, q] = [b, c].map((k) => [0, 1, 2].map((d) => v[k + d] - v[a + d]));
    sum += Math.hypot(p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]);
    sums[i] = sum;
  }
  return (u) => {
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] < u * sum) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** Mean of the speeds of all points of all frames but the last · mm/s. */
export function meanSpeed(speeds: readonly Float32Array[]): number {
  let [sum, count] = [0, 0];
  for (const values of speeds.slice(0, -1)) {
    for (const v of values) sum += v;
    count += values.length;
  }
  return sum / count;
}

/** Some frames of a mesh. */
export function framesOfMesh(mesh: MeshSequence, from: number, to: number): MeshSequence {
  return { ...mesh, positions: mesh.positions.slice(from, to) };
}
