/** The hand on the strip below the lanes: drag what is in view along all of the recording. The lanes paint it. */

import { type PointerEvent, useRef } from 'react';
import type { MotionTime } from '../../../kit/motion.ts';
import classes from './lanes.module.css';

export function TimeStrip({ time }: { time: MotionTime }) {
  const box = useRef<HTMLDivElement>(null);
  const held = useRef<number>(undefined);
  const move = (event: PointerEvent<HTMLDivElement>): void => {
    if (held.current === undefined || !box.current) return;
    const { whole, span } = time.get();
    const by = ((event.clientX - held.current) / box.current.clientWidth) * (whole[1] - whole[0]);
    held.current = event.clientX;
    time.setSpan([span[0] + by, span[1] + by]);
  };
  const down = (event: PointerEvent<HTMLDivElement>): void => {
    if (!box.current) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    held.current = event.clientX;
    const { whole, span } = time.get();
    const rect = box.current.getBoundingClientRect();
    const at = whole[0] + ((event.clientX - rect.left) / rect.width) * (whole[1] - whole[0]);
    const half = (span[1] - span[0]) / 2;
    if (at < span[0] || at > span[1]) time.setSpan([at - half, at + half]);
  };
  return (
    <div
      className={classes.strip}
      ref={box}
      aria-hidden="true"
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={() => {
        held.current = undefined;
      }}
    />
  );
}
