import { describe, expect, it } from 'vitest';
import type { Acquisition, Feature, InferenceInput, PatientGraph, RiskPrediction } from '../../model/index.ts';
import { generateCohort } from '../cohort/index.ts';
import { recordsFromFeatures, synchronise } from '../features/index.ts';
import { predictRisk, priorModel } from '../risk/index.ts';
import { buildPatientGraph, neighbours, OUTCOME_NODE, pathsToOutcome, shortestPath, subgraph } from './index.ts';

const DAY = '2026-01-05';
const model = priorModel('radicular-herniation');

function acquisition(id: string, modality: string, takenAt?: string): Acquisition {
  return {
    ...{ id, modality, takenAt, scales: ['meso'], posture: 'supine', knownAt: '2026-01-04T00:00:00Z' },
    ...{ files: [], quality: [], synthetic: true, metadata: {} },
  };
}

function measured(id: string, definition: string, more: Partial<Feature> = {}): Feature {
  return {
    ...{ id, definition, value: 5, unit: 'mm', run: 'run', capability: 'spine-geometry', version: 1, quality: 1 },
    ...{ knownAt: '2026-01-04T00:00:00Z', evidence: [], synthetic: true, method: 'by endplates', posture: 'supine' },
    uncertainty: { kind: 'interval', low: 4, high: 6, sd: 0.6, method: 'bootstrap' },
    ...more,
  };
}

const CT = acquisition('ct1', 'ct', '2025-12-01T10:00:00Z');
const EMG = acquisition('emg1', 'emg', '2025-12-20T09:00:00Z');
const FEATURES: Feature[] = [
  measured('f1', 'disc.heightMiddle', {
    ...{ level: 'L4-L5', validAt: CT.takenAt, value: 6.5 },
    evidence: [{ artifact: 'mesh-l4', locator: {} }],
  }),
  measured('f2', 'vertebra.height', { level: 'L4', validAt: CT.takenAt }),
  measured('f3', 'spine.curveAngle', { level: 'T5-L1', validAt: CT.takenAt, unit: 'deg' }),
  measured('f4', 'emg.asymmetry', {
    ...{ site: 'erectorSpinae', level: 'L4', side: 'left', validAt: EMG.takenAt, unit: '%', value: 12 },
  }),
  measured('f5', 'segment.listhesis', { level: 'L5-S1', value: null, missing: 'not in view', validAt: CT.takenAt }),
];

function inputOf(features: readonly Feature[], acquisitions: readonly Acquisition[] = [CT, EMG]): InferenceInput {
  const acquisitionOf = { 'mesh-l4': 'ct1' };
  const rest = { at: DAY, records: [], answers: [], synthetic: true };
  return { twin: 'twin-1', indexDate: DAY, features, acquisitions, acquisitionOf, ...rest };
}

function assess(features: readonly Feature[], seed = 3): { graph: PatientGraph; risk: RiskPrediction } {
  const [patient] = generateCohort(model, { patients: 1, seed, missing: 'by-design', indexDate: '2025-12-28' });
  const taken = patient.records.filter(({ feature }) => !feature.startsWith('disc.height'));
  const space = synchronise([...taken, ...recordsFromFeatures(features)], DAY);
  const risk = predictRisk(model, space);
  return { risk, graph: buildPatientGraph({ input: inputOf(features), risk, used: [...space.features.values()] }) };
}

const { graph, risk } = assess(FEATURES);
const node = (id: string) => graph.nodes.find((one) => one.id === id);
const edgesOf = (id: string, type: string) => graph.edges.filter((edge) => edge.from === id && edge.type === type);

