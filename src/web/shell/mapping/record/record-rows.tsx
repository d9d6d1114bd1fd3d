/** One row a column: what it means, in which unit, at which level and side. */

import { useMemo } from 'react';
import type { WireTableLook } from '../../../../contract/index.ts';
import { useKnowledge } from '../../../state/inference.ts';
import classes from '../mapping.module.css';
import type { RecordRow } from './record-form.ts';

export interface RecordRowsProps {
  look: NonNullable<WireTableLook['record']>;
  rows: readonly RecordRow[];
  /** number of the column of dates */
  date: number;
  /** place that the check speaks of */
  fault: string | undefined;
  onChange(rows: RecordRow[]): void;
}

/** LOINC codes that tables name, beside the features and findings. */
const CODES: readonly (readonly [string, string])[] = [
  ['72514-3', 'Pain severity, 0 to 10'],
  ['8310-5', 'Body temperature'],
];

export function RecordRows({ look, rows, date, fault, onChange }: RecordRowsProps) {
  const { data } = useKnowledge();
  const known = useMemo(() => {
    const features = (data?.features ?? []).map(({ id, name, unit }) => ({ id, name, unit }));
    const findings = (data?.findings ?? []).map(({ id, question, form }) => ({
      ...{ id, name: question, unit: form.kind === 'number' ? form.unit : '' },
    }));
    return [...features, ...findings, ...CODES.map(([id, name]) => ({ id, name, unit: '' }))];
  }, [data]);
  const change = (at: number, part: Partial<RecordRow>): void =>
    onChange(rows.map((row, index) => (index === at ? { ...row, ...part } : row)));
  return (
    <fieldset className={classes.columns}>
      <legend>Columns</legend>
      <div className={classes.recordHeads} aria-hidden="true">
        {['Column', 'Means', 'Unit', 'Level', 'Side'].map((head) => (
          <span key={head}>{head}</span>
        ))}
      </div>
      {rows.map((row, index) => {
        const column = look.names[index] || `column ${index + 1}`;
        if (index + 1 === date) return null;
        const refused = look.refused.includes(look.names[index]);
        return (
          // biome-ignore lint/a11y/useSemanticElements: a line of a fieldset, named by its column
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: columns are known by their place
            key={index}
            className={classes.recordLine}
            role="group"
            aria-label={column}
            data-off={row.means === '' || undefined}
          >
            <b title={column}>{column}</b>
            {refused ? (
              <span className={classes.dim}>never taken: it may identify the person</span>
            ) : (
              <RecordFields
                column={column}
                row={row}
                faulty={fault?.endsWith(`column ${column}`) ?? false}
                name={known.find(({ id }) => id === row.means)?.name}
                onChange={(part) => {
                  const unit = usualUnit(known.find(({ id }) => id === part.means));
                  change(index, unit && row.unit === '' ? { ...part, unit } : part);
                }}
              />
            )}
          </div>
        );
      })}
      <datalist id="record-meanings">
        {known.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </datalist>
    </fieldset>
  );
}

/** The unit that goes without saying; of what comes in several units a person must say it. */
function usualUnit(known: { id: string; unit: string } | undefined): string {
  return known && known.unit !== '1' && !/^(lab\.|prom\.odi$)/.test(known.id) ? known.unit : '';
}

interface RecordFieldsProps {
  column: string;
  row: RecordRow;
  faulty: boolean;
  /** what the meaning is called */
  name: string | undefined;
  onChange(part: Partial<RecordRow>): void;
}

function RecordFields({ column, row, faulty, name, onChange }: RecordFieldsProps) {
  const text = (label: string, field: 'means' | 'unit' | 'level', hint: string, list?: string) => (
    <input
      aria-label={`${label} of ${column}`}
      aria-invalid={(faulty && field === 'means') || undefined}
      title={field === 'means' ? name : undefined}
      value={row[field]}
      placeholder={hint}
      list={list}
      maxLength={80}
      onChange={({ currentTarget }) => onChange({ [field]: currentTarget.value })}
    />
  );
  return (
    <>
      {text('Means', 'means', 'left out', 'record-meanings')}
      {text('Unit', 'unit', 'none')}
      {text('Level', 'level', 'L4-L5')}
      <select
        aria-label={`Side of ${column}`}
        value={row.side}
        onChange={({ currentTarget }) => onChange({ side: currentTarget.value })}
      >
        <option value="">–</option>
        <option value="left">left</option>
        <option value="right">right</option>
      </select>
    </>
  );
}
