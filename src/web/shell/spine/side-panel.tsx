/** Where panels live: a column at the right, a sheet from below on a narrow screen. */

import {
  createContext,
  type KeyboardEvent,
  lazy,
  memo,
  type PointerEvent,
  type ReactNode,
  Suspense,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { Fence } from '../../kit/fence.tsx';
import type { Panel, PanelProps } from '../../kit/panel.ts';
import { type PanelEntry, panelsFor } from '../../panels.ts';
import { prefer, usePreferences } from '../../state/preferences.ts';
import { setWorkspace, useWorkspace } from '../../state/workspace.ts';
import frame from '../twin/twin-screen.module.css';
import classes from './side-panel.module.css';

const NARROWEST = 320;
const WIDEST = 860;

const lazily = new Map<string, ReturnType<typeof makeLazy>>();

function makeLazy(entry: PanelEntry) {
  return lazy(async () => {
    const panel: Panel = await entry.load();
    return { default: panel.component };
  });
}

function componentOf(entry: PanelEntry): ReturnType<typeof makeLazy> {
  const made = lazily.get(entry.id) ?? makeLazy(entry);
  lazily.set(entry.id, made);
  return made;
}

/** Lifts the sheet that the panels stand in, where it lies low. */
const Raise = createContext<() => void>(() => {});

interface PanelsProps {
  panel: PanelProps;
  screen?: PanelEntry['screen'];
}

const Panels = memo(function Panels({ panel, screen = 'spine' }: PanelsProps) {
  const chosen = useWorkspace((state) => state.panel);
  const entries = useMemo(
    () => panelsFor(screen, new Set(panel.view.artifacts.map(({ kind }) => kind))),
    [screen, panel.view.artifacts],
  );
  const current = entries.find(({ id }) => id === chosen) ?? entries[0];
  const Component = componentOf(current);
  const raise = useContext(Raise);
  const tabs = useRef<HTMLDivElement>(null);
  // more tabs than the width has room for scroll; the chosen one is always in sight
  useEffect(() => {
    const { current: row } = tabs;
    const tab = row?.querySelector<HTMLElement>(`#tab-${current.id}`);
    if (!row || !tab) return;
    const [left, right] = [tab.offsetLeft - row.offsetLeft, tab.offsetLeft - row.offsetLeft + tab.offsetWidth];
    if (left < row.scrollLeft || right > row.scrollLeft + row.clientWidth)
      row.scrollLeft = left - (row.clientWidth - tab.offsetWidth) / 2;
  }, [current.id]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = entries[(entries.indexOf(current) + step + entries.length) % entries.length];
    setWorkspace({ panel: next.id });
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <div className={classes.panel}>
      <div ref={tabs} className={classes.tabs} role="tablist" aria-label="Panels" onKeyDown={onKeyDown}>
        {entries.map(({ id, title }) => (
          <button
            key={id}
            id={`tab-${id}`}
            type="button"
            role="tab"
            aria-selected={id === current.id}
            aria-controls="panel-body"
            tabIndex={id === current.id ? 0 : -1}
            onClick={() => {
              setWorkspace({ panel: id });
              raise();
            }}
          >
            {title}
          </button>
        ))}
      </div>
      <div
        className={classes.body}
        role="tabpanel"
        id="panel-body"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also where nothing in it can be focused
        tabIndex={0}
        aria-labelledby={`tab-${current.id}`}
        data-testid={`panel-${current.id}`}
      >
        <Suspense fallback={<div className={classes.wait}>Loading …</div>}>
          <Fence key={current.id} what={current.title}>
            <Component {...panel} />
          </Fence>
        </Suspense>
      </div>
    </div>
  );
});

export function SidePanel({ panel, screen }: PanelsProps) {
  const width = usePreferences((state) => state.panelWidth);
  const setWidth = (to: number): void => prefer({ panelWidth: Math.round(Math.min(WIDEST, Math.max(NARROWEST, to))) });
  const drag = (event: PointerEvent<HTMLElement>): void => {
    if (event.buttons === 1) setWidth(window.innerWidth - event.clientX);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: 24, ArrowRight: -24 }[event.key];
    if (step) setWidth(width + step);
  };
  return (
    <aside className={frame.right} style={{ width }} aria-label="Panel">
      {/* biome-ignore lint/a11y/useSemanticElements: a separator that moves is a control, which hr is not */}
      <div
        className={frame.handle}
        role="separator"
        aria-orientation="vertical"
        aria-label="Width of the panel"
        aria-valuenow={width}
        aria-valuemin={NARROWEST}
        aria-valuemax={WIDEST}
        tabIndex={0}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onKeyDown={onKeyDown}
      />
      <Panels panel={panel} screen={screen} />
    </aside>
  );
}

type SheetHeight = 'low' | 'half' | 'high';
const HEIGHTS: Record<SheetHeight, string> = { low: '64px', half: '46%', high: '88%' };
const ORDER: readonly SheetHeight[] = ['low', 'half', 'high'];

export function PanelSheet({ panel, screen }: PanelsProps) {
  return (
    <Sheet label="Panel">
      <Panels panel={panel} screen={screen} />
    </Sheet>
  );
}

/** What lies over the foot of a narrow screen, pulled up and down by its grip. */
export function Sheet({ label, children }: { label: string; children: ReactNode }) {
  const [height, setHeight] = useState<SheetHeight>('half');
  const [from, setFrom] = useState<number>();
  const raise = useCallback(() => setHeight((now) => (now === 'low' ? 'half' : now)), []);
  const step = (by: number): void => setHeight(ORDER[Math.min(2, Math.max(0, ORDER.indexOf(height) + by))]);
  const toggle = (): void => setHeight(height === 'low' ? 'half' : 'low');
  const drop = (event: PointerEvent): void => {
    const moved = from === undefined ? 0 : from - event.clientY;
    if (Math.abs(moved) > 24) step(Math.sign(moved));
    else toggle();
    setFrom(undefined);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowUp') step(1);
    if (event.key === 'ArrowDown') step(-1);
  };
  return (
    <aside className={frame.sheet} style={{ height: HEIGHTS[height] }} aria-label={label}>
      <button
        type="button"
        className={frame.grip}
        aria-label={`Height of the ${label.toLowerCase()}`}
        aria-expanded={height !== 'low'}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setFrom(event.clientY);
        }}
        onPointerUp={drop}
        // the pointer has been answered already
        onClick={({ detail }) => detail === 0 && toggle()}
        onKeyDown={onKeyDown}
      />
      <div className={frame.sheetBody}>
        <Raise.Provider value={raise}>{children}</Raise.Provider>
      </div>
    </aside>
  );
}
