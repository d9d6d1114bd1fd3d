/** Time-stamped texts of EDF+ and BDF+: when a record begins, and what was noted. */

import type { MotionEvent } from '../../model/index.ts';

const DURATION = 21;
const TEXT = 20;

/** What the texts of one record say. */
export interface RecordNotes {
  /** beginning of the record · s; absent where it is not said */
  startS?: number;
  events: MotionEvent[];
}

/**
 * Parses the annotation bytes of one data record. Lists: `+onset [21 duration] 20 text 20 … 0`.
 * @param bytes - of the annotation signal in one record
 */
export function parseAnnotations(bytes: Uint8Array): RecordNotes {
  const notes: RecordNotes = { events: [] };
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] === 0) {
      at++;
      continue;
    }
    let end = bytes.indexOf(0, at);
    if (end < 0) end = bytes.length;
    const first = bytes.indexOf(TEXT, at);
    if (first < 0 || first > end) break;
    const head = new TextDecoder().decode(bytes.subarray(at, first)).split(String.fromCharCode(DURATION));
    const timeS = Number(head[0]);
    const lengthS = head[1] === undefined ? undefined : Number(head[1]);
    const texts = new TextDecoder().decode(bytes.subarray(first + 1, end)).split(String.fromCharCode(TEXT));
    at = end + 1;
    if (!/^[+-]\d/.test(head[0]) || !Number.isFinite(timeS)) continue;
    if (texts[0] === '' && notes.startS === undefined) notes.startS = timeS;
    for (const text of texts) {
      if (text === '') continue;
      const event: MotionEvent = { label: text.slice(0, 200), timeS };
      if (lengthS !== undefined && lengthS > 0) event.endS = timeS + lengthS;
      notes.events.push(event);
    }
  }
  return notes;
}
