/** What a recording lost on its way through a format that keeps no name of its clock and perhaps only single precision. */

import type { EventList, PointSequence, Signals, TimeBase } from '../../../src/model/index.ts';
import { sampleTimeS } from '../../../src/model/index.ts';

/** Stored in single precision, values come back within this part of their size. */
const SINGLE = 1.2e-7;

/** Rates and starts come back within this part of them. */
const TIME = 1e-6;

/** What differs between two signals; undefined when nothing. */
export function signalDifference(sent: Signals, got: Signals): string | undefined {
  const facts = ({ channels }: Signals) => JSON.stringify(channels.map(({ values: _, ...rest }) => sorted(rest)));
  if (facts(sent) !== facts(got)) return `channels: ${facts(got)}`;
  const time = timeDifference(sent, got, sent.channels[0].values.length);
  if (time) return time;
  for (const [index, { name, values }] of sent.channels.entries())
    if (!close(values, got.channels[index].values)) return `values of ${name}`;
  return undefined;
}

/** What differs between two sequences of points; undefined when nothing. */
export function pointSequenceDifference(sent: PointSequence, got: PointSequence): string | undefined {
  if (sent.names.join() !== got.names.join()) return `names: ${got.names.join()}`;
  const time = timeDifference(sent, got, sent.positions.length / 3 / sent.names.length);
  return time ?? (close(sent.positions, got.positions) ? undefined : 'positions');
}

/** What differs between two lists of events; undefined when nothing. */
export function eventDifference(sent: EventList, got: EventList): string | undefined {
  const facts = ({ events }: EventList) => JSON.stringify(events.map(({ label, side }) => [label, side ?? '']));
  if (facts(sent) !== facts(got)) return facts(got);
  const times = ({ events }: EventList) => Float64Array.from(events, ({ timeS }) => timeS);
  return close(times(sent), times(got)) ? undefined : 'times';
}

function timeDifference(sent: TimeBase, got: TimeBase, count: number): string | undefined {
  for (let index = 0; index < count; index++) {
    const [a, b] = [sampleTimeS(sent, index), sampleTimeS(got, index)];
    if (Math.abs(a - b) > TIME * Math.max(1, Math.abs(a))) return `time of sample ${index}: ${b} for ${a}`;
  }
  return undefined;
}

function close(sent: ArrayLike<number>, got: ArrayLike<number>): boolean {
  if (sent.length !== got.length) return false;
  for (let at = 0; at < sent.length; at++) {
    const both = Number.isNaN(sent[at]) && Number.isNaN(got[at]);
    if (!both && !(Math.abs(sent[at] - got[at]) <= SINGLE * Math.abs(sent[at]))) return false;
  }
  return true;
}

function sorted(value: object): unknown {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
