/**
 * GraphML: patient graphs, for Gephi, yEd, Cytoscape, NetworkX and igraph. Read back where we wrote it.
 *
 * Ids are XML name tokens as the schema asks: characters that a token cannot hold are written `_x002F_`.
 */

import type { Format } from '../../model/index.ts';
import { latin1 } from '../bytes.ts';
import { expectWritable, readEach } from '../report.ts';
import { readGraphml } from './read.ts';
import { writeGraphml } from './write.ts';

export { writeGraphml };

/** The GraphML format. */
export const graphml: Format = {
  id: 'graphml',
  title: 'GraphML',
  extensions: ['.graphml'],
  mediaType: 'application/graphml+xml',
  reads: ['graph.patient'],
  writes: ['graph.patient'],

  sniff(head) {
    return /^(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*<graphml[\s>]/.test(latin1(head)) ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readEach(files, options, async (file) => [await readGraphml(file)]);
  },

  write({ kind, payload, name }) {
    expectWritable(kind, this.writes);
    return [writeGraphml(payload as Parameters<typeof writeGraphml>[0], name)];
  },
};
