/** Writes JSON text: indented where it is small, in one line where it is not. */

import { ArgumentError, type WrittenFile } from '../../model/index.ts';
import { fileNameOf, utf8 } from '../bytes.ts';

/** Above so many characters indentation only costs space. */
const INDENT_BELOW = 200_000;

/**
 * The file.
 * @throws ArgumentError the value cannot be JSON
 */
export function writeText(value: unknown, name: string, ending: string): WrittenFile {
  const line = JSON.stringify(value);
  if (line === undefined) throw new ArgumentError('payload', typeof value, 'a value JSON can hold');
  const text = line.length < INDENT_BELOW ? JSON.stringify(value, null, 1) : line;
  return { name: `${fileNameOf(name)}${ending}`, bytes: utf8(`${text}\n`), mediaType: 'application/json' };
}
