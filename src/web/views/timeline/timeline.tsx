/** Time at the foot of the screen: a lane per scale, a mark per acquisition; chips where the screen is narrow. */

import { Button, Popover } from '@mantine/core';
import { useMemo } from 'react';
import type { WireAcquisition } from '../../../contract/index.ts';
import { SCALES } from '../../../model/index.ts';
import { count, formatBytes, formatDay, formatMoment } from '../../kit/format.ts';
import { Flag, SyntheticBadge } from '../../kit/notes.tsx';
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
        {acquisitions.map((acquisition) => (
          <AcquisitionMark key={acquisition.id} acquisition={acquisition} onAsOf={onAsOf} dated />
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
        {scale.ticks.map(({ time, label }) => (
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

function Lane({
  acquisitions,
  place,
  onAsOf,
}: {
  acquisitions: readonly WireAcquisition[];
  place(time: number): number;
  onAsOf(valid: string): void;
}) {
  const places = spread(
    acquisitions.map((acquisition) => place(momentOf(acquisition))),
    0.055,
  );
  return (
    <div className={classes.lane}>
      {acquisitions.map((acquisition, i) => (
        <AcquisitionMark key={acquisition.id} acquisition={acquisition} left={places[i]} onAsOf={onAsOf} />
      ))}
    </div>
  );
}

function AcquisitionMark({
  acquisition,
  left,
  dated,
  onAsOf,
}: {
  acquisition: WireAcquisition;
  left?: number;
  dated?: boolean;
  onAsOf(valid: string): void;
}) {
  const { modality, takenAt, quality } = acquisition;
  const doubt = quality.some(({ severity }) => severity !== 'info');
  const day = takenAt ? formatDay(takenAt) : 'no date';
  return (
    <Popover position="top" shadow="md" withinPortal withRoles>
      <Popover.Target>
        <button
          type="button"
          className={classes.mark}
          style={left === undefined ? undefined : { left: `${100 * left}%` }}
          data-undated={takenAt ? undefined : true}
          data-doubt={doubt || undefined}
          aria-label={dated ? undefined : `${modality.toUpperCase()} ${day}`}
        >
          {modality.toUpperCase()}
          {dated ? <small> {day}</small> : null}
        </button>
      </Popover.Target>
      <Popover.Dropdown p="sm" aria-label={`${modality.toUpperCase()} of ${day}`}>
        <AcquisitionCard acquisition={acquisition} onAsOf={onAsOf} />
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
