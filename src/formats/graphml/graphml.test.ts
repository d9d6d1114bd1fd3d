import { describe, expect, it } from 'vitest';
import { memoryFile, patientGraph, readOne, roundTrip } from '../../../tests/support/formats/formats.ts';
import type { PatientGraph } from '../../model/index.ts';
import { graphml } from './index.ts';
import { idOf, tokenOf } from './keys.ts';

const text = (content: string) => memoryFile('graph.graphml', new TextEncoder().encode(content));
const head = '<?xml version="1.0"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n';
const keys = `<key id="a" for="graph" attr.name="schemaVersion" attr.type="int"/>
<key id="b" for="graph" attr.name="twin" attr.type="string"/><key id="c" for="graph" attr.name="indexDate" attr.type="string"/>
<key id="k" for="node" attr.name="kind" attr.type="string"/><key id="n" for="node" attr.name="name" attr.type="string"/>
<key id="v" for="node" attr.name="value" attr.type="double"/><key id="t" for="edge" attr.name="type" attr.type="string"/>`;
const told = '<data key="a">1</data><data key="b">t</data><data key="c">2026-01-05</data>';
const node = (id: string, more = '') =>
  `<node id="${id}"><data key="k">disc</data><data key="n">D</data>${more}</node>`;
const file = (body: string) => text(`${head}${keys}<graph edgedefault="directed">${told}${body}</graph></graphml>`);

describe('GraphML', () => {
  it('turns any id into a name token and back', () => {
    for (const id of ['feature:disc.height', 'a/b@c d', '_x002F_', '_x00', 'ä日\u{1F9B4}', '_', ''])
      expect(idOf(tokenOf(id))).toBe(id);
    expect(tokenOf('ä/_x002F_')).toMatch(/^[A-Za-z0-9._:-]+$/);
  });

  it('reads keys of other ids in another order, comments between, as another program may save it', async () => {
    const edge = '<edge source="x" target="y"><data key="t">adjacent</data></edge>';
    const item = await readOne(graphml, [
      file(`<!-- n --> ${edge}\n${node('x', '<data key="v">1.5</data>')}${node('y')}`),
    ]);
    expect(item.artifacts[0].payload).toEqual({
      ...{ schemaVersion: 1, twin: 't', indexDate: '2026-01-05', synthetic: false },
      nodes: [
        { id: 'x', kind: 'disc', name: 'D', value: 1.5 },
        { id: 'y', kind: 'disc', name: 'D' },
      ],
      edges: [{ from: 'x', to: 'y', type: 'adjacent' }],
    });
  });

  it('carries no control characters into XML', async () => {
    const graph: PatientGraph = { ...patientGraph(), twin: 'a\u0001b', nodes: [], edges: [] };
    const item = await roundTrip(graphml, { kind: 'graph.patient', payload: graph, name: 'g' });
    expect((item.artifacts[0].payload as PatientGraph).twin).toBe('a\ufffdb');
  });

  it.each([
    [
      'a graph of somebody else',
      text(`${head}<graph edgedefault="directed"><node id="x"/></graph></graphml>`),
      'file.unsupported',
      /no patient graph/,
    ],
    ['a node twice', file(node('x') + node('x')), 'file.malformed', /there twice/],
    [
      'an edge into nothing',
      file(`${node('x')}<edge source="x" target="z"><data key="t">by</data></edge>`),
      'file.malformed',
      /no node "z"/,
    ],
    ['a kind nobody knows', file(node('x').replace('disc', 'wish')), 'file.malformed', /no kind of node/],
    ['a number that is none', file(node('x', '<data key="sd">much</data>')), 'file.malformed', /not declared/],
    ['an edge without end', file(`${node('x')}<edge source="x"/>`), 'file.malformed', /no target/],
    [
      'tags inside of data',
      file('<node id="x"><data key="k"><b>disc</b></data></node>'),
      'file.malformed',
      /inside of data/,
    ],
    ['a file cut short', text(`${head}${keys}<graph>${told}`), 'file.truncated', /closing tag/],
  ])('refuses %s with its place', async (_, bad, code, why) => {
    const { items, errors } = await graphml.read([bad]);
    expect(items).toEqual([]);
    expect(errors[0].error.code).toBe(code);
    expect(`${errors[0].error.message} ${errors[0].error.detail}`).toMatch(why);
    expect(errors[0].error.where.place).toBeTruthy();
  });
});
