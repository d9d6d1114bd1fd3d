/** Samples whose stamps do not rise, in order. */

import type { QualityFlag, Signals } from '../../model/index.ts';

/** Least step between samples that carry one stamp · s */
const LEAST_STEP_S = 1e-6;

/**
 * Signals with times that rise: samples sorted by their stamps, order kept where stamps are equal; those that share one follow at
 * steps of a microsecond. A flag says how many were moved.
 * @param signals - with or without `timeS` · s
 * @returns the same object where nothing had to be done
 */
export function inOrder(signals: Signals, name: string, flags: QualityFlag[]): Signals {
  const { timeS, channels } = signals;
  if (!timeS) return signals;
  let wrong = 0;
  for (let at = 1; at < timeS.length; at++) if (!(timeS[at] > timeS[at - 1])) wrong++;
  if (wrong === 0) return signals;
  const order = Array.from(timeS.keys())
    .filter((at) => Number.isFinite(timeS[at]))
    .sort((a, b) => timeS[a] - timeS[b] || a - b);
  const sorted = spread(Float64Array.from(order, (index) => timeS[index]));
  flags.push({
    code: 'signal.out-of-order',
    severity: 'doubt',
    where: name,
    message: `${wrong} ${wrong === 1 ? 'sample' : 'samples'} of ${name} came with a stamp no later than the one before; samples were put in order of time.`,
  });
  return {
    ...signals,
    startS: sorted[0],
    timeS: sorted,
    channels: channels.map((channel) => ({
      ...channel,
      values: Float64Array.from(order, (index) => channel.values[index]),
    })),
  };
}

/** Equal stamps a millionth of a second apart, or closer where the next one comes sooner. */
function spread(times: Float64Array): Float64Array {
  const out = times.slice();
  for (let from = 0; from < times.length; ) {
    let to = from + 1;
    while (to < times.length && times[to] === times[from]) to++;
    const room = to < times.length ? (times[to] - times[from]) / (to - from) : LEAST_STEP_S;
    const step = Math.min(LEAST_STEP_S, room);
    for (let at = from + 1; at < to; at++) out[at] = times[from] + (at - from) * step;
    from = to;
  }
  return out;
}
