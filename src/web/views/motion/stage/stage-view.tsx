/** The player: bodies on a floor, moved by the clock of the screen. */

import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { cssRgb, mapColour, parseHex } from '../../../kit/colour.ts';
import type { MotionTime } from '../../../kit/motion.ts';
import { formatNumber } from '../../../kit/number/format.ts';
import { drawsInSoftware, howItDraws } from '../../scene3d/level-of-detail.ts';
import { valueTitle } from './body-box.ts';
import classes from './stage.module.css';
import { type StageActor, StageEngine, type StageExtra, type StageView as View } from './stage-engine.ts';
import { type StageLayer, StageLayers } from './stage-layers.tsx';

export interface StageHandle {
  view(from: View): void;
  reset(): void;
  /** the picture as it stands, and how large a millimetre is in CSS pixels */
  capture(): { canvas: HTMLCanvasElement; pixelsPerMm: number } | undefined;
}

export interface StageViewProps {
  actors: readonly StageActor[];
  /** bones and forces */
  extras: readonly StageExtra[];
  /** what can be shown and hidden */
  layers: readonly StageLayer[];
  /** where the bones come from, and how they are moved */
  boneNote?: string;
  /** what a force of so many newtons is drawn as, where there are plates */
  forces?: { mmPerN: number; barN: number };
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

export function StageView(props: StageViewProps) {
  const { actors, extras, layers, boneNote, forces, time, dark, emptyText, handle } = props;
  const room = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLElement>(null);
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
    engine.current?.setActors(actors, extras, parseHex(line));
  }, [actors, extras, dark]);
  useEffect(() => {
    const { current } = engine;
    if (!current || !forces) return;
    current.watchZoom((pixelsPerMm) => {
      if (bar.current)
        bar.current.style.width = `${Math.max(2, forces.barN * forces.mmPerN * pixelsPerMm).toFixed(1)}px`;
    });
    return () => current.watchZoom(undefined);
  }, [forces]);
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
      data-extras={extras.map(({ id }) => id).join(' ')}
      onKeyDown={onKeyDown}
      onContextMenu={(event) => event.preventDefault()}
    >
      <div ref={room} className={classes.room} />
      {drawable ? null : (
        <p className={classes.note}>This browser does not draw in 3D: WebGL is off. The lanes work without it.</p>
      )}
      {actors.length + extras.length === 0 && drawable ? <p className={classes.note}>{emptyText}</p> : null}
      <StageLayers layers={layers} boneNote={boneNote} />
      <div className={classes.legends}>
        {forces ? (
          <div className={classes.legend} data-testid="force-legend">
            ground reaction
            <span className="numbers">
              <b ref={bar} className={classes.bar} />
              {formatNumber(forces.barN, 0)} N
            </span>
          </div>
        ) : null}
        <Legend actors={actors} />
      </div>
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
