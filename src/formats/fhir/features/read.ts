/** Features out of a bundle that `featureBundle` wrote. */

import { type Feature, POSTURES, UNIT_TEXT, type Unit } from '../../../model/index.ts';
import { defined, type Json, numberOf, objectOf, objectsOf, textOf } from '../json-value.ts';
import { factFrom, LOCAL_FEATURE, uncertaintyFrom } from './extensions.ts';

/**
 * The features of a bundle; observations of other makers are passed over.
 * @param bundle - parsed JSON
 */
export function featuresFrom(bundle: unknown): Feature[] {
  return objectsOf(objectOf(bundle)?.entry).flatMap(({ resource }) => {
    const observation = objectOf(resource);
    const feature = observation?.resourceType === 'Observation' ? featureFrom(observation) : undefined;
    return feature ? [feature] : [];
  });
}

function featureFrom(observation: Json): Feature | undefined {
  const definition = codeIn(observation.code, LOCAL_FEATURE.definition)?.code;
  const id = textOf(objectsOf(observation.identifier).find(({ system }) => system === LOCAL_FEATURE.id)?.value);
  const maker = codeIn(observation.method, LOCAL_FEATURE.capability);
  const { unit: unitCode, run, ...origin } = factFrom(observation);
  const unit = Object.keys(UNIT_TEXT).find((known) => known === unitCode) as Unit | undefined;
  const knownAt = textOf(observation.issued);
  const capability = textOf(maker?.code);
  if (!id || typeof definition !== 'string' || !unit || !run || !capability || !knownAt) return undefined;
  const context = (code: string) =>
    objectsOf(observation.component).find((component) => codeIn(component.code, LOCAL_FEATURE.context)?.code === code);
  const chosen = (code: string) => textOf(codeIn(context(code)?.valueCodeableConcept, `urn:msdt:${code}`)?.code);
  const posture = POSTURES.find((known) => known === chosen('posture'));
  const number = numberOf(objectOf(observation.valueQuantity)?.value);
  return defined({
    id,
    definition,
    ...origin,
    run,
    unit,
    task: chosen('task'),
    window: windowFrom(context('window')),
    value: number ?? textOf(objectOf(observation.valueCodeableConcept)?.text) ?? null,
    missing: textOf(objectOf(observation.dataAbsentReason)?.text),
    uncertainty: uncertaintyFrom(observation),
    posture,
    quality: numberOf(objectOf(context('quality')?.valueQuantity)?.value) ?? 0,
    method: textOf(objectOf(observation.method)?.text) ?? '',
    capability,
    version: Number(maker?.version ?? 0),
    validAt: textOf(observation.effectiveDateTime),
    knownAt,
  }) as Feature;
}

function codeIn(concept: unknown, system: string): Json | undefined {
  return objectsOf(objectOf(concept)?.coding).find((coding) => coding.system === system);
}

function windowFrom(component: Json | undefined): Feature['window'] {
  const range = objectOf(component?.valueRange);
  const [startS, endS] = [range?.low, range?.high].map((end) => numberOf(objectOf(end)?.value));
  const label = textOf(objectOf(component?.code)?.text);
  return label && startS !== undefined && endS !== undefined ? { label, startS, endS } : undefined;
}
