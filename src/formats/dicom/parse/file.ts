/**
 * Opening a file: preamble, meta header, transfer syntax, data set up to the pixel data.
 *
 * Only the head of the file is fetched (16 KiB, more when the header is longer), so a folder of thousands of slices costs
 * its headers. A deflated file is inflated whole, with a bound.
 */

import type { SourceFile } from '../../../model/index.ts';
import { inflateRaw } from '../../inflate.ts';
import { DataSet } from './dataset.ts';
import { byteSource, type DataElement, place, UNDEFINED_LENGTH, walkElements } from './elements.ts';
import { fileError } from './failure.ts';
import { TAG, tagText } from './tags.ts';
import {
  EXPLICIT_BIG_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
  type TransferSyntax,
  transferSyntax,
} from './uids.ts';

/** Fetched of a file of which nothing is known yet. */
export const FIRST_HEAD_BYTES = 16 * 1024;
const SMALLEST_HEAD_BYTES = 2 * 1024;

/** How long headers were so far: files of one series are alike, so the next one is fetched in one go and no longer than needed. */
export interface HeaderLength {
  bytes: number;
}

/** A deflated data set may grow this many times, or to the smaller size where that is more, but never past 2 GiB. */
const MAX_INFLATION = 100;
const SMALL_INFLATED_BYTES = 64 * 2 ** 20;

/** Where the pixel data lie, and the bytes to read them from. */
export interface PixelLocation {
  tag: number;
  vr: string;
  /** first byte of the value inside `body` */
  start: number;
  /** bytes; undefined when the value is encapsulated (fragments) */
  length?: number;
}

/** An opened file: its header, and where its pixels are. */
export interface DicomFile {
  name: string;
  syntax: TransferSyntax;
  /** what kind of object it is; from the meta header where the data set does not say */
  sopClass: string;
  data: DataSet;
  pixels?: PixelLocation;
  /** the file itself, or the inflated bytes of a deflated one; offsets of `pixels` refer to it */
  body: SourceFile;
}

/**
 * True when the first bytes look like DICOM; `maybe` for files without the 128-byte preamble.
 * @param head - the first bytes of the file, 132 or more where there are as many
 */
export function sniffDicom(head: Uint8Array): 'yes' | 'maybe' | 'no' {
  if (head.length >= 132 && head[128] === 0x44 && head[129] === 0x49 && head[130] === 0x43 && head[131] === 0x4d)
    return 'yes';
  return isBare(head) ? 'maybe' : 'no';
}

/** True when the bytes begin with an element of group 2 or 8, as files without preamble do. */
function isBare(head: Uint8Array): boolean {
  if (head.length < 16) return false;
  const explicit = isVr(head);
  const little = (head[0] === 2 || head[0] === 8) && head[1] === 0 && head[2] <= 0x18 && head[3] === 0;
  const big = head[0] === 0 && head[1] === 8 && head[2] === 0 && head[3] <= 0x18;
  if (explicit) return little || big;
  const length = head[4] | (head[5] << 8) | (head[6] << 16) | (head[7] << 24);
  return little && length >= 0 && length <= 512 && length % 2 === 0;
}

/** True when bytes 4 and 5 are two capitals, as the VR of an explicit element is. */
function isVr(head: Uint8Array): boolean {
  return head.length > 6 && head[4] >= 65 && head[4] <= 90 && head[5] >= 65 && head[5] <= 90;
}

/**
 * Opens a DICOM file and reads its header.
 * @param expected - shared by the files of one reading; tells how much to fetch at first and is kept up to date
 * @throws MsdtError `file.unrecognised`, `file.truncated`, `file.malformed` with file, place and remedy
 */
export async function openDicom(file: SourceFile, expected?: HeaderLength): Promise<DicomFile> {
  let wanted = Math.min(expected?.bytes ?? FIRST_HEAD_BYTES, file.bytes);
  for (;;) {
    const head = await file.head(wanted);
    const whole = head.length >= file.bytes;
    if (head.length < wanted) throw cutShort(file.name, head.length, 'the file ends before the size it reported');
    const opened = openHead(file, head, whole);
    if (typeof opened !== 'number') {
      if (expected)
        expected.bytes = Math.max(SMALLEST_HEAD_BYTES, Math.ceil(1.25 * (opened.pixels?.start ?? head.length)));
      return opened;
    }
    wanted = Math.min(file.bytes, Math.max(opened + 1024, head.length * 4));
  }
}

