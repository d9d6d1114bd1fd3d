/** Sets of codes of public systems, and whether a concept of a record is among them. */

import type { Concept } from '../../model/index.ts';

/**
 * Codes that mean one thing. ICD-10, ICD-10-PCS and ATC codes stand for all that begin with them, the others for themselves.
 * `except` takes ICD-10 beginnings out again; `words` are ingredients as RxNorm spells them in its names.
 */
export interface CodeSet {
  snomed?: readonly string[];
  loinc?: readonly string[];
  icd10?: readonly string[];
  except?: readonly string[];
  pcs?: readonly string[];
  /** codes only: their texts are under licence */
  cpt?: readonly string[];
  atc?: readonly string[];
  rxnorm?: readonly string[];
  words?: readonly string[];
}

/** Systems of codes, by the addresses they go by. */
export type CodeFamily = 'snomed' | 'loinc' | 'icd10' | 'pcs' | 'cpt' | 'atc' | 'rxnorm' | 'local' | 'other';

/** Local code system of features and findings: what has no public code. */
export const LOCAL_SYSTEM = 'urn:msdt:feature';

const FAMILIES: readonly (readonly [RegExp, CodeFamily])[] = [
  [/^http:\/\/snomed\.info\/sct/, 'snomed'],
  [/^https?:\/\/loinc\.org/, 'loinc'],
  [/icd-?10-?pcs|cms\.gov\/medicare\/coding\/icd10|2\.16\.840\.1\.113883\.6\.4$/i, 'pcs'],
  [/sid\/icd-10|icd-?10-?(cm|gm|am|ca)?$|2\.16\.840\.1\.113883\.6\.(3|90)$/i, 'icd10'],
  [/ama-assn\.org\/go\/cpt|2\.16\.840\.1\.113883\.6\.12$/i, 'cpt'],
  [/whocc\.no\/atc|\/atc$|2\.16\.840\.1\.113883\.6\.73$/i, 'atc'],
  [/nlm\.nih\.gov\/research\/umls\/rxnorm|2\.16\.840\.1\.113883\.6\.88$/i, 'rxnorm'],
  [/^urn:msdt:feature$/, 'local'],
];

/**
 * The family of a code system.
 * @example codeFamily('http://hl7.org/fhir/sid/icd-10-cm') // 'icd10'
 * @example codeFamily('http://example.org/own') // 'other'
 */
export function codeFamily(system: string): CodeFamily {
  return FAMILIES.find(([pattern]) => pattern.test(system))?.[1] ?? 'other';
}

/**
 * The code of a concept that is in the set, as `ICD10 M48.062`, or undefined.
 * @example matchOf({ codings: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'M54.16' }] }, { icd10: ['M54.1'], except: ['M54.12'] }) // 'ICD10 M54.16'
 */
export function matchOf(concept: Concept | undefined, set: CodeSet): string | undefined {
  for (const { system, code, display } of concept?.codings ?? []) {
    const family = codeFamily(system);
    if (isIn(family, code, display, set)) return `${family.toUpperCase()} ${code}`;
  }
  return undefined;
}

function isIn(family: CodeFamily, code: string, display: string | undefined, set: CodeSet): boolean {
  if (family === 'icd10') return begins(code, set.icd10) && !begins(code, set.except);
  if (family === 'pcs') return begins(code, set.pcs);
  if (family === 'atc') return begins(code, set.atc);
  if (family === 'rxnorm') return (set.rxnorm?.includes(code) ?? false) || names(display, set.words);
  if (family === 'snomed' || family === 'loinc' || family === 'cpt') return set[family]?.includes(code) ?? false;
  return false;
}

/** ICD-10 is written with and without its dot. */
function begins(code: string, list: readonly string[] | undefined): boolean {
  const plain = code.replaceAll('.', '').toUpperCase();
  return list?.some((known) => plain.startsWith(known.replaceAll('.', ''))) ?? false;
}

function names(display: string | undefined, words: readonly string[] | undefined): boolean {
  const text = display?.toLowerCase() ?? '';
  return words?.some((word) => text.includes(word)) ?? false;
}
