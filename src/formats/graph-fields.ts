/** Fields of patient graphs as files hold them, in the order they are written in. */

/** What a field holds. */
export type FieldType = 'text' | 'number' | 'truth';

/** Fields of a node but for `id`, `kind`, `name`, `value` and `codes`. */
export const NODE_FIELDS = {
  unit: 'text',
  yesNo: 'truth',
  sd: 'number',
  low: 'number',
  high: 'number',
  time: 'text',
  level: 'text',
  side: 'text',
  modality: 'text',
  contribution: 'number',
  contributionSd: 'number',
  observed: 'truth',
  held: 'truth',
  source: 'text',
} as const satisfies Record<string, FieldType>;

/** Fields of an edge but for its ends and its type. */
export const EDGE_FIELDS = { weight: 'number', sd: 'number' } as const satisfies Record<string, FieldType>;

/** Most nodes and edges of a file. */
export const MAX_GRAPH_PARTS = 1_000_000;

/** Fields in the order they are listed, so that the same graph makes the same bytes. */
export function pickedFields(from: object, fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.keys(fields).map((key) => [key, (from as Record<string, unknown>)[key]]));
}
