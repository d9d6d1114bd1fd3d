/** Every number of the whole column in one list: angles, curves with apex and side, distances; each is drawn when it is pressed. */

import { useMemo } from 'react';
import type { WireFeature, WireFeatureDefinition } from '../../../contract/index.ts';
import { FeatureNumber } from '../../kit/number/feature-number.tsx';
import { featureDecimals, formatNumber, withUnit } from '../../kit/number/format.ts';
import { namedLevel } from '../../kit/overlay.ts';
import classes from './column-panel.module.css';
import { isOfPlace, keyFeatures } from './level-rows.ts';

export interface AngleListProps {
  features: readonly WireFeature[];
  definitions: ReadonlyMap<string, WireFeatureDefinition>;
  chosen: string | undefined;
  onChoose(feature: WireFeature): void;
}

const CURVE = /^spine\.curve(?!Angle)/;

export function AngleList({ features, definitions, chosen, onChoose }: AngleListProps) {
  const groups = useMemo(() => {
    const own = keyFeatures(features.filter(isOfPlace)).filter(
      ({ definition }) => /^(spine|pelvis)\./.test(definition) && !CURVE.test(definition),
    );
    const curves = own.filter(({ definition }) => definition === 'spine.curveAngle');
    const rest = own.filter((feature) => !curves.includes(feature));
    return [
      { name: 'Angles', rows: rest.filter(({ unit }) => unit === 'deg') },
      { name: 'Curves from the front', rows: curves },
      { name: 'Distances and more', rows: rest.filter(({ unit }) => unit !== 'deg') },
    ].filter(({ rows }) => rows.length > 0);
  }, [features]);
  return (
    <div className={classes.angles}>
      {groups.map(({ name, rows }) => (
        <section key={name} aria-label={name}>
          <h2>{name}</h2>
          {rows.map((feature) => (
            <FeatureNumber
              key={feature.id}
              look="row"
              label={namedLevel(definitions.get(feature.definition)?.name ?? feature.definition, feature.level)}
              note={feature.definition === 'spine.curveAngle' ? curveNote(feature, features) : undefined}
              feature={feature}
              definition={definitions.get(feature.definition)}
              chosen={chosen === feature.id}
              onChoose={onChoose}
            />
          ))}
        </section>
      ))}
    </div>
  );
}

/** `apex T8, convex right, 17.5 mm off`: what else is known of a curve. */
function curveNote(curve: WireFeature, features: readonly WireFeature[]): string {
  const of = (name: string): WireFeature | undefined =>
    features.find(({ definition, level }) => definition === `spine.${name}` && level === curve.level);
  const offset = of('curveApexOffset');
  const parts = [
    of('curveApex')?.value ? `apex ${of('curveApex')?.value}` : '',
    of('curveConvexity')?.value ? `convex ${of('curveConvexity')?.value}` : '',
    typeof offset?.value === 'number'
      ? `${withUnit(formatNumber(Math.abs(offset.value), featureDecimals(offset)), offset.unit)} off the line`
      : '',
  ];
  return parts.filter(Boolean).join(', ');
}
