/** The site's model of one setting: what state it is in, what it has learnt from, whether it drifts, and the way back. */

import { Button, Loader, Select } from '@mantine/core';
import { IconAlertTriangle, IconLock, IconLockOpen } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { WireSiteModel, WireStoredAssessment } from '../../../../contract/index.ts';
import { ErrorNote } from '../../../kit/notes.tsx';
import { count, formatMoment } from '../../../kit/number/format.ts';
import plain from '../../../kit/table/plain-table.module.css';
import { recordOf } from '../../../state/client.ts';
import { useKnowledge, useSiteModel } from '../../../state/inference.ts';
import { settingLines } from '../desk/desk-model.ts';
import { STATE_WORDS } from '../words.ts';
import { ActionBand } from './action-band.tsx';
import { Challenger } from './challenger.tsx';
import { ConfirmUpdate, RollBack } from './change-model.tsx';
import { CloseFollowUp } from './close-follow-up.tsx';
import { DriftChart } from './drift-chart.tsx';
import { alarmText, gatesAt, nextGateText } from './gates.ts';
import classes from './model.module.css';

export interface ModelViewProps {
  /** the patient that is open, whose follow-up can be closed */
  twin?: string;
  stored?: WireStoredAssessment;
}

export function ModelView({ twin, stored }: ModelViewProps) {
  const [chosen, setChosen] = useState<string>();
  const setting = chosen ?? stored?.assessment.risk.setting.id;
  const { data: model, error, refetch } = useSiteModel(setting);
  const { data: knowledge } = useKnowledge();
  const lines = useMemo(() => settingLines(knowledge?.settings ?? []), [knowledge]);
  if (error) return <ErrorNote error={recordOf(error)} onRetry={() => void refetch()} />;
  if (!model) return <Loader size="sm" role="status" aria-label="Loading the model" />;
  const state = STATE_WORDS[model.suspended ? 'suspended' : model.state];
  return (
    <div className={classes.view}>
      {model.alarm || model.suspended ? <Alarm model={model} /> : null}
      <div className={classes.columns}>
        <section className={classes.card} aria-label="Model in use">
          <h2>Model in use</h2>
          <Select
            size="xs"
            label="Setting"
            allowDeselect={false}
            value={model.setting}
            data={lines.map(({ id, name, baseRate }) => ({ value: id, label: `${name} · ${baseRate}` }))}
            onChange={(value) => value !== null && setChosen(value)}
          />
          <p className={classes.state} data-suspended={model.suspended || undefined}>
            <b>{state.name}</b> <span className="numbers">version {model.active}</span>
          </p>
          <p className={classes.dim}>{state.meaning}</p>
          <Gates model={model} />
          <ConfirmUpdate model={model} />
        </section>
        <section className={classes.card} aria-label="Drift">
          <h2>
            Drift <small>operations observed less expected, summed up</small>
          </h2>
          <DriftChart drift={model.drift} alarm={model.alarm} />
        </section>
        <Versions model={model} />
        <Challenger challenger={model.challenger} />
        <ActionBand twin={twin} />
        <Events model={model} />
        {twin && stored ? <CloseFollowUp twin={twin} stored={stored} closed={model.drift} /> : null}
      </div>
    </div>
  );
}

function Alarm({ model }: { model: WireSiteModel }) {
  return (
    <div className={classes.alarm} role="alert">
      <IconAlertTriangle size={20} aria-hidden="true" />
      <div>
        <b>{model.suspended ? 'Drift: the model is suspended' : 'Drift alarm'}</b>
        <p>{model.alarm ? alarmText(model.alarm) : 'It was suspended and has not been published anew.'}</p>
        <p>Update it from the closed outcomes, or go back to an earlier version. Told risks stay as they were told.</p>
      </div>
    </div>
  );
}

function Gates({ model }: { model: WireSiteModel }) {
  return (
    <div className={classes.gates}>
      <p>
        <b className="numbers">{count(model.outcomes, 'closed outcome')}</b>, {count(model.operated, 'operation')}.{' '}
        {nextGateText(model.operated)}
      </p>
      <ol aria-label="Event gates">
        {gatesAt(model.operated).map(({ events, name, freedom, share, open }) => (
          <li key={events} data-open={open || undefined}>
            {open ? <IconLockOpen size={14} aria-label="open" /> : <IconLock size={14} aria-label="closed" />}
            <b className={`${classes.number} numbers`}>{events}</b>
            <span>
              {name}: {freedom}
            </span>
            <i aria-hidden="true">
              <em style={{ width: `${100 * share}%` }} />
            </i>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Versions({ model }: { model: WireSiteModel }) {
  const [back, setBack] = useState<number>();
  return (
    <section className={classes.card} aria-label="Versions">
      <h2>
        Versions <small>none is ever erased</small>
      </h2>
      <div className={classes.scroll}>
        <table className={`${plain.table} ${classes.table}`}>
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">State</th>
              <th scope="col">Patients</th>
              <th scope="col">Events</th>
              <th scope="col">
                <span className={classes.away}>Action</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {[...model.versions].reverse().map(({ version, state, patients, events, reason }) => (
              <tr key={version} title={reason} aria-current={version === model.active ? 'true' : undefined}>
                <td>
                  {version}
                  {version === model.active ? ' · in use' : ''}
                </td>
                <td>{STATE_WORDS[state].name}</td>
                <td>{patients}</td>
                <td>{events}</td>
                <td>
                  {version === model.active ? null : (
                    <Button size="compact-xs" variant="default" onClick={() => setBack(version)}>
                      Roll back to {version}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {back === undefined ? null : <RollBack model={model} version={back} onClose={() => setBack(undefined)} />}
    </section>
  );
}

function Events({ model }: { model: WireSiteModel }) {
  // before the first outcome the model is opened anew at each look: that is no event of this site
  const events = model.outcomes === 0 && model.events.length === 1 ? [] : model.events;
  return (
    <section className={classes.card} aria-label="Log">
      <h2>
        Log <small>append-only</small>
      </h2>
      {events.length === 0 ? <p className={classes.dim}>Nothing has happened yet.</p> : null}
      <ol className={classes.log}>
        {[...events].reverse().map(({ kind, at, version, reason }) => (
          <li key={`${at} ${kind} ${version}`} className={classes.entry}>
            <time className="numbers" dateTime={at}>
              {formatMoment(at)}
            </time>
            <span>
              <b>{kind}</b> version {version}
              {reason ? `: ${reason}` : ''}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
