/**
 * STL surfaces, binary and text. LPS unless the header says `SPACE=RAS`.
 *
 * Reading: `choices.frame` = `LPS` or `RAS`, `choices.unit` = `mm`, `cm`, `m`, `um` or `in`.
 * Writing: `choices.encoding` = `binary` (default) or `ascii`.
 * Numbered files of one name are the frames of a moving surface; see `choices.sequence` and `choices.rateHz` of `readFrames`.
 */

import { type Format, MESH_KINDS, type Mesh } from '../../model/index.ts';
import { hasExtension, latin1, looksLikeText } from '../bytes.ts';
import { readFrames } from '../recording/index.ts';
import { choiceOf, expectWritable } from '../report.ts';
import { readStl } from './read.ts';
import { writeStl } from './write.ts';

/** The STL format. */
export const stl: Format = {
  id: 'stl',
  title: 'STL',
  extensions: ['.stl'],
  mediaType: 'model/stl',
  reads: ['mesh.other', 'sequence.mesh'],
  writes: [...MESH_KINDS],

  sniff(head, name) {
    if (looksLikeText(head)) {
      const text = latin1(head);
      return /^\s*solid\b/i.test(text) && /\b(facet|endsolid)\b/i.test(text) ? 'yes' : 'no';
    }
    if (head.length < 84) return 'no';
    const named = hasExtension(name, ['.stl']);
    if (!plausibleFacets(head)) return 'no';
    return named ? 'yes' : 'maybe';
  },

  read(files, options = {}) {
    return readFrames(files, options, async (file) => [await readStl(file, options)]);
  },

  write(artifact, options = {}) {
    expectWritable(artifact.kind, this.writes);
    const text = choiceOf(options.choices, 'encoding', ['binary', 'ascii']) === 'ascii';
    return [writeStl(artifact.payload as Mesh, artifact.name, text)];
  },
};

/** Binary STL has no mark: unit or zero normals and finite corners of a sane size must do. */
function plausibleFacets(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const count = view.getUint32(80, true);
  if (count === 0) return false;
  const facets = Math.min(count, Math.floor((head.length - 84) / 50));
  for (let facet = 0; facet < facets; facet++) {
    const values = Array.from({ length: 12 }, (_, index) => view.getFloat32(84 + 50 * facet + 4 * index, true));
    if (!values.every((value) => Math.abs(value) < 1e7)) return false;
    const length = Math.hypot(values[0], values[1], values[2]);
    if (length > 0.01 && Math.abs(length - 1) > 0.05) return false;
    if (values.slice(3).some((value) => value !== 0 && Math.abs(value) < 1e-20)) return false;
  }
  return facets > 0;
}
