/** Questions to a patient graph. All pure; the index of a graph is made at its first question and kept as long as the graph. */

import {
  ArgumentError,
  type GraphEdge,
  type GraphEdgeType,
  type GraphNode,
  type GraphNodeKind,
  type PatientGraph,
} from '../../model/index.ts';

/** A node beside another, and the edge between them. */
export interface GraphNeighbour {
  node: GraphNode;
  edge: GraphEdge;
  /** out: the edge leads to it; in: the edge comes from it */
  direction: 'in' | 'out';
}

/** A way through a graph: one edge less than nodes. */
export interface GraphPath {
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
}

/** Choices of {@link neighbours} and {@link shortestPath}. */
export interface WalkOptions {
  /** kinds of edges that may be walked; all when left out */
  types?: readonly GraphEdgeType[];
  /** out: along the edges; in: against them; both when left out */
  direction?: 'in' | 'out' | 'both';
}

/** What {@link subgraph} keeps. */
export interface SubgraphFilter {
  kinds?: readonly GraphNodeKind[];
  /** `L4` also takes the discs above and below; `L4-L5` takes that disc alone */
  level?: string;
  modality?: string;
  /** ISO 8601 · the first and the last day, both counted */
  from?: string;
  to?: string;
}

interface GraphIndex {
  nodes: ReadonlyMap<string, GraphNode>;
  around: ReadonlyMap<string, readonly GraphNeighbour[]>;
}

/**
 * Nodes beside a node, in the order of the graph's edges.
 * @throws ArgumentError the graph has no such node
 */
export function neighbours(graph: PatientGraph, id: string, options: WalkOptions = {}): GraphNeighbour[] {
  const index = indexOf(graph);
  expectNode(index, id);
  return (index.around.get(id) ?? []).filter((one) => allowed(one, options));
}

/**
 * A way with the fewest edges, the first in the order of the graph where there are several; undefined where there is none.
 * @throws ArgumentError the graph has no such node
 */
export function shortestPath(
  graph: PatientGraph,
  from: string,
  to: string,
  options: WalkOptions = {},
): GraphPath | undefined {
  const index = indexOf(graph);
  const start = expectNode(index, from);
  expectNode(index, to);
  const reached = new Map<string, { edge: GraphEdge; before: string } | undefined>([[from, undefined]]);
  const queue = [from];
  for (let at = 0; at < queue.length && !reached.has(to); at++) {
    for (const one of index.around.get(queue[at]) ?? []) {
      if (reached.has(one.node.id) || !allowed(one, options)) continue;
      reached.set(one.node.id, { edge: one.edge, before: queue[at] });
      queue.push(one.node.id);
    }
  }
  if (!reached.has(to)) return undefined;
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  for (let id = to; id !== from; ) {
    const step = reached.get(id) as { edge: GraphEdge; before: string };
    nodes.unshift(index.nodes.get(id) as GraphNode);
    edges.unshift(step.edge);
    id = step.before;
  }
  return { nodes: [start, ...nodes], edges };
}

/**
 * Every way from a feature to an outcome by what it gives, describes and drives, in the order of the graph.
 * @param feature - id of a node, or of a feature of the dictionary
 * @throws ArgumentError the graph has no such feature
 */
export function pathsToOutcome(graph: PatientGraph, feature: string): GraphPath[] {
  const index = indexOf(graph);
  const start = index.nodes.get(feature) ?? index.nodes.get(`feature:${feature}`);
  if (start?.kind !== 'feature') throw new ArgumentError('feature', feature, 'a feature of the graph');
  const found: GraphPath[] = [];
  const walk = (nodes: readonly GraphNode[], edges: readonly GraphEdge[]): void => {
    const here = nodes[nodes.length - 1];
    if (here.kind === 'outcome') {
      found.push({ nodes, edges });
      return;
    }
    for (const one of index.around.get(here.id) ?? [])
      if (allowed(one, TO_OUTCOME) && !nodes.includes(one.node)) walk([...nodes, one.node], [...edges, one.edge]);
  };
  walk([start], []);
  return found;
}

const TO_OUTCOME: WalkOptions = { direction: 'out', types: ['gives', 'describes', 'drives'] };

