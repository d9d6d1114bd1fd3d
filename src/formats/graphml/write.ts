/** Writes patient graphs as GraphML with typed keys, valid against its schema. */

import type { GraphEdge, GraphNode, PatientGraph, WrittenFile } from '../../model/index.ts';
import { fileNameOf, utf8 } from '../bytes.ts';
import { EDGE_FIELDS, NODE_FIELDS, pickedFields } from '../graph-fields.ts';
import { GRAPHML_KEYS, tokenOf } from './keys.ts';

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">`;

/** The file. Control characters, which XML cannot hold, become U+FFFD. */
export function writeGraphml(graph: PatientGraph, name: string): WrittenFile {
  const { twin, indexDate, schemaVersion, synthetic } = graph;
  const text = [
    HEAD,
    ...(synthetic ? ['<!-- SYNTHETIC: generated data -->'] : []),
    ...GRAPHML_KEYS.map(
      (key) => `<key id="${key.id}" for="${key.owner}" attr.name="${key.name}" attr.type="${key.type}"/>`,
    ),
    '<graph id="patient-graph" edgedefault="directed">',
    ...dataOf('graph', { schemaVersion, twin, indexDate, synthetic }),
    ...graph.nodes.map(nodeText),
    ...graph.edges.map(edgeText),
    '</graph>',
    '</graphml>',
    '',
  ].join('\n');
  return { name: `${fileNameOf(name)}.graphml`, bytes: utf8(text), mediaType: 'application/graphml+xml' };
}

function nodeText(node: GraphNode): string {
  const { id, kind, name, value, codes } = node;
  const about = { kind, name, ...(typeof value === 'string' ? { valueText: value } : { value }) };
  const listed = codes?.map(({ system, code, display }) => [system, code, display].filter(Boolean).join('|'));
  const data = dataOf('node', { ...about, ...pickedFields(node, NODE_FIELDS), codes: listed?.join('\n') });
  return `<node id="${tokenOf(id)}">${data.join('')}</node>`;
}

function edgeText(edge: GraphEdge, at: number): string {
  const data = dataOf('edge', { type: edge.type, ...pickedFields(edge, EDGE_FIELDS) });
  return `<edge id="e${at}" source="${tokenOf(edge.from)}" target="${tokenOf(edge.to)}">${data.join('')}</edge>`;
}

function dataOf(owner: string, fields: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) => `<data key="${owner}.${name}">${escaped(Object.is(value, -0) ? '-0' : String(value))}</data>`,
    );
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[&<>\r]/g, (found) => ESCAPES[found])
    .replace(FORBIDDEN, '\ufffd');
}

const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
