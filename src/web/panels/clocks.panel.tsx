/** The sync bench: how each device's clock hangs on the others, how well, and a nudge by hand. */

import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ClockMap } from '../../model/index.ts';
import { DASH, formatNumber } from '../kit/number/format.ts';
import { definePanel, type PanelProps } from '../kit/panel.ts';
import { clockOf, isMoving } from '../views/motion/session/sessions.ts';
import classes from './clocks.module.css';

const STEPS_MS = [-100, -10, -1, 1, 10, 100] as const;
const METHOD_NAMES: Record<ClockMap['method'], string> = {
  trigger: 'hardware trigger',
  event: 'shared events',
  correlation: 'cross-correlation',
  file: 'times in the file',
  hand: 'by hand',
  assumed: 'assumed',
};

/** Words for a quality of 0 to 1. */
export function syncQuality(quality: number): 'good' | 'fair' | 'poor' {
  return quality >= 0.7 ? 'good' : quality >= 0.4 ? 'fair' : 'poor';
}

function ClocksPanel({ view, motion, actions }: PanelProps) {
  const [busy, setBusy] = useState(false);
  const names = [...new Set(view.artifacts.filter(({ kind }) => isMoving(kind)).map(clockOf))];
  const known = motion?.clocks?.maps;
  const here = motion?.session?.clocks ?? [];
  const maps = known?.filter(({ from, to }) => here.includes(from) || here.includes(to)) ?? [];
  const align = (params?: { method: string }): void => {
    setBusy(true);
    void actions.run('clock-alignment', params).finally(() => setBusy(false));
  };
  // a map that nothing supports joins nothing
  const joined = maps.filter(({ method, nudgeS }) => method !== 'assumed' || nudgeS !== undefined);
  // alike, but no more than unrelated recordings are: a person knows whether they were made together
  const apart = maps.some(({ method, basis, nudgeS }) => method === 'assumed' && !nudgeS && basis.includes('chance'));
  const free = names.filter((name) => !known?.some(({ from, to }) => from === name || to === name));
  return (
    <div className={classes.panel}>
      <header>
        <h3>Clocks</h3>
        <Button size="compact-sm" variant="light" loading={busy} disabled={names.length < 2} onClick={() => align()}>
          {known ? 'Align again' : 'Align'}
        </Button>
      </header>
      {names.length < 2 ? <p>There is one clock in this twin: nothing to align.</p> : null}
      {joined.length > 0 ? (
        <p>
          All times are those of <b>{joined[0].to}</b>.
        </p>
      ) : maps.length > 0 ? (
        <p>
          Nothing joins <b>{maps[0].to}</b> with the others: each keeps its own time until you align it or move it by
          hand.
        </p>
      ) : names.length > 1 ? (
        <p>
          These recordings run on clocks of their own. Alignment looks for a trigger, shared events or the same
          movement.
        </p>
      ) : null}
      {apart ? (
        <p>
          Likeness alone does not prove that these recordings were made together.{' '}
          <Button size="compact-xs" variant="light" loading={busy} onClick={() => align({ method: 'correlation' })}>
            They were: align by likeness
          </Button>
        </p>
      ) : null}
      <ul>
        {maps.map((map) => (
          <MapRow key={map.from} map={map} nudge={(ms) => motion?.nudge(map, ms / 1000) ?? Promise.resolve()} />
        ))}
        {free.map((name) => (
          <li key={name}>
            <div className={classes.name}>
              <b>{name}</b>
              <span className={classes.badge}>not aligned</span>
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

function MapRow({ map, nudge }: { map: ClockMap; nudge(ms: number): Promise<void> }) {
  const [busy, setBusy] = useState(false);
  const quality = syncQuality(map.quality);
  const by = (ms: number): void => {
    setBusy(true);
    void nudge(ms).finally(() => setBusy(false));
  };
  const sd = (value: number | undefined, scale: number, unit: string): string =>
    value === undefined
      ? 'uncertainty unknown'
      : `± ${formatNumber(scale * value, scale * value < 10 ? 1 : 0)} ${unit}`;
  return (
    <li data-testid="clock-map">
      <div className={classes.name}>
        <b>{map.from}</b>
        <span className={classes.badge} data-quality={quality} title={`Quality ${formatNumber(map.quality, 2)} of 1`}>
          sync {quality}
        </span>
      </div>
      <dl>
        <dt>Offset</dt>
        <dd>
          {formatNumber(1000 * map.offsetS, 1)} ms <small>{sd(map.offsetSdS, 1000, 'ms')}</small>
        </dd>
        <dt>Drift</dt>
        <dd>
          {formatNumber(map.driftPpm, 0)} ppm <small>{sd(map.driftSdPpm, 1, 'ppm')}</small>
        </dd>
        <dt>Found by</dt>
        <dd>{METHOD_NAMES[map.method]}</dd>
        <dt>From</dt>
        <dd>{map.basis || DASH}</dd>
        <dt>By hand</dt>
        <dd>{map.nudgeS ? `${formatNumber(1000 * map.nudgeS, 0)} ms` : 'none'}</dd>
      </dl>
      {/* biome-ignore lint/a11y/useSemanticElements: six buttons that belong together */}
      <div className={classes.nudges} role="group" aria-label={`Nudge ${map.from}`}>
        {STEPS_MS.map((ms) => (
          <Button key={ms} size="compact-xs" variant="default" disabled={busy} onClick={() => by(ms)}>
            {ms > 0 ? '+' : '\u2212'}
            {Math.abs(ms)} ms
          </Button>
        ))}
      </div>
    </li>
  );
}

export const clocksPanel = definePanel({ id: 'clocks', title: 'Clocks', kinds: [], component: ClocksPanel });
