/** How the keys walk the ribbons. */

import type { PlacedRibbon } from './chord-layout.ts';

/** Around the circle by where ribbons begin, features before flows. */
export function walkOrder(ribbons: readonly PlacedRibbon[]): PlacedRibbon[] {
  return [...ribbons].sort(
    (a, b) => Number(a.layer === 'flow') - Number(b.layer === 'flow') || a.source.startAngle - b.source.startAngle,
  );
}

/**
 * Where a key leads from ribbon number `at` (-1: none yet): left and right to the next one, up and down to the first of the next arc, Home and
 * End to the ends; undefined for any other key.
 */
export function stepRibbon(walk: readonly Pick<PlacedRibbon, 'from'>[], at: number, key: string): number | undefined {
  const count = walk.length;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[key];
  if (by === undefined) return undefined;
  if (at < 0 || count === 0) return 0;
  const next = (from: number): number => (from + by + count) % count;
  if (key === 'ArrowRight' || key === 'ArrowLeft') return next(at);
  let to = next(at);
  while (to !== at && walk[to].from === walk[at].from) to = next(to);
  // upwards it has come to the last of that arc
  while (by < 0 && to > 0 && walk[to - 1].from === walk[to].from) to--;
  return to;
}
