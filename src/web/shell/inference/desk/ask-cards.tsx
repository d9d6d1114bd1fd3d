/** Questions that rules wait for, red flags apart, each with the form it is answered in. */

import { Button, NumberInput, Select } from '@mantine/core';
import { IconAlertOctagon } from '@tabler/icons-react';
import { type FormEvent, useMemo, useState } from 'react';
import type { WireAnswer, WireAsk } from '../../../../contract/index.ts';
import { count, formatDay, unitLabel } from '../../../kit/number/format.ts';
import { changeDesk } from '../../../state/inference.ts';
import { usePreferences } from '../../../state/preferences.ts';
import classes from './desk.module.css';
import { answerText, orderedAsks, readNumber, rulesText, withAnswer, withoutAnswer } from './desk-model.ts';

const FIRST_SHOWN = 3;

interface AsksProps {
  twin: string;
  asks: readonly WireAsk[];
  /** ISO 8601 · index date of the assessment that asks: answers are of that day */
  at: string;
}

/** Questions of the red flags: one after the other, or all in a list. */
export function RedFlagAsks({ twin, asks, at }: AsksProps) {
  const [all, setAll] = useState(false);
  const ordered = useMemo(() => orderedAsks(asks).filter(({ redFlag }) => redFlag), [asks]);
  if (ordered.length === 0) return null;
  return (
    <section className={classes.section} aria-label="Red-flag questions">
      <p className={classes.line}>
        Not ruled out: {count(ordered.length, 'question')} unanswered.
        {ordered.length > 1 ? (
          <Button variant="subtle" size="compact-xs" onClick={() => setAll(!all)}>
            {all ? 'One by one' : 'Show all'}
          </Button>
        ) : null}
      </p>
      {(all ? ordered : ordered.slice(0, 1)).map((ask) => (
        <AskCard key={ask.finding} twin={twin} ask={ask} at={at} />
      ))}
    </section>
  );
}

/** All other questions. */
export function AskCards({ twin, asks, at }: AsksProps) {
  const [all, setAll] = useState(false);
  const ordered = useMemo(() => orderedAsks(asks).filter(({ redFlag }) => !redFlag), [asks]);
  const shown = all ? ordered : ordered.slice(0, FIRST_SHOWN);
  if (ordered.length === 0) return null;
  return (
    <section className={classes.section} aria-label="Questions">
      <h2>
        Questions{' '}
        <small>
          as of {formatDay(at)} · rules wait for {count(ordered.length, 'answer')}
        </small>
      </h2>
      {shown.map((ask) => (
        <AskCard key={ask.finding} twin={twin} ask={ask} at={at} />
      ))}
      {ordered.length > FIRST_SHOWN ? (
        <Button variant="subtle" size="compact-sm" w="fit-content" onClick={() => setAll(!all)}>
          {all ? 'Fewer questions' : `${count(ordered.length - FIRST_SHOWN, 'more question')}`}
        </Button>
      ) : null}
    </section>
  );
}

function AskCard({ twin, ask, at }: Omit<AsksProps, 'asks'> & { ask: WireAsk }) {
  const [busy, setBusy] = useState(false);
  const give = async (value: WireAnswer['value']): Promise<void> => {
    const user = usePreferences.getState().signature.trim();
    const answer: WireAnswer = { finding: ask.finding, value, at, ...(user && { user }) };
    setBusy(true);
    await changeDesk(
      twin,
      `Answered: ${ask.question} ${answerText(value, ask.form)}`,
      (desk) => withAnswer(desk, answer),
      (desk) => withoutAnswer(desk, answer),
    );
    setBusy(false);
  };
  return (
    <fieldset
      className={classes.ask}
      data-red={ask.redFlag || undefined}
      disabled={busy}
      data-testid={`ask-${ask.finding}`}
    >
      <legend>
        {ask.redFlag ? <IconAlertOctagon size={15} aria-label="Red flag" /> : null}
        {ask.question}
      </legend>
      <AskForm ask={ask} onGive={(value) => void give(value)} />
      <small className={classes.rules} role={busy ? 'status' : undefined} title={ask.rules.join(', ')}>
        {busy ? 'Assessing anew …' : rulesText(ask.rules)}
      </small>
    </fieldset>
  );
}

function AskForm({ ask, onGive }: { ask: WireAsk; onGive(value: WireAnswer['value']): void }) {
  const { form, question } = ask;
  if (form.kind === 'yes-no')
    return (
      <div className={classes.row}>
        <Button variant="default" onClick={() => onGive(1)}>
          Yes
        </Button>
        <Button variant="default" onClick={() => onGive(0)}>
          No
        </Button>
      </div>
    );
  if (form.kind === 'choice')
    return (
      <Select
        aria-label={question}
        placeholder="Choose"
        size="xs"
        value={null}
        data={form.options.map(({ value, text }) => ({ value, label: text }))}
        onChange={(value) => value !== null && onGive(value)}
      />
    );
  return <NumberForm question={question} form={form} onGive={onGive} />;
}

interface NumberFormProps {
  question: string;
  form: Extract<WireAsk['form'], { kind: 'number' }>;
  onGive(value: number): void;
}

function NumberForm({ question, form, onGive }: NumberFormProps) {
  const [text, setText] = useState<string | number>('');
  const [problem, setProblem] = useState<string>();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const read = readNumber(String(text), form);
    if ('problem' in read) setProblem(read.problem);
    else onGive(read.value);
  };
  return (
    <form className={classes.row} onSubmit={submit}>
      <NumberInput
        aria-label={question}
        size="xs"
        w={120}
        hideControls
        suffix={unitLabel(form.unit) ? ` ${unitLabel(form.unit)}` : undefined}
        placeholder={`${form.min} to ${form.max} ${unitLabel(form.unit)}`.trim()}
        value={text}
        error={problem}
        onChange={(value) => {
          setText(value);
          setProblem(undefined);
        }}
      />
      <Button type="submit" variant="default">
        Answer
      </Button>
    </form>
  );
}
