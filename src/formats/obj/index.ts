/**
 * Wavefront OBJ surfaces (`.obj`, `.obj.gz`). LPS unless a comment says `SPACE=RAS`; a unit in a comment is honoured.
 *
 * Reading: `choices.frame` = `LPS` or `RAS`, `choices.unit` = `mm`, `cm`, `m`, `um` or `in`.
 * Numbered files of one name are the frames of a moving surface; see `choices.sequence` and `choices.rateHz` of `readFrames`.
 */

import { type Format, MESH_KINDS, type Mesh } from '../../model/index.ts';
import { hasExtension, latin1, looksLikeText } from '../bytes.ts';
import { inflateGzip, isGzip } from '../inflate.ts';
import { readFrames } from '../recording/index.ts';
import { expectWritable } from '../report.ts';
import { readObj } from './read.ts';
import { writeObj } from './write.ts';

const EXTENSIONS = ['.obj', '.obj.gz'] as const;

/** The OBJ format. */
export const obj: Format = {
  id: 'obj',
  title: 'Wavefront OBJ',
  extensions: EXTENSIONS,
  mediaType: 'model/obj',
  reads: ['mesh.other', 'sequence.mesh'],
  writes: [...MESH_KINDS],

  sniff(head, name) {
    const named = hasExtension(name, EXTENSIONS);
    const zipped = isGzip(head);
    if (zipped && !named) return 'no';
    const start = zipped ? inflateGzip(head, { file: name, limit: 1024, partial: true }) : head;
    if (!looksLikeText(start)) return 'no';
    const lines = latin1(start).split(/\r?\n/);
    // the last line may be cut
    const known = lines.slice(0, -1).filter((line) => line.trim() !== '');
    const statement = /^\s*(v|vn|vt|vp|f|l|o|g|s|usemtl|mtllib|#)(\s|$)/;
    if (known.length > 0 && !known.every((line) => statement.test(line) || /^\s*#/.test(line))) return 'no';
    if (known.some((line) => /^\s*v\s+[-+.\d]/.test(line))) return 'yes';
    return named ? 'maybe' : 'no';
  },

  read(files, options = {}) {
    return readFrames(files, options, async (file) => [await readObj(file, options)]);
  },

  write(artifact) {
    expectWritable(artifact.kind, this.writes);
    return [writeObj(artifact.payload as Mesh, artifact.name)];
  },
};
