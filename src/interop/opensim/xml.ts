/** XML documents of OpenSim as plain elements, with errors that name the line. */

import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { MsdtError } from '../../model/index.ts';

/** An element: its tag, its attribute `name`, its text and its children in order. */
export interface XmlElement {
  tag: string;
  name: string;
  attributes: Readonly<Record<string, string>>;
  text: string;
  children: XmlElement[];
}

type Node = Record<string, unknown>;

/**
 * Parses a document and gives its root element. Entities other than XML's own five are left as they are written.
 * @param file - name for messages
 * @throws MsdtError `file.malformed` with line and column
 */
export function parseXml(text: string, file: string): XmlElement {
  const verdict = XMLValidator.validate(text, { allowBooleanAttributes: true });
  if (verdict !== true) {
    const { line, col, msg } = verdict.err;
    throw new MsdtError('file.malformed', `The model is no valid XML (${file})`, {
      where: { file, place: `line ${line}, column ${col}` },
      detail: msg,
      hint: 'Save the model again from OpenSim.',
    });
  }
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
  });
  const roots = elementsOf(parser.parse(text) as Node[]);
  if (roots.length === 0) {
    throw new MsdtError('file.malformed', `The model holds no element (${file})`, {
      where: { file, place: 'whole file' },
      hint: 'Save the model again from OpenSim.',
    });
  }
  return roots[0];
}

function elementsOf(nodes: readonly Node[]): XmlElement[] {
  const elements: XmlElement[] = [];
  for (const node of nodes) {
    const tag = Object.keys(node).find((key) => key !== ':@');
    if (!tag || tag === '#text') continue;
    const inside = node[tag] as Node[];
    const attributes = (node[':@'] ?? {}) as Record<string, string>;
    const text = inside
      .filter((child) => '#text' in child)
      .map((child) => String(child['#text']))
      .join(' ');
    elements.push({ tag, name: attributes.name ?? '', attributes, text: text.trim(), children: elementsOf(inside) });
  }
  return elements;
}

/** The first child of a tag. */
export function childOf(element: XmlElement | undefined, ...tags: string[]): XmlElement | undefined {
  return element?.children.find(({ tag }) => tags.includes(tag));
}

/** Text of the first child of a tag; empty when there is none. */
export function textOf(element: XmlElement | undefined, ...tags: string[]): string {
  return childOf(element, ...tags)?.text ?? '';
}

/** Numbers of the first child of a tag. */
export function numbersOf(element: XmlElement | undefined, ...tags: string[]): number[] {
  return wordsOf(element, ...tags).map(Number);
}

/** Words of the first child of a tag. */
export function wordsOf(element: XmlElement | undefined, ...tags: string[]): string[] {
  return textOf(element, ...tags)
    .split(/[\s,]+/)
    .filter(Boolean);
}

/** What stands in a set: the children of its `objects`, or its own. */
export function membersOf(set: XmlElement | undefined): XmlElement[] {
  return childOf(set, 'objects')?.children ?? set?.children ?? [];
}

/** Three numbers of a child; zeros when it is absent. */
export function vectorOf(element: XmlElement | undefined, tag: string): [number, number, number] {
  const [x = 0, y = 0, z = 0] = numbersOf(element, tag);
  return [x, y, z];
}
