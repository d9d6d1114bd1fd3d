/** Tables that capabilities made: sensors and their calibration, spectra, windows; as a chart where the first column grows, always as a table. */

import { Button, Menu, Select } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import type { WireArtifact } from '../../contract/index.ts';
import type { Table, TableColumn } from '../../model/index.ts';
import { payloadOf, useBlobs } from '../kit/blobs.ts';
import { DASH, formatNumber, unitLabel } from '../kit/number/format.ts';
import { definePanel, type PanelProps } from '../kit/panel.ts';
import { saveTable } from '../kit/table/table-file.ts';
import { LineChart } from '../views/chart/line-chart.tsx';
import classes from './window.module.css';

const ROWS_SHOWN = 200;
const MOST_LINES = 6;
const FEWEST_POINTS = 20;

/** True for tables that a panel of their own already shows. */
function isPlain({ kind, provenance }: WireArtifact): boolean {
  return kind === 'table.record' && provenance.capability !== 'spine-geometry';
}

function useTable(artifact: WireArtifact | undefined): Table | undefined {
  const blobs = useBlobs();
  const [read, setRead] = useState<{ id: string; table: Table | undefined }>();
  useEffect(() => {
    const json = artifact?.blobs.find(({ name }) => name.endsWith('.json'));
    if (!artifact || !json) return;
    let alive = true;
    blobs.json(json.sha256).then(
      (document) => alive && setRead({ id: artifact.id, table: payloadOf(document) as Table }),
      () => alive && setRead({ id: artifact.id, table: undefined }),
    );
    return () => {
      alive = false;
    };
  }, [artifact, blobs]);
  return read?.id === artifact?.id ? read?.table : undefined;
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
  const table = useTable(artifact);
  if (!artifact) return <p className={classes.hint}>No tables yet.</p>;
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
  const dark = document.documentElement.dataset.mantineColorScheme !== 'light';
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
          dark={dark}
        />
      ) : null}
      <Menu position="bottom-start">
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            w="fit-content"
            leftSection={<IconDownload size={14} />}
          >
            Save table
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(['csv', 'xlsx', 'parquet'] as const).map((format) => (
            <Menu.Item key={format} onClick={() => void saveTable(table, name, format)}>
              {{ csv: 'CSV', xlsx: 'Excel', parquet: 'Parquet' }[format]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
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
            {table.columns.map(({ name, unit, definition }) => (
              <th key={name} scope="col" title={definition}>
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
                <td key={name}>{cellText(values[row])}</td>
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
