/** Tables that wait for somebody to say what their columns are. */

import { create } from 'zustand';
import type { WireTableLook } from '../../../contract/index.ts';
import { call } from '../../state/client.ts';
import type { GivenFile } from '../../state/dropped-files.ts';
import { openSheet } from '../../state/overlays.ts';
import { startUpload } from '../../state/uploads.ts';

export interface OpenMapping {
  /** the first is shown; all are read with the mapping */
  files: readonly GivenFile[];
  twin: string | undefined;
}

export const useMapping = create<{ open: OpenMapping | undefined }>(() => ({ open: undefined }));

export function openMapping(files: readonly GivenFile[], twin: string | undefined): void {
  useMapping.setState({ open: { files, twin } });
}

export function closeMapping(): void {
  useMapping.setState({ open: undefined });
}

/** Bytes of a table that are looked at */
const HEAD_BYTES = 128 * 1024;
/** Rows below which a table of numbers is taken for a list and not for a recording */
const RECORDING_ROWS = 8;
const MOST_TABLES = 200;
/** Tables of one drop that are compared */
const LOOKED_AT = 3;

function isTableFile({ name }: GivenFile): boolean {
  return /\.(csv|tsv|txt)$/i.test(name);
}

/** The beginning of a file as the server takes it. */
export async function headOfFile({ file }: GivenFile): Promise<string> {
  const bytes = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

export async function lookAt(
  given: GivenFile,
  head: string,
  profile?: unknown,
  signal?: AbortSignal,
): Promise<WireTableLook> {
  return call('lookAtTable', { body: { name: given.name, bytes: given.file.size, head, profile } }, signal);
}

function isUnknownRecording({ plain, columns, rows }: WireTableLook): boolean {
  return plain && columns.length >= 2 && rows.length >= RECORDING_ROWS;
}

/** A table with a column of dates whose other columns say too little to be read by themselves. */
function isUnknownRecord({ plain, record }: WireTableLook): boolean {
  return plain && record?.likely === true && record.names.length >= 2;
}

/**
 * Takes tables of samples or facts that nothing is known of, and asks what they are.
 * @returns false where the files can be read as they are
 */
export async function offerMapping(files: readonly GivenFile[], twin: string | undefined): Promise<boolean> {
  if (files.length > MOST_TABLES || !files.every(isTableFile)) return false;
  try {
    const looks = await Promise.all(
      files.slice(0, LOOKED_AT).map(async (file) => lookAt(file, await headOfFile(file))),
    );
    if (!looks.every(isUnknownRecording) && !looks.every(isUnknownRecord)) return false;
    // one mapping is asked for: tables of several kinds are read as they are
    if (new Set(looks.map(({ columns, record }) => JSON.stringify([columns, record?.names]))).size > 1) return false;
  } catch {
    // what cannot be looked at is told when it is read
    return false;
  }
  openMapping(files, twin);
  return true;
}

/** Sends files on their way: into the twin on the screen, or into one that is about to be made. */
export function giveFiles(
  files: readonly GivenFile[],
  twin: string | undefined,
  choices?: Record<string, string>,
): void {
  if (twin) startUpload(twin, [...files], choices);
  else openSheet({ newTwin: files, choices });
}
