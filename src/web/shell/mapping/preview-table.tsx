/** The first rows of a table, as they are read. */

import type { WireTableLook } from '../../../contract/index.ts';
import { unitLabel } from '../../kit/number/format.ts';
import classes from './mapping.module.css';
import type { Columns } from './mapping-form.ts';

export interface PreviewTableProps {
  look: WireTableLook;
  columns: Columns;
  /** column that a message speaks of */
  fault: number | undefined;
}

export function PreviewTable({ look, columns, fault }: PreviewTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by keys
    <section className={classes.preview} aria-label="First rows of the table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map(({ name, unit }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns are known by their place
              <th key={index} scope="col" data-fault={index === fault || undefined}>
                {name || `column ${index + 1}`}
                {unit && unitLabel(unit) ? <small>{unitLabel(unit)}</small> : null}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {look.rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are known by their place
            <tr key={at}>
              {row.map((value, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns are known by their place
                <td key={index} data-fault={index === fault || undefined}>
                  {value === null ? '–' : shortNumber(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(7))).replace('-', '\u2212');
}
