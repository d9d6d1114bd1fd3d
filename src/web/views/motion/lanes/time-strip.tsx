/** All of the recording in one strip: what the lanes show is a handle on it, the brushed window a mark. */

import { type PointerEvent, useEffect, useRef } from 'react';
import type { MotionTime } from '../../../kit/motion.ts';
import classes from './lanes.module.css';

export function TimeStrip({ time }: { time: MotionTime }) {
  const box = useRef<HTMLDivElement>(null);
  const held = useRef<number>(undefined);
  useEffect(() => {
    const [handle, brush, cursor] = [...(box.current?.children ?? [])] as HTMLElement[];
    const place = (): void => {
      const { span, whole, window: chosen, timeS } = time.get();
      const length = whole[1] - whole[0] || 1;
      const percent = (t: number): string => `${(100 * (t - whole[0])) / length}%`;
      handle.style.left = percent(span[0]);
      handle.style.width = `max(6px, ${(100 * (span[1] - span[0])) / length}%)`;
      brush.hidden = !chosen;
      if (chosen) {
        brush.style.left = percent(chosen[0]);
        brush.style.width = `${(100 * (chosen[1] - chosen[0])) / length}%`;
      }
      cursor.style.left = percent(timeS);
    };
    place();
    return time.subscribe(place);
  }, [time]);
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
    >
      <i className={classes.shown} />
      <i className={classes.brushed} />
      <i className={classes.now} />
    </div>
  );
}
