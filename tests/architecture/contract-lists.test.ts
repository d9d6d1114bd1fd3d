import { describe, expect, it } from 'vitest';
import { graphEdge, graphNode, scale } from '../../src/contract/index.ts';
import { GRAPH_EDGE_TYPES, GRAPH_NODE_KINDS, SCALES } from '../../src/model/index.ts';

/** The contract imports nothing of ours, so it repeats these lists of the model. */
describe('a list of the contract says what the list of the model says', () => {
  it.each([
    ['kinds of nodes', graphNode.shape.kind, GRAPH_NODE_KINDS],
    ['types of edges', graphEdge.shape.type, GRAPH_EDGE_TYPES],
    ['scales', scale, SCALES],
  ])('%s', (_, { options }, ours) => {
    expect([...options]).toEqual([...ours]);
  });
});
