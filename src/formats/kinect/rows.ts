/** Skeletons as rows of numbers, one row a frame. */

import { multiplyQuaternion } from '../../kernel/index.ts';
import type { PointSequence, QualityFlag, ReadItem, ReadOptions } from '../../model/index.ts';
import { fileError, latin1 } from '../bytes.ts';
import { clockOf, numberColumns, rateChoice, skeletonParents } from '../recording/index.ts';
import { type Layout, layoutOf } from './layouts.ts';

const MAX_ROW_BYTES = 1 << 16;

/** Half a turn about the viewing axis: from x left, y up to x right, y down. */
const TURN = [0, 0, 0, 1] as const;

/**
 * The item of a file of rows.
 * @throws MsdtError `file.unsupported` for rows of a width that is no known skeleton
 */
export function rowsItem(bytes: Uint8Array, file: string, options: ReadOptions): ReadItem {
  const first = latin1(bytes, 0, MAX_ROW_BYTES).split(/\r?\n/, 1)[0].trim();
  const separator = first.includes(',') ? ',' : first.includes(';') ? ';' : 'white';
  const width = first === '' ? 0 : first.split(separator === 'white' ? /\s+/ : separator).length;
  const found = layoutOf(width);
  if (!found)
    throw fileError('file.unsupported', file, 'The rows do not fit a known skeleton', {
      place: 'first row',
      detail: `${width} values; Kinect v2 has 175 or 75, Kinect v1 140 or 60, the optical targets 119`,
      hint: 'Give marker positions as TRC or C3D, or other columns as CSV with a header.',
    });
  const { layout, leading } = found;
  const quality: QualityFlag[] = [];
  const columns = numberColumns(bytes, { start: 0, width, separator, file, signal: options.signal, quality });
  const payload = sequenceOf(columns.slice(leading), layout, clockOf(file));
  const time = timeOf(leading ? columns[0] : undefined, layout, options, quality);
  const missing = missingIn(payload.positions);
  if (missing > 0)
    quality.push({
      code: 'motion.missing',
      severity: 'info',
      message: `${missing} of ${payload.positions.length / 3} places were not seen and stay empty.`,
    });
  return {
    modality: 'motion',
    artifacts: [{ kind: 'sequence.skeleton', payload: { ...payload, ...time }, name: layout.title }],
    files: [file],
    device: layout.title,
    quality,
    metadata: {
      format: `${layout.title} text`,
      frames: columns[0].length,
      points: layout.names.length,
      rateHz: String(time.rateHz),
    },
  };
}

function timeOf(
  leading: Float64Array | undefined,
  layout: Layout,
  options: ReadOptions,
  quality: QualityFlag[],
): { startS: number; rateHz: number; timeS?: Float64Array } {
  const chosen = rateChoice(options);
  const last = leading ? leading.length - 1 : 0;
  if (leading && last > 0) {
    const step = (leading[last] - leading[0]) / last;
    const rises = leading.every((value, index) => index === 0 || value > leading[index - 1]);
    // seconds, or milliseconds; whole steps of one are frame numbers
    const unit = step > 5 ? 1e-3 : 1;
    if (rises && Math.abs(step - 1) > 1e-9)
      return { startS: leading[0] * unit, rateHz: 1 / (step * unit), timeS: leading.map((value) => value * unit) };
  }
  if (chosen === undefined)
    quality.push({
      code: 'motion.nominal-rate',
      severity: 'info',
      message: `The file carries no times: ${layout.rateHz} Hz, nominal for ${layout.title}, was taken.`,
    });
  return { startS: 0, rateHz: chosen ?? layout.rateHz };
}

function sequenceOf(columns: readonly Float64Array[], layout: Layout, clock: string): PointSequence {
  const { names, perPoint, space, rateHz } = layout;
  const frames = columns[0].length;
  const points = names.length;
  const positions = new Float64Array(frames * points * 3).fill(Number.NaN);
  const orientations = perPoint === 7 ? new Float64Array(frames * points * 4).fill(Number.NaN) : undefined;
  for (let frame = 0; frame < frames; frame++) {
    for (let point = 0; point < points; point++) {
      const values = Array.from({ length: perPoint }, (_, part) => columns[point * perPoint + part][frame]);
      const at = frame * points + point;
      // all zero is what both systems write for "not seen"
      if (values.slice(0, 3).some((value) => value !== 0)) positions.set(placeOf(values, space), at * 3);
      if (orientations && values.slice(3).some((value) => value !== 0)) orientations.set(turnOf(values, space), at * 4);
    }
  }
  return {
    clock,
    startS: 0,
    rateHz,
    frame: space,
    up: space === 'camera' ? '-y' : '+z',
    names: [...names],
    parents: skeletonParents(names),
    positions,
    ...(orientations ? { orientations } : {}),
  };
}

function placeOf([x, y, z]: readonly number[], space: Layout['space']): readonly number[] {
  return space === 'lab' ? [x, y, z] : [-1000 * x, -1000 * y, 1000 * z];
}

function turnOf([, , , x, y, z, w]: readonly number[], space: Layout['space']): readonly number[] {
  return space === 'lab' ? [w, x, y, z] : multiplyQuaternion(TURN, [w, x, y, z]);
}

function missingIn(positions: Float32Array | Float64Array): number {
  let missing = 0;
  for (let at = 0; at < positions.length; at += 3) if (Number.isNaN(positions[at])) missing++;
  return missing;
}
