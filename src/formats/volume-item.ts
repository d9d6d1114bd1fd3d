/**
 * What a grid of numbers is: a label map, CT, MR or an unknown volume. One rule for every volume format.
 *
 * Labels or image: what the file says (intent code, label table), then the name, then the values. In the label maps of the
 * real data two thirds or more of the neighbouring voxels that are not both background are equal; in CT and MR under 5 %.
 */

import type {
  ArtifactDraft,
  Grid,
  LabelEntry,
  QualityFlag,
  ReadItem,
  ReadOptions,
  Volume,
  VolumeKind,
  VoxelArray,
} from '../model/index.ts';
import { assertGrid, HOUNSFIELD } from '../model/index.ts';
import { baseName, fileError, stemOf } from './bytes.ts';
import { axisLetters } from './grid-matrix.ts';
import { choiceOf } from './report.ts';
import { allocateVoxels, factsOf, placedVoxels, scalarTypeOf, type ValueFacts } from './voxels.ts';

/** Endings of volume files, for names. */
export const VOLUME_EXTENSIONS = [
  '.nii',
  '.nii.gz',
  '.hdr',
  '.img',
  '.hdr.gz',
  '.img.gz',
  '.seg.nrrd',
  '.nrrd',
  '.nhdr',
  '.mha',
  '.mhd',
] as const;

/** Share of equal neighbours above which integers count as labels. */
const LABEL_EQUAL_SHARE = 0.4;

/** Most distinct values a label map without a table may have. */
const LABEL_MOST_VALUES = 512;

/** Share of voxels near air above which negative values count as Hounsfield units. */
const AIR_SHARE = 0.002;

/** Fill values that scanners and converters put around a CT. */
const CT_FILL = new Set([-1000, -1024, -2000, -2048, -3024]);

/** What a volume reader found. */
export interface RawVolume {
  /** name of the (main) file */
  file: string;
  /** names of all files used */
  files: string[];
  grid: Grid;
  data: VoxelArray;
  /** names the file carries, possibly none */
  labels: LabelEntry[];
  /** what the header says the values are */
  says?: { as: 'labels' | 'image'; kind?: VolumeKind; how: string };
  /** name of the artifact; the file's stem when absent */
  name?: string;
  /** free text of the header; says SYNTHETIC for generated data */
  description?: string;
  quality: QualityFlag[];
  metadata: Record<string, string | number | boolean>;
}

/**
 * Decides what the voxels are and makes the item of the report.
 * @throws MsdtError `labels.unknown` when labels are asked for and the values cannot be labels
 */
export function volumeItem(raw: RawVolume, options: ReadOptions = {}): ReadItem {
  assertGrid({ ...raw.grid, data: raw.data });
  const facts = factsOf(raw.data);
  const quality = [...raw.quality];
  if (facts.notFinite > 0) {
    quality.push({
      code: 'volume.not-finite',
      severity: 'doubt',
      message: `${facts.notFinite} voxels hold no number (NaN or infinite).`,
    });
  }
  const { as, how } = decideAs(raw, facts, choiceOf(options.choices, 'as', ['labels', 'image']));
  const { size, spacing, direction } = raw.grid;
  const metadata: ReadItem['metadata'] = {
    ...raw.metadata,
    size: size.join(' × '),
    spacingMm: spacing.map((s) => Number(s.toPrecision(6))).join(' × '),
    axes: axisLetters(direction),
    storedType: raw.metadata.storedType ?? scalarTypeOf(raw.data),
    decidedBy: how,
  };
  const draft =
    as === 'labels' ? labelDraft(raw, facts, options, metadata) : imageDraft(raw, facts, options, metadata, quality);
  const modality =
    { 'labelmap.source': 'labels', 'volume.ct': 'ct', 'volume.mr': 'mr' }[draft.kind as string] ?? 'volume';
  const item: ReadItem = { modality, artifacts: [draft], files: raw.files, quality, metadata };
  if (/\bSYNTHETIC\b/.test(raw.description ?? '')) item.synthetic = true;
  return item;
}

