/** The context of our JSON-LD, and node ids as IRIs. */

import { GRAPH_EDGE_TYPES, GRAPH_NODE_KINDS } from '../../model/index.ts';
import { GRAPH_TERMS } from '../json/index.ts';

/** Prefix of the nodes of one graph. */
const NODE_PREFIX = 'n:';

/** Classes of schema.org that mean what a kind of node means. */
const SCHEMA_CLASS: Readonly<Record<string, string>> = {
  patient: 'schema:Patient',
  region: 'schema:AnatomicalStructure',
  vertebra: 'schema:AnatomicalStructure',
  disc: 'schema:AnatomicalStructure',
};

/** The context; the vocabulary stands first, it is what the file is told by. */
export function contextOf(twin: string): Record<string, unknown> {
  const link = { '@type': '@id' };
  return {
    '@version': 1.1,
    '@vocab': GRAPH_TERMS,
    schema: 'https://schema.org/',
    n: { '@id': `${graphIri(twin)}#`, '@prefix': true },
    name: 'schema:name',
    codes: { '@id': 'schema:code', '@container': '@set' },
    system: 'schema:codingSystem',
    code: 'schema:codeValue',
    nodes: { '@container': '@list' },
    edges: { '@container': '@list' },
    from: link,
    to: link,
    ...Object.fromEntries(GRAPH_EDGE_TYPES.map((type) => [type, { ...link, '@container': '@set' }])),
  };
}

/** Address of the graph of a twin. */
export function graphIri(twin: string): string {
  return `urn:msdt:twin:${encodeURIComponent(twin)}`;
}

/** Classes of a node: our own, and schema.org's where it has the very same. */
export function classesOf(kind: string): string | string[] {
  const own = CLASS_OF.get(kind) as string;
  return SCHEMA_CLASS[kind] ? [own, SCHEMA_CLASS[kind]] : own;
}

const CLASS_OF = new Map(GRAPH_NODE_KINDS.map((kind) => [kind as string, kind[0].toUpperCase() + kind.slice(1)]));

/** Kind of a node from its classes; undefined where none is ours. */
export function kindOf(classes: unknown): string | undefined {
  const all = Array.isArray(classes) ? classes : [classes];
  return GRAPH_NODE_KINDS.find((kind) => all.includes(CLASS_OF.get(kind)));
}

/** Id of a node as a compact IRI. */
export function compactIri(id: string): string {
  return NODE_PREFIX + encodeURIComponent(id.toWellFormed()).replaceAll('%3A', ':').replaceAll('%2F', '/');
}

/** Id of a node from its compact IRI; undefined where it is none. */
export function idOfIri(iri: unknown): string | undefined {
  if (typeof iri !== 'string' || !iri.startsWith(NODE_PREFIX)) return undefined;
  try {
    return decodeURIComponent(iri.slice(NODE_PREFIX.length));
  } catch {
    return undefined;
  }
}
