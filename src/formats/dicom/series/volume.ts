/** A stack of slices → a read item with its volume. */

import {
  type ArtifactDraft,
  HOUNSFIELD,
  type MsdtError,
  type QualityFlag,
  type ReadItem,
  type ReadOptions,
  type Volume,
} from '../../../model/index.ts';
import { allocateVoxels, patchFailed, readPlanes, type SliceArray, voxelType } from './assemble.ts';
import { checkValues, type ValueChecks } from './checks.ts';
import { factsMetadata } from './facts.ts';
import type { Stack } from './group.ts';
import { depthOf } from './order.ts';
import { planStack, type StackPlan } from './plan.ts';
import { regrid } from './regrid.ts';
import { type Slice, sliceName } from './slice.ts';

/** What a stack became. */
export interface StackResult {
  /** absent when no slice could be read */
  item?: ReadItem;
  errors: { file: string; error: MsdtError }[];
}

/**
 * Reads one stack into a volume.
 * @throws MsdtError when the geometry cannot be one volume or memory does not suffice; a slice whose pixels cannot be read
 *   is filled from its neighbours, flagged, and listed in `errors`
 */
export async function readStack(stack: Stack, options: ReadOptions): Promise<StackResult> {
  const { slices } = stack;
  const plan = planStack(slices);
  const type = voxelType(slices);
  let read = await readVoxels(slices, plan, type, options);
  // values beyond Int16 are an artefact in CT (metal) and a measurement elsewhere
  if (read.saturated > 0 && slices[0].facts.modality !== 'CT')
    read = await readVoxels(slices, plan, 'float32', options);
  const errors = read.failed.map(({ slice, error }) => ({ file: slice.source.file.name, error }));
  if (!read.data) return { errors };
  const checks = checkValues(read.data, slices[0]);
  const flags = [
    ...stack.flags,
    ...plan.flags,
    ...failureFlags(read.failed),
    ...checks.flags,
    ...valueFlags(slices, read.saturated),
  ];
  return { item: itemOf(stack, plan, read.data, checks, flags), errors };
}

interface VoxelsRead {
  data?: SliceArray;
  failed: { index: number; slice: Slice; error: MsdtError }[];
  saturated: number;
}

async function readVoxels(
  slices: Slice[],
  plan: StackPlan,
  type: 'int16' | 'float32',
  options: ReadOptions,
): Promise<VoxelsRead> {
  const { rows, columns } = slices[0].source.layout;
  const raw = rows * columns * slices.length;
  const sized = { ...options, allocate: plan.direct ? options.allocate : undefined };
  const planes = allocateVoxels(type, raw, slices[0], sized);
  const read = await readPlanes(slices, planes, options);
  const failed = read.failed.map(({ index }) => index);
  if (failed.length > 0 && !patchFailed(planes, slices.length, failed)) return { failed: read.failed, saturated: 0 };
  if (plan.direct) return { data: planes, failed: read.failed, saturated: read.saturated };
  const [ni, nj, nk] = plan.grid.size;
  const data = allocateVoxels(type, ni * nj * nk, slices[0], options);
  regrid(plan, planes, [columns, rows], data, outsideValue(slices[0], planes));
  return { data, failed: read.failed, saturated: read.saturated };
}

/** What a sheared stack does not cover: air in CT, the darkest value elsewhere. */
function outsideValue(slice: Slice, planes: SliceArray): number {
  if (slice.facts.modality === 'CT') return -1000;
  let least = planes[0];
  for (let n = 0; n < planes.length; n++) if (planes[n] < least) least = planes[n];
  return least;
}

function failureFlags(failed: { slice: Slice; error: MsdtError }[]): QualityFlag[] {
  if (failed.length === 0) return [];
  const [{ slice }] = failed;
  const more = failed.length > 1 ? ` and ${failed.length - 1} more` : '';
  return [
    {
      code: 'dicom.unreadable-slice',
      severity: 'doubt',
      where: `z = ${depthOf(slice).toFixed(1)} mm, ${sliceName(slice)}${more}`,
      message: `${failed.length} slices could not be read and were filled in between their neighbours. Export them again.`,
    },
  ];
}

