/** Cohorts: the list of those evaluated, a way to evaluate another, and the one that is looked at. */

import { Loader } from '@mantine/core';
import { useState } from 'react';
import { EmptyPlace, ErrorNote, SyntheticBadge } from '../../../kit/notes.tsx';
import { count, formatMoment } from '../../../kit/number/format.ts';
import { recordOf } from '../../../state/client.ts';
import { useCohort, useCohorts } from '../../../state/inference.ts';
import classes from './cohort.module.css';
import { CohortResult } from './cohort-result.tsx';
import { LikePatients } from './like-patients.tsx';
import { NewCohort } from './new-cohort.tsx';

export function CohortView({ twin }: { twin: string }) {
  const { data: cohorts, error, refetch } = useCohorts();
  const [chosen, setChosen] = useState<number>();
  const id = chosen ?? cohorts?.[0]?.id;
  return (
    <div className={classes.view}>
      <aside className={classes.side} aria-label="Cohorts">
        <NewCohort onDone={setChosen} />
        <section className={classes.card}>
          <h2>Evaluated cohorts</h2>
          {error ? <ErrorNote error={recordOf(error)} onRetry={() => void refetch()} /> : null}
          {cohorts?.length === 0 ? <p className={classes.dim}>None yet.</p> : null}
          <ul className={classes.list}>
            {(cohorts ?? []).map((cohort) => (
              <li key={cohort.id}>
                <button
                  type="button"
                  className={classes.entry}
                  aria-pressed={cohort.id === id}
                  onClick={() => setChosen(cohort.id)}
                >
                  <b>
                    {cohort.name} {cohort.synthetic ? <SyntheticBadge /> : null}
                  </b>
                  <span className="numbers">
                    {count(cohort.rows, 'patient')}, {count(cohort.events, 'event')} · {formatMoment(cohort.at)}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
        <LikePatients twin={twin} />
      </aside>
      <div className={classes.main}>
        {id === undefined ? <Nothing loading={!cohorts && !error} /> : <Chosen id={id} />}
      </div>
    </div>
  );
}

function Nothing({ loading }: { loading: boolean }) {
  if (loading) return <Loader size="sm" role="status" aria-label="Loading cohorts" />;
  return (
    <EmptyPlace title="No cohort evaluated yet">
      <p>
        Drop a table with one row a patient and an outcome column: four learners are trained and scored on it by
        repeated cross-validation. Or run a generated cohort to see the views.
      </p>
    </EmptyPlace>
  );
}

function Chosen({ id }: { id: number }) {
  const { data: cohort, error, refetch } = useCohort(id);
  if (error) return <ErrorNote error={recordOf(error)} onRetry={() => void refetch()} />;
  if (!cohort) return <Loader size="sm" role="status" aria-label="Loading the cohort" />;
  return <CohortResult key={cohort.id} cohort={cohort} />;
}
