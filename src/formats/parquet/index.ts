/**
 * Parquet, for writing tables that pandas, DuckDB and R open as they are; units and definitions ride in the file's metadata.
 *
 * It is not read: CSV and JSON come in, Parquet goes out.
 */

import type { Format, Table } from '../../model/index.ts';
import { fileError, hasExtension, latin1 } from '../bytes.ts';
import { expectWritable, readEach } from '../report.ts';
import { writeParquet } from './write.ts';

/** The Parquet format. */
export const parquet: Format = {
  id: 'parquet',
  title: 'Parquet',
  extensions: ['.parquet'],
  mediaType: 'application/vnd.apache.parquet',
  reads: [],
  writes: ['table.record', 'table.landmarks2d', 'table.matrix'],

  sniff(head, name) {
    if (latin1(head, 0, 4) !== 'PAR1') return 'no';
    return hasExtension(name, ['.parquet']) || head.length >= 8 ? 'yes' : 'maybe';
  },

  read(files, options = {}) {
    return readEach(files, options, async (file) => {
      throw fileError('file.unsupported', file.name, 'Parquet files are written but not read', {
        place: 'whole file',
        hint: 'Save the table as CSV.',
      });
    });
  },

  write(artifact) {
    expectWritable(artifact.kind, this.writes);
    return [writeParquet(artifact.payload as Table, artifact.name)];
  },
};
