/** Files of a folder or archive → volumes, label maps, and for every other file a reason. */

import {
  isMsdtError,
  type MsdtError,
  type ReadItem,
  type ReadOptions,
  type ReadReport,
  type SourceFile,
} from '../../model/index.ts';
import { asFileError } from './parse/failure.ts';
import { type DicomFile, FIRST_HEAD_BYTES, type HeaderLength, openDicom } from './parse/file.ts';
import { TAG } from './parse/tags.ts';
import { otherObject, SOP_CLASS } from './parse/uids.ts';
import { imageLayout } from './pixels/image.ts';
import { readSegmentation } from './seg/read.ts';
import { groupSlices, type Stack } from './series/group.ts';
import { type Slice, sliceName, slicesOf } from './series/slice.ts';
import { readStack } from './series/volume.ts';
import { ultrasoundRegions } from './ultrasound.ts';

/** Headers that are read at the same time; hides the latency of the disk without many open files. */
const HEADERS_AT_ONCE = 8;

/** What one file turned out to be. */
type Sorted =
  | { kind: 'slices'; slices: Slice[] }
  | { kind: 'segmentation'; file: DicomFile }
  | { kind: 'skipped'; reason: string }
  | { kind: 'error'; error: MsdtError };

/**
 * Reads DICOM files, however series are mixed among them; one bad file never stops the others.
 * @param files - files already sniffed as DICOM, in any order
 */
export async function readDicom(files: SourceFile[], options: ReadOptions = {}): Promise<ReadReport> {
  const report: ReadReport = { items: [], skipped: [], errors: [] };
  const slices: Slice[] = [];
  const segmentations: DicomFile[] = [];
  const sorted = await sortFiles(files, options);
  sorted.forEach((found, n) => {
    const file = files[n].name;
    if (found.kind === 'slices') slices.push(...found.slices);
    else if (found.kind === 'segmentation') segmentations.push(found.file);
    else if (found.kind === 'skipped') report.skipped.push({ file, reason: found.reason });
    else report.errors.push({ file, error: found.error });
  });
  const stacks = groupSlices(slices).filter((stack) => isWorthReading(stack, report));
  for (const [n, stack] of stacks.entries()) {
    const progress = (fraction: number, message?: string) =>
      options.progress?.((n + fraction) / (stacks.length + segmentations.length), message);
    await addStack(stack, { ...options, progress }, report);
  }
  for (const file of segmentations) {
    options.signal?.throwIfAborted();
    await guard(report, file.name, async () => {
      report.items.push(await readSegmentation(file, options));
    });
  }
  options.progress?.(1);
  return report;
}

async function sortFiles(files: SourceFile[], options: ReadOptions): Promise<Sorted[]> {
  const sorted: Sorted[] = new Array(files.length);
  const header: HeaderLength = { bytes: FIRST_HEAD_BYTES };
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < files.length) {
      options.signal?.throwIfAborted();
      const n = next++;
      sorted[n] = await sortFile(files[n], header);
    }
  };
  await Promise.all(Array.from({ length: Math.min(HEADERS_AT_ONCE, files.length) }, worker));
  return sorted;
}

async function sortFile(source: SourceFile, header: HeaderLength): Promise<Sorted> {
  try {
    const file = await openDicom(source, header);
    const { sopClass } = file;
    if (sopClass === SOP_CLASS.segmentation || sopClass === SOP_CLASS.labelmapSegmentation) {
      return { kind: 'segmentation', file };
    }
    const reason = whyNoVolume(file);
    return reason ? { kind: 'skipped', reason } : { kind: 'slices', slices: slicesOf(file) };
  } catch (error) {
    const failure = asFileError(error, source.name, 'header');
    if (!isMsdtError(failure)) throw failure;
    return { kind: 'error', error: failure };
  }
}

/** Why the file holds no slices of a volume; undefined when it does. */
function whyNoVolume(file: DicomFile): string | undefined {
  const regions = ultrasoundRegions(file.data);
  const scale = regions.find((region) => region.mmPerPixelX !== undefined)?.mmPerPixelX;
  const what = otherObject(file.sopClass);
  if (what) return `${what}${scale ? ` (${scale.toFixed(4)} mm per pixel)` : ''}, not slices of a volume`;
  if (!file.pixels) return file.data.has(TAG.Rows) ? undefined : 'no image in this object';
  const layout = imageLayout(file.data);
  if (layout.samples !== 1 || layout.photometric === 'PALETTE COLOR') return 'a colour image, not slices of a volume';
  if (layout.frames > 1 && !file.data.has(TAG.PerFrameFunctionalGroupsSequence)) {
    return `a recording of ${layout.frames} frames without a place in the patient`;
  }
  if (file.data.has(TAG.ModalityLUTSequence)) return 'values behind a modality look-up table, which is not read yet';
  return undefined;
}

/** Scouts and lone slices beside the stacks of their series are named, not made into volumes. */
function isWorthReading(stack: Stack, report: ReadReport): boolean {
  const { slices } = stack;
  const isLocalizer = slices.every(({ facts }) => facts.imageType.some((part) => /^(LOCALIZER|SCOUT)$/i.test(part)));
  const isLone = slices.length === 1 && stack.partOf > 1;
  if (!isLocalizer && !isLone) return true;
  const reason = isLocalizer
    ? 'a localizer (scout) image'
    : 'a single slice that belongs to no stack of its series (a projection or a planning image)';
  for (const slice of slices) report.skipped.push({ file: sliceName(slice), reason });
  return false;
}

async function addStack(stack: Stack, options: ReadOptions, report: ReadReport): Promise<void> {
  for (const { slice, reason } of stack.dropped) report.skipped.push({ file: sliceName(slice), reason });
  await guard(report, sliceName(stack.slices[0]), async () => {
    const { item, errors } = await readStack(stack, options);
    report.errors.push(...errors);
    if (item) report.items.push(item satisfies ReadItem);
  });
}

/** Notes a failure of one item; cancellations and broken promises of the caller go on. */
async function guard(report: ReadReport, file: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const failure = asFileError(error, file, 'pixel data');
    if (!isMsdtError(failure)) throw failure;
    report.errors.push({ file, error: failure });
  }
}
