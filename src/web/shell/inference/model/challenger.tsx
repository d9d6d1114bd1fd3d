/** The graph network that a site trains on its own outcomes, and how it was judged on those that came later. */

import { IconCheck, IconX } from '@tabler/icons-react';
import type { WireSiteModel } from '../../../../contract/index.ts';
import { count } from '../../../kit/number/format.ts';
import classes from './model.module.css';

export function Challenger({ challenger }: Pick<WireSiteModel, 'challenger'>) {
  return (
    <section className={classes.card} aria-label="Challenger" data-testid="challenger">
      <h2>
        Challenger <small>a graph network beside the trusted model, never in its place</small>
      </h2>
      {challenger ? (
        <Own challenger={challenger} />
      ) : (
        <p className={classes.dim}>
          The shipped network stands in: it was trained on SYNTHETIC patients only. The first update after 20 operations
          trains one on the outcomes of this site.
        </p>
      )}
    </section>
  );
}

function Own({ challenger: { version, learnt, verdict } }: { challenger: NonNullable<WireSiteModel['challenger']> }) {
  return (
    <>
      <p>
        <b>Version {version}</b>, trained on {count(learnt, 'closed outcome')} of this site. It is judged at the next
        update, on outcomes it has not learnt from.
      </p>
      {verdict ? (
        <>
          <p className={classes.verdict} data-promoted={verdict.promoted || undefined}>
            {verdict.promoted ? <IconCheck size={16} aria-hidden="true" /> : <IconX size={16} aria-hidden="true" />}
            <span>
              Version {verdict.version} on {count(verdict.outcomes, 'later outcome')} (
              {count(verdict.events, 'operation')}
              ):{' '}
              <b>
                {verdict.promoted
                  ? 'better than the trusted model; a person may decide to follow it'
                  : 'stays an opinion'}
              </b>
            </span>
          </p>
          {verdict.reasons.length > 0 ? (
            <ul className={classes.reasons} aria-label="Reasons of the verdict">
              {verdict.reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          ) : null}
        </>
      ) : (
        <p className={classes.dim}>No verdict yet.</p>
      )}
    </>
  );
}
