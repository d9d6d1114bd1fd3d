/** Axes of a small plot: a frame with ticks, names, and what is drawn in it, scaled to the width it gets. */

import type { ReactNode } from 'react';
import classes from './plot-frame.module.css';

interface Scale {
  low: number;
  high: number;
  name: string;
  ticks: readonly number[];
  text(value: number): string;
}

interface PlotFrameProps {
  title: string;
  x: Scale;
  y: Scale;
  /** watermark across the plot */
  mark?: string;
  height?: number;
  children(px: (x: number) => number, py: (y: number) => number): ReactNode;
}

const WIDTH = 440;
const LEFT = 50;
const RIGHT = 24;
const TOP = 10;
const BOTTOM = 40;

export function PlotFrame({ title, x, y, mark, height = 290, children }: PlotFrameProps) {
  const px = (v: number): number => LEFT + ((v - x.low) / (x.high - x.low)) * (WIDTH - LEFT - RIGHT);
  const py = (v: number): number => height - BOTTOM - ((v - y.low) / (y.high - y.low)) * (height - TOP - BOTTOM);
  return (
    <svg className={classes.plot} viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={title}>
      {y.ticks.map((tick) => (
        <g key={tick}>
          <line className={classes.grid} x1={LEFT} x2={WIDTH - RIGHT} y1={py(tick)} y2={py(tick)} />
          <text x={LEFT - 6} y={py(tick) + 4} textAnchor="end">
            {y.text(tick)}
          </text>
        </g>
      ))}
      {x.ticks.map((tick) => (
        <text key={tick} x={px(tick)} y={height - BOTTOM + 16} textAnchor="middle">
          {x.text(tick)}
        </text>
      ))}
      <text x={(LEFT + WIDTH - RIGHT) / 2} y={height - 6} textAnchor="middle" className={classes.axis}>
        {x.name}
      </text>
      <text
        transform={`translate(12 ${(height - BOTTOM + TOP) / 2}) rotate(-90)`}
        textAnchor="middle"
        className={classes.axis}
      >
        {y.name}
      </text>
      {mark ? (
        <text
          className={classes.watermark}
          transform={`translate(${WIDTH / 2 + 20} ${height / 2}) rotate(-20)`}
          textAnchor="middle"
        >
          {mark}
        </text>
      ) : null}
      {children(px, py)}
    </svg>
  );
}

/** Round ticks from low to high, `about` of them. */
export function ticksOf(low: number, high: number, about = 5): number[] {
  const raw = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= raw) ?? raw;
  const ticks: number[] = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++)
    ticks.push(Number((k * step).toPrecision(12)));
  return ticks;
}
