/** What a twin knows as a FHIR bundle: features, the newest assessment, where they come from. */

import { featureBundle } from '../formats/index.ts';
import type { WrittenFile } from '../model/index.ts';
import type { TwinState } from '../twin/index.ts';
import { loadAll } from './catalogue-types.ts';
import type { Engine } from './engine.ts';
import { SOFTWARE } from './software.ts';

type Person = NonNullable<Parameters<typeof featureBundle>[0]['person']>;

/**
 * The bundle as a file: an Observation a feature, a report, RiskAssessment and GuidanceResponses, where they come from and what made
 * them.
 */
export async function twinBundle(engine: Engine, state: TwinState): Promise<WrittenFile> {
  const { twin } = state;
  const stored = await engine.inference.get(twin.id);
  const capabilities = await loadAll(engine.catalogue.capabilities);
  const dictionary = new Map(capabilities.flatMap(({ features }) => features.map((one) => [one.id, one])));
  const record = state.artifacts.find(({ kind }) => kind === 'record.clinical');
  const { sex, birthYear } = record?.summary ?? {};
  return featureBundle(
    {
      twin: twin.id,
      person: {
        ...(typeof sex === 'string' && { sex: sex as Person['sex'] }),
        ...(typeof birthYear === 'number' && { birthYear }),
      },
      synthetic: twin.synthetic || state.acquisitions.some(({ synthetic }) => synthetic),
      features: state.features,
      definitionOf: (id) => dictionary.get(id),
      artifacts: state.artifacts,
      acquisitions: state.acquisitions,
      assessment: stored.assessment,
      software: SOFTWARE,
      // the moment of what is said, not of saying it: the same twin gives the same bundle
      at: [stored.at, state.snapshot?.at ?? ''].sort().at(-1) ?? stored.at,
    },
    'features',
  );
}
