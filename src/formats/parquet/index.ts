/**
 * Parquet, for tables and recordings that pandas, DuckDB and R open as they are; units and definitions ride in the file's
 * metadata.
 *
 * Recordings that a twin wrote are read again; tables are not: CSV and JSON come in, Parquet goes out.
 */

import type { Format, Table } from '../../model/index.ts';
import { hasExtension, latin1 } from '../bytes.ts';
import { expectWritable, readEach } from '../report.ts';
import { isMotionKind, MOTION_KINDS, type MotionKind, readMotionParquet, writeMotionParquet } from './motion.ts';
import { writeParquet } from './write.ts';

export {
  isMotionKind,
  MOTION_KINDS,
  type MotionAbout,
  type MotionFile,
  type MotionKind,
  readMotionParquet,
  writeMotionParquet,
} from './motion.ts';

/** The Parquet format. */
export const parquet: Format = {
  id: 'parquet',
  title: 'Parquet',
  extensions: ['.parquet'],
  mediaType: 'application/vnd.apache.parquet',
  reads: [...MOTION_KINDS],
  writes: ['table.record', 'table.landmarks2d', 'table.matrix', ...MOTION_KINDS],

  sniff(head, name) {
    if (latin1(head, 0, 4) !== 'PAR1') return 'no';
    return hasExtension(name, ['.parquet']) || head.length >= 8 ? 'yes' : 'maybe';
  },

  read(files, options = {}) {
    return readEach(files, options, async (file) => {
      const { kind, name, payload, synthetic, takenAt, protocol } = await readMotionParquet(
        await file.read(),
        file.name,
      );
      return [
        {
          modality: modalityOf(kind),
          artifacts: [{ kind, name, payload }],
          files: [file.name],
          quality: [],
          metadata: {},
          ...(synthetic && { synthetic }),
          ...(takenAt && { takenAt }),
          ...(protocol && { protocol }),
        },
      ];
    });
  },

  write(artifact) {
    const { kind } = artifact;
    expectWritable(kind, this.writes);
    if (isMotionKind(kind)) return [writeMotionParquet(artifact as Parameters<typeof writeMotionParquet>[0])];
    return [writeParquet(artifact.payload as Table, artifact.name)];
  },
};

/** Which modality a recording is, when the file is all that is known of it. */
function modalityOf(kind: MotionKind): string {
  if (kind === 'signal.emg') return 'emg';
  if (kind === 'signal.force') return 'force';
  if (kind === 'signal.imu' || kind === 'signal.orientation') return 'imu';
  return kind === 'sequence.mesh' || kind === 'sequence.cloud' || kind === 'sequence.depth' ? 'video3d' : 'motion';
}
