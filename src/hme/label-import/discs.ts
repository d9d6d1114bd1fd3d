/**
 * Discs that share one value, told apart by the vertebrae between which they lie.
 *
 * Method: connected pieces; each voxel votes for the segment whose line between neighbouring centres is nearest, the piece takes the
 * winner (or is divided voxel by voxel where no segment has 80 %). Complexity: O(voxels + disc voxels · segments).
 * Tried: nearest single vertebra above and below by height only; it fails on tilted L5-S1 discs.
 */

import { labelComponents, maskToBits } from '../../kernel/index.ts';
import {
  compareLevels,
  ijkToXyz,
  type Labelmap,
  type QualityFlag,
  shiftLevel,
  type Vec3,
  type VertebraLevel,
  voxelVolumeMm3,
} from '../../model/index.ts';
import { discEntry, segmentValue } from './entries.ts';
import { cropLabel, distanceMm, measureLabels, topCentre } from './measure.ts';

interface Segment {
  name: string;
  middle: Vec3;
  /** unit vector down the column */
  axis: Vec3;
  /** distance between the two centres · mm */
  lengthMm: number;
}

/** Depth of the first segment of a sacrum that is labelled whole · mm */
const SACRUM_TOP_MM = 30;

/** Pieces below this volume are left unassigned and cleared: specks of the segmentation. */
const SPECK_MM3 = 100;

/**
 * Gives the undecided voxels of a disc map their segments, in place. All work is done in the box of those voxels.
 * @param column - vertebrae or bodies with levels, on the same grid
 * @param undecided - value of the voxels to decide
 */
export function splitDiscs(discs: Labelmap, column: Labelmap, undecided: number, flags: QualityFlag[]): void {
  const whole = measureLabels(discs).find(({ value }) => value === undecided);
  if (!whole) {
    discs.labels = discs.labels.filter(({ value }) => value !== undecided);
    return;
  }
  const segments = segmentsOf(column);
  if (segments.length === 0) return;
  const { mask, size } = cropLabel(discs, whole);
  const pieces = labelComponents(maskToBits(mask, size), 6);
  const pieceOf = pieces.toLabels();
  const placeOf = placesIn(discs, whole.bounds.min, size);
  const { nearest, votes } = castVotes(mask, pieceOf, placeOf, segments, pieces.count);
  const decided = decidePieces(votes, pieces.sizes, SPECK_MM3 / voxelVolumeMm3(discs));
  const used = new Set<number>();
  for (let at = 0; at < mask.length; at++) {
    if (!mask[at]) continue;
    const choice = decided[pieceOf[at]];
    const segment = choice === DIVIDED ? nearest[at] : choice;
    discs.data[placeOf.index(at)] = segment < 0 ? 0 : segmentValue(segments[segment].name);
    if (segment >= 0) used.add(segment);
  }
  const entries = [...used].sort((a, b) => a - b).map((segment) => discEntry(segments[segment].name));
  const kept = discs.labels.filter(
    ({ value }) => value !== undecided && !entries.some((entry) => entry.value === value),
  );
  discs.labels = [...kept, ...entries].sort((a, b) => a.value - b.value);
  if (decided.some((choice) => choice === DIVIDED)) flags.push(dividedFlag());
}

/** Where the voxels of a box lie in the map and in the patient. */
interface BoxPlaces {
  /** index in the whole map */
  index(at: number): number;
  /** patient frame (LPS) · mm */
  xyz(at: number): Vec3;
}

function placesIn(map: Labelmap, min: readonly number[], size: readonly number[]): BoxPlaces {
  const local = (at: number): Vec3 => {
    const row = Math.floor(at / size[0]);
    const k = Math.floor(row / size[1]);
    return [at - row * size[0] + min[0], row - k * size[1] + min[1], k + min[2]];
  };
  return {
    index: (at) => {
      const [i, j, k] = local(at);
      return i + map.size[0] * (j + map.size[1] * k);
    },
    xyz: (at) => ijkToXyz(map, local(at)),
  };
}

