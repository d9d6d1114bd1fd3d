/** Closes the follow-up of the open patient: what became of them in the twelve months after the index date. */

import { Button, Radio, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { WireError, WireSiteModel, WireStoredAssessment } from '../../../../contract/index.ts';
import { ErrorNote, SyntheticBadge } from '../../../kit/notes.tsx';
import { formatDay } from '../../../kit/number/format.ts';
import { call, recordOf } from '../../../state/client.ts';
import { takeSiteModel } from '../../../state/inference.ts';
import { toast } from '../../../state/toasts.ts';
import { percent, percentRange } from '../words.ts';
import { earliestClose } from './gates.ts';
import classes from './model.module.css';

const CHOICES = [
  { value: '0', label: 'Not operated within twelve months' },
  { value: '1', label: 'Operated in months 0 to 6' },
  { value: '2', label: 'Operated in months 6 to 12' },
] as const;

export interface CloseFollowUpProps {
  twin: string;
  stored: WireStoredAssessment;
  /** outcomes closed so far */
  closed: WireSiteModel['drift'];
}

export function CloseFollowUp({ twin, stored, closed }: CloseFollowUpProps) {
  const own = closed.find(({ patient }) => patient === twin);
  const { indexDate, risk } = stored.assessment;
  const [year] = risk.horizons;
  const earliest = earliestClose(indexDate);
  const today = new Date().toISOString().slice(0, 10);
  const [operated, setOperated] = useState<string>();
  const [closedAt, setClosedAt] = useState(earliest <= today ? earliest : '');
  const [sure, setSure] = useState(false);
  const [problem, setProblem] = useState<WireError>();
  const [busy, setBusy] = useState(false);
  const early = earliest > today;
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (operated === undefined || closedAt === '') return;
    if (!sure) {
      setSure(true);
      return;
    }
    setBusy(true);
    setProblem(undefined);
    try {
      const operatedIn = Number(operated) as 0 | 1 | 2;
      takeSiteModel(await call('putOutcome', { params: { twin }, body: { operatedIn, closedAt } }));
      toast('Follow-up closed. The model learns of it at its next update.');
    } catch (error) {
      setProblem(recordOf(error));
    }
    setSure(false);
    setBusy(false);
  };
  return (
    <section className={classes.card} aria-label="Close follow-up">
      <h2>
        Close follow-up of this patient <small>index date {formatDay(indexDate)}</small>
      </h2>
      <p className={classes.dim}>
        Told for twelve months: {percentRange(year.low, year.high)}, point {percent(year.probability)}; scored is the
        mean over the interval, {percent(year.expected)}. An outcome counts when the twelve months are over, operated or
        not: {formatDay(earliest)} at the earliest.
      </p>
      {own ? (
        <p role="status">
          Closed: {own.observed ? 'operated' : 'not operated'} within twelve months; {percent(own.predicted)} was
          expected. It counts once and stays.
        </p>
      ) : stored.assessment.synthetic ? (
        <p>
          <SyntheticBadge /> The follow-up of a generated patient cannot be closed: it would teach the model of this
          site what never happened.
        </p>
      ) : early ? null : (
        <form className={classes.form} onSubmit={(event) => void send(event)}>
          <Radio.Group aria-label="What became of the patient" value={operated ?? null} onChange={setOperated}>
            <div className={classes.form}>
              {CHOICES.map(({ value, label }) => (
                <Radio key={value} size="xs" value={value} label={label} />
              ))}
            </div>
          </Radio.Group>
          <TextInput
            size="xs"
            type="date"
            label="Follow-up ended on"
            min={earliest}
            max={today}
            w={180}
            value={closedAt}
            onChange={(event) => setClosedAt(event.currentTarget.value)}
          />
          {problem ? <ErrorNote error={problem} /> : null}
          {sure ? <p role="status">This is kept for good and cannot be given twice. Is it right?</p> : null}
          <div className={classes.row}>
            <Button type="submit" variant="light" loading={busy} disabled={operated === undefined || closedAt === ''}>
              {sure ? 'Yes, close it' : 'Close follow-up'}
            </Button>
            {sure ? (
              <Button variant="subtle" color="gray" onClick={() => setSure(false)}>
                Cancel
              </Button>
            ) : null}
          </div>
        </form>
      )}
    </section>
  );
}
