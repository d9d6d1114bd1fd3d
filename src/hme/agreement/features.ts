/** What the numbers of agreement mean. */

import type { FeatureDefinition, Unit } from '../../model/index.ts';

/** Kinds of curves and the unit that their differences are told in. */
export const FAMILIES = { angle: 'deg', rate: 'deg/s', value: '{arb}' } as const satisfies Record<string, Unit>;

export type Family = keyof typeof FAMILIES;

const NOUN: Record<Family, string> = {
  angle: 'angles',
  rate: 'angular rates',
  value: 'curves (in the unit of their channels)',
};

const BLAND = 'Bland & Altman 1986';

function differences(family: Family): FeatureDefinition[] {
  const unit = FAMILIES[family];
  const of = NOUN[family];
  const make = (id: string, name: string, definition: string, source: string): FeatureDefinition => ({
    id: `agreement.${family}.${id}`,
    name: `${name}, ${of}`,
    unit,
    scale: 'macro',
    definition,
    source,
  });
  return [
    make(
      'rmse',
      'Root mean square difference',
      'Root of the mean squared difference of the second and the first curve at the same moments.',
      'Mean over the common time',
    ),
    make(
      'rmseCentred',
      'Root mean square difference without bias',
      'The same after the mean difference was taken off: how far the shapes differ, wherever each source puts its zero.',
      'Mean over the common time',
    ),
    make('bias', 'Bias', 'Mean of the second minus the first curve.', BLAND),
    make(
      'limitLow',
      'Lower limit of agreement',
      'Bias less 1.96 standard deviations of the differences; 95 % of them lie between both limits.',
      BLAND,
    ),
    make('limitHigh', 'Upper limit of agreement', 'Bias plus 1.96 standard deviations of the differences.', BLAND),
  ];
}

/** Dictionary of agreement; the site of a feature is the name of the pair. */
export const AGREEMENT_FEATURES: readonly FeatureDefinition[] = [
  {
    id: 'agreement.lag',
    name: 'Lag',
    unit: 's',
    scale: 'macro',
    definition: 'By how much the second curve comes later than the first after their clocks were brought together.',
    source: 'Peak of the normalised cross-correlation, between samples by a parabola',
  },
  {
    id: 'agreement.correlation',
    name: 'Correlation',
    unit: '1',
    scale: 'macro',
    definition: 'Pearson’s coefficient of correlation of both curves at the same moments.',
    source: 'Fisher 1921 for its interval',
  },
  {
    id: 'agreement.cmc',
    name: 'Coefficient of multiple correlation',
    unit: '1',
    scale: 'macro',
    definition:
      'Likeness of both curves in shape and offset together: 1 when they coincide; not defined when they differ more from each other than along time.',
    source: 'Kadaba et al. 1989; Ferrari et al. 2010',
  },
  ...differences('angle'),
  ...differences('rate'),
  ...differences('value'),
];
