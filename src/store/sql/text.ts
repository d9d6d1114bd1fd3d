/** What PostgreSQL's text and jsonb cannot hold: zero characters and halves of surrogate pairs. Both become U+FFFD. */

/** A copy of a JSON value with such characters replaced; undefined members are left out. */
export function storable<T>(value: T): T {
  return clean(value) as T;
}

/** The JSON text of a value, ready for a jsonb column. */
export function toJsonb(value: unknown): string {
  return JSON.stringify(clean(value));
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? mend(value) : value;
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(entries.map(([key, item]) => [mend(key), clean(item)]));
  }
  return value;
}

function mend(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
