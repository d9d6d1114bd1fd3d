/** How the text of a table is written, and how fast it was sampled. */

import type { WireTableLook } from '../../../contract/index.ts';
import classes from './mapping.module.css';
import type { MappingForm } from './mapping-form.ts';

export interface TextWaysProps {
  form: MappingForm;
  look: WireTableLook;
  onChange(part: Partial<MappingForm>): void;
}

const SEPARATORS = { comma: 'comma', semicolon: 'semicolon', tab: 'tab', space: 'space' } as const;

export function TextWays({ form, look, onChange }: TextWaysProps) {
  const timed = form.rows.some(({ meaning }) => meaning.startsWith('time:'));
  return (
    <fieldset className={classes.ways}>
      <legend>Table</legend>
      <label>
        <span>Rate, Hz</span>
        <input
          value={form.rate}
          inputMode="decimal"
          placeholder={timed ? 'from the times' : 'needed'}
          disabled={timed}
          onChange={({ currentTarget }) => onChange({ rate: currentTarget.value })}
        />
      </label>
      <label>
        <span>Separator</span>
        <select
          aria-label="Separator"
          value={form.separator}
          onChange={({ currentTarget }) => onChange({ separator: currentTarget.value })}
        >
          <option value="">found: {look.separator}</option>
          {Object.entries(SEPARATORS).map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>Decimal sign</span>
        <select
          aria-label="Decimal sign"
          value={form.decimal}
          onChange={({ currentTarget }) => onChange({ decimal: currentTarget.value })}
        >
          <option value="">found: {look.decimal}</option>
          <option value="point">point</option>
          <option value="comma">comma</option>
        </select>
      </label>
      <label>
        <span>Lines to pass over</span>
        <input
          value={form.skipLines}
          inputMode="numeric"
          placeholder="found"
          onChange={({ currentTarget }) => onChange({ skipLines: currentTarget.value })}
        />
      </label>
    </fieldset>
  );
}
