/** What drives a risk, sorted and scaled for the list. */

import type { WireContribution } from '../../../../contract/index.ts';

export interface DriverGroups {
  /** measured, and weighed: the largest first */
  measured: readonly WireContribution[];
  /** weighed, but not measured: those that would tell most first */
  missing: readonly WireContribution[];
  /** weight held at zero; measured ones first */
  held: readonly WireContribution[];
  /** log-odds that fill half of a bar: whiskers of what is weighed fit in */
  reach: number;
}

export function groupDrivers(contributions: readonly WireContribution[]): DriverGroups {
  const bySize = (a: WireContribution, b: WireContribution): number =>
    Math.abs(b.mean) - Math.abs(a.mean) || b.sd - a.sd || a.name.localeCompare(b.name);
  const weighed = contributions.filter(({ held }) => !held);
  const measured = weighed.filter(({ observed }) => observed).sort(bySize);
  const missing = weighed.filter(({ observed }) => !observed).sort((a, b) => b.sd - a.sd || bySize(a, b));
  const held = contributions
    .filter((one) => one.held)
    .sort((a, b) => Number(b.observed) - Number(a.observed) || a.name.localeCompare(b.name));
  const reach = Math.max(0.1, ...weighed.map(({ mean, sd }) => Math.abs(mean) + sd));
  return { measured, missing, held, reach };
}

export interface SignedBar {
  /** share of the width, 0 to 100, zero in the middle */
  left: number;
  width: number;
  /** whisker of one sd each way */
  from: number;
  to: number;
}

/** Where a bar and its whisker lie; whatever leaves the reach ends at the edge. */
export function signedBar({ mean, sd }: Pick<WireContribution, 'mean' | 'sd'>, reach: number): SignedBar {
  const at = (x: number): number => Math.min(100, Math.max(0, 50 + (50 * x) / reach));
  const [zero, end] = [50, at(mean)];
  return { left: Math.min(zero, end), width: Math.abs(end - zero), from: at(mean - sd), to: at(mean + sd) };
}

/** Ceiling of a probability axis that shows `most` without wasting half of it. */
export function axisTop(most: number): number {
  return [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8].find((top) => most <= top) ?? 1;
}
