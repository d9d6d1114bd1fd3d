/** One row a column: what it measures, in which unit, where on the body. */

import { IconChevronsDown } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { BODY_SEGMENTS } from '../../../model/index.ts';
import { IconAction } from '../../kit/icon-action.tsx';
import { unitLabel } from '../../kit/number/format.ts';
import classes from './mapping.module.css';
import {
  asksFor,
  type ColumnRow,
  type Columns,
  copiedDown,
  type Field,
  isChannel,
  lastAlike,
  MEANINGS,
  type Meaning,
  unitsOf,
  withMeaning,
} from './mapping-form.ts';

const HEADS = [
  'Column',
  'Measures',
  'Unit',
  'Scale',
  'Name',
  'Sensor',
  'Axis',
  'Segment',
  'Muscle',
  'Level',
  'Side',
  'Rate, Hz',
];
const MUSCLES = [
  'erectorSpinae',
  'longissimus',
  'iliocostalis',
  'multifidus',
  'rectusAbdominis',
  'externalOblique',
  'latissimusDorsi',
  'gluteusMaximus',
  'gluteusMedius',
  'bicepsFemoris',
  'rectusFemoris',
  'vastusLateralis',
  'vastusMedialis',
  'tibialisAnterior',
  'gastrocnemiusMedialis',
  'soleus',
  'bicepsBrachii',
  'tricepsBrachii',
  'deltoid',
  'trapeziusUpper',
];

export interface ColumnRowsProps {
  columns: Columns;
  rows: readonly ColumnRow[];
  /** row and field that the check speaks of */
  fault: [number, string] | undefined;
  tableRate: string;
  onChange(rows: ColumnRow[]): void;
}

export function ColumnRows({ columns, rows, fault, tableRate, onChange }: ColumnRowsProps) {
  const change = (at: number, next: ColumnRow): void => onChange(rows.map((row, index) => (index === at ? next : row)));
  return (
    <fieldset className={classes.columns}>
      <legend>Columns</legend>
      <div className={classes.heads} aria-hidden="true">
        {HEADS.map((head) => (
          <span key={head}>{head}</span>
        ))}
      </div>
      {rows.map((row, index) => (
        <ColumnLine
          // biome-ignore lint/suspicious/noArrayIndexKey: columns are known by their place
          key={index}
          column={columns[index]?.name || `column ${index + 1}`}
          row={row}
          fault={fault?.[0] === index ? fault[1] : undefined}
          tableRate={tableRate}
          onChange={(next) => change(index, next)}
          alike={isChannel(row.meaning) ? alikeText(columns, index, lastAlike(rows, index)) : undefined}
          onCopyDown={() => onChange(copiedDown(rows, index))}
        />
      ))}
      <datalist id="mapping-muscles">
        {MUSCLES.map((muscle) => (
          <option key={muscle} value={muscle} />
        ))}
      </datalist>
    </fieldset>
  );
}

function alikeText(columns: Columns, at: number, last: number): string | undefined {
  const nameOf = (index: number): string => columns[index]?.name || `column ${index + 1}`;
  if (last === at) return undefined;
  return last === at + 1 ? nameOf(last) : `${nameOf(at + 1)} to ${nameOf(last)}`;
}

interface ColumnLineProps {
  column: string;
  row: ColumnRow;
  fault: string | undefined;
  tableRate: string;
  onChange(row: ColumnRow): void;
  /** the columns below that it can be copied onto */
  alike: string | undefined;
  onCopyDown(): void;
}

function ColumnLine({ column, row, fault, tableRate, alike, onChange, onCopyDown }: ColumnLineProps) {
  const channel = isChannel(row.meaning);
  const set = (part: Partial<ColumnRow>): void => onChange({ ...row, ...part });
  const text = (
    label: string,
    field: 'name' | 'scale' | 'rate' | Field,
    more: { hint?: string; list?: string } = {},
  ) => (
    <Cell label={label}>
      <input
        aria-label={`${label} of ${column}`}
        aria-invalid={fault === field || (fault === 'rateHz' && field === 'rate') || undefined}
        value={row[field]}
        placeholder={more.hint}
        list={more.list}
        inputMode={field === 'scale' || field === 'rate' ? 'decimal' : undefined}
        maxLength={120}
        onChange={({ currentTarget }) => set({ [field]: currentTarget.value })}
      />
    </Cell>
  );
  const pick = (label: string, field: 'unit' | Field, options: ReactNode) => (
    <Cell label={label}>
      <select
        aria-label={`${label} of ${column}`}
        aria-invalid={fault === field || undefined}
        value={row[field]}
        onChange={({ currentTarget }) => set({ [field]: currentTarget.value })}
      >
        {options}
      </select>
    </Cell>
  );
  const ask = (field: Field, cell: () => ReactNode): ReactNode =>
    asksFor(row.meaning, field) ? cell() : <span className={classes.none} />;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line of a fieldset, named by its column
    <div className={classes.line} role="group" aria-label={column} data-off={row.meaning === 'leave-out' || undefined}>
      <b title={column}>{column}</b>
      <Cell label="Measures">
        <select
          aria-label={`Measures of ${column}`}
          value={row.meaning}
          onChange={({ currentTarget }) => onChange(withMeaning(row, currentTarget.value as Meaning))}
        >
          {MEANINGS.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </Cell>
      {channel ? pick('Unit', 'unit', <UnitOptions row={row} />) : <span className={classes.none} />}
      {channel ? text('Scale', 'scale', { hint: '× 1' }) : <span className={classes.none} />}
      {channel ? text('Name', 'name') : <span className={classes.none} />}
      {ask('sensor', () => text('Sensor', 'sensor'))}
      {ask('axis', () => pick('Axis', 'axis', <Options values={['x', 'y', 'z', 'w']} />))}
      {ask('segment', () => pick('Segment', 'segment', <Options values={segmentsWith(row.segment)} />))}
      {ask('site', () => text('Muscle', 'site', { list: 'mapping-muscles' }))}
      {ask('level', () => text('Level', 'level', { hint: 'L4' }))}
      {ask('side', () => pick('Side', 'side', <Options values={['left', 'right']} />))}
      {channel ? text('Rate', 'rate', { hint: tableRate || 'same' }) : <span className={classes.none} />}
      {alike ? (
        <IconAction name={`Same for ${alike}`} size={26} onClick={onCopyDown}>
          <IconChevronsDown size={15} />
        </IconAction>
      ) : (
        <span className={classes.none} />
      )}
    </div>
  );
}

function Cell({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.cell}>
      <span aria-hidden="true">{label}</span>
      {children}
    </div>
  );
}

function Options({ values }: { values: readonly string[] }) {
  return (
    <>
      <option value="">–</option>
      {values.map((value) => (
        <option key={value} value={value}>
          {value}
        </option>
      ))}
    </>
  );
}

function segmentsWith(own: string): readonly string[] {
  return own === '' || (BODY_SEGMENTS as readonly string[]).includes(own) ? BODY_SEGMENTS : [own, ...BODY_SEGMENTS];
}

function UnitOptions({ row }: { row: ColumnRow }) {
  if (!isChannel(row.meaning)) return null;
  const { usual, others } = unitsOf(row.meaning);
  const option = (unit: string) => (
    <option key={unit} value={unit}>
      {unit === '1' ? 'no unit' : unit === '{count}' ? 'counts' : unitLabel(unit) || unit}
    </option>
  );
  return (
    <>
      {usual.map(option)}
      <optgroup label="others">{others.map(option)}</optgroup>
    </>
  );
}
