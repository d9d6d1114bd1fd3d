/** Lanes over a common time: names and values at the left, curves at the right, one cursor through all of them. */

import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { MotionEvent } from '../../../../model/index.ts';
import type { MotionTime } from '../../../kit/motion.ts';
import { type LanePlan, laneExtremes } from './lane-plan.ts';
import classes from './lanes.module.css';
import { LanesEngine } from './lanes-engine.ts';
import { TimeStrip } from './time-strip.tsx';

export interface LanesViewProps {
  lanes: readonly LanePlan[];
  events: readonly MotionEvent[];
  time: MotionTime;
  dark: boolean;
  /** why there is nothing to see */
  emptyText: string;
}

/** Heights of a lane: name, order and sign, value; in a narrow column the note takes two lines · px */
const LOWEST = 50;
const LOWEST_NARROW = 84;
const NARROW_PX = 560;

export function LanesView({ lanes, events, time, dark, emptyText }: LanesViewProps) {
  const scroll = useRef<HTMLElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const picture = useRef<HTMLCanvasElement>(null);
  const axis = useRef<HTMLCanvasElement>(null);
  const thumb = useRef<HTMLElement>(null);
  const above = useRef<HTMLCanvasElement>(null);
  const engine = useRef<LanesEngine>(undefined);
  useEffect(() => {
    if (!scroll.current || !picture.current || !axis.current) return;
    const made = new LanesEngine(
      {
        scroll: scroll.current,
        picture: picture.current,
        axis: axis.current,
        events: above.current,
        thumb: thumb.current,
        values: () => [...(list.current?.querySelectorAll<HTMLElement>('output') ?? [])],
      },
      time,
    );
    engine.current = made;
    (scroll.current as HTMLElement & { lanes?: LanesEngine }).lanes = made;
    return () => {
      engine.current = undefined;
      made.dispose();
    };
  }, [time]);
  useEffect(() => {
    const room = scroll.current?.clientHeight ?? 0;
    const lowest = (scroll.current?.clientWidth ?? 0) < NARROW_PX ? LOWEST_NARROW : LOWEST;
    const laneHeight = Math.max(lowest, Math.min(120, Math.floor(room / Math.max(1, lanes.length))));
    list.current?.style.setProperty('--lane', `${laneHeight}px`);
    engine.current?.update({ lanes, events, laneHeight, dark });
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { timeS, span, whole } = time.get();
    const length = span[1] - span[0];
    if (event.key === '+' || event.key === '=') time.zoomAt(timeS, 0.7);
    else if (event.key === '-') time.zoomAt(timeS, 1 / 0.7);
    else if (event.key === 'PageDown') time.setSpan([span[0] + 0.8 * length, span[1] + 0.8 * length]);
    else if (event.key === 'PageUp') time.setSpan([span[0] - 0.8 * length, span[1] - 0.8 * length]);
    else if (event.key === 'Home') time.seek(whole[0]);
    else if (event.key === 'End') time.seek(whole[1]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a picture that wheel, drag and keys act on as a whole is no fieldset
    <div
      className={classes.lanes}
      role="group"
      aria-label="Lanes over time"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: as above
      tabIndex={0}
      data-testid="lanes"
      data-lanes={lanes.length}
      data-read={lanes.filter((lane) => lane.channels.every(({ channel }) => channel)).length}
      onKeyDown={onKeyDown}
    >
      <div className={classes.events} hidden={events.length === 0}>
        <span>
          Events <small>{events.length}</small>
        </span>
        <canvas ref={above} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by keys */}
      <section className={classes.scroll} ref={scroll} tabIndex={0} aria-label="Lanes, list">
        <div className={classes.pictures}>
          <canvas ref={picture} />
        </div>
        <ul ref={list}>
          {lanes.map((lane) => (
            <li key={lane.id} title={`${lane.title} · ${lane.note}`}>
              <b>{lane.title}</b>
              <small>{lane.note}</small>
              <span>
                <output aria-label={`${lane.title} at the cursor`} />
              </span>
              <Extremes of={laneExtremes(lane)} />
            </li>
          ))}
        </ul>
        {lanes.length === 0 ? <p className={classes.empty}>{emptyText}</p> : null}
      </section>
      <i ref={thumb} className={classes.thumb} aria-hidden="true" hidden />
      <div className={classes.axis}>
        <canvas ref={axis} />
        <TimeStrip time={time} />
      </div>
    </div>
  );
}

/** Where the curve is highest and lowest, beside its top and its foot: a curve without a scale says nothing. The table of the window says them too. */
function Extremes({ of }: { of: readonly [string, string] | undefined }) {
  if (!of) return null;
  return (
    <>
      <i className={classes.high} aria-hidden="true">
        {of[1]}
      </i>
      <i className={classes.low} aria-hidden="true">
        {of[0]}
      </i>
    </>
  );
}
