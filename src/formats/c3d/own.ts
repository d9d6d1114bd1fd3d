/** What C3D has no place for and our own files carry in a group of their own: kinds, exact rates, sides, parents. */

import type { ArtifactKind, SignalChannel } from '../../model/index.ts';
import {
  allNumbersOf,
  allTextsOf,
  type C3dDocument,
  type C3dGroup,
  countOf,
  findParameter,
  numbersOf,
  textsOf,
} from './document.ts';
import type { Facts } from './encode.ts';
import { float32s, groupOf, int16s, numbered, texts, textsNumbered } from './make.ts';

const GROUP = 'MSDT';

/** Longest description of a channel that still fits · bytes */
const LONGEST = 240;

/** The group of our own. */
export function ownGroup(id: number, { contents, columns, base, samplesPerFrame, rateHz }: Facts): C3dGroup {
  const { points, pointsKind, signals, events } = contents;
  const about = signals.flatMap(({ kind, payload }) =>
    payload.channels.map(({ values: _, name: __, ...rest }) => JSON.stringify({ kind, ...rest })),
  );
  const samples = signals[0]?.payload.channels[0]?.values.length ?? 0;
  const parameters = [
    texts('TIME', [String(base.startS), String(rateHz), String(rateHz * samplesPerFrame)]),
    texts('UNEVEN', [base.timeS ? 'yes' : 'no']),
    texts('COUNTS', [
      String(points ? points.positions.length / 3 / Math.max(1, points.names.length) : 0),
      String(samples),
    ]),
    // a description that does not fit is left out, never cut
    ...textsNumbered(
      'CHANNELS',
      columns.map((_, at) => ((about[at]?.length ?? 0) <= LONGEST ? (about[at] ?? '') : '')),
      LONGEST,
    ),
  ];
  if (pointsKind) parameters.push(texts('POINTS', [pointsKind, points?.frame ?? '', points?.up ?? '']));
  if (points?.parents) parameters.push(...numbered(points.parents, (name, values) => int16s(name, values), 'PARENTS'));
  const ends = (events?.events ?? []).map(({ endS }) => endS ?? Number.NaN);
  if (ends.some((end) => !Number.isNaN(end)))
    parameters.push(...numbered(ends, (name, values) => float32s(name, values), 'EVENT_ENDS'));
  const plates = signals.flatMap(({ payload }) => payload.plates ?? []);
  if (plates.length > 0)
    parameters.push(
      texts(
        'PLATES',
        plates.map(({ id }) => id),
      ),
    );
  return groupOf(id, GROUP, parameters);
}

/** What our own group says. */
export interface OwnFacts {
  startS?: number;
  rateHz?: number;
  analogRateHz?: number;
  uneven: boolean;
  frames?: number;
  samples?: number;
  channels: (Partial<SignalChannel> & { kind?: ArtifactKind })[];
  pointsKind?: string;
  frame?: string;
  up?: string;
  parents: number[];
  eventEnds: number[];
  plates: string[];
}

/** What a file of our own says beside the standard; undefined for files of others. */
export function ownFacts(document: C3dDocument): OwnFacts | undefined {
  const find = (name: string) => findParameter(document, GROUP, name);
  if (!find('TIME')) return undefined;
  const [startS, rateHz, analogRateHz] = textsOf(find('TIME')).map(finite);
  const [frames, samples] = textsOf(find('COUNTS')).map(finite);
  const [pointsKind, frame, up] = textsOf(find('POINTS'));
  return {
    startS,
    // what a damaged file says is not believed against the standard's own field
    rateHz: near(rateHz, document.header.rateHz),
    analogRateHz,
    uneven: textsOf(find('UNEVEN'))[0] === 'yes',
    frames,
    samples,
    channels: allTextsOf(document, GROUP, 'CHANNELS').map(channelOf),
    pointsKind,
    frame,
    up,
    parents: parentsOf(document),
    eventEnds: allNumbersOf(document, GROUP, 'EVENT_ENDS'),
    plates: textsOf(find('PLATES')),
  };
}

function finite(text: string): number | undefined {
  const value = Number(text);
  return text !== '' && Number.isFinite(value) ? value : undefined;
}

function near(exact: number | undefined, single: number): number | undefined {
  return exact !== undefined && Math.abs(exact - single) <= 1e-6 * Math.abs(single) ? exact : undefined;
}

function channelOf(text: string): Partial<SignalChannel> & { kind?: ArtifactKind } {
  try {
    const value: unknown = JSON.parse(text || '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

function parentsOf(document: C3dDocument): number[] {
  const parents = numbersOf(findParameter(document, GROUP, 'PARENTS'));
  for (let next = 2; countOf(findParameter(document, GROUP, `PARENTS${next}`)) !== undefined; next++)
    parents.push(...numbersOf(findParameter(document, GROUP, `PARENTS${next}`)));
  return parents;
}
