/** Keypoints of one scan as landmarks of the twin. */

import { compareLevels, type Landmark, type QualityFlag, type ReadItem, type Vec3 } from '../../model/index.ts';
import { fileNameOf } from '../bytes.ts';
import { associatePedicles } from './associate.ts';
import type { Keypoint } from './keypoints.ts';

/** Bodies cranial to caudal: by level where all have one, else by height. */
function sortBodies(points: readonly Keypoint[]): Keypoint[] {
  const bodies = points.filter((point) => point.type === 'body');
  return bodies.sort((a, b) => (a.level && b.level ? compareLevels(a.level, b.level) : 0) || b.xyz[2] - a.xyz[2]);
}

/** Ids are unique: a second `L3.body` is `L3.body.2`. */
function uniqueIds(points: Landmark[]): Landmark[] {
  const seen = new Map<string, number>();
  return points.map((point) => {
    const times = (seen.get(point.id) ?? 0) + 1;
    seen.set(point.id, times);
    return times === 1 ? point : { ...point, id: `${point.id}.${times}` };
  });
}

/**
 * Landmarks of a scan with the doubts about them.
 *
 * @param points - keypoints as read
 * @param stem - name of the scan
 * @param file - file they came from
 */
export function toItem(points: readonly Keypoint[], stem: string, file: string): ReadItem {
  const bodies = sortBodies(points);
  const landmarks: Landmark[] = bodies.map(({ xyz, level }, i) =>
    level ? { id: `${level}.body`, xyz, level } : { id: `body.${i + 1}`, xyz },
  );
  let alone = 0;
  for (const side of ['left', 'right'] as const) {
    const pedicles = points.filter((point) => point.type === side);
    const partner = associatePedicles(
      bodies.map(({ xyz }) => xyz),
      pedicles.map(({ xyz }) => xyz),
    );
    const levelOf = new Map(partner.map((j, i) => [j, bodies[i].level]));
    pedicles.forEach(({ xyz }, j) => {
      const level = levelOf.get(j);
      if (!level) alone++;
      landmarks.push(
        level ? { id: `${level}.pedicle.${side}`, xyz, level, side } : { id: `pedicle.${side}.${j + 1}`, xyz, side },
      );
    });
  }
  const quality = flagsOf(bodies, points, landmarks, alone);
  const name = fileNameOf(stem);
  return {
    modality: 'keypoints',
    artifacts: [
      {
        kind: 'landmarks.keypoints',
        payload: { frame: 'patient', points: uniqueIds(landmarks), planes: [], vertebrae: [] },
        name,
      },
    ],
    files: [file],
    quality,
    metadata: { format: 'VID keypoints', scan: name, bodies: bodies.length, pedicles: points.length - bodies.length },
  };
}

function flagsOf(
  bodies: readonly Keypoint[],
  points: readonly Keypoint[],
  landmarks: readonly Landmark[],
  alone: number,
): QualityFlag[] {
  const flags: QualityFlag[] = [];
  const pedicles = points.length - bodies.length;
  if (pedicles > alone) {
    flags.push({
      code: 'keypoints.levels-matched',
      severity: 'info',
      message: 'The file names levels at bodies only; pedicles got theirs by their place along the column.',
    });
  }
  if (alone > 0) {
    flags.push({
      code: 'keypoints.without-level',
      severity: 'info',
      message: `${alone} of ${pedicles} pedicles belong to no named body and stay without a level.`,
    });
  }
  const unnamed = bodies.filter(({ level }) => !level).length;
  if (unnamed > 0) {
    flags.push({
      code: 'keypoints.unnamed-bodies',
      severity: 'doubt',
      message: `${unnamed} of ${bodies.length} bodies have no level: detections, not yet identified vertebrae.`,
    });
  }
  const swapped = swappedSides(landmarks);
  if (swapped.length > 0) {
    flags.push({
      code: 'keypoints.sides',
      severity: 'doubt',
      where: swapped.join(', '),
      message: `The left pedicle lies right of the right one at ${swapped.join(', ')}: sides are swapped, or the coordinates are not LPS.`,
    });
  }
  return flags;
}

/** Levels whose pedicles lie the wrong way round. */
function swappedSides(landmarks: readonly Landmark[]): string[] {
  const sides = new Map<string, { left?: Vec3; right?: Vec3 }>();
  for (const { level, side, xyz } of landmarks)
    if (level && side) sides.set(level, { ...sides.get(level), [side]: xyz });
  return [...sides].filter(([, { left, right }]) => left && right && left[0] < right[0]).map(([level]) => level);
}
