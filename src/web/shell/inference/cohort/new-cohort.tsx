/** A cohort to evaluate: a CSV that is dropped or chosen, with its outcome column; or a generated one, which says so. */

import { Button, NumberInput, Progress, Select, TextInput } from '@mantine/core';
import { IconUpload, IconX } from '@tabler/icons-react';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import type { WireError, WireJob } from '../../../../contract/index.ts';
import { IconAction } from '../../../kit/icon-action.tsx';
import { ErrorNote, SyntheticBadge } from '../../../kit/notes.tsx';
import { count } from '../../../kit/number/format.ts';
import { call, recordOf } from '../../../state/client.ts';
import { INFERENCE_KEYS } from '../../../state/inference.ts';
import { queryClient, useJobs } from '../../../state/queries.ts';
import { toast } from '../../../state/toasts.ts';
import classes from './cohort.module.css';
import { learnerName } from './cohort-figures.ts';
import { type CohortTable, likelyPositive, lookAtTable, MOST_CHARACTERS, outcomeColumns } from './cohort-table.ts';

interface Given {
  name: string;
  text: string;
  table: CohortTable;
}

interface NewCohortProps {
  /** the cohort that a job has made */
  onDone(cohort: number): void;
}

export function NewCohort({ onDone }: NewCohortProps) {
  const [given, setGiven] = useState<Given>();
  const [problem, setProblem] = useState<WireError>();
  const [job, setJob] = useState<string>();
  const start = async (work: () => Promise<{ job: string }>): Promise<void> => {
    setProblem(undefined);
    try {
      setJob((await work()).job);
      setGiven(undefined);
    } catch (error) {
      setProblem(recordOf(error));
    }
  };
  return (
    <section className={classes.card} aria-label="Evaluate a cohort">
      <h2>Evaluate a cohort</h2>
      {given ? (
        <TableForm
          given={given}
          onCancel={() => setGiven(undefined)}
          onGo={(body) => start(() => call('evaluateCohort', { body: { ...body, table: given.text } }))}
        />
      ) : (
        <TableDrop onTable={setGiven} onProblem={setProblem} />
      )}
      {problem ? <ErrorNote error={problem} /> : null}
      {job ? <JobLine id={job} onDone={onDone} onGone={() => setJob(undefined)} /> : null}
      <SyntheticForm onGo={(body) => start(() => call('simulateCohort', { body }))} />
    </section>
  );
}

const refused = (message: string, file: string, hint: string): WireError => ({
  code: 'table.unreadable',
  message,
  where: { file },
  detail: '',
  hint,
});

