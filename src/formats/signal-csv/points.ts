/** Tables of places: three columns `name_x`, `name_y`, `name_z` a point become markers, or a skeleton where the names are joints. */

import type { PointSequence, QualityFlag, ReadItem, ReadOptions } from '../../model/index.ts';
import { AXIS_DIRECTIONS, SKELETON_JOINTS } from '../../model/index.ts';
import { clockOf, rateChoice, skeletonParents, timeBaseOf } from '../recording/index.ts';
import { choiceOf } from '../report.ts';
import { isTime } from './guess.ts';
import type { SignalHead } from './table.ts';

/** Fewer points than this may be vectors of a sensor. */
const FEWEST_POINTS = 3;

/** As many joints make a skeleton. */
const FEWEST_JOINTS = 6;

/** Places within this of the origin are in metres, unless the header says otherwise. */
const LARGEST_M = 20;

const USUAL_RATE_HZ = 30;

/** Names of joints as cameras and trackers call them, without sides, spaces and case. */
const JOINT_WORDS: Record<string, string> = {
  spinebase: 'pelvis',
  hipcenter: 'pelvis',
  pelvis: 'pelvis',
  midhip: 'pelvis',
  spinemid: 'spine',
  spine: 'spine',
  spinenavel: 'spine',
  spineshoulder: 'thorax',
  shouldercenter: 'thorax',
  spinechest: 'thorax',
  thorax: 'thorax',
  neck: 'neck',
  head: 'head',
  shoulder: 'shoulder',
  elbow: 'elbow',
  wrist: 'wrist',
  hand: 'hand',
  hip: 'hip',
  knee: 'knee',
  ankle: 'ankle',
  foot: 'foot',
};

/** A point and its three columns. */
interface Triple {
  name: string;
  columns: [number, number, number];
}

/** Points of a header; none where they could be the vectors of sensors. */
function triplesOf({ columns }: SignalHead): Triple[] {
  const points = new Map<string, (number | undefined)[]>();
  for (const [index, { name }] of columns.entries()) {
    const found = /^(.+?)[_.: -]?([xyz])$/i.exec(name.trim());
    if (!found || /acc|gyr|mag|imu|force|moment|quat|grf|cop|angle/i.test(found[1])) continue;
    const axes = points.get(found[1]) ?? [];
    axes['xyz'.indexOf(found[2].toLowerCase())] = index;
    points.set(found[1], axes);
  }
  const triples = [...points].flatMap(([name, [x, y, z]]): Triple[] =>
    x !== undefined && y !== undefined && z !== undefined ? [{ name, columns: [x, y, z] }] : [],
  );
  return triples.length >= FEWEST_POINTS ? triples : [];
}

/** True for a table of times and places, and of nothing much else. */
export function holdsPoints(head: SignalHead): boolean {
  const triples = triplesOf(head);
  const others = head.columns.length - 3 * triples.length;
  return triples.length > 0 && isTime(head.columns[0]) && others * 2 <= head.columns.length;
}

/** Canonical name of a joint (`ShoulderLeft` is `shoulder.left`), or the name as it is. */
function jointOf(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[_.:-]+/g, ' ');
  const side = /\b(left|l)\b/i.test(words) ? 'left' : /\b(right|r)\b/i.test(words) ? 'right' : undefined;
  const bare = words
    .replace(/\b(left|right|l|r|joint)\b/gi, '')
    .replaceAll(' ', '')
    .toLowerCase();
  const joint = JOINT_WORDS[bare] === undefined ? undefined : `${JOINT_WORDS[bare]}${side ? `.${side}` : ''}`;
  return joint && (SKELETON_JOINTS as readonly string[]).includes(joint) ? joint : name;
}

/** The item of a table of places. */
export function pointsItem(
  file: string,
  head: SignalHead,
  columns: readonly Float64Array[],
  options: ReadOptions,
): ReadItem {
  const triples = triplesOf(head);
  const quality: QualityFlag[] = [];
  const frames = columns[0].length;
  const scale = scaleOf(head, triples, columns, quality);
  const positions = new Float64Array(frames * triples.length * 3);
  for (const [point, { columns: axes }] of triples.entries())
    for (const [axis, column] of axes.entries())
      for (let frame = 0; frame < frames; frame++)
        positions[(frame * triples.length + point) * 3 + axis] = columns[column][frame] * scale;
  const joints = triples.map(({ name }) => jointOf(name));
  const known = joints.filter((name) => (SKELETON_JOINTS as readonly string[]).includes(name)).length;
  const skeleton = known >= FEWEST_JOINTS && new Set(joints).size === joints.length;
  const up = choiceOf(options.choices, 'up', AXIS_DIRECTIONS);
  const payload: PointSequence = {
    clock: clockOf(file),
    ...timeOf(head, columns, options, quality),
    frame: 'lab',
    ...(up ? { up } : {}),
    names: skeleton ? joints : triples.map(({ name }) => name),
    ...(skeleton ? { parents: skeletonParents(joints) } : {}),
    positions,
  };
  return {
    modality: 'motion',
    artifacts: [
      skeleton
        ? { kind: 'sequence.skeleton', payload, name: 'Skeleton' }
        : { kind: 'sequence.markers', payload, name: 'Markers' },
    ],
    files: [file],
    quality,
    metadata: { format: 'CSV recording', frames, points: triples.length, rateHz: String(payload.rateHz) },
  };
}

function scaleOf(
  head: SignalHead,
  triples: readonly Triple[],
  columns: readonly Float64Array[],
  quality: QualityFlag[],
): number {
  const unit = head.columns[triples[0].columns[0]].unit;
  if (unit === 'mm') return 1;
  if (unit === 'cm') return 10;
  if (unit === 'm') return 1000;
  const far = triples.some(({ columns: axes }) =>
    axes.some((axis) => columns[axis].some((value) => Math.abs(value) > LARGEST_M)),
  );
  const message = `The header does not say the unit of the places; after their size ${far ? 'millimetres' : 'metres'} were taken.`;
  quality.push({ code: 'motion.unit-doubt', severity: 'info', message });
  return far ? 1 : 1000;
}

function timeOf(
  head: SignalHead,
  columns: readonly Float64Array[],
  options: ReadOptions,
  quality: QualityFlag[],
): { startS: number; rateHz: number; timeS?: Float64Array } {
  const [{ unit, name }] = head.columns;
  const factor = unit === 'ms' || /ms$/i.test(name) ? 1e-3 : 1;
  const times = columns[0].map((value) => value * factor);
  const rises = times.every((time, index) => (index === 0 ? Number.isFinite(time) : time > times[index - 1]));
  if (isTime(head.columns[0]) && rises) return timeBaseOf(times);
  const chosen = rateChoice(options);
  if (chosen === undefined)
    quality.push({
      code: 'motion.nominal-rate',
      severity: 'doubt',
      message: `The table carries no rising times: ${USUAL_RATE_HZ} Hz were taken. Give the choice rateHz.`,
    });
  return { startS: 0, rateHz: chosen ?? USUAL_RATE_HZ };
}
