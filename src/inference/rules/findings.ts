/**
 * What the rules ask of a patient beyond the feature dictionary: complaints, flags, history, care given, and what is planned.
 *
 * Ids are stable. A record whose `feature` is one of these ids answers it; yes and no are 1 and 0, in unit `1`.
 */

import { ArgumentError } from '../../model/index.ts';
import { CARE, ORDERS } from './vocabulary/care.ts';
import type { Finding } from './vocabulary/define.ts';
import { FLAGS } from './vocabulary/flags.ts';
import { STATE } from './vocabulary/state.ts';

export type { Finding, FindingCode } from './vocabulary/define.ts';

/** Everything the rules need that the feature dictionary does not hold. */
export const FINDINGS: readonly Finding[] = [...FLAGS, ...STATE, ...CARE, ...ORDERS];

const BY_ID = new Map(FINDINGS.map((finding) => [finding.id, finding]));

/** The finding of an id, or undefined when the vocabulary does not hold it. */
export function findFinding(id: string): Finding | undefined {
  return BY_ID.get(id);
}

/**
 * The finding of an id.
 * @throws ArgumentError the vocabulary does not hold it
 */
export function findingOf(id: string): Finding {
  const finding = BY_ID.get(id);
  if (!finding) throw new ArgumentError('finding', id, 'an id of the rule vocabulary');
  return finding;
}
