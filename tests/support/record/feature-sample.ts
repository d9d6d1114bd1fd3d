/** Features of every sort: with an interval, exact, unknown, missing, a class, of a level and side, of a window. */

import type { FeatureBundleInput } from '../../../src/formats/fhir/index.ts';
import type { Feature, FeatureDefinition } from '../../../src/model/index.ts';

const made = {
  run: 'run-a',
  capability: 'spine-geometry',
  version: 3,
  validAt: '2025-11-05T10:00:00Z',
  knownAt: '2026-01-02T03:04:05.678Z',
  synthetic: true,
  quality: 0.9,
  method: 'endplate planes',
} as const;

/** The features. */
export const FEATURES: readonly Feature[] = [
  {
    ...made,
    id: 'f1',
    definition: 'spine.cobbAngle',
    value: 31.25,
    unit: 'deg',
    uncertainty: { kind: 'interval', low: 29.5, high: 33, sd: 1.064, method: 'bootstrap' },
    posture: 'standing',
    evidence: [
      { artifact: 'a1', locator: { points: [[1, 2, 3.5]], level: 'L4' } },
      { artifact: 'a2', locator: {} },
    ],
  },
  {
    ...made,
    id: 'f2',
    definition: 'disc.heightMiddle',
    level: 'L4-L5',
    side: 'left',
    value: null,
    missing: 'the disc is not in the field',
    unit: 'mm',
    uncertainty: { kind: 'unknown', reason: 'no value' },
    posture: 'supine',
    evidence: [{ artifact: 'a1', locator: { slice: { axis: 2, index: 4 } } }],
  },
  {
    ...made,
    id: 'f3',
    run: 'run-b',
    capability: 'emg-analysis',
    definition: 'emg.medianFrequency',
    site: 'erectorSpinae',
    task: 'gait',
    window: { label: 'stance', startS: 0.5, endS: 1.25 },
    value: 61,
    unit: 'Hz',
    uncertainty: { kind: 'exact', method: 'counted' },
    evidence: [{ artifact: 'a3', locator: { channels: ['EMG 1'], timeS: [0.5, 1.25] } }],
    validAt: undefined,
  },
  {
    ...made,
    id: 'f4',
    definition: 'spine.curveType',
    value: 'Lenke 1',
    unit: '1',
    uncertainty: { kind: 'unknown', reason: 'a class' },
    evidence: [{ artifact: 'gone', locator: {} }],
    synthetic: false,
  },
].map((feature) => JSON.parse(JSON.stringify(feature)));

const DEFINITIONS: Readonly<Record<string, Partial<FeatureDefinition>>> = {
  'spine.cobbAngle': {
    name: 'Cobb angle',
    code: { system: 'SNOMED', code: '285285000' },
    reference: [
      { low: 0, high: 10, posture: 'standing', source: 'people without scoliosis' },
      { low: 0, high: 5, posture: 'supine', source: 'lying' },
    ],
  },
};

/** Everything a bundle of them is made from. */
export function featureBundleInput(features: readonly Feature[] = FEATURES): FeatureBundleInput {
  return {
    twin: 't-0123456789ab',
    person: { sex: 'male', birthYear: 1970 },
    synthetic: true,
    features,
    definitionOf: (id) => DEFINITIONS[id] as FeatureDefinition | undefined,
    artifacts: [
      { id: 'a1', kind: 'labelmap.vertebrae', name: 'Vertebrae', acquisition: 'q1' },
      { id: 'a2', kind: 'landmarks.vertebra', name: 'Landmarks' },
      { id: 'a3', kind: 'signal.emg', name: 'EMG', acquisition: 'q2' },
      { id: 'a4', kind: 'mesh.skin', name: 'Skin', acquisition: 'q1' },
    ],
    acquisitions: [
      { id: 'q1', modality: 'ct', takenAt: '2025-11-05T10:00:00Z' },
      { id: 'q2', modality: 'emg' },
    ],
    software: 'msdt 0.1.0',
    at: '2026-01-03T00:00:00.000Z',
  };
}
