/** Tables of label names as files carry them: the JSON of our own header note and the XML of TotalSegmentator. */

import type { LabelEntry, LabelStructure } from '../model/index.ts';

const STRUCTURES: readonly LabelStructure[] = [
  'vertebra',
  'vertebral-body',
  'posterior-elements',
  'disc',
  'endplate',
  'sacrum',
  'spinal-cord',
  'spinal-canal',
  'femur',
  'hip',
  'rib',
  'bone',
  'body',
  'other',
];

/** Most labels a table may have; more is a damaged header. */
const MAX_LABELS = 65_536;

/**
 * Label entries from a JSON value: our own list, or a map of value to name.
 * @returns undefined when the value is neither
 * @example labelsFromJson({ 1: 'liver', 2: 'spine' }) // [{ value: 1, name: 'liver' }, { value: 2, name: 'spine' }]
 */
export function labelsFromJson(json: unknown): LabelEntry[] | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  if (Array.isArray(json)) {
    const entries = json.slice(0, MAX_LABELS).map(entryFrom);
    return entries.length > 0 && entries.every((entry) => entry !== undefined) ? sorted(entries) : undefined;
  }
  const pairs = Object.entries(json).slice(0, MAX_LABELS);
  if (pairs.length === 0 || !pairs.every(([key, name]) => /^\d{1,7}$/.test(key) && typeof name === 'string'))
    return undefined;
  return sorted(pairs.map(([key, name]) => ({ value: Number(key), name: String(name) })));
}

/**
 * Label entries of a Caret label table (`<Label Key="1" Red="0" …>`), as TotalSegmentator writes into its NIfTI headers.
 * Key 0 is background and left out.
 */
export function labelsFromCaretXml(xml: string): LabelEntry[] {
  const entries: LabelEntry[] = [];
  for (const match of xml.matchAll(/<Label\b([^>]{0,400})>([\s\S]{0,800}?)<\/Label>/g)) {
    const attribute = (name: string): number =>
      Number(new RegExp(`\\b${name}\\s*=\\s*["']([^"']{0,40})["']`).exec(match[1])?.[1]);
    const value = attribute('Key');
    const name = textOfXml(match[2]).trim();
    if (!Number.isInteger(value) || value <= 0 || name === '' || entries.length >= MAX_LABELS) continue;
    const rgb = ['Red', 'Green', 'Blue'].map((channel) => Math.round(attribute(channel) * 255));
    entries.push(isRgb(rgb) ? { value, name, color: rgb } : { value, name });
  }
  return sorted(entries);
}

/** Text between two tags: CDATA sections as they are, the rest unescaped. */
function textOfXml(content: string): string {
  return [...content.matchAll(/<!\[CDATA\[([\s\S]*?)\]\]>|([^<]+)/g)]
    .map(([, plain, escaped]) => plain ?? unescapeXml(escaped))
    .join('');
}

/** The Caret label table of a label map: what TotalSegmentator and nibabel users look for in a NIfTI header. */
export function caretXmlOf(labels: readonly LabelEntry[]): string {
  const rows = labels.map(({ value, name, color }) => {
    const [red, green, blue] = (color ?? colorOfValue(value)).map((channel) => (channel / 255).toFixed(4));
    const text = name.replaceAll(']]>', ']]]]><![CDATA[>');
    return `<Label Key="${value}" Red="${red}" Green="${green}" Blue="${blue}" Alpha="1"><![CDATA[${text}]]></Label>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?> <CaretExtension> <VolumeInformation Index="0"> <LabelTable>\n${rows.join('\n')}\n</LabelTable> <StudyMetaDataLinkSet></StudyMetaDataLinkSet> <VolumeType><![CDATA[Label]]></VolumeType> </VolumeInformation></CaretExtension>`;
}

/**
 * A steady colour for a label that brings none: hues a golden angle apart · sRGB 0-255
 */
export function colorOfValue(value: number): readonly [number, number, number] {
  const hue = (value * 137.50776405) % 360;
  const channel = (shift: number): number => {
    const k = (shift + hue / 60) % 6;
    return Math.round(255 * (0.9 - 0.55 * Math.max(0, Math.min(k, 4 - k, 1))));
  };
  return [channel(5), channel(3), channel(1)];
}

/**
 * Characters of XML text back from their escapes.
 * @example unescapeXml('a &lt; b &amp; c') // 'a < b & c'
 */
export function unescapeXml(text: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|amp|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (name) return names[String(name).toLowerCase()];
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function entryFrom(json: unknown): LabelEntry | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const from = json as Record<string, unknown>;
  const { value, name, color } = from;
  if (typeof value !== 'number' || !Number.isInteger(value) || value <= 0 || typeof name !== 'string') return undefined;
  const entry: LabelEntry = { value, name };
  if (typeof from.level === 'string') entry.level = from.level as LabelEntry['level'];
  if (typeof from.segment === 'string') entry.segment = from.segment;
  if ((STRUCTURES as readonly unknown[]).includes(from.structure)) entry.structure = from.structure as LabelStructure;
  if (from.side === 'left' || from.side === 'right') entry.side = from.side;
  if (Array.isArray(color) && isRgb(color)) entry.color = color;
  return entry;
}

function isRgb(values: unknown[]): values is [number, number, number] {
  return values.length === 3 && values.every((v) => Number.isInteger(v) && (v as number) >= 0 && (v as number) <= 255);
}

function sorted(entries: LabelEntry[]): LabelEntry[] {
  const byValue = new Map(entries.map((entry) => [entry.value, entry]));
  return [...byValue.values()].sort((a, b) => a.value - b.value);
}
