/** How far a found skin is from the true one: on a phantom of known shape, and on the virtual subject. */

import type { VirtualSubject } from '../../../fixtures/synth/index.ts';
import type { Phantom } from '../../../src/hme/skin-segmentation/phantom.ts';
import type { Mesh } from '../../../src/model/index.ts';
import { voxelsInside } from './inside.ts';

/** Distances of the uncut vertices from the true skin · mm */
export interface SkinErrors {
  mean: number;
  bias: number;
  p95: number;
  largest: number;
}

/** Distances of a found skin from that of a phantom. */
export function skinErrors(phantom: Phantom, mesh: Mesh): SkinErrors {
  const signed: number[] = [];
  for (let v = 0; v < mesh.positions.length / 3; v++) {
    if (mesh.vertexData?.cut[v]) continue;
    signed.push(phantom.skin([mesh.positions[3 * v], mesh.positions[3 * v + 1], mesh.positions[3 * v + 2]]));
  }
  const sizes = signed.map(Math.abs).sort((a, b) => a - b);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    mean: mean(sizes),
    bias: mean(signed),
    p95: sizes[Math.floor(0.95 * sizes.length)],
    largest: sizes[sizes.length - 1],
  };
}

/** Voxels of the virtual subject's body, those the skin leaves out, others that it takes in, and those of the table among them. */
export function skinVoxels(
  subject: Pick<VirtualSubject, 'ct' | 'body' | 'anatomy'>,
  mesh: Mesh,
): { body: number; missed: number; extra: number; couch: number; dice: number } {
  const inside = voxelsInside(mesh, subject.ct);
  const table = subject.anatomy.labels.find(({ name }) => name === 'table')?.value;
  let [body, missed, extra, couch] = [0, 0, 0, 0];
  for (let at = 0; at < inside.length; at++) {
    if (subject.body.data[at]) body++;
    if (subject.body.data[at] && !inside[at]) missed++;
    if (!subject.body.data[at] && inside[at]) extra++;
    if (inside[at] && subject.anatomy.data[at] === table) couch++;
  }
  return { body, missed, extra, couch, dice: (2 * (body - missed)) / (2 * body - missed + extra) };
}
