/** Features of two channels: sides, levels, opponents. */

import type { FeatureDraft } from '../../../model/index.ts';
import type { MeasuredChannel, Stretch } from '../measure/channel.ts';
import { asymmetryOf, coContraction, type Measured, type Pair, pairsOf, ratioOf } from '../measure/compare.ts';
import { draftOf, spread, type Telling, type Told } from './draft.ts';

/** A channel over a stretch. */
export interface PairMember {
  channel: MeasuredChannel;
  stretch: Stretch;
  /** RMS of its reference contraction */
  reference?: number;
}

/** What the comparisons of one stretch share. */
export interface PairTelling extends Telling {
  startS: number;
  timeS: [from: number, to: number];
  window?: string;
}

const BOTH = 'Doubt of both amplitudes, independent';

/** Compares every pair of channels that says something. */
export function tellPairs(members: readonly PairMember[], about: PairTelling): FeatureDraft[] {
  return pairsOf(members.map(({ channel }) => channel.place)).flatMap((pair) => tellPair(members, pair, about));
}

function tellPair(members: readonly PairMember[], { kind, first, second }: Pair, about: PairTelling): FeatureDraft[] {
  const [a, b] = [members[first], members[second]];
  const { site, level, side } = a.channel.place;
  const amplitude = ({ stretch }: PairMember): Measured => ({ value: stretch.rms, sd: stretch.rms * stretch.doubt });
  const told = (id: string, place: Told['place'], { value, sd }: Measured, method: string): FeatureDraft =>
    draftOf(
      {
        id,
        place,
        value,
        uncertainty: spread(value, sd, BOTH),
        method,
        channels: [a.channel.name, b.channel.name],
        timeS: about.timeS,
        ...(about.window ? { window: about.window } : {}),
        quality: Math.min(a.channel.trust, b.channel.trust),
      },
      about,
    );
  if (kind === 'levels') {
    const place = { site, level: 'L2-L4', ...(side ? { side } : {}) };
    return [told('levelRatio', place, ratioOf(amplitude(a), amplitude(b)), 'RMS at L2 over RMS at L4')];
  }
  const together = contractionOf(a, b, about);
  if (kind === 'opponents') {
    const place = { site: `${site}-${b.channel.place.site}`, ...(side ? { side } : {}) };
    return [told('coContraction', place, together.measured, together.method)];
  }
  const place = { site, ...(level ? { level } : {}) };
  return [
    told('asymmetry', place, asymmetryOf(amplitude(a), amplitude(b)), 'RMS right against left'),
    told('coContraction', place, together.measured, together.method),
  ];
}

function contractionOf(a: PairMember, b: PairMember, about: PairTelling): { measured: Measured; method: string } {
  const both = a.reference !== undefined && b.reference !== undefined;
  const shares = [a, b].map(({ channel, reference }) => {
    const { absolute, amplitudeRateHz } = channel.course;
    const from = Math.round((about.timeS[0] - about.startS) * amplitudeRateHz);
    const part = absolute.slice(Math.max(0, from), Math.round((about.timeS[1] - about.startS) * amplitudeRateHz));
    const sorted = absolute.filter(Number.isFinite).sort();
    const own = sorted[Math.floor(0.95 * (sorted.length - 1))] ?? Number.NaN;
    return part.map((v) => v / (both ? (reference as number) : own));
  });
  const value = coContraction(shares[0], shares[1]);
  const sd = value * Math.hypot(a.stretch.doubt, b.stretch.doubt);
  const to = both ? 'reference contraction' : 'own loudest 5 %';
  return { measured: { value, sd }, method: `Mean absolute values of 250 ms, each over its ${to}` };
}
