/** Twins as cards or as a table. */

import { IconAlertTriangle } from '@tabler/icons-react';
import type { WireTwinSummary } from '../../../contract/index.ts';
import { SyntheticBadge } from '../../kit/notes.tsx';
import { count, formatAgo, formatMoment } from '../../kit/number/format.ts';
import { go } from '../../state/place.ts';
import classes from './patients.module.css';

function open(twin: WireTwinSummary): void {
  go({ twin: twin.id, screen: 'overview', asOf: {} });
}

function Doubts({ n }: { n: number }) {
  return n > 0 ? (
    <span className={classes.doubts}>
      <IconAlertTriangle size={14} aria-hidden="true" />
      {count(n, 'doubt')}
    </span>
  ) : (
    <span>no doubts</span>
  );
}

export function TwinCards({ twins }: { twins: readonly WireTwinSummary[] }) {
  return (
    <ul className={classes.grid} aria-label="Patients">
      {twins.map((twin) => (
        <li key={twin.id}>
          <article className={classes.card} data-testid="twin">
            <span className={classes.cardHead}>
              <button
                type="button"
                className={classes.stretched}
                aria-label={`Open ${twin.alias}`}
                onClick={() => open(twin)}
              >
                {twin.alias}
              </button>
              {twin.synthetic ? <SyntheticBadge /> : null}
            </span>
            <dl className={classes.facts}>
              <div>
                <dt>acquisitions</dt>
                <dd>{twin.acquisitions}</dd>
              </div>
              <div>
                <dt>artifacts</dt>
                <dd>{twin.artifacts}</dd>
              </div>
              <div>
                <dt>numbers</dt>
                <dd>{twin.features}</dd>
              </div>
            </dl>
            <span className={classes.cardFoot}>
              <span title={formatMoment(twin.changedAt)}>changed {formatAgo(twin.changedAt)}</span>
              <Doubts n={twin.doubts} />
            </span>
          </article>
        </li>
      ))}
    </ul>
  );
}

export function TwinTable({ twins }: { twins: readonly WireTwinSummary[] }) {
  return (
    <table className={classes.table} aria-label="Patients">
      <thead>
        <tr>
          <th scope="col">Patient</th>
          <th scope="col" className={classes.right}>
            Acquisitions
          </th>
          <th scope="col" className={classes.right}>
            Artifacts
          </th>
          <th scope="col" className={classes.right}>
            Numbers
          </th>
          <th scope="col">Changed</th>
          <th scope="col">Quality</th>
        </tr>
      </thead>
      <tbody>
        {twins.map((twin) => (
          <tr key={twin.id}>
            <td>
              <button type="button" className={classes.open} onClick={() => open(twin)}>
                {twin.alias}
              </button>{' '}
              {twin.synthetic ? <SyntheticBadge /> : null}
            </td>
            <td className={classes.right}>{twin.acquisitions}</td>
            <td className={classes.right}>{twin.artifacts}</td>
            <td className={classes.right}>{twin.features}</td>
            <td className="numbers">{formatMoment(twin.changedAt)}</td>
            <td>
              <Doubts n={twin.doubts} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
