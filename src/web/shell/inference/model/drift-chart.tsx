/** Operations observed less expected, summed up outcome by outcome: level where the model is right. */

import type { WireSiteModel } from '../../../../contract/index.ts';
import { formatNumber } from '../../../kit/number/format.ts';
import plain from '../../../kit/table/plain-table.module.css';
import { PlotFrame, ticksOf } from '../../../views/chart/plot-frame.tsx';
import { driftExtent } from './gates.ts';
import classes from './model.module.css';

const ROWS_SHOWN = 50;

export function DriftChart({ drift, alarm }: Pick<WireSiteModel, 'drift' | 'alarm'>) {
  if (drift.length === 0) return <p className={classes.dim}>No follow-up has been closed yet.</p>;
  const [low, high] = driftExtent(drift);
  const x = {
    low: 0,
    high: Math.max(2, drift.length),
    name: 'closed outcomes, in order',
    ticks: ticksOf(0, Math.max(2, drift.length)).filter(Number.isInteger),
    text: String,
  };
  const y = {
    low,
    high,
    name: 'observed less expected',
    ticks: ticksOf(low, high),
    text: (v: number) => formatNumber(v, 1),
  };
  const last = drift[drift.length - 1];
  return (
    <>
      <PlotFrame
        title={`Drift: after ${drift.length} outcomes ${formatNumber(last.sum, 1)} operations more than expected`}
        x={x}
        y={y}
        height={240}
      >
        {(px, py) => (
          <>
            <line className={classes.zero} x1={px(0)} x2={px(x.high)} y1={py(0)} y2={py(0)} />
            <path
              className={classes.sum}
              data-alarm={alarm ?? undefined}
              d={`M${px(0)} ${py(0)}${drift.map(({ sum }, i) => `L${px(i + 1)} ${py(sum)}`).join('')}`}
            />
          </>
        )}
      </PlotFrame>
      <details className={classes.details}>
        <summary>Outcomes in numbers</summary>
        <table className={`${plain.table} ${classes.table}`}>
          <thead>
            <tr>
              <th scope="col">Twin</th>
              <th scope="col">Predicted</th>
              <th scope="col">Operated</th>
              <th scope="col">Sum</th>
            </tr>
          </thead>
          <tbody>
            {drift
              .slice(-ROWS_SHOWN)
              .reverse()
              .map(({ patient, predicted, observed, sum }) => (
                <tr key={`${patient} ${sum}`}>
                  <td>{patient}</td>
                  <td>{formatNumber(100 * predicted, 1)} %</td>
                  <td>{observed ? 'yes' : 'no'}</td>
                  <td>{formatNumber(sum, 2)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </>
  );
}