/**
 * The part of a graph that a filter asks for, a graph again.
 *
 * Level, modality and time choose features, and examinations by modality and time or by the features they showed. Of the rest stays
 * what the chosen lead to: constructs and outcomes, places, modalities, the patient. `kinds` then keeps only nodes of those kinds.
 */
export function subgraph(graph: PatientGraph, filter: SubgraphFilter): PatientGraph {
  const { kinds, ...choice } = filter;
  const chosen = Object.values(choice).some((value) => value !== undefined)
    ? chosenNodes(graph, choice)
    : new Set(graph.nodes.map(({ id }) => id));
  const nodes = graph.nodes.filter(({ id, kind }) => chosen.has(id) && (!kinds || kinds.includes(kind)));
  const kept = new Set(nodes.map(({ id }) => id));
  return { ...graph, nodes, edges: graph.edges.filter(({ from, to }) => kept.has(from) && kept.has(to)) };
}

function chosenNodes(graph: PatientGraph, filter: SubgraphFilter): Set<string> {
  const index = indexOf(graph);
  const chosen = new Set<string>();
  const [from, to] = [startOfDay(filter.from), endOfDay(filter.to)];
  const fits = (node: GraphNode): boolean => {
    if (filter.modality !== undefined && node.modality !== filter.modality) return false;
    if (from === undefined && to === undefined) return true;
    const time = node.time === undefined ? Number.NaN : Date.parse(node.time);
    return time >= (from ?? Number.NEGATIVE_INFINITY) && time <= (to ?? Number.POSITIVE_INFINITY);
  };
  for (const node of graph.nodes) {
    if (node.kind === 'feature' && fits(node) && touches(node.level, filter.level)) chosen.add(node.id);
    if (node.kind === 'exam' && filter.level === undefined && fits(node)) chosen.add(node.id);
  }
  for (const id of [...chosen])
    for (const { node } of neighbours(graph, id, { direction: 'in', types: ['showed'] })) chosen.add(node.id);
  const queue = [...chosen];
  for (let at = 0; at < queue.length; at++) {
    for (const { node, edge, direction } of index.around.get(queue[at]) ?? []) {
      const leads = direction === 'out' ? FOLLOWED.has(edge.type) : FOUNDED.has(edge.type);
      if (!leads || chosen.has(node.id)) continue;
      chosen.add(node.id);
      queue.push(node.id);
    }
  }
  if (graph.nodes.some(({ id, kind }) => kind === 'outcome' && chosen.has(id)))
    for (const { id, kind } of graph.nodes) if (kind === 'outcome') chosen.add(id);
  return chosen;
}

/** Edges along which the chosen take others with them. */
const FOLLOWED: ReadonlySet<GraphEdgeType> = new Set(['by', 'describes', 'drives', 'located-at', 'part-of']);

/** Edges against which they do. */
const FOUNDED: ReadonlySet<GraphEdgeType> = new Set(['underwent', 'would-bring']);

function touches(level: string | undefined, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  return level !== undefined && (level === wanted || level.split('-').includes(wanted));
}

function startOfDay(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time);
}

/** The last moment of the day, where only a day is given. */
function endOfDay(time: string | undefined): number | undefined {
  if (time === undefined) return undefined;
  return Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(time) ? `${time}T23:59:59.999Z` : time);
}

const indices = new WeakMap<PatientGraph, GraphIndex>();

function indexOf(graph: PatientGraph): GraphIndex {
  const known = indices.get(graph);
  if (known) return known;
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const around = new Map<string, GraphNeighbour[]>();
  const put = (id: string, one: GraphNeighbour): void => {
    const list = around.get(id);
    if (list) list.push(one);
    else around.set(id, [one]);
  };
  for (const edge of graph.edges) {
    const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)];
    if (!from || !to) continue;
    put(edge.from, { node: to, edge, direction: 'out' });
    put(edge.to, { node: from, edge, direction: 'in' });
  }
  const index = { nodes, around };
  indices.set(graph, index);
  return index;
}

function expectNode({ nodes }: GraphIndex, id: string): GraphNode {
  const node = nodes.get(id);
  if (!node) throw new ArgumentError('id', id, 'the id of a node of the graph');
  return node;
}

function allowed({ edge, direction }: GraphNeighbour, { types, direction: wanted = 'both' }: WalkOptions): boolean {
  return (wanted === 'both' || wanted === direction) && (!types || types.includes(edge.type));
}
