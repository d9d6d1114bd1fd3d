/** Words of the house: errors, empty places, flags of doubt, the mark of generated data. */

import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCircleX, IconCopy, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { WireError, WireQualityFlag } from '../../contract/index.ts';
import classes from './notes.module.css';

/** What happened, to which file, what to do; details folded, all of it copyable. */
export function ErrorNote({ error, onRetry }: { error: WireError; onRetry?: () => void }) {
  const place = [error.where.file, error.where.place].filter(Boolean).join(' · ');
  const text = [error.message, place, error.hint, `code ${error.code}`, error.detail].filter(Boolean).join('\n');
  return (
    <div className={classes.error} role="alert">
      <div className={classes.row}>
        <div>
          <strong>{error.message}</strong>
          {place && !error.message.includes(place) ? <p className={classes.where}>{place}</p> : null}
          {error.hint ? <p>{error.hint}</p> : null}
        </div>
        <CopyText text={text} name="Copy error" />
      </div>
      {error.detail ? (
        <details>
          <summary>Details · {error.code}</summary>
          <pre>{error.detail}</pre>
        </details>
      ) : null}
      {onRetry ? (
        <p>
          <button type="button" onClick={onRetry}>
            Try again
          </button>
        </p>
      ) : null}
    </div>
  );
}

function CopyText({ text, name }: { text: string; name: string }) {
  return (
    <CopyButton value={text} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : name}>
          <ActionIcon aria-label={name} size={24} onClick={copy}>
            {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

/** An empty place that says what would fill it. */
export function EmptyPlace({ icon, title, children }: { icon?: ReactNode; title: string; children?: ReactNode }) {
  return (
    <div className={classes.empty}>
      {icon}
      <strong>{title}</strong>
      {children}
    </div>
  );
}

const FLAG_ICON = { info: IconInfoCircle, doubt: IconAlertTriangle, fault: IconCircleX } as const;
const FLAG_NAME = { info: 'Note', doubt: 'Doubt', fault: 'Fault' } as const;

export function Flag({ flag }: { flag: WireQualityFlag }) {
  const Icon = FLAG_ICON[flag.severity];
  return (
    <div className={classes.flag}>
      <Icon size={16} className={classes[flag.severity]} aria-label={FLAG_NAME[flag.severity]} />
      <span>
        {flag.where ? <b>{flag.where}: </b> : null}
        {flag.message}
      </span>
    </div>
  );
}

export function SyntheticBadge() {
  return <span className={classes.synthetic}>SYNTHETIC</span>;
}
