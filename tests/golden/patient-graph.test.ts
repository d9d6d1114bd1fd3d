/** Patient graphs of seven clinical records: sound, summing up to the risk, and the same after a trip through every format. */

import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { fhir, graphml, json, jsonld } from '../../src/formats/index.ts';
import { inferenceEngine, OUTCOME_NODE, pathsToOutcome, shortestPath } from '../../src/inference/index.ts';
import type { Acquisition, Assessment, ClinicalRecord } from '../../src/model/index.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { memoryFile, roundTrip } from '../support/formats/formats.ts';

const SET = 'synthea-r4-bundles';
const NOW = '2026-01-05T00:00:00Z';

describeWithData(SET, () => {
  const assessments: Assessment[] = [];
  beforeAll(async () => {
    const names = readdirSync(dataPath(SET)).filter((name) => name.endsWith('.json'));
    for (const name of names) {
      const { items } = await fhir.read([memoryFile(name, new Uint8Array(readFileSync(dataPath(SET, name))))]);
      const record = items[0].artifacts[0].payload as ClinicalRecord;
      const bundle: Acquisition = {
        ...{ id: 'bundle', modality: 'record', scales: ['macro'], posture: 'unknown', knownAt: NOW },
        ...{ files: [], quality: [], synthetic: true, metadata: {} },
      };
      const input = { twin: 'twin', at: NOW, features: [], acquisitions: [bundle], answers: [], synthetic: true };
      const records = [{ artifact: 'facts', record }];
      assessments.push(inferenceEngine.assess({ ...input, records, acquisitionOf: { facts: 'bundle' } }));
    }
  });

  it('are sound and add up to the risk', () => {
    expect(assessments).toHaveLength(7);
    for (const { graph, risk } of assessments) {
      const ids = new Set(graph.nodes.map(({ id }) => id));
      expect(ids.size).toBe(graph.nodes.length);
      for (const { from, to } of graph.edges) expect(ids.has(from) && ids.has(to)).toBe(true);
      const sum = graph.nodes.reduce(
        (total, { kind, contribution = 0 }) => total + (kind === 'feature' || kind === 'setting' ? contribution : 0),
        0,
      );
      expect(Math.abs(sum - risk.logit)).toBeLessThan(1e-9);
    }
  });

  it('lead from the patient by an examination to everything that is known, and on to the outcome', () => {
    for (const { graph, used, indexDate } of assessments) {
      expect(used.length).toBeGreaterThan(1);
      for (const { feature } of used) {
        const path = shortestPath(graph, 'patient:twin', `feature:${feature}`, { direction: 'out' });
        expect(path?.nodes.map(({ kind }) => kind)).toEqual(['patient', 'exam', 'feature']);
        expect(pathsToOutcome(graph, feature).map(({ nodes }) => nodes.at(-1)?.id)).toEqual([OUTCOME_NODE]);
      }
      for (const { kind, time } of graph.nodes)
        if (kind === 'exam' && time) expect(Date.parse(time)).toBeLessThanOrEqual(Date.parse(indexDate) + 86_400_000);
    }
  });

  it('come back as they were from GraphML, JSON-LD and the envelope', async () => {
    for (const { graph } of assessments) {
      for (const format of [graphml, jsonld, json]) {
        const item = await roundTrip(format, { kind: 'graph.patient', payload: graph, name: 'graph' });
        expect(item.artifacts[0].payload, format.id).toEqual(graph);
      }
    }
  });
});