describe('patient graph', () => {
  it('has unique ids, no edge into nothing, none twice, and every node in touch', () => {
    const ids = new Set(graph.nodes.map(({ id }) => id));
    expect(ids.size).toBe(graph.nodes.length);
    for (const { id, kind } of graph.nodes) expect(id.startsWith(`${kind}:`)).toBe(true);
    for (const { from, to } of graph.edges) expect(ids.has(from) && ids.has(to), `${from} ${to}`).toBe(true);
    const keys = graph.edges.map(({ from, to, type }) => `${from} ${type} ${to}`);
    expect(new Set(keys).size).toBe(keys.length);
    const touched = new Set(graph.edges.flatMap(({ from, to }) => [from, to]));
    expect(graph.nodes.filter(({ id }) => !touched.has(id))).toEqual([]);
  });

  it('adds up to the logit, over features and over constructs, for many patients', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const one = assess(FEATURES, seed);
      const sum = (kind: string) =>
        one.graph.nodes.reduce((total, each) => total + (each.kind === kind ? (each.contribution ?? 0) : 0), 0);
      const logit = one.graph.nodes.find(({ id }) => id === OUTCOME_NODE)?.contribution ?? Number.NaN;
      expect(Math.abs(logit - one.risk.logit)).toBeLessThan(1e-9);
      expect(Math.abs(sum('setting') + sum('feature') - logit)).toBeLessThan(1e-9);
      expect(Math.abs(sum('setting') + sum('construct') - logit)).toBeLessThan(1e-9);
      const into = one.graph.edges.filter(({ to, type }) => to === OUTCOME_NODE && type === 'drives');
      expect(Math.abs(into.reduce((total, { weight }) => total + (weight ?? 0), 0) - logit)).toBeLessThan(1e-9);
    }
  });

  it('carries sd on the edges that carry weight', () => {
    for (const { weight, sd } of graph.edges) {
      expect(weight === undefined).toBe(sd === undefined);
      if (weight) expect(sd).toBeGreaterThan(0);
    }
  });

  it('joins the column from C1 to S1', () => {
    const path = shortestPath(graph, 'vertebra:C1', 'vertebra:S1', { types: ['adjacent'], direction: 'out' });
    const kinds = path?.nodes.map(({ kind }) => kind);
    expect(kinds?.filter((kind) => kind === 'vertebra')).toHaveLength(25);
    expect(kinds?.filter((kind) => kind === 'disc')).toHaveLength(23);
    expect(path?.nodes.map(({ level }) => level).slice(0, 4)).toEqual(['C1', 'C2', 'C2-C3', 'C3']);
    for (const { kind, id } of graph.nodes)
      if (kind === 'vertebra' || kind === 'disc') expect(edgesOf(id, 'part-of')).toHaveLength(1);
    expect(edgesOf('disc:L5-S1', 'part-of')[0].to).toBe('region:lumbar');
  });

  it('takes in transitional levels where a feature names them', () => {
    const sixth = assess([...FEATURES, measured('f6', 'vertebra.height', { level: 'L6' })]).graph;
    const path = shortestPath(sixth, 'vertebra:L5', 'vertebra:S1', { types: ['adjacent'] });
    expect(path?.nodes.map(({ id }) => id)).toEqual([
      ...['vertebra:L5', 'disc:L5-L6', 'vertebra:L6', 'disc:L6-S1', 'vertebra:S1'],
    ]);
  });

  it('places features in the body', () => {
    const places = (id: string) => edgesOf(`feature:twin/${id}`, 'located-at').map(({ to }) => to);
    expect(places('f1')).toEqual(['disc:L4-L5']);
    expect(places('f2')).toEqual(['vertebra:L4']);
    expect(places('f3')).toEqual(['vertebra:T5', 'vertebra:L1']);
    expect(places('f4')).toEqual(['vertebra:L4', 'region:erectorSpinae']);
    expect(node('feature:twin/f4')).toMatchObject({ side: 'left', modality: 'emg', value: 12, sd: 0.6 });
  });

  it('leads from the examination by the measured feature to the outcome', () => {
    expect(edgesOf('feature:twin/f1', 'gives')).toEqual([
      { from: 'feature:twin/f1', to: 'feature:disc.height', type: 'gives' },
    ]);
    expect(graph.edges).toContainEqual({ from: 'exam:ct1', to: 'feature:twin/f1', type: 'showed' });
    expect(graph.edges.filter(({ to, type }) => to === 'feature:disc.height' && type === 'showed')).toEqual([]);
    expect(node('feature:disc.height')).toMatchObject({ level: 'L4-L5', source: 'f1', observed: true });
    const [path, ...others] = pathsToOutcome(graph, 'feature:twin/f1');
    expect(others).toEqual([]);
    expect(path.nodes.map(({ kind }) => kind)).toEqual(['feature', 'feature', 'construct', 'outcome']);
    for (const { feature } of risk.contributions) expect(pathsToOutcome(graph, feature)).toHaveLength(1);
  });

  it('hangs what was not measured on the modality that would bring it', () => {
    const missing = risk.contributions.filter(({ observed }) => !observed);
    expect(missing.length).toBeGreaterThan(5);
    for (const { feature, modality, mean } of missing) {
      expect(node(`feature:${feature}`)).toMatchObject({ observed: false, contribution: mean });
      const into = neighbours(graph, `feature:${feature}`, { direction: 'in' });
      expect(into.map(({ node: { id }, edge }) => [id, edge.type])).toEqual([[`modality:${modality}`, 'would-bring']]);
    }
    expect(node('feature:twin/f5')).toMatchObject({ observed: false });
    expect(node('feature:twin/f5')).not.toHaveProperty('value');
  });

  it('knows what came before what, and says nothing of one moment or of no time', () => {
    const acquisitions = [
      acquisition('b', 'ct', '2024-05-01'),
      acquisition('a', 'mr', '2024-05-01'),
      acquisition('late', 'emg', '2025-02-03'),
      acquisition('first', 'mr', '2023-01-01'),
      acquisition('never', 'ct'),
    ];
    const space = synchronise([], DAY);
    const parts = { risk: predictRisk(model, space), used: [] };
    const built = buildPatientGraph({ input: inputOf([], acquisitions), ...parts });
    const before = built.edges.flatMap(({ from, to, type }) => (type === 'before' ? [`${from} ${to}`] : []));
    expect(before.sort()).toEqual(['exam:a exam:late', 'exam:b exam:late', 'exam:first exam:a', 'exam:first exam:b']);
    expect(built.nodes.find(({ id }) => id === 'exam:never')).not.toHaveProperty('time');
  });

  it('keeps facts that came in a bundle apart by how they were found out', () => {
    const bundle = acquisition('bundle', 'record', '2026-01-02');
    const fact = (feature: string, value: number, unit: 'mg/L' | '1', modality: 'laboratory' | 'record') => ({
      ...{ feature, value, unit, modality, time: '2025-12-30', source: feature },
      evidence: [{ artifact: 'facts', locator: {} }],
    });
    const records = [fact('lab.crp', 3, 'mg/L', 'laboratory'), fact('symptom.claudication', 1, '1', 'record')];
    const space = synchronise(records, DAY);
    const built = buildPatientGraph({
      input: { ...inputOf([], [bundle]), acquisitionOf: { facts: 'bundle' } },
      ...{ risk: predictRisk(model, space), used: [...space.features.values()] },
    });
    const shown = built.edges.flatMap(({ from, to, type }) => (type === 'showed' ? [`${from} ${to}`] : []));
    expect(shown.sort()).toEqual([
      ...['exam:bundle feature:symptom.claudication', 'exam:laboratory@2025-12-30 feature:lab.crp'],
    ]);
  });

  it('traces a drawing to the only image in its coordinates', () => {
    const drawn = { ...acquisition('drawn', 'labels'), frameOfReference: 'frame' };
    const image = { ...acquisition('image', 'ct'), frameOfReference: 'frame' };
    const second = { ...acquisition('second', 'mr'), frameOfReference: 'frame' };
    const feature = measured('f', 'disc.heightMiddle', { evidence: [{ artifact: 'mask', locator: {} }] });
    const shownBy = (acquisitions: readonly Acquisition[]) => {
      const input = { ...inputOf([feature], acquisitions), acquisitionOf: { mask: 'drawn' } };
      const built = buildPatientGraph({ input, risk, used: [] });
      return built.edges.find(({ to, type }) => to === 'feature:twin/f' && type === 'showed')?.from;
    };
    expect(shownBy([drawn])).toBe('exam:drawn');
    expect(shownBy([drawn, image])).toBe('exam:image');
    expect(shownBy([drawn, image, second])).toBe('exam:drawn');
  });

  it('does not depend on the order of the input', () => {
    const used = [...synchronise(recordsFromFeatures(FEATURES), DAY).features.values()];
    const turned = buildPatientGraph({
      input: inputOf([...FEATURES].reverse(), [EMG, CT]),
      ...{ risk, used: [...used].reverse() },
    });
    expect(turned).toEqual(buildPatientGraph({ input: inputOf(FEATURES), risk, used }));
  });

  it('is built in 5 ms for a twin of 500 features', () => {
    const many = Array.from({ length: 500 }, (_, i) =>
      measured(`m${i}`, `vertebra.measure${i % 25}`, {
        level: ['L1', 'L2', 'L3-L4', 'T7'][i % 4],
        validAt: CT.takenAt,
      }),
    );
    const parts = { input: inputOf(many), risk, used: [] };
    let fastest = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 20; run++) {
      const start = performance.now();
      buildPatientGraph(parts);
      fastest = Math.min(fastest, performance.now() - start);
    }
    expect(buildPatientGraph(parts).nodes.length).toBeGreaterThan(600);
    expect(fastest).toBeLessThan(5);
  });
});

