/** Patients of the site that are like this one in what both were measured by: a description, never a prediction. */

import { Loader } from '@mantine/core';
import { ErrorNote, SyntheticBadge } from '../../../kit/notes.tsx';
import { count, formatDay } from '../../../kit/number/format.ts';
import { recordOf } from '../../../state/client.ts';
import { useLikePatients } from '../../../state/inference.ts';
import { go } from '../../../state/place.ts';
import { percentRange } from '../words.ts';
import classes from './cohort.module.css';

const FOLLOW_UP = ['not operated within 12 months', 'operated in months 0 to 6', 'operated in months 6 to 12'] as const;

export function LikePatients({ twin }: { twin: string }) {
  const { data: patients, error, isLoading, refetch } = useLikePatients(twin);
  return (
    <section className={classes.card} aria-label="Patients like this one">
      <h2>Patients like this one</h2>
      {error ? <ErrorNote error={recordOf(error)} onRetry={() => void refetch()} /> : null}
      {isLoading ? <Loader size="xs" role="status" aria-label="Looking for patients like this one" /> : null}
      {patients?.length === 0 ? (
        <p className={classes.dim}>No other twin here shares three features of the dictionary with this one.</p>
      ) : null}
      <ul className={classes.list}>
        {(patients ?? []).map(({ twin: id, alias, synthetic, distance, shared, indexDate, low, high, operatedIn }) => (
          <li key={id}>
            <button
              type="button"
              className={classes.entry}
              onClick={() => go({ twin: id, screen: 'inference', asOf: {} })}
            >
              <b>
                {alias} {synthetic ? <SyntheticBadge /> : null}
              </b>
              <span className="numbers">
                distance {distance.toFixed(2)} over {count(shared, 'feature')}
                <br />
                told {percentRange(low, high)} on {formatDay(indexDate)}
                <br />
                {operatedIn === undefined ? 'follow-up open' : FOLLOW_UP[operatedIn]}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p className={classes.dim}>
        Gower distance: 0 alike, 1 as far apart as people differ. Told are the 90 % intervals for twelve months. This
        describes patients; it predicts nothing.
      </p>
    </section>
  );
}
