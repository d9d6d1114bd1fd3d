/** Words of ours that an assessment in FHIR is written with: code systems, extensions, texts without a field of their own. */

import { type Json, objectsOf, textOf } from '../json-value.ts';

/** Local code systems, identifiers and extensions of an assessment. */
export const LOCAL_ASSESSMENT = {
  id: 'urn:msdt:assessment',
  engine: 'urn:msdt:inference-engine',
  model: 'urn:msdt:model',
  risk: 'urn:msdt:risk',
  outcome: 'urn:msdt:outcome',
  dictionary: 'urn:msdt:dictionary',
  source: 'urn:msdt:source',
  rule: 'urn:msdt:rule',
  finding: 'urn:msdt:finding',
  suggestion: 'urn:msdt:suggestion',
  graph: 'graph.patient',
  interval: 'urn:msdt:extension:interval',
  content: 'urn:msdt:extension:content',
} as const;

/** What a resource has no field for, as JSON in one extension. */
export function contentExtension(content: object): Json {
  return { url: LOCAL_ASSESSMENT.content, valueString: JSON.stringify(content) };
}

/** What `contentExtension` wrote; undefined where there is none or it is no JSON. */
export function contentOf(resource: Json): Json | undefined {
  const text = textOf(objectsOf(resource.extension).find(({ url }) => url === LOCAL_ASSESSMENT.content)?.valueString);
  try {
    const content: unknown = text === undefined ? undefined : JSON.parse(text);
    return objectsOf(content)[0];
  } catch {
    return undefined;
  }
}

/** Canonical address of a rule, with the version of the engine that holds it. */
export function ruleCanonical(rule: string, version: number): string {
  return `${LOCAL_ASSESSMENT.rule}:${rule}|${version}`;
}
