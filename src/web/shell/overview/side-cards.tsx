/** What is doubted, what came in last, what is missing and what it would tell. */

import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type {
  TwinView,
  WireAcquisition,
  WireCapability,
  WireCatalogue,
  WireQualityFlag,
} from '../../../contract/index.ts';
import { NAMES_PERSON } from '../../../model/index.ts';
import notes from '../../kit/notes.module.css';
import { Flag } from '../../kit/notes.tsx';
import { count, formatBytes, formatDay } from '../../kit/number/format.ts';
import { call, recordOf } from '../../state/client.ts';
import { go } from '../../state/place.ts';
import { startSegmentation, unlabelled } from '../../state/segment.ts';
import { toast } from '../../state/toasts.ts';
import { setWorkspace } from '../../state/workspace.ts';
import classes from './overview.module.css';

const FLAGS_SHOWN = 2;
const TAKEN_SHOWN = 3;

function allFlags(view: TwinView): WireQualityFlag[] {
  const every = [
    ...view.quality,
    ...view.acquisitions.flatMap(({ quality }) => quality),
    ...view.artifacts.flatMap(({ quality }) => quality),
  ];
  const once = new Map(every.map((flag) => [`${flag.code} ${flag.where ?? ''} ${flag.message}`, flag]));
  const rank = { fault: 0, doubt: 1, info: 2 } as const;
  return [...once.values()].sort((a, b) => rank[a.severity] - rank[b.severity]);
}

export function Doubts({ view }: { view: TwinView }) {
  const flags = allFlags(view);
  const more = flags.length - FLAGS_SHOWN;
  return (
    <section className={classes.card} aria-label="Quality">
      <h2>
        Quality <small>{flags.length > 0 ? count(flags.length, 'remark') : ''}</small>
      </h2>
      <ul className={classes.list}>
        {flags.length === 0 ? (
          <li className={notes.flag}>
            <IconCheck size={16} className={notes.fine} aria-hidden="true" />
            <span>{view.artifacts.length > 0 ? 'Every check passed.' : 'Nothing to check yet.'}</span>
          </li>
        ) : null}
        {flags.slice(0, FLAGS_SHOWN).map((flag) => (
          <li key={`${flag.code} ${flag.where ?? ''} ${flag.message}`}>
            <Flag flag={flag} />
          </li>
        ))}
        {more > 0 ? (
          <li>
            <Button
              size="compact-xs"
              variant="subtle"
              onClick={() => {
                setWorkspace({ panel: 'about', selection: {} });
                go({ screen: 'spine' });
              }}
            >
              {more} more
            </Button>
          </li>
        ) : null}
      </ul>
    </section>
  );
}

export function Acquisitions({ view }: { view: TwinView }) {
  const last = [...view.acquisitions].sort((a, b) => (b.takenAt ?? b.knownAt).localeCompare(a.takenAt ?? a.knownAt));
  return (
    <section className={classes.card} aria-label="Last acquisitions">
      <h2>
        Last acquisitions <small>{last.length > TAKEN_SHOWN ? `${TAKEN_SHOWN} of ${last.length}` : ''}</small>
      </h2>
      <ul className={classes.list}>
        {last.length === 0 ? <li className={notes.info}>None yet. Drop a file or a folder anywhere.</li> : null}
        {last.slice(0, TAKEN_SHOWN).map((acquisition) => (
          <li key={acquisition.id} className={classes.took}>
            <b>{acquisition.modality.toUpperCase()}</b>
            <span>{[acquisition.region, acquisition.device].filter(Boolean).join(' · ') || filesOf(acquisition)}</span>
            <span className="numbers">{acquisition.takenAt ? formatDay(acquisition.takenAt) : 'no date'}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function filesOf({ files, metadata }: WireAcquisition): string {
  // the name of a file that names the person says nothing
  if (files.length === 1 && !metadata[NAMES_PERSON]) return files[0].name.split('/').at(-1) ?? '';
  return `${count(files.length, 'file')}, ${formatBytes(files.reduce((sum, file) => sum + file.bytes, 0))}`;
}

export interface MissingProps {
  view: TwinView;
  capabilities: readonly WireCapability[];
  tools: WireCatalogue['tools'];
  /** what examinations and answers would tell */
  children?: ReactNode;
}

export function Missing({ view, capabilities, tools, children }: MissingProps) {
  const steps = view.plan.filter(({ state }) => state === 'blocked');
  const waiting = view.plan.filter(({ state }) => state === 'ready' || state === 'stale');
  const build = (): void => {
    call('buildTwin', { params: { twin: view.twin.id } }).catch((error: unknown) =>
      toast('The build could not be started', { error: recordOf(error) }),
    );
  };
  return (
    <section className={`${classes.card} ${classes.missing}`} aria-label="Missing">
      <h2>
        Missing, and what it would tell
        {waiting.length > 0 ? (
          <Button size="compact-xs" variant="light" onClick={build}>
            Build {count(waiting.length, 'step')}
          </Button>
        ) : null}
      </h2>
      {steps.length === 0 ? (
        <p className={classes.nothing}>Everything that can be made from what came in has been made.</p>
      ) : null}
      {unlabelled(view) ? (
        <Segment twin={view.twin.id} found={tools.some(({ id, found }) => id === 'totalsegmentator' && found)} />
      ) : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by keys */}
      <section className={classes.missingList} tabIndex={0} aria-label="What is missing">
        {children}
        <dl>
          {steps.map(({ capability, reason }) => {
            const about = capabilities.find(({ id }) => id === capability);
            return (
              <div key={capability}>
                <dt>{about?.title ?? capability}</dt>
                <dd>
                  {about?.summary} <em>{sentence(reason)}</em>
                </dd>
              </div>
            );
          })}
        </dl>
      </section>
    </section>
  );
}

function Segment({ twin, found }: { twin: string; found: boolean }) {
  return (
    <div className={classes.nothing}>
      <strong>Vertebra labels</strong>
      <span>
        {found
          ? 'The column is measured from labels. TotalSegmentator is on this server.'
          : 'The column is measured from labels. Drop a segmentation of this scan, or put TotalSegmentator on the PATH of the server.'}
      </span>
      {found ? (
        <Button
          size="compact-sm"
          variant="light"
          justify="flex-start"
          style={{ justifySelf: 'start' }}
          onClick={() => startSegmentation(twin)}
        >
          Label with TotalSegmentator
        </Button>
      ) : null}
    </div>
  );
}

function sentence(text: string): string {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
