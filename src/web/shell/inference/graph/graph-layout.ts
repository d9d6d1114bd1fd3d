/** Places of a patient graph on the screen: layers from the patient to the outcome, and the spine as a ladder at the side. */

import { compareLevels, type VertebraLevel } from '../../../../model/index.ts';
import {
  examsOf,
  type GraphEdge,
  type GraphFilter,
  type GraphIndex,
  type GraphNode,
  isMeasurement,
  shownNodes,
} from './graph-query.ts';

export type Layer = 'patient' | 'exam' | 'measured' | 'feature' | 'construct' | 'outcome';

export interface PlacedNode {
  node: GraphNode;
  layer: Layer | 'ladder';
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface PlacedEdge {
  id: string;
  from: PlacedNode;
  to: PlacedNode;
  type: GraphEdge['type'];
  weight: number | undefined;
}

export interface GraphLayout {
  nodes: readonly PlacedNode[];
  edges: readonly PlacedEdge[];
  layers: readonly { layer: Layer; x: number; width: number }[];
  width: number;
  height: number;
  /** measured numbers that found no room */
  left: number;
}

const ROW = 26;
const HEIGHT = 21;
const TOP = 30;
const WIDTHS: Record<Layer, number> = {
  patient: 128,
  exam: 178,
  measured: 190,
  feature: 190,
  construct: 132,
  outcome: 184,
};
const LADDER = { width: 58, vertebra: 15, disc: 6, gap: 1.5 };
/** numbers of the twin that are shown at once; a search or a level finds the others */
const MOST_MEASURED = 80;

/** @param box - px that can be seen at once; what is longer scrolls */
export function layoutGraph(
  index: GraphIndex,
  filter: GraphFilter,
  box: { width: number; height: number },
): GraphLayout {
  const { width } = box;
  const shown = shownNodes(index, filter);
  const columns = columnsOf(index, shown, filter);
  const left = Math.max(0, (columns.get('measured')?.length ?? 0) - MOST_MEASURED);
  if (left > 0) columns.set('measured', (columns.get('measured') ?? []).slice(0, MOST_MEASURED));
  const rungs = ladderOf(index, shown);
  const ladderHeight = rungs.reduce(
    (sum, { kind }) => sum + LADDER[kind === 'disc' ? 'disc' : 'vertebra'] + LADDER.gap,
    0,
  );
  const rows = Math.max(1, ...[...columns.values()].map(({ length }) => length));
  const inner = Math.max(rows * ROW, ladderHeight);
  const seen = Math.min(inner, Math.max(ladderHeight, box.height - TOP - 30));
  const wanted = [...columns.keys()].reduce((sum, layer) => sum + WIDTHS[layer], 0) + LADDER.width + 24;
  const gap = Math.max(26, (width - wanted - 24) / Math.max(1, columns.size));
  const nodes: PlacedNode[] = [];
  const layers: { layer: Layer; x: number; width: number }[] = [];
  let x = 12;
  for (const [layer, members] of columns) {
    layers.push({ layer, x, width: WIDTHS[layer] });
    const height = members.length * ROW > seen ? inner : seen;
    const step = Math.min(2.4 * ROW, Math.max(ROW, height / Math.max(1, members.length)));
    const first = TOP + (height - step * members.length) / 2 + (step - HEIGHT) / 2;
    members.forEach((node, i) => {
      nodes.push({ node, layer, x, y: first + i * step, width: WIDTHS[layer], height: HEIGHT });
    });
    x += WIDTHS[layer] + gap;
  }
  let y = TOP + (seen - ladderHeight) / 2;
  for (const node of rungs) {
    const disc = node.kind === 'disc';
    const height = disc ? LADDER.disc : LADDER.vertebra;
    const inset = disc ? 7 : 0;
    nodes.push({ node, layer: 'ladder', x: x + inset, y, width: LADDER.width - 2 * inset, height });
    y += height + LADDER.gap;
  }
  return {
    nodes,
    edges: edgesOf(index, nodes),
    layers,
    width: Math.max(width, x + LADDER.width + 14),
    height: TOP + inner + 14,
    left,
  };
}

/** Members of the layers, each in an order that keeps edges from crossing much. */
function columnsOf(index: GraphIndex, shown: ReadonlySet<string>, filter: GraphFilter): Map<Layer, GraphNode[]> {
  const of = (test: (node: GraphNode) => boolean): GraphNode[] =>
    [...index.nodes.values()].filter((node) => shown.has(node.id) && test(node));
  const constructs = of(({ kind }) => kind === 'construct');
  const constructAt = new Map(constructs.map(({ id }, i) => [id, i]));
  const constructOf = (id: string): number =>
    constructAt.get((index.out.get(id) ?? []).find(({ type }) => type === 'describes')?.to ?? '') ?? constructs.length;
  const features = of((node) => node.kind === 'feature' && !isMeasurement(node)).sort(
    (a, b) =>
      constructOf(a.id) - constructOf(b.id) ||
      Math.abs(b.contribution ?? 0) - Math.abs(a.contribution ?? 0) ||
      a.name.localeCompare(b.name),
  );
  const featureAt = new Map(features.map(({ id }, i) => [id, i]));
  const givesAt = (id: string): number =>
    featureAt.get((index.out.get(id) ?? []).find(({ type }) => type === 'gives')?.to ?? '') ?? features.length;
  const measured = of(isMeasurement).sort((a, b) => givesAt(a.id) - givesAt(b.id) || a.name.localeCompare(b.name));
  const exams = of(({ kind }) => kind === 'exam').sort((a, b) => (a.time ?? '9').localeCompare(b.time ?? '9'));
  const modalities = of(({ kind }) => kind === 'modality');
  const columns = new Map<Layer, GraphNode[]>([
    ['patient', of(({ kind }) => kind === 'patient' || kind === 'setting')],
    ['exam', [...exams, ...modalities]],
  ]);
  if (filter.measured) columns.set('measured', measured);
  columns.set('feature', features);
  columns.set('construct', constructs);
  columns.set(
    'outcome',
    of(({ kind }) => kind === 'outcome'),
  );
  return columns;
}

/** Vertebrae and discs from the top down. */
function ladderOf(index: GraphIndex, shown: ReadonlySet<string>): GraphNode[] {
  const rank = ({ level = '', kind }: GraphNode): [VertebraLevel, number] => [
    level.split('-')[0] as VertebraLevel,
    kind === 'disc' ? 1 : 0,
  ];
  return [...index.nodes.values()]
    .filter(({ id, kind }) => shown.has(id) && (kind === 'vertebra' || kind === 'disc'))
    .sort((a, b) => {
      const [[levelA, discA], [levelB, discB]] = [rank(a), rank(b)];
      return compareLevels(levelA, levelB) || discA - discB;
    });
}

const DRAWN: ReadonlySet<GraphEdge['type']> = new Set([
  'underwent',
  'showed',
  'gives',
  'would-bring',
  'describes',
  'drives',
  'located-at',
  'part-of',
]);

/** Edges between what is shown; where the numbers of the twin are hidden, an exam leads straight to what they give. */
function edgesOf(index: GraphIndex, placed: readonly PlacedNode[]): PlacedEdge[] {
  const at = new Map(placed.map((one) => [one.node.id, one]));
  const edges: PlacedEdge[] = [];
  const add = (from: string, to: string, type: GraphEdge['type'], weight?: number): void => {
    const [start, end] = [at.get(from), at.get(to)];
    if (start && end) edges.push({ id: `${from} ${type} ${to}`, from: start, to: end, type, weight });
  };
  for (const list of index.out.values())
    for (const { from, to, type, weight } of list) {
      if (!DRAWN.has(type) || (type === 'part-of' && !to.startsWith('outcome:'))) continue;
      add(from, to, type, weight);
    }
  for (const { node, layer } of placed) {
    if (layer !== 'feature') continue;
    const given = (index.into.get(node.id) ?? []).filter(({ type, from }) => type === 'gives' && !at.has(from));
    for (const { from } of given) for (const exam of examsOf(index, from)) add(exam, node.id, 'showed');
  }
  return edges;
}

/** The node that an arrow key leads to: up and down in the layer, left and right to the nearest of the next one, along an edge where there is one. */
export function stepNode(layout: GraphLayout, from: string | undefined, key: string): PlacedNode | undefined {
  const here = layout.nodes.find(({ node }) => node.id === from);
  if (!here) return layout.nodes[0];
  const near = (list: readonly PlacedNode[]): PlacedNode | undefined =>
    [...list].sort((a, b) => Math.abs(a.y - here.y) - Math.abs(b.y - here.y))[0];
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    const column = layout.nodes.filter(({ layer }) => layer === here.layer).sort((a, b) => a.y - b.y);
    return column[column.indexOf(here) + (key === 'ArrowDown' ? 1 : -1)] ?? here;
  }
  const right = key === 'ArrowRight';
  const beyond = layout.nodes.filter((one) => (right ? one.x > here.x + 20 : one.x < here.x - 20));
  if (beyond.length === 0) return here;
  const edge = right ? Math.min(...beyond.map(({ x }) => x)) : Math.max(...beyond.map(({ x }) => x));
  const column = beyond.filter(({ x }) => Math.abs(x - edge) < 20);
  const linked = column.filter((one) =>
    layout.edges.some(({ from: a, to: b }) => (a === here && b === one) || (a === one && b === here)),
  );
  return near(linked.length > 0 ? linked : column);
}