function valueFlags(slices: Slice[], saturated: number): QualityFlag[] {
  const flags: QualityFlag[] = [];
  const { facts } = slices[0];
  if (slices.some((slice) => slice.facts.frameOfReference !== facts.frameOfReference)) {
    const message =
      'The slices of the series carry different frames of reference, as some de-identifiers leave them; other series of the study cannot be laid on this one by it.';
    flags.push({ code: 'dicom.frame-of-reference', severity: 'info', message });
  }
  if (saturated > 0 && facts.modality === 'CT') {
    const message = `${saturated} voxels lie beyond the range of 16 bits and were set to its end.`;
    flags.push({ code: 'dicom.saturated', severity: 'info', message });
  }
  if (slices.some((slice) => slice.facts.lossy)) {
    const message = 'The images were compressed with loss; fine structures and values may have changed.';
    flags.push({ code: 'dicom.lossy', severity: 'doubt', message });
  }
  if (facts.modality === 'CT' && facts.rescaleType !== undefined && facts.rescaleType !== 'HU') {
    const message = `The file calls its values "${facts.rescaleType}", not Hounsfield units.`;
    flags.push({ code: 'dicom.not-hu', severity: 'doubt', message });
  }
  return flags;
}

const KINDS: Record<string, { kind: 'volume.ct' | 'volume.mr'; modality: string }> = {
  CT: { kind: 'volume.ct', modality: 'ct' },
  MR: { kind: 'volume.mr', modality: 'mr' },
};

function itemOf(stack: Stack, plan: StackPlan, data: SliceArray, checks: ValueChecks, flags: QualityFlag[]): ReadItem {
  const [first] = stack.slices;
  const { facts } = first;
  const known = KINDS[facts.modality];
  const volume: Volume<SliceArray> = { ...plan.grid, data, unit: facts.modality === 'CT' ? HOUNSFIELD : '{arb}' };
  const artifact: ArtifactDraft = { kind: known?.kind ?? 'volume.other', payload: volume, name: volumeName(first) };
  const [si, sj, sk] = plan.grid.spacing;
  return {
    modality: known?.modality ?? 'other',
    artifacts: [artifact],
    files: [...new Set(stack.slices.map((slice) => slice.source.file.name))],
    posture: facts.posture,
    frameOfReference: sharedFrame(stack.slices),
    takenAt: facts.takenAt,
    device: facts.device,
    protocol: facts.protocol,
    region: facts.region,
    synthetic: facts.synthetic,
    ...(facts.namesPerson && { namesPerson: true }),
    quality: flags,
    metadata: {
      ...factsMetadata(facts),
      slices: stack.slices.length,
      spacingMm: [si, sj, sk].map((s) => Number(s.toFixed(4))).join(' × '),
      ...(plan.measuredSpacingMm > 0 ? { sliceSpacingMm: Number(plan.measuredSpacingMm.toFixed(4)) } : {}),
      ...(plan.shifts && facts.gantryTiltDeg !== undefined ? { gantryTiltDeg: facts.gantryTiltDeg } : {}),
      ...(checks.padding === undefined ? {} : { paddingValue: checks.padding }),
      ...(checks.airHu === undefined ? {} : { airHu: Math.round(checks.airHu) }),
      transferSyntax: first.source.file.syntax.title,
    },
  };
}

/** The frame of reference of the slices when they agree; a de-identifier that changed it for each slice leaves none. */
function sharedFrame(slices: Slice[]): string | undefined {
  const frame = slices[0].facts.frameOfReference;
  return slices.every((slice) => slice.facts.frameOfReference === frame) ? frame : undefined;
}

/** `CT abdomen (series 2)`: what a list shows; free text of the file stays out, it may hold a name. */
function volumeName({ facts }: Slice): string {
  const series = facts.seriesNumber === undefined ? '' : ` (series ${facts.seriesNumber})`;
  return [facts.modality || 'Volume', facts.region].filter(Boolean).join(' ') + series;
}
