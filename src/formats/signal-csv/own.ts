/** Reads back what `write.ts` wrote: the first line says what the columns are. */

import type { ArtifactDraft, ForcePlate, PointSequence, QualityFlag, ReadItem, Signals } from '../../model/index.ts';
import { ARTIFACT_KINDS, AXIS_DIRECTIONS, MsdtError } from '../../model/index.ts';
import { fileError, latin1 } from '../bytes.ts';
import { numberColumns } from '../recording/index.ts';
import { checkProfile } from './profile.ts';
import { OWN_MARK, type OwnHeader } from './write.ts';

/**
 * The item of a file of our own.
 * @throws MsdtError what is wrong, where, and what to do
 */
export function ownItem(bytes: Uint8Array, file: string, signal?: AbortSignal): ReadItem {
  const first = bytes.indexOf(10);
  const second = first < 0 ? -1 : bytes.indexOf(10, first + 1);
  if (second < 0) throw damaged(file, 'line 1', 'the file ends in its header');
  const header = headerOf(new TextDecoder().decode(bytes.subarray(OWN_MARK.length, first)), file);
  const signals = header.channels !== undefined;
  const points = header.names?.length ?? 0;
  const width = 1 + (signals ? (header.channels?.length ?? 0) : points * (header.turned ? 7 : 3));
  const titles = latin1(bytes, first + 1, second).split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).length;
  if (titles !== width) throw damaged(file, 'line 2', `${titles} columns where line 1 speaks of ${width}`);
  const quality: QualityFlag[] = [];
  const rows = { start: second + 1, width, separator: ',' as const, file, signal, quality };
  const [times, ...columns] = numberColumns(bytes, rows);
  if (times.some((time, index) => !(index === 0 ? Number.isFinite(time) : time > times[index - 1])))
    throw damaged(file, 'column time_s', 'the times do not rise');
  const { clock, startS, rateHz } = header;
  const base = { clock, startS, rateHz, ...(header.even ? {} : { timeS: times }) };
  const artifact = signals ? signalDraft(header, columns, base, file) : pointDraft(header, columns, base);
  return {
    modality: modalityOf(header.kind),
    artifacts: [artifact],
    files: [file],
    quality,
    metadata: { format: 'CSV recording', samples: times.length, rateHz: String(rateHz) },
  };
}

function damaged(file: string, place: string, detail: string) {
  return fileError('file.malformed', file, 'The recording cannot be read', {
    place,
    detail,
    hint: 'The file is damaged or was edited: export it again.',
  });
}

const KINDS = /^(signal\.|sequence\.(markers|skeleton)$)/;

function headerOf(text: string, file: string): OwnHeader {
  let header: OwnHeader;
  try {
    header = JSON.parse(text);
  } catch (error) {
    throw damaged(file, 'line 1', error instanceof Error ? error.message : 'no JSON');
  }
  const { kind, rateHz, startS, clock, names, channels } = header;
  const known = (ARTIFACT_KINDS as readonly string[]).includes(kind) && KINDS.test(kind);
  const listed = kind?.startsWith('signal.')
    ? Array.isArray(channels) && channels.length > 0
    : Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string');
  if (!known || !listed || !(rateHz > 0) || !Number.isFinite(startS) || typeof clock !== 'string')
    throw damaged(file, 'line 1', 'kind, clock, start, rate or channels are missing');
  return header;
}

type Base = Pick<Signals, 'clock' | 'startS' | 'rateHz' | 'timeS'>;

function signalDraft(header: OwnHeader, columns: readonly Float64Array[], base: Base, file: string): ArtifactDraft {
  const channels = (header.channels ?? []).map((about, index) => ({
    ...about,
    column: index + 1,
    name: String(about.name ?? ''),
  }));
  let checked: ReturnType<typeof checkProfile>;
  try {
    checked = checkProfile({ schemaVersion: 1, name: 'own', streams: [{ channels }] }, file);
  } catch (error) {
    throw error instanceof MsdtError ? damaged(file, 'line 1', `${error.where.place}: ${error.detail}`) : error;
  }
  const payload: Signals = {
    ...base,
    channels: checked.streams[0].channels.map(({ column, scale: _, offset: __, name = '', ...about }) => ({
      name,
      ...about,
      values: numbers(columns[Number(column) - 1], header.single),
    })),
  };
  const plates = platesOf(header.plates);
  return { kind: header.kind as 'signal.other', payload: plates ? { ...payload, plates } : payload, name: 'Signals' };
}

function numbers(values: Float64Array, single: boolean): Float32Array | Float64Array {
  return single ? Float32Array.from(values) : values;
}

function platesOf(value: unknown): ForcePlate[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.flatMap((plate): ForcePlate[] => {
    if (!Array.isArray(plate?.corners) || plate.corners.length !== 12 || !Array.isArray(plate.origin)) return [];
    const [x, y, z] = plate.origin.map(Number);
    return [
      {
        id: String(plate.id),
        type: Number(plate.type),
        corners: Float64Array.from(plate.corners),
        origin: [x, y, z],
        ...(Array.isArray(plate.calibration) ? { calibration: Float64Array.from(plate.calibration) } : {}),
      },
    ];
  });
}

const FRAMES = ['patient', 'lab', 'camera', 'earth', 'image'] as const;
function pointDraft(header: OwnHeader, columns: readonly Float64Array[], base: Base): ArtifactDraft {
  const names = header.names ?? [];
  const woven = (from: number, width: number): Float64Array => {
    const rows = columns[0].length;
    const out = new Float64Array(rows * width);
    for (let column = 0; column < width; column++)
      for (let row = 0; row < rows; row++) out[row * width + column] = columns[from + column][row];
    return out;
  };
  const up = AXIS_DIRECTIONS.find((axis) => axis === header.up);
  const parents = Array.isArray(header.parents) && header.parents.length === names.length ? header.parents : undefined;
  const payload: PointSequence = {
    ...base,
    frame: FRAMES.find((frame) => frame === header.frame) ?? 'lab',
    ...(up ? { up } : {}),
    names,
    ...(parents ? { parents: parents.map(Number) } : {}),
    positions: numbers(woven(0, names.length * 3), header.single),
    ...(header.turned ? { orientations: woven(names.length * 3, names.length * 4) } : {}),
  };
  const kind = header.kind === 'sequence.skeleton' ? 'sequence.skeleton' : 'sequence.markers';
  return { kind, payload, name: kind === 'sequence.skeleton' ? 'Skeleton' : 'Markers' };
}

function modalityOf(kind: string): string {
  if (kind === 'signal.emg') return 'emg';
  if (kind === 'signal.imu' || kind === 'signal.orientation') return 'imu';
  return kind === 'signal.force' ? 'force' : 'motion';
}
