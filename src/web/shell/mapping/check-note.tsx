/** What the table becomes with the mapping as it stands, or what is wrong with it. */

import { IconCircleCheck } from '@tabler/icons-react';
import type { WireTableLook } from '../../../contract/index.ts';
import { ErrorNote, Flag } from '../../kit/notes.tsx';
import { count } from '../../kit/number/format.ts';
import { recordOf } from '../../state/client.ts';
import classes from './mapping.module.css';

export interface CheckNoteProps {
  look: WireTableLook;
  /** column and field that the problem is about */
  fault: { column: string | undefined; field: string } | undefined;
  settled: boolean;
  /** the check itself could not be made */
  error: Error | null;
}

const KINDS: Record<string, string> = {
  'signal.emg': 'EMG',
  'signal.imu': 'Inertial sensor',
  'signal.orientation': 'Orientation',
  'signal.angle': 'Angles',
  'signal.force': 'Forces',
  'signal.measure': 'Measures',
  'signal.other': 'Other signals',
};
const FIELDS: Record<string, string> = { rateHz: 'rate', site: 'muscle', quantity: 'what it measures' };

export function CheckNote({ look, fault, settled, error }: CheckNoteProps) {
  if (error) return <ErrorNote error={recordOf(error)} />;
  const { problem } = look;
  if (problem?.where.place === 'streams')
    return (
      <p className={classes.doubt} role="status">
        Say of at least one column what it measures.
      </p>
    );
  if (problem && fault)
    return (
      <p className={classes.fault} role="status">
        <b>{fault.column}</b>: {FIELDS[fault.field] ?? (fault.field || 'the column')} cannot be{' '}
        {problem.detail || 'that'}
      </p>
    );
  if (problem) return <ErrorNote error={problem} />;
  const flags = look.quality.filter(({ code }) => code !== NO_RATE);
  if (lacksRate(look))
    return (
      <p className={classes.doubt} role="status">
        Nothing in the table says how fast it was sampled: give its rate, or the column of times.
      </p>
    );
  return (
    <div className={classes.check} role="status" data-settled={settled || undefined}>
      <p>
        <IconCircleCheck size={16} aria-hidden="true" />
        <span>Reads as {look.streams.map(streamText).join(' · ')}</span>
      </p>
      {flags.map((flag) => (
        <Flag key={`${flag.code} ${flag.where}`} flag={flag} />
      ))}
    </div>
  );
}

const NO_RATE = 'signal.no-rate';

/** True where a rate had to be made up: that is no mapping to import with. */
export function lacksRate(look: WireTableLook): boolean {
  return look.quality.some(({ code }) => code === NO_RATE);
}

function streamText({ kind, channels, rateHz }: WireTableLook['streams'][number]): string {
  return `${KINDS[kind] ?? kind}, ${count(channels, 'channel')} at ${Number(rateHz.toPrecision(6))} Hz`;
}
