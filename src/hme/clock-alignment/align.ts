/** From the cues of all clocks to a map of each to the reference, over other clocks where that is better. O(clocks² · comparison). */

import { type ClockMap, type ClockMethod, type Clocks, MsdtError, type QualityFlag } from '../../model/index.ts';
import { type ClockFit, correlateClocks, isMoreThanChance, isTooShortToTell } from './correlate.ts';
import type { ClockCues } from './cues.ts';
import { matchMarks } from './marks.ts';

/** How clocks are compared. */
export interface AlignOptions {
  /** name of the reference clock; the longest recording where empty */
  reference: string;
  method: 'auto' | 'trigger' | 'event' | 'correlation';
  maxOffsetS: number;
  drift: boolean;
  /** what a person adds to the offset of a clock · s */
  nudgesS: ReadonlyMap<string, number>;
}

interface Comparison extends ClockFit {
  method: ClockMethod;
}

/**
 * Aligns clocks.
 * @throws MsdtError `parameter.invalid` a reference or nudge names no clock · `input.missing` fewer than two clocks
 */
export function alignClocks(
  cues: readonly ClockCues[],
  options: AlignOptions,
): { clocks: Clocks; quality: QualityFlag[] } {
  const names = cues.map(({ clock }) => clock);
  if (cues.length === 0) {
    throw new MsdtError('input.missing', 'There is no recording, so there is no clock to align', {
      hint: 'Give recordings of at least two devices.',
    });
  }
  for (const name of [options.reference, ...options.nudgesS.keys()].filter(
    (text) => text !== '' && !names.includes(text),
  )) {
    throw new MsdtError('parameter.invalid', `There is no clock "${name}"`, {
      detail: `clocks: ${names.join(', ')}`,
      hint: 'Use one of these names.',
    });
  }
  const reference = options.reference || longest(cues).clock;
  const done = new Map<string, ClockMap | undefined>([[reference, undefined]]);
  const quality: QualityFlag[] = [];
  if (options.nudgesS.get(reference)) {
    quality.push({
      code: 'clock.nudged-reference',
      severity: 'doubt',
      where: reference,
      message: `${reference} is the reference; a nudge of it has no effect. Nudge the other clocks, or choose another reference.`,
    });
  }
  const compared = new Map<string, Comparison | undefined>();
  const rejected = new Map<string, string>();
  while (done.size < cues.length) {
    let best: { to: ClockCues; from: ClockCues; fit: Comparison } | undefined;
    for (const to of cues.filter(({ clock }) => done.has(clock)))
      for (const from of cues.filter(({ clock }) => !done.has(clock))) {
        const key = `${to.clock}\n${from.clock}`;
        if (!compared.has(key))
          compared.set(key, compare(to, from, { ...options, alone: cues.length === 2 }, rejected));
        const fit = compared.get(key);
        // a detour pays only when it is clearly better
        const worth = fit && fit.quality * (to.clock === reference ? 1 : 0.8);
        if (fit && worth !== undefined && (!best || worth > best.fit.quality * (best.to.clock === reference ? 1 : 0.8)))
          best = { to, from, fit };
      }
    if (!best || best.fit.quality < 0.02) break;
    done.set(best.from.clock, mapOf(best.from.clock, reference, best.fit, done.get(best.to.clock)));
    quality.push(...doubtsOf(best.from.clock, best.fit));
  }
  const maps = cues
    .filter(({ clock }) => clock !== reference)
    .map(({ clock }) =>
      nudged(done.get(clock) ?? assumed(clock, reference, rejected.get(clock), quality), options.nudgesS.get(clock)),
    );
  return { clocks: { reference, maps }, quality };
}

/** The longest of the clocks that have anything to be found by; of all where none has. */
function longest(all: readonly ClockCues[]): ClockCues {
  const length = ({ fromS, toS }: ClockCues) => (toS > fromS ? toS - fromS : 0);
  const telling = all.filter(({ triggers, events, motion }) => triggers.length + events.length + motion.length > 0);
  const cues = telling.length > 0 ? telling : all;
  return cues.reduce((best, one) => (length(one) > length(best) + 1e-9 ? one : best));
}

/** Best fit of two clocks; where motion is alike by chance alone, none, and why is noted for `b`. */
function compare(
  a: ClockCues,
  b: ClockCues,
  { method, maxOffsetS, drift, alone }: AlignOptions & { alone: boolean },
  rejected: Map<string, string>,
): Comparison | undefined {
  const wanted = (name: AlignOptions['method']) => method === 'auto' || method === name;
  const found: Comparison[] = [];
  if (wanted('trigger'))
    for (const one of a.triggers)
      for (const two of b.triggers) {
        const marks = ({ timesS }: { timesS: number[] }) => timesS.map((timeS) => ({ timeS }));
        const fit = matchMarks(marks(one), marks(two), [one.stepS, two.stepS], maxOffsetS);
        if (fit)
          found.push({
            ...fit,
            method: 'trigger',
            basis: `${fit.matched} edges of ${one.name} and ${two.name}${fit.basis}`,
          });
      }
  if (wanted('event') && found.length === 0) {
    const fit = matchMarks(a.events, b.events, [0, 0], maxOffsetS);
    if (fit)
      found.push({
        ...fit,
        quality: 0.9 * fit.quality,
        method: 'event',
        basis: `${fit.matched} events of the same name${fit.basis}`,
      });
  }
  if (wanted('correlation') && !found.some(({ quality }) => quality > 0.6)) {
    const fit = correlateClocks(a, b, { maxOffsetS, drift });
    const doubted = fit && !isMoreThanChance(fit);
    // whoever asks for correlation by name, or gives two short recordings alone, says that they belong together
    const believed = method !== 'auto' || (alone && fit !== undefined && isTooShortToTell(fit));
    if (fit && doubted && !believed) rejected.set(b.clock, chanceWords(a.clock, fit));
    else if (fit)
      found.push({
        ...fit,
        ...(doubted ? { doubts: [...fit.doubts, `it may be chance: ${chanceWords(a.clock, fit)}`] } : {}),
        method: 'correlation',
      });
  }
  return found.sort((p, q) => q.quality - p.quality)[0];
}

