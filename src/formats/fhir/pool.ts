/** Resources of a file, each with its place: one resource, a bundle, bundles in bundles, or one resource a line. */

import type { SourceFile } from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { fileError, hasExtension, MAX_TEXT_BYTES } from '../bytes.ts';
import { parseJson } from '../json/index.ts';
import { type Json, objectOf, textOf } from './json-value.ts';

/** Most resources of one file. */
const MAX_RESOURCES = 1_000_000;
const MAX_BUNDLE_DEPTH = 3;
const LINE_EXTENSIONS = ['.ndjson', '.jsonl'];

/** Space, tab and the ends of lines. */
const BLANK: ReadonlySet<number> = new Set([9, 10, 13, 32]);

/** A resource and where it stands. */
export interface Found {
  resource: Json;
  /** `entry[12]`, `line 7` */
  place: string;
  fullUrl?: string;
}

/** Everything of a file. */
export interface Pool {
  found: Found[];
  /** entries that hold no resource */
  empty: number;
}

/** True for a file that holds one resource a line. */
export function holdsLines(file: SourceFile): boolean {
  return hasExtension(file.name, LINE_EXTENSIONS);
}

/**
 * Reads the resources of a file.
 * @throws MsdtError `file.malformed`, `file.truncated`, `file.unsafe`, `file.too-large`
 */
export async function readPool(file: SourceFile, signal?: AbortSignal): Promise<Pool> {
  const bytes = await readWhole(file, MAX_TEXT_BYTES);
  const pool: Pool = { found: [], empty: 0 };
  if (holdsLines(file) || isManyLines(bytes)) {
    let line = 0;
    for (let start = 0; start < bytes.length; ) {
      if (line % 1000 === 0) signal?.throwIfAborted();
      const end = endOfLine(bytes, start);
      line++;
      const part = bytes.subarray(start, end);
      start = end + 1;
      if (part.every((byte) => BLANK.has(byte))) continue;
      addResource(pool, parseJson(part, file.name, line), { place: `line ${line}`, file: file.name, depth: 0 });
    }
  } else addResource(pool, parseJson(bytes, file.name), { place: '', file: file.name, depth: 0 });
  return pool;
}

function endOfLine(bytes: Uint8Array, start: number): number {
  const end = bytes.indexOf(10, start);
  return end < 0 ? bytes.length : end;
}

/** A whole object on the first line and another on the second. */
function isManyLines(bytes: Uint8Array): boolean {
  const end = endOfLine(bytes, 0);
  let next = end + 1;
  while (next < bytes.length && BLANK.has(bytes[next])) next++;
  return bytes[next] === 123 && /\}\s*$/.test(new TextDecoder().decode(bytes.subarray(Math.max(0, end - 8), end)));
}

interface Where {
  place: string;
  file: string;
  depth: number;
  fullUrl?: string;
}

function addResource(pool: Pool, json: unknown, { place, file, depth, fullUrl }: Where): void {
  const resource = objectOf(json);
  const type = textOf(resource?.resourceType);
  if (!resource || !type) {
    if (depth > 0) pool.empty++;
    else
      throw fileError('file.malformed', file, 'This is no FHIR resource', {
        place: place || 'resourceType',
        detail: 'the outermost object names no resourceType',
        hint: 'Export it again as a FHIR R4 bundle in JSON, or as NDJSON with one resource a line.',
      });
    return;
  }
  if (type !== 'Bundle') {
    if (pool.found.length >= MAX_RESOURCES) throw tooMany(file, place);
    pool.found.push({ resource, place: place || 'resource', ...(fullUrl !== undefined && { fullUrl }) });
    return;
  }
  if (depth >= MAX_BUNDLE_DEPTH)
    throw fileError('file.unsafe', file, 'Bundles lie in bundles too deeply', {
      place,
      detail: `more than ${MAX_BUNDLE_DEPTH} levels`,
      hint: 'No export looks like this: check where the file comes from.',
    });
  if (resource.entry !== undefined && !Array.isArray(resource.entry))
    throw fileError('file.malformed', file, 'The bundle is not right', {
      place: `${place}${place && '.'}entry`,
      detail: 'a list of entries is needed',
      hint: 'Export it again as a FHIR R4 bundle in JSON.',
    });
  for (const [index, entry] of ((resource.entry as unknown[] | undefined) ?? []).entries()) {
    const inside = objectOf(entry);
    const where = `${place}${place && '.'}entry[${index}]`;
    addResource(pool, inside?.resource, { place: where, file, depth: depth + 1, fullUrl: textOf(inside?.fullUrl) });
  }
}

function tooMany(file: string, place: string) {
  return fileError('file.too-large', file, 'The file holds more resources than this program opens', {
    place,
    detail: `at most ${MAX_RESOURCES}`,
    hint: 'Split it, or export one patient at a time.',
  });
}
