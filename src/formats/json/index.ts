/**
 * JSON documents; landmarks, spine curves, tables, clinical records and patient graphs in a plain envelope; landmarks of 3D Slicer (`.mrk.json`).
 *
 * Reading: an envelope gives back its own kind, Slicer markups become `landmarks.keypoints` (`choices.kind` overrides), everything
 * else is a `document`. Writing: a document is written as it is; landmarks as Slicer markups with `choices.as` = `markups`.
 */

import type { Format } from '../../model/index.ts';
import { hasExtension, latin1, looksLikeText } from '../bytes.ts';
import { choiceOf, expectWritable, readEach } from '../report.ts';
import { ENVELOPE_FORMAT, ENVELOPE_KINDS, formatEnvelope } from './envelope.ts';
import { isFhirHead } from './fhir-head.ts';
import { isJsonldHead } from './jsonld-head.ts';
import { formatMarkups } from './markups.ts';
import { readJson } from './read.ts';
import { writeText } from './write.ts';

export { Wrong } from './checks.ts';
export { isFhirHead, R4_TYPES } from './fhir-head.ts';
export { graphFrom } from './graph.ts';
export { GRAPH_TERMS, isJsonldHead } from './jsonld-head.ts';
export { parseJson } from './read.ts';

/** The JSON format. */
export const json: Format = {
  id: 'json',
  title: 'JSON',
  extensions: ['.json', '.mrk.json'],
  mediaType: 'application/json',
  reads: ['document', ...ENVELOPE_KINDS],
  writes: ['document', ...ENVELOPE_KINDS],

  sniff(head, name) {
    const text = latin1(head).replace(/^\xef\xbb\xbf/, '');
    if (!looksLikeText(head) || !/^\s*[[{]/.test(text) || isFhirHead(text) || isJsonldHead(text)) return 'no';
    if (text.includes(ENVELOPE_FORMAT) || text.includes('markups-schema')) return 'yes';
    return hasExtension(name, ['.json']) && /^\s*(\{\s*("|\}|$)|\[\s*([[{"\d\-\]tfn]|$))/.test(text) ? 'yes' : 'maybe';
  },

  read(files, options = {}) {
    return readEach(files, options, async (file) => [await readJson(file, options)]);
  },

  write(artifact, options = {}) {
    expectWritable(artifact.kind, this.writes);
    const { kind, payload, name } = artifact;
    const markups = choiceOf(options.choices, 'as', ['markups', 'envelope']) === 'markups';
    if (kind === 'document') return [writeText(payload, name, '.json')];
    if (markups && (kind === 'landmarks.vertebra' || kind === 'landmarks.keypoints'))
      return [writeText(formatMarkups(payload, name), name, '.mrk.json')];
    return [writeText(formatEnvelope(kind, payload, name), name, '.json')];
  },
};
