/** Why a suggestion is not followed: a reason is needed, and the common ones are a press away. */

import { Button, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import classes from './suggestions.module.css';

const COMMON = [
  'Already done elsewhere',
  'Contraindicated',
  'Patient declines',
  'Would not change management',
  'Input is wrong',
] as const;

const FEWEST_LETTERS = 3;

export function OverrideForm({ onGive, onCancel }: { onGive(reason: string): void; onCancel(): void }) {
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const short = reason.trim().length < FEWEST_LETTERS;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (!short) onGive(reason.trim());
  };
  return (
    <form className={classes.override} onSubmit={submit} aria-label="Override with a reason">
      <div className={classes.common}>
        {COMMON.map((text) => (
          <button key={text} type="button" onClick={() => setReason(text)}>
            {text}
          </button>
        ))}
      </div>
      <Textarea
        label="Reason"
        autosize
        minRows={2}
        maxLength={2000}
        value={reason}
        data-autofocus
        error={tried && short ? 'An override needs a reason; it is logged and read when the rules are reviewed.' : null}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div className={classes.hands}>
        <Button type="submit">Override</Button>
        <Button variant="subtle" color="gray" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
