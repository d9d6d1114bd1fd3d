/** Reads JSON files: our envelopes, Slicer markups, and any other document as it is. */

import type { ArtifactDraft, ReadItem, ReadOptions, SourceFile } from '../../model/index.ts';
import { messageOf } from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { fileError, MAX_TEXT_BYTES, stemOf } from '../bytes.ts';
import { ownChoice } from '../report.ts';
import { isEnvelope, parseEnvelope } from './envelope.ts';
import { isMarkups, parseMarkups } from './markups.ts';

/** Deepest nesting of a document; deeper is no record of anything. */
const MAX_DEPTH = 200;

const MODALITY: Record<string, string> = { document: 'document', table: 'table', record: 'record', graph: 'document' };

/**
 * Reads a document.
 * @throws MsdtError what is wrong, where, and what to do
 */
export async function readJson(file: SourceFile, options: ReadOptions): Promise<ReadItem> {
  const bytes = await readWhole(file, MAX_TEXT_BYTES);
  const json = parseJson(bytes, file.name);
  const stem = stemOf(file.name, ['.json', '.mrk.json']);
  const draft = draftOf(json, stem, file.name, options);
  const modality = MODALITY[draft.kind.split('.')[0]] ?? 'keypoints';
  return { modality, artifacts: [draft], files: [file.name], quality: [], metadata: { format: 'JSON' } };
}

function draftOf(json: unknown, stem: string, file: string, options: ReadOptions): ArtifactDraft {
  if (isEnvelope(json)) {
    const found = parseEnvelope(json);
    if ('wrong' in found) throw wrong(file, found.wrong);
    return { kind: found.kind, payload: found.payload, name: found.name ?? stem } as ArtifactDraft;
  }
  if (isMarkups(json)) {
    const payload = parseMarkups(json);
    if ('wrong' in payload) throw wrong(file, payload.wrong);
    const kind =
      ownChoice(options.choices, 'kind', ['landmarks.keypoints', 'landmarks.vertebra']) ?? 'landmarks.keypoints';
    return { kind, payload, name: stem };
  }
  return { kind: 'document', payload: json, name: stem };
}

/**
 * Parses UTF-8 JSON of bounded depth.
 * @param line - of a file that holds one document a line, counted from 1
 * @throws MsdtError `file.malformed`, `file.truncated`, `file.unsafe`
 */
export function parseJson(bytes: Uint8Array, file: string, line?: number): unknown {
  const inLine = line === undefined ? '' : `line ${line}, `;
  const closed = checkNesting(bytes, file, inLine);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    const message = messageOf(cause);
    throw fileError(closed ? 'file.malformed' : 'file.truncated', file, 'The JSON is not right', {
      place: inLine + (closed ? (/(position|column) \d+/.exec(message)?.[0] ?? 'text') : `byte ${bytes.length}`),
      detail: message.slice(0, 200),
      hint: 'The file is damaged or cut short: export it again, as UTF-8.',
      cause,
    });
  }
}

/** Counts brackets outside of strings, so that nothing later runs out of stack; true when all are closed again. */
function checkNesting(bytes: Uint8Array, file: string, inLine: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inString) {
      if (byte === 92) at++;
      else if (byte === 34) inString = false;
    } else if (byte === 34) inString = true;
    else if (byte === 91 || byte === 123) {
      if (++depth <= MAX_DEPTH) continue;
      throw fileError('file.unsafe', file, 'The JSON is nested too deeply', {
        place: `${inLine}byte ${at}`,
        detail: `more than ${MAX_DEPTH} levels`,
        hint: 'No record looks like this: check where the file comes from.',
      });
    } else if (byte === 93 || byte === 125) depth--;
  }
  return depth <= 0 && !inString;
}

function wrong(file: string, detail: string) {
  const [place] = detail.split(':');
  return fileError('file.malformed', file, 'The document is not what it says it is', {
    place,
    detail,
    hint: 'It was edited by hand or written by another version: export it again.',
  });
}
