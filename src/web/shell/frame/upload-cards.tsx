/** Files on their way: how far, how to stop, how to go on. */

import { Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useEffect } from 'react';
import { IconAction } from '../../kit/icon-action.tsx';
import { ErrorNote } from '../../kit/notes.tsx';
import { count, formatBytes } from '../../kit/number/format.ts';
import { openSheet } from '../../state/overlays.ts';
import { useJobs } from '../../state/queries.ts';
import { cancelUpload, forgetUpload, resumeUpload, type Upload, useUploads } from '../../state/uploads.ts';
import { openMapping } from '../mapping/mapping-state.ts';
import classes from './frame.module.css';
import { isActive } from './jobs-menu.tsx';

export function UploadCards() {
  const list = useUploads((state) => state.list);
  if (list.length === 0) return null;
  return (
    <section className={classes.cards} aria-label="Uploads" style={{ bottom: 90 }}>
      {list.slice(0, 3).map((upload) => (
        <UploadCard key={upload.key} upload={upload} />
      ))}
    </section>
  );
}

function UploadCard({ upload }: { upload: Upload }) {
  const { key, state, tables } = upload;
  const { data: jobs = [] } = useJobs();
  const job = jobs.find((one) => one.id === upload.job);
  const stopped = state === 'failed' || state === 'cancelled';
  const reading = state === 'done' && job !== undefined && isActive(job);
  const share = state === 'done' ? (job ? job.progress : 1) : upload.bytes > 0 ? upload.sent / upload.bytes : 0;
  const broken = job?.items.filter(({ status }) => status === 'error').length ?? 0;
  const failed = broken + (job?.items.filter(({ status }) => status === 'skipped').length ?? 0);
  const finished = state === 'done' && failed === 0 && (job ? job.state === 'done' : false);
  useEffect(() => {
    if (!finished) return;
    const timer = setTimeout(() => forgetUpload(key), tables.length > 0 ? 20_000 : 5000);
    return () => clearTimeout(timer);
  }, [finished, key, tables.length]);
  const text = {
    sending: `${formatBytes(upload.sent)} of ${formatBytes(upload.bytes)}`,
    waiting: 'the connection broke, trying again …',
    done: reading
      ? `${job?.message ?? 'reading'}`
      : failed > 0
        ? broken > 0
          ? `read; ${count(broken, 'file')} could not be used`
          : `read; ${count(failed, 'item')} left out`
        : 'read',
    failed: 'stopped',
    cancelled: 'cancelled',
  }[state];
  return (
    <div className={classes.card} data-testid="upload">
      <div className={classes.jobHead}>
        <b>{upload.title}</b>
        <span>{Math.round(100 * share)} %</span>
        {state === 'sending' || state === 'waiting' ? (
          <IconAction name="Cancel upload" size={22} onClick={() => cancelUpload(key)}>
            <IconX size={14} />
          </IconAction>
        ) : (
          <IconAction name="Dismiss" size={22} onClick={() => forgetUpload(key)}>
            <IconX size={14} />
          </IconAction>
        )}
      </div>
      <div
        className={classes.meter}
        data-state={stopped ? state : undefined}
        role="progressbar"
        aria-label={upload.title}
        aria-valuenow={Math.round(100 * share)}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <i style={{ width: `${100 * share}%` }} />
      </div>
      <div className={classes.jobMessage}>
        <span>{text}</span>
        {stopped ? (
          <Button size="compact-xs" variant="light" onClick={() => resumeUpload(key)}>
            Go on
          </Button>
        ) : null}
        {state === 'done' && !reading && tables.length > 0 ? (
          <Button size="compact-xs" variant="light" onClick={() => openMapping(tables, upload.twin)}>
            Map columns…
          </Button>
        ) : null}
        {failed > 0 && !reading ? (
          <Button size="compact-xs" variant="light" onClick={() => openSheet({ jobs: true })}>
            See why
          </Button>
        ) : null}
      </div>
      {upload.error ? <ErrorNote error={upload.error} /> : null}
    </div>
  );
}
