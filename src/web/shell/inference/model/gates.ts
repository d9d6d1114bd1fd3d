/** How many local operations buy which freedom, and how drift is told. Pure. */

import type { WireSiteModel } from '../../../../contract/index.ts';

export interface Gate {
  /** operated patients with closed follow-up that it takes */
  events: number;
  name: string;
  /** what the model may move from then on */
  freedom: string;
}

/** Event gates of local learning: the fewer outcomes, the less may move. */
export const GATES: readonly Gate[] = [
  { events: 20, name: 'intercept', freedom: 'the base rate follows this site' },
  { events: 50, name: 'slope', freedom: 'predictions are spread or drawn together; conformal sets begin' },
  { events: 100, name: 'groups', freedom: 'groups of weights are scaled; local validation becomes possible' },
  { events: 200, name: 'weights', freedom: 'single weights move' },
];

/** The gates with how far each is reached. */
export function gatesAt(operated: number): (Gate & { share: number; open: boolean })[] {
  return GATES.map((gate, i) => {
    const from = i === 0 ? 0 : GATES[i - 1].events;
    const share = Math.min(1, Math.max(0, (operated - from) / (gate.events - from)));
    return { ...gate, share, open: operated >= gate.events };
  });
}

/** What is still needed, in words. */
export function nextGateText(operated: number): string {
  const next = GATES.find(({ events }) => operated < events);
  if (!next) return 'All gates are open.';
  const missing = next.events - operated;
  return `${missing} more ${missing === 1 ? 'operation' : 'operations'} with closed follow-up until the ${next.name} ${next.name.endsWith('s') ? 'are' : 'is'} learnt.`;
}

/** Ends of the drift chart, with room, and never flat. */
export function driftExtent(drift: WireSiteModel['drift']): [low: number, high: number] {
  const sums = drift.map(({ sum }) => sum);
  const low = Math.min(0, ...sums);
  const high = Math.max(0, ...sums);
  const room = Math.max(0.5, 0.1 * (high - low));
  return [low - room, high + room];
}

/** What the alarm says. */
export function alarmText(alarm: 'up' | 'down'): string {
  return alarm === 'up'
    ? 'More patients were operated than predicted: the cumulative sum has passed its limit.'
    : 'Fewer patients were operated than predicted: the cumulative sum has passed its limit.';
}

/** The earliest day on which a follow-up that began at `indexDate` can be closed: twelve months later. */
export function earliestClose(indexDate: string): string {
  const date = new Date(indexDate);
  if (Number.isNaN(date.getTime())) return '';
  date.setUTCFullYear(date.getUTCFullYear() + 1);
  return date.toISOString().slice(0, 10);
}
