/** Small DICOM files made in code: slices of any place, size, coding and value. */

import {
  concat,
  type ElementSpec,
  encapsulate,
  encodeDataSet,
  encodeFile,
  encodeMeta,
} from '../../../src/formats/dicom/encode.ts';
import type { SourceFile } from '../../../src/model/index.ts';
import { memoryFile } from './formats.ts';

export { memoryFile };

export interface SliceSpec {
  position?: readonly [number, number, number];
  /** six direction cosines */
  orientation?: readonly number[];
  rows?: number;
  columns?: number;
  /** between rows, between columns · mm */
  pixelSpacing?: readonly [number, number];
  thickness?: number;
  series?: string;
  instance?: number;
  sop?: string;
  modality?: string;
  sopClass?: string;
  intercept?: number;
  slope?: number;
  bitsStored?: number;
  signed?: boolean;
  /** stored words, by pixel; default a ramp that differs from slice to slice */
  pixels?: (column: number, row: number) => number;
  /** more elements, or replacements; an undefined value drops the tag */
  extra?: readonly (ElementSpec | readonly [number, undefined])[];
}

/** Elements of a CT slice without pixel data. */
export function sliceElements(spec: SliceSpec = {}): ElementSpec[] {
  const { rows = 8, columns = 10, instance = 1, modality = 'CT' } = spec;
  const bits = spec.bitsStored ?? 16;
  const elements = new Map<number, ElementSpec>();
  const add = (...element: ElementSpec): void => void elements.set(element[0], element);
  add(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\AXIAL');
  add(
    0x00080016,
    'UI',
    spec.sopClass ?? (modality === 'MR' ? '1.2.840.10008.5.1.4.1.1.4' : '1.2.840.10008.5.1.4.1.1.2'),
  );
  add(0x00080018, 'UI', spec.sop ?? `1.2.3.${spec.series ?? '1'}.${instance}`);
  add(0x00080060, 'CS', modality);
  add(0x00100010, 'PN', 'SYNTHETIC^SUBJECT');
  add(0x00180050, 'DS', String(spec.thickness ?? 2));
  add(0x00185100, 'CS', 'HFS');
  add(0x0020000d, 'UI', '1.2.3');
  add(0x0020000e, 'UI', `1.2.3.${spec.series ?? '1'}`);
  add(0x00200013, 'IS', String(instance));
  add(0x00200032, 'DS', (spec.position ?? [0, 0, instance * 2]).join('\\'));
  add(0x00200037, 'DS', (spec.orientation ?? [1, 0, 0, 0, 1, 0]).join('\\'));
  add(0x00200052, 'UI', '1.2.3.9');
  add(0x00280002, 'US', [1]);
  add(0x00280004, 'CS', 'MONOCHROME2');
  add(0x00280010, 'US', [rows]);
  add(0x00280011, 'US', [columns]);
  add(0x00280030, 'DS', (spec.pixelSpacing ?? [0.5, 0.75]).join('\\'));
  add(0x00280100, 'US', [16]);
  add(0x00280101, 'US', [bits]);
  add(0x00280102, 'US', [bits - 1]);
  add(0x00280103, 'US', [(spec.signed ?? true) ? 1 : 0]);
  add(0x00281052, 'DS', String(spec.intercept ?? -1024));
  add(0x00281053, 'DS', String(spec.slope ?? 1));
  for (const [tag, vr, value] of (spec.extra ?? []) as [number, string | undefined, ElementSpec[2]][]) {
    if (vr === undefined) elements.delete(tag);
    else add(tag, vr, value);
  }
  return [...elements.values()];
}

/** Stored words of a slice, little endian. */
export function slicePixels(spec: SliceSpec = {}): Uint8Array {
  const { rows = 8, columns = 10, instance = 1 } = spec;
  const value = spec.pixels ?? ((x: number, y: number) => 24 + x + 10 * y + 100 * instance);
  const words = new Uint16Array(rows * columns);
  for (let y = 0; y < rows; y++) for (let x = 0; x < columns; x++) words[y * columns + x] = value(x, y);
  return new Uint8Array(words.buffer);
}

/** A whole uncompressed slice. */
export function sliceBytes(spec: SliceSpec = {}): Uint8Array {
  return encodeFile([...sliceElements(spec), [0x7fe00010, 'OW', slicePixels(spec)]]);
}

export function sliceFile(spec: SliceSpec = {}, name = `s${spec.instance ?? 1}.dcm`): SourceFile {
  return memoryFile(name, sliceBytes(spec));
}

/** A file whose pixel data are given as compressed frames. */
export function compressedBytes(
  elements: readonly ElementSpec[],
  transferSyntax: string,
  frames: readonly Uint8Array[],
): Uint8Array {
  return concat([encodeMeta(elements, transferSyntax), encodeDataSet(elements), encapsulate(frames)]);
}

/** A series of `count` slices, 2 mm apart along z unless `change` says otherwise. */
export function seriesFiles(count: number, change: (n: number) => SliceSpec = () => ({})): SourceFile[] {
  return Array.from({ length: count }, (_, n) => {
    const spec: SliceSpec = { instance: n + 1, ...change(n) };
    return sliceFile(spec, `s${String(n + 1).padStart(3, '0')}.dcm`);
  });
}

/** Bytes with a few places damaged or the end cut off; `random` gives numbers in [0, 1). */
export function damaged(bytes: Uint8Array, random: () => number): { bytes: Uint8Array; how: string } {
  if (random() < 0.4) {
    const length = Math.floor(random() * bytes.length);
    return { bytes: bytes.slice(0, length), how: `cut to ${length} of ${bytes.length} bytes` };
  }
  const copy = bytes.slice();
  const flips = 1 + Math.floor(random() * 12);
  const places: number[] = [];
  // headers are where damage matters: half of the flips fall into the first kilobytes
  for (let n = 0; n < flips; n++) {
    const reach = random() < 0.5 ? Math.min(bytes.length, 4096) : bytes.length;
    const at = Math.floor(random() * reach);
    copy[at] ^= 1 << Math.floor(random() * 8);
    places.push(at);
  }
  return { bytes: copy, how: `flipped bits at ${places.join(', ')}` };
}
