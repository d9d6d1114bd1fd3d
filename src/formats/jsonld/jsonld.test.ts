import { describe, expect, it } from 'vitest';
import { filesOf, memoryFile, patientGraph, readOne, roundTrip } from '../../../tests/support/formats/formats.ts';
import type { PatientGraph } from '../../model/index.ts';
import { graphml } from '../graphml/index.ts';
import { json } from '../json/index.ts';
import { jsonld } from './index.ts';

const [written] = (await jsonld.write?.({ kind: 'graph.patient', payload: patientGraph(), name: 'graph' })) ?? [];
const document = () => JSON.parse(new TextDecoder().decode(written.bytes));
const file = (content: unknown) => memoryFile('g.jsonld', new TextEncoder().encode(JSON.stringify(content)));

describe('JSON-LD', () => {
  it('says every edge twice: from node to node, and with its weight', () => {
    const { nodes, edges } = document();
    const smoker = nodes.find(({ '@id': id }: { '@id': string }) => id === 'n:feature:person.smoker');
    expect(smoker).toMatchObject({ '@type': 'Feature', describes: ['n:construct:person'], observed: false });
    expect(smoker.codes[0]).toEqual({ '@type': 'schema:MedicalCode', system: 'http://loinc.org', code: '72166-2' });
    expect(edges).toContainEqual({
      ...{ '@type': 'Edge', from: 'n:feature:person.smoker', type: 'describes', to: 'n:construct:person' },
      ...{ weight: -0.25, sd: 0.1 },
    });
    expect(document()['@context'].n['@id']).toBe('urn:msdt:twin:twin%207%2F%C3%A9#');
  });

  it('reads it after another program has indented it anew', async () => {
    const again = memoryFile('g.jsonld', new TextEncoder().encode(`\ufeff${JSON.stringify(document(), null, 8)}`));
    expect(jsonld.sniff(await again.head(1024), 'g.jsonld')).toBe('yes');
    expect((await readOne(jsonld, [again])).artifacts[0].payload).toEqual(
      (await readOne(jsonld, filesOf([written]))).artifacts[0].payload,
    );
  });

  it('leaves other linked data to the reader of JSON', () => {
    const other = new TextEncoder().encode('{"@context": "https://schema.org", "@type": "Person"}');
    expect(jsonld.sniff(other, 'x.jsonld')).toBe('no');
    expect(json.sniff(other, 'x.json')).toBe('yes');
    expect(json.sniff(written.bytes.subarray(0, 1024), 'x.json')).toBe('no');
  });

  it.each([
    ['another context', { ...document(), '@context': {} }, 'file.unsupported', /no patient graph/],
    ['no nodes', { ...document(), nodes: 3 }, 'file.malformed', /nodes: a list/],
    ['a node of no kind', { ...document(), nodes: [{ '@id': 'n:a', name: 'a' }] }, 'file.malformed', /no kind of node/],
    ['an edge into nothing', { ...document(), nodes: [] }, 'file.malformed', /there is no node/],
    [
      'an address that is no node’s',
      { ...document(), edges: [{ from: 'n:%E0', to: 'n:', type: 'by' }] },
      'file.malformed',
      /edges\[0\].from/,
    ],
  ])('refuses %s with its place', async (_, content, code, why) => {
    const { items, errors } = await jsonld.read([file(content)]);
    expect(items).toEqual([]);
    expect(errors[0].error.code).toBe(code);
    expect(`${errors[0].error.message} ${errors[0].error.detail}`).toMatch(why);
    expect(errors[0].error.where.place).toBeTruthy();
  });

  it('keeps what it wrote, and writes the same bytes of it, also by way of GraphML', async () => {
    const payload = (await readOne(jsonld, filesOf([written]))).artifacts[0].payload as PatientGraph;
    expect(payload).toEqual(patientGraph());
    const by = await roundTrip(graphml, { kind: 'graph.patient', payload, name: 'graph' });
    const [again] = (await jsonld.write?.({ ...by.artifacts[0], kind: 'graph.patient', name: 'graph' } as never)) ?? [];
    expect(new TextDecoder().decode(again.bytes)).toBe(new TextDecoder().decode(written.bytes));
  });
});
