/** Walks the tags of an XML file on its bytes, without building text of what lies between them. */

import { fileError, latin1 } from './bytes.ts';
import { unescapeXml } from './label-table.ts';

const LESS = 60;
const GREATER = 62;

/** Longest tag. */
const MAX_TAG_BYTES = 1 << 16;

/** One tag. */
export interface XmlTag {
  name: string;
  kind: 'open' | 'close' | 'empty';
  attributes: ReadonlyMap<string, string>;
  /** byte of its `<` and byte after its `>` */
  start: number;
  end: number;
}

/**
 * Tags in order.
 * @param last - name of a tag behind whose opening bytes are no longer XML: `AppendedData` of VTK
 * @throws MsdtError `file.malformed`, `file.truncated`
 */
export function* tagsOf(bytes: Uint8Array, file: string, last?: string): Generator<XmlTag> {
  for (let at = 0; at < bytes.length; ) {
    const start = bytes.indexOf(LESS, at);
    if (start < 0) return;
    if (bytes[start + 1] === 33 && bytes[start + 2] === 45 /* <!-- */) {
      at = commentEnd(bytes, start, file);
      continue;
    }
    const end = tagEnd(bytes, start, file);
    at = end;
    const text = latin1(bytes, start + 1, end - 1);
    if (text.startsWith('?') || text.startsWith('!')) continue;
    const tag = parseTag(text, start, end);
    if (!tag) throw notXml(file, start);
    yield tag;
    if (tag.name === last && tag.kind === 'open') return;
  }
}

function parseTag(text: string, start: number, end: number): XmlTag | undefined {
  const match = /^(\/?)\s*([A-Za-z_][\w.:-]*)([\s\S]*?)(\/?)$/.exec(text);
  if (!match) return undefined;
  const attributes = new Map<string, string>();
  for (const [, name, double, single] of match[3].matchAll(/([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g))
    attributes.set(name, unescapeXml(double ?? single ?? ''));
  const kind = match[1] ? 'close' : match[4] ? 'empty' : 'open';
  return { name: match[2], kind, attributes, start, end };
}

/** Byte after the `>` that closes the tag; quotes may hold one. */
function tagEnd(bytes: Uint8Array, start: number, file: string): number {
  let quote = 0;
  const most = Math.min(bytes.length, start + MAX_TAG_BYTES);
  for (let at = start + 1; at < most; at++) {
    const byte = bytes[at];
    if (quote) {
      if (byte === quote) quote = 0;
    } else if (byte === 34 || byte === 39) quote = byte;
    else if (byte === GREATER) return at + 1;
    else if (byte === LESS) throw notXml(file, start);
  }
  if (most < bytes.length) throw notXml(file, start);
  throw fileError('file.truncated', file, 'The file ends too early', {
    place: `byte ${bytes.length}`,
    detail: `the tag that begins at byte ${start} is not closed`,
    hint: 'Copy or export the file again; the last transfer was probably cut short.',
  });
}

function commentEnd(bytes: Uint8Array, start: number, file: string): number {
  for (let at = bytes.indexOf(GREATER, start); at >= 0; at = bytes.indexOf(GREATER, at + 1))
    if (bytes[at - 1] === 45 && bytes[at - 2] === 45) return at + 1;
  throw notXml(file, start);
}

function notXml(file: string, byte: number) {
  return fileError('file.malformed', file, 'The XML is not right', {
    place: `byte ${byte}`,
    hint: 'The file is damaged: export it again.',
  });
}
