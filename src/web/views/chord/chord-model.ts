/**
 * What the chord graph shows, in log-odds and without any geometry: every feature runs as one ribbon from where it was measured to what it
 * is about, and each construct passes on what it received to the two intervals of the year. Each of the two layers plus the intercept is
 * the logit of the prediction.
 */

import type { WireContribution, WireRisk } from '../../../contract/index.ts';

export type ChordSector = 'modality' | 'construct' | 'outcome';

export interface ChordGroup {
  /** `modality:mri`, `construct:stenosis`, `outcome:0-6` */
  id: string;
  sector: ChordSector;
  key: string;
}

/** In colour where measured, dashed and grey where not. */
export type ChordLook = 'measured' | 'missing';

export interface ChordRibbon {
  id: string;
  layer: 'feature' | 'flow';
  from: string;
  to: string;
  /** log-odds */
  mean: number;
  sd: number;
  look: ChordLook;
  /** the weight is kept at zero for want of evidence */
  held: boolean;
  /** 1 − sd / (sd + |mean|): 1 is certain */
  opacity: number;
  /** the feature of a feature ribbon */
  contribution?: WireContribution;
}

export interface ChordModel {
  groups: readonly ChordGroup[];
  /** features first, then flows to the outcome */
  ribbons: readonly ChordRibbon[];
  intercept: number;
  logit: number;
}

/** How sure a contribution is: 1 − sd / (sd + |mean|); 0 where there is nothing to be sure of. */
export function certainty(mean: number, sd: number): number {
  const size = Math.abs(mean);
  return size + sd === 0 ? 0 : 1 - sd / (sd + size);
}

/** Share of the year's cumulative hazard that falls into the first six months, by the probabilities of the prediction. */
export function firstHalfShare(horizons: WireRisk['horizons']): number {
  const hazard = (name: string): number =>
    -Math.log1p(-(horizons.find(({ horizon }) => horizon === name)?.probability ?? 0));
  const [first, second] = [hazard('0-6'), hazard('6-12')];
  return first + second > 0 && Number.isFinite(first + second) ? first / (first + second) : 0.5;
}

const MODALITY_ORDER = [
  'record',
  'questionnaire',
  'mri',
  'ct',
  'radiograph',
  'dxa',
  'ultrasound',
  'emg',
  'imu',
  'video',
  'laboratory',
];
const CONSTRUCT_ORDER = [
  'person',
  'care',
  'pain-disability',
  'stenosis',
  'herniation',
  'instability',
  'degeneration',
  'alignment',
  'bone',
  'muscle',
  'movement',
  'inflammation',
];

export interface ChordChoice {
  /** features whose weight is held at zero */
  held: boolean;
  /** features that were not measured */
  missing: boolean;
}

/** The graph of a prediction. A feature that adds anything is always there: leaving it out would break the sum. */
export function chordModel(
  risk: Pick<WireRisk, 'contributions' | 'horizons' | 'intercept' | 'logit'>,
  choice: ChordChoice = { held: true, missing: true },
): ChordModel {
  const shown = risk.contributions.filter(
    ({ mean, held, observed }) => mean !== 0 || ((choice.held || !held) && (choice.missing || observed)),
  );
  const features = shown.map((contribution): ChordRibbon => {
    const { feature, modality, construct, mean, sd, observed, held } = contribution;
    return {
      id: `feature:${feature}`,
      layer: 'feature',
      from: `modality:${modality}`,
      to: `construct:${construct}`,
      mean,
      sd,
      look: observed ? 'measured' : 'missing',
      held,
      opacity: certainty(mean, sd),
      contribution,
    };
  });
  const flows = flowsOf(features, firstHalfShare(risk.horizons));
  const ids = new Set([...features, ...flows].flatMap(({ from, to }) => [from, to]));
  return {
    groups: groupsOf(ids),
    ribbons: [...sortFeatures(features), ...flows],
    intercept: risk.intercept,
    logit: risk.logit,
  };
}

function groupsOf(ids: ReadonlySet<string>): ChordGroup[] {
  const ordered = (sector: ChordSector, order: readonly string[]): ChordGroup[] =>
    [...ids]
      .filter((id) => id.startsWith(`${sector}:`))
      .map((id) => ({ id, sector, key: id.slice(sector.length + 1) }))
      .sort((a, b) => rank(order, a.key) - rank(order, b.key) || a.key.localeCompare(b.key));
  return [
    ...ordered('construct', CONSTRUCT_ORDER),
    ...ordered('outcome', ['6-12', '0-6']),
    ...ordered('modality', [...MODALITY_ORDER].reverse()),
  ];
}

function rank(order: readonly string[], key: string): number {
  const at = order.indexOf(key);
  return at < 0 ? order.length : at;
}

/** Measured before missing, free before held, then by size, so that the thin ones of a bundle lie together. */
function sortFeatures(ribbons: ChordRibbon[]): ChordRibbon[] {
  const late = ({ look, held }: ChordRibbon): number => (look === 'missing' ? 1 : 0) + (held ? 2 : 0);
  return ribbons.sort((a, b) => late(a) - late(b) || Math.abs(b.mean) - Math.abs(a.mean) || a.id.localeCompare(b.id));
}

/** What raises and what lowers the risk goes on apart, so that an arc gives as much as it takes. */
function flowsOf(features: readonly ChordRibbon[], firstHalf: number): ChordRibbon[] {
  const sums = new Map<string, { from: string; mean: number; variance: number }>();
  for (const { to, mean, sd } of features) {
    if (mean === 0) continue;
    const key = `${to}:${mean > 0 ? 'raises' : 'lowers'}`;
    const sum = sums.get(key) ?? { from: to, mean: 0, variance: 0 };
    sums.set(key, { from: to, mean: sum.mean + mean, variance: sum.variance + sd * sd });
  }
  const halves = [
    ['0-6', firstHalf],
    ['6-12', 1 - firstHalf],
  ] as const;
  return [...sums].flatMap(([key, { from, mean, variance }]) =>
    halves.map(([outcome, share]): ChordRibbon => {
      const part = { mean: share * mean, sd: share * Math.sqrt(variance) };
      return {
        id: `flow:${key}:${outcome}`,
        layer: 'flow',
        from,
        to: `outcome:${outcome}`,
        ...part,
        look: 'measured',
        held: false,
        opacity: certainty(part.mean, part.sd),
      };
    }),
  );
}
