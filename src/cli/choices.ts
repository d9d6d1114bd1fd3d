/** The choices of a command line: `-c name=value`; a channel mapping may be named by its file, or as it was saved. */

import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { isMsdtError, MsdtError } from '../model/index.ts';
import { isProfileText, parseTableProfile, withNamedProfile } from '../runtime/index.ts';
import { type DataOptions, withEngine } from './engine.ts';
import { splitPair } from './terminal.ts';

/** A mapping is a few kilobytes; what is larger was meant as something else · bytes */
const MOST_PROFILE_BYTES = 1 << 20;

/**
 * Choices, with the file of a channel mapping read in. A name of a saved one stays a name.
 * @throws MsdtError `parameter.invalid` the file holds no channel mapping
 */
export async function readChoices(pairs: readonly string[]): Promise<Record<string, string>> {
  const choices: Record<string, string> = Object.fromEntries(pairs.map(splitPair));
  if (choices.profile === undefined || isProfileText(choices.profile)) return choices;
  const file = await stat(choices.profile).catch(() => undefined);
  if (!file?.isFile()) {
    if (!/\.json$|[\\/]/i.test(choices.profile)) return choices;
    throw new MsdtError('file.unreadable', `Cannot open the channel mapping ${choices.profile}`, {
      where: { file: choices.profile },
      hint: 'Check the path; a saved mapping is given by its name, without ".json".',
    });
  }
  const name = basename(choices.profile);
  if (file.size > MOST_PROFILE_BYTES)
    throw new MsdtError('parameter.invalid', `${name} is too large for a channel mapping`, {
      where: { file: name },
      hint: 'Give the JSON file of the mapping, not the recording.',
    });
  return { ...choices, profile: JSON.stringify(parseTableProfile(await readFile(choices.profile, 'utf8'), name)) };
}

/**
 * The same for commands without a twin: a saved name is looked up in the data folder.
 * @throws MsdtError `store.not-found`, `store.locked`
 */
export async function readNamedChoices(
  pairs: readonly string[],
  options: DataOptions,
): Promise<Record<string, string>> {
  const choices = await readChoices(pairs);
  if (choices.profile === undefined || isProfileText(choices.profile)) return choices;
  try {
    return await withEngine(options, (engine) => withNamedProfile(engine.store.profiles, choices));
  } catch (error) {
    if (!isMsdtError(error, 'store.locked')) throw error;
    throw new MsdtError('store.locked', `The saved channel mapping "${choices.profile}" cannot be looked up now`, {
      detail: error.message,
      hint: 'Another msdt has the data folder open: stop it, or download the mapping from its form and give the file.',
      cause: error,
    });
  }
}
