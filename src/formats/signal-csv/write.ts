/** Writes signals and points in time as CSV: `time_s` first, units in the header, and one line that carries the rest. */

import type { ArtifactKind, PointSequence, Signals, TimeBase, WrittenFile } from '../../model/index.ts';
import { frameCount, sampleCount, sampleTimeS } from '../../model/index.ts';
import { fileNameOf, utf8 } from '../bytes.ts';

/** The first line of our own files begins so. */
export const OWN_MARK = '# msdt-recording ';

/** What the first line says. */
export interface OwnHeader {
  kind: ArtifactKind;
  clock: string;
  startS: number;
  rateHz: number;
  even: boolean;
  /** number type of each column after the time */
  single: boolean;
  channels?: Record<string, unknown>[];
  plates?: unknown;
  frame?: string;
  up?: string;
  names?: string[];
  parents?: number[];
  turned?: boolean;
}

/** Writes signals. */
export function writeSignals(signals: Signals, kind: ArtifactKind, name: string, about: boolean): WrittenFile {
  const { channels, plates } = signals;
  const header: OwnHeader = {
    kind,
    ...timesOf(signals),
    single: channels.every(({ values }) => values instanceof Float32Array),
    channels: channels.map(({ values: _, ...rest }) => rest),
    ...(plates
      ? {
          plates: plates.map((plate) => ({
            ...plate,
            corners: [...plate.corners],
            ...(plate.calibration ? { calibration: [...plate.calibration] } : {}),
          })),
        }
      : {}),
  };
  const titles = channels.map((channel) => `${channel.name} [${channel.unit}]`);
  const rows = sampleCount(signals);
  const lines = channels.map(({ values }) => values);
  return file(name, about ? header : undefined, titles, rows, (row) => [
    sampleTimeS(signals, row),
    ...lines.map((values) => shown(values[row], values instanceof Float32Array)),
  ]);
}

/** Writes markers or a skeleton, orientations behind the places. */
export function writePoints(sequence: PointSequence, kind: ArtifactKind, name: string, about: boolean): WrittenFile {
  const { names, positions, orientations, parents, frame, up } = sequence;
  const header: OwnHeader = {
    kind,
    ...timesOf(sequence),
    single: positions instanceof Float32Array,
    names,
    frame,
    ...(up ? { up } : {}),
    ...(parents ? { parents } : {}),
    turned: orientations !== undefined,
  };
  const titles = names.flatMap((point) => ['x', 'y', 'z'].map((axis) => `${point}_${axis} [mm]`));
  if (orientations)
    titles.push(...names.flatMap((point) => ['w', 'x', 'y', 'z'].map((axis) => `${point}_q${axis} [1]`)));
  const count = names.length;
  return file(name, about ? header : undefined, titles, frameCount(sequence), (row) => [
    sampleTimeS(sequence, row),
    ...part(positions, row * count * 3, count * 3),
    ...(orientations ? part(orientations, row * count * 4, count * 4) : []),
  ]);
}

function timesOf({ clock, startS, rateHz, timeS }: TimeBase): Pick<OwnHeader, 'clock' | 'startS' | 'rateHz' | 'even'> {
  return { clock, startS, rateHz, even: timeS === undefined };
}

function part(values: Float32Array | Float64Array, from: number, length: number): (string | number)[] {
  const single = values instanceof Float32Array;
  return Array.from(values.subarray(from, from + length), (value) => shown(value, single));
}

/** As many digits as the number has; nothing where there is no value. */
function shown(value: number, single: boolean): string | number {
  if (Number.isNaN(value)) return '';
  return single ? Number(value.toPrecision(9)) : value;
}

function file(
  name: string,
  header: OwnHeader | undefined,
  titles: readonly string[],
  rows: number,
  row: (index: number) => (string | number)[],
): WrittenFile {
  const lines = header ? [`${OWN_MARK}${JSON.stringify(header)}`] : [];
  lines.push(['time_s', ...titles].map(quoted).join(','));
  for (let index = 0; index < rows; index++) lines.push(row(index).join(','));
  return { name: `${fileNameOf(name)}.csv`, bytes: utf8(`${lines.join('\n')}\n`), mediaType: 'text/csv' };
}

/** Quotes what would part a cell, and an apostrophe before what a spreadsheet would take for a formula. */
function quoted(text: string): string {
  const plain = text.replace(/[\r\n]+/g, ' ');
  const safe = /^[=+\-@\t]/.test(plain) ? `'${plain}` : plain;
  return /[",;\s]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
