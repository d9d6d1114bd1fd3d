/** Doubts about the values of a volume: padding outside the field of view, air that is not at -1000 HU. */

import type { QualityFlag } from '../../../model/index.ts';
import type { SliceArray } from './assemble.ts';
import type { Slice } from './slice.ts';

/** Air in CT is -1000 HU by definition; scanners and clipping stay within this of it. */
const AIR_HU = -1000;
const AIR_TOLERANCE_HU = 60;

/** Below this no tissue and no air can be: a value there marks "nothing measured" even where the header does not say so. */
const BELOW_AIR_HU = -1100;

/** Voxels looked at for the checks; enough for a median, nothing for a reader's time. */
const SAMPLES = 20_000;
const RUN = 16;

/** Part of the voxels taken as "the lowest" for the air check. */
const LOWEST_PART = 0.05;

/** What the values of a volume give away. */
export interface ValueChecks {
  flags: QualityFlag[];
  /** value of voxels outside the field of view, in the unit of the volume, where there are any */
  padding?: number;
  /** median of the lowest values inside the field of view · HU, for CT */
  airHu?: number;
}

/**
 * Looks at a sample of the voxels.
 * @param data - voxels in the unit of the volume (HU for CT)
 */
export function checkValues(data: SliceArray, first: Slice): ValueChecks {
  const sample = sampleOf(data);
  const isCt = first.facts.modality === 'CT';
  const stated = statedPadding(first, data);
  const lowest = sample[0];
  const guessed = isCt && lowest < BELOW_AIR_HU && countOf(sample, lowest) > sample.length / 1000 ? lowest : undefined;
  const padding = stated && sample.some((v) => v >= stated.low && v <= stated.high) ? stated : undefined;
  const checks: ValueChecks = { flags: [], padding: padding?.value ?? guessed };
  if (padding || guessed !== undefined)
    checks.flags.push(paddingFlag(sample, padding ?? { low: lowest, high: lowest, value: lowest }, isCt));
  if (!isCt) return checks;
  const inside = sample.filter(
    (v) => !(padding && v >= padding.low && v <= padding.high) && v !== guessed && v >= -32767,
  );
  const part = inside.subarray(0, Math.max(1, Math.floor(inside.length * LOWEST_PART)));
  const airHu = part[Math.floor(part.length / 2)];
  checks.airHu = airHu;
  if (airHu === undefined || Math.abs(airHu - AIR_HU) > AIR_TOLERANCE_HU) checks.flags.push(airFlag(airHu));
  return checks;
}

/** Evenly spread short runs of voxels, sorted; runs cost one look into far memory instead of one a voxel. */
function sampleOf(data: SliceArray): Float32Array {
  const runs = Math.max(1, Math.min(SAMPLES, data.length) / RUN);
  const sample = new Float32Array(Math.min(data.length, Math.floor(runs) * RUN));
  const step = data.length / (sample.length / RUN);
  for (let n = 0; n < sample.length; n++) {
    sample[n] = data[Math.min(data.length - 1, Math.floor(Math.floor(n / RUN) * step) + (n % RUN))];
  }
  return sample.sort();
}

function countOf(sorted: Float32Array, value: number): number {
  let n = 0;
  while (n < sorted.length && sorted[n] === value) n++;
  return n;
}

function statedPadding(slice: Slice, data: SliceArray): { low: number; high: number; value: number } | undefined {
  const { padding, paddingLimit } = slice.source.layout;
  if (padding === undefined) return undefined;
  const clamp = (v: number) => (data instanceof Int16Array ? Math.max(-32768, Math.min(32767, v)) : v);
  const value = clamp(padding * slice.slope + slice.intercept);
  const limit = paddingLimit === undefined ? value : clamp(paddingLimit * slice.slope + slice.intercept);
  return { low: Math.min(value, limit), high: Math.max(value, limit), value };
}

function paddingFlag(
  sample: Float32Array,
  padding: { low: number; high: number; value: number },
  isCt: boolean,
): QualityFlag {
  const count = sample.reduce((sum, v) => sum + (v >= padding.low && v <= padding.high ? 1 : 0), 0);
  const percent = ((100 * count) / sample.length).toFixed(1);
  return {
    code: 'dicom.padding',
    severity: 'info',
    where: `${percent} % of the voxels, value ${padding.value}`,
    message: `Voxels outside the scanned circle carry ${padding.value}${isCt ? ' HU' : ''}; they are kept and mean "not measured", not air.`,
  };
}

function airFlag(airHu: number | undefined): QualityFlag {
  const found = airHu === undefined ? 'no value' : `${Math.round(airHu)} HU`;
  return {
    code: 'dicom.hu-check',
    severity: 'doubt',
    where: `lowest values: ${found}`,
    message: `The darkest voxels read ${found}, air should read -1000 HU: either no air is in the field of view, or the Hounsfield scale is off. Do not trust thresholds in HU (bone, fat) before this is clear.`,
  };
}
