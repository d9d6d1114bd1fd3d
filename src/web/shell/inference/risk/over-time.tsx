/** Risk over time: every assessment that was ever made, never changed, each with what it was made for. */

import { SegmentedControl } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, useMemo, useState } from 'react';
import type { WireAssessmentLine } from '../../../../contract/index.ts';
import { EmptyPlace } from '../../../kit/notes.tsx';
import { formatDay, formatMoment } from '../../../kit/number/format.ts';
import plain from '../../../kit/table/plain-table.module.css';
import { useKnowledge } from '../../../state/inference.ts';
import { horizonOf, percent, percentRange, STATE_WORDS } from '../words.ts';
import classes from './over-time.module.css';
import { reasonText } from './risk-card.tsx';
import { type TimeAxis, type TimePoint, timeRun } from './time-points.ts';

export interface OverTimeProps {
  lines: readonly WireAssessmentLine[];
  /** assessment that is read */
  number: number | undefined;
  onOpen(number: number): void;
}

export function OverTime({ lines, number, onOpen }: OverTimeProps) {
  const [axis, setAxis] = useState<TimeAxis>('index');
  const run = useMemo(() => timeRun(lines, axis), [lines, axis]);
  const { ref, width } = useElementSize<HTMLDivElement>();
  if (lines.length === 0) return <EmptyPlace title="No assessment yet" />;
  return (
    <div className={classes.time} data-testid="over-time">
      <header>
        <h2>Risk of twelve months over time</h2>
        <SegmentedControl
          size="xs"
          aria-label="Time axis"
          value={axis}
          onChange={(value) => setAxis(value as TimeAxis)}
          data={[
            { value: 'index', label: 'By index date' },
            { value: 'made', label: 'By when it was made' },
          ]}
        />
      </header>
      <div ref={ref} className={classes.box}>
        {width > 0 ? <Chart run={run} width={width} number={number} axis={axis} onOpen={onOpen} /> : null}
      </div>
      <p className={classes.about}>
        Point and 90 % interval. Nothing here is ever changed or taken away: a new value, answer, setting or model makes
        a new assessment.
      </p>
      <Lines lines={lines} number={number} onOpen={onOpen} />
    </div>
  );
}

/** every ceiling of the axis has whole percents at its fifths */
const FIFTHS = [0, 0.2, 0.4, 0.6, 0.8, 1];
const HEIGHT = 260;
const PAD = { left: 46, right: 24, top: 14, bottom: 26 };

interface ChartProps {
  run: ReturnType<typeof timeRun>;
  width: number;
  number: number | undefined;
  axis: TimeAxis;
  onOpen(number: number): void;
}

function Chart({ run, width, number, axis, onOpen }: ChartProps) {
  const { points, top, ticks } = run;
  const x = (share: number): number => PAD.left + share * (width - PAD.left - PAD.right);
  const y = (share: number): number => HEIGHT - PAD.bottom - share * (HEIGHT - PAD.top - PAD.bottom);
  const edge = (key: 'low' | 'high'): string[] => points.map((point) => `${x(point.x)},${y(point[key])}`);
  const band = [...edge('high'), ...edge('low').reverse()].join(' ');
  const day = axis === 'index' ? formatDay : formatMoment;
  return (
    <svg width={width} height={HEIGHT} className={classes.chart}>
      <title>{`${points.length} assessments over time`}</title>
      {FIFTHS.map((share) => (
        <g key={share}>
          <line x1={PAD.left} x2={width - PAD.right} y1={y(share)} y2={y(share)} className={classes.grid} />
          <text x={PAD.left - 8} y={y(share)} dy="0.34em" textAnchor="end">
            {percent(share * top)}
          </text>
        </g>
      ))}
      {ticks.map(({ x: at, time }) => (
        <text
          key={`${time} ${at}`}
          x={x(at)}
          y={HEIGHT - 6}
          textAnchor={at > 0.9 ? 'end' : at < 0.1 ? 'start' : 'middle'}
        >
          {day(new Date(time).toISOString())}
        </text>
      ))}
      <polygon points={band} className={classes.band} />
      <polyline points={points.map((point) => `${x(point.x)},${y(point.point)}`).join(' ')} className={classes.run} />
      {points.map((point) => (
        <Mark
          key={point.line.number}
          point={point}
          at={[x(point.x), y(point.point), y(point.low), y(point.high)]}
          chosen={point.line.number === number}
          onOpen={onOpen}
        />
      ))}
    </svg>
  );
}

interface MarkProps {
  point: TimePoint;
  at: readonly [x: number, y: number, low: number, high: number];
  chosen: boolean;
  onOpen(number: number): void;
}

function Mark({ point: { line }, at: [x, y, low, high], chosen, onOpen }: MarkProps) {
  const open = (): void => onOpen(line.number);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    open();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a mark in a drawing cannot be a button element
    <g
      role="button"
      tabIndex={0}
      aria-label={`Assessment ${line.number}: ${rangeOf(line)}. ${line.reason}`}
      aria-pressed={chosen}
      className={classes.mark}
      onClick={open}
      onKeyDown={onKeyDown}
    >
      <title>{`${line.number} · ${formatMoment(line.at)} · ${line.reason}`}</title>
      <line x1={x} x2={x} y1={low} y2={high} />
      <circle cx={x} cy={y} r={chosen ? 6 : 4.5} />
      <circle cx={x} cy={y} r={13} className={classes.grasp} />
    </g>
  );
}

function rangeOf(line: WireAssessmentLine): string {
  const year = line.state === 'failed' ? undefined : horizonOf(line.horizons, '0-12');
  return year ? `${percentRange(year.low, year.high)}, point ${percent(year.probability)}` : 'no number';
}

function Lines({ lines, number, onOpen }: OverTimeProps) {
  const { data: knowledge } = useKnowledge();
  const settingName = (id: string): string => knowledge?.settings.find((one) => one.id === id)?.name ?? id;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by keys
    <section className={classes.scroll} tabIndex={0} aria-label="All assessments">
      <table className={`${plain.table} ${classes.table}`}>
        <thead>
          <tr>
            <th scope="col">No.</th>
            <th scope="col">Made</th>
            <th scope="col">Why</th>
            <th scope="col">Index date</th>
            <th scope="col">Twelve months, 90 %</th>
            <th scope="col">Measured</th>
            <th scope="col">Setting</th>
            <th scope="col">Model</th>
          </tr>
        </thead>
        <tbody className="numbers">
          {[...lines].reverse().map((line) => (
            <tr key={line.number} data-chosen={line.number === number || undefined}>
              <th scope="row">
                <button type="button" onClick={() => onOpen(line.number)} aria-label={`Read assessment ${line.number}`}>
                  {line.number}
                </button>
              </th>
              <td>{formatMoment(line.at)}</td>
              <td className={classes.why}>{reasonText(line.reason)}</td>
              <td>{formatDay(line.indexDate)}</td>
              <td>{rangeOf(line)}</td>
              <td>{line.observed}</td>
              <td>
                {settingName(line.setting)}
                {line.settingChosen ? '' : ' (assumed)'}
              </td>
              <td>
                v{line.modelVersion}, {STATE_WORDS[line.state].name.toLowerCase()}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
