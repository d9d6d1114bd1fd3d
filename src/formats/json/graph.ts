/** A patient graph out of its envelope, every field checked. */

import {
  type Coding,
  GRAPH_EDGE_TYPES,
  GRAPH_NODE_KINDS,
  type GraphEdge,
  type GraphNode,
  type PatientGraph,
} from '../../model/index.ts';
import { EDGE_FIELDS, type FieldType, NODE_FIELDS } from '../graph-fields.ts';
import { type Json, listAt, numberAt, objectAt, textAt, Wrong } from './checks.ts';

/**
 * A patient graph.
 * @param json - payload of the envelope
 * @throws Wrong the path of the first thing that is not right: also a node twice, an edge into nothing
 */
export function graphFrom(json: Json): PatientGraph {
  if (json.schemaVersion !== 1) throw new Wrong(`payload.schemaVersion: ${String(json.schemaVersion)} is not 1`);
  const nodes = listAt(json.nodes, 'payload.nodes').map((entry, at) => nodeFrom(entry, `payload.nodes[${at}]`));
  const ids = new Set<string>();
  for (const [at, { id }] of nodes.entries()) {
    if (ids.has(id)) throw new Wrong(`payload.nodes[${at}].id: "${id}" is there twice`);
    ids.add(id);
  }
  return {
    schemaVersion: 1,
    twin: textAt(json.twin, 'payload.twin'),
    indexDate: textAt(json.indexDate, 'payload.indexDate'),
    nodes,
    edges: listAt(json.edges, 'payload.edges').map((entry, at) => edgeFrom(entry, `payload.edges[${at}]`, ids)),
    synthetic: json.synthetic === true,
  };
}

function nodeFrom(entry: unknown, path: string): GraphNode {
  const json = objectAt(entry, path);
  const kind = GRAPH_NODE_KINDS.find((known) => known === json.kind);
  if (!kind) throw new Wrong(`${path}.kind: "${String(json.kind)}" is no kind of node`);
  const { value, codes } = json;
  return {
    id: textAt(json.id, `${path}.id`),
    kind,
    name: textAt(json.name, `${path}.name`),
    ...(value !== undefined && { value: typeof value === 'string' ? value : numberAt(value, `${path}.value`) }),
    ...fieldsFrom(json, NODE_FIELDS, path),
    ...(codes !== undefined && { codes: codesFrom(codes, `${path}.codes`) }),
  };
}

function edgeFrom(entry: unknown, path: string, ids: ReadonlySet<string>): GraphEdge {
  const json = objectAt(entry, path);
  const type = GRAPH_EDGE_TYPES.find((known) => known === json.type);
  if (!type) throw new Wrong(`${path}.type: "${String(json.type)}" is no kind of edge`);
  const end = (key: 'from' | 'to'): string => {
    const id = textAt(json[key], `${path}.${key}`);
    if (!ids.has(id)) throw new Wrong(`${path}.${key}: there is no node "${id}"`);
    return id;
  };
  return { from: end('from'), to: end('to'), type, ...fieldsFrom(json, EDGE_FIELDS, path) };
}

function fieldsFrom(json: Json, fields: Readonly<Record<string, FieldType>>, path: string): object {
  const found: Json = {};
  for (const [key, type] of Object.entries(fields)) {
    const value = json[key];
    if (value === undefined) continue;
    const at = `${path}.${key}`;
    if (type === 'truth' && typeof value !== 'boolean') throw new Wrong(`${at}: true or false is needed`);
    found[key] = type === 'number' ? numberAt(value, at) : type === 'text' ? textAt(value, at) : value;
  }
  return found;
}

function codesFrom(value: unknown, path: string): Coding[] {
  return listAt(value, path).map((entry, at) => {
    const json = objectAt(entry, `${path}[${at}]`);
    const coding = {
      system: textAt(json.system, `${path}[${at}].system`),
      code: textAt(json.code, `${path}[${at}].code`),
    };
    return json.display === undefined ? coding : { ...coding, display: textAt(json.display, `${path}[${at}].display`) };
  });
}
