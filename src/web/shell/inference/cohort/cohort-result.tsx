/** What an evaluation found: learners side by side, is it calibrated, is it of use, what carries it. */

import { Button, SegmentedControl } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { WireCohort } from '../../../../contract/index.ts';
import { saveText, toCsv } from '../../../kit/download.ts';
import { count, DASH, formatMoment, formatNumber } from '../../../kit/number/format.ts';
import plain from '../../../kit/table/plain-table.module.css';
import classes from './cohort.module.css';
import {
  calibrationPoints,
  calibrationRows,
  contributionRows,
  decisionRows,
  exportHead,
  FIGURES,
  figureOf,
  figureRows,
  learnerName,
} from './cohort-figures.ts';
import { CalibrationPlot, ContributionPlot, DecisionPlot } from './cohort-plots.tsx';

type Cell = string | number | null;

export function CohortResult({ cohort }: { cohort: WireCohort }) {
  const [id, setId] = useState(bestId(cohort));
  const at = Math.max(
    0,
    cohort.learners.findIndex(({ learner }) => learner === id),
  );
  const learner = cohort.learners[at];
  const save = (what: string, rows: Cell[][]): void =>
    saveText(toCsv([...exportHead(cohort), ...rows]), `${cohort.name} ${what}.csv`, 'text/csv');
  return (
    <article className={classes.result} aria-label={cohort.name} data-testid="cohort-result">
      <header>
        <h1>{cohort.name}</h1>
        <p>
          {count(cohort.rows, 'patient')}, {cohort.events} with {cohort.outcome} = {cohort.positive}
          {cohort.folds > 1 ? ` · ${cohort.repeats} × ${cohort.folds}-fold cross-validation` : ''} ·{' '}
          {formatMoment(cohort.at)}
        </p>
      </header>
      {cohort.synthetic ? (
        <div className={classes.loud} role="note">
          <b>SYNTHETIC</b>
          <span>Generated patients, scored by the model they were generated from: never a performance.</span>
        </div>
      ) : null}
      {cohort.notes.length > 0 ? (
        <ul className={classes.notes}>
          {cohort.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      ) : null}
      <Part title="Learners" onSave={() => save('learners', figureRows(cohort))}>
        <Learners cohort={cohort} />
      </Part>
      {learner && cohort.learners.length > 1 ? (
        <SegmentedControl
          size="xs"
          aria-label="Learner in the plots"
          className={classes.pick}
          value={learner.learner}
          onChange={setId}
          data={cohort.learners.map((one) => ({ value: one.learner, label: learnerName(one.learner) }))}
        />
      ) : null}
      {learner ? (
        <div className={classes.plots}>
          <Part title="Calibration" onSave={() => save('calibration', calibrationRows(cohort))}>
            <CalibrationPlot learner={learner} synthetic={cohort.synthetic} />
            <Table
              title="Calibration in numbers"
              head={['Patients', 'Predicted', 'Observed', '90 % interval']}
              rows={calibrationPoints(learner).map(({ count: n, predicted, observed, low, high }) => [
                String(n),
                percent(predicted),
                percent(observed),
                `${percent(low)} to ${percent(high)}`,
              ])}
            />
          </Part>
          <Part title="Decision curve" onSave={() => save('decision curve', decisionRows(cohort))}>
            <DecisionPlot learners={cohort.learners} chosen={learner.learner} synthetic={cohort.synthetic} />
            <Table
              title="Decision curve in numbers"
              head={['Threshold', 'Net benefit', '90 % interval', 'Treat all', 'Treat none']}
              rows={learner.decision
                .filter((_, i) => i % 5 === 0)
                .map(({ threshold, model, low, high, treatAll }) => [
                  percent(threshold),
                  formatNumber(model, 3),
                  low === undefined || high === undefined
                    ? DASH
                    : `${formatNumber(low, 3)} to ${formatNumber(high, 3)}`,
                  formatNumber(treatAll, 3),
                  '0',
                ])}
            />
          </Part>
        </div>
      ) : null}
      {cohort.contributions.length > 0 ? (
        <Part
          title="What each column adds"
          note={
            cohort.synthetic
              ? 'mean absolute contribution to the log-odds over patients'
              : 'mean absolute contribution to the log-odds, additive splines on all rows; near 0 for noise'
          }
          onSave={() => save('contributions', contributionRows(cohort))}
        >
          <ContributionPlot contributions={cohort.contributions} />
          <Table
            title="Contributions in numbers"
            head={['Column', 'Log-odds', '90 % interval']}
            rows={cohort.contributions.map(({ column, contribution, low, high }) => [
              column,
              formatNumber(contribution, 2),
              `${formatNumber(low, 2)} to ${formatNumber(high, 2)}`,
            ])}
          />
        </Part>
      ) : null}
    </article>
  );
}

/** The learner with the smallest Brier score comes first into the plots. */
function bestId({ learners }: WireCohort): string {
  const brier = (one: (typeof learners)[number]): number => one.figures.brier ?? Number.POSITIVE_INFINITY;
  return [...learners].sort((a, b) => brier(a) - brier(b))[0]?.learner ?? '';
}

const percent = (share: number): string => `${formatNumber(100 * share, 1)} %`;

interface PartProps {
  title: string;
  note?: string;
  onSave(): void;
  children: ReactNode;
}

function Part({ title, note, onSave, children }: PartProps) {
  return (
    <section className={classes.part} aria-label={title}>
      <h2>
        {title} {note ? <small>{note}</small> : null}
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          leftSection={<IconDownload size={14} />}
          aria-label={`Save ${title} as CSV`}
          onClick={onSave}
        >
          CSV
        </Button>
      </h2>
      {children}
    </section>
  );
}

function Learners({ cohort }: { cohort: WireCohort }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by keys
    <section className={classes.scroll} tabIndex={0} aria-label="Learners side by side">
      <table className={`${plain.table} ${classes.table}`}>
        <thead>
          <tr>
            <th scope="col">
              Learner{' '}
              {cohort.learners.some(({ interval }) => interval) ? (
                <small>under each figure its 90 % interval over patients</small>
              ) : null}
            </th>
            {FIGURES.map(({ id, name, about }) => (
              <th key={id} scope="col" title={about}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cohort.learners.map((learner) => (
            <tr key={learner.learner}>
              <th scope="row">{learnerName(learner.learner)}</th>
              {FIGURES.map((column) => {
                const { value, interval } = figureOf(learner, column);
                return (
                  <td key={column.id}>
                    <b>{value}</b>
                    {interval ? <small>{interval}</small> : null}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The numbers behind a picture, folded. */
function Table({ title, head, rows }: { title: string; head: readonly string[]; rows: readonly string[][] }) {
  return (
    <details className={classes.details}>
      <summary>{title}</summary>
      <table className={`${plain.table} ${classes.table}`}>
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.join(' ')}>
              {row.map((text, i) => (
                <td key={head[i]}>{text}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
