/** The player: bodies on a floor, moved by the clock of the screen. */

import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { cssRgb, mapColour, parseHex } from '../../../kit/colour.ts';
import type { MotionTime } from '../../../kit/motion.ts';
import { formatNumber } from '../../../kit/number/format.ts';
import { drawsInSoftware, howItDraws } from '../../scene3d/level-of-detail.ts';
import { valueTitle } from './body-box.ts';
import classes from './stage.module.css';
import { type StageActor, StageEngine, type StageView as View } from './stage-engine.ts';

export interface StageHandle {
  view(from: View): void;
  reset(): void;
  capture(): HTMLCanvasElement | undefined;
}

export interface StageViewProps {
  actors: readonly StageActor[];
  time: MotionTime;
  dark: boolean;
  emptyText: string;
  handle?: Ref<StageHandle>;
}

const VIEWS: readonly { view: View; name: string; key: string }[] = [
  { view: 'front', name: 'the front', key: '1' },
  { view: 'side', name: 'the side', key: '3' },
  { view: 'top', name: 'above', key: '7' },
];

export function StageView({ actors, time, dark, emptyText, handle }: StageViewProps) {
  const room = useRef<HTMLDivElement>(null);
  const engine = useRef<StageEngine>(undefined);
  const drawable = howItDraws() !== 'none';
  useEffect(() => {
    if (!room.current || !drawable) return;
    const made = new StageEngine(room.current, time, drawsInSoftware());
    engine.current = made;
    return () => {
      engine.current = undefined;
      made.dispose();
    };
  }, [time, drawable]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the token that is read here
  useEffect(() => {
    if (!room.current) return;
    const line = getComputedStyle(room.current).getPropertyValue('--line-strong').trim();
    engine.current?.setActors(actors, parseHex(line));
  }, [actors, dark]);
  useImperativeHandle(handle, () => ({
    view: (from) => engine.current?.view(from),
    reset: () => engine.current?.reset(),
    capture: () => engine.current?.capture(),
  }));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const view = VIEWS.find(({ key }) => event.code === `Digit${key}` || event.code === `Numpad${key}`);
    if (view) engine.current?.view(view.view);
    else if (event.key === 'r' || event.key === 'R') engine.current?.reset();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a picture that turns and answers keys as a whole is no fieldset
    <div
      className={classes.stage}
      role="group"
      aria-label="Body in motion"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: as above
      tabIndex={0}
      data-testid="stage"
      data-bodies={actors.length}
      onKeyDown={onKeyDown}
      onContextMenu={(event) => event.preventDefault()}
    >
      <div ref={room} className={classes.room} />
      {drawable ? null : (
        <p className={classes.note}>This browser does not draw in 3D: WebGL is off. The lanes work without it.</p>
      )}
      {actors.length === 0 && drawable ? <p className={classes.note}>{emptyText}</p> : null}
      <Legend actors={actors} />
      <div className={classes.views} role="toolbar" aria-label="Views of the body">
        {VIEWS.map(({ view, name, key }) => (
          <button key={view} type="button" title={`From ${name} (${key})`} onClick={() => engine.current?.view(view)}>
            {view}
          </button>
        ))}
      </div>
    </div>
  );
}

/** What the colours of the body mean. */
function Legend({ actors }: Pick<StageViewProps, 'actors'>) {
  const shown = actors.map(({ look }) => look.colourBy).find((one) => one !== undefined);
  if (!shown) return null;
  const stops = Array.from({ length: 9 }, (_, i) => cssRgb(mapColour('viridis', i / 8)));
  const decimals = shown.high < 10 ? 1 : 0;
  return (
    <div className={classes.legend} data-testid="heat-legend">
      {valueTitle(shown.name)}
      <span className="numbers">
        {formatNumber(shown.low, decimals)}
        <i style={{ background: `linear-gradient(90deg, ${stops.join(', ')})` }} />
        {formatNumber(shown.high, decimals)}
      </span>
    </div>
  );
}
