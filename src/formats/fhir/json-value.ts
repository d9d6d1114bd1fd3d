/** Careful steps into JSON of unknown content: what is not as expected is absent. */

/** A JSON object. */
export type Json = { [key: string]: unknown };

/** The value as an object, or undefined. */
export function objectOf(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

/** The objects of a list; a single object counts as a list of one, anything else as none. */
export function objectsOf(value: unknown): Json[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map(objectOf).filter((entry) => entry !== undefined);
}

/** A text that is not empty, or undefined. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** A finite number, or undefined. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

const TIME = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/**
 * A date or time of FHIR, as precise as it is given, or undefined.
 * @example timeOf('2001-05') // '2001-05'
 * @example timeOf('next week') // undefined
 */
export function timeOf(value: unknown): string | undefined {
  return typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;
}

/** The object without its undefined fields. */
export function defined<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
