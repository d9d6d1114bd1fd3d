/**
 * Two times on everything: when it was true of the patient (valid) and when the twin knew it (known).
 *
 * A time without a zone is read as UTC, so that the same twin gives the same answer on every machine.
 */

import { ArgumentError } from '../model/index.ts';

/** A question about the past; ISO 8601, a bare date means to the end of that day. */
export interface AsOf {
  /** what was true of the patient by then */
  validAt?: string;
  /** what the twin knew by then */
  knownAt?: string;
}

const ISO = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):?(\d{2})(?::?(\d{2})(?:\.(\d+))?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/;

/** First instant that an ISO 8601 text covers · ms since 1970. */
export function startOfTime(text: string): number {
  return bounds(text)[0];
}

/** Last millisecond that an ISO 8601 text covers: a bare date covers its whole day. */
export function endOfTime(text: string): number {
  return bounds(text)[1] - 1;
}

/** True when `text` is a time this module understands. */
export function isIsoTime(text: string): boolean {
  return ISO.test(text) && Number.isFinite(startOfTime(text));
}

function bounds(text: string): [number, number] {
  const match = ISO.exec(text);
  if (!match) throw new ArgumentError('time', text, 'ISO 8601, such as 2026-03-02 or 2026-03-02T09:30:00Z');
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const parts = [year, month, day, hour, minute, second].map((part) => (part === undefined ? undefined : Number(part)));
  const [y, mo = 1, d = 1, h = 0, mi = 0, s = 0] = parts;
  const ms = fraction ? Math.floor(Number(`0.${fraction}`) * 1000) : 0;
  const start = Date.UTC(y as number, mo - 1, d, h, mi, s, ms) - zoneMs(zone);
  if (month === undefined) return [start, Date.UTC((y as number) + 1, 0, 1)];
  if (day === undefined) return [start, Date.UTC(y as number, mo, 1)];
  if (hour === undefined) return [start, start + 86_400_000];
  if (second === undefined) return [start, start + 60_000];
  return [start, start + (fraction ? 1 : 1000)];
}

function zoneMs(zone: string | undefined): number {
  if (!zone || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone[0] === '-' ? -minutes : minutes) * 60_000;
}

/** What carries both times. */
export interface Timed {
  /** valid time: artifacts and acquisitions call it `takenAt` */
  validAt?: string;
  knownAt: string;
}

/**
 * True when something was true of the patient by a valid time.
 *
 * Where the source gives no valid time (or one that cannot be read) the known time stands in: what the twin had heard of
 * by then was certainly measured by then.
 */
export function validBy(item: Timed, validAt: string | undefined): boolean {
  if (validAt === undefined) return true;
  const when = item.validAt !== undefined && isIsoTime(item.validAt) ? item.validAt : item.knownAt;
  return startOfTime(when) <= endOfTime(validAt);
}
