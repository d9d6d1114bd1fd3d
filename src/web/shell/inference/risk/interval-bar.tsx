/** A probability as an interval: the band from low to high, and in it the point; the base rate of the setting as a tick. */

import { percent, percentRange } from '../words.ts';
import classes from './risk.module.css';

export interface IntervalBarProps {
  /** probabilities, 0 to 1 */
  low: number;
  point: number;
  high: number;
  /** where the axis ends */
  top: number;
  /** base rate of the setting, where the bar is about the same months */
  base?: number;
}

export function IntervalBar({ low, point, high, top, base }: IntervalBarProps) {
  const at = (p: number): string => `${(100 * Math.min(1, p / top)).toFixed(2)}%`;
  const label = `${percent(point)}, 90 % interval ${percentRange(low, high)}${base === undefined ? '' : `; base rate ${percent(base)}`}`;
  return (
    <span className={classes.track} role="img" aria-label={label}>
      {base === undefined ? null : <i className={classes.base} style={{ left: at(base) }} />}
      <i className={classes.band} style={{ left: at(low), width: `calc(${at(high)} - ${at(low)})` }} />
      <i className={classes.point} style={{ left: at(point) }} />
    </span>
  );
}
