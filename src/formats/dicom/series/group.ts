/** Slices → stacks: one volume each, whatever was mixed in the folder. */

import type { QualityFlag } from '../../../model/index.ts';
import { depthOf } from './order.ts';
import { type Slice, type SliceKeys, sliceName } from './slice.ts';

/** Slices of one volume, not yet ordered, with what was noticed on the way. */
export interface Stack {
  slices: Slice[];
  /** stacks that its series fell into */
  partOf: number;
  flags: QualityFlag[];
  /** slices that were left out, with the reason */
  dropped: { slice: Slice; reason: string }[];
}

/** Two slices closer than this along the normal lie at one place. */
const SAME_PLACE_MM = 1e-3;

/** Cosines that differ by less belong to one orientation (0.06°). */
const SAME_COSINE = 1e-3;

/**
 * Sorts slices into stacks: by series, orientation, size and pixel spacing, then, where several slices share a place, by the
 * first of frame of reference, stack, image type, echo, phase, diffusion weight, trigger time, kernel, acquisition that separates them.
 * The frame of reference is no key of its own: some de-identifiers give every slice a new one.
 */
export function groupSlices(slices: Slice[]): Stack[] {
  const stacks: Stack[] = [];
  for (const group of byGeometry(slices)) {
    const { kept, dropped } = dropCopies(group);
    for (const part of separate(kept)) stacks.push(...finish(part));
    if (dropped.length > 0) noteCopies(stacks, dropped);
  }
  noteSplit(stacks);
  return stacks;
}

function byGeometry(slices: Slice[]): Slice[][] {
  const groups: Slice[][] = [];
  const byKey = new Map<string, Slice[][]>();
  for (const slice of slices) {
    const { rows, columns, photometric } = slice.source.layout;
    const key = [slice.series, slice.facts.modality, rows, columns, photometric].join('|');
    const candidates = byKey.get(key) ?? [];
    byKey.set(key, candidates);
    const group = candidates.find(([first]) => sameFrame(first, slice));
    if (group) group.push(slice);
    else {
      const fresh = [slice];
      candidates.push(fresh);
      groups.push(fresh);
    }
  }
  return groups;
}

function sameFrame(a: Slice, b: Slice): boolean {
  return (
    a.rowDirection.every((c, n) => Math.abs(c - b.rowDirection[n]) < SAME_COSINE) &&
    a.columnDirection.every((c, n) => Math.abs(c - b.columnDirection[n]) < SAME_COSINE) &&
    a.spacing.every((s, n) => Math.abs(s - b.spacing[n]) < 1e-3 * s)
  );
}

/** The same object twice (one SOP instance in two files) is one slice. */
function dropCopies(slices: Slice[]): { kept: Slice[]; dropped: Slice[] } {
  const seen = new Map<string, Slice>();
  const dropped: Slice[] = [];
  for (const slice of slices) {
    const key = `${slice.sopInstance}|${slice.frame}`;
    if (seen.has(key)) dropped.push(slice);
    else seen.set(key, slice);
  }
  return { kept: [...seen.values()], dropped };
}

const SEPARATORS: (keyof SliceKeys)[] = [
  'frameOfReference',
  'stack',
  'imageType',
  'echo',
  'temporal',
  'bValue',
  'trigger',
  'kernel',
  'acquisition',
];

/** Parts in which no two slices share a place, as far as the header can tell them apart. */
function separate(slices: Slice[]): Slice[][] {
  const before = collisions(slices);
  if (before.count === 0) return [slices];
  for (const key of SEPARATORS) {
    const parts = new Map<string, Slice[]>();
    for (const slice of slices) {
      const part = parts.get(slice.keys[key]);
      if (part) part.push(slice);
      else parts.set(slice.keys[key], [slice]);
    }
    // a key that differs from slice to slice, or that leaves the doubles together, is not what tells the stacks apart
    if (parts.size < 2 || parts.size > 2 * before.most) continue;
    const groups = [...parts.values()];
    const left = groups.reduce((sum, group) => sum + collisions(group).count, 0);
    if (left <= before.count / 2) return groups.flatMap(separate);
  }
  return [slices];
}