const DIVIDED = -2;

/** Neighbouring levels with the ends of the line between them; one virtual neighbour continues the column at the top. */
function segmentsOf(column: Labelmap): Segment[] {
  const places = new Map<VertebraLevel, Vec3>();
  for (const measure of measureLabels(column)) {
    const entry = column.labels.find(({ value }) => value === measure.value);
    if (entry?.level)
      places.set(
        entry.level,
        entry.structure === 'sacrum' ? topCentre(column, measure, SACRUM_TOP_MM) : measure.centroid,
      );
  }
  const levels = [...places.keys()].sort(compareLevels);
  if (levels.length >= 2) {
    const [first, second] = levels.map((level) => places.get(level)!);
    const above = shiftLevel(levels[0], -1);
    if (above) {
      places.set(above, [2 * first[0] - second[0], 2 * first[1] - second[1], 2 * first[2] - second[2]]);
      levels.unshift(above);
    }
  }
  return levels.slice(1).map((level, index) => {
    const upper = places.get(levels[index])!;
    const lower = places.get(level)!;
    const lengthMm = distanceMm(upper, lower);
    return {
      name: `${levels[index]}-${level}`,
      middle: [(upper[0] + lower[0]) / 2, (upper[1] + lower[1]) / 2, (upper[2] + lower[2]) / 2],
      axis: [(lower[0] - upper[0]) / lengthMm, (lower[1] - upper[1]) / lengthMm, (lower[2] - upper[2]) / lengthMm],
      lengthMm,
    };
  });
}

function castVotes(
  mask: Uint8Array,
  pieceOf: ArrayLike<number>,
  placeOf: BoxPlaces,
  segments: readonly Segment[],
  pieces: number,
): { nearest: Int16Array; votes: Uint32Array[] } {
  const nearest = new Int16Array(mask.length).fill(-1);
  const votes = Array.from({ length: pieces + 1 }, () => new Uint32Array(segments.length));
  for (let at = 0; at < mask.length; at++) {
    if (!mask[at]) continue;
    nearest[at] = nearestSegment(placeOf.xyz(at), segments);
    if (nearest[at] >= 0) votes[pieceOf[at]][nearest[at]]++;
  }
  return { nearest, votes };
}

/** The segment whose middle is nearest, among those no farther than 1.2 of their own length. */
function nearestSegment(place: Vec3, segments: readonly Segment[]): number {
  let best = -1;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (let index = 0; index < segments.length; index++) {
    const { middle, axis, lengthMm } = segments[index];
    const away = distanceMm(place, middle);
    if (away > 1.2 * lengthMm || lengthMm > 80) continue;
    const along =
      (place[0] - middle[0]) * axis[0] + (place[1] - middle[1]) * axis[1] + (place[2] - middle[2]) * axis[2];
    const score = Math.abs(along) + 0.1 * away;
    if (score < bestDistance) {
      bestDistance = score;
      best = index;
    }
  }
  return best;
}

function decidePieces(votes: readonly Uint32Array[], sizes: Uint32Array, speck: number): Int16Array {
  const decided = new Int16Array(votes.length).fill(-1);
  for (let piece = 1; piece < votes.length; piece++) {
    if (sizes[piece] < speck) continue;
    let winner = 0;
    for (let s = 1; s < votes[piece].length; s++) if (votes[piece][s] > votes[piece][winner]) winner = s;
    const share = votes[piece][winner] / sizes[piece];
    decided[piece] = votes[piece][winner] === 0 ? -1 : share >= 0.8 ? winner : DIVIDED;
  }
  return decided;
}

function dividedFlag(): QualityFlag {
  return {
    code: 'labels.discs-joined',
    severity: 'doubt',
    message: 'Two discs touch in the label map; they were divided half-way between their vertebrae.',
  };
}
