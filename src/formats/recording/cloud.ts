/** Points without faces: one file is a sequence of one frame, which `readFrames` joins with its neighbours. */

import type { QualityFlag, ReadItem, ReadOptions } from '../../model/index.ts';
import { fileError } from '../bytes.ts';
import { LENGTH_UNITS, MM_PER } from '../mesh/index.ts';
import { choiceOf } from '../report.ts';
import { clockOf } from './items.ts';

/** Smaller than this across, points are in metres · mm */
const SMALLEST_MM = 10;

/** A cloud as a file has it. */
export interface RawCloud {
  /** xyz of each point · shape [3N] · file unit */
  positions: Float32Array | Float64Array;
  /** named value per point · shape [N] */
  pointData?: Record<string, Float32Array | Uint8Array>;
}

/**
 * The item of one file of points; points with a coordinate that is no number are left out and counted.
 *
 * Unit: the choice `unit`, else what the file says, else metres where the cloud is less than a centimetre across and mm otherwise.
 * @throws MsdtError `input.empty` without a point
 */
export function cloudItem(
  file: string,
  raw: RawCloud,
  said: string | undefined,
  options: ReadOptions,
  format: string,
): ReadItem {
  const kept: number[] = [];
  for (let point = 0; point < raw.positions.length / 3; point++) {
    const at = point * 3;
    if (Number.isFinite(raw.positions[at] + raw.positions[at + 1] + raw.positions[at + 2])) kept.push(point);
  }
  if (kept.length === 0)
    throw fileError('input.empty', file, 'The file holds no point', {
      place: 'points',
      hint: 'Export the cloud again.',
    });
  const quality: QualityFlag[] = [];
  const chosen = choiceOf(options.choices, 'unit', LENGTH_UNITS) ?? said;
  const small = chosen === undefined && extentOf(raw.positions, kept) < SMALLEST_MM;
  const unit = chosen ?? (small ? 'm' : 'mm');
  if (small) {
    const message = 'The file does not say its unit; after the size of the cloud it was taken to be the metre.';
    quality.push({ code: 'mesh.unit-doubt', severity: 'info', message });
  }
  const positions = new Float32Array(kept.length * 3);
  for (const [index, point] of kept.entries())
    for (let axis = 0; axis < 3; axis++) positions[index * 3 + axis] = raw.positions[point * 3 + axis] * MM_PER[unit];
  const data = Object.entries(raw.pointData ?? {}).map(([name, values]): [string, Float32Array[]] => [
    name,
    [Float32Array.from(kept, (point) => values[point])],
  ]);
  return {
    modality: 'video3d',
    artifacts: [
      {
        kind: 'sequence.cloud',
        payload: {
          clock: clockOf(file),
          startS: 0,
          rateHz: 1,
          frame: 'lab',
          positions: [positions],
          ...(data.length > 0 ? { pointData: Object.fromEntries(data) } : {}),
        },
        name: 'Points',
      },
    ],
    files: [file],
    quality,
    metadata: { format, points: kept.length, unit, leftOut: raw.positions.length / 3 - kept.length },
  };
}

function extentOf(positions: ArrayLike<number>, kept: readonly number[]): number {
  let largest = 0;
  for (let axis = 0; axis < 3; axis++) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const point of kept) {
      const value = positions[point * 3 + axis];
      if (value < low) low = value;
      if (value > high) high = value;
    }
    largest = Math.max(largest, high - low);
  }
  return largest;
}
