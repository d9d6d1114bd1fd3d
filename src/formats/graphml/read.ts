/** Reads patient graphs out of GraphML. */

import type { ReadItem, SourceFile } from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { fileError, MAX_TEXT_BYTES, stemOf } from '../bytes.ts';
import { MAX_GRAPH_PARTS } from '../graph-fields.ts';
import { graphFrom, Wrong } from '../json/index.ts';
import { unescapeXml } from '../label-table.ts';
import { tagsOf, type XmlTag } from '../xml-tags.ts';
import { GRAPHML_KEYS, idOf } from './keys.ts';

type Fields = Record<string, unknown>;

/**
 * Reads a graph that our writer made; keys may be in any order and of any id, their names count.
 * @throws MsdtError `file.malformed`, `file.truncated`, `file.unsupported`
 */
export async function readGraphml(file: SourceFile): Promise<ReadItem> {
  const bytes = await readWhole(file, MAX_TEXT_BYTES);
  const payload = graphOf(bytes, file.name);
  return {
    modality: 'document',
    artifacts: [{ kind: 'graph.patient', payload, name: stemOf(file.name, ['.graphml']) }],
    files: [file.name],
    synthetic: payload.synthetic,
    quality: [],
    metadata: { format: 'GraphML' },
  };
}

function graphOf(bytes: Uint8Array, file: string) {
  const parts = collect(bytes, file);
  if (parts.graph.schemaVersion === undefined) {
    throw fileError('file.unsupported', file, 'This GraphML holds no patient graph', {
      place: 'data of graph',
      detail: 'its graph has no schemaVersion, twin and index date',
      hint: 'Give the file that msdt wrote, or the patient graph as JSON.',
    });
  }
  try {
    return graphFrom({ ...parts.graph, nodes: parts.nodes, edges: parts.edges });
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    const [place] = error.message.split(':');
    throw malformed(file, place.replace('payload.', ''), error.message);
  }
}

interface Parts {
  graph: Fields;
  nodes: Fields[];
  edges: Fields[];
}

/** Walks the tags once; text counts inside `data` alone. */
function collect(bytes: Uint8Array, file: string): Parts {
  const parts: Parts = { graph: {}, nodes: [], edges: [] };
  const keys = new Map<string, string>();
  let owner: Fields | undefined;
  let data: { key: string; from: number } | undefined;
  let closed = false;
  for (const tag of tagsOf(bytes, file)) {
    const { name, kind } = tag;
    if (data && !(name === 'data' && kind === 'close'))
      throw malformed(file, `byte ${tag.start}`, `<${name}> inside of data`);
    if (name === 'graphml' && kind === 'close') closed = true;
    else if (name === 'key' && kind !== 'close')
      keys.set(attribute(tag, 'id', file), attribute(tag, 'attr.name', file));
    else if (name === 'graph') owner = kind === 'open' ? parts.graph : undefined;
    else if (name === 'node' || name === 'edge') {
      owner = kind === 'close' ? parts.graph : begun(tag, parts, file);
      if (kind === 'empty') owner = parts.graph;
    } else if (name === 'data' && kind === 'open') data = { key: attribute(tag, 'key', file), from: tag.end };
    else if (name === 'data' && kind === 'close' && data) {
      const field = keys.get(data.key);
      if (field === undefined) throw malformed(file, `byte ${data.from}`, `key "${data.key}" is not declared`);
      if (owner) take(owner, field, textOf(bytes.subarray(data.from, tag.start)));
      data = undefined;
    }
  }
  if (closed) return parts;
  throw fileError('file.truncated', file, 'The file ends too early', {
    place: `byte ${bytes.length}`,
    detail: 'the closing tag of graphml is missing',
    hint: 'Copy or export the file again; the last transfer was probably cut short.',
  });
}

function begun(tag: XmlTag, { nodes, edges }: Parts, file: string): Fields {
  const node = tag.name === 'node';
  const made: Fields = node
    ? { id: idOf(attribute(tag, 'id', file)) }
    : { from: idOf(attribute(tag, 'source', file)), to: idOf(attribute(tag, 'target', file)) };
  const list = node ? nodes : edges;
  if (list.push(made) > MAX_GRAPH_PARTS) throw malformed(file, `byte ${tag.start}`, 'too many nodes or edges');
  return made;
}

const TYPES = new Map(GRAPHML_KEYS.map(({ name, type }) => [name, type]));

/** A field under its name and of its type; a number that is none stays a text and is refused with its path. */
function take(owner: Fields, field: string, text: string): void {
  const type = TYPES.get(field);
  if (field === 'valueText') owner.value = text;
  else if (field === 'codes') {
    owner.codes = text.split('\n').map((line) => {
      const [system, code, display] = line.split('|');
      return { system, code, ...(display !== undefined && { display }) };
    });
  } else if (type === 'boolean') owner[field] = text === 'true' ? true : text === 'false' ? false : text;
  else if (type === 'double' || type === 'int')
    owner[field] = text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  else owner[field] = text;
}

function textOf(bytes: Uint8Array): string {
  return unescapeXml(new TextDecoder().decode(bytes));
}

function attribute({ attributes, start, name }: XmlTag, key: string, file: string): string {
  const value = attributes.get(key);
  if (value === undefined) throw malformed(file, `byte ${start}`, `<${name}> has no ${key}`);
  return value;
}

function malformed(file: string, place: string, detail: string) {
  return fileError('file.malformed', file, 'The GraphML is not right', {
    place,
    detail,
    hint: 'It was edited by hand or damaged: export it again.',
  });
}
