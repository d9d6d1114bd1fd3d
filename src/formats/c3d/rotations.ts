/** Poses of segments that markerless systems store in the group ROTATION. */

import type { PointSequence, QualityFlag } from '../../model/index.ts';
import { skeletonParents } from '../recording/index.ts';
import { allTextsOf, type C3dDocument, countOf, findParameter, textsOf } from './document.ts';
import { lengthUnit, pointRate, startOf, unique } from './points.ts';

/** A rotation whose columns are farther from unit length or right angles is none. */
const LOOSE = 0.01;

/**
 * Segments as a skeleton: origin and orientation of each, NaN where it was not seen. The file does not say what hangs on what:
 * segments that are known by name hang as in a body, others on nothing.
 * @param clock - name of the recording's clock
 */
export function readRotations(
  document: C3dDocument,
  clock: string,
): { skeleton?: PointSequence; flags: QualityFlag[] } {
  const { rotations } = document;
  if (!rotations) return { flags: [] };
  const { mm } = lengthUnit(document);
  const { used, values } = rotations;
  const frames = values.length / (17 * used);
  const labels = allTextsOf(document, 'ROTATION', 'LABELS');
  const ratio = Math.max(1, countOf(findParameter(document, 'ROTATION', 'RATIO')) ?? 1);
  const rateHz = pointRate(document) * ratio;
  const positions = new Float32Array(3 * used * frames).fill(Number.NaN);
  const orientations = new Float32Array(4 * used * frames).fill(Number.NaN);
  let loose = 0;
  for (let at = 0; at < used * frames; at++) {
    const matrix = values.subarray(17 * at, 17 * at + 16);
    const valid = values[17 * at + 16] >= 0 && !Number.isNaN(matrix[0] + matrix[5] + matrix[10] + matrix[12]);
    if (!valid) continue;
    if (!isRotation(matrix)) loose++;
    for (let axis = 0; axis < 3; axis++) positions[3 * at + axis] = matrix[12 + axis] * mm;
    orientations.set(quaternionOf(matrix), 4 * at);
  }
  const flags: QualityFlag[] = [];
  if (loose > 0)
    flags.push({
      code: 'c3d.rotation',
      severity: 'doubt',
      message: `${loose} of the stored segment rotations are not pure rotations; the nearest reading was taken.`,
    });
  const names = jointNames(
    unique(Array.from({ length: used }, (_, index) => (labels[index] || `segment ${index + 1}`).replace(/_4x4$/i, ''))),
  );
  const screen = /^[+]?([xyz])$/i.exec(textsOf(findParameter(document, 'POINT', 'Y_SCREEN'))[0] ?? '')?.[1];
  const skeleton: PointSequence = {
    clock,
    startS: startOf(document, pointRate(document)),
    rateHz,
    frame: 'lab',
    names,
    positions,
    parents: skeletonParents(names),
    orientations,
    ...(screen && { up: `+${screen.toLowerCase()}` as PointSequence['up'] }),
  };
  return { skeleton, flags };
}

/** Joints at whose place a segment has its origin. */
const ORIGINS: Record<string, string> = {
  thigh: 'hip',
  shank: 'knee',
  foot: 'ankle',
  toes: 'foot',
  uarm: 'shoulder',
  larm: 'elbow',
  hand: 'wrist',
};

/**
 * Names of the joints at the segments' origins, where most segments are called as one markerless system calls them; otherwise
 * the file's own names.
 */
function jointNames(segments: string[]): string[] {
  const joints = segments.map((segment) => {
    if (/^(pelvis|neck|head)$/i.test(segment)) return segment.toLowerCase();
    if (/^torso$/i.test(segment)) return 'thorax';
    const [, side, part] = /^([lr])_(\w+)$/i.exec(segment) ?? [];
    const joint = part && ORIGINS[part.toLowerCase()];
    return joint ? `${joint}.${side.toLowerCase() === 'l' ? 'left' : 'right'}` : undefined;
  });
  const known = joints.filter((joint) => joint !== undefined).length;
  if (known < 8) return segments;
  return segments.map((segment, index) => joints[index] ?? segment);
}

/** Columns of unit length at right angles. */
function isRotation(m: Float32Array): boolean {
  const dot = (a: number, b: number) => m[a] * m[b] + m[a + 1] * m[b + 1] + m[a + 2] * m[b + 2];
  const errors = [dot(0, 0) - 1, dot(4, 4) - 1, dot(8, 8) - 1, dot(0, 4), dot(0, 8), dot(4, 8)];
  return errors.every((error) => Math.abs(error) < LOOSE);
}

/** Quaternion `[w, x, y, z]` of a rotation that is stored column by column (Shepperd 1978). */
function quaternionOf(m: Float32Array): [number, number, number, number] {
  const [xx, yy, zz] = [m[0], m[5], m[10]];
  const trace = xx + yy + zz;
  let q: [number, number, number, number];
  if (trace >= Math.max(xx, yy, zz)) q = [1 + trace, m[6] - m[9], m[8] - m[2], m[1] - m[4]];
  else if (xx >= yy && xx >= zz) q = [m[6] - m[9], 1 + xx - yy - zz, m[1] + m[4], m[8] + m[2]];
  else if (yy >= zz) q = [m[8] - m[2], m[1] + m[4], 1 - xx + yy - zz, m[6] + m[9]];
  else q = [m[1] - m[4], m[8] + m[2], m[6] + m[9], 1 - xx - yy + zz];
  const length = Math.hypot(...q) || 1;
  return [q[0] / length, q[1] / length, q[2] / length, q[3] / length];
}
