/**
 * VTP (VTK XML PolyData): surfaces, and spine curves of our own. LPS unless the field `SPACE` says RAS.
 *
 * Reading: `choices.frame` = `LPS` or `RAS`, `choices.unit` = `mm`, `cm`, `m`, `um` or `in`.
 * Writing: `choices.encoding` = `base64` (default), `ascii` or `appended`; `choices.compress` = `zlib` or `none` (default).
 */

import { type Format, MESH_KINDS, type Mesh, type SpineCurve } from '../../model/index.ts';
import { latin1 } from '../bytes.ts';
import { choiceOf, expectWritable, readEach } from '../report.ts';
import { readVtp } from './read.ts';
import { writeCurveVtp, writeMeshVtp } from './write.ts';

/** The VTP format. */
export const vtp: Format = {
  id: 'vtp',
  title: 'VTK PolyData',
  extensions: ['.vtp'],
  mediaType: 'model/vnd.vtk.polydata',
  reads: ['mesh.other', 'curve.spine'],
  writes: [...MESH_KINDS, 'curve.spine'],

  sniff(head) {
    return /^\s*(<\?xml[^>]*>\s*)?<VTKFile\b[^>]*type\s*=\s*["']PolyData/.test(latin1(head)) ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readEach(files, options, async (file) => [await readVtp(file, options)]);
  },

  write(artifact, options = {}) {
    expectWritable(artifact.kind, this.writes);
    const { choices } = options;
    const encoding = choiceOf(choices, 'encoding', ['base64', 'ascii', 'appended']) ?? 'base64';
    const compress = choiceOf(choices, 'compress', ['zlib', 'none']) === 'zlib';
    if (artifact.kind === 'curve.spine')
      return [writeCurveVtp(artifact.payload as SpineCurve, artifact.name, { encoding, compress })];
    return [writeMeshVtp(artifact.payload as Mesh, artifact.name, { encoding, compress })];
  },
};