function TableDrop({
  onTable,
  onProblem,
}: {
  onTable(given: Given): void;
  onProblem(problem: WireError | undefined): void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    onProblem(undefined);
    const text = await file.text();
    const hint = 'One row a patient, the names of the columns in the first row, as CSV.';
    if (text.length > MOST_CHARACTERS)
      return onProblem(
        refused('This table is larger than 7 MB', file.name, 'Use msdt cohort evaluate for large tables.'),
      );
    const table = lookAtTable(text);
    if (!table) return onProblem(refused('This is not a table of patients', file.name, hint));
    if (outcomeColumns(table).length === 0)
      return onProblem(refused('No column can be an outcome', file.name, 'The outcome column has two values.'));
    onTable({ name: file.name.replace(/\.[^.]+$/, ''), text, table });
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same by keyboard
    <div
      className={classes.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Button variant="light" leftSection={<IconUpload size={15} />} onClick={() => input.current?.click()}>
        Choose a CSV
      </Button>
      <span>or drop it here: one row a patient</span>
      <input
        ref={input}
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        hidden
        data-testid="cohort-file"
        onChange={(event) => {
          void take(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}

interface TableFormProps {
  given: Given;
  onCancel(): void;
  onGo(body: { name: string; outcome: string; positive: string; repeats: number; folds: number }): void;
}

function TableForm({ given, onCancel, onGo }: TableFormProps) {
  const columns = outcomeColumns(given.table);
  const [name, setName] = useState(given.name);
  const [outcome, setOutcome] = useState(columns[0].name);
  const column = columns.find((one) => one.name === outcome) ?? columns[0];
  const [chosen, setPositive] = useState<string>();
  const positive = chosen !== undefined && column.values.includes(chosen) ? chosen : (likelyPositive(column) ?? '');
  const [repeats, setRepeats] = useState(10);
  const [folds, setFolds] = useState(5);
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        onGo({ name: name.trim() || given.name, outcome, positive, repeats, folds });
      }}
    >
      <p className={classes.dim}>
        {count(given.table.rows, 'row')}, {count(given.table.columns.length, 'column')}
      </p>
      <TextInput size="xs" label="Name" value={name} maxLength={200} onChange={(e) => setName(e.currentTarget.value)} />
      <Select
        size="xs"
        label="Outcome column"
        description={column.missing > 0 ? `empty in ${count(column.missing, 'row')}` : undefined}
        allowDeselect={false}
        value={outcome}
        data={columns.map((one) => ({ value: one.name, label: one.name }))}
        onChange={(value) => value !== null && setOutcome(value)}
      />
      <Select
        size="xs"
        label="It happened where it says"
        allowDeselect={false}
        value={positive}
        data={[...column.values]}
        onChange={(value) => value !== null && setPositive(value)}
      />
      <div className={classes.two}>
        <NumberInput
          size="xs"
          label="Repeats"
          min={1}
          max={50}
          value={repeats}
          onChange={(v) => setRepeats(Number(v) || 1)}
        />
        <NumberInput
          size="xs"
          label="Folds"
          min={2}
          max={20}
          value={folds}
          onChange={(v) => setFolds(Number(v) || 2)}
        />
      </div>
      <div className={classes.row}>
        <Button type="submit">Train and score</Button>
        <Button variant="subtle" color="gray" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function SyntheticForm({ onGo }: { onGo(body: { patients: number; seed: number }): void }) {
  const [patients, setPatients] = useState(2000);
  const [seed, setSeed] = useState(1);
  return (
    <form
      className={classes.synthetic}
      onSubmit={(event) => {
        event.preventDefault();
        onGo({ patients, seed });
      }}
    >
      <p className={classes.dim}>
        <SyntheticBadge /> Generated patients with known weights. They test the code, and are never a performance.
      </p>
      <div className={classes.two}>
        <NumberInput
          size="xs"
          label="Patients"
          min={200}
          max={100_000}
          step={1000}
          value={patients}
          onChange={(value) => setPatients(Number(value) || 2000)}
        />
        <NumberInput size="xs" label="Seed" min={0} value={seed} onChange={(value) => setSeed(Number(value) || 0)} />
      </div>
      <Button type="submit" variant="default" w="fit-content">
        Run a synthetic cohort
      </Button>
    </form>
  );
}

interface JobLineProps {
  id: string;
  onDone(cohort: number): void;
  onGone(): void;
}

/** The job that scores: how far, a way to stop it, and what it made when it is done. */
function JobLine({ id, onDone, onGone }: JobLineProps) {
  const { data: jobs } = useJobs();
  const job = jobs?.find((one) => one.id === id);
  const state = job?.state;
  // the job says which cohort it has made
  const made = job?.items.map(({ message }) => /^cohort (\d+)$/.exec(message ?? '')?.[1]).find(Boolean);
  useEffect(() => {
    if (state !== 'done') return;
    let alive = true;
    const show = async (): Promise<void> => {
      await queryClient.invalidateQueries({ queryKey: INFERENCE_KEYS.cohorts });
      if (!alive) return;
      if (made) onDone(Number(made));
      onGone();
    };
    show().catch((error: unknown) => toast('The result could not be read', { error: recordOf(error) }));
    return () => {
      alive = false;
    };
  }, [state, made, onDone, onGone]);
  return <JobState job={job} id={id} onGone={onGone} />;
}

function JobState({ job, id, onGone }: { job: WireJob | undefined; id: string; onGone(): void }) {
  if (job?.error) return <ErrorNote error={job.error} />;
  if (job?.state === 'cancelled')
    return (
      <p className={classes.dim}>
        Cancelled.{' '}
        <Button size="compact-xs" variant="subtle" onClick={onGone}>
          Close
        </Button>
      </p>
    );
  const cancel = (): void => {
    call('cancelJob', { params: { job: id } }).catch((error: unknown) =>
      toast('The job could not be cancelled', { error: recordOf(error) }),
    );
  };
  const share = Math.round(100 * (job?.progress ?? 0));
  return (
    <div className={classes.job} data-testid="cohort-job">
      <span>{job?.message ? learnerName(job.message) : (job?.title ?? 'Waiting …')}</span>
      <span className="numbers">{share} %</span>
      <IconAction name="Cancel" size={24} onClick={cancel}>
        <IconX size={15} />
      </IconAction>
      <Progress value={share} size="xs" aria-label="Progress of the evaluation" className={classes.meter} />
    </div>
  );
}
