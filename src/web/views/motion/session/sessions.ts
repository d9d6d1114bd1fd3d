/** Which recordings of a twin are looked at together: those whose clocks hang together, each with its way to the session's clock. */

import type { WireArtifact } from '../../../../contract/index.ts';
import { type ClockMap, mapTimeS } from '../../../../model/index.ts';
import type { MotionSession, TimeWindow } from '../../../kit/motion.ts';

/** True for kinds that have a clock of their own. */
export function isMoving(kind: string): boolean {
  return kind.startsWith('signal.') || kind.startsWith('sequence.') || kind === 'events';
}

export function clockOf(artifact: WireArtifact): string {
  return String(artifact.summary.clock ?? artifact.acquisition ?? artifact.id);
}

/**
 * The way from a clock to the reference of its session; undefined where the clock is the reference, or no map knows it. A map that
 * nothing supports joins nothing, until somebody sets it by hand.
 */
export function mapTo(clock: string, maps: readonly ClockMap[] | undefined): ClockMap | undefined {
  return maps?.find(({ from, method, nudgeS }) => from === clock && (method !== 'assumed' || nudgeS !== undefined));
}

/**
 * What recordings of a session are called together: the words all begin with, then what sets each apart.
 * @example titleOf(['bend after camera', 'bend after electrodes']) // 'bend after · camera, electrodes'
 */
export function titleOf(names: readonly string[]): string {
  const words = names.map((name) => name.split(/[\s_]+/));
  const shortest = Math.min(...words.map(({ length }) => length));
  let shared = 0;
  while (shared < shortest - 1 && words.every((own) => own[shared] === words[0][shared])) shared++;
  if (names.length < 2 || shared === 0) return names.join(' + ');
  return `${words[0].slice(0, shared).join(' ')} · ${words.map((own) => own.slice(shared).join(' ')).join(', ')}`;
}

/** Groups of recordings, newest first. */
export function sessionsOf(artifacts: readonly WireArtifact[], maps: readonly ClockMap[] | undefined): MotionSession[] {
  const groups = new Map<string, WireArtifact[]>();
  for (const artifact of artifacts) {
    if (!isMoving(artifact.kind)) continue;
    const clock = clockOf(artifact);
    const key = mapTo(clock, maps)?.to ?? clock;
    groups.set(key, [...(groups.get(key) ?? []), artifact]);
  }
  return [...groups]
    .map(([id, members]): MotionSession => {
      const names = [...new Set(members.map(clockOf))];
      return { id, title: titleOf(names), clocks: names, artifacts: members };
    })
    .filter((session) => session.artifacts.some(({ kind }) => kind !== 'events'))
    .reverse();
}

/** From the first to the last sample of a session, on its clock · s */
export function extentOf(session: MotionSession, maps: readonly ClockMap[] | undefined): TimeWindow {
  let [start, end] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const artifact of session.artifacts) {
    const { startS, endS } = artifact.summary;
    if (typeof startS !== 'number' || typeof endS !== 'number') continue;
    const map = mapTo(clockOf(artifact), maps);
    start = Math.min(start, map ? mapTimeS(map, startS) : startS);
    end = Math.max(end, map ? mapTimeS(map, endS) : endS);
  }
  return start < end ? [start, end] : [Number.isFinite(start) ? start : 0, (Number.isFinite(start) ? start : 0) + 1];
}

/** Movements first, then muscles, then what sensors say of themselves. */
export function phaseRank(label: string): 0 | 1 | 2 {
  if (/^(rest|magnetic)/i.test(label)) return 2;
  return /^burst/i.test(label) ? 1 : 0;
}

/** The events that a row above the lanes has room for: movements, or muscles, or whatever there is. */
export function tellingEvents<T extends { label: string }>(events: readonly T[]): readonly T[] {
  const best = Math.min(...events.map(({ label }) => phaseRank(label)));
  return events.filter(({ label }) => phaseRank(label) === best);
}
