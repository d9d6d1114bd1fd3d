/** Reads patient graphs out of our JSON-LD. */

import type { ReadItem, SourceFile } from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { fileError, MAX_TEXT_BYTES, stemOf } from '../bytes.ts';
import { graphFrom, isJsonldHead, parseJson, Wrong } from '../json/index.ts';
import { idOfIri, kindOf } from './context.ts';

type Fields = Record<string, unknown>;

/**
 * Reads a graph in the compact form our writer gives it.
 * @throws MsdtError `file.malformed`, `file.truncated`, `file.unsupported`
 */
export async function readJsonld(file: SourceFile): Promise<ReadItem> {
  const bytes = await readWhole(file, MAX_TEXT_BYTES);
  const json = parseJson(bytes, file.name);
  if (!isFields(json) || !isJsonldHead(JSON.stringify(json))) {
    throw fileError('file.unsupported', file.name, 'This JSON-LD holds no patient graph', {
      place: '@context',
      detail: 'its context is not the one msdt writes',
      hint: 'Give the file as msdt wrote it; a processor that expands or frames it changes its form.',
    });
  }
  try {
    const payload = graphFrom({ ...json, nodes: each(json.nodes, nodeFrom), edges: each(json.edges, edgeFrom) });
    return {
      modality: 'document',
      artifacts: [{ kind: 'graph.patient', payload, name: stemOf(file.name, ['.jsonld']) }],
      files: [file.name],
      synthetic: payload.synthetic,
      quality: [],
      metadata: { format: 'JSON-LD' },
    };
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    const [place] = error.message.split(':');
    throw fileError('file.malformed', file.name, 'The patient graph is not right', {
      place: place.replace('payload.', ''),
      detail: error.message,
      hint: 'It was edited by hand or damaged: export it again.',
    });
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is no list of objects goes on as it is, to be refused with its path. */
function each(list: unknown, one: (entry: Fields) => Fields): unknown {
  return Array.isArray(list) ? list.map((entry) => (isFields(entry) ? one(entry) : entry)) : list;
}

function nodeFrom(json: Fields): Fields {
  return { ...json, id: idOfIri(json['@id']), kind: kindOf(json['@type']) };
}

function edgeFrom(json: Fields): Fields {
  return { ...json, from: idOfIri(json.from), to: idOfIri(json.to) };
}
