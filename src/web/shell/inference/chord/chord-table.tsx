/** The chord graph as a table: every ribbon a row, and at the foot the sum that the screen shows. */

import type { WireContribution, WireRisk } from '../../../../contract/index.ts';
import { formatNumber } from '../../../kit/number/format.ts';
import plain from '../../../kit/table/plain-table.module.css';
import { certainty } from '../../../views/chord/chord-model.ts';
import { ageText, CONSTRUCT_NAMES, MODALITY_NAMES, percent, signed, valueText } from '../words.ts';
import classes from './chord-panel.module.css';

export interface ChordTableProps {
  risk: WireRisk;
  chosen: string | undefined;
  onOpen(feature: string): void;
}

export function ChordTable({ risk, chosen, onOpen }: ChordTableProps) {
  const rows = [...risk.contributions].sort(
    (a, b) => Math.abs(b.mean) - Math.abs(a.mean) || Number(b.observed) - Number(a.observed),
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by keys
    <section className={classes.scroll} tabIndex={0} aria-label="Table of contributions">
      <table className={`${plain.table} ${plain.words} ${classes.table}`}>
        <thead>
          <tr>
            <th scope="col">Feature</th>
            <th scope="col">Measured by</th>
            <th scope="col">Speaks for</th>
            <th scope="col">Value</th>
            <th scope="col">Log-odds</th>
            <th scope="col">sd</th>
            <th scope="col">Certainty</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody className="numbers">
          {rows.map((one) => (
            <tr key={one.feature} data-chosen={chosen === one.feature || undefined}>
              <th scope="row">
                <button type="button" onClick={() => onOpen(one.feature)}>
                  {one.name}
                </button>
              </th>
              <td>{MODALITY_NAMES[one.modality] ?? one.modality}</td>
              <td>{CONSTRUCT_NAMES[one.construct] ?? one.construct}</td>
              <td>{one.observed ? `${valueText(one)}, ${ageText(one.ageDays)}` : '–'}</td>
              <td>{one.held ? '0' : signed(one.mean, 3)}</td>
              <td>{formatNumber(one.sd, 3)}</td>
              <td>{one.held ? '–' : formatNumber(certainty(one.mean, one.sd), 2)}</td>
              <td>{stateOf(one)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot className="numbers">
          <tr>
            <th scope="row" colSpan={4}>
              Intercept of the setting
            </th>
            <td>{signed(risk.intercept, 3)}</td>
            <td>{formatNumber(risk.interceptSd, 3)}</td>
            <td colSpan={2} />
          </tr>
          <tr>
            <th scope="row" colSpan={4}>
              Logit of twelve months, {percent(1 / (1 + Math.exp(-risk.logit)))}
            </th>
            <td>{signed(risk.logit, 3)}</td>
            <td>{formatNumber(risk.sdLogit, 3)}</td>
            <td colSpan={2} />
          </tr>
        </tfoot>
      </table>
    </section>
  );
}

function stateOf({ observed, held }: WireContribution): string {
  return [observed ? 'measured' : 'not measured', held ? 'held at zero' : ''].filter(Boolean).join(', ');
}
