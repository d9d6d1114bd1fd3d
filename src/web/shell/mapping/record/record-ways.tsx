/** How a table of facts is laid out: rows, dates, decimal sign. */

import classes from '../mapping.module.css';
import type { LongPart, RecordForm } from './record-form.ts';

export interface RecordWaysProps {
  form: RecordForm;
  names: readonly string[];
  onChange(part: Partial<RecordForm>): void;
}

const PARTS: readonly (readonly [LongPart, string])[] = [
  ['what', 'What it is'],
  ['value', 'Value'],
  ['unit', 'Unit'],
];

export function RecordWays({ form, names, onChange }: RecordWaysProps) {
  const column = (label: string, value: number, change: (value: number) => void) => (
    <label>
      <span>{label}</span>
      <select
        aria-label={label}
        value={value}
        aria-invalid={(value === 0 && label !== 'Unit') || undefined}
        onChange={({ currentTarget }) => change(Number(currentTarget.value))}
      >
        <option value={0}>{label === 'Unit' ? 'none' : 'choose'}</option>
        {names.map((name, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: columns are known by their place
          <option key={index} value={index + 1}>
            {name || `column ${index + 1}`}
          </option>
        ))}
      </select>
    </label>
  );
  const pick = (
    label: string,
    field: 'shape' | 'dates' | 'decimal',
    options: readonly (readonly [string, string])[],
  ) => (
    <label>
      <span>{label}</span>
      <select
        aria-label={label}
        value={form[field]}
        onChange={({ currentTarget }) => onChange({ [field]: currentTarget.value })}
      >
        {options.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <fieldset className={classes.ways}>
      <legend>Table</legend>
      {pick('Rows', 'shape', [
        ['wide', 'one a visit'],
        ['long', 'one a fact'],
      ])}
      {column('Date', form.date, (date) => onChange({ date }))}
      {pick('03/04/2026 is', 'dates', [
        ['', 'as the dates tell'],
        ['day-first', '3 April'],
        ['month-first', '4 March'],
      ])}
      {pick('Decimal sign', 'decimal', [
        ['', 'found'],
        ['point', 'point'],
        ['comma', 'comma'],
      ])}
      {form.shape === 'long'
        ? PARTS.map(([part, label]) => (
            <div key={part}>
              {column(label, form.long[part], (value) => onChange({ long: { ...form.long, [part]: value } }))}
            </div>
          ))
        : null}
    </fieldset>
  );
}
