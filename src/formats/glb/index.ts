/**
 * GLB (binary glTF 2.0). Written with a root node that maps LPS mm to glTF's Y-up metres, read back bit for bit.
 *
 * Reading: Y up, +Z the front, metres, unless `choices.frame` = `LPS` or `RAS` and `choices.unit` say otherwise.
 * Numbered files of one name are the frames of a moving surface; see `choices.sequence` and `choices.rateHz` of `readFrames`.
 */

import { type Format, MESH_KINDS, type Mesh } from '../../model/index.ts';
import { latin1 } from '../bytes.ts';
import { readFrames } from '../recording/index.ts';
import { expectWritable } from '../report.ts';
import { readGlb } from './read.ts';
import { writeGlb } from './write.ts';

/** The GLB format. */
export const glb: Format = {
  id: 'glb',
  title: 'GLB (glTF)',
  extensions: ['.glb'],
  mediaType: 'model/gltf-binary',
  reads: ['mesh.other', 'sequence.mesh'],
  writes: [...MESH_KINDS],

  sniff(head) {
    return latin1(head, 0, 4) === 'glTF' ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readFrames(files, options, async (file) => [await readGlb(file, options)], '+z');
  },

  write(artifact) {
    expectWritable(artifact.kind, this.writes);
    return [writeGlb(artifact.payload as Mesh, artifact.name, artifact.kind)];
  },
};
