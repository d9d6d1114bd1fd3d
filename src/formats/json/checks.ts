/** Checks of single JSON values; what is not right is thrown with its path. */

/** The path of the first thing that is not right, and what is needed there. */
export class Wrong extends Error {}

/** A JSON object. */
export type Json = Record<string, unknown>;

/**
 * An object, or the path of what is not one.
 * @throws Wrong
 */
export function objectAt(value: unknown, path: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new Wrong(`${path}: an object is needed`);
}

/**
 * A list, or the path of what is not one.
 * @throws Wrong
 */
export function listAt(value: unknown, path: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw new Wrong(`${path}: a list is needed`);
}

/**
 * A finite number, or the path of what is not one.
 * @throws Wrong
 */
export function numberAt(value: unknown, path: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new Wrong(`${path}: a number is needed`);
}

/**
 * A text, or the path of what is not one.
 * @throws Wrong
 */
export function textAt(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  throw new Wrong(`${path}: a text is needed`);
}