/** How many slices lie where another one is, and the most at one place. */
function collisions(slices: Slice[]): { count: number; most: number } {
  const depths = slices.map(depthOf).sort((a, b) => a - b);
  let count = 0;
  let most = 1;
  let here = 1;
  for (let n = 1; n < depths.length; n++) {
    here = depths[n] - depths[n - 1] < SAME_PLACE_MM ? here + 1 : 1;
    if (here > 1) count++;
    most = Math.max(most, here);
  }
  return { count, most };
}

/** A gap of more steps than this parts two stacks: filling it would be invention. */
const MOST_STEPS = 10;

/** Orders a stack along its normal, drops slices at a place that is taken, and parts it where a long piece is missing. */
function finish(slices: Slice[]): Stack[] {
  // of two slices at one place the one without losses comes first and stays
  const rank = (slice: Slice): number => Number(slice.facts.lossy) * 1e9 + slice.instanceNumber;
  const ordered = [...slices].sort((a, b) => {
    const apart = depthOf(a) - depthOf(b);
    return Math.abs(apart) < SAME_PLACE_MM ? rank(a) - rank(b) : apart;
  });
  const stack: Stack = { slices: [], partOf: 1, flags: [], dropped: [] };
  for (const slice of ordered) {
    const before = stack.slices[stack.slices.length - 1];
    if (before && depthOf(slice) - depthOf(before) < SAME_PLACE_MM) {
      stack.dropped.push({ slice, reason: `a second slice at the place of ${sliceName(before)}` });
    } else stack.slices.push(slice);
  }
  if (stack.dropped.length > 0) stack.flags.push(duplicateFlag(stack.dropped.map(({ slice }) => slice)));
  return partAtGaps(stack);
}

function partAtGaps(stack: Stack): Stack[] {
  const { slices } = stack;
  const steps = slices.slice(1).map((slice, n) => depthOf(slice) - depthOf(slices[n]));
  const usual = [...steps].sort((a, b) => a - b)[Math.floor((steps.length - 1) / 2)];
  const parts: Stack[] = [{ ...stack, slices: [] }];
  slices.forEach((slice, n) => {
    if (n > 0 && steps[n - 1] > usual * MOST_STEPS) parts.push({ slices: [], partOf: 1, flags: [], dropped: [] });
    parts[parts.length - 1].slices.push(slice);
  });
  return parts;
}

function duplicateFlag(slices: Slice[]): QualityFlag {
  const [first] = slices;
  const z = depthOf(first).toFixed(1);
  const more = slices.length > 1 ? ` and ${slices.length - 1} more` : '';
  return {
    code: 'dicom.duplicate-slice',
    severity: 'doubt',
    where: `z = ${z} mm, ${sliceName(first)}${more}`,
    message: `${slices.length} slices lie where another one already is; the first of each place was kept. Check that the folder holds one series once.`,
  };
}

function noteCopies(stacks: Stack[], copies: Slice[]): void {
  for (const copy of copies) {
    const home = stacks.find((stack) =>
      stack.slices.some((s) => s.sopInstance === copy.sopInstance && s.frame === copy.frame),
    );
    home?.dropped.push({ slice: copy, reason: 'the same image in a second file' });
  }
  for (const stack of stacks) {
    const mine = stack.dropped.filter(({ slice }) => copies.includes(slice)).map(({ slice }) => slice);
    if (mine.length > 0) stack.flags.push(duplicateFlag(mine));
  }
}

/** A series that fell into several volumes says so on each of them. */
function noteSplit(stacks: Stack[]): void {
  const bySeries = new Map<string, Stack[]>();
  for (const stack of stacks) {
    const series = stack.slices[0].series;
    bySeries.set(series, [...(bySeries.get(series) ?? []), stack]);
  }
  for (const parts of bySeries.values()) {
    if (parts.length < 2) continue;
    parts.forEach((stack, n) => {
      stack.partOf = parts.length;
      stack.flags.push({
        code: 'dicom.split-series',
        severity: 'info',
        where: `part ${n + 1} of ${parts.length}`,
        message: `The series holds ${parts.length} stacks (other orientation, size, echo or phase, or far apart); each became a volume of its own.`,
      });
    });
  }
}