describe('questions to the graph', () => {
  it('find neighbours by kind and direction', () => {
    const shown = neighbours(graph, 'exam:ct1', { types: ['showed'], direction: 'out' }).map(({ node: { id } }) => id);
    expect(shown.sort()).toEqual(['f1', 'f2', 'f3', 'f5'].map((id) => `feature:twin/${id}`));
    expect(neighbours(graph, 'exam:ct1', { direction: 'in' }).map(({ node: { kind } }) => kind)).toContain('patient');
    expect(() => neighbours(graph, 'exam:none')).toThrow(/node of the graph/);
  });

  it('find a shortest way, one way or none', () => {
    const path = shortestPath(graph, 'vertebra:L4', OUTCOME_NODE);
    expect(path?.edges.length).toBe((path?.nodes.length ?? 0) - 1);
    expect(path?.nodes[0].id).toBe('vertebra:L4');
    expect(path?.nodes.at(-1)?.id).toBe(OUTCOME_NODE);
    for (const [at, { from, to }] of (path?.edges ?? []).entries())
      expect(new Set([from, to])).toEqual(new Set([path?.nodes[at].id, path?.nodes[at + 1].id]));
    expect(shortestPath(graph, OUTCOME_NODE, 'patient:twin-1', { direction: 'out' })).toBeUndefined();
    expect(shortestPath(graph, OUTCOME_NODE, OUTCOME_NODE)?.edges).toEqual([]);
  });

  it('are as short as a walk by hand over all nodes', () => {
    const far = new Map([['patient:twin-1', 0]]);
    for (let round = 0; round < graph.nodes.length; round++)
      for (const { from, to } of graph.edges)
        for (const [one, other] of [
          [from, to],
          [to, from],
        ]) {
          const step = (far.get(one) ?? Number.POSITIVE_INFINITY) + 1;
          if (step < (far.get(other) ?? Number.POSITIVE_INFINITY)) far.set(other, step);
        }
    for (const { id } of graph.nodes) expect(shortestPath(graph, 'patient:twin-1', id)?.edges.length).toBe(far.get(id));
  });

  it('cut out a level, a modality, a time, some kinds', () => {
    const level = subgraph(graph, { level: 'L4' });
    const measuredAt = level.nodes.flatMap(({ id }) => (id.startsWith('feature:twin/') ? [id.slice(13)] : []));
    expect(measuredAt.sort()).toEqual(['f1', 'f2', 'f4']);
    expect(level.nodes.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['exam:ct1', 'patient:twin-1', OUTCOME_NODE]),
    );
    expect(level.nodes.some(({ id }) => id === 'vertebra:C3')).toBe(false);

    const emg = subgraph(graph, { modality: 'emg' });
    const chosen = emg.nodes.filter(({ kind }) => kind === 'feature' || kind === 'exam');
    expect(new Set(chosen.map(({ modality }) => modality))).toEqual(new Set(['emg']));

    const december = subgraph(graph, { from: '2025-12-01', to: '2025-12-01' });
    const times = december.nodes.filter(({ kind }) => kind === 'feature').map(({ time }) => time?.slice(0, 10));
    expect(new Set(times)).toEqual(new Set(['2025-12-01']));

    const body = subgraph(graph, { kinds: ['vertebra', 'disc'] });
    expect(new Set(body.edges.map(({ type }) => type))).toEqual(new Set(['adjacent']));
    expect(subgraph(graph, {})).toEqual(graph);
  });
});
