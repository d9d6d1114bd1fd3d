/** Notes between NIfTI header and voxels: label names of TotalSegmentator (Caret XML) and ours (JSON). */

import type { Grid, LabelEntry, VolumeKind } from '../../model/index.ts';
import { latin1, utf8 } from '../bytes.ts';
import { caretXmlOf, labelsFromCaretXml, labelsFromJson } from '../label-table.ts';

/** Extension code of plain comments; our JSON is one. */
const COMMENT_CODE = 6;

/** Code under which TotalSegmentator stores its label table. */
const TOTALSEGMENTATOR_CODE = 0;

/** Most bytes of notes that are looked at. */
export const MAX_NOTES_BYTES = 1 << 24;

/** What the notes of a header say. */
export interface HeaderNotes {
  labels: LabelEntry[];
  /** kind of the image as we wrote it */
  kind?: VolumeKind;
  /** kind of the label map as we wrote it */
  labelmapKind?: string;
  /** the grid in full precision, as we wrote it */
  grid?: Pick<Grid, 'spacing' | 'origin' | 'direction'>;
}

/**
 * Reads the notes; anything malformed among them is left out, because they are not needed to open the image.
 * @param bytes - from the extension flag (byte 348 or 540) to the voxels
 */
export function parseNotes(bytes: Uint8Array, littleEndian: boolean): HeaderNotes {
  const notes: HeaderNotes = { labels: [] };
  if (bytes.length < 4 || bytes[0] === 0) return notes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 4; at + 8 <= bytes.length; ) {
    const size = view.getInt32(at, littleEndian);
    if (size < 16 || at + size > bytes.length) break;
    readNote(bytes.subarray(at + 8, at + size), notes);
    at += size;
  }
  return notes;
}

function readNote(content: Uint8Array, notes: HeaderNotes): void {
  const end = content.indexOf(0);
  const bytes = end < 0 ? content : content.subarray(0, end);
  const start = latin1(bytes.subarray(0, 64)).trimStart();
  if (start.startsWith('{')) {
    const json = jsonOf(bytes);
    if (!json) return;
    const own = (json.msdt ?? {}) as Record<string, unknown>;
    notes.labels = labelsFromJson(json.labels) ?? labelsFromJson(json) ?? notes.labels;
    if (typeof own.kind === 'string') {
      if (/^volume\.(ct|mr|other)$/.test(own.kind)) notes.kind = own.kind as VolumeKind;
      if (/^labelmap\.[a-z]+$/.test(own.kind)) notes.labelmapKind = own.kind;
    }
    notes.grid = gridFrom(own.grid) ?? notes.grid;
  } else if (start.startsWith('<') && notes.labels.length === 0) {
    notes.labels = labelsFromCaretXml(new TextDecoder().decode(bytes));
  }
}

function jsonOf(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function gridFrom(json: unknown): HeaderNotes['grid'] {
  const { spacing, origin, direction } = (json ?? {}) as Record<string, unknown>;
  const numbers = (value: unknown, length: number): boolean =>
    Array.isArray(value) && value.length === length && value.every((v) => typeof v === 'number' && Number.isFinite(v));
  if (!numbers(spacing, 3) || !numbers(origin, 3) || !numbers(direction, 9)) return undefined;
  return { spacing, origin, direction } as HeaderNotes['grid'];
}

/**
 * The notes we write: the label table as TotalSegmentator has it, then ours with everything.
 * @returns bytes from the extension flag to the voxels, a multiple of 16 with the 348 (or 540) before them
 */
export function formatNotes(kind: string, grid: Grid, labels: readonly LabelEntry[] | undefined): Uint8Array {
  const { spacing, origin, direction } = grid;
  const own = { labels, msdt: { version: 1, kind, grid: { spacing, origin, direction } } };
  const notes = [note(COMMENT_CODE, JSON.stringify(own))];
  if (labels?.length) notes.unshift(note(TOTALSEGMENTATOR_CODE, caretXmlOf(labels)));
  const out = new Uint8Array(4 + notes.reduce((sum, part) => sum + part.length, 0));
  out[0] = 1;
  let at = 4;
  for (const part of notes) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function note(code: number, text: string): Uint8Array {
  const content = utf8(text);
  const bytes = new Uint8Array(Math.ceil((content.length + 9) / 16) * 16);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, bytes.length, true);
  view.setInt32(4, code, true);
  bytes.set(content, 8);
  return bytes;
}
