/** Writes patient graphs as JSON-LD. */

import type { GraphNode, PatientGraph, WrittenFile } from '../../model/index.ts';
import { fileNameOf, utf8 } from '../bytes.ts';
import { NODE_FIELDS, pickedFields } from '../graph-fields.ts';
import { classesOf, compactIri, contextOf, graphIri } from './context.ts';

/** The file. */
export function writeJsonld(graph: PatientGraph, name: string): WrittenFile {
  const { twin, indexDate, schemaVersion, synthetic } = graph;
  const statements = new Map<string, Map<string, string[]>>();
  for (const { from, to, type } of graph.edges) {
    const own = statements.get(from) ?? new Map<string, string[]>();
    const ends = own.get(type) ?? [];
    ends.push(compactIri(to));
    statements.set(from, own.set(type, ends));
  }
  const document = {
    '@context': contextOf(twin),
    '@id': graphIri(twin),
    '@type': 'PatientGraph',
    ...{ schemaVersion, twin, indexDate, synthetic },
    nodes: graph.nodes.map((node) => nodeJson(node, statements.get(node.id))),
    edges: graph.edges.map(({ from, to, type, weight, sd }) => ({
      ...{ '@type': 'Edge', from: compactIri(from), type, to: compactIri(to), weight, sd },
    })),
  };
  const text = `${JSON.stringify(document, null, 1)}\n`;
  return { name: `${fileNameOf(name)}.jsonld`, bytes: utf8(text), mediaType: 'application/ld+json' };
}

function nodeJson(node: GraphNode, statements: ReadonlyMap<string, string[]> = new Map()): object {
  const { id, kind, name, value, codes } = node;
  return {
    ...{ '@id': compactIri(id), '@type': classesOf(kind), name, value, ...pickedFields(node, NODE_FIELDS) },
    codes: codes?.map((code) => ({ '@type': 'schema:MedicalCode', ...code })),
    ...Object.fromEntries(statements),
  };
}
