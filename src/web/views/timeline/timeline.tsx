/** Time at the foot of the screen: a lane per scale, a mark per acquisition; chips where the screen is narrow. */

import { Button, Popover } from '@mantine/core';
import { useMemo } from 'react';
import type { WireAcquisition } from '../../../contract/index.ts';
import { SCALES } from '../../../model/index.ts';
import { Flag, SyntheticBadge } from '../../kit/notes.tsx';
import { count, formatBytes, formatDay, formatMoment } from '../../kit/number/format.ts';
import { spread, timeOf, timeScale } from './time-scale.ts';
import classes from './timeline.module.css';

export interface TimelineProps {
  acquisitions: readonly WireAcquisition[];
  /** one line of chips instead of lanes */
  narrow: boolean;
  onAsOf(valid: string): void;
}

export function Timeline({ acquisitions, narrow, onAsOf }: TimelineProps) {
  const scale = useMemo(() => timeScale(acquisitions.map(momentOf)), [acquisitions]);
  if (narrow) {
    return (
      <section className={classes.chips} aria-label="Timeline">
        {acquisitions.length === 0 ? <span>No acquisitions yet</span> : null}
        {gathered(acquisitions).map((group) => (
          <AcquisitionMark key={group[0].id} group={group} onAsOf={onAsOf} dated />
        ))}
      </section>
    );
  }
  return (
    <section className={classes.timeline} aria-label="Timeline">
      <div className={classes.names}>
        {SCALES.map((name) => (
          <span key={name} data-empty={!acquisitions.some(({ scales }) => scales.includes(name)) || undefined}>
            {name}
          </span>
        ))}
      </div>
      <div className={classes.lanes}>
        {scale.ticks.map(({ time }) => (
          <i key={time} className={classes.tick} style={{ left: `${100 * scale.place(time)}%` }} />
        ))}
        {SCALES.map((name) => (
          <Lane
            key={name}
            acquisitions={acquisitions.filter(({ scales }) => scales.includes(name))}
            place={scale.place}
            onAsOf={onAsOf}
          />
        ))}
      </div>
      <div className={classes.axis}>
        {scale.ticks
          .filter(({ time }) => Math.abs(scale.place(time) - 0.5) < 0.465)
          .map(({ time, label }) => (
            <span key={time} style={{ left: `${100 * scale.place(time)}%` }}>
              {label}
            </span>
          ))}
      </div>
    </section>
  );
}

function momentOf(acquisition: WireAcquisition): number {
  return timeOf(acquisition.takenAt ?? acquisition.knownAt);
}

/** Acquisitions of one modality on one day are one mark. */
function gathered(acquisitions: readonly WireAcquisition[]): WireAcquisition[][] {
  const groups = new Map<string, WireAcquisition[]>();
  for (const acquisition of acquisitions) {
    const key = `${acquisition.modality} ${acquisition.takenAt ? formatDay(acquisition.takenAt) : `came ${formatDay(acquisition.knownAt)}`}`;
    groups.set(key, [...(groups.get(key) ?? []), acquisition]);
  }
  return [...groups.values()];
}

interface LaneProps {
  acquisitions: readonly WireAcquisition[];
  place(time: number): number;
  onAsOf(valid: string): void;
}

function Lane({ acquisitions, place, onAsOf }: LaneProps) {
  const groups = gathered(acquisitions);
  const places = spread(
    groups.map(([first]) => place(momentOf(first))),
    0.06,
    0.04,
  );
  return (
    <div className={classes.lane}>
      {groups.map((group, i) => (
        <AcquisitionMark key={group[0].id} group={group} left={places[i]} onAsOf={onAsOf} />
      ))}
    </div>
  );
}

interface MarkProps {
  group: readonly WireAcquisition[];
  left?: number;
  dated?: boolean;
  onAsOf(valid: string): void;
}

function AcquisitionMark({ group, left, dated, onAsOf }: MarkProps) {
  const { modality, takenAt } = group[0];
  const doubt = group.some(({ quality }) => quality.some(({ severity }) => severity !== 'info'));
  const day = takenAt ? formatDay(takenAt) : 'no date';
  const name = `${modality.toUpperCase()}${group.length > 1 ? ` ${group.length}` : ''}`;
  return (
    <Popover position="top" shadow="md" withinPortal withRoles>
      <Popover.Target>
        <button
          type="button"
          className={classes.mark}
          style={left === undefined ? undefined : { left: `${100 * left}%` }}
          data-undated={takenAt ? undefined : true}
          data-doubt={doubt || undefined}
          aria-label={dated ? undefined : `${name} ${day}`}
        >
          {name}
          {dated ? <small> {day}</small> : null}
        </button>
      </Popover.Target>
      <Popover.Dropdown p="sm" aria-label={`${name} of ${day}`}>
        <div className={classes.cards}>
          {group.map((acquisition) => (
            <AcquisitionCard key={acquisition.id} acquisition={acquisition} onAsOf={onAsOf} />
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function AcquisitionCard({ acquisition, onAsOf }: { acquisition: WireAcquisition; onAsOf(valid: string): void }) {
  const { modality, takenAt, knownAt, files, device, protocol, region, posture, synthetic, quality } = acquisition;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const rows: [string, string | undefined][] = [
    ['Taken', takenAt ? formatMoment(takenAt) : 'the source does not say'],
    ['Came in', formatMoment(knownAt)],
    ['Device', device],
    ['Protocol', protocol],
    ['Region', region],
    ['Posture', posture],
    ['Came as', files.length === 1 ? files[0].name : undefined],
    ['Files', files.length > 0 ? `${count(files.length, 'file')}, ${formatBytes(bytes)}` : undefined],
  ];
  return (
    <div className={classes.card}>
      <h4>
        {modality.toUpperCase()} {synthetic ? <SyntheticBadge /> : null}
      </h4>
      <dl>
        {rows.map(([term, text]) =>
          text ? (
            <div key={term} style={{ display: 'contents' }}>
              <dt>{term}</dt>
              <dd>{text}</dd>
            </div>
          ) : null,
        )}
      </dl>
      {quality.map((flag) => (
        <Flag key={`${flag.code} ${flag.where ?? ''}`} flag={flag} />
      ))}
      {takenAt ? (
        <Button variant="default" onClick={() => onAsOf(takenAt)}>
          Show the twin as of this date
        </Button>
      ) : null}
    </div>
  );
}
