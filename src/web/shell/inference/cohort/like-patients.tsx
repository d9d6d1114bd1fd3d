/** Patients of the site that are like this one in what both were measured by: a description, never a prediction. */

import { ErrorNote } from '../../../kit/notes.tsx';
import { count, formatDay } from '../../../kit/number/format.ts';
import { recordOf } from '../../../state/client.ts';
import { useLikePatients } from '../../../state/inference.ts';
import { go } from '../../../state/place.ts';
import { percent } from '../words.ts';
import classes from './cohort.module.css';

const FOLLOW_UP = ['not operated within 12 months', 'operated in months 0 to 6', 'operated in months 6 to 12'] as const;

export function LikePatients({ twin }: { twin: string }) {
  const { data: patients, error, refetch } = useLikePatients(twin);
  return (
    <section className={classes.card} aria-label="Patients like this one">
      <h2>Patients like this one</h2>
      {error ? <ErrorNote error={recordOf(error)} onRetry={() => void refetch()} /> : null}
      {patients?.length === 0 ? (
        <p className={classes.dim}>No other twin here shares three features of the dictionary with this one.</p>
      ) : null}
      <ul className={classes.list}>
        {(patients ?? []).map(({ twin: id, alias, distance, shared, indexDate, probability, operatedIn }) => (
          <li key={id}>
            <button
              type="button"
              className={classes.entry}
              onClick={() => go({ twin: id, screen: 'inference', asOf: {} })}
            >
              <b>{alias}</b>
              <span className="numbers">
                distance {distance.toFixed(2)} over {count(shared, 'feature')} · risk {percent(probability)} ·{' '}
                {formatDay(indexDate)}
                {operatedIn === undefined ? '' : ` · ${FOLLOW_UP[operatedIn]}`}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p className={classes.dim}>
        Gower distance: 0 alike, 1 as far apart as people differ. It describes patients; it predicts nothing.
      </p>
    </section>
  );
}
