/**
 * JSON-LD 1.1: patient graphs as linked data, terms of our own under `urn:msdt:graph#`, names and codes in schema.org's.
 *
 * Every edge stands twice: as a statement from node to node, for queries, and in `edges` with its weight. Only what our writer made
 * is read back; other documents are left to the JSON reader.
 */

import type { Format } from '../../model/index.ts';
import { latin1, looksLikeText } from '../bytes.ts';
import { isJsonldHead } from '../json/index.ts';
import { expectWritable, readEach } from '../report.ts';
import { readJsonld } from './read.ts';
import { writeJsonld } from './write.ts';

export { writeJsonld };

/** The JSON-LD format. */
export const jsonld: Format = {
  id: 'jsonld',
  title: 'JSON-LD',
  extensions: ['.jsonld'],
  mediaType: 'application/ld+json',
  reads: ['graph.patient'],
  writes: ['graph.patient'],

  sniff(head) {
    return looksLikeText(head) && isJsonldHead(latin1(head)) ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readEach(files, options, async (file) => [await readJsonld(file)]);
  },

  write({ kind, payload, name }) {
    expectWritable(kind, this.writes);
    return [writeJsonld(payload as Parameters<typeof writeJsonld>[0], name)];
  },
};
