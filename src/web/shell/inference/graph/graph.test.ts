import { describe, expect, it } from 'vitest';
import { layoutGraph, stepNode } from './graph-layout.ts';
import {
  ALL,
  atLevel,
  type GraphEdge,
  type GraphNode,
  indexGraph,
  neighboursOf,
  pathsToOutcome,
} from './graph-query.ts';

const node = (id: string, more: Partial<GraphNode> = {}): GraphNode => ({
  ...{ id, kind: id.split(':')[0] as GraphNode['kind'], name: id, ...more },
});
const edge = (from: string, type: GraphEdge['type'], to: string, weight?: number): GraphEdge => ({
  from,
  to,
  type,
  weight,
});

const index = indexGraph({
  nodes: [
    node('patient:p'),
    node('setting:s', { contribution: -2 }),
    node('exam:mri', { modality: 'mri', time: '2026-02-01' }),
    node('exam:emg', { modality: 'emg', time: '2026-01-01' }),
    node('modality:ct', { modality: 'ct', observed: false }),
    node('feature:twin/1', { name: 'disc.heightMiddle L4-L5', level: 'L4-L5', modality: 'mri', observed: true }),
    node('feature:twin/2', { name: 'spine.cobbAngle', modality: 'mri', observed: true }),
    node('feature:disc.height', {
      name: 'Disc height',
      level: 'L4-L5',
      modality: 'mri',
      observed: true,
      contribution: 0.3,
    }),
    node('feature:stenosis.lee', { name: 'Lee grade', modality: 'mri', observed: true, contribution: 0.6 }),
    node('feature:bone.hu', { name: 'L1 attenuation', modality: 'ct', observed: false, contribution: 0 }),
    node('construct:stenosis'),
    node('construct:degeneration'),
    node('outcome:0-12'),
    node('vertebra:L5', { level: 'L5' }),
    node('vertebra:L4', { level: 'L4' }),
    node('disc:L4-L5', { level: 'L4-L5' }),
  ],
  edges: [
    edge('patient:p', 'underwent', 'exam:mri'),
    edge('exam:mri', 'showed', 'feature:twin/1'),
    edge('exam:mri', 'showed', 'feature:twin/2'),
    edge('feature:twin/1', 'gives', 'feature:disc.height'),
    edge('exam:mri', 'showed', 'feature:stenosis.lee'),
    edge('modality:ct', 'would-bring', 'feature:bone.hu'),
    edge('feature:disc.height', 'describes', 'construct:degeneration', 0.3),
    edge('feature:stenosis.lee', 'describes', 'construct:stenosis', 0.6),
    edge('construct:stenosis', 'drives', 'outcome:0-12', 0.6),
    edge('construct:degeneration', 'drives', 'outcome:0-12', 0.3),
    edge('feature:disc.height', 'located-at', 'disc:L4-L5'),
  ],
});
const ids = (layout: ReturnType<typeof layoutGraph>, layer: string): string[] =>
  layout.nodes
    .filter((one) => one.layer === layer)
    .sort((a, b) => a.y - b.y)
    .map((one) => one.node.id);

describe('questions to a graph', () => {
  it('finds neighbours on both sides', () => {
    expect(neighboursOf(index, 'feature:disc.height').map((one) => [one.node.id, one.direction])).toEqual([
      ['feature:twin/1', 'in'],
      ['construct:degeneration', 'out'],
      ['disc:L4-L5', 'out'],
    ]);
  });

  it('finds the ways to the outcome, the heaviest first', () => {
    const paths = pathsToOutcome(index, 'patient:p').map((path) => path.map(({ id }) => id).slice(2, -1));
    expect(paths).toEqual([
      ['feature:stenosis.lee', 'construct:stenosis'],
      ['feature:twin/1', 'feature:disc.height', 'construct:degeneration'],
    ]);
    expect(pathsToOutcome(index, 'outcome:0-12')).toEqual([]);
    expect(pathsToOutcome(index, 'nobody')).toEqual([]);
  });

  it('takes a vertebra with the discs beside it', () => {
    expect(['L4', 'L3-L4', 'L4-L5', 'L5', undefined].map((level) => atLevel(level, 'L4'))).toEqual([
      ...[true, true, true, false, false],
    ]);
    expect(atLevel('L4', 'L4-L5')).toBe(false);
  });
});

const BOX = { width: 1000, height: 600 };

describe('layers', () => {
  it('run from the patient to the outcome, exams in time, features by construct', () => {
    const layout = layoutGraph(index, ALL, BOX);
    expect(layout.layers.map(({ layer }) => layer)).toEqual(['patient', 'exam', 'feature', 'construct', 'outcome']);
    expect(ids(layout, 'exam')).toEqual(['exam:emg', 'exam:mri']);
    expect(ids(layout, 'feature')).toEqual(['feature:stenosis.lee', 'feature:disc.height']);
    const x = layout.layers.map((one) => one.x);
    expect([...x].sort((a, b) => a - b)).toEqual(x);
    for (const one of layout.nodes) expect(one.x + one.width).toBeLessThanOrEqual(layout.width);
  });

  it('draw the spine as a ladder from the top down', () => {
    expect(ids(layoutGraph(index, ALL, BOX), 'ladder')).toEqual(['vertebra:L4', 'disc:L4-L5', 'vertebra:L5']);
  });

  it('lead from the exam straight to the feature while the numbers between are hidden', () => {
    const hidden = layoutGraph(index, ALL, BOX).edges.map(({ id }) => id);
    expect(hidden).toContain('exam:mri showed feature:disc.height');
    const all = layoutGraph(index, { ...ALL, measured: true }, BOX);
    expect(all.edges.map(({ id }) => id)).not.toContain('exam:mri showed feature:disc.height');
    expect(ids(all, 'measured')).toEqual(['feature:twin/1', 'feature:twin/2']);
  });

  it('show what a filter asks for', () => {
    const features = (filter: Partial<typeof ALL>) => ids(layoutGraph(index, { ...ALL, ...filter }, BOX), 'feature');
    expect(features({ missing: true })).toContain('feature:bone.hu');
    expect(features({ level: 'L5' })).toEqual(['feature:disc.height']);
    expect(features({ search: 'lee' })).toEqual(['feature:stenosis.lee']);
    expect(features({ modality: 'ct', missing: true })).toEqual(['feature:bone.hu']);
    expect(ids(layoutGraph(index, { ...ALL, search: 'lee' }, BOX), 'exam')).toEqual(['exam:mri']);
  });

  it('are walked by the arrow keys along edges', () => {
    const layout = layoutGraph(index, ALL, BOX);
    const step = (from: string, key: string): string | undefined => stepNode(layout, from, key)?.node.id;
    expect(step('feature:disc.height', 'ArrowRight')).toBe('construct:degeneration');
    expect(step('feature:disc.height', 'ArrowUp')).toBe('feature:stenosis.lee');
    expect(step('feature:disc.height', 'ArrowDown')).toBe('feature:disc.height');
    expect(step('feature:disc.height', 'ArrowLeft')).toBe('exam:mri');
    expect(step('patient:p', 'ArrowLeft')).toBe('patient:p');
    expect(stepNode(layout, undefined, 'ArrowDown')?.node.id).toBe('patient:p');
  });
});
