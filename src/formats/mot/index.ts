/**
 * OpenSim motion and storage tables (MOT, STO): joint angles, forces, orientations, marker places, muscle curves.
 *
 * Reading: versions 1 to 3, SIMM headers, Vec and Quaternion cells, tables that were saved with commas.
 * Writing: `choices.extension` = `sto` (default) or `mot`.
 */

import type { Format, ReadItem, ReadOptions, SignalChannel, Signals, SourceFile } from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { hasExtension, latin1, MAX_TEXT_BYTES } from '../bytes.ts';
import { clockOf } from '../recording/index.ts';
import { choiceOf, expectWritable, readEach } from '../report.ts';
import { meaningOf } from './meaning.ts';
import { type MotTable, readMotTable } from './table.ts';
import { writeMot } from './write.ts';

export { type MotTable, readMotTable } from './table.ts';

const EXTENSIONS = ['.mot', '.sto'] as const;

const KINDS = [
  'signal.angle',
  'signal.force',
  'signal.orientation',
  'signal.emg',
  'signal.imu',
  'signal.measure',
  'signal.other',
] as const;

/** The MOT and STO format. */
export const mot: Format = {
  id: 'mot',
  title: 'OpenSim MOT/STO',
  extensions: EXTENSIONS,
  mediaType: 'text/plain',
  reads: [...KINDS, 'sequence.markers'],
  writes: [...KINDS],

  sniff(head, name) {
    const text = latin1(head);
    const ends = /^endheader\b/im.test(text);
    const keys = /^\s*(nRows|nColumns|inDegrees|DataType|version)\s*=|^\s*(datacolumns|datarows)\s+\d/im.test(text);
    if (keys && (ends || hasExtension(name, EXTENSIONS))) return 'yes';
    return ends && hasExtension(name, EXTENSIONS) ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readEach(files, options, async (file) => [await readItem(file, options)]);
  },

  write(artifact, options = {}) {
    expectWritable(artifact.kind, this.writes);
    const extension = choiceOf(options.choices, 'extension', ['sto', 'mot']) === 'mot' ? '.mot' : '.sto';
    return [writeMot(artifact.payload as Signals, artifact.name, { extension, kind: artifact.kind })];
  },
};

async function readItem(file: SourceFile, _options: ReadOptions): Promise<ReadItem> {
  const table = readMotTable(await readWhole(file, MAX_TEXT_BYTES), file.name);
  const { modality, artifact, forces, flags } = meaningOf(table, clockOf(file.name), ownChannels(table));
  const { startS, rateHz, timeS } = artifact.payload as Signals;
  return {
    modality,
    artifacts: forces ? [artifact, forces] : [artifact],
    files: [file.name],
    quality: [...table.flags, ...flags],
    metadata: {
      format: 'OpenSim MOT/STO',
      rows: table.timeS.length,
      columns: table.labels.length,
      version: table.header.get('version') ?? '',
      inDegrees: table.inDegrees ?? false,
      startS,
      rateHz: Number(rateHz.toPrecision(9)),
      evenTime: timeS === undefined,
    },
  };
}

/** What a table of our own says about its columns; undefined for everyone else's, and for one that was damaged. */
function ownChannels(table: MotTable): Partial<SignalChannel>[] | undefined {
  const text = table.header.get('msdtchannels');
  const kind = table.header.get('msdtkind');
  if (!text || table.width !== 1 || !KINDS.some((known) => known === kind)) return undefined;
  try {
    const about: unknown = JSON.parse(text);
    return Array.isArray(about) && about.length === table.labels.length
      ? about.map((one) => (typeof one === 'object' && one !== null ? one : {}))
      : undefined;
  } catch {
    return undefined;
  }
}
