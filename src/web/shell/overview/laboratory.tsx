/** What a laboratory measured, as the record tells it: the numbers of the nanoscale. */

import { go } from '../../state/place.ts';
import { ageText, valueText } from '../inference/words.ts';
import classes from './laboratory.module.css';
import { laboratoryValues } from './risk-summary.ts';
import { useShown } from './shown-assessment.ts';

/** Nothing where the record holds no laboratory value that still counts. */
export function Laboratory({ twin, fallback }: { twin: string; fallback: React.ReactNode }) {
  const { assessment, error, waiting } = useShown(twin);
  if (waiting) return null;
  if (error !== undefined && !assessment)
    return <p className={classes.problem}>Laboratory values could not be read.</p>;
  const values = assessment ? laboratoryValues(assessment) : [];
  if (values.length === 0) return fallback;
  return (
    <ul className={classes.list} aria-label="Laboratory values">
      {values.map(({ feature, name, value, unit, ageDays, from }) => (
        <li key={feature}>
          <button type="button" onClick={() => go({ screen: 'inference' })}>
            <span className={classes.name}>{name}</span>
            <span className={classes.value}>
              <strong className="numbers">{valueText({ value, unit })}</strong>
              <small>
                {ageText(ageDays)} · {from}
              </small>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
