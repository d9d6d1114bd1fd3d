/**
 * BlazePose landmarks as KERAAL keeps them: `{ "positions": { "1.0": { "Nose": [x, y, z], … } } }`, shares of the picture.
 *
 * They carry no scale. x and z are shares of the picture's width, y of its height; the picture's shape is taken to be 16:9 unless
 * `choices.aspect` says otherwise, and the trunk from mid-hip to mid-shoulder to be 500 mm. Angles do not depend on the latter.
 */

import type { PointSequence, ReadItem, ReadOptions } from '../../model/index.ts';
import { messageOf } from '../../model/index.ts';
import { fileError } from '../bytes.ts';
import { clockOf, rateChoice, skeletonParents } from '../recording/index.ts';
import { BLAZEPOSE_JOINTS } from './layouts.ts';

const TRUNK_MM = 500;
const RATE_HZ = 30;
const ASPECT = 16 / 9;

type Places = Record<string, Record<string, unknown>>;

/**
 * The item of a BlazePose file.
 * @throws MsdtError `file.malformed` for another structure
 */
export function blazePoseItem(text: string, file: string, options: ReadOptions): ReadItem {
  const frames = framesOf(text, file);
  const landmarks = Object.keys(frames[0].places);
  const aspect = aspectOf(options);
  const extra = ['pelvis', 'thorax'];
  const names = [...landmarks.map((name) => BLAZEPOSE_JOINTS[name] ?? name), ...extra];
  const positions = new Float64Array(frames.length * names.length * 3).fill(Number.NaN);
  for (const [index, { places }] of frames.entries())
    for (const [point, landmark] of landmarks.entries()) {
      const place = places[landmark];
      if (!isPlace(place)) continue;
      positions.set([place[0], place[1] / aspect, place[2]], (index * names.length + point) * 3);
    }
  addMiddle(positions, names, 'pelvis', ['hip.left', 'hip.right']);
  addMiddle(positions, names, 'thorax', ['shoulder.left', 'shoulder.right']);
  const scale = TRUNK_MM / trunkOf(positions, names, file);
  const rateHz = rateChoice(options) ?? RATE_HZ;
  const numbers = frames.map(({ number }) => number);
  const even = numbers.every((number, index) => number === numbers[0] + index);
  const payload: PointSequence = {
    clock: clockOf(file),
    startS: 0,
    rateHz,
    ...(even ? {} : { timeS: Float64Array.from(numbers, (number) => (number - numbers[0]) / rateHz) }),
    frame: 'camera',
    up: '-y',
    names,
    parents: skeletonParents(names),
    positions: positions.map((value) => value * scale),
  };
  const message =
    'BlazePose gives shares of the picture, not millimetres: the trunk was taken to be 500 mm long. Angles hold, lengths and speeds do not.';
  return {
    modality: 'motion',
    artifacts: [{ kind: 'sequence.skeleton', payload, name: 'BlazePose' }],
    files: [file],
    device: 'BlazePose',
    quality: [{ code: 'motion.no-scale', severity: 'doubt', message }],
    metadata: { format: 'BlazePose JSON', frames: frames.length, points: names.length, rateHz: String(rateHz) },
  };
}

function aspectOf(options: ReadOptions): number {
  const value = Number(options.choices?.aspect ?? ASPECT);
  return value > 0.1 && value < 10 ? value : ASPECT;
}

function framesOf(text: string, file: string): { number: number; places: Places[string] }[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw damaged(file, messageOf(error));
  }
  const positions = (document as { positions?: unknown } | null)?.positions;
  if (typeof positions !== 'object' || positions === null) throw damaged(file, '"positions" is missing');
  const frames = Object.entries(positions as Places)
    .map(([key, places]) => ({ number: Number(key), places }))
    .filter(({ number, places }) => Number.isFinite(number) && typeof places === 'object' && places !== null)
    .sort((a, b) => a.number - b.number);
  if (frames.length === 0 || Object.keys(frames[0].places).length === 0) throw damaged(file, 'no frame with landmarks');
  return frames;
}

function damaged(file: string, detail: string) {
  return fileError('file.malformed', file, 'The landmarks cannot be read', {
    place: 'positions',
    detail,
    hint: 'Expected is {"positions": {"1.0": {"Nose": [x, y, z], …}, …}}.',
  });
}

function isPlace(value: unknown): value is [number, number, number] {
  return Array.isArray(value) && value.length >= 3 && value.slice(0, 3).every((part) => Number.isFinite(part));
}

function addMiddle(
  positions: Float64Array,
  names: readonly string[],
  name: string,
  of: readonly [string, string],
): void {
  const target = names.indexOf(name);
  const [a, b] = of.map((joint) => names.indexOf(joint));
  if (a < 0 || b < 0) return;
  for (let base = 0; base < positions.length; base += names.length * 3)
    for (let axis = 0; axis < 3; axis++)
      positions[base + target * 3 + axis] = (positions[base + a * 3 + axis] + positions[base + b * 3 + axis]) / 2;
}

function trunkOf(positions: Float64Array, names: readonly string[], file: string): number {
  const [pelvis, thorax] = [names.indexOf('pelvis') * 3, names.indexOf('thorax') * 3];
  const lengths: number[] = [];
  for (let base = 0; base < positions.length; base += names.length * 3) {
    const length = Math.hypot(
      ...[0, 1, 2].map((axis) => positions[base + thorax + axis] - positions[base + pelvis + axis]),
    );
    if (length > 0) lengths.push(length);
  }
  if (lengths.length === 0) throw damaged(file, 'hips and shoulders are missing');
  return lengths.sort((a, b) => a - b)[lengths.length >> 1];
}