function decideAs(
  raw: RawVolume,
  facts: ValueFacts,
  choice?: 'labels' | 'image',
): { as: 'labels' | 'image'; how: string } {
  if (choice) return { as: choice, how: 'as the user chose' };
  if (raw.says && (raw.says.as === 'image' || canBeLabels(facts))) return raw.says;
  if (!canBeLabels(facts)) return { as: 'image', how: 'the values are not labels' };
  if (raw.labels.length > 0) return { as: 'labels', how: 'the header names labels' };
  const hint = hintOfName(raw.file);
  if (hint === 'labels') return { as: 'labels', how: 'the file name says so' };
  if (hint) return { as: 'image', how: 'the file name says so' };
  const { distinct, equalShare } = neighbourFacts(raw.data, raw.grid.size[0], facts.max);
  const labels = distinct <= LABEL_MOST_VALUES && equalShare >= LABEL_EQUAL_SHARE;
  const how = `${distinct} distinct values, ${Math.round(equalShare * 100)} % of neighbours equal`;
  return { as: labels ? 'labels' : 'image', how };
}

function canBeLabels(facts: ValueFacts): boolean {
  return facts.whole && facts.min >= 0 && facts.max <= 65_535;
}

function neighbourFacts(data: VoxelArray, rowLength: number, max: number): { distinct: number; equalShare: number } {
  const seen = new Uint8Array(max + 1);
  let pairs = 0;
  let equal = 0;
  for (let index = 0; index < data.length; index++) {
    const value = data[index];
    seen[value] = 1;
    if (index % rowLength === 0) continue;
    const before = data[index - 1];
    if (value === 0 && before === 0) continue;
    pairs++;
    if (value === before) equal++;
  }
  return { distinct: seen.reduce((sum, one) => sum + one, 0), equalShare: pairs > 0 ? equal / pairs : 1 };
}

const LABEL_WORDS =
  /^(seg|segs|segmentation|segmentations|segmented|msk|mask|masks|label|labels|labelmap|dseg|roi|rois|gt|parcellation)$/;
const IMAGE_WORDS =
  /^(ct|cbct|cta|mr|mri|mrt|t1|t1w|t2|t2w|t2star|pd|pdw|flair|stir|tirm|dixon|tse|bold|dwi|adc|image|img|volume)$/;
const CT_WORDS = /^(ct|cbct|cta)$/;
const MR_WORDS = /^(mr|mri|mrt|t1|t1w|t2|t2w|t2star|pd|pdw|flair|stir|tirm|dixon|tse)$/;

function wordsOf(file: string): string[] {
  return stemOf(file, VOLUME_EXTENSIONS)
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
}

/**
 * What a file name says of its content; the last telling word wins (`sub-1_label-22_ct` is a CT, `ct_seg` a segmentation).
 * @example hintOfName('sub-ct_seg-vert_label-22_msk.nii.gz') // 'labels'
 */
export function hintOfName(file: string): 'labels' | 'ct' | 'mr' | 'image' | undefined {
  if (/\.seg\.nrrd$/i.test(file)) return 'labels';
  for (const word of wordsOf(file).reverse()) {
    if (LABEL_WORDS.test(word)) return 'labels';
    if (IMAGE_WORDS.test(word)) break;
  }
  const words = wordsOf(file);
  if (words.some((word) => CT_WORDS.test(word)) && !words.some((word) => MR_WORDS.test(word))) return 'ct';
  if (words.some((word) => MR_WORDS.test(word))) return 'mr';
  return words.some((word) => IMAGE_WORDS.test(word)) ? 'image' : undefined;
}

