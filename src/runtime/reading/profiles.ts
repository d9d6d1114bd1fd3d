/** The choice `profile`: a mapping of a table as JSON, or the name under which one was saved. */

import { checkRecordProfile, isRecordProfileText, parseRecordProfile } from '../../formats/record-csv/index.ts';
import { checkProfile, parseProfile } from '../../formats/signal-csv/index.ts';
import { MsdtError, type TableProfile } from '../../model/index.ts';
import type { ProfileStore } from '../../twin/index.ts';

/**
 * Checks a mapping: of a record where it says so, else of the channels of a recording.
 * @param from - where it came from, for messages
 * @throws MsdtError `parameter.invalid` with the place inside it
 */
export function checkTableProfile(document: unknown, from: string): TableProfile {
  const record = typeof document === 'object' && document !== null && 'of' in document && document.of === 'record';
  return record ? checkRecordProfile(document, from) : checkProfile(document, from);
}

/** As `checkTableProfile`, from JSON text. */
export function parseTableProfile(text: string, from: string): TableProfile {
  return isRecordProfileText(text) ? parseRecordProfile(text, from) : parseProfile(text, from);
}

/** True where a choice is a mapping itself and no name of one. */
export function isProfileText(choice: string): boolean {
  return choice.trimStart().startsWith('{');
}

/**
 * Choices with a named mapping put in full.
 * @throws MsdtError `store.not-found` nothing was saved under the name
 */
export async function withNamedProfile(
  profiles: Pick<ProfileStore, 'get' | 'list'>,
  choices: Record<string, string>,
): Promise<Record<string, string>> {
  const { profile: choice } = choices;
  if (choice === undefined || isProfileText(choice)) return choices;
  const saved = await profiles.get(choice);
  if (saved) return { ...choices, profile: JSON.stringify(saved.profile) };
  const names = (await profiles.list()).map(({ name }) => name);
  throw new MsdtError('store.not-found', `There is no saved channel mapping "${choice.slice(0, 120)}"`, {
    detail: names.length > 0 ? `saved are ${names.slice(0, 20).join(', ')}` : 'none is saved yet',
    hint: 'Save one from the form "Map columns", or give a JSON file.',
  });
}
