/** What stands behind a number: definition, interval, reference, posture, date, method, source. */

import type { ReactNode } from 'react';
import type { WireFeature, WireFeatureDefinition } from '../../../contract/index.ts';
import classes from './feature-number.module.css';
import { featureDecimals, formatDay, formatNumber, showFeature, withUnit } from './format.ts';
import { referenceOf } from './range-bar.tsx';

/** Everything behind one number. */
export interface FeatureCardProps {
  feature: WireFeature;
  definition: WireFeatureDefinition | undefined;
  picture?: ReactNode;
}

export function FeatureCard({ feature, definition, picture }: FeatureCardProps) {
  const shown = showFeature(feature);
  const reference = referenceOf(feature, definition);
  const rows: [string, string | undefined][] = [
    ['Value', feature.value === null ? `– · ${shown.reason}` : withUnit(shown.value, feature.unit)],
    ['90 % interval', intervalText(feature, shown.interval)],
    [
      'Reference',
      reference
        ? `${formatNumber(reference.low, 0)} to ${withUnit(formatNumber(reference.high, 0), feature.unit)} · ${reference.source}`
        : undefined,
    ],
    ['Posture', feature.posture],
    ['Date', feature.validAt ? formatDay(feature.validAt) : 'not stated by the source'],
    ['Method', feature.method],
    ['Made by', `${feature.capability} v${feature.version}`],
    ['Quality', `${Math.round(100 * feature.quality)} of 100`],
    ['Source', definition?.source],
  ];
  return (
    <div className={classes.card}>
      <h4>
        {definition?.name ?? feature.definition} {feature.level ?? ''} {feature.side ?? ''}
      </h4>
      {definition ? <p>{definition.definition}</p> : null}
      {picture}
      <dl>
        {rows.map(([term, text]) =>
          text ? (
            <div key={term} style={{ display: 'contents' }}>
              <dt>{term}</dt>
              <dd>{text}</dd>
            </div>
          ) : null,
        )}
      </dl>
    </div>
  );
}

function intervalText(feature: WireFeature, interval: string | undefined): string | undefined {
  const { uncertainty } = feature;
  if (uncertainty.kind === 'unknown') return `unknown · ${uncertainty.reason}`;
  if (uncertainty.kind === 'exact') return `exact · ${uncertainty.method}`;
  if (feature.value === null) return undefined;
  const wide = featureDecimals(feature);
  return `${interval} · sd ${formatNumber(uncertainty.sd, Math.min(2, wide + 1))} · ${uncertainty.method}`;
}