/** Map of a clock to the reference, by way of another where that one has a map itself. */
function mapOf(from: string, to: string, fit: Comparison, over: ClockMap | undefined): ClockMap {
  const { offsetS, offsetSdS, driftPpm, driftSdPpm, method, quality, basis } = fit;
  const direct: ClockMap = {
    from,
    to,
    offsetS,
    ...(offsetSdS === undefined ? {} : { offsetSdS }),
    driftPpm,
    ...(driftSdPpm === undefined ? {} : { driftSdPpm }),
    method,
    quality,
    basis,
  };
  if (!over) return direct;
  const rate = 1 + over.driftPpm * 1e-6;
  const sum = (a?: number, b?: number) => (a === undefined || b === undefined ? undefined : Math.hypot(a, b));
  const [offsetSd, driftSd] = [sum(offsetSdS, over.offsetSdS), sum(driftSdPpm, over.driftSdPpm)];
  return {
    from,
    to,
    offsetS: offsetS * rate + over.offsetS,
    ...(offsetSd === undefined ? {} : { offsetSdS: offsetSd }),
    driftPpm: ((1 + driftPpm * 1e-6) * rate - 1) * 1e6,
    ...(driftSd === undefined ? {} : { driftSdPpm: driftSd }),
    method,
    quality: quality * over.quality,
    basis: `${basis}; by way of ${over.from}`,
  };
}

/** Why a likeness is not believed. */
function chanceWords(other: string, { likeness, offsetSdS }: ClockFit): string {
  const { correlation = 0, chance = 1 } = likeness ?? {};
  const alike = `correlation ${correlation.toFixed(2)} with ${other}`;
  if (correlation <= chance) return `${alike}, where unrelated recordings reach ${chance.toFixed(2)}`;
  return offsetSdS === undefined
    ? `${alike}, too short to tell whether its parts agree`
    : `${alike}, but its parts differ by ${(1000 * offsetSdS).toFixed(0)} ms`;
}

function assumed(from: string, to: string, chance: string | undefined, quality: QualityFlag[]): ClockMap {
  quality.push(
    chance
      ? {
          code: 'clock.unrelated',
          severity: 'info',
          where: from,
          message: `${from} is not joined with another clock: ${chance}. If they were recorded together, align by correlation or set the nudge by hand.`,
        }
      : {
          code: 'clock.assumed',
          severity: 'doubt',
          where: from,
          message: `Nothing in ${from} can be compared with another clock; both are taken to start together. Set its nudge by hand.`,
        },
  );
  const basis = chance ? `no more alike than by chance: ${chance}` : 'nothing to compare';
  return { from, to, offsetS: 0, driftPpm: 0, method: 'assumed', quality: 0, basis };
}

function nudged(map: ClockMap, nudgeS: number | undefined): ClockMap {
  if (!nudgeS) return map;
  return {
    ...map,
    offsetS: map.offsetS + nudgeS,
    nudgeS,
    method: map.method === 'assumed' ? 'hand' : map.method,
    basis: `${map.basis}; nudged by ${(1000 * nudgeS).toFixed(1)} ms by hand`,
  };
}

function doubtsOf(clock: string, { doubts, quality }: Comparison): QualityFlag[] {
  const flags: QualityFlag[] = doubts.map((doubt) => ({
    code: 'clock.doubt',
    severity: 'info',
    where: clock,
    message: `${clock}: ${doubt}.`,
  }));
  if (quality < 0.35)
    flags.push({
      code: 'clock.weak',
      severity: 'doubt',
      where: clock,
      message: `${clock} fits the other clocks only weakly (quality ${quality.toFixed(2)}). Look at both on one time line and nudge it if needed.`,
    });
  return flags;
}

/**
 * Nudges as a person or the bench writes them.
 * @throws MsdtError `parameter.invalid` not a list of clock=seconds
 * @example [...parseNudges('imu=0.012; video=-0.03')] // [['imu', 0.012], ['video', -0.03]]
 */
export function parseNudges(text: string): Map<string, number> {
  const nudges = new Map<string, number>();
  for (const part of text.split(/[;\n]/).map((piece) => piece.trim())) {
    if (part === '') continue;
    const at = part.lastIndexOf('=');
    const seconds = at > 0 ? Number(part.slice(at + 1).trim() || Number.NaN) : Number.NaN;
    if (!Number.isFinite(seconds)) {
      throw new MsdtError('parameter.invalid', 'The nudges cannot be read', {
        where: { place: part },
        detail: 'expected clock=seconds',
        hint: 'Write e.g. "imu=0.012; video=-0.03".',
      });
    }
    nudges.set(part.slice(0, at).trim(), seconds);
  }
  return nudges;
}
