/**
 * Simulates a lumbar spine whose angles are prescribed, measures it, and prints both.
 *
 * `node examples/angles-of-a-virtual-spine.ts` (SYNTHETIC data)
 */

import { simulateSubject } from '../fixtures/synth/index.ts';
import { spineGeometry } from '../src/hme/spine-geometry/index.ts';
import { type AnyCapability, featureId, unitText } from '../src/model/index.ts';
import { executeCapability } from '../src/runtime/index.ts';

const subject = simulateSubject({
  seed: 42,
  spacingMm: 1.5,
  levels: ['L1', 'S1'],
  field: 'spine',
  lumbarLordosisDeg: 52,
});

const { features } = await executeCapability(
  spineGeometry as AnyCapability,
  {
    vertebrae: [{ kind: 'labelmap.vertebrae', payload: subject.vertebrae, posture: subject.posture, synthetic: true }],
    bodies: [{ kind: 'labelmap.bodies', payload: subject.bodies, posture: subject.posture, synthetic: true }],
  },
  {},
  1,
  { signal: new AbortController().signal, progress: () => undefined, log: () => undefined },
);

console.log('prescribed lumbar lordosis: 52.0° (SYNTHETIC)');
for (const feature of features) {
  if (feature.definition !== 'spine.lumbarLordosis' || typeof feature.value !== 'number') continue;
  const interval =
    feature.uncertainty.kind === 'interval'
      ? ` (90 %: ${feature.uncertainty.low.toFixed(1)} to ${feature.uncertainty.high.toFixed(1)})`
      : '';
  console.log(
    `measured ${featureId(feature)}: ${feature.value.toFixed(1)}${unitText(feature.unit)}${interval}, ${feature.posture}`,
  );
}
