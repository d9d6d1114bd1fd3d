/** Places on a line of time: acquisitions by the day they were taken, by the day they came in where that is unknown. */

export interface TimeScale {
  /** 0 to 1 along the line */
  place(time: number): number;
  ticks: { time: number; label: string }[];
}

const DAY = 86_400_000;
const YEAR = 365.25 * DAY;

export function timeOf(iso: string): number {
  return Date.parse(iso);
}

/** A scale over times, never narrower than a month, with round ticks. */
export function timeScale(times: readonly number[]): TimeScale {
  const known = times.filter(Number.isFinite);
  const low = known.length > 0 ? Math.min(...known) : Date.now();
  const high = known.length > 0 ? Math.max(...known) : Date.now();
  const span = Math.max(high - low, 30 * DAY);
  const from = (low + high) / 2 - span * 0.62;
  const to = (low + high) / 2 + span * 0.62;
  const place = (time: number): number => Math.min(1, Math.max(0, (time - from) / (to - from)));
  return { place, ticks: ticksBetween(from, to) };
}

function ticksBetween(from: number, to: number): TimeScale['ticks'] {
  const span = to - from;
  const ticks: TimeScale['ticks'] = [];
  const start = new Date(from);
  if (span > 3 * YEAR) {
    const step = Math.max(1, Math.ceil(span / YEAR / 7));
    for (let year = start.getUTCFullYear() + 1; Date.UTC(year) < to; year += step)
      ticks.push({ time: Date.UTC(year), label: String(year) });
  } else if (span > 75 * DAY) {
    const step = Math.max(1, Math.ceil(span / (30.4 * DAY) / 8));
    for (let month = start.getUTCMonth() + 1; ; month += step) {
      const time = Date.UTC(start.getUTCFullYear(), month);
      if (time >= to) break;
      ticks.push({ time, label: new Date(time).toISOString().slice(0, 7) });
    }
  } else {
    const step = Math.max(1, Math.ceil(span / DAY / 7));
    for (let time = Math.ceil(from / DAY) * DAY; time < to; time += step * DAY)
      ticks.push({ time, label: new Date(time).toISOString().slice(0, 10) });
  }
  return ticks;
}

/**
 * Moves marks that would lie on one another apart, as little as can be (isotonic regression), and keeps all of them `margin` away from
 * the ends. Places and the result are 0 to 1; order is kept.
 */
export function spread(places: readonly number[], gap: number, margin = 0): number[] {
  const order = places.map((_, i) => i).sort((a, b) => places[a] - places[b]);
  const blocks: { mean: number; size: number }[] = [];
  order.forEach((at, k) => {
    let block = { mean: places[at] - k * gap, size: 1 };
    for (let last = blocks.at(-1); last && last.mean > block.mean; last = blocks.at(-1)) {
      blocks.pop();
      const size = last.size + block.size;
      block = { mean: (last.mean * last.size + block.mean * block.size) / size, size };
    }
    blocks.push(block);
  });
  const highest = Math.max(margin, 1 - margin - (order.length - 1) * gap);
  const shifted = blocks.flatMap(({ mean, size }) =>
    Array<number>(size).fill(Math.min(highest, Math.max(margin, mean))),
  );
  const out = [...places];
  order.forEach((at, k) => {
    out[at] = shifted[k] + k * gap;
  });
  return out;
}