function labelDraft(
  raw: RawVolume,
  facts: ValueFacts,
  options: ReadOptions,
  metadata: ReadItem['metadata'],
): ArtifactDraft<'labelmap.source'> {
  if (!canBeLabels(facts)) {
    throw fileError('labels.unknown', raw.file, 'These values cannot be labels', {
      place: 'voxel data',
      detail: `values from ${facts.min} to ${facts.max}${facts.whole ? '' : ', not all whole numbers'}; labels are whole numbers from 0 to 65535`,
      hint: 'Import it as an image, or relabel it.',
    });
  }
  const data = narrowed(raw.data, facts.max <= 255 ? 'uint8' : 'uint16', options) as Uint8Array | Uint16Array;
  const present = new Uint8Array(facts.max + 1);
  for (let index = 0; index < data.length; index++) present[data[index]] = 1;
  const values: number[] = [];
  for (let value = 1; value < present.length; value++) if (present[value]) values.push(value);
  metadata.labelCount = values.length;
  metadata.labelValues = values.slice(0, 300).join(' ');
  const payload = { ...raw.grid, data: placedVoxels(data, options) as typeof data, labels: raw.labels };
  return { kind: 'labelmap.source', payload, name: raw.name ?? stemOf(raw.file, VOLUME_EXTENSIONS) };
}

function imageDraft(
  raw: RawVolume,
  facts: ValueFacts,
  options: ReadOptions,
  metadata: ReadItem['metadata'],
  quality: QualityFlag[],
): ArtifactDraft<VolumeKind> {
  const { kind, how } = decideKind(raw, facts);
  metadata.decidedBy = `${metadata.decidedBy}; ${how}`;
  metadata.min = facts.min;
  metadata.max = facts.max;
  let { data } = raw;
  if (kind === 'volume.ct') {
    if (facts.whole && facts.min >= -32_768 && facts.max <= 32_767) data = narrowed(data, 'int16', options);
    if (facts.min >= 0 && facts.max > 1500 && !raw.says?.kind) {
      quality.push({
        code: 'volume.hu-offset',
        severity: 'doubt',
        message: `The lowest value of this CT is ${facts.min}: its values seem to lack the rescale intercept (usually -1024) and are probably not Hounsfield units.`,
      });
    }
  }
  const payload: Volume = {
    ...raw.grid,
    data: placedVoxels(data, options),
    unit: kind === 'volume.ct' ? HOUNSFIELD : '{arb}',
  };
  return { kind, payload, name: raw.name ?? stemOf(raw.file, VOLUME_EXTENSIONS) };
}

function decideKind(raw: RawVolume, facts: ValueFacts): { kind: VolumeKind; how: string } {
  if (raw.says?.kind) return { kind: raw.says.kind, how: raw.says.how };
  const hint = hintOfName(raw.file);
  const air = airShare(raw.data);
  if (facts.min <= -500 && hint !== 'mr' && (air >= AIR_SHARE || CT_FILL.has(facts.min)))
    return { kind: 'volume.ct', how: `values look like Hounsfield units (${(air * 100).toFixed(1)} % near air)` };
  if (hint === 'ct') return { kind: 'volume.ct', how: `the name ${baseName(raw.file)} says CT` };
  if (hint === 'mr') return { kind: 'volume.mr', how: `the name ${baseName(raw.file)} says MR` };
  if (facts.min >= 0) return { kind: 'volume.mr', how: 'values are not negative, so MR is assumed' };
  return { kind: 'volume.other', how: 'neither name nor values tell what it is' };
}

/** Share of voxels between -1100 and -850, from about a million of them. */
function airShare(data: VoxelArray): number {
  const step = Math.max(1, Math.floor(data.length / 1_000_003));
  let seen = 0;
  let air = 0;
  for (let index = 0; index < data.length; index += step) {
    seen++;
    if (data[index] >= -1100 && data[index] <= -850) air++;
  }
  return seen > 0 ? air / seen : 0;
}

function narrowed(data: VoxelArray, type: 'uint8' | 'uint16' | 'int16', options: ReadOptions): VoxelArray {
  if (scalarTypeOf(data) === type) return data;
  const out = allocateVoxels(type, data.length, options);
  out.set(data as ArrayLike<number>);
  return out;
}
