/** Recordings as tables, for programs that read nothing but text. */

import { csv, isMotionKind } from '../../formats/index.ts';
import {
  type ArtifactDraft,
  frameCount,
  type PointSequence,
  type Signals,
  sampleCount,
  sampleTimeS,
  type Table,
  type TableColumn,
  type TimeBase,
  type WrittenFile,
} from '../../model/index.ts';

/** Recordings of more values than this are left to Parquet: as text they would take gigabytes. */
const MAX_VALUES = 5_000_000;

/** A recording as CSV, one row a sample with its time; nothing for other artifacts and for very long ones. */
export async function recordingText(draft: ArtifactDraft): Promise<WrittenFile[]> {
  const table = tableOf(draft);
  if (!table) return [];
  const [file] = (await csv.write?.({ kind: 'table.record', payload: table, name: 'recording' })) ?? [];
  return file ? [file] : [];
}

function tableOf({ kind, payload }: ArtifactDraft): Table | undefined {
  if (!isMotionKind(kind)) return undefined;
  if (kind.startsWith('signal.')) return signalTable(payload as Signals);
  if (kind === 'sequence.markers' || kind === 'sequence.skeleton') return pointTable(payload as PointSequence);
  return undefined;
}

function signalTable(signals: Signals): Table | undefined {
  const count = sampleCount(signals);
  if (count * signals.channels.length > MAX_VALUES) return undefined;
  const columns = signals.channels.map(({ name, unit, values }) => ({ name, unit, values: plainValues(values) }));
  return { columns: [timeColumn(signals, count), ...columns] };
}

function pointTable(sequence: PointSequence): Table | undefined {
  const frames = frameCount(sequence);
  const { names, positions } = sequence;
  if (positions.length > MAX_VALUES) return undefined;
  const columns = names.flatMap((name, point) =>
    (['x', 'y', 'z'] as const).map((axis, at): TableColumn => {
      const values = Float64Array.from(
        { length: frames },
        (_, frame) => positions[3 * (frame * names.length + point) + at],
      );
      return { name: `${name}_${axis}`, unit: 'mm', values: plainValues(values, positions instanceof Float32Array) };
    }),
  );
  return { columns: [timeColumn(sequence, frames), ...columns] };
}

function timeColumn(base: TimeBase, count: number): TableColumn {
  const values = Array.from({ length: count }, (_, index) => Number(sampleTimeS(base, index).toPrecision(15)));
  return { name: 'time_s', unit: 's', values };
}

/** Numbers with the digits they have; gaps stay empty. */
function plainValues(values: Float32Array | Float64Array, single = values instanceof Float32Array): (number | null)[] {
  return Array.from(values, (value) => {
    if (Number.isNaN(value)) return null;
    return single ? Number(value.toPrecision(9)) : value;
  });
}
