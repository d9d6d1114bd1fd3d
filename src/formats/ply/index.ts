/**
 * PLY surfaces: text or binary, vertex colours, scalars of any name. LPS unless a comment says `SPACE=RAS`.
 *
 * Reading: `choices.frame` = `LPS` or `RAS`, `choices.unit` = `mm`, `cm`, `m`, `um` or `in`.
 * Writing: `choices.encoding` = `binary` (default), `big-endian` or `ascii`.
 * Numbered files of one name are the frames of a moving surface; see `choices.sequence` and `choices.rateHz` of `readFrames`.
 */

import { type Format, MESH_KINDS, type Mesh } from '../../model/index.ts';
import { latin1 } from '../bytes.ts';
import { readFrames } from '../recording/index.ts';
import { choiceOf, expectWritable } from '../report.ts';
import { readPly } from './read.ts';
import { writePly } from './write.ts';

/** The PLY format. */
export const ply: Format = {
  id: 'ply',
  title: 'PLY',
  extensions: ['.ply'],
  mediaType: 'application/x-ply',
  reads: ['mesh.other', 'sequence.mesh', 'sequence.cloud'],
  writes: [...MESH_KINDS],

  sniff(head) {
    return /^ply\s*\n/.test(latin1(head, 0, 8)) ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readFrames(files, options, async (file) => [await readPly(file, options)]);
  },

  write(artifact, options = {}) {
    expectWritable(artifact.kind, this.writes);
    const encoding = choiceOf(options.choices, 'encoding', ['binary', 'big-endian', 'ascii']) ?? 'binary';
    return [writePly(artifact.payload as Mesh, artifact.name, encoding)];
  },
};
