/** Two curves over each other, and below them their difference with what repetition would explain. */

import { formatNumber } from '../../../kit/number/format.ts';
import { axisStep } from '../lanes/lane-plan.ts';
import classes from './overlay-plot.module.css';

export interface OverlayPlotProps {
  first: Float64Array;
  second: Float64Array;
  difference: Float64Array;
  /** half width of the band around no difference, at each step */
  limit?: Float64Array;
  unit: string;
  names: readonly [string, string];
}

const W = 420;
const LEFT = 44;
const TOP_HEIGHT = 150;
const LOW_HEIGHT = 90;

export function OverlayPlot({ first, second, difference, limit, unit, names }: OverlayPlotProps) {
  const top = scaleOf([first, second]);
  const low = scaleOf(limit ? [difference, limit, limit.map((value) => -value)] : [difference, Float64Array.of(0)]);
  const text = `${names[0]} and ${names[1]} over 0 to 100 % of their windows, in ${unit}, and their difference`;
  return (
    <figure className={classes.plot}>
      <svg viewBox={`0 0 ${W} ${TOP_HEIGHT + LOW_HEIGHT + 34}`} role="img" aria-label={text}>
        <Frame scale={top} y={8} height={TOP_HEIGHT} unit={unit} />
        <path className={classes.first} d={pathOf(first, top, 8, TOP_HEIGHT)} />
        <path className={classes.second} d={pathOf(second, top, 8, TOP_HEIGHT)} />
        <g transform={`translate(0 ${TOP_HEIGHT + 18})`}>
          {limit ? <path className={classes.band} d={bandOf(limit, low, LOW_HEIGHT)} /> : null}
          <Frame scale={low} y={0} height={LOW_HEIGHT} unit={`Δ ${unit}`} />
          <path className={classes.difference} d={pathOf(difference, low, 0, LOW_HEIGHT)} />
          {[0, 25, 50, 75, 100].map((percent) => (
            <text key={percent} x={xOf(percent / 100)} y={LOW_HEIGHT + 13} textAnchor="middle">
              {percent}
              {percent === 100 ? ' %' : ''}
            </text>
          ))}
        </g>
      </svg>
      <figcaption>
        <span className={classes.keyFirst}>{names[0]}</span>
        <span className={classes.keySecond}>{names[1]}</span>
        {limit ? <span className={classes.keyBand}>repeatability limit</span> : null}
      </figcaption>
    </figure>
  );
}

interface Scale {
  low: number;
  high: number;
  step: number;
}

function scaleOf(curves: readonly Float64Array[]): Scale {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const curve of curves)
    for (const value of curve) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  if (!(low <= high)) return { low: -1, high: 1, step: 1 };
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return { low: low - room, high: high + room, step: axisStep(high - low + 2 * room, 4) };
}

function Frame({ scale, y, height, unit }: { scale: Scale; y: number; height: number; unit: string }) {
  const marks: number[] = [];
  for (let n = Math.ceil(scale.low / scale.step); n * scale.step <= scale.high; n++) marks.push(n * scale.step);
  const decimals = Math.max(0, -Math.floor(Math.log10(scale.step) + 1e-9));
  return (
    <g>
      {marks.map((value) => (
        <g key={value} transform={`translate(0 ${yOf(value, scale, y, height)})`}>
          <line x1={LEFT} x2={W - 6} className={value === 0 ? classes.zero : classes.grid} />
          <text x={LEFT - 5} textAnchor="end" dominantBaseline="central">
            {formatNumber(value, decimals)}
          </text>
        </g>
      ))}
      <text x={W - 6} y={y + 9} textAnchor="end">
        {unit}
      </text>
    </g>
  );
}

const xOf = (share: number): number => LEFT + share * (W - LEFT - 6);
const yOf = (value: number, { low, high }: Scale, y: number, height: number): number =>
  y + ((high - value) / (high - low)) * height;

function pathOf(curve: Float64Array, scale: Scale, y: number, height: number): string {
  let pen = 'M';
  const parts: string[] = [];
  curve.forEach((value, i) => {
    if (Number.isNaN(value)) pen = 'M';
    else {
      parts.push(`${pen}${xOf(i / (curve.length - 1)).toFixed(1)} ${yOf(value, scale, y, height).toFixed(1)}`);
      pen = 'L';
    }
  });
  return parts.join('');
}

function bandOf(limit: Float64Array, scale: Scale, height: number): string {
  const at = (i: number, sign: 1 | -1): string =>
    `${xOf(i / (limit.length - 1)).toFixed(1)} ${yOf(sign * limit[i], scale, 0, height).toFixed(1)}`;
  const there = [...limit.keys()].filter((i) => Number.isFinite(limit[i]));
  if (there.length < 2) return '';
  return `M${there.map((i) => at(i, 1)).join('L')}L${there
    .reverse()
    .map((i) => at(i, -1))
    .join('L')}Z`;
}
