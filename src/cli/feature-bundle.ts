/** The features of a twin as a FHIR bundle. */

import { featureBundle } from '../formats/index.ts';
import type { Twin } from '../model/index.ts';
import { type Engine, loadAll, SOFTWARE } from '../runtime/index.ts';

type TwinState = Awaited<ReturnType<Engine['view']>>['state'];
type Person = NonNullable<Parameters<typeof featureBundle>[0]['person']>;

/** The bundle as a file: an Observation a feature, a report, where they come from and what made them. */
export async function twinFeatureBundle(engine: Engine, twin: Pick<Twin, 'id' | 'synthetic'>, state: TwinState) {
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
      software: SOFTWARE,
      at: new Date().toISOString(),
    },
    'features',
  );
}
