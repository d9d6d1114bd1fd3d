/** Questions to a patient graph as the page asks them: what is shown, what lies beside, which ways lead to the outcome. */

import type { WirePatientGraph } from '../../../../contract/index.ts';

export type GraphNode = WirePatientGraph['nodes'][number];
export type GraphEdge = WirePatientGraph['edges'][number];

export interface GraphFilter {
  /** words that name or value must hold */
  search: string;
  modality: string | undefined;
  /** `L4` takes the discs above and below too */
  level: string | undefined;
  /** features that nobody measured */
  missing: boolean;
  /** everything the twin measured, not only what the dictionary takes */
  measured: boolean;
}

export const ALL: GraphFilter = { search: '', modality: undefined, level: undefined, missing: false, measured: false };

/** A graph with its neighbourhoods at hand. */
export interface GraphIndex {
  nodes: ReadonlyMap<string, GraphNode>;
  out: ReadonlyMap<string, readonly GraphEdge[]>;
  into: ReadonlyMap<string, readonly GraphEdge[]>;
}

export function indexGraph(graph: Pick<WirePatientGraph, 'nodes' | 'edges'>): GraphIndex {
  const out = new Map<string, GraphEdge[]>();
  const into = new Map<string, GraphEdge[]>();
  const push = (map: Map<string, GraphEdge[]>, id: string, edge: GraphEdge): void => {
    const list = map.get(id);
    if (list) list.push(edge);
    else map.set(id, [edge]);
  };
  for (const edge of graph.edges) {
    push(out, edge.from, edge);
    push(into, edge.to, edge);
  }
  return { nodes: new Map(graph.nodes.map((node) => [node.id, node])), out, into };
}

/** A number that a capability measured, as it stands in the twin. */
export function isMeasurement({ id, kind }: Pick<GraphNode, 'id' | 'kind'>): boolean {
  return kind === 'feature' && id.startsWith('feature:twin/');
}

export interface Neighbour {
  node: GraphNode;
  edge: GraphEdge;
  direction: 'in' | 'out';
}

export function neighboursOf(index: GraphIndex, id: string): Neighbour[] {
  const side = (edges: readonly GraphEdge[] | undefined, direction: 'in' | 'out'): Neighbour[] =>
    (edges ?? []).flatMap((edge) => {
      const node = index.nodes.get(direction === 'in' ? edge.from : edge.to);
      return node ? [{ node, edge, direction }] : [];
    });
  return [...side(index.into.get(id), 'in'), ...side(index.out.get(id), 'out')];
}

const ONWARD: ReadonlySet<GraphEdge['type']> = new Set([
  'underwent',
  'by',
  'showed',
  'would-bring',
  'gives',
  'describes',
  'drives',
]);
const MOST_PATHS = 60;

/** Ways from a node to the outcome; the heaviest first, by what passes along their weakest weighted edge. */
export function pathsToOutcome(index: GraphIndex, from: string): GraphNode[][] {
  const found: { nodes: GraphNode[]; weight: number }[] = [];
  const walk = (nodes: readonly GraphNode[], weight: number): void => {
    const here = nodes[nodes.length - 1];
    if (here.kind === 'outcome') {
      if (nodes.length > 1) found.push({ nodes: [...nodes], weight });
      return;
    }
    for (const edge of index.out.get(here.id) ?? []) {
      if (found.length >= MOST_PATHS) return;
      const next = index.nodes.get(edge.to);
      // where an exam is said to be of a modality, what the modality would bring is not what the exam showed
      if (!next || !ONWARD.has(edge.type) || (edge.type === 'by' && here.kind === 'exam') || nodes.includes(next))
        continue;
      walk([...nodes, next], edge.weight === undefined ? weight : Math.min(weight, Math.abs(edge.weight)));
    }
  };
  const start = index.nodes.get(from);
  if (start) walk([start], Number.POSITIVE_INFINITY);
  return found.sort((a, b) => b.weight - a.weight).map(({ nodes }) => nodes);
}

/** True where a level is asked for and a node lies there: `L4` takes `L4`, `L3-L4` and `L4-L5`. */
export function atLevel(level: string | undefined, asked: string): boolean {
  if (!level) return false;
  return level === asked || (!asked.includes('-') && level.split('-').includes(asked));
}

const BODY: ReadonlySet<GraphNode['kind']> = new Set(['vertebra', 'disc', 'region']);

/** Nodes that a filter leaves: features first, then what they hang on. */
export function shownNodes(index: GraphIndex, filter: GraphFilter): Set<string> {
  const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = (node: GraphNode): boolean => {
    const text =
      `${node.name} ${node.id.replace(/^feature:twin\/.*/, '')} ${node.value ?? ''} ${node.level ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const shown = new Set<string>();
  for (const node of index.nodes.values()) {
    if (node.kind !== 'feature') continue;
    const measurement = isMeasurement(node);
    if (measurement && !filter.measured) continue;
    if (!measurement && !filter.missing && node.observed === false) continue;
    if (filter.modality && node.modality !== filter.modality) continue;
    if (filter.level && !atLevel(node.level, filter.level)) continue;
    if (found(node)) shown.add(node.id);
  }
  for (const node of index.nodes.values())
    if (node.kind === 'patient' || node.kind === 'setting' || node.kind === 'outcome' || BODY.has(node.kind))
      shown.add(node.id);
  addAround(index, shown, filter);
  return shown;
}

/** Exams, modalities and constructs that a shown feature hangs on; without any choice also the exams that showed nothing weighed. */
function addAround(index: GraphIndex, shown: Set<string>, filter: GraphFilter): void {
  for (const id of [...shown]) {
    if (index.nodes.get(id)?.kind !== 'feature') continue;
    for (const exam of examsOf(index, id)) shown.add(exam);
    for (const { to, type } of index.out.get(id) ?? []) if (type === 'describes') shown.add(to);
  }
  const free = !filter.search && !filter.modality && !filter.level;
  for (const node of index.nodes.values()) if (node.kind === 'exam' && free) shown.add(node.id);
}

/** Exams and modalities a feature comes from, through the number that gives it its value. */
export function examsOf(index: GraphIndex, feature: string): string[] {
  return (index.into.get(feature) ?? []).flatMap(({ from, type }) =>
    type === 'gives' ? examsOf(index, from) : type === 'showed' || type === 'would-bring' ? [from] : [],
  );
}
