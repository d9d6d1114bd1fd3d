/** Keys of our GraphML: name, type and what they belong to; and ids as XML name tokens. */

import { EDGE_FIELDS, type FieldType, NODE_FIELDS } from '../graph-fields.ts';

/** A key as it is declared at the head of the file. */
export interface GraphmlKey {
  id: string;
  owner: 'graph' | 'node' | 'edge';
  name: string;
  type: 'string' | 'double' | 'boolean' | 'int';
}

const TYPE: Readonly<Record<FieldType, GraphmlKey['type']>> = { text: 'string', number: 'double', truth: 'boolean' };

function keysOf(owner: GraphmlKey['owner'], fields: Readonly<Record<string, FieldType>>): GraphmlKey[] {
  return Object.entries(fields).map(([name, type]) => ({ id: `${owner}.${name}`, owner, name, type: TYPE[type] }));
}

/**
 * Every key. A value is a number or a text, and so two keys; codes of one node are one text, `system|code|display` a line.
 */
export const GRAPHML_KEYS: readonly GraphmlKey[] = [
  { id: 'graph.schemaVersion', owner: 'graph', name: 'schemaVersion', type: 'int' },
  ...keysOf('graph', { twin: 'text', indexDate: 'text', synthetic: 'truth' }),
  ...keysOf('node', { kind: 'text', name: 'text', value: 'number', valueText: 'text' }),
  ...keysOf('node', NODE_FIELDS),
  ...keysOf('node', { codes: 'text' }),
  ...keysOf('edge', { type: 'text', ...EDGE_FIELDS }),
];

/**
 * An id as an XML name token.
 * @example tokenOf('feature:twin/7') // 'feature:twin_x002F_7'
 */
export function tokenOf(id: string): string {
  return id.replace(/_x(?=[0-9A-F]{4}_)|[^A-Za-z0-9._:-]/g, (found) => `_x${hex(found)}_${found.slice(1)}`);
}

/**
 * An id back from its token.
 * @example idOf('feature:twin_x002F_7') // 'feature:twin/7'
 */
export function idOf(token: string): string {
  return token.replace(/_x([0-9A-F]{4})_/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
}
