/** Patient graphs of ours in the hands of networkx, lxml, rdflib and pyld. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { patientGraphFile } from '../../src/formats/index.ts';
import {
  buildPatientGraph,
  generateCohort,
  OUTCOME_NODE,
  pathsToOutcome,
  predictRisk,
  priorModel,
  synchronise,
} from '../../src/inference/index.ts';
import type { PatientGraph } from '../../src/model/index.ts';
import { patientGraph } from '../support/formats/formats.ts';
import { describeWithPython, runPython } from '../support/python.ts';

const SCRIPT = join(dirname(fileURLToPath(import.meta.url)), 'graph_read.py');
const folder = mkdtempSync(join(tmpdir(), 'msdt-graph-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function assessed(): PatientGraph {
  const model = priorModel('radicular-herniation');
  const [patient] = generateCohort(model, { patients: 1, seed: 7, missing: 'by-design', indexDate: '2026-01-02' });
  const space = synchronise(patient.records, '2026-01-05');
  const input = { twin: 'SYNTHETIC-1', at: '2026-01-05', features: [], acquisitions: [], records: [], answers: [] };
  const used = [...space.features.values()];
  return buildPatientGraph({ input: { ...input, synthetic: true }, risk: predictRisk(model, space), used });
}

const GRAPHS = { assessed: assessed(), odd: patientGraph() };

function seenBy(reader: string, as: 'graphml' | 'jsonld', name: keyof typeof GRAPHS) {
  const file = patientGraphFile(GRAPHS[name], as, name);
  const path = join(folder, file.name);
  writeFileSync(path, file.bytes);
  return JSON.parse(runPython(SCRIPT, [reader, path]));
}

describeWithPython('networkx', () => {
  it.each(Object.keys(GRAPHS) as (keyof typeof GRAPHS)[])('reads every node, edge and field: %s', (name) => {
    const { nodes, edges, twin, synthetic } = GRAPHS[name];
    const seen = seenBy('networkx', 'graphml', name);
    expect(seen.directed).toBe(true);
    expect(seen.graph).toMatchObject({ twin, synthetic, schemaVersion: 1 });
    expect(seen.nodes).toHaveLength(nodes.length);
    nodes.forEach(({ id: _, codes, value, ...fields }, at) => {
      const text = typeof value === 'string';
      const { codes: __, ...data } = seen.nodes[at][1];
      expect(data).toEqual({ ...fields, ...(value === undefined ? {} : { [text ? 'valueText' : 'value']: value }) });
      expect(Boolean(__)).toBe(codes !== undefined);
    });
    const weigh = (list: readonly { type: string; weight?: number; sd?: number }[]) =>
      list.map(({ type, weight, sd }) => `${type} ${weight} ${sd}`).sort();
    expect(weigh(seen.edges.map(([, , data]: [string, string, never]) => data))).toEqual(weigh(edges));
  });
});

describeWithPython('lxml', () => {
  it.each(Object.keys(GRAPHS) as (keyof typeof GRAPHS)[])('finds the structure that GraphML asks for: %s', (name) => {
    expect(seenBy('lxml', 'graphml', name)).toEqual({ valid: true, log: '', unique: true, undeclared: [] });
  });
});

describeWithPython('rdflib', () => {
  it('finds every node, walks from features to the outcome and adds the weights up to the logit', () => {
    const graph = GRAPHS.assessed;
    const seen = seenBy('rdflib', 'jsonld', 'assessed');
    for (const kind of ['Feature', 'Construct', 'Vertebra', 'Disc', 'Outcome']) {
      const count = graph.nodes.filter((node) => node.kind === kind.toLowerCase()).length;
      expect(seen.types[`urn:msdt:graph#${kind}`], kind).toBe(count);
    }
    expect(seen.types['urn:msdt:graph#Edge']).toBe(graph.edges.length);
    expect(seen.types['https://schema.org/Patient']).toBe(1);
    const features = graph.nodes.filter(({ id, kind }) => kind === 'feature' && pathsToOutcome(graph, id).length > 0);
    expect(seen.features).toEqual(features.map(({ id }) => `urn:msdt:twin:SYNTHETIC-1#${id}`).sort());
    const logit = graph.nodes.find(({ id }) => id === OUTCOME_NODE)?.contribution ?? Number.NaN;
    expect(Math.abs(seen.drives - logit)).toBeLessThan(1e-9);
    expect(seen.codes).toEqual(graph.nodes.flatMap(({ codes = [] }) => codes.map(({ code }) => code)).sort());
  });
});

describeWithPython('pyld', () => {
  it.each(Object.keys(GRAPHS) as (keyof typeof GRAPHS)[])(
    'expands it and compacts it to the same again: %s',
    (name) => {
      const { nodes, edges } = GRAPHS[name];
      const seen = seenBy('pyld', 'jsonld', name);
      expect(new Set(seen.nodes).size).toBe(nodes.length);
      expect(seen.names).toEqual(nodes.map((node) => node.name));
      const place = new Map(nodes.map(({ id }, at) => [id, seen.nodes[at]]));
      expect(seen.edges).toEqual(edges.map(({ from, to }) => [place.get(from), place.get(to)]));
      expect(seen.same).toBe(true);
    },
  );
});