/** The file, or how many bytes of it are needed. */
function openHead(file: SourceFile, head: Uint8Array, whole: boolean): DicomFile | number {
  const start = headerStart(head, file.name, whole);
  const meta = walkElements(byteSource(head, file.name), start, file.bytes, EXPLICIT_LITTLE_ENDIAN, { onlyGroup: 2 });
  if (meta.needed) {
    if (!whole) return meta.needed;
    throw cutShort(file.name, head.length, `the meta header goes on to byte ${meta.needed}`);
  }
  const metaSet = new DataSet(byteSource(head, file.name), meta.elements, EXPLICIT_LITTLE_ENDIAN);
  const uid = metaSet.uid(TAG.TransferSyntaxUID);
  const syntax = uid ? asWritten(transferSyntax(uid), head.subarray(meta.next)) : guessSyntax(head.subarray(meta.next));
  const metaClass = metaSet.uid(TAG.MediaStorageSOPClassUID) ?? '';
  if (syntax.deflated) {
    if (!whole) return file.bytes;
    return openInflated(file, head, syntax, { at: meta.next, metaClass });
  }
  return openDataSet(file, { head, start: meta.next, whole, placePrefix: '', metaClass }, syntax);
}

interface HeadPart {
  head: Uint8Array;
  start: number;
  whole: boolean;
  placePrefix: string;
  metaClass: string;
}

function openDataSet(body: SourceFile, part: HeadPart, syntax: TransferSyntax): DicomFile | number {
  const source = byteSource(part.head, body.name, part.placePrefix);
  const walk = walkElements(source, part.start, body.bytes, syntax, { stopAt: TAG.FloatPixelData });
  if (walk.needed) {
    if (!part.whole && walk.needed <= body.bytes) return walk.needed;
    const element = walk.cutIn;
    const where = element ? `${tagText(element.tag)} at ${place(source, element.start)}` : place(source, walk.next);
    throw fileError(
      'file.truncated',
      body.name,
      where,
      `bytes up to ${walk.needed} are needed, the file has ${body.bytes}`,
    );
  }
  if (walk.elements.size === 0) {
    throw fileError('file.truncated', body.name, place(source, part.start), 'the header holds no data element');
  }
  const data = new DataSet(source, walk.elements, syntax);
  const sopClass = data.uid(TAG.SOPClassUID) ?? part.metaClass;
  return { name: body.name, syntax, sopClass, data, pixels: pixelLocation(walk.elements), body };
}

function pixelLocation(elements: Map<number, DataElement>): PixelLocation | undefined {
  for (const tag of [TAG.PixelData, TAG.FloatPixelData, TAG.DoubleFloatPixelData]) {
    const element = elements.get(tag);
    if (!element) continue;
    const { vr, start, undefinedLength, length } = element;
    return { tag, vr, start, length: undefinedLength || length === UNDEFINED_LENGTH ? undefined : length };
  }
  return undefined;
}

function openInflated(
  file: SourceFile,
  packed: Uint8Array,
  syntax: TransferSyntax,
  { at, metaClass }: { at: number; metaClass: string },
): DicomFile {
  const limit = Math.min(2 ** 31, Math.max(SMALL_INFLATED_BYTES, packed.length * MAX_INFLATION));
  const { bytes } = inflateRaw(packed, at, { file: file.name, limit });
  const body: SourceFile = {
    name: file.name,
    bytes: bytes.length,
    head: async (length) => bytes.subarray(0, length),
    read: async () => bytes,
    slice: async (start, end) => bytes.subarray(start, end),
  };
  return openDataSet(
    body,
    { head: bytes, start: 0, whole: true, placePrefix: 'inflated ', metaClass },
    syntax,
  ) as DicomFile;
}

function headerStart(head: Uint8Array, file: string, whole: boolean): number {
  const verdict = sniffDicom(head);
  if (verdict === 'yes') return 132;
  if (verdict === 'maybe') return 0;
  if (whole && head.length < 132)
    throw cutShort(file, head.length, 'a DICOM file has at least 132 bytes before its header');
  throw fileError(
    'file.unrecognised',
    file,
    'byte 128',
    `expected "DICM", found ${JSON.stringify(String.fromCharCode(...head.subarray(128, 132)))}`,
    'Check that this is a DICOM image; other formats are recognised by their own signature.',
  );
}

/**
 * The syntax with the headers as they really are: some writers announce explicit VRs and write none, or the other way.
 * The first element of a data set is short, so the length of an implicit one never looks like two capitals.
 */
function asWritten(syntax: TransferSyntax, bytes: Uint8Array): TransferSyntax {
  if (syntax.deflated || bytes.length < 8 || !syntax.littleEndian) return syntax;
  return { ...syntax, explicit: isVr(bytes) };
}

/** Transfer syntax of a data set without meta header, by the look of its first element. */
function guessSyntax(bytes: Uint8Array): TransferSyntax {
  if (!isVr(bytes)) return IMPLICIT_LITTLE_ENDIAN;
  return bytes[0] === 0 ? EXPLICIT_BIG_ENDIAN : EXPLICIT_LITTLE_ENDIAN;
}

function cutShort(file: string, bytes: number, detail: string): Error {
  return fileError('file.truncated', file, `byte ${bytes}`, detail);
}
