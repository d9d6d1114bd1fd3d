/** Small pictures of one sensor's check: a bar against its limit, a compass, a strip of time. All are said in words beside them. */

import type { TimeWindow } from '../../../kit/motion.ts';
import classes from './sensor-dials.module.css';

export interface LimitBarProps {
  value: number | undefined;
  limit: number;
}

/** A bar that is full at twice its limit; the limit is a tick in its middle. */
export function LimitBar({ value, limit }: LimitBarProps) {
  const share = Math.min(1, Math.abs(value ?? 0) / (2 * limit));
  return (
    <span className={classes.bar} data-over={value !== undefined && Math.abs(value) > limit} aria-hidden="true">
      <i style={{ width: `${100 * share}%` }} />
    </span>
  );
}

export interface HeadingDialProps {
  headingDeg: number | undefined;
  mismatchDeg: number | undefined;
  limitDeg: number;
}

const SIZE = 44;
const R = 19;

/** From above, north up: where the sensor was taken to face, what of it is allowed, and where its bending says it faces. */
export function HeadingDial({ headingDeg, mismatchDeg, limitDeg }: HeadingDialProps) {
  // anticlockwise from east, which lies at the right of the picture
  const at = (deg: number, r: number): string => {
    const rad = (deg * Math.PI) / 180;
    return `${(SIZE / 2 + r * Math.cos(rad)).toFixed(2)} ${(SIZE / 2 - r * Math.sin(rad)).toFixed(2)}`;
  };
  const known = headingDeg !== undefined;
  const bending = known && mismatchDeg !== undefined ? headingDeg + mismatchDeg : undefined;
  return (
    <svg className={classes.dial} width={SIZE} height={SIZE} viewBox={`0 0 ${SIZE} ${SIZE}`} aria-hidden="true">
      <circle cx={SIZE / 2} cy={SIZE / 2} r={R} />
      <text x={SIZE / 2} y={9.5}>
        N
      </text>
      {known ? (
        <>
          <path
            className={classes.allowed}
            d={`M ${SIZE / 2} ${SIZE / 2} L ${at(headingDeg - limitDeg, R)} A ${R} ${R} 0 0 0 ${at(headingDeg + limitDeg, R)} Z`}
          />
          <path className={classes.taken} d={`M ${SIZE / 2} ${SIZE / 2} L ${at(headingDeg, R)}`} />
        </>
      ) : null}
      {bending === undefined ? null : (
        <path
          className={classes.bending}
          data-over={Math.abs(mismatchDeg ?? 0) > limitDeg}
          d={`M ${SIZE / 2} ${SIZE / 2} L ${at(bending, R - 4)}`}
        />
      )}
    </svg>
  );
}

export interface FieldStripProps {
  disturbed: readonly TimeWindow[];
  whole: TimeWindow;
}

/** The recording from left to right, dark where the magnetic field was disturbed. */
export function FieldStrip({ disturbed, whole }: FieldStripProps) {
  const length = whole[1] - whole[0] || 1;
  return (
    <svg className={classes.strip} viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
      <rect width="1000" height="10" />
      {disturbed.map(([from, to]) => (
        <rect
          key={from}
          className={classes.spell}
          x={(1000 * (from - whole[0])) / length}
          width={Math.max(2, (1000 * (to - from)) / length)}
          height="10"
        />
      ))}
    </svg>
  );
}
