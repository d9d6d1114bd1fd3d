/** What a laboratory measured, as the record tells it: the numbers of the nanoscale. */

import { go } from '../../state/place.ts';
import { ageText, valueText } from '../inference/words.ts';
import classes from './laboratory.module.css';
import { laboratoryValues } from './risk-summary.ts';
import { useShownAssessment } from './shown-assessment.ts';

/** Nothing where the record holds no laboratory value that still counts. */
export function Laboratory({ twin, fallback }: { twin: string; fallback: React.ReactNode }) {
  const assessment = useShownAssessment(twin);
  const values = assessment ? laboratoryValues(assessment) : [];
  if (values.length === 0) return fallback;
  return (
    <dl className={classes.list}>
      {values.map(({ feature, name, value, unit, ageDays }) => (
        <button key={feature} type="button" onClick={() => go({ screen: 'inference' })}>
          <dt>{name}</dt>
          <dd>
            <strong className="numbers">{valueText(feature, value, unit)}</strong>
            <small>{ageText(ageDays)} · record</small>
          </dd>
        </button>
      ))}
    </dl>
  );
}
