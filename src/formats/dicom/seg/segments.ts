/** The segments of a DICOM SEG: number, name, codes, colour (PS3.3 C.8.20.4). */

import type { LabelEntry } from '../../../model/index.ts';
import type { DataSet } from '../parse/dataset.ts';
import { TAG } from '../parse/tags.ts';

/** One segment of the segment sequence. */
export interface Segment {
  number: number;
  label: LabelEntry;
  /** `SCT 10200004 Liver`, empty where the file has no code */
  code: string;
  /** `AUTOMATIC TotalSegmentator`, empty where unknown */
  algorithm: string;
}

/** Segments in the order of their numbers; 0, which some label maps list, is background and no segment. */
export function readSegments(data: DataSet): Segment[] {
  return data
    .items(TAG.SegmentSequence)
    .map((item, n) => readSegment(item, n + 1))
    .filter((segment) => segment.number > 0)
    .sort((a, b) => a.number - b.number);
}

function readSegment(item: DataSet, position: number): Segment {
  const number = item.int16(TAG.SegmentNumber) ?? position;
  const type = item.item(TAG.SegmentedPropertyTypeCodeSequence);
  const meaning = type?.text(TAG.CodeMeaning);
  const name = item.text(TAG.SegmentLabel) ?? meaning ?? item.text(TAG.SegmentDescription) ?? `segment ${number}`;
  const lab = item.words(TAG.RecommendedDisplayCIELabValue);
  const color = lab.length >= 3 ? cielabToRgb(lab[0], lab[1], lab[2]) : undefined;
  return {
    number,
    label: { value: number, name, ...(color ? { color } : {}) },
    code: type
      ? [type.text(TAG.CodingSchemeDesignator), type.text(TAG.CodeValue), meaning].filter(Boolean).join(' ')
      : '',
    algorithm: [item.text(TAG.SegmentAlgorithmType), item.text(TAG.SegmentAlgorithmName)].filter(Boolean).join(' '),
  };
}

/**
 * DICOM's 16-bit CIELab (PS3.3 C.10.7.1.1) → sRGB. The white is D65, as the toolkits that write SEG objects take it, so
 * that a colour chosen there comes back here.
 * @returns red, green, blue · 0-255
 * @example cielabToRgb(65535, 32896, 32896) // [255, 255, 255]
 */
export function cielabToRgb(l: number, a: number, b: number): readonly [number, number, number] {
  const fy = ((l / 65535) * 100 + 16) / 116;
  const fx = fy + ((a / 65535) * 255 - 128) / 500;
  const fz = fy - ((b / 65535) * 255 - 128) / 200;
  const x = 0.95047 * inverseF(fx);
  const y = inverseF(fy);
  const z = 1.08883 * inverseF(fz);
  return [
    gamma(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
    gamma(-0.969266 * x + 1.8760108 * y + 0.041556 * z),
    gamma(0.0556434 * x - 0.2040259 * y + 1.0572252 * z),
  ];
}

function inverseF(t: number): number {
  return t > 6 / 29 ? t * t * t : 3 * (6 / 29) ** 2 * (t - 4 / 29);
}

function gamma(linear: number): number {
  const clamped = Math.max(0, Math.min(1, linear));
  const value = clamped <= 0.0031308 ? 12.92 * clamped : 1.055 * clamped ** (1 / 2.4) - 0.055;
  return Math.round(value * 255);
}
