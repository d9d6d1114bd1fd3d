/** Values of a data set, decoded when asked for. */

import { type ByteSource, type DataElement, type Encoding, itemRanges, place, walkElements } from './elements.ts';
import { fileError } from './failure.ts';
import { TAG, tagText } from './tags.ts';

/** Character sets of Specific Character Set (0008,0005) that a `TextDecoder` knows under another name. */
const CHARSETS: Record<string, string> = {
  'ISO_IR 100': 'iso-8859-1',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 148': 'windows-1254',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

/** Longest text that is taken; a longer value is a sign of damage, not a name. */
const MAX_TEXT_BYTES = 1 << 16;

const SHORT_TEXT_BYTES = 128;

const NOTHING = new Uint8Array(0);

/** One data set (a file, or an item of a sequence). Reading an absent or unreadable value gives undefined, never throws. */
export class DataSet {
  readonly source: ByteSource;
  readonly encoding: Encoding;
  readonly elements: Map<number, DataElement>;
  private readonly charset: string;

  constructor(source: ByteSource, elements: Map<number, DataElement>, encoding: Encoding, charset = 'iso-8859-1') {
    this.source = source;
    this.elements = elements;
    this.encoding = encoding;
    const declared = elements.has(TAG.SpecificCharacterSet) ? this.asciiParts(TAG.SpecificCharacterSet) : undefined;
    this.charset = declared ? charsetOf(declared) : charset;
  }

  has(tag: number): boolean {
    return (this.elements.get(tag)?.length ?? 0) > 0;
  }

  /** Raw bytes of a value; empty when absent. */
  bytes(tag: number): Uint8Array {
    const element = this.elements.get(tag);
    if (!element || element.length === 0) return NOTHING;
    return this.source.bytes.subarray(element.start, element.start + element.length);
  }

  /** Text with padding removed; undefined when absent or empty. */
  text(tag: number): string | undefined {
    const raw = this.bytes(tag);
    if (raw.length === 0 || raw.length > MAX_TEXT_BYTES) return undefined;
    const text = trimPadding(decodeText(raw, this.charset));
    return text === '' ? undefined : text;
  }

  /** The values of a multi-valued text, trimmed. */
  texts(tag: number): string[] {
    return (this.text(tag) ?? '').split('\\').map(trimPadding);
  }

  /** Unique identifier. */
  uid(tag: number): string | undefined {
    const parts = this.asciiParts(tag);
    return parts[0] ? parts[0] : undefined;
  }

  /** First of `decimals`. */
  decimal(tag: number): number | undefined {
    return this.decimals(tag)[0];
  }

  /** Decimal or integer strings (DS, IS), or binary numbers where the VR says so; unreadable values end the list. */
  decimals(tag: number): number[] {
    const element = this.elements.get(tag);
    if (!element || element.length === 0 || element.length > MAX_TEXT_BYTES) return [];
    const binary = binaryNumbers(this.source, element, this.encoding.littleEndian);
    if (binary) return binary;
    const values: number[] = [];
    for (const part of this.asciiParts(tag)) {
      const value = part === '' ? Number.NaN : Number(part);
      if (!Number.isFinite(value)) break;
      values.push(value);
    }
    return values;
  }

  /** First 16-bit integer (US or SS); also understands a text VR where a writer chose wrongly. */
  int16(tag: number, signed = false): number | undefined {
    const element = this.elements.get(tag);
    if (!element) return undefined;
    if (element.vr === 'DS' || element.vr === 'IS' || element.vr === 'UL' || element.vr === 'SL') {
      return this.decimal(tag);
    }
    if (element.length < 2 || element.start + 2 > this.source.bytes.length) return undefined;
    const asSigned = element.vr === 'SS' || (element.vr !== 'US' && signed);
    return asSigned
      ? this.source.view.getInt16(element.start, this.encoding.littleEndian)
      : this.source.view.getUint16(element.start, this.encoding.littleEndian);
  }

  /** All 16-bit unsigned words of a value. */
  words(tag: number): number[] {
    const element = this.elements.get(tag);
    if (!element) return [];
    const values: number[] = [];
    const end = Math.min(element.start + element.length, this.source.bytes.length);
    for (let at = element.start; at + 2 <= end; at += 2)
      values.push(this.source.view.getUint16(at, this.encoding.littleEndian));
    return values;
  }

  /** Doubles of an FD value; implicit encodings do not say the VR, so the tag must be one that the standard calls FD. */
  doubles(tag: number): number[] {
    const element = this.elements.get(tag);
    if (!element) return [];
    if (element.vr !== '' && element.vr !== 'FD' && element.vr !== 'UN') return this.decimals(tag);
    const values: number[] = [];
    const end = Math.min(element.start + element.length, this.source.bytes.length);
    for (let at = element.start; at + 8 <= end; at += 8)
      values.push(this.source.view.getFloat64(at, this.encoding.littleEndian));
    return values;
  }

  /** First unsigned 32-bit integer (UL). */
  uint32(tag: number): number | undefined {
    const element = this.elements.get(tag);
    if (!element) return undefined;
    if (element.vr === 'US') return this.int16(tag);
    if (element.length < 4 || element.start + 4 > this.source.bytes.length) return undefined;
    return this.source.view.getUint32(element.start, this.encoding.littleEndian);
  }

  /** Items of a sequence; empty when absent. */
  items(tag: number): DataSet[] {
    const element = this.elements.get(tag);
    if (!element || element.length === 0) return [];
    // PS3.5 6.2.2: a sequence hidden in UN is encoded implicit little endian
    const encoding: Encoding = element.vr === 'UN' ? { explicit: false, littleEndian: true } : this.encoding;
    return itemRanges(this.source, element, encoding).map(({ start, end }) => {
      const walk = walkElements(this.source, start, end, encoding, { depth: 1 });
      return new DataSet(this.source, walk.elements, encoding, this.charset);
    });
  }

  /** First item of a sequence. */
  item(tag: number): DataSet | undefined {
    return this.items(tag)[0];
  }

  /**
   * The value, or an error that names the tag.
   * @throws MsdtError `file.malformed` when `value` is undefined
   */
  need<T>(tag: number, value: T | undefined): T {
    if (value !== undefined) return value;
    const element = this.elements.get(tag);
    throw fileError(
      'file.malformed',
      this.source.file,
      `tag ${tagText(tag)}${element ? `, ${place(this.source, element.start)}` : ''}`,
      element ? 'the value cannot be read' : 'the tag is absent',
    );
  }

  /** Parts of a plain text, without the character set (codes, numbers, UIDs). */
  private asciiParts(tag: number): string[] {
    const raw = this.bytes(tag);
    if (raw.length === 0 || raw.length > MAX_TEXT_BYTES) return [];
    const text = decodeText(raw, 'iso-8859-1');
    return text.includes('\\') ? text.split('\\').map(trimPadding) : [trimPadding(text)];
  }
}

function charsetOf(declared: string[]): string {
  for (const name of declared) {
    const plain = name.replace('ISO 2022 IR', 'ISO_IR');
    if (CHARSETS[plain]) return CHARSETS[plain];
  }
  return 'iso-8859-1';
}

const decoders = new Map<string, TextDecoder>();

function decodeText(raw: Uint8Array, charset: string): string {
  if (raw.length <= SHORT_TEXT_BYTES) {
    // almost every value: plain ASCII, where a decoder costs more than the text
    let n = 0;
    while (n < raw.length && raw[n] < 128 && raw[n] !== 27) n++;
    if (n === raw.length) return String.fromCharCode.apply(null, raw as unknown as number[]);
  }
  let decoder = decoders.get(charset);
  if (!decoder) decoders.set(charset, (decoder = new TextDecoder(charset)));
  // TextDecoder refuses views of shared memory
  return decoder.decode(raw.buffer instanceof ArrayBuffer ? raw : new Uint8Array(raw));
}

/** Without NULs, the spaces around, and escape sequences of ISO 2022. */
function trimPadding(text: string): string {
  let plain = text;
  if (plain.includes('\u001b')) plain = plain.replace(/\u001b[$()*+\-./]{0,2}[0-~]/g, '');
  if (plain.includes('\u0000')) plain = plain.replaceAll('\u0000', '');
  return plain.trim();
}

const BINARY_BYTES: Record<string, number> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8 };

function binaryNumbers(source: ByteSource, element: DataElement, le: boolean): number[] | undefined {
  const width = BINARY_BYTES[element.vr];
  if (!width) return undefined;
  const { view } = source;
  const values: number[] = [];
  const end = Math.min(element.start + element.length, source.bytes.length);
  for (let at = element.start; at + width <= end; at += width) {
    if (element.vr === 'US') values.push(view.getUint16(at, le));
    else if (element.vr === 'SS') values.push(view.getInt16(at, le));
    else if (element.vr === 'UL') values.push(view.getUint32(at, le));
    else if (element.vr === 'SL') values.push(view.getInt32(at, le));
    else if (element.vr === 'FL') values.push(view.getFloat32(at, le));
    else values.push(view.getFloat64(at, le));
  }
  return values;
}
