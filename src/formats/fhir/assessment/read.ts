/** An assessment out of a bundle that `featureBundle` wrote with one in it. */

import type { Ask, Assessment, HorizonRisk, PatientGraph, Suggestion } from '../../../model/index.ts';
import { type Json, numberOf, objectOf, objectsOf, textOf } from '../json-value.ts';
import { contentOf, LOCAL_ASSESSMENT } from './terms.ts';

/**
 * The assessment of a bundle of ours, whole; undefined where the bundle holds none, or one of another maker.
 * @param bundle - parsed JSON
 */
export function assessmentFrom(bundle: unknown): Assessment | undefined {
  const resources = objectsOf(objectOf(bundle)?.entry).flatMap(({ resource }) => objectsOf(resource));
  const of = (type: string) => resources.filter(({ resourceType }) => resourceType === type);
  const written = of('RiskAssessment').find((one) => identifierOf(one, LOCAL_ASSESSMENT.id) !== undefined);
  const content = written && contentOf(written);
  const graph = graphFrom(of('DocumentReference'));
  const indexDate = textOf(written?.occurrenceDateTime);
  if (!written || content?.schemaVersion !== 1 || !graph || !indexDate) return undefined;
  const { risk, challenger, settingChosen, ...rest } = content;
  const model = objectsOf(objectOf(written.method)?.coding).find(({ system }) => system === LOCAL_ASSESSMENT.model);
  const guidance = of('GuidanceResponse');
  return {
    ...rest,
    indexDate,
    settingChosen: settingChosen === true,
    ...(objectOf(challenger) && { challenger }),
    risk: {
      ...objectOf(risk),
      model: { id: textOf(model?.code) ?? '', version: Number(model?.version) },
      caution: textOf(objectsOf(written.note)[0]?.text) ?? '',
      horizons: objectsOf(written.prediction).flatMap(horizonFrom),
    },
    suggestions: guidance.flatMap(suggestionFrom),
    asks: guidance.flatMap(askFrom),
    graph,
    synthetic: graph.synthetic,
  } as unknown as Assessment;
}

function identifierOf(resource: Json, system: string): string | undefined {
  return textOf(objectsOf(resource.identifier).find((identifier) => identifier.system === system)?.value);
}

function horizonFrom(prediction: Json): HorizonRisk[] {
  const fields = objectsOf(
    objectsOf(prediction.extension).find(({ url }) => url === LOCAL_ASSESSMENT.interval)?.extension,
  );
  const number = (name: string) => numberOf(fields.find(({ url }) => url === name)?.valueDecimal) ?? Number.NaN;
  const range = objectOf(prediction.whenRange);
  const [from, to] = [range?.low, range?.high].map((end) => numberOf(objectOf(end)?.value));
  const horizon = (['0-12', '0-6', '6-12'] as const).find((known) => known === `${from}-${to}`);
  if (!horizon) return [];
  const [probability, low, high, expected] = ['probability', 'low', 'high', 'expected'].map(number);
  return [{ horizon, probability, low, high, expected }];
}

function suggestionFrom(guidance: Json): Suggestion[] {
  const id = identifierOf(guidance, LOCAL_ASSESSMENT.suggestion);
  const rule = /^urn:msdt:rule:([^|]+)\|/.exec(String(guidance.moduleCanonical))?.[1];
  const content = contentOf(guidance);
  if (!id || !rule || !content) return [];
  return [{ ...content, id, rule, detail: noteOf(guidance) } as unknown as Suggestion];
}

function askFrom(guidance: Json): Ask[] {
  const finding = identifierOf(guidance, LOCAL_ASSESSMENT.finding);
  const content = contentOf(guidance);
  return finding && content ? [{ ...content, finding, question: noteOf(guidance) } as unknown as Ask] : [];
}

function noteOf(resource: Json): string {
  return textOf(objectsOf(resource.note)[0]?.text) ?? '';
}

function graphFrom(documents: readonly Json[]): PatientGraph | undefined {
  const document = documents.find(({ type }) =>
    objectsOf(objectOf(type)?.coding).some(({ code }) => code === LOCAL_ASSESSMENT.graph),
  );
  const data = textOf(objectOf(objectsOf(document?.content)[0]?.attachment)?.data);
  if (!data) return undefined;
  try {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    return objectOf(JSON.parse(new TextDecoder().decode(bytes))) as PatientGraph | undefined;
  } catch {
    return undefined;
  }
}
