/** The feature dictionary: evidence rows and what the engine makes of them. */

import { ArgumentError } from '../../model/index.ts';
import { CLINICAL } from './clinical.ts';
import type { FeatureEntry } from './entry.ts';
import { FUNCTION } from './function.ts';
import { IMAGING } from './imaging.ts';

export { WINDOW_DAYS } from './define.ts';
export * from './entry.ts';
export { SETTINGS, type Setting, settingOf } from './settings.ts';
export { KNOWLEDGE, KNOWLEDGE_VERSION, type KnowledgeRow } from './table.ts';

/** Every feature the engine knows, in the order of the dictionary. */
export const DICTIONARY: readonly FeatureEntry[] = [...CLINICAL, ...IMAGING, ...FUNCTION];

const BY_ID = new Map(DICTIONARY.map((entry) => [entry.id, entry]));

/** The entry of a feature, or undefined when the dictionary does not know it. */
export function findEntry(id: string): FeatureEntry | undefined {
  return BY_ID.get(id);
}

/**
 * The entry of a feature.
 * @throws ArgumentError the dictionary does not know it
 */
export function entryOf(id: string): FeatureEntry {
  const entry = BY_ID.get(id);
  if (!entry) throw new ArgumentError('feature', id, 'an id of the feature dictionary');
  return entry;
}
