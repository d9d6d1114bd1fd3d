/**
 * Vertebrae from keypoints: one body and up to two pedicles per level, cranial to caudal. O(points + levels).
 *
 * C1 has no body and takes no part in the centre line; neither does what lies below L6.
 */

import { distance3 } from '../../kernel/index.ts';
import {
  compareLevels,
  type Landmark,
  MsdtError,
  type QualityFlag,
  type SpineLandmarks,
  type VertebraLevel,
} from '../../model/index.ts';
import { flag, numberingFlags, pedicleFlags, placeFlags } from './checks.ts';

/** Marked points of one vertebra. */
export interface MarkedVertebra {
  level: VertebraLevel;
  body: Landmark;
  left?: Landmark;
  right?: Landmark;
}

/** Vertebrae of a scan and what is odd about them. */
export interface MarkedColumn {
  /** cranial to caudal */
  vertebrae: MarkedVertebra[];
  /** those whose bodies carry the centre line */
  bodies: MarkedVertebra[];
  quality: QualityFlag[];
}

/** Bodies closer than this are one point marked twice · mm */
const SAME_POINT_MM = 1;

type Part = 'body' | 'left' | 'right';

function partOf({ id, side }: Landmark): Part | undefined {
  if (/plate|corner|process|facet/i.test(id)) return undefined;
  if (side === 'left' || side === 'right') return /body/i.test(id) ? undefined : side;
  return 'body';
}

/** Points by level, the doubles flagged; and the bodies that have no level. */
function byLevel(keypoints: SpineLandmarks, file: string | undefined) {
  const quality: QualityFlag[] = [];
  const found = new Map<VertebraLevel, Partial<MarkedVertebra> & { level: VertebraLevel }>();
  let unnamed = 0;
  for (const point of keypoints.points) {
    const part = partOf(point);
    if (!part) continue;
    if (!point.xyz.every(Number.isFinite)) throw degenerate(file, `${point.id} has no finite place`);
    if (!point.level) {
      if (part === 'body') unnamed++;
      continue;
    }
    const vertebra = found.get(point.level) ?? { level: point.level };
    const before = vertebra[part];
    if (before) quality.push(duplicate(point.level, part, distance3(before.xyz, point.xyz)));
    else vertebra[part] = point;
    found.set(point.level, vertebra);
  }
  return { found, quality, unnamed };
}

/**
 * Gathers keypoints into vertebrae.
 *
 * @param keypoints - points with level, and side for pedicles · patient frame (LPS) · mm
 * @param file - name for messages
 * @throws MsdtError `labels.unknown` bodies without levels · `input.empty` fewer than three bodies · `geometry.degenerate`
 *   bodies in one place
 */
export function gatherColumn(keypoints: SpineLandmarks, file?: string): MarkedColumn {
  const { found, quality, unnamed } = byLevel(keypoints, file);
  const vertebrae = [...found.values()]
    .filter((vertebra): vertebra is MarkedVertebra => vertebra.body !== undefined)
    .sort((a, b) => compareLevels(a.level, b.level));
  const bodies = vertebrae.filter(({ level }) => level !== 'C1' && !/^(S|COCCYX)/.test(level));
  if (bodies.length < 3) throw tooFew(file, bodies, unnamed);
  for (let i = 1; i < bodies.length; i++) {
    const [a, b] = [bodies[i - 1], bodies[i]];
    if (distance3(a.body.xyz, b.body.xyz) < SAME_POINT_MM)
      throw degenerate(file, `${a.level} and ${b.level} are marked in the same place`);
  }
  if (unnamed > 0)
    quality.push(flag('unnamed', 'doubt', undefined, `${unnamed} bodies without a level were left out.`));
  quality.push(...numberingFlags(bodies), ...placeFlags(bodies), ...pedicleFlags(vertebrae));
  return { vertebrae, bodies, quality };
}

function duplicate(level: VertebraLevel, part: Part, mm: number): QualityFlag {
  const what = part === 'body' ? 'The body' : `The ${part} pedicle`;
  const message = `${what} of ${level} is marked twice, ${mm.toFixed(0)} mm apart; the first was taken.`;
  return flag('duplicate', 'doubt', level, message);
}

function tooFew(file: string | undefined, bodies: readonly MarkedVertebra[], unnamed: number): MsdtError {
  if (unnamed >= 3 && bodies.length === 0) {
    return new MsdtError('labels.unknown', 'The keypoints do not say which vertebra each is', {
      where: { file },
      detail: `${unnamed} bodies, none with a level`,
      hint: 'Give keypoints with levels (spine_level), not raw detections.',
    });
  }
  return new MsdtError('input.empty', 'Fewer than three vertebral bodies are marked', {
    where: { file },
    detail: bodies.length > 0 ? `marked: ${bodies.map(({ level }) => level).join(', ')}` : 'no body with a level',
    hint: 'A centre line needs at least three bodies with levels, C2 or below (C1 has no body).',
  });
}

function degenerate(file: string | undefined, detail: string): MsdtError {
  return new MsdtError('geometry.degenerate', 'No centre line goes through these keypoints', {
    where: { file },
    detail,
    hint: 'Correct the keypoints: each body needs a place of its own.',
  });
}
