/** Which three numbers a scale card shows, and how they ran over time. */

import type { TwinView, WireFeature, WireFeatureDefinition } from '../../../contract/index.ts';
import { featureId } from '../../../model/index.ts';
import { isOutside, referenceOf } from '../../kit/number/range-bar.tsx';
import { isOfPlace, keyFeatures } from '../../views/column/level-rows.ts';
import { askedFor, isOfDevice } from '../../views/motion/session/asked-for.ts';

type Definitions = ReadonlyMap<string, WireFeatureDefinition>;

export interface CardNumber {
  feature: WireFeature;
  definition: WireFeatureDefinition | undefined;
  /** values from first to last, the present one included; one value where there is no history */
  run: number[];
}

const SHOWN = 3;

/** How far a number has moved, in standard deviations of itself; 0 without history, or where nobody knows what it is worth. */
function movement({ run, feature: { uncertainty } }: CardNumber): number {
  if (run.length < 2 || uncertainty.kind !== 'interval' || uncertainty.sd <= 0) return 0;
  return Math.abs(run[run.length - 1] - run[0]) / uncertainty.sd;
}

/** The three that changed most; without history those outside their range, then the ones a reader looks for first. */
export function cardNumbers(
  view: TwinView,
  scale: string,
  definitions: Definitions,
  earlier: readonly TwinView[],
): CardNumber[] {
  const own = newestOfEach(view).filter((feature) => definitions.get(feature.definition)?.scale === scale);
  const before = earlier.map(
    (moment) => new Map(newestOfEach(moment).map((feature) => [measuredAs(feature), feature.value])),
  );
  const whole = keyFeatures(own);
  const candidates = (whole.length >= SHOWN ? whole : [...whole, ...own.filter((feature) => !whole.includes(feature))])
    .filter(({ value }) => typeof value === 'number')
    .map((feature, i) => ({ feature, i }))
    .sort((a, b) => askedFor(a.feature) - askedFor(b.feature) || a.i - b.i)
    .map(({ feature }) => feature);
  const numbers = candidates.map((feature, i) => {
    const past = before
      .map((values) => values.get(measuredAs(feature)))
      .filter((value): value is number => typeof value === 'number');
    const definition = definitions.get(feature.definition);
    const number: CardNumber = { feature, definition, run: [...past, feature.value as number] };
    const outside = isOutside(feature, referenceOf(feature, definition)) ? 1 : 0;
    // what a device says of itself has no say before the body has spoken
    const device = isOfDevice(feature) ? 1e6 : 0;
    return { number, rank: Math.min(1000 * movement(number), 1e5) + 100 * outside - i - device };
  });
  return spread(numbers.sort((a, b) => b.rank - a.rank).map(({ number }) => number)).slice(0, SHOWN);
}

/** What was measured where, in which task: the same of every recording and scan. */
function measuredAs(feature: WireFeature): string {
  return [featureId(feature), feature.task].join('|');
}

/** Of a number that several recordings or scans tell, the one that was taken last. */
function newestOfEach({ features, artifacts, acquisitions }: TwinView): WireFeature[] {
  const taken = new Map(acquisitions.map(({ id, takenAt, knownAt }) => [id, takenAt ?? knownAt]));
  const acquisitionOf = new Map(artifacts.map(({ id, acquisition }) => [id, acquisition]));
  const dayOf = ({ evidence, knownAt }: WireFeature) =>
    evidence
      .map(({ artifact }) => taken.get(acquisitionOf.get(artifact) ?? '') ?? '')
      .sort()
      .at(-1) || knownAt;
  const newest = new Map<string, { feature: WireFeature; day: string }>();
  for (const feature of features) {
    const day = dayOf(feature);
    const key = measuredAs(feature);
    if (day >= (newest.get(key)?.day ?? '')) newest.set(key, { feature, day });
  }
  return [...newest.values()].map(({ feature }) => feature);
}

/** Different numbers of different places first; then another number of a place, then the same number elsewhere, such as each sensor's range. */
function spread(numbers: readonly CardNumber[]): CardNumber[] {
  const [seen, places] = [new Set<string>(), new Set<string>()];
  const sorted: [CardNumber[], CardNumber[], CardNumber[]] = [[], [], []];
  for (const number of numbers) {
    const { definition, site } = number.feature;
    const one = `${definition} ${site ?? ''}`;
    const known = seen.has(one) ? 2 : site === undefined ? (seen.has(definition) ? 1 : 0) : places.has(site) ? 1 : 0;
    sorted[known].push(number);
    seen.add(one).add(definition);
    if (site !== undefined) places.add(site);
  }
  return sorted.flat();
}

/** Where and in what a number was taken, in words: muscle or joint, side, task. */
export function placeWords({ site, side, task }: Pick<WireFeature, 'site' | 'side' | 'task'>): string {
  const words = site
    ?.replace('.', ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return [words, side, task].filter(Boolean).join(' · ');
}

/** True for numbers that were taken from a recording: their evidence is a stretch of time. */
export function isMotionFeature(feature: Pick<WireFeature, 'evidence'>): boolean {
  return !isOfPlace(feature);
}

/** Days on which something was taken before the last day, oldest first. */
export function earlierDays(view: TwinView, most = 3): string[] {
  const days = [
    ...new Set(
      view.acquisitions.map(({ takenAt }) => takenAt?.slice(0, 10)).filter((day): day is string => day !== undefined),
    ),
  ].sort();
  return days.slice(0, -1).slice(-most);
}
