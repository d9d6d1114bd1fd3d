/** Tables that capabilities made: sensors and their calibration, spectra, windows; as a chart where the first column grows, always as a table. */

import { Select, useMantineColorScheme } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { WireArtifact } from '../../contract/index.ts';
import type { Table, TableColumn } from '../../model/index.ts';
import { DASH, formatNumber, unitLabel } from '../kit/number/format.ts';
import { definePanel, type PanelProps } from '../kit/panel.ts';
import { SaveTableMenu } from '../kit/table/save-table-menu.tsx';
import { useTableRead } from '../kit/table/use-table.ts';
import { LineChart } from '../views/chart/line-chart.tsx';
import classes from './window.module.css';

const ROWS_SHOWN = 200;
const MOST_LINES = 6;
const FEWEST_POINTS = 20;

/** True for tables that a panel of their own already shows. */
function isPlain({ kind, provenance }: WireArtifact): boolean {
  return kind === 'table.record' && provenance.capability !== 'spine-geometry';
}

/** Columns that can be drawn over the first one: it grows from row to row, and they are numbers. */
export function chartOf({ columns }: Table): { axis: TableColumn; lines: TableColumn[] } | undefined {
  const [axis, ...rest] = columns;
  if (!axis || axis.values.length < FEWEST_POINTS) return undefined;
  const grows = axis.values.every(
    (value, i) => typeof value === 'number' && (i === 0 || value > (axis.values[i - 1] as number)),
  );
  const lines = rest.filter(({ values }) => values.some((value) => typeof value === 'number'));
  return grows && lines.length > 0 ? { axis, lines: lines.slice(0, MOST_LINES) } : undefined;
}

const numbers = ({ values }: TableColumn): Float64Array =>
  Float64Array.from(values, (value) => (typeof value === 'number' ? value : Number.NaN));

function TablesPanel({ view }: PanelProps) {
  const [id, setId] = useState<string | null>(null);
  const tables = useMemo(() => view.artifacts.filter(isPlain), [view.artifacts]);
  const artifact = tables.find((one) => one.id === id) ?? tables[0];
  const { table, failed } = useTableRead(artifact);
  if (!artifact) return <p className={`${classes.panel} ${classes.hint}`}>No tables yet.</p>;
  return (
    <div className={classes.panel}>
      <Select
        size="xs"
        aria-label="Table"
        allowDeselect={false}
        value={artifact.id}
        onChange={setId}
        data={tables.map((one) => ({ value: one.id, label: labelOf(one, tables) }))}
      />
      {table ? <Shown table={table} name={`${view.twin.alias} ${artifact.name}`} title={artifact.name} /> : null}
      {table ? null : (
        <p className={classes.hint} role="status">
          {failed ? 'This table cannot be read. Build the twin again.' : 'Loading …'}
        </p>
      )}
    </div>
  );
}

/** Its name, and what sets it apart from another of that name. */
function labelOf(one: WireArtifact, all: readonly WireArtifact[]): string {
  const alike = all.filter(({ name }) => name === one.name);
  return alike.length > 1 ? `${one.name} (${one.takenAt?.slice(0, 10) ?? alike.indexOf(one) + 1})` : one.name;
}

function Shown({ table, name, title }: { table: Table; name: string; title: string }) {
  const chart = useMemo(() => chartOf(table), [table]);
  const drawn = useMemo(
    () =>
      chart && {
        axis: numbers(chart.axis),
        lines: chart.lines.map((line) => ({
          name: line.name,
          unit: unitLabel(line.unit ?? ''),
          values: numbers(line),
        })),
      },
    [chart],
  );
  const { colorScheme } = useMantineColorScheme();
  return (
    <>
      {chart && drawn ? (
        <LineChart
          title={title}
          axisName={chart.axis.name}
          axisUnit={unitLabel(chart.axis.unit ?? '')}
          axis={drawn.axis}
          lines={drawn.lines}
          height={210}
          dark={colorScheme !== 'light'}
        />
      ) : null}
      <SaveTableMenu table={() => table} name={name} />
      <Rows table={table} title={title} />
    </>
  );
}

function Rows({ table, title }: { table: Table; title: string }) {
  const rows = table.columns[0]?.values.length ?? 0;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by keys
    <section className={classes.scroll} tabIndex={0} aria-label={`${title}, table`}>
      <table className={classes.table}>
        <thead>
          <tr>
            {table.columns.map(({ name, unit, definition, values }) => (
              <th key={name} scope="col" title={definition} data-text={isText(values)}>
                {name} {unit ? <small className={classes.unit}>{unitLabel(unit)}</small> : null}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: Math.min(rows, ROWS_SHOWN) }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows stand in their order
            <tr key={row}>
              {table.columns.map(({ name, values }) => (
                <td key={name} data-text={isText(values)}>
                  {cellText(values[row])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows > ROWS_SHOWN ? (
        <p className={classes.hint}>
          {ROWS_SHOWN} of {rows} rows; the saved table has all.
        </p>
      ) : null}
    </section>
  );
}

/** Words stand at the left of their column, numbers at the right. */
function isText(values: TableColumn['values']): boolean {
  return values.some((value) => typeof value === 'string');
}

function cellText(value: number | string | boolean | null | undefined): string {
  if (value === null || value === undefined) return DASH;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (Number.isInteger(value)) return formatNumber(value, 0);
  const size = Math.abs(value);
  return formatNumber(value, size >= 100 ? 1 : size >= 1 ? 2 : 4);
}

export const tablesPanel = definePanel({
  id: 'tables',
  title: 'Tables',
  kinds: ['table.record'],
  component: TablesPanel,
});
