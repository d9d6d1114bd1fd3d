/** A thin bar: the reference range as a band, the interval as a hair, the value as a mark. */

import type { WireFeature, WireFeatureDefinition } from '../../../contract/index.ts';
import classes from './feature-number.module.css';

export type Reference = NonNullable<WireFeatureDefinition['reference']>[number];

/** The range that fits the feature best: same level, same posture, else one that names neither. */
export function referenceOf(
  feature: WireFeature,
  definition: WireFeatureDefinition | undefined,
): Reference | undefined {
  const fitting = (definition?.reference ?? []).filter(
    (r) => (!r.level || r.level === feature.level) && (!r.posture || !feature.posture || r.posture === feature.posture),
  );
  const score = (r: Reference): number => (r.level ? 2 : 0) + (r.posture ? 1 : 0);
  return fitting.sort((a, b) => score(b) - score(a))[0];
}

/** True when the whole interval (or, without one, the value) lies outside the range. */
export function isOutside(feature: WireFeature, reference: Reference | undefined): boolean {
  if (!reference || typeof feature.value !== 'number') return false;
  const { uncertainty } = feature;
  const [low, high] =
    uncertainty.kind === 'interval' ? [uncertainty.low, uncertainty.high] : [feature.value, feature.value];
  return high < reference.low || low > reference.high;
}

export function RangeBar({ feature, reference }: { feature: WireFeature; reference: Reference }) {
  if (typeof feature.value !== 'number') return null;
  const value = feature.value;
  const { uncertainty } = feature;
  const [low, high] = uncertainty.kind === 'interval' ? [uncertainty.low, uncertainty.high] : [value, value];
  const width = reference.high - reference.low || 1;
  const from = Math.min(reference.low - 0.5 * width, low);
  const to = Math.max(reference.high + 0.5 * width, high);
  const at = (x: number): number => Math.min(100, Math.max(0, (100 * (x - from)) / (to - from)));
  return (
    <span className={classes.bar} data-out={isOutside(feature, reference) || undefined} aria-hidden="true">
      <span
        className={classes.reference}
        style={{ left: `${at(reference.low)}%`, right: `${100 - at(reference.high)}%` }}
      />
      <span className={classes.spread} style={{ left: `${at(low)}%`, right: `${100 - at(high)}%` }} />
      <span className={classes.mark} style={{ left: `${at(value)}%` }} />
    </span>
  );
}
