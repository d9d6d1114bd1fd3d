/** Codes of a record whose check digit is wrong: mistyped, made up, or filed under another system. */

import { type ClinicalRecord, CODE_SYSTEM, type Coding, isLoinc, isSnomed } from '../../model/index.ts';

const CHECKS: ReadonlyMap<string, (code: string) => boolean> = new Map([
  [CODE_SYSTEM.LOINC, isLoinc],
  [CODE_SYSTEM.SNOMED, isSnomed],
]);

/**
 * LOINC and SNOMED codes that cannot be right, each once. Answer lists (LA…) and parts (LP…) of LOINC carry check digits of
 * their own and are passed over.
 */
export function impossibleCodes(record: ClinicalRecord): Coding[] {
  const found = new Map<string, Coding>();
  for (const fact of record.facts) {
    const parts = fact.parts?.flatMap(({ concept, value }) => [concept, value?.concept]) ?? [];
    const lists = [fact.category, fact.bodySite, fact.interpretation, fact.findings, fact.reason].flatMap(
      (list) => list ?? [],
    );
    for (const concept of [fact.concept, fact.value?.concept, fact.method, ...parts, ...lists]) {
      for (const coding of concept?.codings ?? []) {
        const { system, code } = coding;
        const answer = system === CODE_SYSTEM.LOINC && /^L[A-Z]/.test(code);
        if (!answer && CHECKS.get(system)?.(code) === false) found.set(`${system} ${code}`, coding);
      }
    }
  }
  return [...found.values()];
}
