/** The state of a thing of the twin as one small mark; fine is silent. */

import { Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconCircleX, IconClockPause, IconLoader2 } from '@tabler/icons-react';
import notes from '../../kit/notes.module.css';
import type { NodeState } from './tree-model.ts';

const MARKS = {
  running: { icon: IconLoader2, tone: notes.running, text: 'being made' },
  fault: { icon: IconCircleX, tone: notes.fault, text: 'at fault' },
  doubt: { icon: IconAlertTriangle, tone: notes.doubt, text: 'doubtful' },
  stale: { icon: IconClockPause, tone: notes.info, text: 'stale: its source has changed' },
} as const;

export function StateMark({ state }: { state: NodeState }) {
  if (state === 'fine') return null;
  const { icon: Icon, tone, text } = MARKS[state];
  return (
    <Tooltip label={text}>
      <Icon size={14} className={tone} aria-label={text} style={{ flex: 'none' }} />
    </Tooltip>
  );
}
