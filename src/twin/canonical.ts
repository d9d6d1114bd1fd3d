/** One text per value, whatever order its keys came in: what ids are hashed from and what is compared for equality. */

import { ArgumentError } from '../model/index.ts';
import { sha256Hex } from './sha256.ts';

/** Data as JSON can hold it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * JSON with keys sorted by code unit, no blanks, numbers in their shortest exact form and -0 as 0 (RFC 8785).
 * Keys whose value is undefined are left out.
 * @throws ArgumentError a value that JSON cannot hold: NaN, an infinity, a function, a class instance
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$');
}

/** SHA-256 of the canonical JSON of a value. */
export function hashOf(value: unknown): string {
  return sha256Hex(canonicalJson(value));
}

function write(value: unknown, at: string): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new ArgumentError(at, value, 'a finite number');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item, i) => write(item, `${at}[${i}]`)).join(',')}]`;
  if (typeof value === 'object' && isPlain(value)) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${write(item, `${at}.${key}`)}`).join(',')}}`;
  }
  throw new ArgumentError(at, value, 'plain JSON');
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
