/** Gives the artifacts of a file of our own back what C3D has no place for. */

import {
  ARTIFACT_KINDS,
  type ArtifactDraft,
  type ArtifactKind,
  AXIS_DIRECTIONS,
  type EventList,
  type ForcePlate,
  type PointSequence,
  type SignalChannel,
  type Signals,
} from '../../model/index.ts';
import { PLATE_UNITS, TIME_CHANNEL } from './encode.ts';
import type { OwnFacts } from './own.ts';

/**
 * Artifacts as they were before they were written: kinds of channels, exact rates and starts, uneven time, skeletons.
 * @param drafts - what the standard's own fields say
 * @param channels - all analog channels, in the order of the file
 */
export function restored(
  drafts: readonly ArtifactDraft[],
  facts: OwnFacts,
  channels: readonly SignalChannel[],
): ArtifactDraft[] {
  const signals = drafts.filter(({ kind }) => kind.startsWith('signal.')).map(({ payload }) => payload as Signals);
  const stretch = timeOffsets(signals);
  const points = pointsOf(drafts, facts, stretch);
  const events = drafts.find(({ kind }) => kind === 'events');
  return [
    ...(points ? [points] : []),
    ...signalsOf(signals, channels, facts, stretch),
    ...(events ? [{ ...events, payload: withEnds(events.payload as EventList, facts.eventEnds) }] : []),
  ];
}

function timeOffsets(signals: readonly Signals[]): Float32Array | Float64Array | undefined {
  for (const { channels } of signals) {
    const found = channels.find(({ name }) => name === TIME_CHANNEL);
    if (found) return found.values;
  }
  return undefined;
}

function timesOf(count: number, startS: number, rateHz: number, offsets: ArrayLike<number> | undefined) {
  if (!offsets || offsets.length < count) return {};
  return { timeS: Float64Array.from({ length: count }, (_, at) => startS + at / rateHz + offsets[at]) };
}

function pointsOf(drafts: readonly ArtifactDraft[], facts: OwnFacts, offsets: ArrayLike<number> | undefined) {
  const draft = drafts.find(({ kind }) => kind === 'sequence.markers');
  if (!draft) return undefined;
  const read = draft.payload as PointSequence;
  const count = read.names.length;
  const stored = read.positions.length / 3 / Math.max(1, count);
  const frames = Math.min(stored, facts.frames ?? stored);
  const startS = facts.startS ?? read.startS;
  const rateHz = facts.rateHz ?? read.rateHz;
  const axis = AXIS_DIRECTIONS.find((direction) => direction === facts.up);
  const up = axis ? { up: axis } : {};
  const camera = facts.frame === 'camera' || facts.frame === 'earth' ? facts.frame : read.frame;
  const sequence: PointSequence = {
    ...read,
    startS,
    rateHz,
    frame: camera,
    ...up,
    positions: read.positions.slice(0, 3 * count * frames),
    ...(facts.uneven && timesOf(frames, startS, rateHz, offsets)),
  };
  if (facts.pointsKind !== 'sequence.skeleton') return { ...draft, payload: sequence } as ArtifactDraft;
  const turned = drafts.find(({ kind }) => kind === 'sequence.skeleton')?.payload as PointSequence | undefined;
  const sound = facts.parents.length === count && facts.parents.every((parent) => parent >= -1 && parent < count);
  const skeleton: PointSequence = {
    ...sequence,
    ...(sound && { parents: facts.parents }),
    ...(turned?.names.length === count && { orientations: turned.orientations?.slice(0, 4 * count * frames) }),
  };
  return { kind: 'sequence.skeleton', payload: skeleton, name: 'Skeleton' } as ArtifactDraft;
}

function signalsOf(
  signals: readonly Signals[],
  channels: readonly SignalChannel[],
  facts: OwnFacts,
  offsets: ArrayLike<number> | undefined,
): ArtifactDraft[] {
  const plates = signals.flatMap((one) => one.plates ?? []);
  const byKind = new Map<ArtifactKind, SignalChannel[]>();
  channels.forEach((channel, at) => {
    if (channel.name === TIME_CHANNEL) return;
    const { kind, ...about } = facts.channels[at] ?? {};
    const known = ARTIFACT_KINDS.find((one) => one === kind && one.startsWith('signal.')) ?? 'signal.other';
    const { name, unit, quantity } = channel;
    const factor = about.unit && PLATE_UNITS[about.unit] === unit ? 1e-3 : 1;
    const stored = facts.samples ? channel.values.subarray(0, facts.samples) : channel.values;
    const values = factor === 1 ? stored : stored.map((value) => value * factor);
    const list = byKind.get(known) ?? [];
    list.push(Object.keys(about).length ? { unit, quantity, ...about, name, values } : { ...channel, values });
    byKind.set(known, list);
  });
  const [first] = signals;
  return [...byKind].map(([kind, list]) => {
    const startS = facts.startS ?? first.startS;
    const rateHz = facts.analogRateHz ?? first.rateHz;
    const own: ForcePlate[] = plates.map((plate, at) => ({ ...plate, id: facts.plates[at] ?? plate.id }));
    const payload: Signals = {
      clock: first.clock,
      startS,
      rateHz,
      channels: list,
      ...(kind === 'signal.force' && own.length > 0 && { plates: own }),
      ...(facts.uneven && timesOf(list[0].values.length, startS, rateHz, offsets)),
    };
    return { kind, payload, name: 'Signals' } as ArtifactDraft;
  });
}

function withEnds(list: EventList, ends: readonly number[]): EventList {
  return {
    ...list,
    events: list.events.map((event, at) => (Number.isFinite(ends[at]) ? { ...event, endS: ends[at] } : event)),
  };
}
