/**
 * Values as JSON that a person can read and that comes back exactly: typed arrays keep their type, -0 its sign, infinities
 * are numbers too large for any parser (1e999), and NaN, which JSON lacks, is spelled out.
 */

import { ArgumentError, MsdtError, messageOf } from '../../model/index.ts';

const ARRAYS = {
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
} as const;
type ArrayName = keyof typeof ARRAYS;

/** The text; two blanks of indent, lists of numbers on one line. */
export function toPlainJson(value: unknown): string {
  return `${write(value, '', '$')}\n`;
}

/** @throws MsdtError `store.damaged` the text is not what `toPlainJson` writes */
export function fromPlainJson(text: string, file: string): unknown {
  try {
    return revive(JSON.parse(text));
  } catch (cause) {
    throw new MsdtError('store.damaged', 'A stored document cannot be read', {
      where: { file },
      detail: messageOf(cause),
      hint: 'Restore the data folder from its backup, or run the capability again.',
      cause,
    });
  }
}

function write(value: unknown, indent: string, at: string): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return writeNumber(value);
  if (ArrayBuffer.isView(value)) return writeTyped(value, at);
  if (Array.isArray(value)) return writeList(value, indent, at);
  if (
    typeof value === 'object' &&
    (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null)
  )
    return writeObject(value as Record<string, unknown>, indent, at);
  throw new ArgumentError(at, value, 'data: text, numbers, lists, objects and typed arrays');
}

function writeNumber(value: number): string {
  if (Number.isNaN(value)) return '{ "$number": "NaN" }';
  if (!Number.isFinite(value)) return value > 0 ? '1e999' : '-1e999';
  return Object.is(value, -0) ? '-0' : JSON.stringify(value);
}

function writeTyped(value: ArrayBufferView, at: string): string {
  const name = Object.keys(ARRAYS).find((key) => value.constructor.name === key);
  if (!name) throw new ArgumentError(at, value, `one of ${Object.keys(ARRAYS).join(', ')}`);
  const numbers = Array.from(value as unknown as ArrayLike<number>, writeNumber);
  return `{ "$array": "${name}", "values": [${numbers.join(', ')}] }`;
}

function writeList(list: unknown[], indent: string, at: string): string {
  if (list.length === 0) return '[]';
  const inner = `${indent}  `;
  const parts = list.map((item, i) => write(item === undefined ? null : item, inner, `${at}[${i}]`));
  if (list.every((item) => typeof item === 'number')) return `[${parts.join(', ')}]`;
  return `[\n${parts.map((part) => inner + part).join(',\n')}\n${indent}]`;
}

function writeObject(value: Record<string, unknown>, indent: string, at: string): string {
  const inner = `${indent}  `;
  const parts = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => {
      const name = /^\$\$*(array|number)$/.test(key) ? `$${key}` : key;
      return `${inner}${JSON.stringify(name)}: ${write(item, inner, `${at}.${key}`)}`;
    });
  return parts.length ? `{\n${parts.join(',\n')}\n${indent}}` : '{}';
}

function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== 'object' || value === null) return value;
  const { $array, $number, values } = value as Record<string, unknown>;
  if (typeof $number === 'string') return Number($number);
  if (typeof $array === 'string' && $array in ARRAYS && Array.isArray(values))
    return ARRAYS[$array as ArrayName].from((values as unknown[]).map(revive) as number[]);
  const entries = Object.entries(value).map(([key, item]) => {
    return [/^\$\$+(array|number)$/.test(key) ? key.slice(1) : key, revive(item)] as const;
  });
  return Object.fromEntries(entries);
}
