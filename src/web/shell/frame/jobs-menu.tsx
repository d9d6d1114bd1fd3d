/** What runs and what ran: progress, cancel, a result for every item, errors to copy. */

import { Popover } from '@mantine/core';
import {
  IconActivity,
  IconAlertTriangle,
  IconCheck,
  IconCircleX,
  IconClock,
  IconLoader2,
  IconMinus,
  IconX,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { WireJob } from '../../../contract/index.ts';
import { IconAction } from '../../kit/icon-action.tsx';
import notes from '../../kit/notes.module.css';
import { ErrorNote } from '../../kit/notes.tsx';
import { count, formatAgo } from '../../kit/number/format.ts';
import { call, recordOf } from '../../state/client.ts';
import { openSheet, useSheets } from '../../state/overlays.ts';
import { useJobs } from '../../state/queries.ts';
import { toast } from '../../state/toasts.ts';
import { useUploads } from '../../state/uploads.ts';
import classes from './frame.module.css';

const MOST_SHOWN = 20;

export function isActive(job: WireJob): boolean {
  return job.state === 'running' || job.state === 'queued';
}

export function JobsMenu() {
  const { data: jobs = [] } = useJobs();
  const uploads = useUploads((state) => state.list);
  const opened = useSheets((state) => state.jobs);
  const active =
    jobs.filter(isActive).length + uploads.filter((u) => u.state === 'sending' || u.state === 'waiting').length;
  const failed = jobs.some((job) => job.state === 'failed' && Date.now() - Date.parse(job.createdAt) < 3_600_000);
  return (
    <Popover
      opened={opened}
      onChange={(open) => openSheet({ jobs: open })}
      position="bottom-end"
      shadow="md"
      trapFocus
      withRoles
    >
      <Popover.Target>
        <button
          type="button"
          className={classes.jobs}
          data-active={active > 0 || undefined}
          aria-label={active > 0 ? `jobs ${active} running` : 'jobs'}
          onClick={() => openSheet({ jobs: !opened })}
        >
          {failed ? <IconAlertTriangle size={16} className={notes.doubt} /> : <IconActivity size={16} />}
          <span className={classes.wide}>{active > 0 ? `jobs ${active}` : 'jobs'}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown p={4} aria-label="Jobs">
        <div className={classes.jobList}>
          {jobs.length === 0 ? (
            <p style={{ padding: 12, margin: 0, color: 'var(--text-dim)' }}>Nothing has run yet.</p>
          ) : null}
          {jobs.slice(0, MOST_SHOWN).map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

const STATE_TEXT = { queued: 'waiting', running: '', done: 'done', failed: 'failed', cancelled: 'cancelled' } as const;

function JobRow({ job }: { job: WireJob }) {
  const bad = job.items.filter((item) => item.status === 'error');
  const skipped = job.items.filter((item) => item.status === 'skipped');
  const [open, setOpen] = useState(isActive(job) || bad.length > 0 || (job.kind === 'ingest' && skipped.length > 0));
  const cancel = (): void => {
    call('cancelJob', { params: { job: job.id } }).catch((error: unknown) =>
      toast('The job could not be cancelled', { error: recordOf(error) }),
    );
  };
  return (
    <section className={classes.job} aria-label={job.title}>
      <div className={classes.jobHead}>
        <b>{job.title}</b>
        <span>
          {isActive(job) && job.state === 'running'
            ? `${Math.round(100 * job.progress)} %`
            : `${STATE_TEXT[job.state]} · ${formatAgo(job.endedAt ?? job.createdAt)}`}
        </span>
        {isActive(job) ? (
          <IconAction name="Cancel job" size={22} onClick={cancel}>
            <IconX size={14} />
          </IconAction>
        ) : null}
      </div>
      {job.state !== 'done' ? (
        <div
          className={classes.meter}
          data-state={job.state}
          role="progressbar"
          aria-label={job.title}
          aria-valuenow={Math.round(100 * job.progress)}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <i style={{ width: `${100 * job.progress}%` }} />
        </div>
      ) : null}
      <div className={classes.jobMessage}>
        <span>{job.message}</span>
        {job.items.length > 0 ? (
          <button
            type="button"
            className={classes.jobs}
            style={{ height: 20 }}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {itemsText(job.items.length, bad.length, skipped.length)}
          </button>
        ) : null}
      </div>
      {job.error ? <ErrorNote error={job.error} /> : null}
      {open ? <JobItems items={job.items} /> : null}
    </section>
  );
}

function itemsText(all: number, failed: number, skipped: number): string {
  return [count(all, 'item'), failed > 0 ? `${failed} failed` : '', skipped > 0 ? `${skipped} not used` : '']
    .filter(Boolean)
    .join(', ');
}

const ITEM_ICON = {
  ok: <IconCheck size={15} className={notes.fine} aria-label="ok" />,
  cached: <IconCheck size={15} className={notes.info} aria-label="taken from the cache" />,
  skipped: <IconMinus size={15} className={notes.info} aria-label="skipped" />,
  error: <IconCircleX size={15} className={notes.fault} aria-label="failed" />,
  running: <IconLoader2 size={15} className={notes.running} aria-label="running" />,
  waiting: <IconClock size={15} className={notes.info} aria-label="waiting" />,
} as const;

const ITEMS_SHOWN = 40;

function trouble(status: WireJob['items'][number]['status']): number {
  return status === 'error' ? 2 : status === 'skipped' ? 1 : 0;
}

function JobItems({ items }: { items: WireJob['items'] }) {
  // what went wrong comes first
  const sorted = [...items].sort((a, b) => trouble(b.status) - trouble(a.status));
  return (
    <ul className={classes.items}>
      {sorted.slice(0, ITEMS_SHOWN).map((item) => (
        <li key={`${item.item} ${item.status}`}>
          {ITEM_ICON[item.status]}
          <span>{item.item}</span>
          <em>{item.status === 'cached' ? 'cached' : ''}</em>
          {item.error ? (
            <div className={classes.itemNote}>
              <ErrorNote error={item.error} />
            </div>
          ) : item.message ? (
            <em className={classes.itemNote}>{item.message}</em>
          ) : null}
        </li>
      ))}
      {items.length > ITEMS_SHOWN ? <li>and {items.length - ITEMS_SHOWN} more</li> : null}
    </ul>
  );
}
