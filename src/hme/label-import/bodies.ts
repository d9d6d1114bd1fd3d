/**
 * Vertebral bodies beside vertebrae: levels for those that share one value, doubt where two files disagree, and bodies alone.
 *
 * Method: overlap voxel by voxel, then two face-steps of growth. Complexity: O(voxels).
 */

import type { Labelmap, QualityFlag } from '../../model/index.ts';

/** Value under which a mask without levels is held until it is split. */
export const UNDECIDED = 255;

/** Bodies with levels of their own that lie in vertebrae of another name: one of the two files is mislabelled. */
export function disagreements(bodies: Labelmap, vertebrae: Labelmap): QualityFlag[] {
  const levelOf = (map: Labelmap) => new Map(map.labels.map(({ value, level }) => [value, level]));
  const [ofBody, ofVertebra] = [levelOf(bodies), levelOf(vertebrae)];
  if (![...ofBody.values()].some((level) => level)) return [];
  const votes = new Uint32Array(65536);
  const [body, vertebra] = [bodies.data, vertebrae.data];
  for (let at = 0; at < body.length; at++) if (body[at] !== 0) votes[256 * body[at] + vertebra[at]]++;
  const pairs: string[] = [];
  for (const [value, level] of ofBody) {
    let most = 1;
    for (let other = 1; other < 256; other++) if (votes[256 * value + other] > votes[256 * value + most]) most = other;
    const other = votes[256 * value + most] > 0 ? ofVertebra.get(most) : undefined;
    if (level && other && other !== level) pairs.push(`body ${level} in vertebra ${other}`);
  }
  if (pairs.length === 0) return [];
  return [
    {
      code: 'labels.sources-disagree',
      severity: 'fault',
      where: pairs.join(', '),
      message: `The files name the same vertebrae differently: ${pairs.join(', ')}. Leave out the file that is wrong.`,
    },
  ];
}

/** Bodies in one value take the level of the vertebra they lie in, or of the nearest one within two voxels. */
export function levelBodies(bodies: Labelmap, vertebrae: Labelmap): void {
  if (!bodies.labels.some(({ value }) => value === UNDECIDED)) return;
  const levelled = new Set(vertebrae.labels.filter(({ level }) => level).map(({ value }) => value));
  const { data } = bodies;
  const pending: number[] = [];
  for (let at = 0; at < data.length; at++) {
    if (data[at] !== UNDECIDED) continue;
    const value = vertebrae.data[at];
    data[at] = levelled.has(value) ? value : UNDECIDED;
    if (data[at] === UNDECIDED) pending.push(at);
  }
  growInto(bodies, pending, 2);
  const present = new Set<number>();
  for (let at = 0; at < data.length; at++) if (data[at] !== 0) present.add(data[at]);
  bodies.labels = vertebrae.labels
    .filter(({ value, level }) => level && present.has(value))
    .map((entry) => ({ ...entry, structure: 'vertebral-body' as const }));
}

/** Lets decided labels grow into undecided voxels, `rounds` face-steps; what stays undecided is cleared. */
function growInto(map: Labelmap, pending: readonly number[], rounds: number): void {
  const { data, size } = map;
  const strides = [1, size[0], size[0] * size[1]];
  let open = [...pending];
  for (let round = 0; round < rounds && open.length > 0; round++) {
    const decided: [number, number][] = [];
    for (const at of open) {
      for (const stride of strides) {
        const value = decidedValue(data[at - stride]) || decidedValue(data[at + stride]);
        if (value) {
          decided.push([at, value]);
          break;
        }
      }
    }
    for (const [at, value] of decided) data[at] = value;
    open = open.filter((at) => data[at] === UNDECIDED);
  }
  for (const at of open) data[at] = 0;
}

function decidedValue(value: number | undefined): number {
  return value === undefined || value === UNDECIDED ? 0 : value;
}

/** Where only bodies are labelled they stand in for the vertebrae, and say so. */
export function standInForVertebrae(bodies: Labelmap, flags: QualityFlag[]): Labelmap | undefined {
  if (!bodies.labels.some(({ level }) => level)) return undefined;
  flags.push({
    code: 'labels.bodies-only',
    severity: 'doubt',
    message:
      'Only vertebral bodies are labelled. They stand for the vertebrae; measures that need arches and processes are missing.',
  });
  return { ...bodies, labels: bodies.labels.map((entry) => ({ ...entry })) };
}
